"""What becomes of a notebook's cells on slides: where each goes, and what is shown of its prose."""

import copy
import re

PLACES = ("slide", "subslide", "-", "fragment", "notes", "skip")
SKIPPED = r"-(imports|reading|solutions?)\b|-check$|widget|slider"  # in a cell's id
EXERCISE, EXPECTED = r"-exercise-\d+$", r"-expected-\d+$"
WHOLE = rf"{EXERCISE}|{EXPECTED}|-(try|saw)$"  # cells whose text is shown as it is


def split_at_headings(cells):
    """Return the cells, those with a heading further down as one cell for each heading."""
    parts = []
    for cell in cells:
        texts = [cell.source]
        if cell.cell_type == "markdown":
            texts = re.split(r"\n+(?=##? )", cell.source.strip())
        for number, text in enumerate(texts):
            part = copy.deepcopy(cell)
            part.source = text
            if number:  # what the metadata says is said of the beginning
                part.metadata.pop("slideshow", None)
            parts.append(part)
    return parts


def places(cells):
    """Return where each cell goes, one of PLACES: as its metadata says, else by what it is."""
    found = []
    for number, cell in enumerate(cells):
        place = cell.metadata.get("slideshow", {}).get("slide_type")
        before = cells[number - 1] if number else None
        after = cells[number + 1] if number + 1 < len(cells) else None
        if place not in PLACES:
            place = default_place(cell, before, found[-1] if found else None, after)
        found.append(place)
    return found


def default_place(cell, before, place_before, after):
    """Return where a cell goes that doesn't say so itself."""
    text, name = cell.source.strip(), cell.get("id", "")
    if {"claims", "parameters", "remove-cell"} & set(cell.metadata.get("tags", [])):
        return "skip"
    if not text or re.search(SKIPPED, name) or text.startswith(("<details", "## Further reading")):
        return "skip"
    if cell.cell_type == "code":
        led = before and before.cell_type == "markdown" and place_before in ("slide", "subslide")
        return "-" if led or re.search(r"-answer-\d+$", name) else "subslide"
    if text.startswith("**You will learn**"):
        return "-"
    if text.startswith(("# ", "## ")) or re.search(EXERCISE, name):
        return "slide"
    alone = text.startswith(("### ", "![")) or re.search(EXPECTED, name)
    if alone or leads_on(cell, after):
        return "subslide"
    shown = before and before.cell_type == "code" and place_before in ("-", "subslide")
    return "fragment" if shown else "notes"


def leads_on(cell, after):
    """Tell whether prose ends in a question about code that is shown after it."""
    if not after or after.cell_type != "code" or re.search(SKIPPED, after.get("id", "")):
        return False
    return cell.source.rstrip().endswith("?")


def sentences(text):
    """Return the sentences of a paragraph; one of less than six words goes with the next."""
    found = []
    for sentence in re.split(r"(?<=[.?!]) +(?=[A-Z*`])", " ".join(text.split())):
        if found and len(found[-1].split()) < 6:
            found[-1] += " " + sentence
        else:
            found.append(sentence)
    return found


def key_text(cell, after):
    """Return what a slide shows of a prose cell: its heading, and one sentence with its point.

    That is a question at the end that leads on to the code, else the first sentence.
    """
    text = cell.source.strip()
    if text.startswith("**You will learn**"):
        return text.split("**Before you start**")[0]
    if re.search(WHOLE, cell.get("id", "")):
        return text
    heading = re.match(r"(#+ .*)\n*", text)
    body = text[heading.end() :] if heading else text
    paragraphs = [p for p in re.split(r"\n\s*\n", body) if re.match(r"[\w*`\"$(]", p)]
    if not paragraphs:
        return text
    all_of_them = [sentence for p in paragraphs for sentence in sentences(p)]
    point = all_of_them[-1 if leads_on(cell, after) else 0]
    return f"{heading.group(1)}\n\n{point}" if heading else point
