"""Check sentences of a lesson against what the reader has just computed."""


def claim(sentence, check):
    """Print one line if a sentence of the text does not hold here; nothing if it does.

    The text of a lesson describes a run with the default settings. Somebody who changes them gets
    a line for each sentence that no longer fits, and never an error.

    Parameters
    ----------
    sentence : str
        What the text says.
    check : callable
        Without arguments; it returns whether the sentence holds. If it fails with other settings,
        for instance because a label is missing, the sentence does not hold.

    Examples
    --------
    >>> claim("most scores are above 0.8", lambda: 0.82 > 0.8)
    >>> claim("most scores are above 0.8", lambda: 0.71 > 0.8)
    Not so with your settings or data: most scores are above 0.8.
    >>> claim("label_3 is the rarest", lambda: [][2])
    Not so with your settings or data: label_3 is the rarest.
    """
    try:
        holds = bool(check())
    except Exception:  # whatever a reader has changed must not stop the lesson
        holds = False
    if not holds:
        print(f"Not so with your settings or data: {sentence.rstrip('.')}.")
