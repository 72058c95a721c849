"""The workshop's data sets, and the oracle: the best that any model could say of its rows.

Every lesson uses `make_dataset`; the oracle and the pictures of digits come in 06, the table of
support tickets in 11, messages in several languages in 13.
"""

import gettext
import itertools
import numbers
import re
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy.special import expit, log_softmax
from scipy.stats import poisson
from sklearn.datasets import load_digits, make_multilabel_classification

from helpers._arguments import check_X
from helpers._fast_rows import draw_rows

MAX_CLASSES = 16  # 2 ** 16 label sets are listed, more are too many
DIGIT = 8  # scikit-learn's digits are 8 by 8 pixels
CELLS = (2, 3)  # of a picture: two rows of three cells, one digit in each at most
# scikit-learn's digits are the same text of about 130 digits, copied by one person after the other.
# Here the tenth copy begins.
FIRST_OF_OTHER_WRITERS = 1157

# What customers of a software company write about. Label: log odds in the first month, their change
# in a year, and phrases in the order in which they come into use.
TOPICS = {
    "billing": (-1.6, 0.0, "the invoice is wrong|the tax number is missing|we were charged twice|"
                "the price differs from the offer|our credits ran out|the usage fee is too high|"
                "the meter counts wrongly"),
    "refund": (-2.2, 0.0, "we want our money back|we were charged twice|please return the payment|"
               "the money is late|please restore our credits|the voucher is not accepted|"
               "the wallet is empty"),
    "login": (-1.2, -0.8, "the password is refused|no reset mail arrives|the account is locked|"
              "the session ends every minute|single sign-on fails|the code never arrives|"
              "the passkey is refused"),
    "crash": (-1.5, 0.0, "the program closes by itself|an error window appears|the page stays "
              "white|it stops while saving|the editor freezes|the new version does not start|"
              "the assistant ends in the middle"),
    "slow": (-1.8, 0.0, "loading takes minutes|search hangs|the page stays white|reports take "
             "hours|typing lags behind|the start screen crawls|the assistant thinks for ages"),
    "export": (-1.8, 0.0, "the export is empty|columns are missing in the file|the download breaks "
               "off|reports take hours|the archive can't be opened|umlauts are broken|"
               "the connector skips rows"),
    "mobile": (-3.0, 1.2, "on the phone the menu is cut off|the tablet shows nothing|"
               "the app asks to update|notifications do not arrive|the app drains the battery|"
               "the widget is gone|the watch does not sync"),
    "wish": (-1.8, 0.0, "a dark mode would help|please add a calendar|could we sort by color|"
             "we miss a shortcut|can we have templates|please support two screens|"
             "could the assistant write letters"),
    "training": (-2.2, 0.0, "how do we start|is there a course|our new staff needs help|"
                 "where is the manual|is there a video|who can show us the editor|"
                 "how do we ask the assistant"),
    "cancel": (-2.6, 0.0, "we want to leave|please close the contract|we end the subscription|"
               "how do we give notice|we go back to paper|we move to another provider|"
               "delete us everywhere"),
    "legal": (-5.8, 0.0, "our lawyer asks for the contract|where is the data stored|we need a "
              "signed agreement|the auditor wants a report|send the terms in writing|"
              "is the new law kept|our lawyer asks about the assistant"),
    "breach": (-7.0, 0.0, "we see data of another firm|somebody else used our account|"
               "our files are public|a strange device is listed|our mails were forwarded|"
               "keys were leaked|the assistant shows data of others"),
}  # fmt: skip
START, YEARLY_CHANGE = np.array([topic[:2] for topic in TOPICS.values()]).T
PHRASES = [topic[2].split("|") for topic in TOPICS.values()]
LAST_MONTH = 18  # when the last phrases have come into use
SAID = 0.5  # how often a topic that a ticket has is put into words
HABIT = 2.0  # standard deviation of customers' log odds
VAGUE = ["it happened again", "please have a look", "as we wrote before", "we need this today"]
VAGUE += ["thanks for help", "nobody answered so far", "our team is waiting", "what can we do"]
SYLLABLES = ["ka", "lo", "mi", "ru", "sen", "ta", "vo", "bel"]  # of customers' names
TEAMS = {"accounts": ["billing", "refund", "cancel"], "product": ["wish", "training", "mobile"]}
TEAMS |= {"lawyers": ["legal", "breach"]}  # who handles a ticket; all others: "technology"
TICKET_COLUMNS = ["customer", "received", "channel", "plan", "region", "seats", "trial"]
TICKET_COLUMNS += ["attachments", "message", "handled_by"]
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
    of_rows = {k: settings[k] for k in ("n_labels", "length", "allow_unlabeled") if k in settings}
    known = {*of_rows, "n_features", "n_classes", "return_distributions"}
    if not isinstance(random_state, numbers.Integral) or settings.keys() - known:
        return make_multilabel_classification(n_samples, random_state=random_state, **settings)
    wanted = settings.pop("return_distributions", False)
    *_, priors, words = make_multilabel_classification(  # checks the settings
        min(n_samples, 1), random_state=random_state, return_distributions=True, **settings
    )
    rows = draw_rows(n_samples, priors, words, random_state, **of_rows)
    return (*rows, priors, words) if wanted else rows


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


def make_tickets(n_customers=110, months=range(18), *, first_customer=0, random_state=1):
    """Make a table as people bring it: support tickets with twelve labels, two of them rare.

    Customers have habits: each writes about some topics more often than others do, signs with the
    same name, and has the same plan. They join over time, and write several tickets. From month to
    month some topics become rarer or more frequent, and new phrases replace old ones. So rows
    depend on each other, and later rows differ from earlier ones.

    A customer is the same in each call, and each month of each customer has random numbers of its
    own. So tickets of other customers, of later months, or more tickets of the same kind can be
    made, to measure what a score is worth.

    Parameters
    ----------
    n_customers : int, default=110
    months : iterable of int, default=range(18)
        Counted from January 2024, which is 0.
    first_customer : int, default=0
        The number of the first customer: 110 gives others than those of the default.
    random_state : int, default=1
        Another number draws other tickets of the same customers.

    Returns
    -------
    DataFrame of shape (n_tickets, 23)
        A row per ticket, in the order in which they came: ``ticket``, ``customer`` (numbers),
        ``received`` (ISO date), ``channel``, ``plan``, ``region``, ``seats``, ``trial``,
        ``attachments``, ``message``, ``handled_by`` (which nobody knows before the topics are
        known), and twelve columns of 0 and 1. Some cells of ``region`` and ``seats`` are empty.

    Raises
    ------
    ValueError
        If `n_customers` is below 1, or one of the other numbers is below 0.

    Examples
    --------
    >>> tickets = make_tickets()
    >>> tickets.shape, tickets["customer"].nunique()
    ((1976, 23), 108)
    >>> tickets.loc[0, "message"]
    'The password is refused. the invoice is wrong. we need this today. please have a look. Miruka'
    """
    months = list(months)
    if n_customers < 1:
        raise ValueError(f"n_customers={n_customers}: expected at least 1.")
    if any(number < 0 for number in (first_customer, random_state, *months)):
        raise ValueError(
            f"first_customer={first_customer}, random_state={random_state}, months={months}: "
            "expected numbers of at least 0."
        )
    rows = []
    for number in range(first_customer, first_customer + n_customers):
        customer = _draw_customer(number)
        for month in months:
            rng = np.random.default_rng([random_state, number, month])
            n_tickets = rng.poisson(customer["rate"]) if month >= customer["joined"] else 0
            rows += [_draw_ticket(customer, month, rng) for _ in range(n_tickets)]
    table = pd.DataFrame(rows, columns=[*TICKET_COLUMNS, *TOPICS])
    table = table.sort_values("received", kind="stable", ignore_index=True)
    table.insert(0, "ticket", [f"T{row:05}" for row in range(len(table))])
    return table


def _draw_customer(number):
    """Draw who a customer is: columns that stay the same, habits, name."""
    rng = np.random.default_rng(number)
    return {
        "columns": {
            "customer": 10_000 + 7 * number,
            "channel": ("mail", "form", "chat")[rng.integers(3)],
            "plan": ("basic", "basic", "team", "business")[rng.integers(4)],
            "region": ("north", "east", "south", "west")[rng.integers(4)],
            "seats": 1 + int(np.exp(rng.normal(3, 1.2))),
        },
        "name": "".join(SYLLABLES[k] for k in rng.integers(len(SYLLABLES), size=3)),
        "joined": max(0, rng.integers(-12, 18)),
        "rate": rng.gamma(2, 0.65),  # tickets a month
        "habits": rng.normal(0, HABIT, len(TOPICS)),
    }


def _draw_ticket(customer, month, rng):
    """Draw one ticket: its topics by habits and month, its words by topics and month."""
    y = rng.random(len(TOPICS)) < expit(START + YEARLY_CHANGE * month / 12 + customer["habits"])
    said = [VAGUE[k] for k in rng.integers(len(VAGUE), size=2)]
    for phrases, present in zip(PHRASES, y, strict=True):
        if present and rng.random() < SAID:
            newest = min(month / LAST_MONTH, 1) * (len(phrases) - 1)
            said.append(phrases[int(newest + rng.random() * (newest < len(phrases) - 1))])
    rng.shuffle(said)
    topics = {name for name, present in zip(TOPICS, y, strict=True) if present}
    ticket = customer["columns"] | {
        "received": f"{2024 + month // 12}-{month % 12 + 1:02}-{rng.integers(1, 29):02}",
        "trial": bool(month - customer["joined"] < 2),
        "attachments": rng.poisson(1.5 if "crash" in topics else 0.3),
        "message": f"{'. '.join(said).capitalize()}. {customer['name'].capitalize()}",
        "handled_by": next((team for team in TEAMS if topics & {*TEAMS[team]}), "technology"),
    }
    for column, share in {"region": 0.03, "seats": 0.04}.items():
        if rng.random() < share:
            ticket[column] = None
    return ticket | dict(zip(TOPICS, y.astype(int).tolist(), strict=True))


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
