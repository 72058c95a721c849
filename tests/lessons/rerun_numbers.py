"""Are the numbers that a cell prints those that its file shows? For the hook in conftest.py.

Trained numbers differ a little between processors, and so between the machine that wrote the file
and the one that runs it again. Times and memory are left out: they differ anyway.
"""

import re

ESCAPE = r"\x1b\[[\d;]*m"  # of colors
NUMBER = r"(?<![\w.])[-−+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?"
MEASURED = r"\s?(?:s|ms|µs|min|seconds?|minutes?|[kMG]i?B)\b|\s?(?:times|×)"
# On another processor scores differ by 0.01 at most; twice that is let through.
DIGITS, MOST = 20, 0.02  # units of a number's last digit, and in all, where it has two or more
SHARE, COUNT = 0.02, 3  # of a number with decimals; and, beside its root, of a whole number


def shown(outputs):
    """Return the text that outputs show: without colors, pictures and what stands for an object."""
    texts = []
    for output in outputs:
        if output.get("name") == "stdout":
            texts.append(output["text"])
        elif "data" in output:
            texts.append(output["data"].get("text/plain", ""))
    lines = re.sub(ESCAPE, "", "\n".join(map("".join, texts))).splitlines()
    return "\n".join(line for line in lines if not line.startswith("<"))


def numbers(text):
    """Return the numbers in a text, as they are written, without those of time and memory.

    >>> numbers("30 networks: 5.7 s, 0.824 right, −1.5 in 1,000; 81.7% of label_2")
    ['30', '0.824', '−1.5', '1,000', '81.7']
    """
    return re.findall(rf"{NUMBER}(?![\d.,]*\d)(?!{MEASURED})", text)


def tolerance(number):
    """Return by how much a number, as it is written, may differ.

    >>> [round(tolerance(number), 6) for number in ["0.824", "0.0062", "81.7", "12.34", "900"]]
    [0.02, 0.002, 2.0, 0.2468, 33.0]
    """
    size, decimals = abs(value(number)), len(number.partition(".")[2])
    if not decimals:
        return COUNT + size**0.5
    digits = DIGITS * 10.0**-decimals
    return max(SHARE * size, min(digits, MOST) if decimals > 1 else digits)


def value(number):
    """Return what a written number is."""
    return float(number.replace(",", "").replace("−", "-"))


def difference(stored, found):
    """Say in which number two texts differ by more than its tolerance; '' if in none.

    >>> difference("fold 3: 0.817", "fold 3: 0.823"), difference("mean 0.871", "mean 0.817")
    ('', 'the file shows 0.871 where a rerun gives 0.817')
    >>> difference("0.89", "0.87"), difference("0.89", "0.86")
    ('', 'the file shows 0.89 where a rerun gives 0.86')
    """
    before, after = numbers(stored), numbers(found)
    if len(before) != len(after):
        return f"the file shows {len(before)} numbers, a rerun {len(after)}"
    for old, new in zip(before, after, strict=True):
        apart = round(abs(value(old) - value(new)), 9)  # 0.89 - 0.87 is 0.02, and no more
        if apart > max(tolerance(old), tolerance(new)):
            return f"the file shows {old} where a rerun gives {new}"
    return ""
