"""Figures that are no facts of an event: small counts, dates of the past, parts of names, what is denied; pure."""

from __future__ import annotations

import re

from bot.models import Standing
from bot.stories.figures import find
from bot.stories.standing import StoryFact
from bot.writing.candidates import Candidate

FEW = 10
LEAST_IMPORTANCE = 0.2
DAY = 86_400.0
_FORMAT = re.compile(r"(?:\d{1,2}|four|eight|sixteen)[ -]bits?", re.IGNORECASE)
_FEW_WORDS = re.compile(r"^(?:two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
_TERM = re.compile(
    r"\b(?:lead times?|wait(?:s|ing)?|delays?|contract|lease|warranty|depreciat\w+|backlog)\b", re.IGNORECASE
)


def is_trifle(fact: StoryFact) -> bool:
    """Whether a figure tells nothing, whatever its sentence: "two graphs", "three weeks", "this quarter"."""
    if fact.kind == "date" and not any(mark.isdigit() for mark in fact.shown):
        return True
    if (fact.kind == "data" and fact.value < 1) or _FORMAT.fullmatch(fact.shown):
        return True  # "in 4 bits" names a format
    if fact.standing is not Standing.SINGLE or fact.was:
        return False
    if fact.kind == "time" and fact.value >= DAY and _FEW_WORDS.match(fact.shown):
        return not _TERM.search(fact.quote.text)  # "for two weeks" is a remark and no figure of the event
    return (fact.kind == "count" and fact.value < FEW) or fact.importance < LEAST_IMPORTANCE


def is_aside(fact: StoryFact, one: Candidate, shown: str) -> bool:
    """Whether a sentence gives a figure that says nothing by itself there.

    That is one it denies ("and not four times"), a half of a year, a part of a name ("WXYZ 12 News"), a time that only
    opens an entry of a log, and a date of the past, in somebody's speech, or beside the figure that it is the date of.

    Args:
        fact: the figure.
        one: a sentence that states it.
        shown: the figure as that sentence writes it.
    """
    at = one.text.index(shown)
    before, after = one.text[:at], one.text[at + len(shown) :]
    if _DENIED.search(before) or (shown.lower() == "half" and _HALF.search(before)):
        return True
    if fact.standing is not Standing.SINGLE or fact.was:
        return False
    if fact.kind == "clock":
        return re.search(r"[a-z]{3}", before) is None
    if fact.kind == "count":
        return _NAMED_COUNT.search(shown) is not None and _IN_NAME.search(before) is not None
    if fact.kind != "date":
        return False
    past = _WHILE.search(before) is not None or _is_of_the_past(f"{before} {after}")
    return one.speech or (past and not _UNTIL.search(before)) or _has_others(one)


_UNTIL = re.compile(r"\b(?:by|until|through|from|before)(?: (?:the|late|early|mid))? $", re.IGNORECASE)
_WHILE = re.compile(r"\bduring (?:the )?$", re.IGNORECASE)
_DENIED = re.compile(r"\bnot (?:the )?$")
_HALF = re.compile(r"\b(?:first|second|latter|other) $", re.IGNORECASE)
_NAMED_COUNT = re.compile(r"^\d+ [A-Z][a-z]+$")
_IN_NAME = re.compile(r"[A-Z][\w-]* $")
_AHEAD = re.compile(
    r"\b(?:will|would|expect\w*|plan\w*|aim\w*|due|target\w*|schedul\w*|slated|set to|is to"
    r"|are to|deadline|begin\w*|start\w*|open\w*|ship\w*|deliver\w*|complet\w*|online|operational|ready|available"
    r"|expire\w*|votes?|meets?|decides?|hearing|takes? effect|ends?|closes?)\b",
    re.IGNORECASE,
)
"""A day or year is a fact of the event where something is to happen; elsewhere it is background ("founded in 2022")."""
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in)\b", re.IGNORECASE)


def _is_of_the_past(around: str) -> bool:
    return _ENGLISH.search(around) is not None and not _AHEAD.search(around)


def _has_others(one: Candidate) -> bool:
    """Whether a sentence has a figure that the date is only the date of."""
    return any(figure.kind not in {"date", "number"} for figure in find(one.text))
