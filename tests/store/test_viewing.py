"""Queries of the web view, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.models import Brief, FactLine, Quote, Sentence, Source, Standing
from bot.store import Database, articles, channels, feeds, stories, viewing

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
DAY = timedelta(days=1)


async def _feed(db: Database, url: str) -> int:
    async with db.write() as connection:
        return (await feeds.add(connection, url=url, title=url, publisher="Rackpost", site_url=None, now=NOW)).id


async def _story(db: Database, number: int, feed_id: int, *, private: bool = False) -> int:
    """A story with one article, changed so many minutes after NOW."""
    at = NOW + timedelta(minutes=number)
    row = {
        "feed_id": feed_id,
        "identity": str(number),
        "url": f"https://rackpost.example/{number}",
        "canonical_url": f"https://rackpost.example/{number}",
        "title": f"Story {number}",
        "title_key": f"story {number}",
        "publisher": "Rackpost",
        "authors": [],
        "categories": [],
        "content_hash": "h",
        "verdict": "new",
        "reason": "It was not in the feed before.",
        "first_seen_at": at,
        "stage": "done",
    }
    async with db.write() as connection:
        known = await articles.add(connection, [row])
        article_id = known[str(number)]
        made = await stories.create(
            connection,
            title=f"Story {number}",
            lead_article_id=article_id,
            features=b"",
            related=(),
            now=at,
            private_feed_id=feed_id if private else None,
        )
        await stories.join(
            connection, story_id=made, article_id=article_id, score=1.0, reasons=(), wire_of=None, now=at
        )
    return made


def _brief(headline: str) -> Brief:
    quote = Quote(1, "It will draw 1.2 GW.")
    sentence = Sentence("It will draw 1.2 GW.", (quote,))
    return Brief(
        headline=headline,
        headline_quotes=(quote,),
        what=(sentence,),
        why=None,
        facts=(FactLine(sentence, "1.2 GW", (1,), Standing.SINGLE),),
        unknown=(),
        sources=(Source(1, 1, "Rackpost", "A", "https://rackpost.example/1"),),
        reported_by=3,
    )


async def _write(db: Database, story_id: int, headline: str, version: int = 1) -> None:
    async with db.write() as connection:
        await stories.save_brief(
            connection, _brief(headline), story_id=story_id, version=version, input_hash=headline, now=NOW
        )


async def test_stories_come_newest_first_with_their_latest_briefs(db: Database) -> None:
    """A page ends where the next one begins; a story without a brief is found by its number, with its title."""
    feed_id = await _feed(db, "https://rackpost.example/feed")
    one, two, three = [await _story(db, number, feed_id) for number in (1, 2, 3)]
    await _write(db, one, "One")
    await _write(db, two, "Two")
    await _write(db, one, "One, again", version=2)
    async with db.read() as connection:
        first, second = await viewing.latest(connection, "T1", 10)
        (older,) = await viewing.latest(connection, "T1", 10, before=first.updated_at)
        named = await viewing.named(connection, "T1", (one, 999, three))
    assert (first.id, first.headline, first.articles) == (two, "Two", 1)
    assert (second.headline, second.told, second.figures, second.publishers) == (
        "One, again",
        "It will draw 1.2 GW.",
        ("1.2 GW",),
        3,
    )
    assert older == second
    assert [(line.id, line.headline, line.told) for line in named][1] == (three, "Story 3", "")
    assert named[0] == second


async def test_what_a_private_feed_brought_is_for_its_followers(db: Database) -> None:
    """Another workspace finds neither the story in the list nor by its number."""
    feed_id = await _feed(db, "https://rackpost.example/feed?token=abcdefghijklmnop1234")
    made = await _story(db, 1, feed_id, private=True)
    await _write(db, made, "For subscribers")
    async with db.write() as connection:
        for team_id in ("T1", "T2"):
            await channels.add_team(connection, team_id=team_id, name=team_id, bot_user_id="U0", now=NOW)
            await channels.add_channel(connection, team_id=team_id, channel_id="C1", name="ai", threshold=0.3, now=NOW)
        await channels.subscribe(connection, team_id="T1", channel_id="C1", feed_id=feed_id, created_by="U1", now=NOW)
    async with db.read() as connection:
        assert [line.id for line in await viewing.latest(connection, "T1", 10)] == [made]
        assert await viewing.latest(connection, "T2", 10) == ()
        assert await viewing.named(connection, "T2", (made,)) == ()


async def test_days_are_those_of_utc(db: Database) -> None:
    """Answered and failed polls and new articles of each day; a poll just before midnight is of its own day."""
    feed_id = await _feed(db, "https://rackpost.example/feed")
    lines = [
        {"feed_id": feed_id, "at": NOW, "outcome": "new", "elapsed_ms": 5, "new": 3},
        {"feed_id": feed_id, "at": NOW + timedelta(hours=1), "outcome": "http_500", "elapsed_ms": 5, "new": 0},
        {"feed_id": feed_id, "at": NOW + timedelta(hours=2), "outcome": "not_modified", "elapsed_ms": 5, "new": 0},
        {"feed_id": feed_id, "at": NOW - 40 * DAY, "outcome": "new", "elapsed_ms": 5, "new": 9},
    ]
    async with db.write() as connection:
        await feeds.record_polls(connection, lines)
    async with db.read() as connection:
        found = await viewing.days(connection, (feed_id,), NOW - 30 * DAY)
    assert [(one.day, one.answered, one.failed, one.new) for one in found[feed_id]] == [
        (date(2026, 11, 22), 1, 0, 3),
        (date(2026, 11, 23), 1, 1, 0),
    ]
