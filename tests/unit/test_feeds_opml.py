"""Lists of feeds in and out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.opml import OpmlEntry, read, write


def opml(body: str) -> bytes:
    """A list with this body."""
    return f"<?xml version='1.0'?>\n<opml version='2.0'>\n<body>\n{body}\n</body>\n</opml>".encode()


def test_folders_titles_and_sites() -> None:
    """Nested folders are joined; titles come from title or text; categories stand in for folders."""
    result = read(
        opml(
            "<outline text='Chips'><outline text='Makers'><outline text='A' title='A &amp; B' "
            "xmlUrl='https://a.example/f' htmlUrl='https://a.example'/></outline><outline text='C' XMLURL='feed://c.example/f'/></outline>"
            "<outline text='D' type='rss' xmlUrl='http://d.example/f?a=1&amp;b=2' category='/Power/Grid,x'/>"
        )
    )
    assert result.problems == ()
    assert result.entries == (
        OpmlEntry("https://a.example/f", "A & B", "Chips / Makers", "https://a.example"),
        OpmlEntry("https://c.example/f", "C", "Chips"),
        OpmlEntry("http://d.example/f?a=1&b=2", "D", "Power / Grid"),
    )


def test_bad_lines_are_named_one_by_one_and_the_rest_is_read() -> None:
    """Each problem has its line; good lines are kept."""
    result = read(
        opml(
            "<outline text='A' xmlUrl='https://a.example/f'/>\n<outline text='B' xmlUrl='not an address'/>\n"
            "<outline text='C' type='rss'/>\n<outline text='D' xmlUrl=''/>\n<outline text='E' xmlUrl='javascript:x'/>\n"
            "<outline text='F' xmlUrl='http://www.a.example/f/'/>\n<outline text='G' xmlUrl='https://g.example/f'/>"
        )
    )
    assert [entry.title for entry in result.entries] == ["A", "G"]
    assert [problem.line for problem in result.problems] == [5, 6, 7, 8, 9]
    assert result.problems[0].text == "“not an address” is not an address that can be read."
    assert "in line 4" in result.problems[4].text


@pytest.mark.parametrize(
    ("body", "count", "words"),
    [
        (b"", 0, "broken"),
        (b"hello", 0, "broken"),
        (b"<opml><body/></opml>", 0, "no feeds"),
        (opml("<outline xmlUrl='https://a.example/f'/>")[:-8], 1, "broken from here"),
        (
            b"<!DOCTYPE x [<!ENTITY a 'b'>]><opml><outline text='&a;' xmlUrl='https://a.example/'/></opml>",
            0,
            "entities",
        ),
        (opml("<outline>" * 5000), 0, "not OPML"),
    ],
)
def test_broken_files_say_so(body: bytes, count: int, words: str) -> None:
    """What came before the fault is read, and the fault is a problem, never an exception."""
    result = read(body)
    assert len(result.entries) == count
    assert words in result.problems[-1].text


def test_a_bare_ampersand_is_mended() -> None:
    """Readers that forget to escape addresses are forgiven."""
    result = read(opml("<outline text='A&B' xmlUrl='https://a.example/f?a=1&b=2'/>"))
    assert (result.problems, result.entries[0].url) == ((), "https://a.example/f?a=1&b=2")


def test_thousands_of_lines() -> None:
    """Five thousand feeds are read, each of them."""
    result = read(opml("\n".join(f"<outline text='{n}' xmlUrl='https://{n}.example/feed'/>" for n in range(5000))))
    assert (len(result.entries), result.problems) == (5000, ())


names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), names, names), max_size=12, unique_by=lambda one: one[0]))
def test_what_is_written_is_read_again(drawn: list[tuple[int, str, str]]) -> None:
    """Any titles and folders survive, markup and quotes included."""
    entries = [OpmlEntry(f"https://{n}.example/f?a='&b=\"<>", title or "t", folder) for n, title, folder in drawn]
    result = read(write(entries))
    assert sorted(result.entries, key=lambda one: one.url) == sorted(entries, key=lambda one: one.url)
