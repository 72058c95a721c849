"""A search over learning rates, and what else it could be done with: a table of seconds.

Each line is measured in a process of its own. Whatever trains its networks one by one does a few
of the thousand, and its seconds are scaled up: ``fit`` does what KerasTuner does, or Optuna with a
Keras model, which is a loop of it. scikit-learn uses one process per core.

    python tests/benchmarks/searches.py NAME      (one line, as JSON)
"""

import json
import subprocess
import sys
import time

from tasks import SEED

EPOCHS, N_RATES, N_FOLDS = 100, 100, 10
SOME_RATES, SOME_FITS = 2, 2  # of scikit-learn and of the loop
N_NESTED = {"outer_cv": 5, "n_trials": 30, "cv": 5}


def tuned(epochs=EPOCHS, n_rates=N_RATES, **settings):
    """Search by tune_model; return the number of networks and the best score."""
    tune, make_mlp, space, X, y = _search("tune_model")
    arguments = {"n_trials": n_rates, "cv": N_FOLDS, "epochs": epochs} | settings
    found = tune(make_mlp, space, X, y, seed=SEED, refit=False, progress=False, **arguments)
    return found.n_networks, found.best_score


def halved(epochs=EPOCHS, n_rates=N_RATES):
    """Do the same with successive halving on epochs."""
    return tuned(epochs, n_rates, halving="epochs")


def nested(epochs=EPOCHS, **settings):
    """Search inside each outer fold."""
    cross_validate, make_mlp, space, X, y = _search("nested_cross_validation")
    settings = N_NESTED | settings
    found = cross_validate(
        make_mlp, space, X, y, epochs=epochs, seed=SEED, progress=False, **settings
    )
    n_networks = len(found.trials) * settings["cv"] + settings["outer_cv"]
    return n_networks, found.result.scores["subset_accuracy"].mean()


def scikit_learn(epochs=EPOCHS, n_rates=SOME_RATES):
    """Search by RandomizedSearchCV over MLPClassifiers."""
    import warnings

    from sklearn.model_selection import KFold, RandomizedSearchCV
    from sklearn.neural_network import MLPClassifier

    from helpers.data import make_dataset

    network = MLPClassifier((20,), batch_size=32, alpha=0, tol=0, n_iter_no_change=epochs + 1)
    network.set_params(max_iter=epochs, random_state=SEED)
    space, cv = {"learning_rate_init": _rates()}, KFold(N_FOLDS, shuffle=True, random_state=SEED)
    search = RandomizedSearchCV(
        network, space, n_iter=n_rates, cv=cv, n_jobs=-1, refit=False, random_state=SEED
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of not having converged
        search.fit(*make_dataset())
    return n_rates * N_FOLDS, search.best_score_


def fit_loop(epochs=EPOCHS, n_fits=SOME_FITS):
    """Make a model and fit it, again and again."""
    from helpers.quiet import keras  # noqa: F401  # isort: skip
    from sklearn.metrics import accuracy_score

    from helpers.data import make_dataset
    from helpers.models import make_mlp

    X, y = make_dataset()
    scores = []
    for _, rate in zip(range(n_fits), _rates().rvs(n_fits, random_state=SEED), strict=True):
        model = make_mlp(X.shape[1], y.shape[1], learning_rate=rate, seed=SEED)
        model.fit(X[:900], y[:900], batch_size=32, epochs=epochs, verbose=0)
        scores.append(accuracy_score(y[900:], model(X[900:]).numpy() >= 0.5))
    return n_fits, max(scores)


SEARCHES = {
    "tune_model": tuned,
    "tune_model, halving": halved,
    "nested_cross_validation": nested,
    "RandomizedSearchCV, MLPClassifier": scikit_learn,
    "loop of fit, as tuners do": fit_loop,
}


def search_rows(measured):
    """Turn ``{name: (seconds, networks, score)}`` into rows; scale the slow ones to a thousand."""
    rows = []
    for name, (seconds, n_networks, score) in measured.items():
        whole = n_networks if SEARCHES[name] in (tuned, halved, nested) else N_RATES * N_FOLDS
        rows.append(
            {
                "search": name,
                "networks": whole,
                "networks_run": n_networks,
                "seconds_run": seconds,
                "seconds": seconds * whole / n_networks,
                "best_score": score,
            }
        )
    return rows


def format_searches(rows):
    """Write the rows as text."""
    lines = [f"Searches on the article's task, {EPOCHS} epochs; scaled where 'of' stands"]
    lines.append(f"{'':34}  {'seconds':>8}  {'networks':>12}  {'best score':>10}")
    for row in rows:
        some = row["networks_run"] < row["networks"]
        count = f"{row['networks_run']} of {row['networks']}" if some else f"{row['networks']}"
        lines.append(
            f"{row['search']:34}  {row['seconds']:8.1f}  {count:>12}  {row['best_score']:10.3f}"
        )
    return "\n".join(lines)


def measure_searches():
    """Run each search in a process of its own; return the rows."""
    measured = {}
    for name in SEARCHES:
        print(f"search: {name} ...", file=sys.stderr, flush=True)
        command = [sys.executable, __file__, name]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        measured[name] = json.loads(output.splitlines()[-1])
    return search_rows(measured)


def _rates():
    from scipy.stats import loguniform

    return loguniform(1e-4, 1e-1)


def _search(name):
    from helpers import quiet  # noqa: F401  # isort: skip
    from helpers import evaluation
    from helpers.data import make_dataset
    from helpers.models import make_mlp

    return getattr(evaluation, name), make_mlp, {"learning_rate": _rates()}, *make_dataset()


if __name__ == "__main__":
    from helpers import quiet  # noqa: F401  # isort: skip
    import helpers.evaluation  # noqa: F401  # so that importing it doesn't count

    start = time.perf_counter()
    n_networks, score = SEARCHES[sys.argv[1]]()
    print(json.dumps([time.perf_counter() - start, n_networks, float(score)]))
