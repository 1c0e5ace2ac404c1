"""Numbered sources: the `[1]` after a sentence, the list below it, and the quotes behind each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.models import Quote, Sentence, Source
from bot.slack.blocks.message import sentence_list, when
from bot.slack.escape import address, italic, length, line, link, markdown, prose, without_addresses

MARKS_MOST = 4
INLINE_LINK_MOST = 200
"""A longer address stays out of running text (its number is shown plain); the list below still links it."""


def numbers_of(sentence: Sentence, sources: Sequence[Source]) -> tuple[int, ...]:
    """The numbers of the sources that a sentence's quotes are from, ascending."""
    cited = {quote.article_id for quote in sentence.quotes}
    return tuple(sorted({source.number for source in sources if source.article_id in cited}))


def marks(numbers: Sequence[int], sources: Sequence[Source]) -> str:
    """`[1] [3]`, each a link to its source; at most `MARKS_MOST`, then `…`."""
    by_number = {source.number: source for source in sources}
    shown = [_mark(number, by_number.get(number)) for number in numbers[:MARKS_MOST]]
    return " ".join([*shown, "…"] if len(numbers) > MARKS_MOST else shown)


def _mark(number: int, source: Source | None) -> str:
    target = address(source.url) if source else None
    if target is None or length(target) > INLINE_LINK_MOST:
        return f"[{number}]"
    return f"<{target}|[{number}]>"


def cited(sentence: Sentence, sources: Sequence[Source], most: int = 500) -> str:
    """A sentence as mrkdwn with the marks of its sources."""
    return f"{prose(sentence.text, most)} {marks(numbers_of(sentence, sources), sources)}".rstrip()


def cited_markdown(sentence: Sentence, sources: Sequence[Source]) -> str:
    """The same for a Markdown stream; the numbers are plain, the list below links them."""
    numbers = "".join(f" [{number}]" for number in numbers_of(sentence, sources))
    return f"{markdown(sentence.text)}{numbers}"


def cited_text(sentence: Sentence, sources: Sequence[Source]) -> str:
    """The same in words alone."""
    numbers = "".join(f" [{number}]" for number in numbers_of(sentence, sources))
    return f"{prose(sentence.text)}{numbers}"


def source_line(source: Source) -> str:
    """`[1] Publisher: title · date · note`, publisher and title being the link."""
    parts = [f"[{source.number}] {link(source.url, f'{source.publisher}: {source.title}', 200) or 'unnamed source'}"]
    if source.published_at:
        parts.append(when(source.published_at))
    if source.note and line(source.note):
        parts.append(_note(source.note))
    return " · ".join(parts)


def source_short(source: Source) -> str:
    """`[1] Publisher (note)`, the publisher being the link."""
    note = f" ({_note(source.note)})" if source.note and line(source.note) else ""
    return f"[{source.number}] {link(source.url, source.publisher, 80) or 'unnamed source'}{note}"


def _note(note: str) -> str:
    return italic(without_addresses(note), 120)


def publishers(sources: Sequence[Source]) -> tuple[str, ...]:
    """Each publisher once, in the order of the sources, on one line and not escaped."""
    return tuple(dict.fromkeys(line(source.publisher) for source in sources))


def named(numbers: Iterable[int], sources: Sequence[Source]) -> str:
    """The publishers behind these numbers, escaped: `The Register and DCD`; copies of a wire text only if all are."""
    wanted = [source for source in sources if source.number in set(numbers)]
    names = publishers([source for source in wanted if not source.is_copy] or wanted)
    return prose(sentence_list(names[:3]), 180)


def quote_lines(quotes: Sequence[Quote], sources: Sequence[Source], most: int = 400) -> list[str]:
    """Quotes, each as a quoted line with its source's mark."""
    by_article = {source.article_id: source for source in sources}
    lines = []
    for quote in quotes:
        source = by_article.get(quote.article_id)
        whose = f" — {link(source.url, source.publisher, 80)} [{source.number}]" if source else ""
        lines.append(f">“{prose(quote.text, most)}”{whose}")
    return lines
