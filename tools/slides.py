"""Make a deck of slides from each lesson that is taught, out of the notebook's own cells.

Usage: python tools/slides.py [NOTEBOOK ...]   (none given: what the guide's schedules name)

A deck goes to build/slides, opens without a network, and is shown by reveal.js (S: speaker view).
It holds the sections and exercises that a schedule of the guide names. A slide shows code, or the
figure or table that it makes, and one sentence; all of the prose is in the speaker notes, with the
minutes. `slideshow.slide_type` in a cell's metadata says where the cell goes, as in JupyterLab;
cells without it get a place by what they are.
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
from teaching_times import (
    OWN_MINUTES,
    WORDS_A_MINUTE,
    lessons,
    minutes_of_code,
    sections,
    taught,
    words,
)

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "tools" / "slide_parts"  # page, style and script that all decks share
BUILD = ROOT / "build" / "slides"
A_CELL = 0.1  # minutes that a code cell takes to run, in a notebook that README's map hasn't


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
    """Render a code cell with its outputs, and separately the code if a figure stands for it."""
    tags = cell.metadata.get("tags", [])
    code = "" if "hide-input" in tags else Highlight2HTML(pygments_lexer="python")(cell.source)
    alt = html.escape(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""))
    shown, figure = [], False
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            figure = True
            picture = data["image/png"].replace("\n", "")
            shown.append(f'<img alt="{alt}" src="data:image/png;base64,{picture}">')
        elif "text/html" in data:
            shown.append(f'<div class="output">{data["text/html"]}</div>')
        else:
            text = output.get("text") or data.get("text/plain") or ""
            shown.append(f"<pre>{html.escape(text.rstrip())}</pre>" if text else "")
    return "\n".join(shown if figure else [code, *shown]), code if figure else ""


def what_a_deck_holds(nb, number):
    """Return the cells that a schedule of the guide has time for; all, if it names none."""
    kept, names, section = [], taught().get(number), 1
    for cell in split_at_headings(nb.cells):
        if heading := re.match(r"## (?:(\d+)\. )?", cell.source):
            section = int(heading[1]) if heading[1] else None
        own = re.fullmatch(OWN_MINUTES, cell.get("id", ""))
        name = f"{number}.{own[1]}" if own else section
        # Without a number: what we saw, and the experiments, which a schedule has no time for.
        recap = name is None and not re.match(r"## Try it|### Experiment", cell.source)
        if not names or name in names or recap:
            kept.append(cell)
    return kept


def minutes_of(cell, a_cell):
    """Return how long a cell takes: an exercise says so itself, other prose is spoken."""
    if cell.cell_type == "code":
        return 0 if re.fullmatch(OWN_MINUTES, cell.get("id", "")) else a_cell
    stated = re.match(r"### Exercise.*\((\d+) min", cell.source)
    return int(stated.group(1)) if stated else words(cell.source) / WORDS_A_MINUTE


def collect(nb, folder, number=None):
    """Return the slides in order: dicts of what each shows, its notes and its minutes."""
    known = number in lessons()
    a_cell = minutes_of_code(number, sections(nb)) if known else A_CELL
    cells = what_a_deck_holds(nb, number)
    slides, section = [], ""
    for cell, place, after in zip(cells, places(cells), [*cells[1:], None], strict=True):
        is_prose = cell.cell_type == "markdown"
        if place == "skip":
            continue
        heading = re.match(r"##? (.+)", cell.source) if is_prose else None
        section = heading.group(1) if heading else section
        if place in ("slide", "subslide") or not slides:
            below = place == "subslide" and bool(slides)
            above = "" if heading else section
            slides.append(
                {"below": below, "section": above, "shown": [], "notes": [], "minutes": 0}
            )
        slide = slides[-1]
        slide["minutes"] += minutes_of(cell, a_cell)
        if is_prose:
            shown, notes = to_html(key_text(cell, after), folder), to_html(cell.source, folder)
        else:
            shown, notes = show_code(cell)
        if place == "fragment":
            shown = f'<div class="fragment">{shown}</div>'
        slide["shown"] += [] if place == "notes" else [shown]
        slide["notes"] += [notes] if notes else []
    return slides


def deck(nb, folder, number=None):
    """Return the page of a deck, and the minutes that it takes."""
    slides, parts, spent = collect(nb, folder, number), [], 0.0
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
    """Make the decks of the notebooks named, or of all lessons that a schedule names."""
    known = lessons()
    scheduled = [known[number] for number in sorted(taught())]
    copy_parts(build)
    for path in [Path(name).resolve() for name in arguments] or scheduled:
        number = path.name[:2] if path in known.values() else None
        page, total = deck(nbformat.read(path, as_version=4), path.parent, number)
        target = build / f"{path.stem}.html"
        target.write_text(page, encoding="utf-8")
        shown = target.relative_to(ROOT) if target.is_relative_to(ROOT) else target
        print(f"{shown}: {page.count('<aside')} slides, about {total:.0f} minutes")


if __name__ == "__main__":
    main(sys.argv[1:])
