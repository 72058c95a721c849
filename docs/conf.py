"""The site: lessons, solutions, instructor's guide and the API of `helpers`. See `make site`.

Sphinx reads from the project's folder, so that links between files are the same on the site, in
JupyterLab and in a repository. Nothing is fetched, neither while building nor by an open page.
"""

import importlib
import logging
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

project = "Multi-label classification with deep learning"
author = "the authors of the workshop"
language = "en"
extensions = [
    "myst_nb",
    "numpydoc",
    "lesson_cards",  # beside this file, as the next
    "site_links",
    "sphinx-mathjax-offline",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
]

root_doc = "docs/index"
# Your own notebooks, copies of lessons and files that lessons write are no part of the site.
LESSONS = "notebooks/[0-9][0-9]_*.ipynb"
include_patterns = ["README.md", "docs/**", LESSONS, "notebooks/solutions/*_solutions.ipynb"]
exclude_patterns = ["**/.ipynb_checkpoints", "notebooks/*-Copy*.ipynb"]
# A lesson may say something small, with a small heading, before its first section.
suppress_warnings = ["myst.header"]
nitpicky = True
# What docstrings call by their types: no other project's pages are asked for them.
nitpick_ignore = [
    ("py:class", "callable"),
    ("py:class", "keras.src.models.model.Model"),
    ("py:class", "numpy.ndarray"),
    ("py:class", "pandas.DataFrame"),
]

# Notebooks are shown as they were run and committed.
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
# scikit-learn adds these to every estimator.
autodoc_default_options = {
    "exclude-members": ", ".join(f"set_{step}_request" for step in ["fit", "score", "transform"])
}
autosummary_generate = False
default_role = "literal"
numpydoc_show_class_members = False

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_favicon = "_static/icon.svg"
html_context = {"default_mode": "light"}
html_css_files = ["site.css"]
html_js_files = ["site.js"]
templates_path = ["_templates"]
html_additional_pages = {"index": "to_home.html"}
html_copy_source = True  # the notebooks, to download
html_sourcelink_suffix = ""
html_show_copyright = False
html_theme_options = {
    "home_page_in_toc": True,
    "navbar_persistent": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "show_toc_level": 2,
    "use_fullscreen_button": False,
}


def setup(app):
    """Import TensorFlow without its messages, and let a menu wait for pages to be written."""
    importlib.import_module("helpers.quiet")
    logging.getLogger("sphinx.sphinx.directives.other").addFilter(
        lambda record: getattr(record, "subtype", None) != "empty_glob"
    )
