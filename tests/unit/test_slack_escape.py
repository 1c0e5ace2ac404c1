from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import escape

NASTY = st.text(alphabet=st.sampled_from("ab &<>!@#|`*_\n\u202e\x00é😀c"), max_size=60)
BARE = re.compile(r"&(?!amp;|lt;|gt;)|[<>]")
"""A control character that Slack would act on."""


@given(st.one_of(st.text(max_size=80), NASTY), st.integers(1, 60))
def test_clipped_text_is_inert_and_fits(text: str, most: int) -> None:
    """Whatever is clipped holds no control character, no half entity, and no more units than asked."""
    clipped = escape.clip(text, most)
    assert not BARE.search(clipped)
    assert len(clipped.encode("utf-16-le")) // 2 <= most


def test_mentions_and_channel_calls_are_defused() -> None:
    """A feed title cannot call everybody, name anybody, or hide an address behind a label."""
    shown = escape.escape("<!channel> <@U1> <https://a.example|bank> & more")
    assert shown == "&lt;!channel&gt; &lt;@U1&gt; &lt;https://a.example|bank&gt; &amp; more"


def test_clip_cuts_at_a_word_and_says_so() -> None:
    """A cut text ends at a word where one is near, with an ellipsis."""
    assert escape.clip("amd unveils accelerator", 20) == "amd unveils…"
    assert escape.clip("short", 20) == "short"


def test_clip_never_cuts_an_entity() -> None:
    """An ampersand that no longer fits is left out whole."""
    assert escape.clip("AT&T&T&T", 8) == "AT&amp;…"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.com/a",
        "//example.com",
        "https://",
        "https://user:secret@example.com/",
        "https://example.com:port/",
        "https://exa mple.com\n/<!channel>",
        "https://[::1",
        "data:text/html,x",
        "https://example.com/" + "a" * 2000,
    ],
)
def test_only_plain_web_addresses_are_linked(url: str) -> None:
    """Other schemes, credentials, malformed and oversized addresses are shown as their label alone."""
    assert escape.link(url, "label") == "label"


def test_a_link_cannot_be_broken_out_of() -> None:
    """Neither the address nor the label can end the link early or begin another."""
    shown = escape.link("https://example.com/a|b>c?x=1&y=<2>", "Re|gister > <@U1>")
    assert shown == "<https://example.com/a%7Cb%3Ec?x=1&amp;y=%3C2%3E|Re¦gister &gt; &lt;@U1&gt;>"


def test_a_foreign_host_is_linked_by_its_ascii_name() -> None:
    """A host with umlauts is written as DNS knows it."""
    assert escape.address("https://bücher.example/ü") == "https://xn--bcher-kva.example/%C3%BC"


def test_bold_cannot_be_ended_from_inside() -> None:
    """Asterisks and line breaks in foreign text do not end the bold."""
    assert escape.bold("a *b*\nc") == "*a ∗b∗ c*"
    assert escape.bold("  ") == ""
    assert escape.italic("a_b") == "_aˍb_"


def test_addresses_in_prose_are_left_out() -> None:
    """A sentence that a model wrote never shows an address, so no client can make a link of it."""
    assert escape.prose("See https://evil.example/?q=secret and www.evil.example now") == (
        "See [link left out] and [link left out] now"
    )
    assert escape.prose("Version 2.5 of X.ai costs $3.") == "Version 2.5 of X.ai costs $3."


def test_fit_leaves_out_whole_lines_and_says_so() -> None:
    """Lines that do not fit are left out whole, and the reader is told."""
    assert escape.fit(["aaaa", "bbbb", "cccc"], 14) == "aaaa\nbbbb\ncccc"
    assert escape.fit(["aaaa", "bbbb", "cccc"], 13) == "aaaa\nbbbb\n…"
    assert escape.fit(["aaaa" * 10], 5) == "…"


@given(st.lists(NASTY, max_size=6), st.integers(1, 80))
def test_fit_always_fits(lines: list[str], most: int) -> None:
    """The joined lines never exceed the limit."""
    ready = [escape.escape(text) for text in lines]
    assert escape.length(escape.fit(ready, most)) <= most


def test_markdown_shows_marks_as_written() -> None:
    """Emphasis, links and lists in foreign text stay text in a Markdown stream, and mentions are defused."""
    assert escape.markdown("*a* [x](https://evil.example) <!here>") == (
        "\\*a\\* \\[x\\](\\[link left out\\] &lt;!here&gt;"
    )
    assert escape.markdown("1. first") == "1\\. first"
    assert escape.markdown("# not a heading") == "\\# not a heading"
    assert escape.markdown("It costs $8.5 billion.") == "It costs $8.5 billion."


def test_what_a_person_typed_is_read_back() -> None:
    """Slack's form of typed text becomes what was typed; the bot's own mention is taken out."""
    assert escape.unescape("<https://a.example/x|a.example/x> &amp; <mailto:a@b.example|a@b.example> 1 &lt; 2") == (
        "https://a.example/x & a@b.example 1 < 2"
    )
    assert escape.without_mention("<@UBOT> what <@UBOT|tapeout> now <@U2>?", "UBOT") == "what now <@U2>?"


def test_control_and_direction_characters_are_taken_out() -> None:
    """A title cannot hide or reverse what it says, and a broken surrogate does not break the post."""
    assert escape.clean("a\u202eb\x00c\ud800") == "a b c\N{REPLACEMENT CHARACTER}"
