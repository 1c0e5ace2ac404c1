"""An item's own words, out of its HTML. Pure; runs in the worker process, whose limits hold for hostile HTML, too."""

from __future__ import annotations

from dataclasses import dataclass

from bot.feeds.plain import html_text
from bot.feeds.witness import content_hash


@dataclass(frozen=True, slots=True)
class Words:
    """What `ParsedItem` keeps of an item's HTML; the attributes are the same."""

    summary: str
    content: str
    written: int
    content_hash: str


def words(summary_html: str, content_html: str) -> Words:
    """The plain text of both, their length as written, and the hash that edits are told by."""
    return Words(
        summary=html_text(summary_html),
        content=html_text(content_html),
        written=len(summary_html.strip()) + len(content_html.strip()),
        content_hash=content_hash(summary_html, content_html),
    )
