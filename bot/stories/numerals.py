"""Numbers as people write them: 1,234.5 · 1.234,5 · 40 000 · 1 900 MW · forty thousand · half a billion · 3.5 bn.

A `Numeral` is a bare number with its scale; what it counts is the business of `units` and `figures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: value for value, word in enumerate(_ONES.split())}
TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_MULTIPLIERS = {"hundred": 100.0, "dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

# Scales as words, and as letters glued to a number. French, German, Spanish, Italian, Dutch and Nordic words are told
# apart from English where they differ: "Billion" in German text is 10^12, but feeds in German write "Milliarde".
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "mille": 1e3,
    "tausend": 1e3,
    "mil": 1e3,
    "mila": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "millions": 1e6,
    "millionen": 1e6,
    "millón": 1e6,
    "millones": 1e6,
    "milioni": 1e6,
    "miljoen": 1e6,
    "miljoner": 1e6,
    "millioner": 1e6,
    "mln": 1e6,
    "mio": 1e6,
    "mio.": 1e6,
    "mn": 1e6,
    "mm": 1e6,
    "m": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "billions": 1e9,
    "milliard": 1e9,
    "milliards": 1e9,
    "milliarde": 1e9,
    "milliarden": 1e9,
    "milliarder": 1e9,
    "miljard": 1e9,
    "miljarder": 1e9,
    "miliardi": 1e9,
    "miliardo": 1e9,
    "mrd": 1e9,
    "mrd.": 1e9,
    "mia": 1e9,
    "mia.": 1e9,
    "bn": 1e9,
    "bln": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "trillions": 1e12,
    "tn": 1e12,
    "trn": 1e12,
    "k": 1e3,
    "t": 1e12,
}
# One-letter scales need the number right before them ("$5m", "40K"); "mm" and "mil" need money.
_TIGHT = frozenset({"k", "m", "b", "t"})
_MONEY_ONLY = frozenset({"mm", "mil", "m"})

_SPACE = "[ \u00a0\u202f\u2009]"
_DIGITS = (
    r"\d{1,3}(?:[,.'’]\d{3})+(?:[.,]\d+)?(?!\d)"
    r"|\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?(?!\d)"
    r"|\d{1,3}(?: \d{3})* 000(?!\d)"  # with a plain space only where nothing else can be meant
    r"|[1-9]\d{0,2}(?: \d{3})+(?:,\d{1,2})?(?![\d.,]?\d)"  # `scan` looks at what stands around these
    r"|\d+(?:[.,]\d+)?"
)
_SPACED = re.compile(r"[1-9]\d{0,2}(?: \d{3})+")
_FIRST_GROUP = re.compile(r"(?P<digits>\d+)(?P<scale>(?!))?(?P<words>(?!))?")
# "12 300 MW turbines" are twelve of 300 MW, and "Phase 2 900 MW" is 900 MW: then a plain space parts two numbers.
_SIZED_THINGS = re.compile(r"[ -]?(?:k?[A-Z][A-Za-z]{0,3}(?:/[a-z]+)?|mm|nm|km|kg|G)[ -][a-z-]*[a-z]{3}s\b")
_LABEL_BEFORE = re.compile(r"(?:[A-Z][\w'-]*|\d)[ ]$")
_SCALE_WORDS = "|".join(sorted((re.escape(word) for word in SCALES), key=len, reverse=True))
_UNIT_WORD = "|".join([*ONES, *TENS])
_MULTIPLIER_WORD = "|".join(_MULTIPLIERS)
_COUNT_WORD = rf"half|{_UNIT_WORD}|{_MULTIPLIER_WORD}"
_WORDS = (
    rf"(?:half|a quarter of) an? (?:{_MULTIPLIER_WORD})\b"
    r"|(?:half|a quarter of) an?(?= (?:gigawatt|megawatt|terabyte|petabyte|second|minute|hour|day|year|percentage)\b)"
    rf"|(?:an?|{_UNIT_WORD})(?:[ -](?:and )?(?:{_UNIT_WORD}))?(?:(?:[ -]and)?[ -](?:a[ -])?(?:{_COUNT_WORD})\b)+"
    rf"|(?:{_UNIT_WORD})\b"
)
_NUMERAL = re.compile(
    rf"(?<![\w.,])(?:(?P<digits>{_DIGITS})(?P<scale>(?:{_SPACE}|-)?(?:{_SCALE_WORDS})(?![\w]))?|(?P<words>{_WORDS}))",
    re.IGNORECASE,
)
# A number glued to letters by a hyphen belongs to a name: TPU-7, GPT-5. A word before an en dash doesn't.
_PART_OF_NAME = re.compile(r"[A-Za-z][-_/]$")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text.

    Attributes:
        value: with its scale applied.
        step: the worth of the last digit shown, for comparing at the precision of the writing.
        scale: the factor of the scale word, 1.0 without one.
        end_bare: where the number ends without its scale word.
        spelled: written in words.
    """

    value: float
    step: float
    start: int
    end: int
    end_bare: int
    scale: float = 1.0
    spelled: bool = False


def scan(text: str) -> Iterator[Numeral]:
    """Every number in the text, left to right, without overlaps."""
    at = 0
    while match := _NUMERAL.search(text, at):
        if match["digits"] and _two_numbers(text, match):
            match = _FIRST_GROUP.match(text, match.start()) or match
        at = match.end()
        if match["digits"]:
            if not _PART_OF_NAME.search(text, max(0, match.start() - 2), match.start()):
                yield _from_digits(match)
        else:
            value = spelled(match["words"])
            if value is not None:
                scale = max(
                    (_MULTIPLIERS[word] for word in match["words"].lower().split() if word in _MULTIPLIERS), default=1.0
                )
                step = scale / 10 if scale > 1 else 1.0
                yield Numeral(value, step, match.start(), match.end(), match.end(), spelled=True)


def _two_numbers(text: str, match: re.Match[str]) -> bool:
    """Whether groups of digits parted by plain spaces are numbers of their own."""
    written = match["digits"]
    if not _SPACED.match(written) or written.endswith(" 000"):
        return False
    before = _LABEL_BEFORE.search(text, max(0, match.start() - 24), match.start())
    return before is not None or _SIZED_THINGS.match(text, match.end("digits")) is not None


def _from_digits(match: re.Match[str]) -> Numeral:
    value, decimals = digits(match["digits"])
    word = (match["scale"] or "").strip(" -\u00a0\u202f\u2009").lower()
    tight = match["scale"] is not None and match["scale"][0].isalpha()
    end = match.end()
    if not word or (word in _TIGHT and not tight):
        word, end = "", match.end("digits")
    scale = SCALES.get(word, 1.0)
    return Numeral(
        value * scale, 10.0**-decimals * scale, match.start(), end, match.end("digits"), scale if word else 1.0
    )


def needs_money(scale_word: str) -> bool:
    """True for scale words that mean something else without a currency: `5m` may be metres, `mm` millimetres."""
    return scale_word.strip().lower() in _MONEY_ONLY


def digits(written: str) -> tuple[float, int]:
    """Read a number in digits; gives its value and how many decimals it shows.

    With both marks the last one is the decimal mark. A single comma before exactly three digits groups thousands
    (English), otherwise it is a decimal comma. A single point groups only where nobody would write that decimal:
    before `000`.
    """
    bare = re.sub("[ \u00a0\u202f\u2009'’]", "", written)
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        mark = "," if comma > point else "."
    elif comma >= 0:
        groups = bare.split(",")
        mark = "." if all(len(group) == 3 for group in groups[1:]) and groups[0] != "0" else ","  # noqa: PLR2004
    else:
        groups = bare.split(".")
        grouped = len(groups) > 2 or (len(groups) == 2 and groups[1] == "000" and groups[0] != "0")  # noqa: PLR2004
        mark = "," if grouped else "."
    grouping = "." if mark == "," else ","
    plain = bare.replace(grouping, "").replace(mark, ".")
    return float(plain), len(plain.partition(".")[2])


def spelled(written: str) -> float | None:
    """Read a number in English words, `half a billion` and `one and a half million` included; None if it isn't one."""
    tokens = [token for token in re.split(r"[ -]+", written.lower()) if token]
    if tokens[:1] == ["half"]:
        return 0.5 * _MULTIPLIERS.get(tokens[-1], 1.0)
    if tokens[:3] == ["a", "quarter", "of"]:
        return 0.25 * _MULTIPLIERS.get(tokens[-1], 1.0)
    total = current = 0.0
    for word in tokens:
        if word in ONES or word in TENS:
            current += ONES.get(word, TENS.get(word, 0))
        elif word == "half":
            current += 0.5
        elif word in _MULTIPLIERS:
            factor = _MULTIPLIERS[word]
            current = (current or 1.0) * factor
            if factor >= 1e3:  # noqa: PLR2004 - hundred and dozen stay open: "two hundred thousand"
                total, current = total + current, 0.0
        elif word not in {"a", "an", "and"}:
            return None
    return total + current or (0.0 if "zero" in tokens else None)
