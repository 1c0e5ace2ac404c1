"""Stories: the articles that tell one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.models.feeds import Article


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article in a story, with why it was joined."""

    article: Article
    score: float
    reasons: tuple[str, ...]
    joined_at: datetime
    wire_of: int | None = None  # id of the article whose text this one copies


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that tell one event; `articles[0]` is the lead."""

    id: int
    title: str
    articles: tuple[StoryArticle, ...]
    created_at: datetime
    updated_at: datetime
    version: int = 1  # grows when an article joins, changes or takes the lead


@dataclass(frozen=True, slots=True)
class Relevance:
    """How much a story is worth to a channel, with reasons a person can read.

    Attributes:
        score: 0–1, against the channel's threshold.
        substance: 0–1, how much of it can be checked.
        topics: matched topics, best first.
        held: why it must not be posted (an advert, a listicle …); None: it may.
    """

    score: float
    substance: float
    topics: tuple[str, ...]
    reasons: tuple[str, ...]
    held: str | None = None
