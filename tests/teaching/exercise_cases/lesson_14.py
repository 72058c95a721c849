"""Answers to the exercises of lesson 14."""

from exercise_cases.cases import Case


def good(trials, own_error=False):
    """Return the trials that are good, by the best one's error or by their own."""
    best = trials.loc[trials["score"].idxmax()]
    error = trials["std_error"] if own_error else best["std_error"]
    return trials[trials["score"] >= best["score"] - error]


def cheapest_good(trials):
    """Sort the good ones by epochs, then by score."""
    return good(trials).sort_values(["epochs", "score"], ascending=[True, False])["trial"].iloc[0]


def in_two_steps(trials):
    """Keep those of the fewest epochs, then take the best."""
    some = good(trials)
    some = some[some["epochs"] == some["epochs"].min()]
    return int(some.loc[some["score"].idxmax(), "trial"])


def by_own_error(trials):
    """Take each trial's own error."""
    return good(trials, own_error=True).sort_values("epochs")["trial"].iloc[0]


def cost(n_trials, inner, outer, epochs):
    """Count searches with their winners."""
    return (outer + 1) * (n_trials * inner + 1) * epochs


CASES = {
    "14.1": Case(
        right=[cheapest_good, in_two_steps],
        wrong=[
            (lambda t: t.loc[t["score"].idxmax(), "trial"], "This is the best trial"),
            (lambda t: 8, "Which of them scores higher"),
            (by_own_error, "not the trial's own"),
            (lambda t: t.loc[t["epochs"].idxmin(), "trial"], "the cheapest of all"),
            (lambda t: 9, "no score"),
            (lambda t: 20, "What is its number"),
            (lambda t: 4, "First the best score"),
            (lambda t: [1, 8], "One number is asked for"),
        ],
    ),
    "14.2": Case(
        right=[cost],
        wrong=[
            (lambda n, i, o, e: n * i * o * e, "Count the winners"),
            (lambda n, i, o, e: o * (n * i + 1) * e, "last search on all rows"),
            (lambda n, i, o, e: (o + 1) * n * i * e, "trained once more"),
            (lambda n, i, o, e: (o + 1) * n * i * e + o * e, "has a refit, too"),
            (lambda n, i, o, e: cost(n, i, o, 1), "These are networks"),
            (lambda n, i, o, e: o * n * i * e + e, "Each outer fold trains a winner"),
            (lambda n, i, o, e: (o + 1) * (n + 1) * e, "in each inner fold"),
            (lambda n, i, o, e: 7, "Count one search first"),
        ],
    ),
}
