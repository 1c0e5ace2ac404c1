"""Briefs: written by the model where there is one, and by the extractive writer wherever the model's draft falls short.

```
budget? ──no──────────────────────────────────────────────┐
   │                                                      │
 draft ─► check ─► problems? ─► drafted again, once       │
             │         └─► what still fails is dropped    │
             ▼                                            ▼
   headline and what left? ──no──────────────► extractive brief, with a note that says why
```
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.errors import BudgetError, ModelError, WritingError
from bot.models import Brief, FactLine, Quote, Sentence, Standing, Story
from bot.stories.comparing import same
from bot.stories.figures import find
from bot.stories.standing import StoryFact
from bot.writing import extract
from bot.writing.candidates import gather, sources_of
from bot.writing.drafts import BriefDraft, DraftLine
from bot.writing.extract import STYLES, number_sources, reported_by
from bot.writing.factlines import numbered
from bot.writing.gaps import gaps, unknowns
from bot.writing.grounding import check
from bot.writing.llm import ModelClient
from bot.writing.prompts import MAX_SOURCES, again, brief_messages
from bot.writing.purse import OVER_BUDGET, Budget, Purse
from bot.writing.quotes import mend

MAX_TOKENS = 1600
HEADLINE_CHARS = 140
_log = structlog.get_logger(__name__)


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


@dataclass(frozen=True, slots=True)
class _Checked:
    """A draft's sentences that passed, by part, and what was wrong with the others."""

    headline: Sentence | None
    what: tuple[Sentence, ...]
    why: Sentence | None
    facts: tuple[Sentence, ...]
    problems: tuple[str, ...]


class BriefWriter:
    """Writes briefs.

    Args:
        model: None writes extractively.
        budget: None does not count.
    """

    def __init__(self, model: ModelClient | None = None, budget: Budget | None = None) -> None:
        self._model = model
        self._budget = budget

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
            checked = await self._draft(self._model, story, language=language, style=style, team=team)
        except BudgetError:
            return replace(plain, note=OVER_BUDGET)
        except ModelError as error:
            _log.warning("brief_without_model", story=story.id, reason=str(error))
            return replace(plain, note="The model could not be asked: these are the sources' own sentences.")
        if checked.headline is None or not checked.what:
            _log.info("brief_draft_refused", story=story.id, problems=list(checked.problems))
            return replace(plain, note="The model's draft failed the checks: these are the sources' own sentences.")
        return _assembled(checked, plain, story, facts, language=language, writer=self._model.name)

    async def _draft(self, model: ModelClient, story: Story, *, language: str, style: str, team: str) -> _Checked:
        """Draft, check, and draft once more with the problems named; the better of the two."""
        numbers = {source.article_id: source.number for source in number_sources(story)[:MAX_SOURCES]}
        messages = brief_messages(story, numbers, language=language, style=style)
        purse = Purse(self._budget, team)
        draft = (await model.draft(messages, BriefDraft, max_tokens=MAX_TOKENS, purse=purse)).value
        first = _checked(draft, story, numbers, language)
        if not first.problems:
            return first
        told = again(messages, draft.model_dump_json(), first.problems)
        try:
            redraft = await model.draft(told, BriefDraft, max_tokens=MAX_TOKENS, purse=purse)
        except WritingError as error:
            _log.info("brief_not_redrafted", story=story.id, reason=str(error))
            return first
        return max(first, _checked(redraft.value, story, numbers, language), key=_worth)


def _worth(checked: _Checked) -> tuple[bool, int, int]:
    whole = checked.headline is not None and bool(checked.what)
    return whole, len(checked.what) + len(checked.facts) + (checked.why is not None), -len(checked.problems)


def cited(line: DraftLine, articles: Mapping[int, int], texts: Mapping[int, str]) -> Sentence:
    """A drafted sentence with its quotes as the sources have them; source numbers become article ids here, in code.

    Args:
        line: what the model wrote.
        articles: article ids by source number.
        texts: the articles' texts by id.
    """
    quotes: list[Quote] = []
    for quote in line.quotes:
        article = articles.get(quote.source, -1)
        own = mend(quote.quote, texts.get(article, ""))
        quotes += [Quote(article, piece) for piece in own] or [Quote(article, quote.quote)]
    return Sentence(line.text, tuple(dict.fromkeys(quotes)))


def _checked(draft: BriefDraft, story: Story, numbers: Mapping[int, int], language: str) -> _Checked:
    """Every sentence of a draft through the checker."""
    articles = {number: article for article, number in numbers.items()}
    texts = sources_of(story)
    publishers = {joined.article.id: joined.article.publisher for joined in story.articles}
    problems: list[str] = []

    def passed(part: str, line: DraftLine, *, headline: bool = False) -> Sentence | None:
        sentence = cited(line, articles, texts)
        verdict = check(sentence, texts, language=language, headline=headline, publishers=publishers)
        problems.extend(f"{part}: {problem}" for problem in verdict.problems)
        return sentence if verdict.ok else None

    head = passed("headline", draft.headline, headline=True)
    if head is not None and len(head.text) > HEADLINE_CHARS:
        problems.append(f"headline: longer than {HEADLINE_CHARS} characters")
        head = None
    what = [passed(f"what {number}", line) for number, line in enumerate(draft.what, 1)]
    reason = passed("why", draft.why) if draft.why is not None and draft.why.text else None
    facts = [passed(f"fact {number}", line) for number, line in enumerate(draft.facts, 1)]
    return _Checked(
        head, tuple(one for one in what if one), reason, tuple(one for one in facts if one), tuple(problems)
    )


def _assembled(
    checked: _Checked, plain: Brief, story: Story, facts: Sequence[StoryFact], *, language: str, writer: str
) -> Brief:
    """A brief of the draft's good sentences; standings, sources and gaps are ours, never the model's."""
    assert checked.headline is not None
    form = STYLES[plain.style]
    numbers = {source.article_id: source.number for source in plain.sources}
    lines = _standing_lines(checked.facts, facts, numbers)
    if not lines and language.startswith("en"):
        lines = plain.facts
    event = " ".join(sentence.text for sentence in (checked.headline, *checked.what))
    unknown = plain.unknown
    if not language.startswith("en"):
        unknown = ()
    elif not unknown:
        unknown = gaps(list(sources_of(story).values()), event, reported_by(story))
        unknown += unknowns(gather(story), numbers, form.unknown - len(unknown))
    return replace(
        plain,
        headline=checked.headline.text,
        headline_quotes=checked.headline.quotes,
        what=checked.what[: max(form.what, 1)],
        why=checked.why if form.why else None,
        facts=lines[: form.facts],
        unknown=unknown[: form.unknown],
        writer=writer,
        language=language,
        note=None,
    )


def _standing_lines(
    sentences: Sequence[Sentence], facts: Sequence[StoryFact], numbers: Mapping[int, int]
) -> tuple[FactLine, ...]:
    """The draft's facts with the standing that the sources give them; a fact without a figure is not one."""
    lines: list[FactLine] = []
    for sentence in sentences:
        figures = [figure for quote in sentence.quotes for figure in find(quote.text)]
        own = find(sentence.text)
        if not own:
            continue
        known = next(
            (
                fact
                for fact in facts
                for figure in figures
                if fact.kind == figure.kind and _is(fact, figure.shown, figure.value)
            ),
            None,
        )
        cited_in = numbered([quote.article_id for quote in sentence.quotes], numbers)
        if known is None:
            lines.append(FactLine(sentence, own[0].shown, cited_in, Standing.SINGLE))
            continue
        given = numbered(known.article_ids, numbers)
        others = tuple((shown, numbered(ids, numbers)) for shown, ids in known.others)
        was = tuple((shown, numbered(ids, numbers)) for shown, ids in known.was)
        shown = next((figure.shown for figure in own for one in find(known.shown) if same(figure, one)), own[0].shown)
        lines.append(FactLine(sentence, shown, given or cited_in, known.standing, known.publishers, others, was))
    return tuple(lines)


def _is(fact: StoryFact, shown: str, value: float) -> bool:
    return fact.shown == shown or fact.value == value
