from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import ANY

from bot.models import Answer, AnswerState, Brief, IncomingQuestion
from bot.store import Database, articles, budgets, channels, feeds, questions, stories

Keep = Callable[..., Awaitable[int]]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def test_the_same_item_is_written_down_once(db: Database, keep: Keep) -> None:
    """A crash between reading and settling a feed repeats the insert, not the article."""
    await keep("x", "Text.")
    async with db.write() as connection:
        feed = await feeds.by_url(connection, "https://a.example/feed")
        assert feed is not None
        row = (await articles.known(connection, feed.id))[0]
        assert row.identity == "x"
        values = {
            "feed_id": feed.id, "identity": "x", "url": "u", "canonical_url": "u", "title": "t", "title_key": "t",
            "publisher": "p", "authors": [], "categories": [], "first_seen_at": NOW, "content_hash": "h",
            "verdict": "new", "reason": "r", "stage": "read",
        }  # fmt: skip
        assert await articles.add(connection, [values, values | {"identity": "y"}]) == {"y": ANY}


async def test_a_story_lists_its_lead_first_and_each_article_once(db: Database, keep: Keep) -> None:
    """Joining twice changes nothing, and a late better source can lead."""
    first = await keep("first", "One.")
    second = await keep("second", "Two.")
    async with db.write() as connection:
        story_id = await stories.create(
            connection, title="One", lead_article_id=first, features=b"f", related=(), now=NOW
        )
        for article_id in (first, second, second):
            await stories.join(
                connection,
                story_id=story_id,
                article_id=article_id,
                score=0.5,
                reasons=("near",),
                wire_of=None,
                now=NOW,
            )
        await stories.changed(connection, story_id, now=NOW, due_at=NOW, lead_article_id=second, title="Two")
        story = await stories.get(connection, story_id)
    assert story is not None
    assert [member.article.id for member in story.articles] == [second, first]
    assert (story.title, story.version) == ("Two", 1)


async def test_a_story_that_changes_while_it_is_told_stays_due(db: Database) -> None:
    """Settling an older version leaves the newer one due."""
    async with db.write() as connection:
        story_id = await stories.create(connection, title="A", lead_article_id=1, features=b"", related=(), now=NOW)
        await stories.changed(connection, story_id, now=NOW, due_at=NOW)
        (row,) = await stories.claim_due(connection, NOW, 5)
        await stories.changed(connection, story_id, now=NOW, due_at=NOW + timedelta(minutes=1))
        await stories.settle(connection, story_id, row.version, row.due_at)
        assert [again.version for again in await stories.claim_due(connection, NOW, 5)] == [2]
        await stories.settle(connection, story_id, 2, NOW)
        assert await stories.next_at(connection) is None


async def test_a_story_that_is_to_be_told_anew_is_told_by_one_worker_at_a_time(db: Database) -> None:
    """Whoever tells it keeps it until the end; then it is due again."""
    later = NOW + timedelta(seconds=1)
    async with db.write() as connection:
        story_id = await stories.create(connection, title="A", lead_article_id=1, features=b"", related=(), now=NOW)
        await stories.changed(connection, story_id, now=NOW, due_at=NOW)
        (row,) = await stories.claim_due(connection, NOW, 5)
        await stories.due_again(connection, story_id, later)
        assert not await stories.claim_due(connection, later, 5)
        assert await stories.hold(connection, story_id, later)
        assert not await stories.claim_due(connection, NOW + stories.LEASE, 5)
        await stories.settle(connection, story_id, row.version, row.due_at)
        assert not await stories.hold(connection, story_id, later)
        assert [again.id for again in await stories.claim_due(connection, later, 5)] == [story_id]


async def test_a_brief_is_kept_for_its_input_and_found_by_version(db: Database) -> None:
    """The same input gives the same brief back; an older version's brief stays readable."""
    brief = Brief(headline="H", headline_quotes=(), what=(), why=None, facts=(), unknown=(), sources=(), reported_by=1)
    async with db.write() as connection:
        story_id = await stories.create(connection, title="A", lead_article_id=1, features=b"", related=(), now=NOW)
        await stories.save_brief(connection, brief, story_id=story_id, version=1, input_hash="a", now=NOW)
        await stories.save_brief(connection, brief, story_id=story_id, version=3, input_hash="b", now=NOW)
        assert await stories.brief_by_hash(connection, story_id, "en", "standard", "a") == brief
        assert await stories.brief_by_hash(connection, story_id, "de", "standard", "a") is None
        found = await stories.latest_brief(connection, story_id, language="en", style="standard", version=2)
        assert found == (1, brief)
        assert await stories.latest_brief(connection, story_id) == (3, brief)


def _question(ts: str, **more: Any) -> IncomingQuestion:
    values: dict[str, Any] = {
        "team_id": "T1", "channel_id": "C1", "user_id": "U1", "ts": ts, "root_ts": "1.0", "text": "How much?",
        "surface": "thread",
    }  # fmt: skip
    return IncomingQuestion(**(values | more))


async def test_a_question_that_comes_as_two_events_is_one(db: Database) -> None:
    """A mention sends app_mention and message: the second is known by channel and ts."""
    async with db.write() as connection:
        await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW)
        assert await questions.add(connection, _question("2.0"), NOW) is not None
        assert await questions.add(connection, _question("2.0", surface="mention"), NOW) is None
        assert len(await questions.claim_due(connection, NOW, 5)) == 1
        assert not await questions.claim_due(connection, NOW, 5)


async def test_an_answered_question_is_history_for_the_next(db: Database) -> None:
    """The thread's questions come back with the first sentence of their answers, oldest first."""
    answer = Answer(state=AnswerState.UNKNOWN, sentences=(), sources=(), message="Not in what I have read.")
    async with db.write() as connection:
        first = await questions.add(connection, _question("2.0"), NOW)
        second = await questions.add(connection, _question("3.0", text="And then?"), NOW)
        assert first is not None
        assert second is not None
        await questions.settle(connection, first, state="unknown", answer=answer, reply_ts="2.1", now=NOW)
        said = await questions.history(connection, team_id="T1", channel_id="C1", root_ts="1.0", before_id=second)
        assert said == (("How much?", "Not in what I have read."),)
        assert [row.id for row in await questions.claim_due(connection, NOW, 5)] == [second]


async def test_stop_takes_back_what_waits_and_is_found_by_who_has_begun(db: Database) -> None:
    """Neither is answered any more, by nobody; a watch's answer, which nobody waits for, comes all the same."""
    async with db.write() as connection:
        begun = await questions.add(connection, _question("2.0"), NOW)
        await questions.claim_due(connection, NOW, 1)
        await questions.add(connection, _question("3.0"), NOW)
        watched = await questions.add(connection, replace(_question("watch:1:1"), surface="watch"), NOW)
        await questions.stop(connection, "T1", "C1", "1.0", NOW)
        assert begun is not None
        assert await questions.is_stopped(connection, begun)
        assert await questions.still_ours(connection, begun, NOW)  # who has begun says so in the thread
        late = NOW + questions.LEASE + timedelta(seconds=1)
        assert [row.id for row in await questions.claim_due(connection, late, 5)] == [watched]


async def test_a_budget_is_a_hard_stop(db: Database) -> None:
    """Reservations never pass the limits; what was not used is given back; another day starts anew."""
    today = NOW.date()

    async def reserve(tokens: int, micros: int = 0, now: datetime = NOW) -> bool:
        return await budgets.reserve(
            connection, team_id="T1", now=now, tokens=tokens, micros=micros, most_tokens=100, most_micros=500
        )

    async with db.write() as connection:
        assert await reserve(80, 10)
        assert (await budgets.used(connection, "T1", today)).stopped_at is None
        assert not await reserve(30)
        assert not await reserve(1, 491, NOW + timedelta(minutes=1))
        await budgets.correct(connection, team_id="T1", day=today, tokens=-60, micros=-10)
        assert await reserve(30, 500)
        assert await budgets.used(connection, "T1", today) == budgets.Used(50, 500, stopped_at=NOW)
        assert await reserve(100, 500, NOW + timedelta(days=1))
        assert await budgets.reserve(
            connection, team_id="T2", now=NOW, tokens=1, micros=10**9, most_tokens=100, most_micros=None
        )


async def test_workers_share_one_budget(db: Database) -> None:
    """Of calls that begin at the same moment, as many are granted as the day holds."""

    async def one() -> bool:
        async with db.write() as connection:
            return await budgets.reserve(
                connection, team_id="T1", now=NOW, tokens=30, micros=1, most_tokens=100, most_micros=None
            )

    assert sum(await asyncio.gather(*(one() for _ in range(12)))) == 3


async def test_what_is_kept_of_a_feed_is_found_by_identity(db: Database, keep: Keep) -> None:
    """Of the identities that a poll brings, those that are there; and of feeds, those that brought anything."""
    await keep("x")
    await keep("y")
    async with db.write() as connection:
        ids = await feeds.add_all(
            connection,
            [
                {
                    "url": url, "title": "F", "publisher": "F", "site_url": None, "next_poll_at": NOW, "first_limit": 1
                }
                for url in ("https://a.example/feed", "https://b.example/feed")
            ],
            NOW,
        )  # fmt: skip
        full, empty = ids["https://a.example/feed"], ids["https://b.example/feed"]
        assert await articles.among(connection, full, ["x", "y", "z"]) == {"x", "y"}
        assert await articles.among(connection, empty, ["x"]) == set()
        assert await articles.among(connection, full, []) == set()
        assert await articles.feeds_with_any(connection, [full, empty]) == {full}
        assert await articles.feeds_with_any(connection, []) == set()
        assert await feeds.add_all(connection, [], NOW) == {}
