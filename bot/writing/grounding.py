"""The grounding checker: what a sentence of ours may say, given the quotes it cites. Pure and fast.

A sentence passes if each of its quotes stands word for word in its source, if its numbers, units, dates and names are
in these quotes, and if it is no surer, no less negative and no less attributed than they are. The checker is a veto,
not a judge of truth: it would rather drop a good sentence than let a false one through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.models import Answer, Brief, Sentence
from bot.stories.sentences import normalise, words
from bot.writing import (
    conditions,
    contrasts,
    crossings,
    mouths,
    particulars,
    polarity,
    relations,
    slips,
    substitutions,
    synonyms,
    tenses,
)
from bot.writing.forms import folded
from bot.writing.quotes import Located, locate

MIN_OVERLAP = 0.6
"""Share of a sentence's content words that its quotes' sentences must hold. Near-extractive text has more than .8; on
real model errors this overlap is the best single guard (AUROC .84), numbers alone are nearly useless (.49)."""
_FEW = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a text may be shown, and what is wrong with it in words that a writer can act on."""

    ok: bool
    problems: tuple[str, ...] = ()


def check(
    sentence: Sentence,
    sources: Mapping[int, str],
    *,
    language: str = "en",
    headline: bool = False,
    publishers: Mapping[int, str] | None = None,
) -> Verdict:
    """Compare a sentence with the quotes it cites.

    Args:
        sentence: what is to be shown.
        sources: the stored text of each article id (see `quotes.source_text`).
        language: code of the sentence's language; what only English has words for is checked in English alone.
        headline: headlines may leave out who says so.
        publishers: who published each article id; only with it may a sentence be put in its publisher's mouth
            (`Halden Labs writes: "We ..."`).
    """
    if not sentence.quotes:
        return Verdict(ok=False, problems=("cites nothing",))
    located: list[Located] = []
    for quote in sentence.quotes:
        found = locate(quote.text, sources.get(quote.article_id, ""))
        if found is None:
            return Verdict(ok=False, problems=(f'"{_short(quote.text)}" is not in source {quote.article_id}',))
        located.append(found)
    text = normalise(sentence.text)
    if not text:
        return Verdict(ok=False, problems=("says nothing",))
    said = mouths.quoted(text, (publishers or {}).get(sentence.quotes[0].article_id, ""))
    articles = [quote.article_id for quote in sentence.quotes]
    text = said or mouths.unbracketed(text, list(zip(articles, located, strict=True)))
    text = particulars.singular(text, " ".join(found.context for found in located))
    contexts = [found.context for found in located] + [mouths.inner(found.context) for found in located if said]
    contexts += _run(located) if len(set(articles)) == 1 else []
    if any(_plain(text) == _plain(context) for context in contexts):
        return Verdict(ok=True)
    problems = tuple(dict.fromkeys(_problems(text, located, language, headline=headline or bool(said))))
    return Verdict(ok=not problems, problems=problems)


def _run(located: Sequence[Located]) -> list[str]:
    """Sentences of one source that follow each other there, as one; nothing where they don't."""
    found = sorted({(one.start, one.end): one for one in located}.values(), key=lambda one: one.start)
    follow = all(0 <= after.start - before.end <= 1 for before, after in pairwise(found))
    return [" ".join(one.context for one in found)] if follow and len(found) > 1 else []


def _plain(text: str) -> str:
    """A sentence without what its place makes of it: the capital that opens it, the stop that ends it. MW is not mW."""
    return text[:1].lower() + text[1:].rstrip(" .")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - enough to find it by


def _problems(text: str, located: Sequence[Located], language: str, *, headline: bool) -> Iterator[str]:
    """Everything that is wrong with a sentence whose quotes are all real."""
    quoted = [found.text for found in located]
    contexts = list(dict.fromkeys(found.context for found in located))
    yield from _links(text)
    yield from mouths.unproven(text, contexts)
    yield from particulars.figures(text, quoted, language)
    yield from particulars.digits(text, quoted)
    yield from particulars.codes(text, quoted)
    if not language.startswith("en"):
        return
    yield from particulars.names(text, quoted)
    yield from particulars.days(text, quoted)
    yield from _overlap(text, contexts)
    yield from polarity.surer(text, contexts)
    yield from _done(text, contexts)
    yield from polarity.negated(text, contexts, [found.before for found in located])
    yield from polarity.unlimited(text, contexts)
    yield from slips.slipped(text, contexts)
    yield from polarity.reversed_words(text, contexts)
    yield from _otherwise(text, contexts)
    if not headline:
        yield from polarity.attributed(text, contexts)
        yield from conditions.mouths_kept(text, contexts)
    yield from relations.roles(text, contexts)
    yield from relations.governed(text, contexts)
    yield from relations.compared(text, contexts)
    yield from relations.turned(text, contexts)


def _done(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """What is only wished, denied or asked for, told as done, whatever the forms of its verbs."""
    base, bases = folded(text), [folded(context) for context in contexts]
    if base != text or bases != list(contexts):
        yield from polarity.surer(base, bases, past=polarity.is_past(text))
        yield from polarity.negated(base, bases)
    yield from conditions.steps(text, contexts)
    yield from conditions.conditions(text, contexts)
    yield from conditions.owners(text, contexts)
    yield from conditions.open_questions(text, contexts)
    yield from conditions.added(text, contexts)
    yield from tenses.postponed(text, contexts)
    yield from tenses.foretold(text, contexts)
    yield from substitutions.prefixed(text, contexts)


def _otherwise(text: str, contexts: Sequence[str]) -> Iterator[str]:
    """Another word of a family, another part, another figure than the source has in that place."""
    yield from contrasts.contrasted(text, contexts)
    yield from contrasts.superlatives(text, contexts)
    yield from contrasts.parts(text, contexts)
    yield from contrasts.counted_parts(text, contexts)
    yield from contrasts.limits(text, contexts)
    yield from contrasts.wholes(text, contexts)
    yield from contrasts.fiscal(text, contexts)
    yield from crossings.crossed(text, contexts)
    yield from crossings.prepositions(text, contexts)
    yield from crossings.strangers(text, contexts)
    yield from crossings.directions(text, contexts)
    yield from crossings.labels(text, contexts)
    yield from substitutions.substituted(text, contexts)


_LINK = re.compile(
    r"https?://|www\.|\]\(|<[!@#]|\b[\w-]+\.(?:com|net|org|io|ai|dev|co|ru|cn|xyz|info|link|app)/", re.IGNORECASE
)


def _links(text: str) -> Iterator[str]:
    if _LINK.search(text):
        yield "holds a link or a mention: links are made from the sources alone"


def _overlap(text: str, contexts: Sequence[str]) -> Iterator[str]:
    own = [word for word in dict.fromkeys(words(particulars.without_figures(text))) if word.strip("_")]
    theirs = {stem for context in contexts for stem in words(context)}
    new = [word for word in own if word not in theirs and not synonyms.is_synonym(word, theirs)]
    if own and len(new) > (1 - MIN_OVERLAP) * len(own) and (len(own) > _FEW or len(new) == len(own)):
        yield f"says more than its quotes ({', '.join(new[:4])})"


def check_brief(brief: Brief, sources: Mapping[int, str]) -> Verdict:
    """Check everything in a brief that claims something; the problems name the part."""
    parts = [("headline", Sentence(brief.headline, brief.headline_quotes), True)]
    parts += [(f"what {number}", sentence, False) for number, sentence in enumerate(brief.what, 1)]
    parts += [("why", brief.why, False)] if brief.why else []
    parts += [(f"fact {number}", line.sentence, False) for number, line in enumerate(brief.facts, 1)]
    publishers = {source.article_id: source.publisher for source in brief.sources}
    problems = tuple(
        f"{part}: {problem}"
        for part, sentence, headline in parts
        for problem in check(
            sentence, sources, language=brief.language, headline=headline, publishers=publishers
        ).problems
    )
    cited = {quote.article_id for _, sentence, _ in parts for quote in sentence.quotes}
    listed = {source.article_id for source in brief.sources}
    problems += tuple(f"source {article} is cited but not listed" for article in sorted(cited - listed))
    return Verdict(ok=not problems, problems=problems)


def check_answer(answer: Answer, sources: Mapping[int, str], *, language: str = "en") -> Verdict:
    """Check every sentence of an answer, and that what it cites is listed."""
    publishers = {source.article_id: source.publisher for source in answer.sources}
    problems = tuple(
        f"sentence {number}: {problem}"
        for number, sentence in enumerate(answer.sentences, 1)
        for problem in check(sentence, sources, language=language, publishers=publishers).problems
    )
    cited = {quote.article_id for sentence in answer.sentences for quote in sentence.quotes}
    listed = {source.article_id for source in answer.sources}
    problems += tuple(f"source {article} is cited but not listed" for article in sorted(cited - listed))
    return Verdict(ok=not problems, problems=problems)
