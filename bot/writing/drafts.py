"""What we ask a model for. The quotes come first in every object, so that the words are written after the evidence.

One bad field does not spoil the rest: a line that does not fit is left out, a list that is too long is cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

Shape = TypeVar("Shape", bound=BaseModel)
ANY_SOURCE = 0
"""The number of a quote that came without one: it is looked for in every source."""
MOST_WHAT, MOST_FACTS = 3, 5
MOST_WHAT_DEEP, MOST_FACTS_DEEP = 5, 8
MOST_SENTENCES = 4


class _Strict(BaseModel):
    """A shape whose JSON schema OpenAI's strict mode takes: every key required, no others."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


def _number(value: object) -> object:
    """A source's number, also where it came as "source 2" or "[2]"."""
    if isinstance(value, str):
        digits = re.search(r"\d{1,4}", value)
        return int(digits[0]) if digits else ANY_SOURCE
    return ANY_SOURCE if value is None else value


class CitedQuote(_Strict):
    """A piece of one source, word for word."""

    source: Annotated[int, BeforeValidator(_number)] = Field(ANY_SOURCE, description="number of the source")
    quote: str = Field(description="copied word for word from that source", max_length=1200)


def _listed(value: object) -> list[object]:
    """A list, also where one thing came alone, or nothing."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _quotes(value: object) -> list[CitedQuote]:
    """The quotes that can be used; one may come without its source."""
    return _fitting(CitedQuote, [{"quote": one} if isinstance(one, str) else one for one in _listed(value)])[:4]


def _fitting(shape: type[Shape], values: list[object]) -> list[Shape]:
    """Those values that fit a shape."""
    kept = []
    for value in values:
        try:
            kept.append(shape.model_validate(value))
        except ValidationError:
            continue
    return kept


Quotes = Annotated[list[CitedQuote], BeforeValidator(_quotes)]


class DraftLine(_Strict):
    """A sentence with its evidence before it."""

    quotes: Quotes = Field(default_factory=list, max_length=4)
    text: str = Field("", max_length=600)


def _line(value: object) -> object:
    """A line, also where only its text came; an empty one where nothing usable did."""
    if isinstance(value, str):
        value = {"text": value}
    return next(iter(_fitting(DraftLine, [value])), DraftLine())


def _line_or_none(value: object) -> object:
    """None where the model had nothing to say, in whatever way it said so."""
    line = _line(value)
    silent = isinstance(line, DraftLine) and line.text.strip(" .").lower() in {"", "null", "none", "n/a"}
    return None if silent else line


def _lines(most: int) -> BeforeValidator:
    """The lines of a list that say something, at most so many."""

    def usable(value: object) -> object:
        lines = [_line_or_none(one) for one in _listed(value)]
        return [line for line in lines if line is not None][:most]

    return BeforeValidator(usable)


class LineDraft(_Strict):
    """A brief of one line; nothing of it is believed before the checker has seen it."""

    headline: Annotated[DraftLine, BeforeValidator(_line)] = Field(default_factory=DraftLine)
    what: Annotated[list[DraftLine], _lines(2)] = Field(default_factory=list, max_length=2)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.headline.text and not self.what:
            raise ValueError("neither a headline nor what happened")
        return self


class BriefDraft(LineDraft):
    """A brief as a model drafts it."""

    what: Annotated[list[DraftLine], _lines(MOST_WHAT)] = Field(default_factory=list, max_length=MOST_WHAT)
    why: Annotated[DraftLine | None, BeforeValidator(_line_or_none)] = None
    facts: Annotated[list[DraftLine], _lines(MOST_FACTS)] = Field(default_factory=list, max_length=MOST_FACTS)


class DeepDraft(BriefDraft):
    """A longer brief."""

    what: Annotated[list[DraftLine], _lines(MOST_WHAT_DEEP)] = Field(default_factory=list, max_length=MOST_WHAT_DEEP)
    facts: Annotated[list[DraftLine], _lines(MOST_FACTS_DEEP)] = Field(default_factory=list, max_length=MOST_FACTS_DEEP)


FORMS: Mapping[str, type[LineDraft]] = {"one line": LineDraft, "standard": BriefDraft, "deep": DeepDraft}
"""What is asked for, by style."""


class NamedLine(_Strict):
    """A line with the part of the brief that it is: `headline`, `what 2`."""

    part: str = Field(max_length=40)
    quotes: Quotes = Field(default_factory=list, max_length=4)
    text: str = Field("", max_length=600)


def _named(value: object) -> object:
    return _fitting(NamedLine, value)[:20] if isinstance(value, list) else value


class Rewriting(_Strict):
    """Lines that the checker refused, written again."""

    lines: Annotated[list[NamedLine], BeforeValidator(_named)] = Field(max_length=20)

    @model_validator(mode="before")
    @classmethod
    def _of_a_whole_draft(cls, value: object) -> object:
        """Some write the whole brief again: its lines have their places' names."""
        if not isinstance(value, dict) or "lines" in value or "what" not in value:
            return value
        named = [("headline", value.get("headline")), ("why", value.get("why"))]
        named += [(f"what {number}", line) for number, line in enumerate(_listed(value["what"]), 1)]
        named += [(f"fact {number}", line) for number, line in enumerate(_listed(value.get("facts")), 1)]
        return {"lines": [{**line, "part": part} for part, line in named if isinstance(line, dict)]}


class AnswerDraft(_Strict):
    """An answer as a model drafts it: first whether the sources hold it, then sentences with their evidence."""

    answerable: bool = Field(description="true only if a source states the answer")
    sentences: Annotated[list[DraftLine], _lines(MOST_SENTENCES)] = Field(
        default_factory=list, max_length=MOST_SENTENCES
    )

    @model_validator(mode="before")
    @classmethod
    def _said_by_answering(cls, value: object) -> object:
        """Sentences without a word on whether they answer are meant to."""
        if isinstance(value, dict) and "answerable" not in value and value.get("sentences"):
            return {"answerable": True, **value}
        return value
