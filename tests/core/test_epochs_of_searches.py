"""What a search says about its epochs is what it trained."""

from functools import partial

import pytest

from helpers.evaluation import EarlyStopping, evaluate_model, tune_model
from helpers.models import make_mlp


@pytest.mark.slow
def test_with_early_stopping_a_search_counts_the_epochs_that_it_trained(data, tmp_path):
    # A rate of 1 stops early; the other one has to train to the end.
    space = {"learning_rate": [1.0, 0.0001]}
    settings = {"epochs": 12, "early_stopping": EarlyStopping(patience=1), "progress": False}
    settings |= {"cv": 3, "seed": 1}
    trained = []
    for rate in space["learning_rate"]:
        alone = evaluate_model(*data, partial(make_mlp, learning_rate=rate), **settings)
        trained.append(alone.history.groupby("fold")["epoch"].max().mean())
    assert trained[0] < trained[1] == 12
    settings |= {"n_trials": None, "refit": False, "log": tmp_path / "log.jsonl"}
    for _ in range(2):  # the second time all trials are read from the log
        search = tune_model(make_mlp, space, *data, **settings)
        assert search.trials["n_epochs"].tolist() == pytest.approx(trained)
