"""Briefs: written by the model where there is one, and by the extractive writer wherever the model's draft falls short.

```
budget? ──no──────────────────────────────────────────────┐
   │                                                      │
 draft ─► each line checked ─► refused? ─► these lines    │
             │                  written again, once       │
             ▼                                            ▼
   what happened left? ──no─────────────────────► extractive brief, with a note that says why
             │
             ▼
   what passed, and for what did not the sources' own sentences (`filling`)
```
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog
from pydantic import BaseModel

from bot.errors import BudgetError, ModelError, WritingError
from bot.models import Brief, Sentence, Story
from bot.stories.standing import StoryFact
from bot.writing import extract
from bot.writing.candidates import sources_of
from bot.writing.drafts import FORMS, BriefDraft, DraftLine, LineDraft, NamedLine, Rewriting
from bot.writing.extract import number_sources
from bot.writing.filling import Passed, filled, stands
from bot.writing.lines import Checker, Looked
from bot.writing.llm import Message, ModelClient, TooLongError
from bot.writing.prompts import MAX_SOURCES, again, brief_messages
from bot.writing.purse import Budget
from bot.writing.remembering import Remembering

MAX_TOKENS = {"one line": 500, "standard": 1600, "deep": 2600}
"""Of a draft, by style; whoever cites writes everything about twice."""
HEADLINE_CHARS = 140
SHORTER = 0.3
"""Share of the usual text that is tried with a model that cannot take all of it."""
_log = structlog.get_logger(__name__)
_Shape = TypeVar("_Shape", bound=BaseModel)


def input_hash(
    story: Story, facts: Sequence[StoryFact], language: str = "en", style: str = "standard", writer: str = "extractive"
) -> str:
    """A key of everything that a brief depends on: while it is unchanged, nothing is written or paid for again."""
    parts = [language, style, writer]
    for joined in story.articles:
        article = joined.article
        body = article.text or article.summary
        told = (
            article.id,
            article.url,
            article.title,
            article.publisher,
            article.published_at,
            body,
            article.text_note,
        )
        parts.append(repr((*told, joined.wire_of)))
    parts += [repr(_hashed(fact)) for fact in facts]
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def _hashed(fact: StoryFact) -> tuple[object, ...]:
    return fact.shown, fact.standing, fact.publishers, fact.article_ids, fact.others, fact.was


class BriefWriter:
    """Writes briefs.

    Args:
        model: None writes extractively.
        budget: None does not count.
    """

    def __init__(self, model: ModelClient | None = None, budget: Budget | None = None) -> None:
        self._model = Remembering(model, budget) if model is not None else None

    @property
    def name(self) -> str:
        """What writes: `extractive` or the model's name. Part of `input_hash`."""
        return self._model.name if self._model is not None else "extractive"

    async def write(
        self,
        story: Story,
        facts: Sequence[StoryFact],
        *,
        language: str = "en",
        style: str = "standard",
        team: str = "",
    ) -> Brief:
        """Write a story's brief; every sentence of it has passed the checker.

        Args:
            story: at least one article.
            facts: its figures with their standing.
            language: code of the channel's language.
            style: `one line`, `standard` or `deep`.
            team: the workspace that pays.

        Raises:
            ValueError: the story holds nothing to write about.
        """
        plain = extract.write(story, facts, style=style, language=language)
        if self._model is None:
            return plain
        try:
            draft = await _Drafting(self._model, story, language, plain.style, team).written()
        except BudgetError as error:
            return replace(plain, note=str(error))
        except ModelError as error:
            _log.warning("brief_without_model", story=story.id, reason=str(error))
            return replace(plain, note="The model could not be asked: these are the sources' own sentences.")
        passed = draft.passed
        refused = sum(one.sentence is None for one in draft.lines)
        told = {"story": story.id, "kept": passed.count, "refused": refused, "problems": draft.problems}
        if not stands(passed, language):
            _log.info("brief_draft_refused", **told)
            return replace(plain, note="The model's draft failed the checks: these are the sources' own sentences.")
        _log.info("brief_drafted", **told)
        return filled(passed, plain, story, facts, language=language, writer=self.name)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft's lines as they were looked at."""

    lines: tuple[Looked, ...]

    @property
    def problems(self) -> list[str]:
        return [f"{one.part}: {problem}" for one in self.lines for problem in one.problems]

    @property
    def passed(self) -> Passed:
        def those(name: str) -> tuple[Sentence, ...]:
            return tuple(one.sentence for one in self.lines if one.part.startswith(name) and one.sentence is not None)

        return Passed(
            next(iter(those("headline")), None),
            those("what"),
            next(iter(those("why")), None),
            those("fact"),
            opens=any(one.part == "what 1" and one.sentence is not None for one in self.lines),
        )


class _Drafting:
    """One story's draft: asked for, looked at line by line, the refused lines asked for once more."""

    def __init__(self, model: Remembering, story: Story, language: str, style: str, team: str) -> None:
        self._model = model
        self._story = story
        self._language = language
        self._style = style
        self._team = team
        self._numbers = {source.article_id: source.number for source in number_sources(story)[:MAX_SOURCES]}
        publishers = {joined.article.id: joined.article.publisher for joined in story.articles}
        self._checker = Checker(self._numbers, sources_of(story), language=language, publishers=publishers, finds=True)

    async def written(self) -> _Draft:
        """The draft with its refused lines rewritten where that helped.

        Raises:
            BudgetError: today's budget does not hold the first draft.
            ModelError: there is no first draft.
        """
        messages, draft = await self._first()
        first = _Draft(tuple(self._look(part, line) for part, line in _parts(draft)))
        refused = [one for one in first.lines if one.sentence is None]
        if not self._worth_rewriting(refused):
            return first
        lines = Rewriting(lines=[_named(one) for one in refused])
        try:
            told = again(messages, lines, _Draft(tuple(refused)).problems)
            rewriting = await self._asked(told, Rewriting)
        except WritingError as error:
            _log.info("brief_not_rewritten", story=self._story.id, reason=str(error))
            return first
        better = {line.part.strip().lower(): line for line in rewriting.lines if line.text}
        return _Draft(tuple(self._better(one, better) for one in first.lines))

    async def _first(self) -> tuple[tuple[Message, ...], LineDraft]:
        """The first draft; of less text where the model cannot take all of it."""
        form = FORMS[self._style]
        messages = self._messages(1.0)
        try:
            return messages, await self._asked(messages, form)
        except TooLongError:
            messages = self._messages(SHORTER)
            return messages, await self._asked(messages, form)

    def _messages(self, share: float) -> tuple[Message, ...]:
        return brief_messages(self._story, self._numbers, language=self._language, style=self._style, share=share)

    async def _asked(self, messages: Sequence[Message], shape: type[_Shape]) -> _Shape:
        return await self._model.draft(messages, shape, max_tokens=MAX_TOKENS[self._style], team=self._team)

    def _look(self, part: str, line: DraftLine) -> Looked:
        headline = part == "headline"
        return self._checker.look(part, line, headline=headline, longest=HEADLINE_CHARS if headline else None)

    def _worth_rewriting(self, refused: Sequence[Looked]) -> bool:
        """Whether a second call is worth its price: figures alone can be told in the sources' words, in English."""
        return any(not one.part.startswith("fact") for one in refused) or (
            bool(refused) and not self._language.startswith("en")
        )

    def _better(self, one: Looked, rewritten: Mapping[str, NamedLine]) -> Looked:
        """A refused line as it was rewritten, if that passes."""
        line = rewritten.get(one.part)
        if one.sentence is not None or line is None:
            return one
        looked = self._look(one.part, DraftLine(quotes=line.quotes, text=line.text))
        return looked if looked.sentence is not None else one


def _parts(draft: LineDraft) -> list[tuple[str, DraftLine]]:
    """A draft's lines, each with the name of its part."""
    parts = [("headline", draft.headline)]
    parts += [(f"what {number}", line) for number, line in enumerate(draft.what, 1)]
    if isinstance(draft, BriefDraft):
        parts += [("why", draft.why)] if draft.why is not None else []
        parts += [(f"fact {number}", line) for number, line in enumerate(draft.facts, 1)]
    return parts


def _named(one: Looked) -> NamedLine:
    return NamedLine(part=one.part, quotes=one.line.quotes, text=one.line.text)
