"""What an answer cites: the texts that may be quoted, the numbered sources, the nearest stories. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.models import Sentence, Source, Story
from bot.stories.sentences import normalise
from bot.writing.grounding import check
from bot.writing.question import Query
from bot.writing.quotes import source_text
from bot.writing.retrieve import Scored

NEAREST = 3
NEAREST_LEAST = 0.35
"""A story nearer than this shares the question's subject; a further one is no help to who asked."""


def passed(sentences: Sequence[Sentence], texts: Mapping[int, str], *, most: int | None) -> tuple[Sentence, ...]:
    """Those that the checker lets through, each once."""
    kept: dict[str, Sentence] = {}
    for one in sentences:
        if check(one, texts).ok:
            kept.setdefault(plain(one.text), one)
    return tuple(kept.values())[:most]


def texts_of(scored: Sequence[Scored]) -> dict[int, str]:
    """What may be quoted, by article id: the title and the passages that were found."""
    parts: dict[int, list[str]] = {}
    titles: dict[int, str] = {}
    for one in sorted(scored, key=lambda item: item.passage.position):
        parts.setdefault(one.passage.article_id, []).append(one.passage.text)
        titles[one.passage.article_id] = one.passage.title
    return {article: source_text(titles[article], "\n\n".join(texts)) for article, texts in parts.items()}


def numbered(
    sentences: Sequence[Sentence], scored: Sequence[Scored], stories: Iterable[Story] = ()
) -> tuple[Source, ...]:
    """The cited articles as numbered sources, in the order in which they are cited; addresses are the articles' own."""
    known = {
        one.passage.article_id: (one.passage.publisher, one.passage.title, one.passage.url, one.passage.published_at)
        for one in scored
    }
    for story in stories:
        for joined in story.articles:
            article = joined.article
            known.setdefault(article.id, (article.publisher, article.title, article.url, article.when))
    ids = dict.fromkeys(quote.article_id for sentence in sentences for quote in sentence.quotes)
    return tuple(Source(number, article, *known[article]) for number, article in enumerate(ids, 1) if article in known)


def nearest(query: Query, scored: Sequence[Scored]) -> tuple[Source, ...]:
    """The closest articles, for when there is no answer; one for each story, and only those that share the subject."""
    kept: dict[int, Source] = {}
    best = max((one.fit for one in scored), default=0.0)
    for one in sorted(scored, key=lambda item: -item.score):
        passage = one.passage
        key = passage.story_id if passage.story_id is not None else -passage.article_id
        shares = one.names > 0 if query.names else True
        near = one.fit >= max(NEAREST_LEAST, 0.6 * best) and shares
        if key not in kept and len(kept) < NEAREST and near:
            number = len(kept) + 1
            kept[key] = Source(
                number, passage.article_id, passage.publisher, passage.title, passage.url, passage.published_at
            )
    return tuple(kept.values())


def plain(text: str) -> str:
    """A sentence in the form in which repeats are noticed."""
    return normalise(text).lower().strip(" .")
