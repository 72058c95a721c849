"""Make a deck of slides from each core lesson, out of the notebook's own cells.

Usage: python tools/slides.py [NOTEBOOK ...]      (none given: lessons 01 to 04)

A deck goes to build/slides, opens without a network, and is shown by reveal.js (S: speaker view).
Code, figures and tables go on slides. Of prose, a slide shows the heading and key sentences; all of
it is in the speaker notes, with the minutes that it takes. `slideshow.slide_type` in a cell's
metadata says where the cell goes, as in JupyterLab; cells without it get a place by what they are.
"""

import base64
import html
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbconvert.filters import Highlight2HTML, markdown2html
from pygments.formatters import HtmlFormatter
from slide_cells import key_text, places, split_at_headings

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "tools" / "slide_parts"  # page, style and script that all decks share
BUILD = ROOT / "build" / "slides"
WORDS_PER_MINUTE = 120  # spoken
LOOK = 0.5  # minutes to look at code, a table or a figure


def to_html(markdown, folder):
    """Render markdown; pictures are put into the page, links become plain text."""
    markdown = re.sub(r"</?(?:details|summary)[^>]*>", "", markdown)
    markdown = re.sub(r"(?<!!)\[([^\]\n]*)\]\([^)\s]*\)", r"\1", markdown)
    page = re.sub(r'<a class="anchor-link".*?</a>', "", markdown2html(markdown))

    def embed(match):
        path = folder / match.group(1)
        return f'src="data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"'

    return re.sub(r'src="([^":]+\.png)"', embed, page)


def show_code(cell):
    """Render a code cell with its outputs."""
    hidden = "hide-input" in cell.metadata.get("tags", [])
    shown = [] if hidden else [Highlight2HTML(pygments_lexer="python")(cell.source)]
    alt = html.escape(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""))
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            picture = data["image/png"].replace("\n", "")
            shown.append(f'<img alt="{alt}" src="data:image/png;base64,{picture}">')
        elif "text/html" in data:
            shown.append(f'<div class="output">{data["text/html"]}</div>')
        else:
            text = output.get("text") or data.get("text/plain") or ""
            shown.append(f"<pre>{html.escape(text.rstrip())}</pre>" if text else "")
    return "\n".join(shown)


def minutes_of(cell):
    """Return how long a cell takes: an exercise says so itself, other prose is spoken."""
    if cell.cell_type == "code":
        return LOOK
    stated = re.match(r"### .*\((\d+) min", cell.source)
    return int(stated.group(1)) if stated else len(cell.source.split()) / WORDS_PER_MINUTE


def collect(nb, folder):
    """Return the slides in order: dicts of what each shows, its notes and its minutes."""
    cells = split_at_headings(nb.cells)
    slides, section = [], ""
    for cell, place, after in zip(cells, places(cells), [*cells[1:], None], strict=True):
        if place == "skip":
            continue
        is_prose = cell.cell_type == "markdown"
        heading = re.match(r"##? (.+)", cell.source) if is_prose else None
        section = heading.group(1) if heading else section
        if place in ("slide", "subslide") or not slides:
            below = place == "subslide" and bool(slides)
            above = "" if heading else section
            slides.append(
                {"below": below, "section": above, "shown": [], "notes": [], "minutes": 0}
            )
        slide = slides[-1]
        slide["minutes"] += minutes_of(cell)
        shown = to_html(key_text(cell, after), folder) if is_prose else show_code(cell)
        if place == "fragment":
            shown = f'<div class="fragment">{shown}</div>'
        slide["shown"] += [] if place == "notes" else [shown]
        slide["notes"] += [to_html(cell.source, folder)] if is_prose else []
    return slides


def deck(nb, folder):
    """Return the page of a deck, and the minutes that it takes."""
    slides, parts, spent = collect(nb, folder), [], 0.0
    total = sum(slide["minutes"] for slide in slides)
    for number, slide in enumerate(slides):
        spent += slide["minutes"]
        section = f'<p class="section">{html.escape(slide["section"])}</p>'
        timing = f"<p>{slide['minutes']:.1f} minutes; {spent:.0f} of {total:.0f} are then over.</p>"
        parts.append("" if slide["below"] else ("</section>" if number else "") + "<section>")
        parts.append(f'<section data-timing="{60 * slide["minutes"]:.0f}">')
        parts += [section if slide["section"] else "", *slide["shown"]]
        if not number:
            parts.append(f'<p class="section">About {total:.0f} minutes</p>')
        parts.append(f'<aside class="notes">{timing}{"".join(slide["notes"])}</aside></section>')
    title = re.match("# (.*)", nb.cells[0].source)
    page = (PARTS / "page.html").read_text(encoding="utf-8")
    page = page.replace("TITLE", html.escape(title.group(1) if title else "Slides"))
    return page.replace("SLIDES", "\n".join([*parts, "</section>"])), total


def copy_parts(build):
    """Put what all decks share beside them: reveal.js, MathJax, style and script."""
    reveal = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
    mathjax = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
    for name in [
        "LICENSE",
        "dist/reset.css",
        "dist/reveal.css",
        "dist/reveal.js",
        "plugin/notes/notes.js",
    ]:
        (build / "reveal" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(reveal / name, build / "reveal" / name)
    for path in [mathjax / "tex-svg.js", PARTS / "slides.js"]:
        shutil.copyfile(path, build / path.name)
    colors = HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    style = (PARTS / "slides.css").read_text(encoding="utf-8")
    (build / "slides.css").write_text(f"{style}\n{colors}\n", encoding="utf-8")


def main(arguments, build=BUILD):
    """Make the decks of the notebooks named, or of the core lessons."""
    core = sorted((ROOT / "notebooks").glob("0[1-4]_*.ipynb"))
    copy_parts(build)
    for path in [Path(name) for name in arguments] or core:
        page, total = deck(nbformat.read(path, as_version=4), path.parent)
        target = build / f"{path.stem}.html"
        target.write_text(page, encoding="utf-8")
        shown = target.relative_to(ROOT) if target.is_relative_to(ROOT) else target
        print(f"{shown}: {page.count('<aside')} slides, about {total:.0f} minutes")


if __name__ == "__main__":
    main(sys.argv[1:])
