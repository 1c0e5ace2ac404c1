"""The web view's pages: everything that was read is text, and what is drawn is what happened."""

from __future__ import annotations

import xml.dom.minidom
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.models import (
    Actor,
    Article,
    Brief,
    FactLine,
    Feed,
    FeedDay,
    FeedState,
    FeedView,
    Quote,
    Sentence,
    Source,
    Standing,
    Story,
    StoryArticle,
    StoryLine,
    StoryView,
)
from bot.viewing import charts, pages

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA = Actor("T1", "U1", is_admin=False)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def _article(number: int, *, publisher: str = "Rackpost", url: str | None = None, title: str = "A campus") -> Article:
    return Article(
        id=number,
        feed_id=1,
        identity=str(number),
        url=url or f"https://rackpost.example/{number}",
        title=title,
        publisher=publisher,
        published_at=NOW + number * HOUR,
    )


def _view(*articles: Article, brief: Brief | None = None) -> StoryView:
    members = tuple(StoryArticle(article, 1.0, ("the same event",), NOW) for article in articles)
    return StoryView(Story(1, "A story", members, NOW, NOW), brief)


def _brief(headline: str = "Ostara builds 1.2 GW") -> Brief:
    quote = Quote(1, "It will draw 1.2 GW.")
    fact = FactLine(
        sentence=Sentence("It will draw 1.2 GW.", (quote,)),
        shown="1.2 GW",
        sources=(1,),
        standing=Standing.DISPUTED,
        others=(("900 MW", (2,)),),
        was=(("1 GW", (1,)),),
    )
    return Brief(
        headline=headline,
        headline_quotes=(quote,),
        what=(Sentence("It will draw 1.2 GW.", (quote,)),),
        why=Sentence("It matters.", (quote,)),
        facts=(fact,),
        unknown=("The rent is not known.",),
        sources=(Source(1, 1, "Rackpost", "A", "https://rackpost.example/1"), Source(2, 2, "Grid", "B", "")),
        reported_by=2,
    )


def test_hostile_words_stay_words() -> None:
    """In every place of every page."""
    evil = _article(1, publisher=EVIL, title=EVIL)
    quote = Quote(1, EVIL)
    brief = replace(
        _brief(EVIL), what=(Sentence(EVIL, (quote,)),), why=Sentence(EVIL, (quote,)), unknown=(EVIL,), facts=()
    )
    feed = Feed(
        id=1, url="https://a.example/feed", title=EVIL, publisher=EVIL, site_url="javascript:alert(1)", last_error=EVIL
    )
    listed = StoryLine(1, EVIL, EVIL, (EVIL,), 1, 1, NOW, excerpt=EVIL)
    shown = [
        pages.story(ADA, _view(evil, _article(2), brief=brief)),
        pages.story(ADA, _view(evil)),
        pages.stories(ADA, (listed, replace(listed, excerpt="")), q="script alert"),
        pages.stories(ADA, (), q=EVIL, older=EVIL),
        pages.feeds(ADA, (FeedView(feed, (EVIL,), ()),)),
        pages.notice(EVIL, EVIL),
    ]
    for page in shown:
        assert "<script" not in page
        assert "<img" not in page
        assert "javascript:" not in page
        assert "&lt;" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://me:secret@a.example/", ""])
def test_only_web_addresses_are_linked(url: str) -> None:
    """A source without an address that may be opened is a title."""
    page = pages.story(ADA, _view(replace(_article(1), url=url)))
    assert 'rel="noopener' not in page
    assert "secret" not in page


def test_a_story_shows_its_figures_with_both_sides_and_what_changed() -> None:
    """The disputed figure, the other one, the earlier one, and the sources under the brief's numbers."""
    page = pages.story(
        ADA, _view(_article(2, publisher="Grid"), _article(1), _article(3, publisher="New"), brief=_brief())
    )
    for words in ("1.2 GW", "⚠ disputed", "900 MW", "was 1 GW", "Why it matters", "The rent is not known."):
        assert words in page
    assert page.index('id="source-1"') < page.index('id="source-2"') < page.index('id="source-3"')
    assert 'href="#source-2"' in page


def test_a_wire_copy_names_its_original() -> None:
    """By the number that it has on the page."""
    copy = StoryArticle(_article(2), 1.0, ("a copy",), NOW, wire_of=1)
    view = _view(_article(1))
    view = replace(view, story=replace(view.story, articles=(*view.story.articles, copy)))
    assert "the same wire text as [1]" in pages.story(ADA, view)


def test_words_that_were_searched_for_are_marked() -> None:
    """Whole words' beginnings, in any case, and nothing of the text is lost."""
    line = StoryLine(1, "A", "", (), 1, 1, NOW, excerpt="HBM prices & hbm4 supply")
    page = pages.stories(ADA, (line,), q="hbm")
    assert "<mark>HBM</mark> prices &amp; <mark>hbm</mark>4 supply" in page


def test_a_timeline_has_a_lane_for_each_publisher_in_the_order_they_came() -> None:
    """The first article is at the left edge, the last at the right, and one alone has no timeline."""
    members = _view(_article(3, publisher="Grid"), _article(1), _article(2)).story.articles
    drawn = charts.timeline(members)
    assert drawn is not None
    assert [name for _, name in drawn.lanes] == ["Rackpost", "Grid"]
    assert [dot.publisher for dot in drawn.dots] == ["Rackpost", "Rackpost", "Grid"]
    assert drawn.dots[0].x < drawn.dots[1].x < drawn.dots[2].x <= drawn.width
    assert charts.timeline(members[:1]) is None


def test_a_feeds_days_are_columns_and_colours() -> None:
    """Days without polls, good ones, mixed ones and failed ones; more articles make a higher column."""
    days = [
        FeedDay(date(2026, 11, day), answered, failed, new)
        for day, answered, failed, new in ((1, 0, 0, 0), (2, 9, 0, 1), (3, 9, 1, 50), (4, 0, 3, 0))
    ]
    drawn = charts.bars(days)
    assert [bar.state for bar in drawn] == ["idle", "good", "mixed", "failed"]
    assert drawn[0].height < drawn[1].height < drawn[2].height == charts.BAR_HEIGHT
    assert drawn[2].title == "03 Nov: 10 polls, 1 failed, 50 new"


def test_every_state_of_a_feed_has_a_colour() -> None:
    """And the pages are well formed."""
    feeds = [
        FeedView(Feed(id=n, url=f"https://a.example/{n}", title=f"Feed {n}", publisher="A", state=state), ("ai",), ())
        for n, state in enumerate(FeedState)
    ]
    page = pages.feeds(ADA, feeds)
    assert page.count("<tr>") == len(feeds) + 1
    for drawn in page.split("<svg")[1:]:
        xml.dom.minidom.parseString("<svg" + drawn.split("</svg>")[0] + "</svg>")  # our own
