"""Everything that is to be read has its place on the site; building it is left to `make site`."""

import pkgutil
import re
import runpy
import sys
from fnmatch import fnmatch
from importlib.util import find_spec

import pytest
import yaml
from notebook_form import ROOT, lessons

import helpers

DOCS = ROOT / "docs"


@pytest.fixture
def settings(monkeypatch):
    """Return what the site's configuration sets."""
    monkeypatch.setattr(sys, "path", list(sys.path))  # the configuration adds to it
    return runpy.run_path(str(DOCS / "conf.py"))


@pytest.fixture
def site_links(settings):
    """Return the module that turns links into links of the site."""
    return runpy.run_path(str(DOCS / "site_links.py"))


def entries(page):
    """Return the lines of the menus of a page: files, or patterns of files."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        menus = re.findall(r"```\{toctree\}\n(.*?)```", text, re.DOTALL)
    else:
        menus = re.findall(r"\.\. toctree::\n((?:   .*\n|\n)+)", text)
    lines = [line.strip() for menu in menus for line in menu.splitlines()]
    lines = [line for line in lines if line and not line.startswith(":")]
    return [re.sub(r"^.* <(.*)>$", r"\1", line) for line in lines]


def test_configuration_names_what_there_is_and_runs_no_notebook(settings):
    assert all(find_spec(name) for name in settings["extensions"])
    assert "sphinx-mathjax-offline" in settings["extensions"]
    files = [*settings["html_css_files"], *settings["html_js_files"]]
    assert all((DOCS / "_static" / name).is_file() for name in files)
    assert (DOCS / settings["html_favicon"]).is_file()
    assert (ROOT / f"{settings['root_doc']}.md").is_file()
    assert settings["nb_execution_mode"] == "off"


def test_each_lesson_solution_and_page_is_in_a_menu():
    patterns = [(DOCS / entry).resolve().with_suffix("") for entry in entries(DOCS / "index.md")]
    pages = [*lessons(), *(ROOT / "notebooks" / "solutions").glob("*.ipynb"), ROOT / "README.md"]
    pages += [page for page in DOCS.glob("*.md") if page.name != "index.md"]
    for page in pages:
        path = page.with_suffix("")
        found = [p for p in patterns if p.parent == path.parent and fnmatch(path.name, p.name)]
        assert len(found) == 1, f"{page.relative_to(ROOT)} is in {len(found)} menus"


def test_each_lesson_is_shown_once_with_its_answer_and_its_picture(settings):
    cards = runpy.run_path(str(DOCS / "lesson_cards.py"))
    pages = "".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("part_*.md")))
    shown = " ".join(re.findall(r"{lesson-cards} ([\d ]+)", pages)).split()
    assert sorted(shown) == [path.name[:2] for path in lessons()]
    for path in lessons():
        title, text, picture = cards["card"](path).strip().split("\n\n")
        assert re.fullmatch(r"\*\*.+\?\*\* .{20,}[.:]", text.replace("\n", " ")), (title, text)
        assert re.match(r"!\[.+\]\(data:image/png;base64,iVBOR", picture), title


def test_each_module_of_helpers_is_documented_once():
    pages = {page.stem: page for page in (DOCS / "api").glob("*.rst")}
    assert set(entries(pages["index"])) == set(pages) - {"index"}
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages.values())
    documented = re.findall(r"^\.\. automodule:: (\S+)", text, re.MULTILINE)
    # A wing has one face, its own `__init__`; what has an underscore is nobody's to import.
    names = [module.name for module in pkgutil.iter_modules(helpers.__path__)]
    public = {f"helpers.{name}" for name in names if name == "__main__" or name[0] != "_"}
    assert sorted(documented) == sorted({"helpers", *public}), "add it to a page in docs/api"


@pytest.mark.parametrize(
    ("anchor", "slug"),
    [
        ("6.-When-something-goes-wrong", "6-when-something-goes-wrong"),
        ("11.-Many-labels:-deal-them-out", "11-many-labels-deal-them-out"),
        ("two-commands", "two-commands"),
    ],
)
def test_anchors_are_named_as_the_site_names_them(site_links, anchor, slug):
    assert site_links["slug"](anchor) == slug


def test_workflow_uses_official_actions_and_the_makefile():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8"))
    steps = workflow["jobs"]["publish"]["steps"]
    assert all(step["uses"].startswith("actions/") for step in steps if "uses" in step)
    assert [step["run"] for step in steps if "run" in step] == ["make site"]
    assert {"path": "build/site"} in [step.get("with") for step in steps]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "docs" in makefile and " build/site" in makefile
