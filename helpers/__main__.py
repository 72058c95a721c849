"""The command ``python -m helpers``: a saved model for those who have no notebook open."""

import argparse
import csv
import os
import re
import signal
import sys
from pathlib import Path

try:
    import pandas as pd

    from helpers._files import whole_file
    from helpers.tables import GAPS, TextTable, note_of_total
except ModuleNotFoundError as error:
    sys.exit(
        f"error: this Python ({sys.executable}) has no {error.name}. Use that of the workshop: "
        "in its folder, write .venv/bin/python instead of python (.venv\\Scripts\\python on "
        "Windows); with conda, run `conda activate multilabel-workshop` first."
    )

CHUNK = 20_000  # rows that are in memory at a time
READER_OPTIONS = ["sep", "decimal", "thousands", "encoding", "index_col", "na_values"]


def main(arguments=None):
    """Run the command: ``predict`` or ``describe``, with arguments as on the command line.

    Returns the exit status: 0 if all went well, 1 if the input is bad, 130 if it was interrupted.
    For arguments that it does not understand the command ends with 2.
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, TypeError, ValueError) as error:
        print(f"error: {_in_our_words(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        return 130
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m helpers",
        description="Use a model that helpers.persistence.save_model has saved.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    predict = commands.add_parser(
        "predict",
        help="write the probabilities and labels of each row of a table",
        description="Write the probabilities and labels of each row of a table, piece by piece: "
        "the table may be larger than memory. Gaps are what pandas takes for one: empty, NA, None.",
    )
    predict.add_argument("model", type=Path, metavar="MODEL", help="a file saved by save_model")
    predict.add_argument("table", type=Path, metavar="TABLE", help="a .csv or .tsv file")
    predict.add_argument(
        "-o", "--output", type=Path, required=True, metavar="PREDICTIONS", help="a .csv file"
    )
    predict.add_argument("--overwrite", action="store_true", help="replace PREDICTIONS")
    reading = predict.add_argument_group("how TABLE is read")
    reading.add_argument("--sep", type=_character, help=r"between columns, such as ; or \t")
    reading.add_argument("--decimal", type=_character, help="the decimal mark, such as ,")
    reading.add_argument("--thousands", type=_character, help="between thousands, such as .")
    reading.add_argument("--encoding", help="such as cp1252 or utf-16; otherwise UTF-8")
    reading.add_argument("--na-values", action="append", help="a gap, such as ?; may be repeated")
    reading.add_argument("--index-col", type=int, help="0 if the first column numbers the rows")
    predict.add_argument(
        "--id-columns",
        type=_names,
        action="extend",
        default=[],
        metavar="A,B",
        help="columns of TABLE, such as a customer's number, that are copied into PREDICTIONS",
    )
    predict.add_argument(
        "--allow-unknown", action="store_true", help="take a column of which no value is known"
    )
    predict.set_defaults(run=_predict)
    describe = commands.add_parser("describe", help="say what a model takes and gives")
    describe.add_argument("model", type=Path, metavar="MODEL", help="a file saved by save_model")
    describe.set_defaults(run=_describe)
    return parser


def _character(text):
    character = "\t" if text == r"\t" else text
    if len(character) != 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not one character")
    return character


def _names(text):
    return next(csv.reader([text], skipinitialspace=True), [])


def _load(path):
    # Here, not above: TensorFlow takes seconds, which a wrong argument should not cost.
    import helpers.quiet  # noqa: F401
    from helpers.persistence import load_model

    return load_model(path)


def _describe(options):
    predictor = _load(options.model)
    versions = ", ".join(f"{name} {version}" for name, version in predictor.versions.items())
    kinds = dict.fromkeys(predictor.text_features, " (text)")
    kinds |= dict.fromkeys(predictor.date_features, " (date)")
    features = [name + kinds.get(name, "") for name in predictor.feature_names]
    print(f"saved     {predictor.created}, with {versions}")
    if predictor.takes_pictures:
        print(f"takes     pictures: an array of shape {_shape_of_pictures(predictor)}")
    else:
        print(f"features  {len(features)}: {', '.join(features)}")
        print(f"gaps      {'are filled' if predictor.imputes else 'are refused'}")
    print(f"labels    {len(predictor.label_names)}, predicted from these probabilities on:")
    for name, threshold in zip(predictor.label_names, predictor.thresholds, strict=True):
        print(f"          {name}: {threshold:g}")
    print(f"scores    {'when it was saved:' if predictor.scores else 'none were saved'}")
    for name, score in predictor.scores.items():
        print(f"          {name}: {score:.3f}")


def _shape_of_pictures(predictor):
    return f"({', '.join(['rows', *map(str, predictor.input_shape)])})"


def _predict(options):
    output = _check_output(options)
    if not options.table.is_file():
        raise FileNotFoundError(f"there is no file {options.table.absolute()}.")
    given = {name: getattr(options, name) for name in READER_OPTIONS}
    table = TextTable(
        options.table, {name: value for name, value in given.items() if value is not None}
    )
    predictor = _load(options.model)
    if predictor.takes_pictures:
        raise ValueError(
            f"{options.model} takes pictures, arrays of shape {_shape_of_pictures(predictor)}, and "
            "no table: in Python, use helpers.persistence.load_model(path).predict(pictures)."
        )
    from helpers.persistence import UnknownCategories  # not above: see _load

    names = _output_names(predictor.label_names, _check_ids(options.id_columns, table.columns))
    extra = [name for name in table.columns if name not in predictor.feature_names]
    _print_notes(table.notes)
    left_out = [name for name in extra if name not in options.id_columns]
    _print_notes([f"columns {left_out} are unknown to the model, left out"] if left_out else [])
    texts, unknown, n_rows = [*predictor.text_features, *extra], UnknownCategories(), 0
    no_gaps = predictor.categories | dict.fromkeys(set(options.id_columns) & set(extra), GAPS)
    with (
        whole_file(output, options.overwrite) as path,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        for chunk in table.pieces(texts, CHUNK, no_gaps):
            if chunk.empty:
                raise ValueError(f"{options.table} has no rows.")
            features = chunk.drop(columns=extra, errors="ignore")  # one may be the index
            ids = [chunk.get(name, chunk.index) for name in options.id_columns]
            predictions = _predictions(predictor, features, n_rows, names, unknown, ids)
            predictions.to_csv(file, index=False, header=not n_rows, lineterminator="\n")
            n_rows += len(chunk)
            total = note_of_total(chunk)
        _print_notes(unknown.messages(options.allow_unknown))
        _print_notes([total] if total else [])
    print(f"{n_rows} rows -> {options.output}")


def _print_notes(notes):
    for note in notes:
        print(f"note: {_in_our_words(note)}", file=sys.stderr)


def _in_our_words(message):
    """Name the options of the command, where the reader names the arguments of read_table."""
    for name in READER_OPTIONS:
        option = "--" + name.replace("_", "-")
        message = re.sub(rf"\b{name}=\[(.*?)\]", rf"{option} \1", message)
        message = re.sub(rf"\b{name}=(?=['\"\d])", f"{option} ", message)
        message = re.sub(rf"\b{name}=", option, message)
    return message


def _check_output(options):
    output = options.output.resolve()
    if output.exists() and not options.overwrite:
        raise FileExistsError(f"{options.output} exists already; pass --overwrite to replace it.")
    if output.suffix.lower() in (".gz", ".bz2", ".xz", ".zip", ".zst", ".parquet", ".xlsx"):
        raise ValueError(f"{options.output}: plain text is written; name a .csv file.")
    if output.exists() and not output.is_file():
        raise OSError(f"{options.output} is no ordinary file, and can't be replaced.")
    if output in (options.table.resolve(), options.model.resolve()):
        raise ValueError(f"{options.output} is what is to be read; write to another file.")
    if not output.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {options.output.parent}; make it first.")
    return output


def _check_ids(names, columns):
    missing = [name for name in names if name not in columns]
    if missing:
        raise ValueError(f"--id-columns: TABLE has no columns {missing}; it has {columns[:20]}.")
    return names


def _output_names(labels, ids=()):
    names = ["row", *ids, *(f"{label}_probability" for label in labels), *labels]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"the output would have two columns {twice}: save the model with others, or name "
            "others in --id-columns."
        )
    return names


def _predictions(predictor, chunk, first_row, names, unknown, ids=()):
    probabilities = predictor.predict_proba(chunk, first_row=first_row, unknown=unknown)
    labels = predictor.to_labels(probabilities)
    rows = range(first_row, first_row + len(chunk))
    rounded = probabilities.astype("float64").round(6)
    columns = [rows, *(column.to_numpy() for column in ids), *rounded.T, *labels.T]
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def _interrupt(*_):
    raise KeyboardInterrupt


if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Python's own handler, written in C, raises an exception without a value, which pandas
        # now and then takes for a damaged file.
        signal.signal(signal.SIGINT, _interrupt)
    sys.exit(main())
