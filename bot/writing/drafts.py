"""What we ask a model for. The quotes come first in every object, so that the words are written after the evidence."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    """A shape whose JSON schema OpenAI's strict mode takes: every key required, no others."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class CitedQuote(_Strict):
    """A piece of one source, word for word."""

    source: int = Field(description="number of the source")
    quote: str = Field(description="copied word for word from that source", max_length=1200)


class DraftLine(_Strict):
    """A sentence with its evidence before it."""

    quotes: list[CitedQuote] = Field(max_length=4)
    text: str = Field(max_length=600)


class BriefDraft(_Strict):
    """A brief as a model drafts it; nothing of it is believed before the checker has seen it."""

    headline: DraftLine
    what: list[DraftLine] = Field(max_length=6)
    why: DraftLine | None
    facts: list[DraftLine] = Field(max_length=8)


class AnswerDraft(_Strict):
    """An answer as a model drafts it: first whether the sources hold it, then sentences with their evidence."""

    answerable: bool = Field(description="true only if a source states the answer")
    sentences: list[DraftLine] = Field(max_length=8)
