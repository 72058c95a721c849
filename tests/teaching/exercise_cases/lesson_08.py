"""Answers to the exercises of lesson 08."""

import numpy as np

from exercise_cases.cases import Case
from helpers.data import Oracle, make_fresh_rows
from helpers.metrics import predict_labels
from helpers.thresholds import choose_threshold, choose_thresholds

X, y_fresh = make_fresh_rows(2000)
oracle = Oracle()
set_proba = oracle.label_set_proba(X)
by_set, by_label = oracle.predict(X), predict_labels(oracle.predict_proba(X), 0.5)
sets = [tuple(row) for row in oracle.label_sets]
of_labels = [p[sets.index(tuple(row))] for p, row in zip(set_proba, by_label, strict=True)]


def one_a_label(y, p):
    return choose_thresholds(y, p, thresholds=np.arange(1, 10) / 10)


def decide(search=lambda train, test: train, choose=one_a_label, more=np.greater_equal):
    """Make an answer that searches these rows, in this way."""

    def answer(y, p, folds):
        labels = np.zeros_like(y)
        for train, test in folds:
            rows = search(train, test)
            labels[test] = more(p[test], choose(y[rows], p[rows]))
        return labels

    return answer


def only_last(y, p, folds):
    return decide()(y, p, folds[-1:])


def one_for_all(y, p):
    return choose_threshold(y, p, metric="f1_macro", thresholds=np.arange(1, 10) / 10)


def all_rows(train, test):
    return np.concatenate([train, test])


CASES = {
    "08.1": Case(
        right=[set_proba.max(axis=1).mean(), np.float64(np.mean([max(p) for p in set_proba]))],
        wrong=[
            (set_proba.max(axis=1), "one probability per row"),
            ((by_set == y_fresh).all(axis=1).mean(), "What did it expect"),
            (np.mean(of_labels), "label by label"),
            (set_proba.max(axis=1).sum(), "take their share"),
            (set_proba.mean(axis=0).max(), "*all* rows"),
            (set_proba.mean(), "add up to 1"),
            (100 * set_proba.max(axis=1).mean(), "not a percentage"),
            (set_proba.max(axis=0).mean(), "along each row"),
            (set_proba.max(), "most certain"),
            (round(set_proba.max(axis=1).mean(), 4), "report it unrounded"),
            (0.5, "With which probability"),
        ],
        given={
            "set_proba": set_proba,
            "by_label": by_label,
            "by_set": by_set,
            "label_sets": oracle.label_sets,
            "y_fresh": y_fresh,
        },
    ),
    "08.2": Case(
        right=[decide(), lambda y, p, folds: decide()(y, p, folds).astype(bool)],
        wrong=[
            (decide(search=lambda train, test: test), "the leak"),
            (decide(search=all_rows), "a leak, too"),
            (decide(choose=one_for_all), "share one threshold"),
            (decide(more=np.greater), "use >="),
            (lambda y, p, folds: p >= 0.5, "0.5"),
            (lambda y, p, folds: y, "true labels"),
            (lambda y, p, folds: p, "predict the label"),
            (only_last, "Only one part"),
            (lambda y, p, folds: one_a_label(y, p), "should have the shape"),
            (lambda y, p, folds: 1 - y, "For each pair"),
        ],
    ),
}
