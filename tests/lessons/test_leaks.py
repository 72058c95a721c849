"""What a lesson scores has no part in what it chooses or fits: other labels there, the same choice.

Cells are run as they stand in the lesson, with small tables in place of networks' probabilities.
"""

import nbformat
import notebook_form as form
import numpy as np
import pandas as pd
import pytest

RNG = np.random.default_rng(1)


def run(lesson, *cells, **given):
    """Run some cells of a lesson in their order; return all names, those given included."""
    (path,) = [path for path in form.lessons() if path.name.startswith(lesson)]
    sources = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    names = dict(given)
    for cell in cells:
        exec(compile(sources[f"{lesson}-{cell}"], f"{lesson}-{cell}", "exec"), names)
    return names


def labels_and_probabilities(n_rows, n_labels=3):
    p = RNG.random((n_rows, n_labels))
    return (RNG.random(p.shape) < p).astype(int), p


def test_05_chooses_on_one_half_and_scores_on_the_other():
    names = run("05", "imports", "knobs", "prevalence")
    names["has_label"], names["p_new"] = RNG.random(400) < 0.5, RNG.random(400)
    before = run("05", "rarity", **names)["rarity"]
    names["has_label"][1::2] ^= True
    after = run("05", "rarity", **names)["rarity"]
    np.testing.assert_array_equal(before["chosen"], after["chosen"])
    assert (before["F1, chosen threshold"] != after["F1, chosen threshold"]).all()


@pytest.fixture
def studies():
    """The names of lesson 08 before it chooses: two studies of 300 rows, of which 100 are fresh."""
    rows = np.arange(600).reshape(2, 300)
    names = run("08", "imports", "knobs") | {"train": rows[:, :200], "fresh": rows[:, 200:]}
    names["y"], names["p"] = labels_and_probabilities(600)
    return names | {"N_TEST": 100, "N_SMALL": 25}


def test_08_promises_no_threshold_that_knows_the_fresh_rows(studies):
    before = run("08", "gain", "kept", **studies)
    studies["y"][studies["fresh"]] ^= 1
    after = run("08", "gain", "kept", **studies)
    for name in ["searched", "half"]:
        np.testing.assert_array_equal(before[name], after[name])
    assert (before["kept"] != after["kept"]).any(axis=None)


def test_08_decides_fresh_rows_by_the_training_rows(studies):
    chosen = []

    def one_study():
        names = run("08", "gain", "study", **studies)
        names["decide"] = lambda p, sets, macro, micro: chosen.append([*macro, micro]) or {}
        names["pd"] = None  # it would go on to score
        with pytest.raises((AttributeError, TypeError)):
            names["one_study"](studies["train"][0], studies["fresh"][0], studies["p"], studies["p"])

    one_study()
    studies["y"][studies["fresh"]] ^= 1
    one_study()
    assert chosen[0] == chosen[1]


def test_08_leaks_only_where_it_says_so(studies):
    """Of two parts, the first is scored: by thresholds from itself, and by those from the other."""
    chosen = []

    def thresholds_used():
        names = run("08", "gain", **studies)
        used = []
        names["gain"] = lambda rows, at: used.append(list(at)) or 0.0
        run("08", "leak", **names)
        return used

    chosen.append(thresholds_used())
    for of in studies["fresh"]:
        for scored in np.array_split(of, 4)[::2]:
            studies["y"][scored] ^= 1
    chosen.append(thresholds_used())
    before, after = chosen
    assert before[1::2] == after[1::2]
    assert before[::2] != after[::2]


def test_09_scales_by_the_training_sets():
    names = run("09", "imports")
    names["y"], p = labels_and_probabilities(400)
    names["samples"] = np.arange(200).reshape(2, 100)
    names |= {"p_fresh": {"short": p[200:]}, "p_held_out": {"short": p[names["samples"]]}}
    before = run("09", "fit", **names)["found"]["short"]
    names["y"][200:] ^= 1
    np.testing.assert_array_equal(before, run("09", "fit", **names)["found"]["short"])


def test_11_chooses_by_the_other_folds():
    names = run("11", "imports", "knobs") | {"question": "q", "units": None}
    names["y"], p = labels_and_probabilities(120)
    names["asked"] = type("Result", (), {"probabilities": p[None], "labels": [None]})
    names["folds"] = {
        "q": [(np.arange(60), np.arange(60, 120)), (np.arange(60, 120), np.arange(60))]
    }
    names |= {"interval": lambda *_, **__: (0, 0, 0), "score": lambda *_: 0}
    before = run("11", "choose", "gain", **names)["decided"]
    names["y"][60:] ^= 1
    after = run("11", "choose", "gain", **names)["decided"]
    np.testing.assert_array_equal(before[60:], after[60:])
    assert (before[:60] != after[:60]).any()


def test_12_chooses_by_the_training_rows():
    names = run("12", "imports", "knobs")
    names["y"], names["held_out"] = labels_and_probabilities(300)
    names["train"] = [np.arange(100), np.arange(100, 200)]
    before = run("12", "choose", **names)["chosen"]
    names["y"][200:] ^= 1
    after = run("12", "choose", **names)["chosen"]
    for rule, found in before.items():
        np.testing.assert_array_equal(found, after[rule])


def test_07_fits_on_the_training_rows_only():
    names = run("07", "imports", "few")
    splits = list(
        names["RepeatedKFold"](n_splits=10, n_repeats=1, random_state=1).split(np.zeros(100))
    )
    fitted, lstsq = [], np.linalg.lstsq

    def spy(Z, sides, **settings):
        fitted.append(len(Z))
        return lstsq(Z, sides, **settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np.linalg, "lstsq", spy)
        names["few_right"](np.random.default_rng(1), splits)
    assert fitted == [90] * 10


def test_13_promises_by_rows_that_the_model_was_not_fitted_on():
    fitted, predicted = set(), []

    class Spy:
        def fit(self, X, y):
            fitted.update(X.index)
            return self

        def predict(self, X):
            predicted.append(set(X.index))
            return np.zeros((len(X), 2), dtype=int)

    names = run("13", "imports") | {"linear": Spy(), "X": pd.DataFrame({"text": ["a"] * 60})}
    names["y"] = np.zeros((60, 2), dtype=int)
    names = run("13", "leak", **names)
    study, new = np.arange(40), np.arange(40, 60)
    names["promise_and_truth"](np.arange(60) // 2, study, new, seed=1)
    held_out, unseen = predicted
    assert held_out | fitted == set(study) and unseen == set(new)
    assert not held_out & fitted
    # Both translations of a message are on one side.
    assert {row // 2 for row in held_out}.isdisjoint(row // 2 for row in fitted)
