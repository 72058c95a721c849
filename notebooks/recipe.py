"""The whole recipe, with scikit-learn and Keras alone. Run it: ``python recipe.py``, some minutes.

It writes ``recipe_scores.png`` and ``recipe.keras``. Copy what you need.
"""

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_multilabel_classification
from sklearn.model_selection import RepeatedKFold

EPOCHS = 100

# 1. Data: 1,000 rows, 10 features, 3 labels. A row can have none, one or several of the labels.
X, y = make_multilabel_classification(
    n_samples=1000, n_features=10, n_classes=3, n_labels=2, random_state=1
)


# 2. Model: one sigmoid output for each label, binary cross-entropy as loss.
def make_model():
    """Make a new compiled network."""
    hidden = keras.layers.Dense(20, activation="relu", kernel_initializer="he_uniform")
    output = keras.layers.Dense(y.shape[1], activation="sigmoid")
    model = keras.Sequential([keras.Input((X.shape[1],)), hidden, output])
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


# 3. Evaluation: 10-fold cross-validation, repeated 3 times. A row is right if all its labels are.
keras.utils.set_random_seed(1)
scores = []
for train, test in RepeatedKFold(n_splits=10, n_repeats=3, random_state=1).split(X):
    model = make_model()
    model.fit(X[train], y[train], epochs=EPOCHS, verbose=0)
    predicted = model(X[test]).numpy() >= 0.5
    scores.append((predicted == y[test]).all(axis=1).mean())
    print(f"fold {len(scores):2} of 30: {scores[-1]:.3f}")
mean, deviation = np.mean(scores), np.std(scores, ddof=1)
print(f"subset accuracy: mean {mean:.3f}, standard deviation {deviation:.3f}")

plt.plot(range(1, len(scores) + 1), scores, "o")
plt.axhline(mean, color="gray")
plt.xlabel("fold")
plt.ylabel("subset accuracy")
plt.title(f"On average, all labels are right for {mean:.0%} of the rows held out")
plt.savefig("recipe_scores.png")

# 4. The final model: fit on all rows, save, load, predict a row that nobody has seen.
model = make_model()
model.fit(X, y, epochs=EPOCHS, verbose=0)
model.save("recipe.keras")
row = np.array([[2, 5, 3, 9, 4, 6, 8, 10, 0, 4]])
probabilities = keras.saving.load_model("recipe.keras")(row).numpy()[0]
labels = (probabilities >= 0.5).astype(int)
print(f"new row: probabilities {probabilities.round(3)}, labels {labels}")
