"""Where a quote stands in its source; pure. A quote counts only if it is there word for word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.stories.orders import without_orders
from bot.stories.sentences import normalise, split

MIN_WORDS = 3
"""Fewer words than this prove nothing ("the company") unless they are the whole of a sentence or title."""
_EDGES = " \t\n\"'.,;:!?…()[]"
_WORD = re.compile(r"\w+")
_TITLE_MARK = "¶"


@dataclass(frozen=True, slots=True)
class Source:
    """A source's text in the form in which quotes are compared, with its sentences as (start, end) in it."""

    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Located:
    """A quote found in its source.

    Attributes:
        text: the quote as the source has it (normalised).
        context: the whole sentence or sentences it was cut from, normalised.
        before: the part of the context that stands before the quote.
        start, end: where the context stands in the folded source.
    """

    text: str
    context: str
    before: str
    start: int
    end: int


def source_text(title: str, text: str) -> str:
    """A title and a text as one source; no quote can run from the one into the other.

    Orders to machines are no part of it: nothing may cite them.
    """
    text = without_orders(text)
    return f"{title}\n\n{_TITLE_MARK}\n\n{text}" if title else text


@lru_cache(maxsize=512)
def fold(text: str) -> Source:
    """Normalise a source and find its sentences; kept, because every sentence of a brief asks for the same few."""
    folded = normalise(text)
    at = 0
    sentences: list[tuple[int, int]] = []
    for span in split(text):
        piece = normalise(span.text)
        start = folded.find(piece, at)
        if start < 0:
            continue
        at = start + len(piece)
        sentences.append((start, at))
    return Source(folded, tuple(sentences))


def locate(quote: str, source: str) -> Located | None:
    """Find a quote word for word in a source; None if it is not there or too short to prove anything."""
    folded = fold(source)
    wanted = normalise(quote).strip(_EDGES)
    if not wanted:
        return None
    start = _find(wanted, folded.text)
    return _located(folded, wanted, start) if start >= 0 else None


def _located(folded: Source, wanted: str, start: int) -> Located | None:
    end = start + len(wanted)
    over = [(left, right) for left, right in folded.sentences if left < end and start < right]
    left, right = (over[0][0], over[-1][1]) if over else (start, end)
    first, last = min(left, start), max(right, end)
    context = folded.text[first:last]
    if len(_WORD.findall(wanted)) < MIN_WORDS and context.strip(_EDGES) != wanted:
        return None
    return Located(wanted, context, folded.text[first:start], first, last)


def _find(wanted: str, text: str) -> int:
    """Where `wanted` starts in `text` between word boundaries; -1 if nowhere."""
    at = text.find(wanted)
    while at >= 0:
        if _whole(text, at, at + len(wanted)):
            return at
        at = text.find(wanted, at + 1)
    return -1


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a piece is cut between words, and not out of a number: "2 GW" is not in "1.2 GW"."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before and before[-1].isalnum() and text[start].isalnum():
        return False
    if after and after[0].isalnum() and text[end - 1].isalnum():
        return False
    if text[start].isdigit() and len(before) == 2 and before[0].isdigit() and before[1] in ".,":  # noqa: PLR2004
        return False
    return not (text[end - 1].isdigit() and len(after) == 2 and after[1].isdigit() and after[0] in ".,")  # noqa: PLR2004


def mend(quote: str, source: str) -> tuple[str, ...]:
    """The source's own words for a quote that a model copied carelessly; empty if it cannot be found.

    Mended are capital letters, a stop at the end where the source goes on, and an ellipsis between two pieces that both
    stand in the source in that order.
    """
    folded = fold(source)
    known = locate(quote, source)
    if known is not None:
        return (quote,) if normalise(quote) in folded.text else (known.text,)
    lowered = folded.text.lower()
    if len(lowered) != len(folded.text):
        return ()
    found: list[str] = []
    at = 0
    for piece in re.split(r"\.{3}|…|\[\.\.\.\]", quote):
        wanted = normalise(piece).strip(_EDGES).lower()
        if not wanted:
            continue
        start = _find(wanted, lowered[at:])
        if start < 0:
            return ()
        own = folded.text[at + start : at + start + len(wanted)]
        if locate(own, source) is None:
            return ()
        found.append(own)
        at += start + len(wanted)
    return tuple(found)
