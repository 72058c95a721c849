"""A file that remembers the trials of a search: one line of JSON each, only ever added to."""

import json
import warnings
from pathlib import Path

import joblib


class TrialLog(dict):
    """What a trial's (outer fold, rung, number) has found, kept in a file if `path` is not None.

    `identity` is all that decides about the scores: a file of another search is refused.
    """

    def __init__(self, path, identity):
        self.path = None if path is None else Path(path)
        if self.path is None:
            return
        if not self.path.resolve().parent.is_dir():
            raise FileNotFoundError(f"log={str(path)!r}: there is no folder to keep it in.")
        header = {"search": joblib.hash(identity)}
        if not self.path.exists() or not self.path.stat().st_size:
            self._append(header)
            return
        lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        entries = [_parse(line) for line in lines if line.strip()]
        if entries[:1] != [header]:
            raise ValueError(
                f"log: {self.path} is of another search: other data, folds, space or settings. "
                "Pass another file, or the arguments that it was made with."
            )
        if n_damaged := entries.count(None):
            warnings.warn(
                f"log: {n_damaged} lines of {self.path} can't be read; their trials run again.",
                stacklevel=5,
            )
        for entry in entries[1:]:
            if entry is not None:
                super().__setitem__(tuple(entry.pop("trial")), entry)
        if lines[-1]:
            self._write("\n")  # an interrupted line ends here

    def __setitem__(self, key, found):
        """Remember a trial; one that failed will be tried again."""
        super().__setitem__(key, found)
        if self.path is not None and "raised" not in found:
            self._append({"trial": list(key)} | found)

    def _append(self, entry):
        self._write(json.dumps(entry) + "\n")

    def _write(self, text):
        with self.path.open("a", encoding="utf-8") as file:
            file.write(text)


def _parse(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
