"""The extractive writer: a brief made of the sources' own sentences; pure, no model, no network.

```
story ─► candidates ─► salience ─┬─► headline (among the titles)
                                 ├─► what happened   (best sentences, unlike each other)
                                 ├─► why it matters  (a source's own words on the consequence)
facts with their standing ───────┼─► facts           (figures, one line each)
                                 └─► unknown         (what sources say is not known; what none gives)
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models import SAME_TEXT, Article, Brief, Quote, Sentence, Source, Standing, Story
from bot.stories.figures import Figure, find
from bot.stories.houses import house
from bot.stories.sentences import normalise, split, words
from bot.stories.standing import StoryFact
from bot.writing.candidates import Candidate, gather, sources_of
from bot.writing.event import happened
from bot.writing.factlines import fact_lines
from bot.writing.gaps import gap_alone, gaps, is_gap, unknowns
from bot.writing.headline import clean, headline
from bot.writing.salience import Item, weigh
from bot.writing.significance import why


@dataclass(frozen=True, slots=True)
class Form:
    """How much of each part a style holds. Of its figures, one line shows those in dispute, and Sources all of them."""

    what: int
    facts: int
    unknown: int
    why: bool


STYLES: Mapping[str, Form] = {
    "one line": Form(what=1, facts=5, unknown=0, why=False),
    "standard": Form(what=2, facts=5, unknown=3, why=True),
    "deep": Form(what=4, facts=8, unknown=5, why=True),
}
MAIN = 4
"""Figures that a headline should rather show."""
ENGLISH_ONLY = "Quoted in the sources' own language: briefs in other languages need a model."
_NO_COMMENT = re.compile(r"\b(?:respond|comment)(?:ed)?\b", re.IGNORECASE)


def write(story: Story, facts: Sequence[StoryFact], *, style: str = "standard", language: str = "en") -> Brief:
    """Write a story's brief from its own sentences.

    Args:
        story: at least one article.
        facts: the story's figures with their standing (`bot.stories.standing.standings`).
        style: `one line`, `standard` or `deep`; anything else is standard.
        language: the channel's; anything but English gets a note, for sentences are only ever quoted.

    Raises:
        ValueError: the story has no articles, or they hold neither a title nor a sentence.
    """
    if not story.articles:
        raise ValueError("a story without articles cannot be briefed")
    form = STYLES.get(style, STYLES["standard"])
    texts = sources_of(story)
    sources = number_sources(story)
    numbers = {source.article_id: source.number for source in sources}
    candidates = gather(story)
    scores, vectors = _weighed(story, candidates)
    main = [figure for fact in facts[:MAIN] for figure in _figures(fact)]
    head = headline(story, candidates, _doubtful(facts), main) or _bare_title(story, candidates)
    what = happened(head, candidates, scores, vectors, facts=facts, count=1, sources=texts)
    reason = why(candidates, scores, texts, (head, *what)) if form.why else None
    if form.what > 1:
        beside = (reason,) if reason is not None else ()
        what = happened(head, candidates, scores, vectors, facts=facts, count=form.what, sources=texts, besides=beside)
    shown = [sentence for sentence in (head, *what, reason) if sentence is not None]
    publishers = reported_by(story)
    event = ". ".join(sentence.text.rstrip(".") for sentence in (head, *what))
    unknown = gaps(list(texts.values()), event)[:2]
    lines = fact_lines(facts, candidates, numbers, texts, shown=shown, most=form.facts)
    shown += [one for one in (line.sentence for line in lines) if is_gap(one.text) and gap_alone(one.text) == one.text]
    unknown += unknowns([one for one in candidates if not _is_shown(one, shown)], numbers, form.unknown - len(unknown))
    return Brief(
        headline=head.text,
        headline_quotes=head.quotes,
        what=what,
        why=reason,
        facts=lines,
        unknown=unknown[: form.unknown],
        sources=sources,
        reported_by=publishers,
        language="en",
        style=style if style in STYLES else "standard",
        note=None if language.startswith("en") else ENGLISH_ONLY,
    )


def _is_shown(candidate: Candidate, shown: Sequence[Sentence]) -> bool:
    quoted = candidate.sentence.quotes[0].text
    return any(quote.text == quoted for sentence in shown for quote in sentence.quotes)


def _weighed(story: Story, candidates: Sequence[Candidate]) -> tuple[tuple[float, ...], tuple[dict[str, float], ...]]:
    """The sentences' salience; the lead article's count most, words that point back and speech count less."""
    title = [stem for joined in story.articles for stem in words(clean(joined.article.title))]
    items = [Item(candidate.stems, candidate.position, candidate.length) for candidate in candidates]
    scores, vectors = weigh(items, title)
    marked = []
    for candidate, score in zip(candidates, scores, strict=True):
        factor = 0.94 ** min(candidate.rank, 4)
        factor *= 0.55 if candidate.dangling else 1.0
        factor *= 0.7 if candidate.speech else 1.0
        factor *= 0.4 if is_gap(candidate.text) else 1.0  # it has a place of its own
        factor *= 0.2 if _NO_COMMENT.search(candidate.text) else 1.0
        factor *= 0.4 if candidate.fragment else 1.0
        if candidate.own_voice:  # a company's own news begins with "we"; further down it is colour
            factor *= 0.95 if candidate.position <= 1 and candidate.rank == 0 else 0.7
        factor *= 1.1 if find(candidate.text) else 1.0
        marked.append(score * factor)
    return tuple(marked), vectors


def _figures(fact: StoryFact) -> tuple[Figure, ...]:
    """A fact's figure as it is read in a title or a sentence."""
    return find(fact.shown)[:1]


def _doubtful(facts: Sequence[StoryFact]) -> list[Figure]:
    """Figures that sources disagree about, and older ones that have been put right."""
    doubtful = [fact for fact in facts if fact.standing is Standing.DISPUTED]
    shown = [fact.shown for fact in doubtful] + [value for fact in doubtful for value, _ in fact.others]
    shown += [value for fact in facts for value, _ in fact.was]
    return [figure for value in shown for figure in find(value)]


def _bare_title(story: Story, candidates: Sequence[Candidate]) -> Sentence:
    """When no title is good and no sentence is short enough: the first title as it is, or the first sentence."""
    for joined in story.articles:
        title = normalise(joined.article.title)
        if title:
            return Sentence(title, (Quote(joined.article.id, title),))
    if candidates:
        return candidates[0].sentence
    for joined in story.articles:
        for span in split(joined.article.text or joined.article.summary):
            return Sentence(normalise(span.text), (Quote(joined.article.id, normalise(span.text)),))
    raise ValueError("a story without titles and sentences cannot be briefed")


def number_sources(story: Story) -> tuple[Source, ...]:
    """The story's articles as numbered sources, the lead first, with what a reader should know about each."""
    position = {joined.article.id: number for number, joined in enumerate(story.articles, 1)}
    made = []
    for number, joined in enumerate(story.articles, 1):
        article = joined.article
        copied = position.get(joined.wire_of) if joined.wire_of is not None else None
        note = f"{SAME_TEXT} {copied}" if copied is not None else source_note(article)
        made.append(
            Source(number, article.id, article.publisher, article.title, article.url, article.published_at, note)
        )
    return tuple(made)


def source_note(article: Article) -> str | None:
    """What a reader should know about how an article was read."""
    if article.text_source == "teaser":
        return article.text_note or "read as a teaser only"
    return article.text_note


def reported_by(story: Story) -> int:
    """Independent publishers: copies of a wire text do not count, nor does a house twice, whatever its desks."""
    ids = {joined.article.id for joined in story.articles}
    return len({house(joined.article) for joined in story.articles if joined.wire_of not in ids})
