"""Articles cut into the passages in which answers are looked for; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.models import Article
from bot.stories.sentences import Span, split

SENTENCES = 3
MOST_CHARS = 900


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A piece of an article as it is to be stored: its place and its text, word for word from the article."""

    position: int
    text: str


def cut(article: Article) -> tuple[PassageDraft, ...]:
    """Cut an article into pieces of about three sentences, never within a quotation, each its own words.

    An article without text gives its summary.
    """
    text = article.text or article.summary
    spans = tuple(whole_speech(text))
    drafts: list[PassageDraft] = []
    start = 0
    while start < len(spans):
        end = start + 1
        while end < len(spans) and end - start < SENTENCES and spans[end].end - spans[start].start <= MOST_CHARS:
            end += 1
        if end < len(spans) and len(spans) - end == 1 and spans[-1].end - spans[start].start <= MOST_CHARS:
            end += 1  # a last sentence is not left alone
        drafts.append(PassageDraft(len(drafts), text[spans[start].start : spans[end - 1].end]))
        start = end
    return tuple(drafts)


def whole_speech(text: str) -> Iterator[Span]:
    """Sentences, those within one quotation together: who speaks often stands only at its end."""
    open_: Span | None = None
    for span in split(text):
        whole = span
        if open_ is not None and open_.paragraph == span.paragraph:
            whole = Span(text[open_.start : span.end], open_.start, span.end, span.paragraph)
        elif open_ is not None:
            yield open_
        is_open = whole.text.count('"') % 2 == 1 or whole.text.count("“") > whole.text.count("”")
        open_ = whole if is_open else None
        if not is_open:
            yield whole
    if open_ is not None:
        yield open_
