"""Who does what to whom, and what comes before or exceeds what: two things in each other's place; pure.

Verbs and nouns between two names, the word that governs each of two names, and both sides of a comparison are laid
against the source's. A sentence fails only where it has them the other way round, not where it words them otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.stories.sentences import names, words
from bot.writing.forms import folded
from bot.writing.particulars import without_figures


def roles(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Two names on the wrong sides: "A buys B" where the source has "B buys A" or "A is bought by B"."""
    for read in (_triples, _deeds):
        theirs = [triple for context in contexts for triple in read(context)]
        for left, verb, right in read(text):
            if (left, verb, right) not in theirs and (right, verb, left) in theirs:
                yield f"turns round who does what to whom ({left}, {right})"
                return


_PASSIVE = re.compile(r"\b(?:was|were|is|are|be|been|being)\b.*\bby\b")
_TAKES_FROM = re.compile(r"\b(?:leas|rent|licen[sc]|charter|borrow)\w*\b.*\bfrom\b")
_CLOSE = 60
"""Characters between two neighbouring names of one statement, about ten words."""


def _triples(text: str) -> Iterator[tuple[str, str, str]]:
    """(who, verb stem, whom) for each two neighbouring names with few words between; the passive is turned round.

    So is "leases from", so that it meets "leases to".
    """
    found = sorted((text.find(name), name) for name in names(text) if name in text)
    for (at, left), (later, right) in pairwise(found):
        between = text[at + len(left) : later]
        if len(between) > _CLOSE or re.search(r"[,;:]", between):
            continue
        passive = _PASSIVE.search(between) is not None
        if not passive and re.search(r"\bby\b", between):
            continue
        turned = passive != (_TAKES_FROM.search(between) is not None)
        for stem in words(folded(between)):
            yield (right.lower(), stem, left.lower()) if turned else (left.lower(), stem, right.lower())


_DEED = (
    r"(?P<deed>acquisition|purchase|takeover|sale|suit|lawsuit|complaint|stake|investment|loan|order|bid|offer"
    r"|criticism|supply)"
)
_NAME = r"[A-Z][\w&-]*(?: [A-Z][\w&-]*){0,3}"
_NOUNS = (
    re.compile(rf"(?P<who>{_NAME})'s? (?:[a-z]+ ){{0,2}}{_DEED} (?:of|against|in|for|to) (?P<whom>{_NAME})"),
    re.compile(rf"\b{_DEED} (?:of|against|in|for|to) (?P<whom>{_NAME}) by (?P<who>{_NAME})"),
)
_IS = (
    re.compile(
        rf"(?P<who>{_NAME}) (?:is|was|becomes|became|remains) (?P<whom>{_NAME})'s? (?:[a-z-]+ ){{0,2}}(?P<deed>[a-z]+)"
    ),
    re.compile(rf"(?P<whom>{_NAME})'s? (?:[a-z-]+ ){{1,3}}(?:in [A-Z]\w+ )?(?:is|was) (?P<who>{_NAME})"),
)


def _deeds(text: str) -> Iterator[tuple[str, str, str]]:
    """(who, noun, whom): "A's purchase of B", "the purchase of B by A", "A is B's largest customer"."""
    for pattern in _NOUNS:
        for match in pattern.finditer(text):
            yield match["who"].lower(), match["deed"], match["whom"].lower()
    for pattern in _IS:
        for match in pattern.finditer(text):
            yield match["who"].lower(), "is", match["whom"].lower()


def governed(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Two names that changed places: "chief of Norrland … joins Ostara" for "chief of Ostara … joins Norrland"."""
    mine = _governors(text)
    for context in contexts:
        if any((way in f" {text} ") != (way in f" {context} ") for way in (" by ", " from ")):
            continue  # said from the other side
        theirs = _governors(context)
        both = [name for name in mine if name in theirs]
        for at, one in enumerate(both):
            for other in both[at + 1 :]:
                apart = not mine[one] & mine[other] and not theirs[one] & theirs[other]
                crossed = mine[one] & theirs[other] and mine[other] & theirs[one]
                if apart and crossed and not mine[one] & theirs[one] and not mine[other] & theirs[other]:
                    yield f"puts {one} and {other} in each other's place"
                    return


_WAY = re.compile(r"\b(from|to)(?: the)? $", re.IGNORECASE)


def _governors(text: str) -> dict[str, frozenset[str]]:
    """What stands right before each name: a content word, "from", "to", or "^" for the beginning."""
    found: dict[str, set[str]] = {}
    known = names(text)
    for name in known:
        for match in re.finditer(rf"\b{re.escape(name)}\b", text):
            if match.start() == 0 or text[: match.start()] == "The ":
                found.setdefault(name, set()).add("^")
                continue
            way = _WAY.search(text, 0, match.start())
            if way:
                found.setdefault(name, set()).add(way[1].lower())
            before = words(folded(text[max(0, match.start() - _CLOSE) : match.start()]))
            parts = {part for other in known for part in words(other)}
            if before and before[-1] not in parts:
                found.setdefault(name, set()).add(before[-1])
    return {name: frozenset(governors) for name, governors in found.items()}


_BETWEEN = re.compile(
    r"\b(?P<how>[a-z]+er than|(?:more|less|fewer)(?: [a-z-]+){0,4}? than|before|after|ahead of|behind)\b"
)
_ENDS = re.compile(r"[,;:.](?:\s|$)|\b(?:but|while|although|because|which|who)\b")
_NEAR = 2


def compared(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Both sides of a comparison turned round: "prefill is slower than decoding" for the contrary."""
    for mine in _sides(text):
        for theirs in (sides for context in contexts for sides in _sides(context)):
            how, left, right = theirs
            if how != mine[0]:
                continue
            only_left, only_right = left - right, right - left
            crossed = mine[1] & only_right and mine[2] & only_left
            if crossed and not mine[1] & only_left:
                yield f'turns "{how}" round'
                return


def turned(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Both sides of a verb or noun turned round: "a supplier blamed the company" for the contrary."""
    if _BY.search(text):
        return
    mine = list(_around(text))
    for context in contexts:
        if _BY.search(context) or (_BEEN.search(text) is None) != (_BEEN.search(context) is None):
            continue
        for word, left, right in _around(context):
            for same, my_left, my_right in mine:
                crossed = my_left & (right - left) and my_right & (left - right)
                if word == same and crossed and not my_left & (left - right):
                    yield f'turns "{word}" round'
                    return


_BEEN = re.compile(r"\b(?:was|were|been|being|be) [a-z]+")
_BY = re.compile(r"\b(?:by|from|according to)\b")


def _around(text: str) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Each content word with those right before and right behind it in its clause; figures are none."""
    text = without_figures(text)
    start = 0
    for end in [*_ENDS.finditer(text), None]:
        clause = [word for word in words(folded(text[start : end.start() if end else len(text)])) if word.strip("_")]
        for at, word in enumerate(clause):
            yield word, frozenset(clause[max(0, at - _NEAR) : at]), frozenset(clause[at + 1 : at + 1 + _NEAR])
        start = end.end() if end else len(text)


def _sides(text: str) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    for match in _BETWEEN.finditer(text):
        start = max((end.end() for end in _ENDS.finditer(text, 0, match.start())), default=0)
        stop = _ENDS.search(text, match.end())
        left = words(folded(without_figures(text[start : match.start()])))[-_NEAR:]
        if not any(word.strip("_") for word in left):  # "draws 1,400 watts, 40 percent more than"
            left = words(folded(without_figures(text[: match.start()])))[:_NEAR]
        right = words(folded(text[match.end() : stop.start() if stop else len(text)]))[:_NEAR]
        yield match["how"].lower(), frozenset(left), frozenset(right)
