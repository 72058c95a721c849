"""make_mlp: the network of the lessons, and its knobs."""

import keras
import numpy as np
import pytest

from helpers.models import make_mlp


def test_network_of_the_article():
    model = make_mlp(10, 3)
    hidden, output = model.layers
    assert (hidden.units, output.units) == (20, 3)
    assert (hidden.activation.__name__, output.activation.__name__) == ("relu", "sigmoid")
    assert isinstance(hidden.kernel_initializer, keras.initializers.HeUniform)
    assert model.compiled
    assert model.loss == "binary_crossentropy"
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)


def test_parameters_are_as_many_as_counted_by_hand():
    assert make_mlp(10, 3).count_params() == (10 + 1) * 20 + (20 + 1) * 3
    assert make_mlp(4, 2, hidden=(5, 6)).count_params() == 5 * 5 + 6 * 6 + 7 * 2
    assert make_mlp(4, 2, hidden=()).count_params() == 5 * 2


def test_hidden_layers_go_up_from_the_input():
    model = make_mlp(4, 2, hidden=(8, 5))
    assert [layer.name for layer in model.layers] == ["hidden_1", "hidden_2", "labels"]
    assert [layer.units for layer in model.layers] == [8, 5, 2]


def test_outputs_are_one_probability_a_label():
    outputs = np.asarray(make_mlp(4, 2, seed=1)(np.ones((5, 4))))
    assert outputs.shape == (5, 2)
    assert ((outputs > 0) & (outputs < 1)).all()


def test_learning_rate_is_the_one_given():
    assert float(make_mlp(4, 2, learning_rate=0.3).optimizer.learning_rate) == pytest.approx(0.3)


def weights(**arguments):
    return [w.numpy() for w in make_mlp(6, 6, hidden=(6, 6), **arguments).trainable_variables]


def test_same_seed_gives_the_same_weights():
    for first, second in zip(weights(seed=3), weights(seed=3), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("seeds", [(3, 4), (None, None)])
def test_other_seed_or_none_gives_other_weights(seeds):
    first, second = (weights(seed=seed) for seed in seeds)
    assert not any(np.array_equal(a, b) for a, b in zip(first[::2], second[::2], strict=True))


def test_layers_do_not_share_their_weights():
    """Each has a seed of its own, though all come from one."""
    first, _, second, *_ = weights(seed=3)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_inputs": 0}, ValueError, "n_inputs: found 0, expected a whole number"),
        ({"n_outputs": -1}, ValueError, "n_outputs: found -1"),
        ({"hidden": (20, 0)}, ValueError, "hidden: found 0"),
        ({"hidden": (2.5,)}, ValueError, r"hidden: found 2\.5"),
        ({"hidden": 20}, TypeError, r"hidden=20: pass a tuple.*\(20,\)"),
    ],
)
def test_sizes_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        make_mlp(**{"n_inputs": 4, "n_outputs": 2} | arguments)
