"""What is new: nothing is lost, nothing is repeated, and every verdict has its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.identity import Decision, Known, decide
from bot.feeds.items import ParsedItem

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WORDS = [
    "alpha",
    "bravo",
    "charlie",
    "delta",
    "echo",
    "foxtrot",
    "golf",
    "hotel",
    "india",
    "juliet",
    "kilo",
    "lima",
    "mike",
    "november",
    "oscar",
    "papa",
]


def title(number: int) -> str:
    """A title that says enough, and unlike any other number's."""
    return f"{WORDS[number % 16]} {WORDS[number // 16 % 16]} builds a {WORDS[(number * 7 + 3) % 16]} campus {number}"


def item(number: int, age: timedelta | None = HOUR) -> ParsedItem:
    """An item with witnesses of its own."""
    return ParsedItem(
        guid=f"tag:{number}",
        url=f"https://news.example/stories/{number}",
        title=title(number),
        summary=f"words of {number}",
        written=20,
        published_at=None if age is None else NOW - age,
    )


class Desk:
    """A feed's memory over many polls, as a store would keep it."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.posted: list[ParsedItem] = []
        self.now = NOW
        self.polls = 0

    def poll(self, items: Sequence[ParsedItem], after: timedelta = HOUR, limit: int = 5) -> list[str]:
        """Poll, store, and return the verdicts."""
        self.now += after
        decisions = decide(
            items, list(self.known.values()), now=self.now, first_poll=self.polls == 0, first_poll_limit=limit
        )
        self.polls += 1
        for decision in decisions:
            self._store(decision)
        return [decision.verdict for decision in decisions]

    def _store(self, decision: Decision) -> None:
        assert decision.reason.endswith(".")
        assert decision.published_at <= self.now
        before = self.known.get(decision.identity)
        if decision.verdict in {"new", "backlog", "withheld"}:
            assert before is None, "a new item must not take a known one's identity"
        if decision.verdict == "new":
            self.posted.append(decision.item)
        if before is None or decision.changed:
            seen = before.first_seen_at if before is not None else self.now
            self.known[decision.identity] = decision.known(seen)


def desk(*items: ParsedItem) -> Desk:
    """A desk that has read these items."""
    made = Desk()
    made.poll(items)
    return made


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "tag:other"},
        {"guid": None},
        {"url": "http://www.news.example/stories/1/?utm_source=rss&utm_medium=feed#comments"},
        {"url": "https://new.example/1", "guid": "https://new.example/1"},
        {"url": None},
        {"guid": "http://www.news.example/1", "url": None},
        {"title": "Quite another headline was found for it"},
        {"title": ""},
        {"published_at": NOW + DAY},
        {"published_at": None},
        {"guid": "new", "title": "Quite another headline was found for it"},
        {"guid": "new", "url": "https://news.example/1-b", "title": title(1) + " at last"},
    ],
    ids=lambda change: "-".join(change) + str(len(str(change))),
)
def test_one_item_in_another_guise_is_not_posted_again(change: dict[str, object]) -> None:
    """Whatever single witness changes, and with it what is made of it, the others still recognise the item."""
    feed = desk(item(1), item(2))
    assert "new" not in feed.poll([replace(item(1), **change), item(2)])  # type: ignore[arg-type]
    assert "new" not in feed.poll([item(1), item(2)])


def test_an_edit_says_what_changed() -> None:
    """Title and words are named; an edit keeps identity and date."""
    known = decide([item(1)], (), now=NOW, first_poll=True)[0]
    edited = replace(item(1), title="A better headline for the first story", summary="other words", published_at=NOW)
    (decision,) = decide([edited], [known.known(NOW)], now=NOW + HOUR, first_poll=False)
    assert (decision.verdict, decision.changed) == ("edited", ("title", "content"))
    assert decision.reason == "It is known by its id, and its title and content changed."
    assert (decision.identity, decision.published_at) == (known.identity, known.published_at)


def test_a_build_stamp_on_all_items_is_no_edit() -> None:
    """A generator that stamps every item at every run doesn't edit them all."""
    items = [replace(item(number), updated_at=NOW) for number in range(5)]
    feed = desk(*items)
    assert set(feed.poll([replace(one, updated_at=NOW + HOUR) for one in items])) == {"known"}


def test_guids_that_are_given_out_again_do_not_hide_news() -> None:
    """A feed that numbers its items from 1 at each build still brings its news."""
    feed = Desk()
    stories = [replace(item(number, DAY * (20 - number)), guid=None) for number in range(20)]
    for last in range(3, 20):
        window = [replace(story, guid=str(place)) for place, story in enumerate(reversed(stories[last - 3 : last]), 1)]
        feed.poll(window)
    assert len({story.title for story in feed.posted}) == len(feed.posted) == 19


def test_one_link_for_all_items_does_not_hide_news() -> None:
    """Release notes that all link to one page, with or without fragments, are told apart."""
    for link in ("https://docs.example/notes", "https://docs.example/"):
        feed = desk(*(replace(item(number), url=link) for number in range(3)))
        assert feed.poll([replace(item(number), url=link) for number in range(4)]).count("new") == 1
    noted = [replace(item(number), guid=None, url=f"https://docs.example/notes#v{number}") for number in range(4)]
    feed = desk(*noted[:3])
    assert feed.poll(noted) == ["known"] * 3 + ["new"]


def test_one_guid_for_all_items_does_not_hide_news() -> None:
    """A guid that several items bear is no witness."""
    same = [replace(item(number), guid="https://news.example/feed") for number in range(4)]
    feed = desk(*same[:3])
    assert feed.poll(same) == ["known"] * 3 + ["new"]


def test_equal_dates_lose_nothing() -> None:
    """Items of one midnight, and titles that differ by a number, are each posted once."""
    midnight = NOW.replace(hour=0)
    versions = [
        replace(item(number), title=f"Release 2.{number} of the scheduler is out", published_at=midnight)
        for number in range(8)
    ]
    feed = desk(versions[0])
    for last in range(1, 9):
        feed.poll(versions[:last])
    assert [one.title for one in feed.posted] == [one.title for one in versions]


def test_late_items_are_posted() -> None:
    """An item that turns up between older ones, some days late, is news all the same."""
    feed = desk(item(1, HOUR), item(2, 9 * DAY))
    assert feed.poll([item(1, HOUR), item(3, 5 * DAY), item(2, 9 * DAY)]) == ["known", "new", "known"]


def test_an_old_item_alone_is_withheld_with_its_reason() -> None:
    """Two months old at first sight is no news."""
    known = [one.known(NOW) for one in decide([item(1)], (), now=NOW, first_poll=True)]
    decisions = decide([item(1), item(2, 60 * DAY)], known, now=NOW + HOUR, first_poll=False)
    assert decisions[1].verdict == "withheld"
    assert decisions[1].reason == "It was older than 30 days when it first appeared."


def test_a_repeat_under_another_name_names_what_it_repeats() -> None:
    """The same headline two days later under a new id and link is withheld, and says why."""
    (first,) = decide([item(1)], (), now=NOW, first_poll=True)
    again = replace(item(1), guid="new", url="https://news.example/again", published_at=NOW + 2 * DAY)
    later = decide([again, item(1)], [first.known(NOW)], now=NOW + 2 * DAY, first_poll=False)
    assert [one.verdict for one in later] == ["withheld", "known"]
    assert later[0].known_identity == first.identity
    assert later[0].reason == "It repeats the title of another item of this feed, 2 days apart."


def test_old_items_under_new_names_and_dates_are_withheld_together() -> None:
    """A migrated archive: items of two months ago come back with new ids, links and today's date."""
    old = [item(number, 60 * DAY) for number in range(4)]
    feed = desk(item(9), *old)
    new = [replace(one, guid=f"new-{one.guid}", url=f"{one.url}-new", published_at=NOW) for one in old]
    assert feed.poll([item(9), *new]) == ["known", *["withheld"] * 4]


def test_a_column_is_posted_once_it_has_shown_to_be_one() -> None:
    """A weekly column's second issue is taken for a repeat, from the third on they are posted."""
    issues = [
        replace(
            item(number, -7 * DAY * number),
            title="The week in data centre construction",
            summary=f"Issue {number}",
            written=10,
        )
        for number in range(5)
    ]
    feed = Desk()
    got = [feed.poll(issues[number : number + 1], after=7 * DAY)[0] for number in range(5)]
    assert got == ["new", "withheld", "new", "new", "new"]


def test_short_titles_are_no_witness() -> None:
    """A mere "Update" tells nothing: each is its own item."""
    feed = desk(replace(item(1), title="Update"))
    assert feed.poll([replace(item(2), title="Update"), replace(item(1), title="Update")]) == ["new", "known"]


def test_undated_items_are_posted_once() -> None:
    """Without dates, the first poll posts the first few, later polls what is new, and a flood only a few."""
    feed = desk(*(item(number, None) for number in range(10)))
    assert len(feed.posted) == 5
    assert feed.poll([item(10, None), *(item(number, None) for number in range(9))]).count("new") == 1
    assert feed.poll([item(number, None) for number in range(20, 40)]).count("new") == 5
    assert set(feed.poll([item(number, None) for number in range(20, 40)])) == {"known"}


def test_a_day_of_a_busy_feed_is_all_posted() -> None:
    """A feed whose whole content is replaced each day by newer items floods rightly."""
    feed = desk(*(item(number, 2 * DAY) for number in range(30)))
    posted = len(feed.posted)
    feed.poll([item(number, HOUR) for number in range(100, 160)])
    assert len(feed.posted) - posted == 60


def test_an_item_twice_in_a_poll_counts_once() -> None:
    """The same link or id twice is one item."""
    feed = desk(item(9))
    assert feed.poll([item(1), item(1), replace(item(1), guid="other"), item(9)]).count("new") == 1


def test_an_item_with_nothing_in_it_is_withheld() -> None:
    """No title, link or words: nothing that could be posted, and a reason."""
    feed = desk(item(1))
    assert feed.poll([ParsedItem(), ParsedItem(guid="x"), item(1)])[:2] == ["withheld", "withheld"]


ages = st.one_of(st.none(), st.integers(-400, 29 * 24).map(lambda hours: timedelta(hours=hours)))
feeds = st.lists(st.tuples(st.integers(0, 60), ages), min_size=1, max_size=25, unique_by=lambda pair: pair[0])


@settings(max_examples=60, deadline=None)
@given(feeds, st.lists(st.lists(st.integers(0, 24), min_size=1, max_size=12), min_size=1, max_size=8))
def test_any_windows_over_a_feed_post_each_item_at_most_once(
    stories: list[tuple[int, timedelta | None]], windows: list[list[int]]
) -> None:
    """Items come and go in any order and company, dated or not: none is posted twice, and all are remembered."""
    items = [item(number, age) for number, age in stories]
    feed = Desk()
    for window in windows:
        feed.poll([items[place % len(items)] for place in window])
    titles = [one.title for one in feed.posted]
    assert len(titles) == len(set(titles))
    shown = {items[place % len(items)].title for window in windows for place in window}
    assert len(feed.known) == len(shown)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 12), st.randoms(use_true_random=False))
def test_a_feed_that_grows_posts_everything_once(size: int, step: int, random: object) -> None:
    """In a well-kept feed nothing is lost: what is younger than the first poll is posted exactly once."""
    del random
    items = [item(number, -timedelta(minutes=10 * number)) for number in range(size)]
    feed = Desk()
    for last in range(1, size + step, step):
        feed.poll(list(reversed(items[max(0, last - 20) : last])), after=timedelta(minutes=10 * step))
    posted = [one.title for one in feed.posted]
    assert sorted(posted) == sorted(one.title for one in items[: min(size, last)])


@settings(max_examples=40, deadline=None)
@given(feeds, st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_relabelling_a_whole_feed_posts_nothing(
    stories: list[tuple[int, timedelta | None]], which: tuple[bool, bool, bool]
) -> None:
    """New ids, new links, new dates for all items at once, in any combination: nothing is posted."""
    guids, links, dates = which
    items = [item(number, age) for number, age in stories]
    feed = desk(*items)
    posted = len(feed.posted)
    changed = [
        replace(
            one,
            guid=f"new:{one.guid}" if guids else one.guid,
            url=f"{one.url}-new" if links else one.url,
            published_at=NOW if dates else one.published_at,
        )
        for one in items
    ]
    feed.poll(changed)
    assert len(feed.posted) == posted
    feed.poll(items)
    assert len(feed.posted) == posted


def test_an_item_without_words_takes_no_other_items_key() -> None:
    """A wordless item is withheld under a key of its own, so that the next real item is not dropped as the same row."""
    empty = ParsedItem(guid="1")
    real = ParsedItem(guid="1", summary="A reactor is restarted for a data centre.", written=41)
    decisions = decide([empty, real], (), now=NOW, first_poll=True)
    assert len({decision.identity for decision in decisions}) == 2
    assert [decision.verdict for decision in decisions] == ["withheld", "new"]
