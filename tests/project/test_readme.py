"""The README says what is there: commands, lessons, links and the figure."""

import re

import pytest
from notebook_form import ROOT, lessons, links
from readme_figure import FIGURES, picture

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure_is_the_one_that_the_notebook_shows(figure):
    assert picture(*FIGURES[figure]) == figure.read_bytes(), "run `python tools/readme_figure.py`"
    lesson = (ROOT / "notebooks" / FIGURES[figure][0]).read_text(encoding="utf-8")
    assert f"](docs/{figure.name})" in TEXT or f"](../docs/{figure.name})" in lesson


def test_commands_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(
        re.findall(r"\bmake ([a-z-]+)", re.sub(r"(?s)[^`]*(`[^`]+`|```.*?```)", r"\1 ", TEXT))
    )
    assert {"lab", "test", "test-all", "test-browser"} <= named
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.M)} == set()


def test_map_has_each_lesson_once_in_order_with_its_times():
    rows = re.findall(
        r"^\| \[.*?\]\(notebooks/(.+?\.ipynb)\) \|.*\| (\d+) min \| (\d+) s \|$", TEXT, re.M
    )
    assert [name for name, *_ in rows] == [lesson.name for lesson in lessons()]
    for name, minutes, seconds in rows:
        opening = (ROOT / "notebooks" / name).read_text(encoding="utf-8")
        time = re.search(r"\*\*Time\*\*.*?(\d+) minutes to read.*?(\d+) seconds to run", opening)
        assert time, f"{name} does not say its time"
        assert time.groups() == (minutes, seconds), f"{name} says {time.groups()}"


def test_links_lead_somewhere():
    local = [target for target in links(TEXT) if not target.startswith(("http", "#"))]
    assert local
    assert [target for target in local if not (ROOT / target).exists()] == []
