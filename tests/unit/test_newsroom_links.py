"""Links in questions: found in what people write, parted from the question, refused in words for who shared them."""

from __future__ import annotations

import pytest

from bot.newsroom.links import PLAIN, is_slacks, refusal, split


@pytest.mark.parametrize(
    ("text", "question", "url"),
    [
        ("What does it cost?", "What does it cost?", None),
        ("what about this one? https://a.example/x", PLAIN, "https://a.example/x"),
        ("https://a.example/x", PLAIN, "https://a.example/x"),
        ("Have you read this article: https://a.example/x?", PLAIN, "https://a.example/x"),
        ("hey, what do you think of https://a.example/x.", PLAIN, "https://a.example/x"),
        ("what does this say? https://a.example/x", PLAIN, "https://a.example/x"),
        ("how many MW? (https://a.example/x)", "how many MW?", "https://a.example/x"),
        ("https://a.example/x_(y) who builds it", "who builds it", "https://a.example/x_(y)"),
        ("Who pays for https://a.example/x?utm=1, and when?", "Who pays for , and when?", "https://a.example/x?utm=1"),
        ("is https:// a thing", "is https:// a thing", None),
    ],
)
def test_a_question_is_parted_from_its_link(text: str, question: str, url: str | None) -> None:
    """With punctuation around it, alone, or with words that ask nothing of their own."""
    shared = split(text)
    assert (shared.question, shared.url) == (question, url)


def test_of_several_links_the_first_is_meant() -> None:
    """The others are counted, so that they can be spoken of; the same one twice is one."""
    shared = split("compare https://a.example/1 with https://b.example/2 and https://a.example/1")
    assert shared.url == "https://a.example/1"
    assert shared.others == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("blocked_address", "public internet, and that address is not"),
        ("robots", "does not let robots"),
        ("not_a_page", "file of another kind"),
        ("too_large", "too large"),
        ("http_402", "payment"),
        ("http_404", "no page at that address"),
        ("dns", "no site of that name"),
        ("something new", "could not read that page."),
    ],
)
def test_why_a_page_is_not_read_is_said_for_who_shared_it(kind: str, words: str) -> None:
    """Plain words for each kind of refusal, and for one that has none."""
    assert words in refusal(kind)


def test_slacks_own_links_are_known() -> None:
    """They need a login; a site that only ends alike is another."""
    assert is_slacks("https://acme.slack.com/archives/C1/p1")
    assert not is_slacks("https://notslack.com/x")
