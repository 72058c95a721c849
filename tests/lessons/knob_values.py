"""Another sensible value for each knob of each lesson, and how to turn a knob.

A lesson's knobs are the constants in its cell tagged `parameters`. To save time they are not
changed one by one: each block below is one run of the lesson and changes all of them.
No value makes a lesson slower. test_knob_values.py proves that no knob is forgotten;
slow/test_knobs.py runs the lessons.
"""

import ast
import re
from textwrap import dedent

import nbformat

KNOBS = {
    "00_start_here": """
        EPOCHS = 30
        SEED = 3
    """,
    "01_dataset": """
        N_SAMPLES = 800
        N_LABELS = 1
        ALLOW_UNLABELED = False
        RANDOM_STATE = 2
        SEEDS = range(3, 9)
        N_FRESH = 20_000
    """,
    "02_model": """
        SPLIT_SEED = 2
        STEP_SIZE = 0.05
        N_HIDDEN = 10
        EPOCHS = 60
        SEED = 2
        STEPS = 100
        LEARNING_RATE = 0.003
        BATCH_SIZE = 64
    """,
    "03_evaluation": """
        N_SPLITS = 5
        SPLIT_SEED = 2
        EPOCHS = 50
        OTHER_SEEDS = (5, 6)
        N_REPEATS = 2
        SEED = 3
        BATCH_SIZE = 64
        LOOP_FOLDS = 2
    """,
    "04_final_model": """
        MAX_EPOCHS = 150
        SEED = 2
        N_FRESH = 20_000
        TOLERANCE = 0.05
        NEW_ROW = 3
        N_SEEDS = 3
    """,
    "05_metrics": """
        THRESHOLD = 0.8
        K = 1
        N_SPLITS = 5
        LABEL_COUNTS = (3, 20)
        ZERO_DIVISION = 0.0
        SEED = 2
        EPOCHS = 60
        PREVALENCES = (0.4, 0.1)
    """,
    "06_comparison": """
        SPLIT_SEED = 2
        RATES = (0.003, 0.03)
        N_SEEDS = 2
        MAX_DIGITS = 3
        SEED = 2
        HIDDEN = (10,)
        EPOCHS = (10, 30)
        N_PICTURES = 1000
    """,
    "07_error_bars": """
        N_SAMPLES = 30
        N_SPLITS = 5
        N_AGAIN = 5
        SEED = 2
        N_ROWS = 500
        N_NETWORK = 20
        N_REPEATS = 2
        NETWORK_REPEATS = 2
    """,
    "08_decisions": """
        N_STUDIES = 8
        N_TEST = 1_000
        COST_OF_A_MISS = 9
        ROW = 100
        N_TRAIN = 500
        EPOCHS = 60
        SEED = 2
        N_SMALL = 250
    """,
    "09_calibration": """
        EPOCHS = 50
        N_SAMPLES = 3
        N_FRESH = 5_000
        N_BINS = 8
        LONG_EPOCHS = 200
        N_FOLDS = 3
        SEED = 2
        CHANCE_DRAWS = 50
    """,
    "10_dependence": """
        N_TRAIN = 2000
        MAX_DIGITS = 3
        N_ORDERS = 3
        EPOCHS = 15
        N_TEST = 2000
        BEAM_WIDTH = 2
        N_SEEDS = 2
        HIDDEN = (50,)
    """,
    # The user's own table: slow/test_knobs.py writes one with these columns.
    "11_your_data": """
        TABLE = Path("my_table.csv")
        OPTIONS = {"encoding": "utf-8"}
        LABELS = None
        LABEL_COLUMN = "topics"
        SEPARATOR = ","
        DROP = ["id"]
        TEXT = ["note"]
        DATES = []
        GROUP = None
        TIME = "day"
        METRIC = "f1_micro"
        N_NEW = 100
        CATEGORICAL = ["source"]
        MIN_POSITIVES = 5
        SHRINKAGE = 0
        HIDDEN = (32,)
        LEARNING_RATE = 0.005
        MAX_EPOCHS = 60
        N_SPLITS = 4
        SEED = 2
        FOLDER = Path("my_models")
    """,
    "12_rare_labels": """
        METRIC = "hamming_loss"
        SHRINKAGE = 200
        MIN_POSITIVES = 30
        EPOCHS = 20
        FEW_EPOCHS = 5
        N_TRAIN = 2_000
        N_FRESH = 5_000
        STUDIED = 5
        K = 2
        SEED = 2
    """,
    "13_text_and_pictures": """
        CODES = ["cs", "sk", "sv", "de"]
        N_WORDS = 2
        N_ROWS = 2
        N_COLUMNS = 500
        N_REPEATS = 3
        EPOCHS = 5
        N_PICTURES = 300
        PICTURE_EPOCHS = 3
    """,
    "14_tuning": """
        LOW = 0.001
        HIGH = 0.02
        EPOCHS = [5, 8]
        N_TRIALS = 6
        N_FOLDS = 3
        METRIC = "f1_micro"
        N_SAMPLES = 4
        N_ROWS = 90
        N_FRESH = 2_000
        N_SEEDS = 2
        SEED = 2
    """,
    "15_scale": """
        EPOCHS = 50
        BATCH_SIZE = 64
        LOOP_FITS = 1
        LOOP_EPOCHS = 4
        MIDDLE = (50, 64, 5)
        LARGE = (500, 512, 20)
        SIZE_EPOCHS = (10, 1)
        N_RATES = 6
        N_FOLDS = 5
        SEARCH_EPOCHS = 10
        MANY_RATES = 9
        N_WORKERS = 1
        CLUSTER_FOLDS = 2
        CLUSTER_EPOCHS = 1
        TABLE_GB = 50
        READ_MB = 200
        CORES = 16
        PRICE = 0.1
    """,
}


def experiments(path):
    """Return the knobs of each experiment under "Try it", as the lesson's text sets them."""
    text = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
    section = re.split(r"^##", text.partition("\n## Try it\n")[2], flags=re.M)[0]
    items = re.findall(r"^\d\. .*(?:\n(?!\d\. |\n).*)*", section, re.M)
    found = [re.findall(r"`([A-Z][A-Z_]+ = [^`]+)`", item) for item in items]
    return ["\n".join(knobs) for knobs in found if knobs]


def assigned(source):
    """Return the expression behind each name that some code assigns to, as nodes of its syntax.

    Examples
    --------
    >>> list(assigned("N_SPLITS, N_REPEATS = 10, 3  # folds, repeats"))
    ['N_SPLITS', 'N_REPEATS']
    """
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            if isinstance(target, ast.Tuple):
                names, values = target.elts, node.value.elts
            else:
                names, values = [target], [node.value]
            found |= {name.id: value for name, value in zip(names, values, strict=True)}
    return found


def turn_knobs(source, block):
    """Return the source of a cell of knobs with other values, as if typed over the old ones.

    Examples
    --------
    >>> turn_knobs("N_SPLITS, N_REPEATS = 10, 3  # folds, repeats", "N_REPEATS = 2")
    'N_SPLITS, N_REPEATS = 10, 2  # folds, repeats'
    >>> turn_knobs("A = 1\\nNAMES = [\\n    'a',\\n]  # two\\nB = 2", "A = 3; NAMES = ['b']; B = 4")
    "A = 3\\nNAMES = ['b']  # two\\nB = 4"
    """
    block = dedent(block)
    lines = source.splitlines(keepends=True)
    old, new = assigned(source), assigned(block)
    # From the end, so that places before it stay as they are.
    order = sorted(new, key=lambda name: (old[name].lineno, old[name].col_offset), reverse=True)
    for name in order:
        node = old[name]
        first, last = node.lineno - 1, node.end_lineno  # of a value that stretches over lines
        before = lines[first].encode()[: node.col_offset]  # the offsets count bytes
        after = lines[last - 1].encode()[node.end_col_offset :]
        value = ast.get_source_segment(block, new[name]).encode()
        lines[first:last] = [(before + value + after).decode()]
    return "".join(lines)
