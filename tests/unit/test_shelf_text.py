from datetime import date

import pytest

from bot.shelf.text import Block, as_html, blocks, links, plain, with_dates

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{{date -3}}", "19 November"),
        ("{{mdy -3}}", "November 19"),
        ("{{weekday -3}}", "Thursday"),
        ("{{weekday +0}}", "Sunday"),
        ("{{month +2}}", "January 2027"),
        ("{{month -11}}", "December 2025"),
        ("{{month.name -8}}", "March"),
        ("{{year +2}}", "2028"),
        ("{{date.fr +9}}", "1er décembre"),
        ("{{weekday.fr -1}}", "samedi"),
    ],
)
def test_dates_are_written_relative_to_the_day_of_publication(written: str, read: str) -> None:
    """Every kind of date comes out in words, across the ends of months and years."""
    assert with_dates(f"by {written}.", SUNDAY) == f"by {read}."


@pytest.mark.parametrize("wrong", ["{{fortnight +1}}", "{{date +soon}}", "{{date -1"])
def test_a_malformed_date_is_refused(wrong: str) -> None:
    """A typing error in a date must not reach a reader as braces."""
    with pytest.raises(ValueError, match="date"):
        with_dates(wrong, SUNDAY)


def test_a_body_falls_into_its_blocks() -> None:
    """Headings, quotations, lists (with an item over two lines) and paragraphs are told apart."""
    body = "One\nparagraph.\n\n## A heading\n\n> Said.\n\n- first\n- second\n  goes on\n"
    assert blocks(body) == (
        Block("paragraph", ("One paragraph.",)),
        Block("heading", ("A heading",)),
        Block("quotation", ("Said.",)),
        Block("list", ("first", "second goes on")),
    )


def test_markup_in_text_is_escaped_and_links_resolved() -> None:
    """A title with a tag in it stays words, and a link's target goes through the resolver."""
    body = blocks('A <script> & [a "link"](/x?a=1&b=2) here')
    html = as_html(body, lambda target: "http://h" + target)
    assert html == '<p>A &lt;script&gt; &amp; <a href="http://h/x?a=1&amp;b=2">a "link"</a> here</p>'


def test_links_can_be_listed_and_dropped() -> None:
    """The words remain where the target goes."""
    text = "see [this](article:a/b) and [that](/c)"
    assert links(text) == ("article:a/b", "/c")
    assert plain(text) == "see this and that"
