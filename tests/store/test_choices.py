from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from bot.choices import TopicChoice
from bot.models import DeliveryState, Relevance
from bot.store import Database, channels, choices, deliveries, stories, teams, votes

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WHERE = ("T1", "C1")


@pytest.fixture
async def ready(db: Database) -> Database:
    """Two workspaces that each have a channel C1, and three stories."""
    async with db.write() as connection:
        for team in ("T1", "T2"):
            await channels.add_team(connection, team_id=team, name=team, bot_user_id="U0", now=NOW)
            await channels.add_channel(connection, team_id=team, channel_id="C1", name="ai", threshold=0.35, now=NOW)
        for number in (1, 2, 3):
            await stories.create(
                connection, title=f"Story {number}", lead_article_id=number, features=b"x", related=(), now=NOW
            )
    return db


async def _save(db: Database, choice: TopicChoice, team: str = "T1") -> None:
    async with db.write() as connection:
        await choices.save_topic(connection, choice, team_id=team, channel_id="C1", created_by="U1", now=NOW)


async def _vote(db: Database, subject: str, verdict: str, *, user: str = "U1", team: str = "T1", at: int = 0) -> None:
    async with db.write() as connection:
        await votes.save(
            connection,
            team_id=team,
            channel_id="C1",
            user_id=user,
            subject=subject,
            verdict=verdict,
            now=NOW + timedelta(minutes=at),
        )


async def test_topics_are_kept_for_one_channel_of_one_workspace(ready: Database) -> None:
    """In the order they came, changed in place; one that is as it ships leaves no row."""
    await _save(ready, TopicChoice("HBM", "HBM OR DRAM"))
    await _save(ready, TopicChoice("Money and deals", muted_until=NOW))
    await _save(ready, TopicChoice("HBM", "HBM OR DRAM", muted_until=NOW))
    await _save(ready, TopicChoice("HBM", "HBM"), team="T2")
    async with ready.read() as connection:
        assert await choices.topics(connection, *WHERE) == (
            TopicChoice("HBM", "HBM OR DRAM", muted_until=NOW),
            TopicChoice("Money and deals", muted_until=NOW),
        )
        assert len(await choices.topics(connection, "T2", "C1")) == 1
    await _save(ready, TopicChoice("Money and deals"))
    async with ready.write() as connection:
        await choices.remove_topic(connection, *WHERE, "HBM")
    async with ready.read() as connection:
        assert await choices.topics(connection, *WHERE) == ()
        assert len(await choices.topics(connection, "T2", "C1")) == 1


async def test_topics_go_with_their_workspace(ready: Database) -> None:
    """Nothing of an uninstalled workspace stays."""
    await _save(ready, TopicChoice("HBM", "HBM"))
    async with ready.write() as connection:
        await teams.remove(connection, "T1")
    async with ready.read() as connection:
        assert await choices.topics(connection, *WHERE) == ()


async def test_a_channel_is_configured(ready: Database) -> None:
    """Bars, style and language are read back with the channel; another workspace's stays as it was."""
    async with ready.write() as connection:
        await choices.configure(
            connection, *WHERE, threshold=0.5, least_substance=0.2, style="deep", language="de", taste_since=NOW
        )
    async with ready.read() as connection:
        mine = await channels.get(connection, *WHERE)
        other = await channels.get(connection, "T2", "C1")
    assert mine is not None
    assert other is not None
    assert (mine.threshold, mine.least_substance, mine.style, mine.language, mine.taste_since) == (
        0.5,
        0.2,
        "deep",
        "de",
        NOW,
    )
    assert (other.threshold, other.least_substance, other.taste_since) == (0.35, 0.0, None)


async def test_votes_are_balanced_for_each_story_newest_first(ready: Database) -> None:
    """Votes on answers, of other workspaces and from before the reset do not count; a changed mind does."""
    await _vote(ready, "story:1", "up")
    await _vote(ready, "story:1", "up", user="U2", at=1)
    await _vote(ready, "story:2", "up", at=2)
    await _vote(ready, "story:2", "down", at=3)
    await _vote(ready, "question:3", "up", at=4)
    await _vote(ready, "story:3", "down", team="T2", at=5)
    async with ready.read() as connection:
        found = await choices.votes(connection, *WHERE, None)
        assert [(row.title, int(row.balance)) for row in found] == [("Story 2", -1), ("Story 1", 2)]
        tally = await choices.tally(connection, *WHERE, None)
        assert (tally.up, tally.down, tally.last) == (2, 1, NOW + timedelta(minutes=3))
        later = await choices.votes(connection, *WHERE, NOW + timedelta(minutes=2))
        assert [row.title for row in later] == ["Story 2"]
        assert await choices.feedback_since(connection, "T1", NOW) == (3, 1)
        assert await choices.feedback_since(connection, "T1", NOW + timedelta(minutes=3)) == (1, 1)


async def test_the_tally_differs_whenever_somebody_votes(ready: Database) -> None:
    """It is what tells every process that a taste is to be learnt anew."""
    seen = set()
    for at, (user, verdict) in enumerate((("U1", "up"), ("U1", "down"), ("U1", "up"), ("U2", "up"))):
        await _vote(ready, "story:1", verdict, user=user, at=at)
        async with ready.read() as connection:
            seen.add(await choices.tally(connection, *WHERE, None))
    assert len(seen) == 4


async def test_how_stories_were_judged_is_read_newest_first(ready: Database) -> None:
    """Posted or withheld; other things that were sent are left out."""
    dump = TypeAdapter(Relevance).dump_json
    async with ready.write() as connection:
        for number, state in ((1, DeliveryState.PENDING), (2, DeliveryState.WITHHELD)):
            judged = Relevance(number / 10, 0.5, ("Chips and accelerators",), ())
            await deliveries.enqueue(
                connection,
                team_id="T1",
                channel_id="C1",
                key=f"story:{number}",
                state=state,
                now=NOW,
                story_id=number,
                relevance=dump(judged).decode(),
            )
        await deliveries.enqueue(
            connection, team_id="T1", channel_id="C1", key="intro", state=DeliveryState.PENDING, now=NOW
        )
    async with ready.read() as connection:
        found = await choices.recent(connection, *WHERE, 10)
        assert [(story_id, judged.score) for story_id, judged in found] == [(2, 0.2), (1, 0.1)]
        assert len(await choices.recent(connection, *WHERE, 1)) == 1
        one = await choices.judged(connection, *WHERE, 1)
        assert one is not None
        assert one.topics == ("Chips and accelerators",)
        assert await choices.judged(connection, "T2", "C1", 1) is None
