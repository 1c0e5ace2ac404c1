"""Answers: from what was read, with quotes, or an honest "not in what I have read".

```
question ─► declined? ─► in the archive? ─► model's draft ─► checked, sentence by sentence ─► answer
                │              │                 │ fails            │ nothing left
                ▼              ▼                 ▼                  ▼
             kindly no     nearest stories   sentences of the sources that carry the answer, or nearest stories
```
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.errors import ModelError
from bot.models import Answer, AnswerState, Sentence, Source, Story
from bot.stories.facts import extract as facts_of
from bot.stories.standing import standings
from bot.writing import extract
from bot.writing.brief import cited
from bot.writing.budget import Budget, Usage, estimate_tokens
from bot.writing.candidates import sources_of
from bot.writing.drafts import AnswerDraft, DraftLine
from bot.writing.grounding import check
from bot.writing.ladder import finished_items
from bot.writing.llm import DraftFailedError, Message, ModelClient
from bot.writing.prompts import answer_messages
from bot.writing.question import Query
from bot.writing.quotes import source_text
from bot.writing.reading import Reading, disagreeing, good, in_archive, plain, read, supersedes, with_antecedent
from bot.writing.replies import declined, disagreement, only_english, unknown
from bot.writing.retrieve import Scored, Vectors

OnText = Callable[[str], Awaitable[None]]
MAX_TOKENS = 900
PASSAGES = 10
SUPPORT = 2
LIST_MOST = 5
NEAREST = 3
_log = structlog.get_logger(__name__)


class Answerer:
    """Answers questions from passages.

    Args:
        model: None answers with the sources' own sentences.
        budget: None does not count.
        vectors: word vectors for picking sentences; None uses words alone.
        rarity: inverse document frequency of a stem in the archive.
    """

    def __init__(
        self,
        model: ModelClient | None = None,
        budget: Budget | None = None,
        *,
        vectors: Vectors | None = None,
        rarity: Callable[[str], float] | None = None,
    ) -> None:
        self._model = model
        self._budget = budget
        self._vectors = vectors
        self._rarity = rarity

    async def answer(
        self,
        query: Query,
        scored: Sequence[Scored],
        story: Story | None = None,
        *,
        now: datetime,
        history: Sequence[tuple[str, str]] = (),
        searched: int = 0,
        on_text: OnText | None = None,
        team: str = "",
    ) -> Answer:
        """Answer a question.

        Args:
            query: what `retrieve.understand` made of it.
            scored: what `retrieve.rank` found, best first.
            story: the thread's story, if the question stands in its thread.
            now: aware.
            history: earlier (question, answer) pairs, oldest first.
            searched: articles that were looked at, to be told.
            on_text: gets the answer so far, each time a further sentence has passed the checker; plain text.
            team: the workspace that pays.
        """
        searched = searched or len({one.passage.article_id for one in scored})
        if query.decline is not None:
            return Answer(AnswerState.DECLINED, (), (), message=declined(query.decline), searched=searched)
        if query.kind == "summary" and story is not None:
            return await self._told(_summary(story, query, searched), on_text)
        if not in_archive(query, scored, in_thread=story is not None):
            return unknown(query, nearest(scored), searched)
        note: str | None = None
        if self._model is not None:
            asked = _Asked(query, scored, now, history, searched, on_text, team)
            answer, note = await self._by_model(self._model, asked)
            if answer is not None:
                return answer
        own = story.id if story is not None and not query.names else None
        return await self._told(self._extracted(query, scored, searched, note, own), on_text)

    @staticmethod
    async def _told(answer: Answer, on_text: OnText | None) -> Answer:
        if on_text is not None and answer.sentences:
            await on_text(" ".join(sentence.text for sentence in answer.sentences))
        return answer

    def _extracted(
        self, query: Query, scored: Sequence[Scored], searched: int, note: str | None, story_id: int | None
    ) -> Answer:
        """An answer of the sources' own sentences; with `story_id`, of that story's alone."""
        own = [one for one in scored if story_id is None or one.passage.story_id == story_id]
        readings = good(query, read(query, own, vectors=self._vectors, rarity=self._rarity), story_id)
        if not readings:
            return unknown(query, nearest(scored), searched)
        best = readings[0]
        against = disagreeing(query, best, readings[1:])
        if against is not None and supersedes(against, best):
            best, against = against, best
        chosen = _composed(query, best, against, readings)
        texts = texts_of(scored)
        sentences = tuple(one for one in (with_antecedent(reading) for reading in chosen) if check(one, texts).ok)
        if not sentences:
            return unknown(query, nearest(scored), searched)
        if against is not None:
            note = disagreement(best, against)
        elif not query.language.startswith("en"):
            note = only_english(query)
        return Answer(AnswerState.ANSWERED, sentences, numbered(sentences, scored), searched=searched, note=note)

    async def _by_model(self, model: ModelClient, asked: _Asked) -> tuple[Answer | None, str | None]:
        """The model's answer, or None and what to say about that."""
        query, best, on_text = asked.query, asked.scored[:PASSAGES], asked.on_text
        numbers = {
            article: number for number, article in enumerate(dict.fromkeys(one.passage.article_id for one in best), 1)
        }
        messages = answer_messages(
            query.text,
            [one.passage for one in best],
            numbers,
            now=asked.now,
            history=asked.history,
            language=query.language,
        )
        checker = _Checker(numbers, texts_of(best), query.language, on_text)
        try:
            draft = await self._paid(model, messages, checker if on_text is not None else None, asked.team)
        except _OverBudgetError:
            return None, "Today's budget for the model is used up: these are the sources' own sentences."
        except ModelError as error:
            _log.warning("answer_without_model", reason=str(error))
            return None, "The model could not be asked: these are the sources' own sentences."
        if not draft.answerable:
            return unknown(query, nearest(asked.scored), asked.searched), None
        sentences = checker.passed(draft.sentences)
        if not sentences:
            _log.info("answer_draft_refused", problems=checker.problems)
            return None, "The model's draft failed the checks: these are the sources' own sentences."
        made = Answer(
            AnswerState.ANSWERED, sentences, numbered(sentences, best), searched=asked.searched, writer=model.name
        )
        return made, None

    async def _paid(
        self, model: ModelClient, messages: Sequence[Message], checker: _Checker | None, team: str
    ) -> AnswerDraft:
        most = sum(estimate_tokens(message.content) for message in messages) + MAX_TOKENS
        if self._budget is not None and not await self._budget.reserve(team, most):
            raise _OverBudgetError
        usage = Usage(most)
        try:
            draft = await model.draft(
                messages, AnswerDraft, max_tokens=MAX_TOKENS, on_delta=checker.stream if checker is not None else None
            )
            usage = draft.usage
        except DraftFailedError as error:
            usage = error.usage
            raise
        finally:
            if self._budget is not None:
                await self._budget.settle(team, most, usage.total)
        return draft.value


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with everything that comes with it."""

    query: Query
    scored: Sequence[Scored]
    now: datetime
    history: Sequence[tuple[str, str]]
    searched: int
    on_text: OnText | None
    team: str


class _OverBudgetError(Exception):
    """Today's budget does not hold another call."""


class _Checker:
    """Looks at a draft's sentences as they are finished; lets through only those that pass."""

    def __init__(
        self, numbers: Mapping[int, int], texts: Mapping[int, str], language: str, on_text: OnText | None
    ) -> None:
        self._articles = {number: article for article, number in numbers.items()}
        self._texts = texts
        self._language = language
        self._on_text = on_text
        self._told = ""
        self.problems: list[str] = []

    def passed(self, lines: Sequence[DraftLine]) -> tuple[Sentence, ...]:
        """The sentences that may be shown, each once."""
        kept: dict[str, Sentence] = {}
        self.problems = []
        for line in lines:
            sentence = cited(line, self._articles, self._texts)
            verdict = check(sentence, self._texts, language=self._language)
            self.problems.extend(verdict.problems)
            if verdict.ok:
                kept.setdefault(plain(sentence.text), sentence)
        return tuple(kept.values())

    async def stream(self, text: str) -> None:
        """Tell what has passed so far, if it is more than before. A draft that says it has no answer tells nothing."""
        if '"answerable"' not in text or '"answerable":false' in text.replace(" ", ""):
            return
        lines = [line for item in finished_items(text, "sentences") if (line := _line(item)) is not None]
        told = " ".join(sentence.text for sentence in self.passed(lines))
        if self._on_text is not None and len(told) > len(self._told) and told.startswith(self._told):
            self._told = told
            await self._on_text(told)


def _line(item: object) -> DraftLine | None:
    try:
        return DraftLine.model_validate(item)
    except ValueError:
        return None


def _composed(query: Query, best: Reading, against: Reading | None, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The best sentence, the one that contradicts it, and support that adds something."""
    chosen = [best] if against is None else [best, against]
    most = {"list": LIST_MOST, "compare": LIST_MOST, "change": LIST_MOST}.get(query.kind, 1 + SUPPORT)
    most = 1 if query.one_line else most
    least = best.score * (0.6 if most == LIST_MOST else 0.75)
    for reading in readings[1:]:
        if len(chosen) >= most or reading.score < least:
            break
        own = set(reading.found.stems)
        repeats = any(
            len(own & set(one.found.stems)) > 0.6 * max(1, min(len(own), len(one.found.stems))) for one in chosen
        )
        if not repeats and not (
            reading.found.dangling and reading.scored.passage.article_id != best.scored.passage.article_id
        ):
            chosen.append(reading)
    if query.kind == "change":
        chosen.sort(key=lambda reading: reading.scored.passage.published_at)
    if query.kind == "compare" and query.names:
        chosen = _each_side(query, chosen, readings)
    return tuple(chosen[:most] if against is None else chosen[: max(most, 2)])


def _each_side(query: Query, chosen: list[Reading], readings: Sequence[Reading]) -> list[Reading]:
    """For a comparison: the best sentence about each thing that is compared comes first."""
    first = [next((one for one in readings if name.lower() in one.found.text.lower()), None) for name in query.names]
    sides = [one for one in first if one is not None]
    return list(dict.fromkeys([*sides, *chosen]))


def texts_of(scored: Sequence[Scored]) -> dict[int, str]:
    """What may be quoted, by article id: the title and the passages that were found."""
    parts: dict[int, list[str]] = {}
    titles: dict[int, str] = {}
    for one in sorted(scored, key=lambda item: item.passage.position):
        parts.setdefault(one.passage.article_id, []).append(one.passage.text)
        titles[one.passage.article_id] = one.passage.title
    return {article: source_text(titles[article], "\n\n".join(texts)) for article, texts in parts.items()}


def numbered(sentences: Sequence[Sentence], scored: Sequence[Scored]) -> tuple[Source, ...]:
    """The cited articles as numbered sources, in the order in which they are cited; addresses are the articles' own."""
    passages = {one.passage.article_id: one.passage for one in scored}
    ids = dict.fromkeys(quote.article_id for sentence in sentences for quote in sentence.quotes)
    return tuple(
        Source(number, article, one.publisher, one.title, one.url, one.published_at)
        for number, article in enumerate(ids, 1)
        if (one := passages.get(article)) is not None
    )


def nearest(scored: Sequence[Scored]) -> tuple[Source, ...]:
    """The closest articles, for when there is no answer; one for each story."""
    kept: dict[int, Source] = {}
    for one in scored:
        passage = one.passage
        key = passage.story_id if passage.story_id is not None else -passage.article_id
        if key not in kept and len(kept) < NEAREST:
            number = len(kept) + 1
            kept[key] = Source(
                number, passage.article_id, passage.publisher, passage.title, passage.url, passage.published_at
            )
    return tuple(kept.values())


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
