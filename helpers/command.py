"""The command ``python -m helpers``: a saved model for those who have no notebook open."""

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

import pandas as pd

from helpers.table_files import check_header, reader_for

CHUNK = 20_000  # rows that are in memory at a time


def main(arguments=None):
    """Run the command.

    Parameters
    ----------
    arguments : list of str, optional
        None takes those of the command line.

    Returns
    -------
    int
        The exit status: 0 if all went well, 1 if the input is bad.

    Examples
    --------
    >>> main(["describe", "no/such.model"])
    1
    """
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (OSError, TypeError, ValueError, pd.errors.ParserError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m helpers", description=main.__doc__)
    parser.description = "Use a model that helpers.persistence.save_model has saved."
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    predict = commands.add_parser(
        "predict",
        help="write the probabilities and labels of each row of a table",
        description="Write the probabilities and labels of each row of a table, piece by piece: "
        "the table may be larger than memory.",
    )
    predict.add_argument("model", type=Path, metavar="MODEL", help="a file saved by save_model")
    predict.add_argument("table", type=Path, metavar="TABLE", help="a .csv or .tsv file")
    predict.add_argument(
        "-o", "--output", type=Path, required=True, metavar="PREDICTIONS", help="a .csv file"
    )
    predict.add_argument("--overwrite", action="store_true", help="replace PREDICTIONS")
    predict.set_defaults(run=_predict)
    describe = commands.add_parser("describe", help="say what a model takes and gives")
    describe.add_argument("model", type=Path, metavar="MODEL", help="a file saved by save_model")
    describe.set_defaults(run=_describe)
    return parser


def _load(path):
    # Here, not above: TensorFlow takes seconds, which a wrong argument should not cost.
    import helpers.quiet  # noqa: F401, I001
    from helpers.persistence import load_model

    return load_model(path)


def _describe(options):
    predictor = _load(options.model)
    texts = set(predictor.text_features)
    print(f"saved     {predictor.created}, with", end=" ")
    print(", ".join(f"{name} {version}" for name, version in predictor.versions.items()))
    print(f"features  {len(predictor.feature_names)}:", end=" ")
    print(", ".join(f + (" (text)" if f in texts else "") for f in predictor.feature_names))
    print(f"gaps      {'are filled' if predictor.imputes else 'are refused'}")
    print(f"labels    {len(predictor.label_names)}, predicted from these probabilities on:")
    for name, threshold in zip(predictor.label_names, predictor.thresholds, strict=True):
        print(f"          {name}: {threshold:g}")
    print("scores    " + ("none were saved" if not predictor.scores else "when it was saved:"))
    for name, score in predictor.scores.items():
        print(f"          {name}: {score:.3f}")


def _predict(options):
    output = options.output
    if output.exists() and not options.overwrite:
        raise FileExistsError(f"{output} exists already; pass --overwrite to replace it.")
    if not output.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {output.parent}; make it first.")
    if not options.table.is_file():
        raise FileNotFoundError(f"there is no file {options.table}.")
    keywords = reader_for(options.table)
    check_header(options.table, keywords)
    predictor = _load(options.model)
    dtype = dict.fromkeys(predictor.text_features, str)
    n_rows = 0
    with (
        _whole_or_nothing(output) as file,
        pd.read_csv(options.table, chunksize=CHUNK, dtype=dtype, **keywords) as chunks,
    ):
        for chunk in chunks:
            _predictions(predictor, chunk, n_rows).to_csv(
                file, index=False, header=n_rows == 0, lineterminator="\n"
            )
            n_rows += len(chunk)
        if not n_rows:
            raise ValueError(f"{options.table} has no rows.")
    print(f"{n_rows} rows -> {output}")


def _predictions(predictor, chunk, start):
    """Probabilities and labels of a piece of the table, with the number of each row in it."""
    known = [name for name in chunk.columns if name in predictor.feature_names]
    try:
        probabilities = predictor.predict_proba(chunk[known])
    except ValueError as error:
        where = f" (row 0 here is row {start} of the table)" if start else ""
        raise ValueError(f"{error}{where}") from error
    columns = {"row": range(start, start + len(chunk))}
    for label, name in enumerate(predictor.label_names):
        columns[f"{name}_probability"] = probabilities[:, label].astype("float64").round(6)
    for label, name in enumerate(predictor.label_names):
        columns[name] = (probabilities[:, label] >= predictor.thresholds[label]).astype(int)
    return pd.DataFrame(columns)


@contextlib.contextmanager
def _whole_or_nothing(path):
    """Write beside the path, and move there when all is written."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-", suffix=".csv")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(name, path)
    except BaseException:
        Path(name).unlink()
        raise
