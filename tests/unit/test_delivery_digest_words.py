from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import digest_words
from bot.models import Digest, DigestChange, DigestFigure, DigestItem, Slot, Standing
from bot.slack.escape import length

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SLOT = Slot(NOW.date(), time(8, 30), NOW)
FIGURES = (
    DigestFigure("$8 billion", Standing.DISPUTED, 1, ("$6.5 billion",)),
    DigestFigure("1.2 GW", Standing.CONFIRMED, 2, was=("900 MW",), said="The site draws 1.2 GW"),
)
ITEM = DigestItem(1, "A site in Ohio", "https://dcd.example/ohio?a=1&b=2", "Chips", FIGURES, ("DCD", "Wire"), 2, 0.5)


def digest(*items: DigestItem, changes: tuple[DigestChange, ...] = ()) -> Digest:
    """A digest with these."""
    return Digest(SLOT, "Europe/Berlin", NOW, NOW, items, changes, 3, 4)


class Tags(HTMLParser):
    """What a mail program would see: tags with their links, and words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {"href", "start", "style"}

    def handle_data(self, data: str) -> None:
        """Note it."""
        self.words += data


def test_an_email_has_the_lines_with_their_sources_linked() -> None:
    """Headline, figures with their standing, publishers, what changed and how much was held back."""
    change = DigestChange(2, "Elk Narrows", "https://g.example/elk", ("Changed: $1.6 billion is now $1.9 billion.",))
    seen = Tags(digest_words.as_html(digest(ITEM, changes=(change,)), "news"))
    assert seen.links == ["https://dcd.example/ohio?a=1&b=2", "https://g.example/elk"]
    for words in (
        "Digest of #news · Monday 23 November · 1 story",
        "A site in Ohio — DCD and Wire⚠ $8 billion (others say $6.5 billion)✓ The site draws 1.2 GW (was 900 MW)",
        "Elk Narrows: Changed: $1.6 billion is now $1.9 billion.",
        "Held back: 7.",
    ):
        assert words in seen.words


foreign = st.text(alphabet=st.sampled_from("<>&\"'@[](`) hx:/.\u202e\n"), max_size=40).map(
    lambda text: f"<script>{text}<img src=x onerror=1>@everyone [a](javascript:1) https://evil.example/{text}"
)


@given(foreign, foreign, foreign)
def test_nothing_foreign_is_a_tag_a_link_or_a_mention(headline: str, topic: str, name: str) -> None:
    """Whatever feeds say, the e-mail has our tags alone, and a chat is not called to order by a headline."""
    item = DigestItem(1, headline, "javascript:alert(1)", topic, (DigestFigure(name, None),), (name,), 1, 0.5)
    told = digest(item, changes=(DigestChange(2, headline, "http://a.example/'x", (topic,)),))
    seen = Tags(digest_words.as_html(told, name))
    assert seen.tags <= {"div", "h2", "h3", "ol", "ul", "li", "a", "em", "p", "br"}
    assert seen.links == ["http://a.example/'x"]
    text = digest_words.as_text(told, name)
    assert not re.search(r"@\w|<|]\(|evil\.example", text)


@given(st.integers(0, 120), st.integers(200, 5_000))
def test_a_chat_gets_whole_lines_within_its_limit(count: int, most: int) -> None:
    """Fifty long headlines do not fit into Teams' thousand characters: what does not fit is left out line by line."""
    told = digest(
        *(DigestItem(n, "word " * 30, "https://a.example/x", "T", FIGURES, ("A",), 1, 0.1) for n in range(count))
    )
    text = digest_words.as_text(told, "news", most)
    assert length(text) <= most
    assert "\n" not in text or text.splitlines()[0].startswith("Digest of #news")


def test_an_email_has_the_compared_figures_as_a_table() -> None:
    """As in Slack; a chat has them in its lines alone, and a digest with few of them has no table."""
    told = digest(*(replace(ITEM, story_id=number, headline=f"A & {number}") for number in range(3)))
    written = digest_words.as_html(told, "news")
    assert written.count("<tr>") == 4
    assert "A &amp; 2</td>" in written
    assert "⚠ $8 billion or $6.5 billion" in Tags(written).words
    assert "<table" not in digest_words.as_html(digest(ITEM), "news")
