"""What a committed notebook must look like: one small function for each rule.

Each takes a notebook and its path, and yields what is wrong in words; no word, no problem.
"""

import ast
import copy
import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import prose_numbers
from execute_notebooks import normalise
from IPython.core.inputtransformer2 import TransformerManager
from rerun_numbers import shown
from teaching_times import minutes_to_read

ROOT = Path(__file__).resolve().parents[2]
# Cells that prove sentences of the text: folded in JupyterLab, absent from site and slides.
CLAIMS = {"claims", "remove-cell", "nbval-check-output"}
TAGS = CLAIMS | {
    "parameters",
    "hide-input",
    "raises-exception",
    "nbval-ignore-output",
    "nbval-skip",
    "differs-between-machines",
}
OPENING = ["**You will learn**", "**Before you start**", "**Time**"]
CLOSING = ["Try it", "What we saw", "Further reading"]
MAX_BYTES = 1_000_000
MAX_CODE_LINES = 15
# A lesson that can be read at one sitting, and code that fits a page of the site.
MAX_WORDS = {"00": 900, **dict.fromkeys(["01", "02", "03", "04", "09"], 2000)}
MAX_WORDS |= dict.fromkeys(["05", "06", "07", "08", "10", "11", "12", "13", "14", "15"], 2500)
SHORT_LINES, SHORT_WIDTH, MAX_CODE_CELLS = 12, 76, 35  # of these lessons
NUMBER = r"\d+(?:[.,]\d+)*"
MACHINE_PATH = r"(?<![\w./:])(?:/home/\w|/Users/\w|/root\b|/tmp/)|\b[A-Za-z]:\\+Users\b"
# Cells whose numbers are tested elsewhere, as minutes and what exercises show, or ask something.
UNPROVED = re.compile(r"-(?:opening|goals|map|try|exercise|expected|solutions|reading)(?:-\d)?$")
SUMS_UP = re.compile(r"-(?:title|short|answer|card|saw)$")
PLACEHOLDER = r"\b(?:TODO|FIXME|TBD|XXX)\b|(?i:lorem ipsum)"


def lessons():
    """Return the paths of the lessons, in order; a reader's copies are left out."""
    paths = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return [path for path in paths if "-Copy" not in path.name]


def code_cells(nb):
    """Yield each code cell with its place among all cells, counted from 1."""
    return [(n, cell) for n, cell in enumerate(nb.cells, 1) if cell.cell_type == "code"]


def tags(cell):
    """Return a cell's tags."""
    return set(cell.metadata.get("tags", []))


def prose(cell):
    """Return a markdown cell's text without its code; nothing for a code cell."""
    text = cell.source if cell.cell_type == "markdown" else ""
    return re.sub(r"```.*?```|`[^`\n]*`", "``", text, flags=re.DOTALL)


def headings(nb, level):
    """Return the texts of the headings of one level, which is its number signs."""
    text = "\n".join(prose(cell) for cell in nb.cells)
    return re.findall(rf"^{level} +(.+?) *$", text, re.MULTILINE)


def code_lines(cell):
    """Return the lines of a code cell that are not empty and no comments."""
    lines = [line.strip() for line in cell.source.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def syntax(cell):
    """Return the statements of a code cell; magics become calls."""
    return ast.parse(TransformerManager().transform_cell(cell.source)).body


def strings(value):
    """Yield all text inside a notebook or a part of it, pictures aside."""
    if isinstance(value, str):
        yield re.sub(r"\x1b\[[\d;]*m", "", value)  # without its colors
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from () if key.startswith("image/") else strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def links(text):
    """Return the targets of the links and images in markdown."""
    inline = re.findall(r"\]\(\s*<?([^)\s>]+)", text)
    return inline + re.findall(r"""(?:src|href)=["']([^"']+)""", text)


# Rules for every notebook, solutions included


def valid(nb, path):
    """Follow nbformat 4."""
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as error:
        yield f"not valid: {str(error).splitlines()[0]}"


def normal_form(nb, path):
    """Be as `make notebooks` writes it: no other metadata, no widgets, streams merged."""
    if normalise(copy.deepcopy(nb)) != nb:
        yield "not in normal form: run `make notebooks`"


def executed_in_order(nb, path):
    """Be run from a fresh kernel, top to bottom, once."""
    counts = [cell.execution_count for _, cell in code_cells(nb)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"not run top to bottom: {counts}"


def clean_outputs(nb, path):
    """Show no error that is not meant to be shown, and nothing on stderr."""
    for n, cell in code_cells(nb):
        kinds = {output.get("name", output.output_type) for output in cell.outputs}
        if "stderr" in kinds:
            yield f"cell {n} prints on stderr"
        if "error" in kinds and "raises-exception" not in tags(cell):
            yield f"cell {n} shows an error"


def no_machine_paths(nb, path):
    """Name no folder of the machine that it was run on."""
    folders = rf"{MACHINE_PATH}|{re.escape(str(ROOT))}\b"
    for match in re.finditer(folders, "\n".join(strings(nb))):
        yield f"names a folder of one machine: {match.group()}"


def small(nb, path):
    """Stay small enough to load and to compare."""
    if len(nbformat.writes(nb).encode()) > MAX_BYTES:
        yield f"over {MAX_BYTES:,} bytes"


def short_cells(nb, path):
    """Keep to one idea a cell, and to statements that do not end in a semicolon."""
    for n, cell in code_cells(nb):
        code = code_lines(cell)
        if len(code) > MAX_CODE_LINES and "claims" not in tags(cell):
            yield f"cell {n} has {len(code)} lines of code"
        if any(line.endswith(";") for line in code):
            yield f"cell {n} has a line ending in a semicolon"


def known_tags(nb, path):
    """Use no tag that nothing understands."""
    for n, cell in enumerate(nb.cells, 1):
        for tag in sorted(tags(cell) - TAGS):
            yield f"cell {n} has an unknown tag: {tag}"


def finished(nb, path):
    """Hold no placeholders."""
    for match in re.finditer(PLACEHOLDER, "\n".join(strings(nb))):
        yield f"has a placeholder: {match.group()}"


def figures_explained(nb, path):
    """Say something after each figure, and give each picture in the text its alternative."""
    for n, cell in code_cells(nb):
        figure = any("image/png" in output.get("data", {}) for output in cell.outputs)
        if figure and not (n < len(nb.cells) and prose(nb.cells[n]).strip()):
            yield f"cell {n} shows a figure that no text follows"
    for n, cell in enumerate(nb.cells, 1):
        images = re.findall(r"<img\b[^>]*>", prose(cell))
        if "![](" in prose(cell) or any(not re.search(r'alt="[^"]', image) for image in images):
            yield f"cell {n} has a picture without an alternative text"


def anchors(path, nb=None):
    """Return the anchors in a file, as JupyterLab and as GitHub make them from headings."""
    if path.suffix == ".ipynb":
        nb = nb or nbformat.read(path, as_version=4)
        text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    names = set(re.findall(r"""(?:id|name)=["']([^"']+)""", text))
    for title in re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE):
        names |= {title.replace(" ", "-"), re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")}
    return names


def links_resolve(nb, path):
    """Link to files, and places in them, that exist."""
    for target in [target for cell in nb.cells for target in links(prose(cell))]:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (path.parent / name).resolve() if name else path
        if name and not (file.exists() and file.is_relative_to(ROOT)):
            yield f"links to {target}, which does not exist"
        elif anchor and anchor not in anchors(file, None if name else nb):
            yield f"links to {target}: there is no such heading"


# Rules for lessons


def title(nb, path):
    """Begin with a numbered title and a sentence that says the aim."""
    first, *rest = re.split(r"\n\s*\n", nb.cells[0].source.strip())
    if not re.match(rf"# {path.name[:2]}\. \S", first) or len(headings(nb, "#")) != 1:
        yield f"the only title is not `# {path.name[:2]}. …`"
    if len(rest) < 2 or links(rest[0]) or not rest[0].rstrip().endswith((".", "?")):
        yield "the first cell is not a title, a sentence and a line of links"


def chained(nb, path, others=None):
    """Link to the lesson before, the contents and the lesson after, in this order."""
    names = [lesson.name for lesson in others or lessons()]
    place = names.index(path.name)
    line = links(nb.cells[0].source.strip().splitlines()[-1])
    before, after = names[max(place - 1, 0) : place], names[place + 1 : place + 2]
    contents = line[len(before) : len(line) - len(after)]
    if line != before + contents + after or not set(contents) <= {
        "../README.md",
        "00_start_here.ipynb",
    }:
        yield f"the first cell links to {line}, not to {before}, the contents, {after}"
    elif len(contents) != 1 and place > 0:
        yield "the first cell does not link to the contents"


def opening(nb, path):
    """Say first what one will learn, what one needs for it, and how long it takes."""
    first_code = min([n for n, _ in code_cells(nb)], default=1)
    text = "\n".join(prose(cell) for cell in nb.cells[: first_code - 1])
    for phrase in OPENING:
        if phrase not in text:
            yield f"{phrase} is missing before the first code"


def reading_time(nb, path):
    """State the minutes to read that its words take."""
    text = "\n".join(prose(cell) for cell in nb.cells[:4])
    stated = re.findall(r"^\*\*Time\*\*: (\d+) minutes to read", text, re.M)
    if stated != [str(minutes_to_read(nb))]:
        yield f"states {stated} minutes to read, not {minutes_to_read(nb)}"


def imports_first(nb, path):
    """Import in the first code cell only, which does nothing else."""
    for place, (n, cell) in enumerate(code_cells(nb)):
        are_imports = [isinstance(node, ast.Import | ast.ImportFrom) for node in syntax(cell)]
        if place == 0 and not all(are_imports):
            yield f"cell {n}, the first with code, does more than import"
        if place > 0 and any(are_imports):
            yield f"cell {n} imports: imports belong into the first code cell"


def one_knobs_cell(nb, path):
    """Have one cell of constants worth changing."""
    count = sum("parameters" in tags(cell) for cell in nb.cells)
    if count != 1:
        yield f"{count} cells are tagged `parameters`, not one"


def numbered_sections(nb, path):
    """Number the sections from 1."""
    numbers = [text.split(".")[0] for text in headings(nb, "##") if text not in CLOSING]
    if not numbers or numbers != [str(n) for n in range(1, len(numbers) + 1)]:
        yield f"sections are numbered {numbers}"


def closing(nb, path):
    """End with something to try, what we saw, what to read, and a line that tells all cells ran."""
    if headings(nb, "##")[-len(CLOSING) :] != CLOSING:
        yield f"the last sections are not {CLOSING}"
    if "Run All reached the end." not in nb.cells[-1].source or nb.cells[-1].cell_type != "code":
        yield "the last cell does not print that Run All reached the end"


def proof_apart(nb, path):
    """Keep what proves the text apart from what teaches: one folded cell a section, at most."""
    number, seen = None, set()
    for n, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "markdown":
            number = (re.findall(r"^## (.+)$", cell.source, re.M) or [number])[-1]
            continue
        nodes = [node for statement in syntax(cell) for node in ast.walk(statement)]
        calls = {getattr(node.func, "id", "") for node in nodes if isinstance(node, ast.Call)}
        if "claims" not in tags(cell):
            if "claim" in calls or any(isinstance(node, ast.Assert) for node in nodes):
                yield f"cell {n} proves what the text says: that belongs into a cell of claims"
            continue
        if not tags(cell) >= CLAIMS or not cell.metadata.get("jupyter", {}).get("source_hidden"):
            yield f"cell {n} of claims is not folded and tagged {sorted(CLAIMS)}"
        if "claim" not in calls or cell.outputs:
            yield f"cell {n} of claims claims nothing, or prints something"
        if number in seen:
            yield f"cell {n} is a second cell of claims in the section {number!r}"
        seen.add(number)


def claims_quote_the_text(nb, path):
    """Claim what one sentence says, in its words: then a sentence can't be turned round alone.

    The sentence is one of the section, or one that sums up. A semicolon parts a claim of several.
    """
    top = min([n for n, _ in code_cells(nb)], default=1) - 1
    texts = [[cell for cell in cells if cell.cell_type == "markdown"] for cells in sections(nb)]
    summary = nb.cells[:top] + [c for text in texts for c in text if SUMS_UP.search(c.id)]
    for section, text in zip(sections(nb), texts, strict=True):
        said = [s for cell in text + summary for s in prose_numbers.sentences(cell.source)]
        for cell in [cell for cell in section if "claims" in tags(cell)]:
            for sentence in claimed(cell):
                if sentence.startswith("the table at the top"):
                    numbers = re.findall(NUMBER, "\n".join(c.source for c in nb.cells[:top]))
                    rest = iter(numbers)  # in the order of the rows
                    if not all(number in rest for number in re.findall(NUMBER, sentence)):
                        yield f"{cell.id} claims numbers that the table has not: {sentence}"
                    continue
                for part in sentence.split("; "):
                    if not any(prose_numbers.is_quoted(part, s) for s in said):
                        yield f"{cell.id} claims what no sentence of its section says: {part}"


def summaries_are_claimed(nb, path):
    """Say at the top and under "What we saw" what is more or less only in the words of a claim."""
    claims = "\n".join(s for _, cell in code_cells(nb) for s in claimed(cell)).lower()
    for cell in nb.cells:
        if cell.cell_type == "markdown" and SUMS_UP.search(cell.id):
            text = prose_numbers.without_tables(cell.source).lower()
            for match in re.finditer(prose_numbers.COMPARISONS, text):
                if not re.search(rf"\b{match.group().removesuffix('s')}", claims):
                    yield f"{cell.id} says {match.group()!r}, which no claim says"


def claimed(cell):
    """Return the sentences that a cell claims."""
    nodes = [node for statement in syntax(cell) for node in ast.walk(statement)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [ast.literal_eval(c.args[0]) for c in calls if getattr(c.func, "id", "") == "claim"]


def sections(nb):
    """Return the cells of each section, and before them those that come before the first."""
    found = [[]]
    for cell in nb.cells:
        if cell.cell_type == "markdown" and re.search(r"^## ", cell.source, re.M):
            found.append([])
        found[-1].append(cell)
    return found


def said_numbers_are_proved(nb, path):
    """Say no number that the section doesn't print before it, the code set, or a claim prove.

    What sums up, at the top and under "What we saw", may take what any section prints or proves.
    """
    cells = [cell for _, cell in code_cells(nb)]
    everything = "\n".join(cell.source + "\n" + shown(cell.outputs) for cell in cells)
    code = "\n".join(cell.source for cell in cells if "claims" not in tags(cell))
    knobs = "\n".join(cell.source for cell in cells if "parameters" in tags(cell))
    for section in sections(nb):
        proof = "\n".join([knobs, *(cell.source for cell in section if cell.cell_type == "code")])
        for cell in section:
            proof += "\n" + shown(cell.get("outputs", []))
            if cell.cell_type == "code" or UNPROVED.search(cell.id):
                continue
            for number in prose_numbers.said(cell.source):
                # A word is a small number, which is somewhere in the code of every lesson.
                more = (
                    everything if SUMS_UP.search(cell.id) else code if number[0].isdigit() else ""
                )
                if not prose_numbers.is_proved(number, f"{proof}\n{more}"):
                    yield f"cell {cell.id} says {number!r}, which nothing in its section proves"


def short(nb, path):
    """Stay within the lesson's words, code cells, lines of a cell and width of a line."""
    most = MAX_WORDS.get(path.name[:2])
    if most is None:
        return
    texts = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    count = sum(len(re.findall(r"\w+", text)) for text in texts)  # links and formulas, too
    if count > most:
        yield f"has {count} words, not {most}"
    cells = [(n, cell) for n, cell in code_cells(nb) if "claims" not in tags(cell)]
    if len(cells) > MAX_CODE_CELLS:
        yield f"has {len(cells)} code cells, not {MAX_CODE_CELLS}"
    for n, cell in cells:
        lines = [] if cell.id.endswith(("-imports", "-recipe")) else code_lines(cell)
        if len(lines) > SHORT_LINES:
            yield f"cell {n} has {len(lines)} lines of code, not {SHORT_LINES}"
        if wide := [line for line in cell.source.splitlines() if len(line) > SHORT_WIDTH]:
            yield f"cell {n} has a line of {len(wide[0])} characters, not {SHORT_WIDTH}"


FOR_ALL = [
    valid,
    normal_form,
    executed_in_order,
    clean_outputs,
    no_machine_paths,
    small,
    short_cells,
    known_tags,
    finished,
    figures_explained,
    links_resolve,
]
FOR_LESSONS = [
    title,
    chained,
    opening,
    reading_time,
    imports_first,
    one_knobs_cell,
    numbered_sections,
    closing,
    proof_apart,
    said_numbers_are_proved,
    claims_quote_the_text,
    summaries_are_claimed,
    short,
]
