"""What we say in our own words around an answer: kind refusals, what was searched, that sources disagree; pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from bot.models import Answer, AnswerState, Source, Standing, Story
from bot.stories.standing import StoryFact
from bot.stories.timeline import of_subject, within_order
from bot.writing.conflicts import supersedes
from bot.writing.declining import Decline
from bot.writing.prompts import language_name
from bot.writing.question import Query
from bot.writing.reading import Reading

_DECLINED: dict[Decline, str] = {
    "prediction": "I don't predict. Ask me what the articles say is planned or expected, and I'll show who says it.",
    "opinion": "I don't give opinions or advice. Ask me for the facts that bear on it, and I'll show the sources.",
    "private": "I don't look up private matters of people. I can say what the articles report about their work.",
    "off_subject": "I only answer from the AI-infrastructure news that I have read.",
    "order": "I only answer questions about the articles that I have read; I don't take other instructions.",
}


def declined(why: Decline) -> str:
    """A kind refusal, with what to ask instead."""
    return _DECLINED[why]


def unknown(query: Query, nearest: tuple[Source, ...], searched: int) -> Answer:
    """No answer: what was searched, and the closest there is."""
    where = f"{searched} article{'' if searched == 1 else 's'}" if searched else "the archive"
    limits = f" from {query.period.removeprefix('in ').removeprefix('from ')}" if query.period else ""
    for opening in ("since ", "before ", "until "):
        if query.period.startswith(opening):
            limits = f" {query.period}"
    sought = _sought(query)
    message = f"That is not in what I have read. I searched {where}{limits}{sought}."
    return Answer(AnswerState.UNKNOWN, (), (), nearest=nearest, message=message, searched=searched)


def _sought(query: Query) -> str:
    """What was looked for: the names and the words of the question."""
    names = [*query.names, *query.context_names]
    return f" for {', '.join(names[:3])}" if names else ""


def only_english(query: Query) -> str:
    """Why an answer is not in the language that was asked for."""
    return f"Quoted as the sources have it: answers in {language_name(query.language)} need a model."


def disagreement(best: Reading, other: Reading) -> str:
    """Who says what, and when: figures from sentences that are both shown."""
    if supersedes(best, other):
        return f"The figure has changed: {_said(other, 'gave')}, {_said(best, 'gives')}."
    return f"Sources disagree: {_said(best, 'says')}, {_said(other, 'says')}."


def changes(query: Query, chosen: Sequence[Reading]) -> str | None:
    """The dated figures of one thing, oldest first."""
    values = [figure.value for one in chosen for figure in one.figures]
    if not values:
        return None
    usual = statistics.median(values)
    alike = [(one, [figure for figure in one.figures if within_order(figure.value, usual)]) for one in chosen]
    figures = [(one, of_subject(one.found.text, own, query.names)) for one, own in alike]
    dated = [(one, figure) for one, figure in figures if figure is not None]
    if len(dated) < 2:  # noqa: PLR2004 - one figure is no change
        return None
    told = "; ".join(
        f"{one.scored.passage.published_at.day} {one.scored.passage.published_at:%B}: {figure.shown}"
        f" ({one.scored.passage.publisher})"
        for one, figure in dated
    )
    return f"Over time: {told}."


def standing_note(fact: StoryFact, stories: Iterable[Story]) -> str:
    """Who gives which figure, and when, as the briefs have it."""
    articles = {joined.article.id: joined.article for story in stories for joined in story.articles}

    def tellers(ids: Sequence[int]) -> str:
        dated = sorted((articles[number] for number in ids if number in articles), key=lambda one: one.when)
        shown = dict.fromkeys(f"{one.publisher} ({one.when.day} {one.when:%B})" for one in dated)
        return ", ".join(list(shown)[:2])

    if fact.standing is Standing.DISPUTED:
        sides = [f"{fact.shown} by {tellers(fact.article_ids)}"]
        sides += [f"{shown} by {tellers(ids)}" for shown, ids in fact.others]
        return f"Sources disagree: {'; '.join(sides)}."
    before = "; ".join(f"{shown} by {tellers(ids)}" for shown, ids in fact.was)
    return f"The figure has changed: {before}; now {fact.shown} by {tellers(fact.article_ids)}."


def one_side(query: Query, missing: Sequence[str], nearest: tuple[Source, ...], searched: int) -> Answer:
    """A comparison of which one side is not in the archive."""
    known = [name for name in query.names if name not in missing]
    message = f"I have read nothing about {' or '.join(missing)}"
    message += f", only about {' and '.join(known)}: I can't compare them." if known else "."
    return Answer(AnswerState.UNKNOWN, (), (), nearest=nearest, message=message, searched=searched)


def _said(one: Reading, verb: str) -> str:
    passage = one.scored.passage
    return f"{passage.publisher} ({passage.published_at.day} {passage.published_at:%B}) {verb} {one.figures[0].shown}"
