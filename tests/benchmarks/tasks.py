"""What is trained in the benchmark: tables, networks and folds of several sizes."""

from dataclasses import asdict, dataclass, replace

BATCH_SIZE, LEARNING_RATE, SEED = 32, 0.001, 1


def _dense(hidden, initializer, seed):
    import keras

    return [keras.layers.Dense(hidden[0], "relu", True, initializer)]


def _batch_normalized(*arguments):
    import keras

    return [*_dense(*arguments), keras.layers.BatchNormalization()]


def _dropout(hidden, initializer, seed):
    import keras

    return [*_dense(hidden, initializer, seed), keras.layers.Dropout(0.3, seed=seed)]


def _convolutions(hidden, initializer, seed):
    import keras

    layers = [keras.layers.Reshape((16, 24, 1))]
    for filters in hidden:
        layers.append(keras.layers.Conv2D(filters, 3, activation="relu",
                                          kernel_initializer=initializer))  # fmt: skip
        layers.append(keras.layers.MaxPooling2D())
    return [*layers, keras.layers.Flatten()]


def _recurrent(hidden, initializer, seed):
    import keras

    orthogonal = keras.initializers.Orthogonal(seed=seed)
    cells = keras.layers.LSTM(
        hidden[0], kernel_initializer=initializer, recurrent_initializer=orthogonal
    )
    return [keras.layers.Reshape((16, 24)), cells]


# Layers between input and output, by the kind of a task.
MODELS = {
    "mlp": _dense,
    "batch normalization": _batch_normalized,
    "dropout": _dropout,
    "convolutions": _convolutions,
    "LSTM": _recurrent,
}


@dataclass(frozen=True)
class Task:
    """A cross-validation: `folds` times `repeats` networks, each trained for `epochs`.

    Competitors that take long do some of the folds, and their seconds are scaled up: `loop_folds`
    of them whatever trains by ``model.fit``, `other_folds` NumPy and scikit-learn. `kind` is one of
    `MODELS`, or "mlp".
    """

    name: str
    rows: int = 1000
    features: int = 10
    hidden: tuple = (20,)
    labels: int = 3
    folds: int = 10
    repeats: int = 1
    epochs: int = 100
    loop_folds: int = 2
    other_folds: int = 10
    batch_size: int = BATCH_SIZE
    kind: str = "mlp"

    @classmethod
    def from_dict(cls, settings):
        """Read what `asdict` wrote, also after a journey through JSON."""
        return cls(**settings | {"hidden": tuple(settings["hidden"])})

    as_dict = asdict

    @property
    def n_folds(self):
        return self.folds * self.repeats

    def data(self):
        """Draw the table, as float32 for everybody."""
        from helpers.data import make_dataset

        X, y = make_dataset(self.rows, n_features=self.features, n_classes=self.labels)
        return X.astype("float32"), y.astype("float32")

    def splitter(self):
        from sklearn.model_selection import RepeatedKFold

        return RepeatedKFold(n_splits=self.folds, n_repeats=self.repeats, random_state=SEED)

    def make_model(self, n_inputs, n_outputs, seed=None):
        from helpers.models import make_mlp

        if self.kind == "mlp":
            return make_mlp(n_inputs, n_outputs, self.hidden, LEARNING_RATE, seed)
        import keras

        initializer = keras.initializers.GlorotUniform(seed)
        layers = [
            keras.Input((n_inputs,)),
            *MODELS[self.kind](self.hidden, initializer, seed),
            keras.layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer),
        ]
        model = keras.Sequential(layers)
        model.compile(keras.optimizers.Adam(LEARNING_RATE), "binary_crossentropy")
        return model

    def chosen(self, n_folds):
        """Spread `n_folds` of the folds evenly over all of them: their numbers."""
        return [k * self.n_folds // n_folds for k in range(n_folds)]


# Small, and unlike the others, so that nothing of it is kept for them: what a process does once in
# its life, such as starting threads, is over when the clock starts.
WARM_UP = Task("warm-up", rows=64, features=4, hidden=(3,), labels=2, folds=8, epochs=1)

# Fewer epochs where the networks are large, but so many that what is done once a fold (making and
# tracing a model) is a small part of the loop's seconds.
ARTICLE = Task("1000x10", repeats=3, loop_folds=4, other_folds=30)
SIZES = [
    ARTICLE,
    Task("10000x100", 10_000, 100, (128,), 10, epochs=20),
    Task("10000x500", 10_000, 500, (512,), 20, epochs=5, other_folds=2),
    Task("20000x1000", 20_000, 1000, (1024,), 50, folds=5, epochs=2, other_folds=2, batch_size=128),
]

# Other kinds of network.
KINDS = [
    replace(ARTICLE, name="batch normalization", kind="batch normalization", loop_folds=2),
    replace(ARTICLE, name="dropout", kind="dropout", loop_folds=2),
    Task("CNN", 1000, 384, (16, 32), folds=5, epochs=10, other_folds=5, kind="convolutions"),
    Task("LSTM", 1000, 384, (32,), folds=5, epochs=10, other_folds=5, kind="LSTM"),
]

# The article's task with more or less of one thing. It is itself one of each three (30 folds, 1
# hidden layer, 1,000 rows) and is not measured again.
GROWTH = {
    "folds": [
        replace(ARTICLE, name="3 folds", folds=3, repeats=1, loop_folds=3, other_folds=3),
        replace(ARTICLE, name="300 folds", repeats=30, loop_folds=2),
    ],
    "layers": [
        replace(ARTICLE, name="2 hidden layers", hidden=(20,) * 2, loop_folds=2),
        replace(ARTICLE, name="4 hidden layers", hidden=(20,) * 4, loop_folds=2),
    ],
    "rows": [
        replace(ARTICLE, name="10000 rows", rows=10_000, epochs=20, loop_folds=2),
        replace(ARTICLE, name="100000 rows", rows=100_000, epochs=5, loop_folds=2),
    ],
}
