"""The directive `lesson-cards`: each lesson named, with its question, its answer and its picture.

All of it is read from the notebooks while the site is built, so it is what the lessons say.
"""

import base64
import re
import sys
from pathlib import Path

import nbformat
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tools"))

from slide_cells import sentences  # noqa: E402


def question_and_answer(cells):
    """Return a lesson's question, and the sentence that answers it, from its first cells."""
    paragraphs = [p for cell in cells[:4] for p in cell.source.split("\n\n")]
    question, _, answer = paragraphs[1].partition("?")
    for paragraph in paragraphs:
        if re.match(r"\*\*(?:The answer|In short)\.\*\*", paragraph):
            answer = paragraph.split("**")[2]
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", answer.strip("* \n"))
    return question.strip("*") + "?", sentences(text)[0]


def picture(cells, folder):
    """Return a PNG, and what it shows in words: the one at the top, or else the largest."""
    for cell in cells[:4]:
        if shown := re.search(r"!\[(.+?)\]\((.+?\.png)\)", cell.source):
            return (folder / shown.group(2)).read_bytes(), shown.group(1)
    found = []
    for cell in cells:
        for data in [output.get("data", {}) for output in cell.get("outputs", [])]:
            png = base64.b64decode(data.get("image/png", ""))
            width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            found.append((width * height, png, alt))
    return max(found)[1:]


def card(path):
    """Return the Markdown about one lesson."""
    cells = nbformat.read(path, as_version=4).cells
    title = cells[0].source.splitlines()[0].removeprefix("# ")
    question, answer = question_and_answer(cells)
    png, alt = picture(cells, path.parent)
    image = f"![{alt or title}](data:image/png;base64,{base64.b64encode(png).decode()})"
    return f"## [{title}](../notebooks/{path.name})\n\n**{question}** {answer}\n\n{image}\n"


class LessonCards(SphinxDirective):
    """The cards of lessons that are given by their numbers."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Return them as nodes of the page."""
        cards = []
        for number in self.arguments[0].split():
            (path,) = (ROOT / "notebooks").glob(f"{number}_*[!0-9].ipynb")
            self.env.note_dependency(str(path))
            cards.append(card(path))
        return self.parse_text_to_nodes("\n".join(cards), allow_section_headings=True)


def setup(app):
    """Add the directive to Sphinx."""
    app.add_directive("lesson-cards", LessonCards)
    return {"parallel_read_safe": True}
