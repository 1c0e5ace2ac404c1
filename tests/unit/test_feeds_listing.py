"""Lists of feeds as people type them."""

from __future__ import annotations

from bot.feeds import listing


def test_addresses_are_read_from_whatever_people_paste() -> None:
    """A line each or several, with and without a scheme, in Slack's brackets, beside a name; no comments."""
    read = listing.read(
        "# my feeds\n"
        "servethehome.com\n"
        "\n"
        "<https://a.example/feed|the feed>\n"
        "The Register: https://b.example/rss, c.example/atom.xml\n"
    )
    urls = [entry.url for entry in read.entries]
    assert urls == [
        "https://servethehome.com",
        "https://a.example/feed",
        "https://b.example/rss",
        "https://c.example/atom.xml",
    ]
    assert read.problems == ()


def test_bad_lines_are_named_by_their_numbers() -> None:
    """What is no address, and what comes twice, each at its own line; the others are read."""
    read = listing.read("a.example/feed\nno feed here\njavascript:alert(1).x\nhttps://www.a.example/feed/\n")
    assert [entry.url for entry in read.entries] == ["https://a.example/feed"]
    assert [problem.line for problem in read.problems] == [2, 3, 4]
    assert "is not an address" in read.problems[0].text
    assert "in line 1" in read.problems[2].text


def test_an_empty_list_says_so() -> None:
    """Nothing, or comments alone, is a problem rather than silence."""
    assert listing.read(" \n# nothing\n").problems[0].text == "The list holds no feeds."
