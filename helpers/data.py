"""The workshop's data sets, and the oracle: the best that any model could say of its rows.

Every lesson uses `make_dataset`; the oracle and the pictures of digits come in 06, and
messages in several languages in 13.
"""

import gettext
import itertools
import numbers
import re
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.special import log_softmax
from scipy.stats import poisson
from sklearn.datasets import load_digits, make_multilabel_classification

from helpers._arguments import check_X
from helpers._skipping import SkippingRandomState

MAX_CLASSES = 16  # 2 ** 16 label sets are listed, more are too many
DIGIT = 8  # scikit-learn's digits are 8 by 8 pixels
CELLS = (2, 3)  # of a picture: two rows of three cells, one digit in each at most
# scikit-learn's digits are the same text of about 130 digits, copied by one person after the other.
# Here the tenth copy begins.
FIRST_OF_OTHER_WRITERS = 1157

LANGUAGES = {  # those with about a hundred messages in Sphinx, or more
    "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fr": "French", "gl": "Galician", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "lt": "Lithuanian", "lv": "Latvian",
    "nb_NO": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt_BR": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "tr": "Turkish", "vi": "Vietnamese",
}  # fmt: skip


def make_dataset(n_samples=1000, random_state=1, **kwargs):
    """Make the data set that the lessons use.

    Parameters
    ----------
    n_samples : int, default=1000
    random_state : int, default=1
        Another number draws another data set, with distributions of its own.
    **kwargs
        Passed on to `sklearn.datasets.make_multilabel_classification`. Without any, the data has
        10 features, 3 classes and ``n_labels=2``.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features), float64
        Counts: how often each of `n_features` words occurs in a document.
    y : ndarray of shape (n_samples, n_classes), int64
        1 where the row has the label, else 0.

    Examples
    --------
    >>> X, y = make_dataset()
    >>> X[0].astype(int).tolist(), y[0].tolist()
    ([3, 3, 6, 7, 8, 2, 11, 11, 1, 3], [1, 1, 0])
    """
    settings = {"n_features": 10, "n_classes": 3, "n_labels": 2} | kwargs
    if isinstance(random_state, numbers.Integral):
        random_state = SkippingRandomState(random_state)  # same numbers, many times faster
    return make_multilabel_classification(n_samples, random_state=random_state, **settings)


def make_fresh_rows(n_rows=50_000, n_samples=1000, random_state=1, **kwargs):
    """Make rows of the same distribution as `make_dataset`, none of which is in it.

    The generator first draws its distributions and then its rows one by one. So a longer run
    with the same seed begins with the same `n_samples` rows; what follows them is fresh.

    Parameters
    ----------
    n_rows : int, default=50_000
    n_samples : int, default=1000
        The length of the data set whose rows are to be left out.
    random_state, **kwargs
        As in `make_dataset`.

    Returns
    -------
    X : ndarray of shape (n_rows, n_features), float64
    y : ndarray of shape (n_rows, n_classes), int64

    Examples
    --------
    >>> X_fresh, y_fresh = make_fresh_rows(n_rows=5)
    >>> X_fresh.shape, y_fresh.shape
    ((5, 10), (5, 3))
    """
    _check_seed(random_state)
    X, y = make_dataset(n_samples + n_rows, random_state, **kwargs)
    return X[n_samples:], y[n_samples:]


def make_digit_pictures(
    n_samples=3000, max_digits=5, *, writers="first", positions="cells", random_state=1
):
    """Draw several handwritten digits on one picture; the labels say which digits are on it.

    A picture has 0 to `max_digits` different digits, each number as likely as the others, and each
    digit is drawn from scikit-learn's `load_digits`. Nothing is rare, but most *label sets* are:
    five digits of ten can be chosen in 252 ways.

    Parameters
    ----------
    n_samples : int, default=3000
    max_digits : int, default=5
        At most 6, the number of cells.
    writers : {"first", "others"}, default="first"
        Whose digits are used: of those who wrote the first nine copies of the text in
        `load_digits`, or the last five. Train on the one, test on the other, and the test says how
        well handwriting is read that the model has never seen.
    positions : {"cells", "free"}, default="cells"
        Whether each digit fills one of six cells, or lies anywhere in its cell's row as long as no
        digit covers another.
    random_state : int, default=1
        Another number draws other pictures.

    Returns
    -------
    pictures : ndarray of shape (n_samples, 16, 24), float32
        Gray values from 0 (paper) to 1 (ink).
    y : ndarray of shape (n_samples, 10), int64
        1 where the digit 0 to 9 is on the picture, else 0.

    Raises
    ------
    ValueError
        If `n_samples` is below 1, `max_digits` is not 1 to 6, or `writers` or `positions` are not
        one of the two.

    Notes
    -----
    The UCI repository names 13 people for this part of its collection; the same text begins 14
    times. So one person may have written two copies.

    References
    ----------
    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository, https://doi.org/10.24432/C50P49.

    Examples
    --------
    >>> pictures, y = make_digit_pictures(4)
    >>> pictures.shape, y.sum(axis=1).tolist()
    ((4, 16, 24), [1, 0, 2, 2])
    """
    _check_pictures(n_samples, max_digits, writers, positions)
    images, digits = load_digits(return_X_y=True)
    part = slice(FIRST_OF_OTHER_WRITERS)
    if writers == "others":
        part = slice(FIRST_OF_OTHER_WRITERS, None)
    images, digits = images[part].reshape(-1, DIGIT, DIGIT) / 16, digits[part]
    rows_of = [np.flatnonzero(digits == digit) for digit in range(10)]
    rng = np.random.default_rng(random_state)
    pictures = np.zeros((n_samples, CELLS[0] * DIGIT, CELLS[1] * DIGIT), "float32")
    y = np.zeros((n_samples, 10), "int64")
    for picture, labels in zip(pictures, y, strict=True):
        chosen = rng.permutation(10)[: rng.integers(max_digits + 1)]
        labels[chosen] = 1
        corners = _corners(len(chosen), positions, rng)
        for digit, (top, left) in zip(chosen, corners, strict=True):
            picture[top : top + DIGIT, left : left + DIGIT] = images[rng.choice(rows_of[digit])]
    return pictures, y


def read_translations(codes, min_words=1):
    """Read messages of the program Sphinx in several languages, from the files that it installs.

    A text is in lower case, without placeholders, code and digits, and without words of the English
    message, such as names of programs. Texts that occur twice, in two languages or for two
    messages, are left out.

    Parameters
    ----------
    codes : list of str
        Languages, as Sphinx names them, for instance ``["da", "pt_BR"]``.
    min_words : int, default=1
        Leave out shorter texts.

    Returns
    -------
    DataFrame
        Columns ``message`` (the English text, the same for all its translations), ``language`` (its
        English name) and ``text``.

    Raises
    ------
    ValueError
        If a language is none of `LANGUAGES`.
    ModuleNotFoundError
        If Sphinx is not installed.

    Examples
    --------
    >>> table = read_translations(["da", "sv"], min_words=3)
    >>> list(table), table["language"].unique().tolist()
    (['message', 'language', 'text'], ['Danish', 'Swedish'])
    """
    if unknown := [code for code in codes if code not in LANGUAGES]:
        raise ValueError(f"codes: no messages in {unknown[0]!r}; expected some of {[*LANGUAGES]}.")
    rows = []
    for code in codes:
        with (files("sphinx") / "locale" / code / "LC_MESSAGES" / "sphinx.mo").open("rb") as file:
            catalog = gettext.GNUTranslations(file)._catalog  # private: gettext lists no messages
        for message, translation in catalog.items():
            if message and isinstance(message, str):  # neither the header nor a plural
                english = set(_words(message))
                own = [word for word in _words(translation) if word not in english]
                if len(own) >= max(min_words, 1):
                    rows.append((message, LANGUAGES[code], " ".join(own)))
    table = pd.DataFrame(rows, columns=["message", "language", "text"])
    return table[~table["text"].duplicated(keep=False)].reset_index(drop=True)


def _words(text):
    text = re.sub(r"%(\(\w+\))?\w|\{.*?\}|`+.*?`+", " ", text)
    return re.findall(r"[^\W\d_]+", text.lower())


def _check_pictures(n_samples, max_digits, writers, positions):
    if n_samples < 1:
        raise ValueError(f"n_samples={n_samples}: expected at least 1.")
    if not 1 <= max_digits <= np.prod(CELLS):
        raise ValueError(f"max_digits={max_digits}: expected 1 to {np.prod(CELLS)}.")
    if writers not in ("first", "others"):
        raise ValueError(f"writers={writers!r}: expected 'first' or 'others'.")
    if positions not in ("cells", "free"):
        raise ValueError(f"positions={positions!r}: expected 'cells' or 'free'.")


def _corners(n_digits, positions, rng):
    """Choose where digits lie: (n_digits, 2), the upper left corner of each in pixels."""
    cells = rng.permutation(np.prod(CELLS))[:n_digits]
    corners = np.stack(np.divmod(cells, CELLS[1]), axis=1) * DIGIT
    if positions == "free":
        for top in np.unique(corners[:, 0]):
            in_row = np.flatnonzero(corners[:, 0] == top)
            # Spread the room that is left over the gaps before the digits.
            room = (CELLS[1] - len(in_row)) * DIGIT
            gaps = np.sort(rng.integers(room + 1, size=len(in_row)))
            corners[in_row, 1] = gaps + DIGIT * np.arange(len(in_row))
    return corners


class Oracle:
    """What could be known of a row's labels at best, from the generator's own distributions.

    The generator draws how many labels a row has, then which ones, then words from the mixture
    of these labels' words. All three are known here, so Bayes' theorem gives the probability of
    each label set exactly. No model can beat these probabilities, except by luck.

    Parameters
    ----------
    random_state, **kwargs
        As in `make_dataset`; the oracle knows the data set of the same number.

    Attributes
    ----------
    label_sets : ndarray of shape (n_sets, n_classes), int64
        Every set that the generator can draw, as rows of 0 and 1.
    label_set_prior : ndarray of shape (n_sets,)
        How often each of them occurs.
    log_words : ndarray of shape (n_sets, n_features)
        Logarithm of each word's probability in a row with that set.

    Raises
    ------
    ValueError
        If there are more than 16 classes, or no random_state to repeat the distributions from.

    References
    ----------
    scikit-learn, `make_multilabel_classification`: Notes on the generative process.

    Examples
    --------
    >>> X, y = make_dataset()
    >>> oracle = Oracle()
    >>> oracle.predict_proba(X[:1]).round(3).tolist()
    [[0.999, 0.987, 0.009]]
    >>> bool((oracle.predict(X) == y).all(axis=1).mean() > 0.86)
    True
    """

    def __init__(self, random_state=1, **kwargs):
        if (n_classes := kwargs.get("n_classes", 3)) > MAX_CLASSES:
            raise ValueError(f"n_classes={n_classes}: 2 ** {n_classes} label sets are too many.")
        _check_seed(random_state)
        *_, prior, words = make_dataset(1, random_state, return_distributions=True, **kwargs)
        asked = {k: kwargs[k] for k in ("n_labels", "allow_unlabeled") if k in kwargs}
        sets, p_set = label_set_prior(prior, **asked)
        self.label_sets, self.label_set_prior = sets[p_set > 0], p_set[p_set > 0]
        words = self.label_sets @ words.T
        words[self.label_sets.sum(axis=1) == 0] = 1  # a row without labels draws any word
        self.log_words = np.log(words / words.sum(axis=1, keepdims=True))

    def label_set_proba(self, X):
        """Return the probability of each label set, given each row's word counts.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Counts, as `make_dataset` gives them.

        Returns
        -------
        ndarray of shape (n_samples, n_sets), columns in the order of `label_sets`
        """
        X = check_X(X).astype("float64")
        n_features = self.log_words.shape[1]
        if X.shape[1] != n_features or (X < 0).any() or (X % 1).any():
            raise ValueError(
                f"X: expected {n_features} columns of word counts, as make_dataset gives them, "
                "unscaled."
            )
        # The number of words does not depend on the labels, so it drops out.
        return np.exp(log_softmax(X @ self.log_words.T + np.log(self.label_set_prior), axis=1))

    def predict_proba(self, X):
        """Return the probability of each label, (n_samples, n_classes): the sum over its sets."""
        return np.clip(self.label_set_proba(X) @ self.label_sets, 0, 1)

    def predict(self, X):
        """Return the most probable label set of each row, (n_samples, n_classes), int64."""
        return self.label_sets[self.label_set_proba(X).argmax(axis=1)]


def _check_seed(random_state):
    if not isinstance(random_state, numbers.Integral):
        raise ValueError(f"random_state={random_state!r}: pass the whole number of the data.")


def label_set_prior(p_c, n_labels=2, allow_unlabeled=True):
    """Compute the probability of each label set before any word is seen.

    A row first draws how many labels it has, a Poisson number, again if there are not as many
    classes; then which ones, one by one, again if it has the label already.

    Parameters
    ----------
    p_c : array-like of shape (n_classes,)
        Probability of each class in one draw; they sum to 1, and none is 0.
    n_labels : float, default=2
        Mean of the Poisson number.
    allow_unlabeled : bool, default=True
        Whether a row may have no label.

    Returns
    -------
    label_sets : ndarray of shape (2 ** n_classes, n_classes), int64
        All sets, as rows of 0 and 1, in the order of the binary numbers that they write.
    prior : ndarray of shape (2 ** n_classes,)
        The probability of each; they sum to 1.

    Examples
    --------
    >>> label_sets, prior = label_set_prior([0.5, 0.5], n_labels=2)
    >>> prior.round(6).tolist()  # Poisson: 1, 2 and 2 parts for no label, one and two
    [0.2, 0.2, 0.2, 0.4]
    """
    p_c = np.asarray(p_c, dtype="float64")
    if (n_classes := len(p_c)) > MAX_CLASSES:
        raise ValueError(f"n_classes={n_classes}: 2 ** {n_classes} label sets are too many.")
    if not (p_c > 0).all() or not np.isclose(p_c.sum(), 1):
        raise ValueError(f"p_c={p_c.tolist()}: expected numbers above 0 that sum to 1.")
    label_sets = np.array(list(itertools.product([0, 1], repeat=n_classes)))
    p_size = poisson.pmf(np.arange(n_classes + 1), n_labels)
    p_size[0] *= allow_unlabeled
    return label_sets, p_size[label_sets.sum(axis=1)] * _chance(label_sets, p_c) / p_size.sum()


def _chance(label_sets, p_c):
    """How likely the labels drawn are just these, in any order, among sets of the same size."""
    members = [tuple(np.flatnonzero(label_set)) for label_set in label_sets]
    drawn = {(): 1.0}
    for labels in sorted(members, key=len)[1:]:
        drawn[labels] = 0.0
        for i, last in enumerate(labels):
            before = labels[:i] + labels[i + 1 :]
            chance_of_new = np.delete(p_c, before).sum()  # a draw of `before` is rejected
            drawn[labels] += drawn[before] * p_c[last] / chance_of_new
    return np.array([drawn[labels] for labels in members])
