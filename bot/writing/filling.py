"""A brief of what passed of a model's draft, filled up with the sources' own sentences; pure.

Standings, sources, links and what is not known are ours, never the model's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.models import Brief, FactLine, Sentence, Standing, Story
from bot.stories.comparing import same
from bot.stories.figures import find
from bot.stories.sentences import words
from bot.stories.standing import StoryFact
from bot.writing.candidates import gather, sources_of
from bot.writing.event import ALIKE_HEADLINE
from bot.writing.extract import STYLES
from bot.writing.factlines import fact_lines, numbered
from bot.writing.gaps import gaps, unknowns

ALIKE = 0.7
"""Share of the shorter sentence's content words that the other has: from there on it tells the same."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A draft's sentences that the checker let through, by part.

    Attributes:
        opens: the first sentence of `what` is the draft's own first one, which tells the event.
    """

    headline: Sentence | None
    what: tuple[Sentence, ...]
    why: Sentence | None
    facts: tuple[Sentence, ...]
    opens: bool = True

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return len(self.what) + len(self.facts) + (self.headline is not None) + (self.why is not None)


def stands(passed: Passed, language: str) -> bool:
    """Whether enough is left to be called the model's brief.

    What happened must be told in its words. A refused headline is replaced by a source's own in English, and in no
    other language: the brief would be in two.
    """
    return bool(passed.what) and (passed.headline is not None or language.startswith("en"))


def filled(
    passed: Passed, plain: Brief, story: Story, facts: Sequence[StoryFact], *, language: str, writer: str
) -> Brief:
    """A brief of the sentences that passed; in English, what is missing comes from the extractive brief.

    Args:
        passed: what passed; `stands` of it.
        plain: the extractive brief of the same story.
        story: what is written about.
        facts: its figures with their standing.
        language: code of the brief's language.
        writer: the model's name.
    """
    form = STYLES[plain.style]
    english = language.startswith("en")
    head, quotes = plain.headline, plain.headline_quotes
    if passed.headline is not None:
        head, quotes = passed.headline.text, passed.headline.quotes
    what = _distinct([_ended(one) for one in passed.what if not (english and _repeats(one, head))])[: form.what]
    if english:
        opens = passed.opens and what[:1] == tuple(_ended(one) for one in passed.what[:1])
        beside = (passed.why,) if passed.why is not None and form.why else ()
        others = [one for one in plain.what if not _is_in(one, (*what, *beside))][: max(0, form.what - len(what))]
        what = (*what, *others) if opens else (*others, *what)  # the event itself comes first
    reasons = (passed.why, plain.why if english else None)
    why = next((one for one in reasons if one and not _is_in(one, what) and not _repeats(one, head)), None)
    why = _ended(why) if why is not None and form.why else None
    shown = (Sentence(head, quotes), *what, *((why,) if why is not None else ()))
    numbers = {source.article_id: source.number for source in plain.sources}
    own = [_ended(one) for one in _distinct(passed.facts) if not _is_in(one, shown)]
    lines = standing_lines(own, facts, numbers)[: form.facts]
    if english and len(lines) < form.facts:
        told = (*shown, *(line.sentence for line in lines))
        found = fact_lines(facts, gather(story), numbers, sources_of(story), shown=told, most=form.facts)
        lines += tuple(line for line in found if not _is_in(line.sentence, told))
    return replace(
        plain,
        headline=head,
        headline_quotes=quotes,
        what=what,
        why=why,
        facts=lines[: form.facts]
        or (plain.facts if plain.style == "one line" else ()),  # which shows no sentence of them
        unknown=_unknown(plain, story, shown, numbers) if english else (),
        writer=writer,
        language=language,
        note=None,
    )


def _unknown(plain: Brief, story: Story, shown: Sequence[Sentence], numbers: Mapping[int, int]) -> tuple[str, ...]:
    most = STYLES[plain.style].unknown
    if plain.unknown:
        return plain.unknown[:most]
    event = ". ".join(sentence.text.rstrip(".") for sentence in shown)
    unknown = gaps(list(sources_of(story).values()), event)
    unknown += unknowns(gather(story), numbers, most - len(unknown))
    return unknown[:most]


def _ended(one: Sentence) -> Sentence:
    """A sentence with the stop that models leave out."""
    text = one.text.rstrip()
    return one if not text or not text[-1].isalnum() else replace(one, text=f"{text}.")


def _repeats(one: Sentence, headline: str) -> bool:
    """Whether a sentence has nothing that its headline doesn't have: who reads both reads it twice."""
    own = set(words(one.text))
    if len(own - set(words(headline))) > (1 - ALIKE_HEADLINE) * len(own):
        return False
    return all(any(same(figure, known) for known in find(headline)) for figure in find(one.text))


def _distinct(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Each thing once: small models write a sentence again under another name."""
    kept: list[Sentence] = []
    for one in sentences:
        if not _is_in(one, kept):
            kept.append(one)
    return tuple(kept)


def _is_in(one: Sentence, others: Sequence[Sentence]) -> bool:
    """Whether a sentence tells what another one tells already, and no figure besides."""
    return any(_alike(one, other) for other in others)


def _alike(one: Sentence, other: Sentence) -> bool:
    own, theirs = set(words(one.text)), set(words(other.text))
    if not own or len(own & theirs) < ALIKE * min(len(own), len(theirs)):
        return False
    return all(any(same(figure, known) for known in find(other.text)) for figure in find(one.text))


def standing_lines(
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
        evidence = (*known.quotes, *known.other_quotes)
        line = FactLine(sentence, shown, given or cited_in, known.standing, known.publishers, others, was, evidence)
        lines.append(line)
    return tuple(lines)


def _is(fact: StoryFact, shown: str, value: float) -> bool:
    return fact.shown == shown or fact.value == value
