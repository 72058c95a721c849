"""Work out how many minutes each section of each lesson takes in class.

Usage: python tools/teaching_times.py      (writes the table in docs/instructors_guide.md again)

Minutes of a section = words of its text / 110 + its share of the seconds that the lesson takes to
run (README's map), dealt out by number of code cells. What stands before section 1 belongs to it.
Exercises have minutes of their own, in their headings. The guide says what else to allow for.
"""

import math
import re
import sys

import nbformat
from execute_notebooks import ROOT

WORDS_A_MINUTE = 110
GUIDE = ROOT / "docs" / "instructors_guide.md"
BEGIN, END = "<!-- minutes: begin -->", "<!-- minutes: end -->"
OWN_MINUTES = r"\d\d-(?:exercise|answer|expected)-(\d)"  # ids of an exercise's cells
EXERCISE = r"^### Exercise (\d\d\.\d): .*?\((\d+) minutes\) *$"


def lessons():
    """Return the paths of the lessons by their numbers, in order."""
    paths = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return {path.name[:2]: path for path in paths if "-Copy" not in path.name}


def words(text):
    """Count the words in markdown, without addresses of links, tags, code blocks and formulas."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$|<[^>]+>|\]\([^)]*\)", " ", text, flags=re.S)
    return len(re.findall(r"\w+(?:[-'’.]\w+)*", text))


def minutes_to_read(notebook):
    """Return the minutes that a lesson states: its words / 110, rounded up to five."""
    count = sum(words(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    return 5 * math.ceil(count / WORDS_A_MINUTE / 5)


def what_is_taught(cell):
    """Return a slot's lesson, its sections and its exercises, from the last cell of its row."""
    numbers = [path[:2] for path in re.findall(r"\(\.\./notebooks/(.+?)\)", cell)]
    assert len(numbers) <= 1, f"{cell}: more than one lesson"
    ranges = re.findall(r"§(\d+)(?:–(\d+))?", cell)
    covered = [k for first, last in ranges for k in range(int(first), int(last or first) + 1)]
    return (numbers or [None])[0], covered, re.findall(r"exercise (\d\d\.\d)", cell)


def taught():
    """Return, by lesson, the sections (numbers) and exercises (names) in the guide's schedules."""
    rows = re.findall(r"^\| \d:\d\d \|.*\| (.*) \|$", GUIDE.read_text(encoding="utf-8"), re.M)
    found = {}
    for number, covered, named in map(what_is_taught, rows):
        if number:
            found.setdefault(number, set()).update(covered, named)
    return found


def sections(notebook):
    """Count words and code cells, as a pair, in each numbered section of a lesson."""
    number, found = 1, {}
    for cell in notebook.cells:
        if re.fullmatch(OWN_MINUTES, cell.id):
            continue
        if cell.cell_type == "markdown":
            for part in re.split(r"^(?=## )", cell.source, flags=re.M):
                if heading := re.match(r"## (?:(\d+)\. )?", part):
                    number = int(heading[1]) if heading[1] else None
                if number:
                    count, code = found.get(number, (0, 0))
                    found[number] = count + words(part), code
        elif number:
            count, code = found.get(number, (0, 0))
            found[number] = count, code + 1
    return found


def seconds_to_run():
    """Read from README's map how many seconds each lesson takes to run."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d\d) .*\| (\d+) s \|$", text, re.M)
    return {number: int(seconds) for number, seconds in rows}


def minutes_by_section(number):
    """Work out the minutes in class of each section of a lesson, not rounded."""
    found = sections(nbformat.read(lessons()[number], as_version=4))
    cell = minutes_of_code(number, found)
    return {k: count / WORDS_A_MINUTE + code * cell for k, (count, code) in found.items()}


def minutes_of_code(number, found):
    """Return the minutes that a code cell of a lesson takes to run, on average."""
    return seconds_to_run()[number] / 60 / sum(code for _, code in found.values())


def exercises(number):
    """Return the minutes of each exercise in a lesson, by its number such as ``03.2``."""
    notebook = nbformat.read(lessons()[number], as_version=4)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return {name: int(minutes) for name, minutes in re.findall(EXERCISE, text, re.M)}


def table():
    """Return the table of minutes in markdown."""
    lines = ["| lesson | minutes of its sections | together | exercises |", "|---|---|---|---|"]
    for number, path in lessons().items():
        minutes = minutes_by_section(number)
        each = " · ".join(f"§{k} {m:.0f}" for k, m in minutes.items())
        own = " · ".join(f"{name} {m}" for name, m in exercises(number).items()) or "none"
        link = f"[{number}](../notebooks/{path.name})"
        lines.append(f"| {link} | {each} | {sum(minutes.values()):.0f} | {own} |")
    return "\n".join(lines)


def main():
    """Write the table into the guide; return the exit status."""
    text = GUIDE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    new = f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.split(END)[1]}"
    if new != text:
        GUIDE.write_text(new, encoding="utf-8", newline="\n")
        print(f"{GUIDE.relative_to(ROOT)}: brought up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
