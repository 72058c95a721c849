"""What a text says: its numbers and its sentences, and whether something proves them."""

import re

# Two and three are in every other sentence, and seldom a result.
SMALL = ["four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"]
SMALL += ["fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUES = dict(zip([*SMALL, *TENS], [*range(4, 21), *range(30, 100, 10)], strict=True))
# Words that say how much, and have to be said by a claim in the same word.
SHARES = ["quarters?", "fifths?", "tenths?", "thirds", "twice", "dozen", "million", "billion"]
WORDS = rf"(?i)\b(?:{'|'.join([*VALUES, *SHARES])}|(?<=\ba )third|(?<=\bone )third)\b"
COUNTS = {"one": 1, "two": 2, "three": 3} | VALUES  # of which a share is made
RATIO = rf"(?i)\b({'|'.join(COUNTS)}) (?:\w+ )?(?:in|of) (?:\w+ )?({'|'.join(COUNTS)})\b"
# Words that a sentence can't lose or turn round and still say the same.
DIRECTIONS = (
    r"\b(?:ahead|behind|higher|lower|above|below|larger|smaller|wider|narrower|better|worse"
)
DIRECTIONS += r"|more|fewer|less|rises?|falls?|lucky|unlucky)\b"
COMPARISONS = (
    DIRECTIONS.removesuffix(r")\b") + r"|best|worst|wins?|loses?|lost|beats?|nearer|helps?"
)
COMPARISONS += r"|hurts?|over-?confident|under-?confident|longer|shorter|faster|slower)\b"
# What may be left out of a quotation.
LITTLE_WORDS = """a an the of and with on in for is are it its at to from that has have had by or be
was were as they them their there this those these we our so doe do did but what than too also i ha
s"""
DENIALS = r"not|no|never|none|nobody|neither|nor|nothing|without|hardly|.*n['’]t"
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
    r"!\[[^\]]*\]\([^)]*\)|\[(?:← )?\d\d\b[^\]]*\]\([^)]*\)|\]\([^)]*\)",  # pictures, links
    r"\b(?:19|20)\d\d\b(?![,.]\d)",
    rf"(?i)\b(?:{NAMES}) [\d.]+(?:(?:,| and| to|–) ?[\d.]+)*",
    r"\ban? \d\b",
]


def without_tables(text):
    """Return a text without its headings, tables, lists of numbers, pictures and links' targets."""
    return re.sub("|".join(NO_SAYING[2:4]), " ", text)


def sentences(text):
    """Split a text into its sentences."""
    return [part for part in re.split(r"(?<=[.!?])[*)\"”]*\s+|\n", text) if part.strip()]


def is_quoted(claim, sentence):
    """Tell whether a sentence has all words of a claim in their order, and no denial of it.

    >>> is_quoted("the network wins", "On pictures the **network** wins, but not on rows.")
    True
    >>> is_quoted("the network wins", "On pictures the network doesn't win, but the forest.")
    False
    >>> is_quoted("expects 97 and gets 94", "It expects 94 and gets 97.")
    False
    """
    words = stems(claim)
    for clause in re.split(r"[,:;()]", sentence):
        denied = {word for word in stems(clause) if re.fullmatch(DENIALS, word)}
        found = set(stems(clause)) - denied
        if denied - set(words) and 2 * len(found & set(words)) >= max(1, len(found)):
            return False
    rest = iter(stems(sentence))
    return all(word in rest for word in words)


def stems(text):
    """Return the words and numbers of a text without their endings, and without little words.

    >>> stems("The scores don't differ: 0.82 in 30 folds")
    ['scor', "don't", 'differ', '0', '82', '30', 'fold']
    """
    words = re.findall(r"[^\W_]+(?:['’]t)?", text.lower())
    found = [re.sub(r"(?:ing|ed|es|s)$", "", word) for word in words]
    return [word for word in found if word not in {"", *LITTLE_WORDS.split()}]


def said(text):
    """Return the numbers that a markdown text says.

    >>> said("Nine rows in ten of 250 (0.81, or 81 %) in lesson 03 have it, and all five `f(7)`.")
    ['Nine rows in ten', '250', '0.81', '81 %', 'five']
    """
    for pattern in NO_SAYING:
        text = re.sub(pattern, " ", text)
    ratios = []
    for match in re.finditer(RATIO, text):
        if COUNTS[match[1].lower()] < COUNTS[match[2].lower()]:
            ratios.append(match.group())
            text = text.replace(match.group(), " ")
    found = [number for number in re.findall(DIGITS, text) if number not in GIVEN]
    return ratios + found + re.findall(WORDS, text)


def is_proved(number, proof):
    """Tell whether a number, as the text says it, is in a proof: rounded, or as a percentage.

    >>> [is_proved(number, "score 0.8172 of 20 networks") for number in ["0.82", "82 %", "twenty"]]
    [True, True, True]
    >>> [is_proved(number, "score 0.8172 of 20 networks") for number in ["0.81", "20 %", "Nine"]]
    [False, False, False]
    """
    word = number.lower()
    if match := re.fullmatch(RATIO, word):
        return is_ratio_proved(*match.groups(), proof)
    if word in VALUES or not word[0].isdigit():
        same = re.search(rf"(?i)\b{word}\b", proof)
        return bool(same) or (word in VALUES and VALUES[word] in values(proof))
    digits = number.rstrip("% \xa0")
    half = 0.5000001 * 10.0 ** -len(digits.partition(".")[2])
    found = values(proof)
    if "%" in number:  # 20 networks are no 20 %
        found = [100 * value for value in found if value <= 1] + percentages(proof)
    return any(abs(value - float(digits.replace(",", ""))) <= half for value in found)


def is_ratio_proved(part, whole, proof):
    """Tell whether "four in five" is in a proof: in other words, or as a share of about 0.8.

    >>> is_ratio_proved("four", "five", "about four rows in five")
    True
    >>> [is_ratio_proved("nine", "ten", proof) for proof in ["four rows in five: 0.82", "9 %"]]
    [False, True]
    """
    same = rf"(?i)\b{part} (?:\w+ )?(?:in|of) (?:\w+ )?{whole}\b"
    share = COUNTS[part] / COUNTS[whole]
    shares = [value for value in values(proof) if value <= 1] + [
        p / 100 for p in percentages(proof)
    ]
    most = min(0.05, 0.25 * share)  # "one in thirty" is no "one in thirteen"
    near = [s for s in shares if abs(s - share) < most or abs(1 - s - share) < most]
    return bool(near or re.search(same, proof))


def values(proof):
    """Return all numbers in a text or in code."""
    numbers = re.findall(r"(?<!\w)\d+(?:[,_]\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?", proof)
    return [float(number.replace(",", "").replace("_", "")) for number in numbers]


def percentages(proof):
    """Return the numbers that a text has before a percent sign."""
    return [float(number) for number in re.findall(r"(\d+(?:\.\d+)?)\s?%", proof)]
