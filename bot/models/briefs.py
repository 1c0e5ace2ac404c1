"""What we write about a story, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of one article's text (after Unicode and white space normalisation)."""

    article_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of ours and the quotes that back it. Nothing is posted with no quotes."""

    text: str
    quotes: tuple[Quote, ...]


SAME_TEXT = "same wire text as"
"""How the note of a source begins that only repeats another one; that one's number follows."""


class Standing(StrEnum):
    """Who confirms a fact: independent publishers, not copies of one wire text."""

    CONFIRMED = "confirmed"
    SINGLE = "single source"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with what it measures, as one article states it.

    Attributes:
        kind: `money`, `power`, `energy`, `count`, `percent`, `ratio`, `time`, `data`, `rate`, `date` …
        value: in the kind's base unit (USD or the named currency, watts, watt-hours, items, seconds, bytes …).
        unit: the base unit (`USD`, `EUR`, `W`, `Wh`, `items`, `%`, `s`, `B` …).
        shown: as people read it, e.g. `$8 billion`, `1.2 GW`.
        subject: the content words around the figure that say what it is a figure of.
        quote: the sentence that states it.
        hedged: the sentence says "about", "up to", "could", "reportedly" …
    """

    kind: str
    value: float
    unit: str
    shown: str
    subject: tuple[str, ...]
    quote: Quote
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as a brief shows it: one line, with its sources' numbers and its standing.

    Attributes:
        others: for a disputed fact, the other figures, each with the numbers of its sources.
        publishers: how many independent publishers give this figure.
        was: earlier figures that this one replaces, each with the numbers of the sources that gave them.
        evidence: what each source says of it, those of other figures last; empty in briefs of earlier editions.
    """

    sentence: Sentence
    shown: str
    sources: tuple[int, ...]
    standing: Standing
    publishers: int = 1
    others: tuple[tuple[str, tuple[int, ...]], ...] = ()
    was: tuple[tuple[str, tuple[int, ...]], ...] = ()
    evidence: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered source of a brief or an answer; `url` comes from the article, never from a model."""

    number: int
    article_id: int
    publisher: str
    title: str
    url: str
    published_at: datetime | None = None
    note: str | None = None  # e.g. "paywalled: read as a teaser", "same wire text as 1"

    @property
    def is_copy(self) -> bool:
        """Whether it only repeats another source's wire text."""
        return self.note is not None and self.note.startswith(SAME_TEXT)


@dataclass(frozen=True, slots=True)
class Brief:
    """What we write about a story. Its sentences have passed the grounding checker.

    Attributes:
        why: why it matters to people who build or buy AI infrastructure; None when nothing in the sources says so.
        unknown: what is not known, each a short sentence of ours about gaps in the sources (no new claims).
        reported_by: independent publishers.
        note: something a reader should know about how this was written (e.g. "the model's draft failed the checks").
    """

    headline: str
    headline_quotes: tuple[Quote, ...]
    what: tuple[Sentence, ...]
    why: Sentence | None
    facts: tuple[FactLine, ...]
    unknown: tuple[str, ...]
    sources: tuple[Source, ...]
    reported_by: int
    writer: str = "extractive"  # or the model's name
    language: str = "en"
    style: str = "standard"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A brief with why its articles are taken for one event: by article id, the reasons for which each joined."""

    brief: Brief
    joined: Mapping[int, tuple[str, ...]]
