"""The numbers that a text says, in digits or in words, and whether something proves them."""

import re

# Two and three are in every other sentence, and seldom a result.
SMALL = ["four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"]
SMALL += ["fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUES = dict(zip([*SMALL, *TENS], [*range(4, 21), *range(30, 100, 10)], strict=True))
# Words that say how much, and have to be said by a claim in the same word.
SHARES = ["quarters?", "fifths?", "tenths?", "thirds", "twice", "dozen", "million", "billion"]
WORDS = rf"(?i)\b(?:{'|'.join([*VALUES, *SHARES])}|(?<=\ba )third|(?<=\bone )third)\b"
DIGITS = r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?:\s?%)?"
# The rows of the table that all lessons share; levels of confidence; all that there is.
GIVEN = {"1,000", "95 %", "100 %"}
# What numbers, and says nothing: lessons, years, rows and the like by their number, a digit.
NAMES = "lessons?|sections?|exercises?|parts?|steps?|rows?|folds?|seeds?|repeats?|documents?|words?"
NAMES += "|photos?|versions?|python"
NO_SAYING = [
    r"(?s)^## Further reading.*",
    r"(?s)```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$",  # code, formulas
    r"(?m)^(?:#+ |\|).*$|^\s*\d+\. ",  # headings, tables, numbers of lists
    r"!\[[^\]]*\]\([^)]*\)|\[\d\d\b[^\]]*\]\([^)]*\)|\]\([^)]*\)",  # pictures, lessons, addresses
    r"\b(?:19|20)\d\d\b(?![,.]\d)",
    rf"(?i)\b(?:{NAMES}) [\d.]+(?:(?:,| and| to|–) ?[\d.]+)*",
    r"\ban? \d\b",
]


def said(text):
    """Return the numbers that a markdown text says.

    >>> said("Nine in ten of 250 rows (0.81, or 81 %) in lesson 03 have it; see `f(7)`.")
    ['250', '0.81', '81 %', 'Nine', 'ten']
    """
    for pattern in NO_SAYING:
        text = re.sub(pattern, " ", text)
    found = [number for number in re.findall(DIGITS, text) if number not in GIVEN]
    return found + re.findall(WORDS, text)


def is_proved(number, proof):
    """Tell whether a number, as the text says it, is in a proof: rounded, or as a percentage.

    >>> [is_proved(number, "score 0.8172 of 20 networks") for number in ["0.82", "82 %", "twenty"]]
    [True, True, True]
    >>> [is_proved(number, "score 0.8172 of 20 networks") for number in ["0.81", "20 %", "Nine"]]
    [False, False, False]
    """
    word = number.lower()
    if word in VALUES or not word[0].isdigit():
        same = re.search(rf"(?i)\b{word}\b", proof)
        return bool(same) or (word in VALUES and VALUES[word] in values(proof))
    digits = number.rstrip("% \xa0")
    half = 0.5000001 * 10.0 ** -len(digits.partition(".")[2])
    scale = 100 if "%" in number else 1
    found = values(proof) + [scale * value for value in values(proof)]
    if scale == 100:  # 20 networks are no 20 %
        found = [100 * value for value in values(proof) if value <= 1] + percentages(proof)
    return any(abs(value - float(digits.replace(",", ""))) <= half for value in found)


def values(proof):
    """Return all numbers in a text or in code."""
    numbers = re.findall(r"(?<!\w)\d+(?:[,_]\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?", proof)
    return [float(number.replace(",", "").replace("_", "")) for number in numbers]


def percentages(proof):
    """Return the numbers that a text has before a percent sign."""
    return [float(number) for number in re.findall(r"(\d+(?:\.\d+)?)\s?%", proof)]
