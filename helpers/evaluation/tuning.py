"""Search for good hyperparameters: random or grid search, with or without halving. Lesson 14."""

import contextlib
import functools
import inspect
import time
import warnings
from dataclasses import dataclass
from numbers import Integral, Number

import keras
import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid, ParameterSampler

from helpers._arguments import check_rows
from helpers._progress import progress_bar
from helpers.evaluation.cross_validation import (
    check_data,
    evaluate_models,
    with_defaults,
    with_masked_loss,
)
from helpers.evaluation.trial_log import TrialLog
from helpers.labels import find_label_sets
from helpers.metrics import SCORES
from helpers.preprocessing import transform
from helpers.results import corrected_std_error
from helpers.splits import number_groups, split_rows
from helpers.training import Settings, train_model

# Arguments of evaluate_model that a search may vary; all else in `space` is for make_model.
TRAINING = ("epochs", "batch_size")
# Networks of one call: enough to share programs and weights, few enough for memory, and fewer where
# a log is to keep them soon.
MAX_NETWORKS, MAX_LOGGED, MAX_PROBABILITIES = 500, 100, 20_000_000


@dataclass(frozen=True)
class TuningResult:
    """All trials of a search, and the best of them.

    Attributes
    ----------
    trials : DataFrame
        A row for each trial; with halving, one for each trial and rung. Columns: ``trial`` and
        ``rung``, counted from 0; the settings; ``n_train`` (rows, mean of the folds); ``n_epochs``
        of a network (with early stopping the mean of those that were trained); ``score``, the mean
        of the folds; ``std_error``, the corrected standard error of that mean; ``seconds``; and
        ``error``, why a trial has no score, or None.
    best_settings : dict
        Of the trial with the best score, in the last rung.
    best_score : float
        Its score. It is optimistic: the best of many was picked on the same rows
        (`nested_cross_validation` tells how much).
    model : keras.Model or None
        With these settings, trained on all rows; None without ``refit``.
    preprocess : transformer or None
        Fitted on all rows, for `model`.
    n_networks : int
        How many were trained or read from a log, without `model`.
    seconds : float
        What the search took, without trials that were read from a log.
    """

    trials: pd.DataFrame
    best_settings: dict
    best_score: float
    model: keras.Model | None
    preprocess: object
    n_networks: int
    seconds: float


def tune_model(
    make_model,
    space,
    X,
    y,
    n_trials=30,
    metric="subset_accuracy",
    cv=5,
    halving=None,
    factor=3,
    n_rungs=3,
    seed=1,
    log=None,
    refit=True,
    progress=True,
    **settings,
):
    """Try many settings of a Keras model by cross-validation, and train the best one on all rows.

    Settings that change nothing but numbers, such as the learning rate, share one compiled program;
    each other number of units or batch size takes a second or two to compile.

    Parameters
    ----------
    make_model : callable
        ``make_model(n_inputs, n_outputs, **chosen)``, else as in `evaluate_model`.
    space : dict
        For each argument of `make_model` to be tuned, a list of values or a distribution, as in
        `sklearn.model_selection.RandomizedSearchCV`: ``{"learning_rate": loguniform(1e-4, 1e-1)}``.
        ``"epochs"`` and ``"batch_size"`` are those of training.
    X, y
        As in `evaluate_model`.
    n_trials : int or None, default=30
        How many settings are drawn; None tries every combination of lists, a grid search.
    metric : str, default="subset_accuracy"
        A column of `EvaluationResult.scores`. Of a loss, the smallest is the best.
    cv
        As in `evaluate_model`; 5 folds by default.
    halving : {"epochs", "rows"} or None, default=None
        Successive halving: all trials begin with a small share of the epochs, or of the training
        rows; the best go on to the next rung, with more of it, until few have all. Each rung trains
        anew, on the same folds.
    factor : int, default=3
        One in `factor` goes on, to `factor` times as much.
    n_rungs : int, default=3
    seed : int, default=1
        Decides which settings are drawn, and all else that `evaluate_model`'s does.
    log : str or Path, optional
        A file that keeps each trial as a line of JSON as soon as it is finished. If the search is
        interrupted, the same call with the same file goes on where it stopped.
    refit : bool, default=True
        Train a model with the best settings on all rows.
    progress : bool, default=True
    **settings
        The other arguments of `evaluate_model`, such as ``epochs``, ``preprocess`` or ``groups``.

    Returns
    -------
    TuningResult

    Warns
    -----
    UserWarning
        Once, of trials without a score; ``trials["error"]`` has the reasons.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, what was found and what to do. If every trial fails, what the first of
        them raised.

    References
    ----------
    Bergstra and Bengio, Random search for hyper-parameter optimization, JMLR 13 (2012); Jamieson
    and Talwalkar, Non-stochastic best arm identification and hyperparameter optimization (2016).

    Examples
    --------
    >>> from helpers.data import make_dataset
    >>> from helpers.models import make_mlp
    >>> X, y = make_dataset(n_samples=100)
    >>> space = {"learning_rate": [0.001, 0.01, 0.1]}
    >>> found = tune_model(make_mlp, space, X, y, n_trials=None, epochs=5, progress=False)
    >>> len(found.trials), found.n_networks, found.model.output_shape
    (3, 15, (None, 3))
    """
    drawn, settings = draw_settings(make_model, space, n_trials, seed), with_defaults(settings)
    search = Search(make_model, X, y, drawn, metric, halving, factor, n_rungs, settings)
    folds = search.split(cv)
    with search.running(log, [folds], seed, progress) as run:
        trials = run(folds, seed)
    chosen, score = search.best_of(trials)
    model = preprocess = None
    if refit:
        model, preprocess = search.refit(chosen, seed)
    n_networks, seconds = len(folds) * len(trials), search.seconds
    return TuningResult(trials, chosen, score, model, preprocess, n_networks, seconds)


@dataclass
class Search:
    """What `tune_model` and `nested_cross_validation` have in common."""

    make_model: object
    X: object
    y: object
    drawn: list  # of dict: the settings of each trial
    metric: str
    halving: str | None
    factor: int
    n_rungs: int
    settings: dict  # all other arguments of evaluate_model

    def __post_init__(self):
        """Check what no other function would."""
        _check_halving(self.halving, self.factor, self.n_rungs)
        if self.metric not in SCORES:
            raise ValueError(f"metric={self.metric!r}: expected one of {list(SCORES)}.")
        self.n_rungs = self.n_rungs if self.halving else 1
        self.seconds, self._messages = 0.0, {}

    def checked(self):
        """Return features and labels as arrays, or as what `preprocess` takes."""
        settings = self.settings
        return check_data(self.X, self.y, settings["preprocess"], settings["missing_labels"])

    def split(self, cv, rows=None):
        """Return the folds of all rows, or of some, as numbers of rows in the whole table."""
        X, y = self.checked()
        groups = self.settings["groups"]
        if rows is None:
            return split_rows(cv, X, y, groups)
        some = X.iloc[rows] if hasattr(X, "iloc") else X[rows]
        groups = None if groups is None else number_groups(groups, len(y))[rows]
        cv = cv(rows) if callable(cv) else cv
        folds = split_rows(cv, some, y[rows], groups)
        return [(rows[train], rows[test]) for train, test in folds]

    @contextlib.contextmanager
    def running(self, log, all_folds, seed, progress):
        """Yield a function ``run(folds, seed, outer=0)`` that tries all settings on some folds."""
        log = TrialLog(log, [seed, *self._identity(all_folds)])
        total = sum(len(folds) * self._n_epochs() for folds in all_folds)
        begin = time.perf_counter()
        with progress_bar(total, "epoch", progress) as advance:
            yield functools.partial(self._run, log, advance)
        self.seconds = time.perf_counter() - begin
        for message in self._messages:
            warnings.warn(message, stacklevel=4)

    def _identity(self, all_folds):
        """Return all that decides about the scores of a search."""
        name = _name_of(self.make_model)
        settings = {k: v for k, v in self.settings.items() if k not in ("n_jobs", "progress", "cv")}
        parts = [self.X, self.y, all_folds, name, self.drawn, settings, self.metric]
        return [*parts, self.halving, self.factor, self.n_rungs]

    def _rungs(self):
        """Return for each rung how many trials there are, and their share of epochs or rows."""
        return [
            (-(-len(self.drawn) // self.factor**rung), self.factor ** (rung + 1.0 - self.n_rungs))
            for rung in range(self.n_rungs)
        ]

    def _epochs_of(self, trial, share):
        epochs = self.drawn[trial].get("epochs", self.settings["epochs"])
        return max(1, round(share * epochs)) if self.halving == "epochs" else epochs

    def _n_epochs(self):
        """Count the epochs of one fold, in all rungs: roughly, where trials have unequal ones."""
        return sum(
            self._epochs_of(trial, share) for n, share in self._rungs() for trial in range(n)
        )

    def _run(self, log, advance, folds, seed, outer=0):
        """Try all settings on these folds and return the frame of trials."""
        going, frames = list(range(len(self.drawn))), []
        for rung, (n_kept, share) in enumerate(self._rungs()):
            going = going[:n_kept]
            some = shorten(folds, share, seed) if self.halving == "rows" else folds
            rows = {}
            for chunk in self._chunks(going, share, len(folds), log):
                keys = {trial: (outer, rung, trial) for trial in chunk}
                known = {trial: log[key] for trial, key in keys.items() if key in log}
                new = [trial for trial in chunk if trial not in known]
                n_epochs = len(folds) * self._epochs_of(chunk[0], share)  # of each trial
                advance(n_epochs * len(known))
                found = self._score(new, share, some, seed, advance)
                for trial in new:
                    log[keys[trial]] = found[trial]
                rows |= known | found
            frames.append(self._frame(rung, rows, share, some))
            sign = self._sign()
            scored = [trial for trial in rows if rows[trial]["error"] is None]
            going = sorted(scored, key=lambda trial: (-sign * rows[trial]["score"], trial))
        return pd.concat(frames, ignore_index=True)

    def _sign(self):
        return -1 if self.metric.endswith("_loss") else 1

    def _chunks(self, trials, share, n_folds, log):
        """Cut trials into calls: those of one batch size and number of epochs, alike ones near."""

        def kind(trial):
            chosen = self.drawn[trial]
            return self._epochs_of(trial, share), chosen.get("batch_size"), _shape(chosen)

        n_networks = MAX_LOGGED if log.path else MAX_NETWORKS
        most = max(1, min(n_networks // n_folds, MAX_PROBABILITIES // np.size(self.y)))
        chunk = []
        for trial in sorted(trials, key=lambda trial: (repr(kind(trial)), trial)):
            if chunk and (len(chunk) == most or kind(trial)[:2] != kind(chunk[0])[:2]):
                yield chunk
                chunk = []
            chunk.append(trial)
        if chunk:
            yield chunk

    def _score(self, trials, share, folds, seed, advance):
        """Cross-validate some trials, all in one call; if that fails, one by one."""
        if not trials:
            return {}
        training = {"epochs": self._epochs_of(trials[0], share)}
        if "batch_size" in self.drawn[trials[0]]:
            training["batch_size"] = self.drawn[trials[0]]["batch_size"]
        if self.settings["early_stopping"] is None:
            training["validation_freq"] = training["epochs"]  # its curve is not looked at
        begin = time.perf_counter()
        try:
            results = self._evaluate(trials, folds, training, seed, advance)
        except Exception as error:
            if len(trials) == 1:
                return {trials[0]: {"error": _reason(error), "raised": error}}
            found = {}
            for trial in trials:
                found |= self._score([trial], share, folds, seed, lambda done: None)
            return found
        seconds = (time.perf_counter() - begin) / len(trials)
        return {trial: self._scored(result, seconds) for trial, result in results.items()}

    def _evaluate(self, trials, folds, training, seed, advance):
        @contextlib.contextmanager
        def progress(total, unit):
            per_step = training["epochs"] * len(folds) * len(trials) / total  # 1, but for pieces
            yield lambda done: advance(round(done * per_step))

        makers = {
            trial: functools.partial(self.make_model, **for_model(self.drawn[trial]))
            for trial in trials
        }
        settings = self.settings | training | {"cv": folds, "seed": seed, "progress": progress}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", UserWarning)
            results = evaluate_models(makers, self.X, self.y, **settings)
        messages = {str(warning.message) for warning in caught}
        self._messages |= {m: None for m in sorted(messages) if "training diverged" not in m}
        return results

    def _scored(self, result, seconds):
        scores = result.scores[self.metric].to_numpy()
        found = {"score": float(scores.mean()), "std_error": None, "error": None}
        if np.isnan(scores).any():
            lost = [int(fold) for fold in np.flatnonzero(np.isnan(scores))]
            diverged = np.isnan(result.history["loss"]).any() or (result.labels < 0).all()
            why = "training diverged" if diverged else f"there is no {self.metric}"
            found = {"score": None, "std_error": None, "error": f"{why} in folds {lost}"}
        elif len(scores) > 1:
            sizes = zip(*((len(train), len(test)) for train, test in result.folds), strict=True)
            found["std_error"] = float(corrected_std_error(scores, *map(list, sizes)))
        if self.settings["early_stopping"] is not None:
            found["n_epochs"] = float(
                result.history.groupby(["repeat", "fold"])["epoch"].max().mean()
            )
        return found | {"seconds": seconds}

    def _frame(self, rung, rows, share, folds):
        n_train = round(np.mean([len(train) for train, _ in folds]))
        if all(found["error"] is not None for found in rows.values()):
            first = rows[min(rows)]
            raise first.get("raised") or ValueError(
                f"No trial has a score. The first of them: {first['error']}."
            )
        frame = [
            {"trial": trial, "rung": rung}
            | self.drawn[trial]
            | {"n_train": n_train}
            | {"n_epochs": rows[trial].get("n_epochs", self._epochs_of(trial, share))}
            | {name: rows[trial].get(name) for name in ("score", "std_error", "seconds", "error")}
            for trial in sorted(rows)
        ]
        if n_failed := sum(row["error"] is not None for row in frame):
            message = f'{n_failed} of {len(frame)} trials have no score: see trials["error"].'
            self._messages[message] = None
        numbers = dict.fromkeys(("score", "std_error", "seconds"), "float64")
        return pd.DataFrame(frame).astype(numbers)

    def best_of(self, trials):
        """Return the settings and the score of the best trial in the last rung."""
        last = trials[(trials["rung"] == trials["rung"].max()) & trials["score"].notna()]
        best = last.iloc[(-self._sign() * last["score"]).argmin()]
        return self.drawn[best["trial"]], float(best["score"])

    def refit(self, chosen, seed):
        """Train a model with these settings on all rows; return it and the fitted transformer."""
        settings, make_model = self.settings, self.make_model
        X, y = self.checked()
        preprocess = settings["preprocess"]
        if preprocess is not None:
            preprocess = clone(preprocess).fit(X, y)
            X, y = check_rows(transform(preprocess, X), y, lambda y: y)
        if np.isnan(y).any():
            make_model = with_masked_loss(make_model)
        if settings["label_sets"]:
            sets, set_of_row = find_label_sets(y)
            y = np.eye(len(sets), dtype="float32")[set_of_row]
        names = ("epochs", "batch_size", "shuffle", "early_stopping", "jit_compile")
        training = {name: chosen.get(name, settings[name]) for name in names}
        groups = settings["groups"]
        model = train_model(
            functools.partial(make_model, **for_model(chosen)),
            X,
            y,
            seed,
            Settings(**training),
            groups=None if groups is None else number_groups(groups, len(y)),
        )
        return model, preprocess


def _reason(error):
    return f"{type(error).__name__}: {error}"


def _name_of(make_model):
    """Return the name and the code: a function that has changed makes another search."""
    if isinstance(make_model, functools.partial):
        return _name_of(make_model.func), make_model.args, make_model.keywords
    name = getattr(make_model, "__qualname__", type(make_model).__qualname__)
    if not hasattr(make_model, "__code__"):
        return name
    defaults = make_model.__defaults__, sorted((make_model.__kwdefaults__ or {}).items())
    return name, _lasting(make_model.__code__), _lasting(defaults)


def _lasting(part):
    """Return what another process finds the same: a function's code, constants, or a type."""
    if hasattr(part, "co_code"):
        return part.co_code, part.co_names, [_lasting(constant) for constant in part.co_consts]
    if isinstance(part, (list, tuple)):
        return [_lasting(value) for value in part]
    if isinstance(part, frozenset):
        return sorted(map(repr, part))
    is_constant = part is None or isinstance(part, (str, bytes, Number))
    return repr(part) if is_constant else type(part).__name__


def _shape(chosen):
    """Return what may change the shape of a model: all settings but fractions."""
    return {name: value for name, value in chosen.items() if not isinstance(value, float)}


def for_model(chosen):
    """Return the settings that `make_model` takes."""
    return {name: value for name, value in chosen.items() if name not in TRAINING}


def shorten(folds, share, seed):
    """Keep a share of each fold's training rows, drawn so that a larger share has them all."""
    rng, shorter = np.random.default_rng(seed), []
    for train, test in folds:
        drawn = rng.permutation(train)
        n_kept = max(1, round(share * len(train))) if isinstance(share, float) else share
        shorter.append((np.sort(drawn[:n_kept]), test))
    return shorter


def draw_settings(make_model, space, n_trials, seed):
    """Return one dict of settings for each trial, without NumPy's scalars."""
    _check_space(make_model, space)
    is_grid = all(not hasattr(values, "rvs") for values in space.values())
    if n_trials is None:
        if not is_grid:
            names = [name for name, values in space.items() if hasattr(values, "rvs")]
            raise ValueError(f"n_trials=None tries all of space, and {names} are distributions.")
        drawn = list(ParameterGrid(space))
    else:
        if not isinstance(n_trials, Integral) or isinstance(n_trials, bool) or n_trials < 1:
            raise ValueError(f"n_trials: found {n_trials!r}, expected a whole number >= 1 or None.")
        if is_grid and len(ParameterGrid(space)) < n_trials:
            n_there = len(ParameterGrid(space))
            raise ValueError(
                f"n_trials={n_trials}: space has {n_there} combinations only. Pass n_trials=None, "
                "which tries them all."
            )
        drawn = list(ParameterSampler(space, n_trials, random_state=seed))
    return [
        {name: v.item() if isinstance(v, np.generic) else v for name, v in chosen.items()}
        for chosen in drawn
    ]


def _check_space(make_model, space):
    if not isinstance(space, dict) or not space:
        raise TypeError(
            f"space is {space!r}: pass a dictionary with values for at least one argument of "
            'make_model, such as {"learning_rate": [0.001, 0.01]}.'
        )
    parameters = inspect.signature(make_model).parameters
    takes_all = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    known = [*list(parameters)[2:], *TRAINING]
    for name, values in space.items():
        if name == "seed" or not (takes_all or name in known):
            known = [name for name in known if name != "seed"]
            raise ValueError(
                f"space: make_model has no {name!r} to tune; expected some of {known}."
            )
        if not hasattr(values, "rvs") and (
            isinstance(values, str) or not hasattr(values, "__len__") or not len(values)
        ):
            raise ValueError(
                f"space[{name!r}] is {values!r}: expected a list of values, or a distribution "
                "such as scipy.stats.loguniform(1e-4, 1e-1)."
            )


def _check_halving(halving, factor, n_rungs):
    if halving not in (None, "epochs", "rows"):
        raise ValueError(f"halving: found {halving!r}, expected 'epochs', 'rows' or None.")
    for name, value in (("factor", factor), ("n_rungs", n_rungs)):
        if not isinstance(value, Integral) or isinstance(value, bool) or value < 2:
            raise ValueError(f"{name}: found {value!r}, expected a whole number >= 2.")
