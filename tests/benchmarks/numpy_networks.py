"""K networks trained as one, written by hand in NumPy: about the least that Python has to do.

ReLU layers, sigmoid outputs, binary cross-entropy, Adam as in Keras (Kingma and Ba, 2015, in the
form just before their section 2.1). All weights of the K networks lie in one array ``(K, P)``, so
that Adam moves them by a dozen operations; the layers' weights are views of it.
"""

import itertools

import numpy as np

BETA_1, BETA_2, EPSILON = np.float32(0.9), np.float32(0.999), np.float32(1e-7)


def initial_weights(sizes, seeds):
    """Draw weights as Keras' HeUniform (hidden) and GlorotUniform (output) do; zero biases.

    Returns arrays (K, fan_in, fan_out) and (K, fan_out), layer by layer.
    """
    rngs, weights = [np.random.default_rng(seed) for seed in seeds], []
    for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
        fans = fan_in + fan_out if layer == len(sizes) - 2 else fan_in
        limit = np.sqrt(6 / fans)
        kernels = [rng.uniform(-limit, limit, (fan_in, fan_out)) for rng in rngs]
        weights += [np.array(kernels, "float32"), np.zeros((len(seeds), fan_out), "float32")]
    return weights


class Networks:
    """K networks with these weights, a list of arrays (K, ...) as `initial_weights` returns it."""

    def __init__(self, weights):
        self.flat = np.concatenate([array.reshape(len(array), -1) for array in weights], axis=1)
        self.gradient = np.empty_like(self.flat)
        self.moments = np.zeros_like(self.flat), np.zeros_like(self.flat)
        self.spare, self.steps = np.empty_like(self.flat), 0
        self.weights, self.gradients = (
            self._views(flat, [array.shape for array in weights])
            for flat in (self.flat, self.gradient)
        )

    def fit(self, X, y, next_orders, epochs, batch_size, learning_rate):
        """Train; `next_orders()` returns the rows of the next epoch, (K, n_train)."""
        for _ in range(epochs):
            orders = next_orders()
            for start in range(0, orders.shape[1], batch_size):
                rows = orders[:, start : start + batch_size]
                self._step(X[rows], y[rows], learning_rate)

    def predict(self, x):
        """Return the probabilities (K, n_rows, n_labels) for rows (K, n_rows, n_features)."""
        return self._layers(x)[-1]

    @staticmethod
    def _views(flat, shapes):
        ends = np.cumsum([int(np.prod(shape[1:])) for shape in shapes])
        parts = np.split(flat, ends[:-1], axis=1)
        return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]

    def _layers(self, x):
        outputs, last = [x], len(self.weights) // 2 - 1
        for layer in range(last + 1):
            kernel, bias = self.weights[2 * layer : 2 * layer + 2]
            x = x @ kernel
            x += bias[:, None]
            if layer < last:
                np.maximum(x, 0, out=x)
            else:
                x = 0.5 + 0.5 * np.tanh(0.5 * x)  # the sigmoid, which never overflows so
            outputs.append(x)
        return outputs

    def _step(self, x, y, learning_rate):
        outputs = self._layers(x)
        signal = outputs[-1] - y
        signal *= np.float32(1 / (y.shape[1] * y.shape[2]))
        for layer in reversed(range(len(outputs) - 1)):
            into = outputs[layer]
            np.matmul(into.transpose(0, 2, 1), signal, out=self.gradients[2 * layer])
            np.sum(signal, axis=1, out=self.gradients[2 * layer + 1])
            if layer:
                signal = signal @ self.weights[2 * layer].transpose(0, 2, 1)
                signal *= into > 0
        self._adam(learning_rate)

    def _adam(self, learning_rate):
        self.steps += 1
        rate = learning_rate * np.sqrt(1 - float(BETA_2) ** self.steps)
        rate = np.float32(rate / (1 - float(BETA_1) ** self.steps))
        (mean, square), spare = self.moments, self.spare
        np.subtract(self.gradient, mean, out=spare)
        spare *= 1 - BETA_1
        mean += spare
        np.square(self.gradient, out=spare)
        spare -= square
        spare *= 1 - BETA_2
        square += spare
        np.sqrt(square, out=spare)
        spare += EPSILON
        np.divide(mean, spare, out=spare)
        spare *= rate
        self.flat -= spare
