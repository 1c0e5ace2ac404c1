"""Questions after a dispute ("who disputes the size of Harrow Flats?"), from what the briefs know of it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.models import Sentence, Standing, Story
from bot.stories.facts import extract as facts_of
from bot.stories.sentences import words
from bot.stories.standing import StoryFact, standings
from bot.writing.question import Query
from bot.writing.retrieve import Scored

_ASKS = re.compile(
    r"\b(?:disput(?:e|es|ed|ing)|disagree(?:s|d|ment|ments)?|contradict\w*|conflicting|at odds|contested|contests?)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:disput\w+|disagre\w+|contradict\w*|conflict\w*|at odds|contest\w*|den(?:y|ies|ied)|reject\w*|wrong)\b",
    re.IGNORECASE,
)


def asks_for_dispute(query: Query) -> bool:
    """Whether a question is after who says otherwise."""
    return _ASKS.search(query.text) is not None


def tells_of_dispute(text: str) -> bool:
    """Whether a sentence itself says that somebody says otherwise."""
    return _TELLS.search(text) is not None


def contested(query: Query, scored: Sequence[Scored], stories: Iterable[Story]) -> StoryFact | None:
    """The disputed figure that is asked about; None if no story that was found has one.

    Args:
        query: the question.
        scored: passages, best first: the first story with a dispute counts.
        stories: those that the passages are of.
    """
    known = {story.id: story for story in stories}
    asked = set(query.words)
    for story_id in dict.fromkeys(one.passage.story_id for one in scored):
        story = known.get(story_id or -1)
        if story is None or not _is_of(query, story):
            continue
        facts = standings(story, {joined.article.id: facts_of(joined.article) for joined in story.articles})
        disputed = [fact for fact in facts if fact.standing is Standing.DISPUTED]
        if disputed:
            return max(disputed, key=lambda fact: (len(asked & set(words(fact.quote.text))), fact.importance))
    return None


def _is_of(query: Query, story: Story) -> bool:
    """Whether a story is of what the question names."""
    titles = " ".join(joined.article.title for joined in story.articles).casefold()
    return not query.names or any(name.casefold() in titles for name in query.names)


def sides(fact: StoryFact) -> tuple[Sentence, ...]:
    """The sentences of both sides, each once."""
    quotes = dict.fromkeys((fact.quote, *fact.other_quotes))
    return tuple(Sentence(quote.text, (quote,)) for quote in quotes)
