"""The particulars of a sentence (figures, dates, names, model numbers) against those of its quotes; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.stories import sentences
from bot.stories.figures import Figure, find
from bot.stories.hedges import Bound
from bot.stories.sentences import normalise, words
from bot.writing import synonyms

_QUANTITY = frozenset({Bound.ABOUT, Bound.AT_LEAST, Bound.AT_MOST})


def figures(text: str, quoted: Sequence[str], language: str) -> Iterator[str]:
    """Figures that the quotes do not have, or have with another bound. Units and number words may differ."""
    theirs = [figure for quote in quoted for figure in find(quote)]
    stems = frozenset(stem for quote in quoted for stem in words(quote))
    own = find(text)
    for figure in own:
        matching = [other for other in theirs if _same_value(figure, other)]
        if not matching and not language.startswith("en"):
            local = find(_english_numerals(figure.shown))
            matching = [other for mine in local for other in theirs if _same_value(mine, other)]
        if not matching and _in_words(figure, quoted):
            continue
        if not matching:
            yield f"the figure {figure.shown} is not in the quotes"
        elif figure.noun and figure.kind == "count" and not _counts_same(figure, matching, theirs, stems):
            yield f"the quotes do not count {figure.noun}"
        elif language.startswith("en") and not any(_bound_kept(figure, other) for other in matching):
            hedge = matching[0].hedge
            told = f'drops "{hedge}" before {figure.shown}' if hedge else f'adds "{figure.hedge}" to {figure.shown}'
            yield told


def _english_numerals(shown: str) -> str:
    """`1.200,5` as `1200.5`: how numbers are written in much of Europe."""
    return re.sub(r"(?<=\d),(?=\d)", ".", re.sub(r"(?<=\d)[. ](?=\d{3}(?!\d))", "", shown))


def _same_value(mine: Figure, other: Figure) -> bool:
    """Whether two figures are of one kind and worth the same, in whatever unit they are written."""
    if mine.kind == "date" and other.kind == "date":
        return _same_day(mine, other)
    loose = {"count", "number"}
    if mine.unit != other.unit and not (mine.kind in loose and other.kind in loose):
        return False
    return math.isclose(mine.value, other.value, rel_tol=1e-6) and math.isclose(
        mine.range_high or mine.value, other.range_high or other.value, rel_tol=1e-6
    )


def _same_day(mine: Figure, other: Figure) -> bool:
    """Whether a date repeats another one, or gives the month of a day; the year may be left out, not added."""
    if mine.unit == other.unit:
        is_day = other.range_high in {None, other.value}
        widened = is_day and mine.value <= other.value <= (mine.range_high or mine.value)
        return widened or (mine.value == other.value and mine.range_high == other.range_high)
    return mine.unit == "day of year" and mine.shown.lower() in other.shown.lower()


def _counts_same(mine: Figure, matching: Sequence[Figure], theirs: Sequence[Figure], stems: frozenset[str]) -> bool:
    """Whether what is counted is what a quote counts, or a word of it, of which it gives no other number."""
    if any(other.noun == mine.noun for other in matching):
        return True
    if any(synonyms.alike(other.noun, mine.noun) for other in matching if other.noun):
        return True
    elsewhere = any(other.noun == mine.noun and other not in matching for other in theirs)
    return set(words(mine.noun)) <= stems and not (elsewhere and all(other.noun for other in matching))


_MULTIPLES = {
    2.0: r"doubl\w+|twofold|twice",
    3.0: r"tripl\w+|threefold",
    4.0: r"quadrupl\w+|fourfold",
    0.5: r"half|halv\w+",
}


def _in_words(figure: Figure, quoted: Sequence[str]) -> bool:
    """Whether a ratio stands in a quote as a word: twice as much for doubled, half for half of it."""
    if figure.kind != "ratio":
        return False
    way = _MULTIPLES.get(figure.value)
    return way is not None and any(re.search(rf"\b(?:{way})\b", quote, re.IGNORECASE) for quote in quoted)


def _bound_kept(mine: Figure, other: Figure) -> bool:
    """Whether "up to", "more than" and "about" are kept; "about" may be added, for it only says less."""
    theirs = other.bound if other.bound in _QUANTITY else None
    own = mine.bound if mine.bound in _QUANTITY else None
    return own == theirs or (theirs is None and own is Bound.ABOUT)


_PLURAL = re.compile(r"\b(?P<one>[A-Z]{1,4}\d+[A-Z]*)s\b")


def singular(text: str, quoted: str) -> str:
    """A text with the plurals of model numbers that its quotes have in the singular: H200s as H200."""
    there = {match[0] for match in _CODE.finditer(quoted)}
    return _PLURAL.sub(
        lambda found: found["one"] if found[0] not in there and found["one"] in there else found[0], text
    )


_DIGITS = re.compile(r"\d+(?:[.,:/]\d+)*")


def digits(text: str, quoted: Sequence[str]) -> Iterator[str]:
    """Digits that are part of no figure known here ("Corvid 2", "24/7", "3:2"): as they are in the quotes."""
    taken = find(text)
    pool = {match[0] for quote in quoted for match in _DIGITS.finditer(quote)}
    for match in _DIGITS.finditer(text):
        inside = any(figure.start <= match.start() and match.end() <= _measured_to(figure) for figure in taken)
        if not inside and match[0] not in pool and match[0].replace(",", "") not in pool:
            yield f"{match[0]} is not in the quotes"


_CODE = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*\+?")


def codes(text: str, quoted: Sequence[str]) -> Iterator[str]:
    """Model numbers, versions and acronyms (H200, v4.1, HBM4, TSMC): letter by letter in the quotes."""
    taken = find(text)
    pool = {token.lower() for quote in quoted for token in _pieces(quote)}
    joined = " ".join(quoted)
    initials = {"".join(name) for name in _initials(joined)}
    for match in _CODE.finditer(text):
        token = match[0]
        inside = any(figure.start <= match.start() < _measured_to(figure) for figure in taken)
        if inside or not _is_code(token) or token.lower() in pool:
            continue
        bare = token.rstrip("s")
        if bare.lower() in pool or bare in initials or bare.upper().replace(".", "") in initials:
            continue
        yield f"{token} is not in the quotes"


def _pieces(text: str) -> Iterator[str]:
    for match in _CODE.finditer(text):
        yield match[0]
        yield from re.split(r"[.-]", match[0])


def _is_code(token: str) -> bool:
    digits = any(mark.isdigit() for mark in token)
    capitals = sum(mark.isupper() for mark in token)
    return (digits and not token.isdigit()) or capitals > 1 or (token[0].islower() and capitals == 1)


def _initials(text: str) -> Iterator[tuple[str, ...]]:
    """First letters of each run of two to five capitalised words: "Amazon Web Services" gives AWS."""
    for run in re.findall(r"(?:[A-Z][\w&]*(?: (?:of|and|for|the) | |-)?){2,6}", text):
        letters = tuple(word[0] for word in re.split(r"[ -]", run) if word and word[0].isupper())
        for size in range(2, len(letters) + 1):
            for at in range(len(letters) - size + 1):
                yield letters[at : at + size]


def names(text: str, quoted: Sequence[str]) -> Iterator[str]:
    """Names that the quotes do not have, spelled out or as initials."""
    pool = {part for quote in quoted for part in _parts(quote)}
    initials: set[str] | None = None
    for name in sentences.names(without_figures(text)):
        missing = [part for part in _parts(name) if part not in pool and part not in _LINKS]
        if not missing:
            continue
        if initials is None:
            initials = {"".join(letters).lower() for letters in _initials(" ".join(quoted))}
        if all(part in initials or part.rstrip("s") in initials for part in missing):
            continue
        if set(words(name)) <= {stem for quote in quoted for stem in words(quote)}:
            continue
        yield f"the name {name} is not in the quotes"


@lru_cache(maxsize=1024)
def without_figures(text: str) -> str:
    """The text with its figures blanked: "MW" is no name."""
    for figure in find(text):
        end = _measured_to(figure)
        text = text[: figure.start] + "_" * (end - figure.start) + text[end:]
    return text


def _measured_to(figure: Figure) -> int:
    """Where a figure's number and unit end; a count's span goes on to its noun ("40,000 Nvidia H200 accelerators")."""
    return figure.start + len(figure.shown.split(" ", 1)[0]) if figure.kind == "count" else figure.end


_LINKS = frozenset({"of", "the", "de", "and", "for", "van", "von", "la", "du"})


def _parts(text: str) -> Iterator[str]:
    yield from re.findall(r"[^\W_]+", normalise(text).lower())


_DAYS = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tomorrow|tonight)\b"
    r"|\b(?:last|next|this) (?:week|month|quarter|year|spring|summer|autumn|fall|winter)\b",
    re.IGNORECASE,
)


def days(text: str, quoted: Sequence[str]) -> Iterator[str]:
    """Days and relative times must be the source's: "on Monday" means nothing a week later, and is easily invented."""
    pool = " ".join(quoted).lower()
    for match in _DAYS.finditer(text):
        if match[0].lower() not in pool:
            yield f"{match[0]} is not in the quotes"
