"""A slide shows code or a figure, and one sentence; all that is said is in the notes."""

import re

import nbformat
import pytest
import teaching_times
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_form import ROOT, lessons
from slide_cells import PLACES, key_text, places, split_at_headings
from slides import collect, deck, main, what_a_deck_holds

PICTURE = "iVBORw0KGgo="  # the slides do not look into it
TAUGHT = [path for path in lessons() if path.name[:2] in teaching_times.taught()]


def markdown(name, text, **metadata):
    return new_markdown_cell(text, id=name, metadata=metadata)


def code(name, text, *outputs, **metadata):
    return new_code_cell(text, id=name, outputs=list(outputs), metadata=metadata)


@pytest.fixture
def lesson():
    """Return a small lesson: a section, a figure that prose leads to, and an exercise."""
    figure = new_output("display_data", {"image/png": PICTURE})
    printed = new_output("stream", name="stdout", text="3 < 4\n")
    return new_notebook(
        cells=[
            markdown("01-title", "# 01. A lesson\n\nWhat is it about?"),
            code("01-imports", "import numpy"),
            code("01-knobs", "EPOCHS = 3", tags=["parameters"]),
            markdown(
                "01-s1",
                "## 1. Begin\n\nA **fold** is a pile of rows. It says more than fits.\n\nMore.",
            ),
            code("01-sum", "total = 1 + 2", printed),
            markdown("01-before", "Some words come first of all. Do the bars touch the line?"),
            code("01-figure", "draw()", figure, mystnb={"image": {"alt": "Two bars & a line"}}),
            markdown("01-after", "Yes, both of them touch it. [More](https://example.org/x)."),
            code("01-check", "assert total == 3"),
            code("01-proof", "claim('a total of 3', lambda: total == 3)", tags=["claims"]),
            markdown("01-exercise-1", "### Exercise 01.1: add (6 minutes)\n\n**Goal.** Add up."),
            code("01-answer-1", "answer = ...", new_output("stream", text="not attempted yet")),
            code("01-widget", "interact(draw)"),
            markdown("01-saw", "## What we saw\n\n- Bars.\n\n## Further reading\n\n- A book."),
        ]
    )


def test_prose_leads_to_code_and_says_afterwards_what_was_seen(lesson, tmp_path):
    _, begin, figure, exercise, saw = collect(lesson, tmp_path)
    assert "total" in begin["shown"][1] and "3 &lt; 4" in begin["shown"][1]
    assert "is a pile" in begin["shown"][0] and "more than fits" not in begin["shown"][0]
    assert "draw()" not in "".join(figure["shown"]) and "draw" in figure["notes"][1]
    question, picture, answer = figure["shown"]
    assert "Do the bars touch" in question and "Some words" not in question
    assert 'alt="Two bars &amp; a line"' in picture and PICTURE in picture
    assert answer.startswith('<div class="fragment">') and "both of them" in answer
    assert "Add up" in exercise["shown"][0] and "answer" in exercise["shown"][1]
    assert "Bars." in saw["shown"][0]


def test_everything_said_is_in_the_notes_with_its_minutes(lesson, tmp_path):
    page, total = deck(lesson, tmp_path)
    notes = re.findall(r'<aside class="notes">(.*?)</aside>', page, re.DOTALL)
    assert "more than fits" in notes[1] and "Some words" in notes[2]
    assert all(
        re.match(r"<p>\d+\.\d minutes; \d+ of 7 are then over\.</p>", note) for note in notes
    )
    assert "<p>6.0 minutes; 7 of 7" in notes[3]
    assert f"About {total:.0f} minutes" in page
    assert len(re.findall(r'data-timing="\d+"', page)) == len(notes)


def test_what_serves_the_notebook_alone_is_left_out(lesson, tmp_path):
    page, _ = deck(lesson, tmp_path)
    for text in ["import numpy", "assert", "interact", "A book", "EPOCHS", "a total of 3"]:
        assert text not in re.sub("<[^>]*>", "", page)


def test_metadata_decides_where_a_cell_goes(lesson):
    lesson.cells[4].metadata["slideshow"] = {"slide_type": "skip"}
    lesson.cells[8].metadata["slideshow"] = {"slide_type": "subslide"}
    found = dict(zip([cell.id for cell in lesson.cells], places(lesson.cells), strict=True))
    assert (found["01-sum"], found["01-check"]) == ("skip", "subslide")


def test_a_heading_further_down_in_a_cell_begins_a_slide():
    cell = markdown("a", "We saw it.\n\n## 2. Go on\n\nText.", slideshow={"slide_type": "notes"})
    assert places(split_at_headings([cell])) == ["notes", "slide"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            "They do. So it is no approximation at all. More.",
            "They do. So it is no approximation at all.",
        ),
        (
            "Look for two things in the picture. How far apart? And how high?",
            "How far apart? And how high?",
        ),
        (
            "First we say what the table holds. Here it is in percent:",
            "First we say what the table holds.",
        ),
    ],
)
def test_key_sentence(text, key):
    assert key_text(markdown("a", text), code("b", "table")) == key


def test_a_deck_needs_nothing_from_elsewhere(lesson, tmp_path, capsys):
    nbformat.write(lesson, tmp_path / "01_small.ipynb")
    main([str(tmp_path / "01_small.ipynb")], build=tmp_path / "slides")
    assert "5 slides, about 7 minutes" in capsys.readouterr().out
    page = (tmp_path / "slides" / "01_small.html").read_text(encoding="utf-8")
    assert not re.search("https?:|//", re.sub(r"base64,[^\"]*", "", page))
    files = [name for name in re.findall(r'(?:src|href)="([^"]+)"', page) if "data:" not in name]
    assert len(files) == 7
    assert all((tmp_path / "slides" / name).is_file() for name in files)
    style = (tmp_path / "slides" / "slides.css").read_text(encoding="utf-8")
    assert "url(" not in style and ".highlight" in style


@pytest.fixture(params=TAUGHT, ids=lambda path: path.stem)
def taught(request):
    """Return a lesson that a schedule names, its number, and what the schedules teach of it."""
    number = request.param.name[:2]
    cells = nbformat.read(request.param, as_version=4)
    return cells, number, teaching_times.taught()[number]


def test_each_cell_of_a_deck_has_its_place(taught):
    cells = what_a_deck_holds(*taught[:2])
    found = places(cells)
    assert set(found) <= set(PLACES)
    for cell, place in zip(cells, found, strict=True):
        figure = any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
        assert not (figure and place in ("notes", "skip") and "widget" not in cell.id), cell.id
        assert not (cell.cell_type == "code" and place == "notes"), f"{cell.id}: notes are prose"
    assert 9 <= sum(place in ("slide", "subslide") for place in found) <= 60


def test_a_deck_holds_what_the_schedules_teach_and_takes_their_minutes(taught):
    nb, number, names = taught
    slides = collect(nb, ROOT / "notebooks", number)
    held = {
        int(found[1])
        for slide in slides
        for text in slide["shown"]
        if (found := re.match(r"<h2[^>]*>(\d+)\. ", text))
    }
    assert held == {name for name in names if isinstance(name, int)}
    minutes, own = teaching_times.minutes_by_section(number), teaching_times.exercises(number)
    planned = sum(minutes[name] if isinstance(name, int) else own[name] for name in names)
    extra = sum(slide["minutes"] for slide in slides) - planned
    assert -0.5 < extra < 2.5  # no cells of claims; the opening, and "What we saw"


def test_a_slide_of_a_taught_lesson_shows_a_sentence_or_two(taught):
    nb, number, _ = taught
    cells = what_a_deck_holds(nb, number)
    for cell, place, after in zip(cells, places(cells), [*cells[1:], None], strict=True):
        whole = re.search(r"-(exercise|expected)-\d$|-saw$", cell.id) or "You will" in cell.source
        if cell.cell_type == "markdown" and place not in ("skip", "notes") and not whole:
            assert len(key_text(cell, after).split()) < 60, cell.id


def test_copies_that_a_reader_made_get_no_deck(monkeypatch, tmp_path, lesson):
    for name in ["01_small.ipynb", "01_small-Copy1.ipynb"]:
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        nbformat.write(lesson, tmp_path / "notebooks" / name)
    monkeypatch.setattr(teaching_times, "ROOT", tmp_path)
    assert [path.name for path in teaching_times.lessons().values()] == ["01_small.ipynb"]
