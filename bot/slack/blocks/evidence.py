"""What stands behind a brief or an answer: the quote of each sentence, and why its articles are of one event. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.models import Answer, Brief, Evidence, FactLine, Quote, Sentence, Source
from bot.slack.blocks.brief import SIGNS, standing_words
from bot.slack.blocks.message import SECTION_MOST, Block, View, divider, modal, section
from bot.slack.blocks.sources import quote_lines, source_line
from bot.slack.escape import bold, fit, line, prose, without_addresses
from bot.stories.wording import alone

SENTENCES_MOST, SOURCES_MOST, SOURCES_IN_A_SECTION = 40, 40, 5


def sources_modal(found: Evidence) -> View:
    """Each sentence of a brief with its quotes, each figure with all who give it, and why the sources are there."""
    brief = found.brief
    sentences = [*brief.what, *([brief.why] if brief.why else [])]
    several = found.joined if len(brief.sources) > 1 else {}
    blocks = [*_quoted(sentences, brief.sources), *_figures(brief), *_sources(brief.sources, several)]
    return modal("Sources", [section(bold(brief.headline, 600) or "*Untitled story*"), *blocks])


def answer_sources_modal(answer: Answer) -> View:
    """Each sentence of an answer with the quotes behind it, and all sources."""
    blocks = [*_quoted(answer.sentences, answer.sources), *_sources(answer.sources, {})]
    return modal("Sources", [section("*What this answer is made of*"), *blocks])


def _quoted(sentences: Sequence[Sentence], sources: Sequence[Source]) -> Iterator[Block]:
    for sentence in sentences[:SENTENCES_MOST]:
        is_quote = [line(quote.text) for quote in sentence.quotes] == [line(sentence.text)]  # is not read twice
        lines = ["" if is_quote else prose(sentence.text, 700), *quote_lines(sentence.quotes, sources)]
        if lines := [entry for entry in lines if entry]:
            yield section(fit(lines, SECTION_MOST))


def _figures(brief: Brief) -> Iterator[Block]:
    """Each figure with its standing, and the words of everyone who gives it, or another one in its place."""
    for fact in brief.facts:
        shown = bold(without_addresses(alone(fact.shown)), 120) or "*A figure*"
        head = f"{SIGNS[fact.standing]} {shown} — {standing_words(fact, brief.sources)}"
        yield section(fit([head, *quote_lines(_distinct(fact), brief.sources)], SECTION_MOST))


def _distinct(fact: FactLine) -> tuple[Quote, ...]:
    """What is said of a figure, once for each article."""
    return tuple({quote.article_id: quote for quote in reversed(fact.evidence or fact.sentence.quotes)}.values())[::-1]


def _sources(sources: Sequence[Source], joined: Mapping[int, tuple[str, ...]]) -> Iterator[Block]:
    yield divider()
    lines = [_source(source, joined.get(source.article_id, ())) for source in sources[:SOURCES_MOST]]
    for start in range(0, len(lines), SOURCES_IN_A_SECTION):
        yield section(fit(lines[start : start + SOURCES_IN_A_SECTION], SECTION_MOST))


def _source(source: Source, reasons: Sequence[str]) -> str:
    told = "; ".join(prose(reason, 200) for reason in reasons if reason.strip())
    return source_line(source) + (f"\n>In this story: {told}" if told else "")
