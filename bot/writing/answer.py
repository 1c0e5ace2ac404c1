"""Answers: from what was read, with quotes, or an honest "not in what I have read".

```
question ─► declined? ─► in the archive? ─► model's draft ─► checked, sentence by sentence ─► answer
                │              │                 │ fails            │ nothing left
                ▼              ▼                 ▼                  ▼
             kindly no     nearest stories   sentences of the sources that carry the answer, or nearest stories
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.errors import BudgetError, ModelError
from bot.models import Answer, AnswerState, Sentence, Story
from bot.stories.facts import extract as facts_of
from bot.stories.standing import StoryFact, standings
from bot.writing import extract
from bot.writing.candidates import is_showable, sources_of
from bot.writing.citing import nearest, numbered, passed, texts_of
from bot.writing.composing import about_figure, compose, is_outdated, others_said
from bot.writing.conflicts import supersedes
from bot.writing.disputing import asks_for_dispute, contested, sides, tells_of_dispute
from bot.writing.drafting import DraftChecker, OnPart
from bot.writing.drafts import AnswerDraft
from bot.writing.gates import archive_score, good, in_archive
from bot.writing.grounding import check
from bot.writing.llm import ModelClient
from bot.writing.meaning import Vectors
from bot.writing.prompts import answer_messages
from bot.writing.purse import Budget
from bot.writing.question import Query
from bot.writing.reading import Reading, read
from bot.writing.remembering import Remembering
from bot.writing.replies import changes, declined, disagreement, one_side, only_english, standing_note, unknown
from bot.writing.retrieve import Scored

MAX_TOKENS = 900
PASSAGES = 10
WIDE_PASSAGES = 40
"""Lists, comparisons and changes draw on more of what was found than a single fact."""
_log = structlog.get_logger(__name__)


class Answerer:
    """Answers questions from passages.

    Args:
        model: None answers with the sources' own sentences.
        budget: None does not count.
        vectors: word vectors for picking sentences; None uses words alone.
    """

    def __init__(
        self,
        model: ModelClient | None = None,
        budget: Budget | None = None,
        *,
        vectors: Vectors | None = None,
    ) -> None:
        self._model = Remembering(model, budget) if model is not None else None
        self._vectors = vectors

    async def answer(
        self,
        query: Query,
        scored: Sequence[Scored],
        story: Story | None = None,
        *,
        now: datetime,
        history: Sequence[tuple[str, str]] = (),
        searched: int = 0,
        on_part: OnPart | None = None,
        team: str = "",
        stories: Sequence[Story] = (),
    ) -> Answer:
        """Answer a question.

        Args:
            query: what `retrieve.understand` made of it.
            scored: what `retrieve.rank` found, best first.
            story: the thread's story, if the question stands in its thread.
            now: aware.
            history: earlier (question, answer) pairs, oldest first.
            searched: articles that were looked at, to be told.
            on_part: gets the answer so far, each time a further sentence has passed the checker.
            team: the workspace that pays.
            stories: further stories that the passages are of, whose articles may confirm or dispute a figure.
        """
        searched = searched or len({one.passage.article_id for one in scored})
        told = {one.id: one for one in (*stories, *((story,) if story is not None else ()))}
        known = await asyncio.to_thread(_is_known, query, scored, told.values(), in_thread=story is not None)
        # A subject that is not ours may all the same be in an article.
        if query.decline is not None and (query.decline != "off_subject" or not known):
            return Answer(AnswerState.DECLINED, (), (), message=declined(query.decline), searched=searched)
        if query.kind == "summary" and story is not None:
            return await self._told(await asyncio.to_thread(_summary, story, query, searched), on_part)
        if not known:
            return unknown(query, nearest(query, scored), searched)
        asked = _Asked(query, scored, now, history, searched, on_part, team)
        note: str | None = None
        if self._model is not None:
            answer, note = await self._by_model(self._model, asked)
            if answer is not None:
                return answer
        own = story.id if story is not None and not query.names else None
        return await self._told(await asyncio.to_thread(self._extracted, asked, note, own, told), on_part)

    @staticmethod
    async def _told(answer: Answer, on_part: OnPart | None) -> Answer:
        """Tell an answer that comes whole a sentence at a time, so that the first can be read at once."""
        if on_part is not None:
            for count in range(1, len(answer.sentences)):
                await on_part(replace(answer, sentences=answer.sentences[:count]))
            if answer.sentences:
                await on_part(answer)
        return answer

    def _extracted(self, asked: _Asked, note: str | None, story_id: int | None, stories: Mapping[int, Story]) -> Answer:
        """An answer of the sources' own sentences; with `story_id`, of that story's alone."""
        query, scored = asked.query, asked.scored
        own = [one for one in scored if story_id is None or one.passage.story_id == story_id]
        most = WIDE_PASSAGES if query.kind in {"list", "compare", "change"} else None
        readings = good(
            query, read(query, own, vectors=self._vectors, most=most), archive_score(query, scored), story_id
        )
        if asks_for_dispute(query):
            fact = contested(query, own, stories.values())
            if fact is not None:
                return self._of_dispute(asked, fact, stories)
            readings = tuple(one for one in readings if tells_of_dispute(one.found.text))
        if not readings:
            return unknown(query, nearest(query, scored), asked.searched)
        made = compose(query, readings)
        if made.missing:
            return one_side(query, made.missing, nearest(query, scored), asked.searched)
        texts = texts_of(scored)
        for one in stories.values():
            texts |= sources_of(one)
        fact = self._disputed(query, made.chosen[0], stories)
        told = list(made.sentences)
        if fact is not None:
            figure = made.chosen[0].figures[0]
            others = [one for one in others_said(fact, figure) if is_showable(one.text)]
            at = 0 if is_outdated(fact, figure) else 1  # what is so now comes first
            told[at:at] = others
        sentences = passed(told, texts, most=None if most else 4)
        if not sentences:
            return unknown(query, nearest(query, scored), asked.searched)
        note = note or self._note(query, made.chosen, made.against, fact, stories)
        sources = numbered(sentences, scored, stories.values())
        return Answer(AnswerState.ANSWERED, sentences, sources, searched=asked.searched, note=note)

    @staticmethod
    def _of_dispute(asked: _Asked, fact: StoryFact, stories: Mapping[int, Story]) -> Answer:
        """Both sides of a disputed figure, each in its own words, and who they are."""
        texts: dict[int, str] = {}
        for one in stories.values():
            texts |= sources_of(one)
        sentences = passed([one for one in sides(fact) if is_showable(one.text)], texts, most=4)
        if not sentences:
            return unknown(asked.query, nearest(asked.query, asked.scored), asked.searched)
        sources = numbered(sentences, asked.scored, stories.values())
        note = standing_note(fact, stories.values())
        return Answer(AnswerState.ANSWERED, sentences, sources, searched=asked.searched, note=note)

    @staticmethod
    def _disputed(query: Query, best: Reading, stories: Mapping[int, Story]) -> StoryFact | None:
        """What the story's other articles say of the answer's figure, by the logic of the briefs."""
        story = stories.get(best.scored.passage.story_id or -1)
        if story is None or not best.figures or query.kind not in {"how_much", "change"}:
            return None
        facts = standings(story, {joined.article.id: facts_of(joined.article) for joined in story.articles})
        return about_figure(facts, best.figures[0], best.scored.passage.article_id)

    @staticmethod
    def _note(
        query: Query,
        chosen: Sequence[Reading],
        against: Reading | None,
        fact: StoryFact | None,
        stories: Mapping[int, Story],
    ) -> str | None:
        if query.kind == "change" and len(chosen) > 1:
            return changes(query, chosen)
        has_changed = against is not None and supersedes(chosen[0], against)
        if fact is not None and not has_changed:
            return standing_note(fact, stories.values())
        if against is not None:
            return disagreement(chosen[0], against)
        return None if query.language.startswith("en") else only_english(query)

    async def _by_model(self, model: Remembering, asked: _Asked) -> tuple[Answer | None, str | None]:
        """The model's answer, or None and what to say about that."""
        query, best, on_part = asked.query, asked.scored[:PASSAGES], asked.on_part
        numbers = {
            article: number for number, article in enumerate(dict.fromkeys(one.passage.article_id for one in best), 1)
        }
        messages = answer_messages(
            query.asked or query.text,
            [one.passage for one in best],
            numbers,
            now=asked.now,
            history=asked.history,
            language=query.language,
        )
        checker = DraftChecker(query, numbers, best, on_part)
        try:
            draft = await model.draft(
                messages,
                AnswerDraft,
                max_tokens=MAX_TOKENS,
                team=asked.team,
                on_delta=checker.stream if on_part is not None else None,
            )
        except BudgetError as error:
            return None, str(error)
        except ModelError as error:
            _log.warning("answer_without_model", reason=str(error))
            return None, "The model could not be asked: these are the sources' own sentences."
        if not draft.answerable:
            return unknown(query, nearest(query, asked.scored), asked.searched), None
        sentences = checker.passed(draft.sentences)
        if not sentences:
            _log.info("answer_draft_refused", problems=checker.problems)
            return None, "The model's draft failed the checks: these are the sources' own sentences."
        made = Answer(
            AnswerState.ANSWERED, sentences, numbered(sentences, best), searched=asked.searched, writer=model.name
        )
        return made, None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with everything that comes with it."""

    query: Query
    scored: Sequence[Scored]
    now: datetime
    history: Sequence[tuple[str, str]]
    searched: int
    on_part: OnPart | None
    team: str


def _is_known(query: Query, scored: Sequence[Scored], stories: Iterable[Story], *, in_thread: bool) -> bool:
    """Whether anything that was read is about what is asked; a dispute that is asked for is, whatever its words."""
    disputed = asks_for_dispute(query) and contested(query, scored, stories) is not None
    return disputed or in_archive(query, scored, in_thread=in_thread)


def _summary(story: Story, query: Query, searched: int) -> Answer:
    """This thread's story, in one line or a few."""
    found = standings(story, {joined.article.id: facts_of(joined.article) for joined in story.articles})
    brief = extract.write(story, found, style="one line" if query.one_line else "standard")
    told = brief.what if query.one_line else (*brief.what, *((brief.why,) if brief.why else ()))
    texts = sources_of(story)
    sentences = tuple(one for one in told if check(one, texts).ok)
    if not sentences:
        sentences = (Sentence(brief.headline, brief.headline_quotes),)
    ids = {quote.article_id for sentence in sentences for quote in sentence.quotes}
    listed = [source for source in brief.sources if source.article_id in ids]
    sources = tuple(replace(source, number=number) for number, source in enumerate(listed, 1))
    note = None if query.language.startswith("en") else only_english(query)
    return Answer(AnswerState.ANSWERED, sentences, sources, searched=max(searched, len(story.articles)), note=note)
