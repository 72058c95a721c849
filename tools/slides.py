"""Make a deck of slides from each core lesson, out of the notebook's own cells.

Usage: python tools/slides.py [NOTEBOOK ...]      (none given: lessons 01 to 04)

A deck goes to build/slides, opens without a network, and is shown by reveal.js (S: speaker view).
Code, figures and tables go on slides. Of prose, a slide shows the heading and the key sentence; all
of it is in the speaker notes, with the minutes that it takes. `slideshow.slide_type` in a cell's
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

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "tools" / "slides"  # page, style and script that all decks share
BUILD = ROOT / "build" / "slides"
PLACES = ("slide", "subslide", "-", "fragment", "notes", "skip")
WORDS_PER_MINUTE = 120  # spoken
LOOK = 0.5  # minutes to look at code, a table or a figure


def places(nb):
    """Return where each cell goes, one of PLACES: as its metadata says, else by what it is."""
    found = []
    for number, cell in enumerate(nb.cells):
        after = nb.cells[number + 1] if number + 1 < len(nb.cells) else None
        place = cell.metadata.get("slideshow", {}).get("slide_type")
        found.append(place if place in PLACES else default(cell, found, nb.cells[:number], after))
    return found


def default(cell, placed, before, after):
    """Return where a cell goes that doesn't say so itself."""
    text, name = cell.source, cell.get("id", "")
    if not text.strip() or re.search(r"-(imports|reading|widget|solution)|-check$", name):
        return "skip"
    if text.startswith(("<details", "## Further reading")):
        return "skip"
    if cell.cell_type == "markdown":
        if re.match("##? ", text) or "-exercise" in name:
            return "slide"
        if text.startswith("### ") or "-expected" in name or leads_on(cell, after):
            return "subslide"
        on_code = before and before[-1].cell_type == "code" and placed[-1] in ("-", "subslide")
        return "fragment" if on_code else "notes"
    leading = before and before[-1].cell_type == "markdown" and placed[-1] == "subslide"
    return "-" if leading or "-answer" in name else "subslide"


def leads_on(cell, after):
    """Tell whether a prose cell ends in a colon or a question about the code after it."""
    return bool(after and after.cell_type == "code" and cell.source.rstrip().endswith((":", "?")))


def key_text(cell, after):
    """Return what a slide shows of a prose cell: its heading and its key sentence."""
    text = cell.source.strip()
    if re.search("-(exercise|expected|try|saw)", cell.get("id", "")) or len(text.split()) < 25:
        return text
    heading = re.match(r"#+ .*\n+", text)
    body = text[heading.end() if heading else 0 :]
    prose = next((p for p in re.split(r"\n\s*\n", body) if re.match(r"[\w*`\"$]", p)), body)
    if not heading and leads_on(cell, after):
        prose = re.split(r"\n\s*\n", body)[-1]
        key = re.split(r"(?<=[.?!]) +(?=[A-Z*`])", prose)[-1]
    else:
        key = re.split(r"(?<=[.?!:]) +(?=[A-Z*`])|\n(?=[-|>])", prose)[0]
    return (heading.group() if heading else "") + key


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
    alt = html.escape(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""), quote=True)
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


def collect(nb, folder):
    """Return the slides in order: dicts of what each shows, its notes and its minutes."""
    slides, section = [], ""
    for number, (cell, place) in enumerate(zip(nb.cells, places(nb), strict=True)):
        if place == "skip":
            continue
        after = nb.cells[number + 1] if number + 1 < len(nb.cells) else None
        heading = re.match(r"##? (.+)", cell.source) if cell.cell_type == "markdown" else None
        section = heading.group(1) if heading else section
        if place in ("slide", "subslide") or not slides:
            below = place == "subslide" and bool(slides)
            title = "" if cell.source.startswith("#") and cell.cell_type == "markdown" else section
            slides.append({"below": below, "title": title, "shown": [], "notes": [], "minutes": 0})
        slide = slides[-1]
        if cell.cell_type == "code":
            shown, minutes = show_code(cell), LOOK
        else:
            shown, minutes = to_html(key_text(cell, after), folder), minutes_of(cell.source)
            slide["notes"].append(to_html(cell.source, folder))
        slide["minutes"] += minutes
        if place == "fragment":
            shown = f'<div class="fragment">{shown}</div>'
        slide["shown"] += [] if place == "notes" else [shown]
    return slides


def minutes_of(text):
    """Return how long a prose cell takes: an exercise says so itself, the rest is spoken."""
    stated = re.match(r"### .*\((\d+) min", text)
    return int(stated.group(1)) if stated else len(text.split()) / WORDS_PER_MINUTE


def deck(nb, folder):
    """Return the page of a deck, and the minutes that it takes."""
    slides, parts, spent = collect(nb, folder), [], 0.0
    total = sum(slide["minutes"] for slide in slides)
    for number, slide in enumerate(slides):
        spent += slide["minutes"]
        title = f'<p class="section">{html.escape(slide["title"])}</p>' if slide["title"] else ""
        timing = f"<p>{slide['minutes']:.1f} minutes; {spent:.0f} of {total:.0f} are then over.</p>"
        parts.append("" if slide["below"] else ("</section>" if number else "") + "<section>")
        parts.append(f'<section data-timing="{60 * slide["minutes"]:.0f}">{title}')
        parts += slide["shown"]
        if not number:
            parts.append(f'<p class="timing">About {total:.0f} minutes</p>')
        parts.append(f'<aside class="notes">{timing}{"".join(slide["notes"])}</aside></section>')
    title = re.match("# (.*)", nb.cells[0].source)
    page = (PARTS / "page.html").read_text(encoding="utf-8")
    page = page.replace("TITLE", html.escape(title.group(1) if title else "Slides"))
    return page.replace("SLIDES", "\n".join([*parts, "</section>"])), total


def copy_parts(build):
    """Put what all decks share beside them: reveal.js, MathJax, style and script."""
    reveal = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
    mathjax = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
    build.mkdir(parents=True, exist_ok=True)
    files = ["LICENSE", "dist/reset.css", "dist/reveal.css", "dist/reveal.js"]
    for name in [*files, "plugin/notes/notes.js"]:
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
        print(f"{target}: {page.count('<aside')} slides, about {total:.0f} minutes")


if __name__ == "__main__":
    main(sys.argv[1:])
