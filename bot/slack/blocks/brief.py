"""A brief as a channel sees it: readable in five seconds, on a phone, by eye or ear. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.models import Brief, FactLine, Relevance, Source, Standing
from bot.slack.blocks.message import (
    HEADER_MOST,
    SECTION_MOST,
    TEXT_MOST,
    Block,
    Message,
    actions,
    button,
    context,
    count,
    header,
    section,
    sentence_list,
)
from bot.slack.blocks.sources import cited, cited_text, marks, named, publishers, source_short
from bot.slack.escape import bold, escape, fit, length, line, prose, without_addresses
from bot.stories.wording import alone, needs_words

FACTS_MOST = 8
"""What the deep style has; a section's 3,000 characters are the other bound."""
WHAT_MOST, UNKNOWN_MOST, SOURCES_MOST = 2_800, 1_000, 2_000
"""Shares of the 13,200 characters that Slack takes for all blocks of a message; with the figures' 3,000 and the rest
they come to about 11,500 at most."""
ONE_LINE = "one line"
"""The style that is a paragraph instead of a page."""
ONE_LINE_SOURCES = 3
SIGNS = {Standing.CONFIRMED: "✓", Standing.SINGLE: "○", Standing.DISPUTED: "⚠"}
_SUBSTANCE_WORDS = ((0.66, "high"), (0.33, "medium"), (0.0, "low"))


def brief(brief: Brief, relevance: Relevance | None, *, story_id: int, ask_hint: bool = True) -> Message:
    """The post about a story.

    Args:
        brief: what was written.
        relevance: why this channel gets it; None leaves the reasons out.
        story_id: goes into the buttons' values.
        ask_hint: say that a reply in the thread is answered.
    """
    if brief.style == ONE_LINE:
        blocks = [section(_one_line(brief))]
    else:
        blocks = [*_headline(brief), *_body(brief), *_facts(brief), *_unknown(brief), _sources(brief)]
    blocks.append(context("\n".join(_footer(brief, relevance, ask_hint=ask_hint and brief.style != ONE_LINE))))
    blocks.append(_buttons(story_id))
    return Message(text=_words(brief), blocks=tuple(blocks))


def _one_line(brief: Brief) -> str:
    """The event in one paragraph: its headline, one sentence, what is disputed, and who reports it."""
    told = [bold(without_addresses(line(brief.headline)) or "Untitled story", 600)]
    told += [cited(sentence, brief.sources) for sentence in brief.what[:1] if line(sentence.text)]
    told += [f"{SIGNS[fact.standing]} {standing_words(fact, brief.sources)}" for fact in _disputed(brief)]
    names = [source_short(source) for source in brief.sources[:ONE_LINE_SOURCES]]
    more = len(brief.sources) - len(names)
    told.append(" · ".join([*names, *([f"{more} more"] if more > 0 else [])]))
    return fit(told, SECTION_MOST)


def _disputed(brief: Brief) -> tuple[FactLine, ...]:
    """The figure in dispute that a line has room for: without it, a reader of one line would be misled."""
    return tuple(fact for fact in brief.facts if fact.standing is Standing.DISPUTED)[:1]


def _headline(brief: Brief) -> Iterator[Block]:
    headline = line(brief.headline) or "Untitled story"
    if length(escape(headline)) <= HEADER_MOST:
        yield header(headline)
    else:  # a header is cut at 150: better smaller than incomplete
        yield section(bold(without_addresses(headline), 600))


def _body(brief: Brief) -> Iterator[Block]:
    if what := [cited(sentence, brief.sources) for sentence in brief.what if line(sentence.text)]:
        yield section(fit(what, WHAT_MOST))
    if brief.why and line(brief.why.text):
        yield section(f"*Why it matters*\n{cited(brief.why, brief.sources)}")


def _facts(brief: Brief) -> Iterator[Block]:
    if brief.facts:
        told = _told(brief)
        lines = [fact_line(fact, brief.sources, told) for fact in brief.facts[:FACTS_MOST]]
        yield section(fit(["*Figures*", *lines], SECTION_MOST, more="… the rest under Sources."))


def _told(brief: Brief) -> frozenset[str]:
    """What the brief says above its figures."""
    return frozenset(one.text for one in (*brief.what, *([brief.why] if brief.why else [])))


def fact_line(fact: FactLine, sources: tuple[Source, ...], above: frozenset[str] = frozenset()) -> str:
    """`✓ It will spend *$8 billion* on … [1] [2] — confirmed by 2 publishers`: sign, sentence, sources, standing.

    A sentence that the brief has word for word `above` is not read twice: its figure alone takes its standing, unless
    it is one that says nothing alone, such as a share.
    """
    said = "" if _is_above(fact, above) else prose(fact.sentence.text, 500)
    told = with_figure(said, fact.shown if said else alone(fact.shown))
    standing = f"{standing_words(fact, sources)}{_was(fact)}"
    return f"{SIGNS[fact.standing]} {told} {marks(sorted(fact.sources), sources)} — {standing}"


def _was(fact: FactLine) -> str:
    """The figures that this one replaces, so that a reader of the first post sees what changed."""
    before = [prose(alone(shown), 80) for shown, _ in fact.was[:2]]
    return f", was {' and '.join(before)}" if before else ""


def _is_above(fact: FactLine, above: frozenset[str]) -> bool:
    return fact.sentence.text in above and not needs_words(fact.shown)


def with_figure(told: str, shown: str) -> str:
    """An escaped sentence with its figure in bold; the figure first where the sentence words it otherwise.

    Slack sees bold only where the asterisks stand at the edges of words, so a figure that touches a letter is left
    plain.
    """
    figure = prose(shown, 80)
    if not figure or "*" in figure:
        return told
    begin, found, end = told.partition(figure)
    if not found:
        return f"*{figure}*: {told}" if told else f"*{figure}*"
    if (begin and begin[-1] not in " (“") or (end and (end[0].isalnum() or end[0] in "&*")):
        return told
    return f"{begin}*{figure}*{end}"


def standing_words(fact: FactLine, sources: tuple[Source, ...]) -> str:
    """A figure's standing in words: how many confirm it, or who says what."""
    if fact.standing is Standing.CONFIRMED:
        return f"_confirmed by {count(fact.publishers, 'publisher')}_"
    if fact.standing is Standing.DISPUTED:
        sides = [(fact.shown, fact.sources), *fact.others]
        told = [_side(shown, numbers, sources) for shown, numbers in sides[:4]]
        return "_disputed:_ " + ", ".join(told)
    return "_single source_"


def _side(shown: str, numbers: tuple[int, ...], sources: tuple[Source, ...]) -> str:
    who = named(numbers, sources) or "another source"
    figure = bold(without_addresses(alone(shown)), 80) or "otherwise"
    marked = "".join(f" [{number}]" for number in numbers[:4])
    return f"{who} {'say' if _are_several(numbers, sources) else 'says'} {figure}{marked}"


def _are_several(numbers: tuple[int, ...], sources: tuple[Source, ...]) -> bool:
    return len({source.publisher for source in sources if source.number in numbers}) > 1


def _unknown(brief: Brief) -> Iterator[Block]:
    if brief.unknown:
        yield section(fit(["*Not known yet*", *(f"• {prose(gap, 300)}" for gap in brief.unknown[:5])], UNKNOWN_MOST))


def _sources(brief: Brief) -> Block:
    """Who reported it, in one flowing line: on a phone a line for each would be a screen of its own."""
    names = [source_short(source) for source in brief.sources[:40]]
    for shown in range(len(names), 0, -1):
        told = " · ".join(names[:shown]) + (" · … the rest under Sources." if shown < len(brief.sources) else "")
        if length(told) <= SOURCES_MOST:
            return section(f"*{_reported(brief)}*\n{told}")
    return section(f"*{_reported(brief)}*")


def _reported(brief: Brief) -> str:
    return f"Reported by {count(max(brief.reported_by, 1), 'independent publisher')}"


def _footer(brief: Brief, relevance: Relevance | None, *, ask_hint: bool) -> Iterator[str]:
    if relevance:
        reasons = [prose(reason, 120) for reason in _reasons(relevance) if reason.strip()]
        level = next(word for least, word in _SUBSTANCE_WORDS if relevance.substance >= least or least == 0)
        yield " · ".join([*([f"Why here: {sentence_list(reasons)}"] if reasons else []), f"Substance: {level}"])
    hint = " Reply in the thread to ask about this." if ask_hint else ""
    yield f"{written_by(brief.writer, brief.note)}{hint}"


def _reasons(relevance: Relevance) -> tuple[str, ...]:
    """The first two reasons; "matches A and B" and not "matches A and matches B"."""
    first, *others = relevance.reasons[:2] or ("",)
    return first, *(one.removeprefix("matches ") if first.startswith("matches ") else one for one in others)


def written_by(writer: str, note: str | None = None) -> str:
    """Who wrote it, in the words of the footer: an AI is always named as one."""
    if writer == "extractive":
        told = "In the articles' own words, each sentence backed by a quote"
    else:
        told = f"Written by AI ({prose(writer, 60) or 'a model'}), each sentence checked against a quote"
    return f"{told}. {prose(note or '', 200)}".rstrip()


def _buttons(story_id: int) -> Block:
    return actions(
        button("Ask", "story_ask", str(story_id), label="Ask a question about this story"),
        *feedback_buttons(f"story:{story_id}"),
        button("Sources", "story_sources", str(story_id), label="Show the quote behind each sentence"),
        button("Mute this topic", "story_mute", str(story_id), label="Post nothing about this topic for a week"),
        block_id=f"story:{story_id}",
    )


def feedback_buttons(subject: str) -> tuple[Block, Block]:
    """👍 and 👎 for `story:12` or `question:7`."""
    return (
        button("👍", "feedback_up", subject, label="This was useful"),
        button("👎", "feedback_down", subject, label="This was not useful"),
    )


def _words(brief: Brief) -> str:
    """The whole brief in words."""
    lines = [prose(brief.headline, 600) or "Untitled story"]
    lines += [cited_text(sentence, brief.sources) for sentence in brief.what]
    if brief.why:
        lines.append(f"Why it matters: {cited_text(brief.why, brief.sources)}")
    above = _told(brief)
    facts = _disputed(brief) if brief.style == ONE_LINE else brief.facts[:FACTS_MOST]
    lines += [_fact_words(fact, brief.sources, above) for fact in facts]
    lines += [f"Not known: {prose(gap, 300)}" for gap in brief.unknown[:5]]
    own = [source for source in brief.sources if not source.is_copy]
    names = sentence_list(prose(name, 100) for name in publishers(own)[:6])
    copied = sentence_list(prose(name, 100) for name in publishers(brief.sources)[:6] if name not in publishers(own))
    told = f"{_reported(brief)}{f': {names}' if names else ''}{f'; the same text in {copied}' if copied else ''}."
    lines.append(f"{told} {written_by(brief.writer, brief.note)}")
    return fit(lines, TEXT_MOST)


def _fact_words(fact: FactLine, sources: tuple[Source, ...], above: frozenset[str]) -> str:
    """A figure's line in words: its standing, who says what, and what it was."""
    by = f" by {count(fact.publishers, 'publisher')}" if fact.standing is Standing.CONFIRMED else ""
    said = f"{prose(alone(fact.shown), 80)}." if _is_above(fact, above) else cited_text(fact.sentence, sources)
    told = f"{fact.standing.value.capitalize()}{by}: {said}"
    if fact.others:
        sides = [(fact.shown, fact.sources), *fact.others[:3]]
        told += " " + ", ".join(_side_words(shown, numbers, sources) for shown, numbers in sides) + "."
    return told + "".join(f" It was {prose(alone(shown), 80)}." for shown, _ in fact.was[:2])


def _side_words(shown: str, numbers: tuple[int, ...], sources: tuple[Source, ...]) -> str:
    who = named(numbers, sources) or "another source"
    return f"{who} {'say' if _are_several(numbers, sources) else 'says'} {prose(alone(shown), 80)}"
