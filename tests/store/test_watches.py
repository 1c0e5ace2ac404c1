from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.models import Answer, AnswerState, IncomingQuestion
from bot.store import Database, articles, questions, watches

Keep = Callable[..., Awaitable[int]]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def _watch(db: Database, text: str = "When?", **more: Any) -> int | None:
    values: dict[str, Any] = {
        "team_id": "T1", "channel_id": "C1", "root_ts": "1.0", "user_id": "U1", "story_id": None, "now": NOW
    }  # fmt: skip
    async with db.write() as connection:
        return await watches.add(connection, text=text, **(values | more))


async def test_a_watch_sees_what_is_read_after_it(db: Database, keep: Keep) -> None:
    """Articles that were being read when it began count as new, those that could be searched do not."""
    await keep("old", stage="done")
    waiting = await keep("waiting", stage="join")
    await _watch(db)
    later = await keep("later", stage="done")
    async with db.write() as connection:
        (row,) = await watches.open_ones(connection, NOW)
        assert [one.id for one in await watches.read_since(connection, row.after_id, ())] == [later]
        await articles.claim_due(connection, "join", NOW, 1)
        assert await articles.settle(connection, waiting, stage="done", due_at=None)
        assert [one.id for one in await watches.read_since(connection, row.after_id, ())] == [waiting, later]
        assert [one.id for one in await watches.read_since(connection, row.after_id, {waiting})] == [later]


async def test_only_one_may_take_a_watch_further(db: Database) -> None:
    """Two processes that find something at once: the second one's step is refused."""
    made = await _watch(db)
    assert made is not None
    async with db.write() as connection:
        assert await watches.settle(connection, made, state="due", now=NOW, was=("open",))
        assert not await watches.settle(connection, made, state="due", now=NOW, was=("open",))
        assert await watches.open_ones(connection, NOW) == []
        assert await watches.count_open(connection, "T1", "U1", NOW) == 1
        assert await watches.settle(connection, made, state="told", now=NOW)
        assert await watches.count_open(connection, "T1", "U1", NOW) == 0
        assert not await watches.settle(connection, made, state="open", now=NOW)


async def test_watches_are_counted_by_person_and_workspace_and_end(db: Database) -> None:
    """The same question in one thread is one watch; another workspace's do not count; old ones are not looked at."""
    assert await _watch(db) is not None
    assert await _watch(db) is None
    assert await _watch(db, team_id="T2") is not None
    assert await _watch(db, text="Who?", now=NOW - watches.LIFE) is not None
    async with db.read() as connection:
        assert await watches.count_open(connection, "T1", "U1", NOW) == 1  # whose time is over no longer counts
        assert [row.team_id for row in await watches.open_ones(connection, NOW)] == ["T1", "T2"]
        assert len(await watches.open_ones(connection, NOW - timedelta(days=1))) == 3


async def test_a_watch_that_was_stopped_or_is_over_can_be_taken_up_again(db: Database) -> None:
    """Stopped or too old, it begins anew, from what is read from then on; one that was told does not."""
    where = {"team_id": "T1", "channel_id": "C1", "root_ts": "1.0", "text": "When?"}
    made = await _watch(db)
    async with db.write() as connection:
        assert await watches.end(connection, NOW, **where)
        assert not await watches.end(connection, NOW, **where)
        assert await watches.state_of(connection, NOW, **where) == "ended"
    assert await _watch(db) == made
    later = NOW + watches.LIFE
    async with db.write() as connection:
        assert await watches.state_of(connection, NOW, **where) == "open"
        assert await watches.state_of(connection, later, **where) == "ended"
    assert await _watch(db, now=later) == made
    async with db.write() as connection:
        assert made is not None
        assert await watches.settle(connection, made, state="told", now=later)
    assert await _watch(db, now=later) is None


async def test_the_last_question_is_offered_only_if_it_had_no_answer(db: Database) -> None:
    """What "watch for it" means: the thread's last question, where it was not known."""
    unknown = Answer(AnswerState.UNKNOWN, (), (), message="Not in what I have read.")
    async with db.write() as connection:
        ids = []
        for number, text in enumerate(("When?", "Who?"), 2):
            incoming = IncomingQuestion("T1", "C1", "U1", f"{number}.0", "1.0", text, "mention")
            made = await questions.add(connection, incoming, NOW)
            assert made is not None
            ids.append(made)
        where = {"team_id": "T1", "channel_id": "C1", "root_ts": "1.0"}
        await questions.settle(connection, ids[0], state="unknown", answer=unknown, reply_ts="2.1", now=NOW)
        last = await questions.last_unknown(connection, before_id=ids[1], **where)
        assert last is not None
        assert last.text == "When?"
        await questions.settle(connection, ids[1], state="answered", answer=unknown, reply_ts="3.1", now=NOW)
        assert await questions.last_unknown(connection, before_id=ids[1] + 1, **where) is None
        assert await questions.last_unknown(connection, before_id=ids[0], **where) is None


async def test_what_is_looked_for_is_listed_by_workspace_and_channel(db: Database) -> None:
    """Open and due ones, the oldest first; those that ended or are too old, and another workspace's, are left out."""
    first = await _watch(db)
    await _watch(db, team_id="T2")
    await _watch(db, text="Too old?", now=NOW - watches.LIFE)
    second = await _watch(db, text="Who?", channel_id="C2")
    assert first is not None
    assert second is not None
    async with db.write() as connection:
        await watches.settle(connection, first, state="due", now=NOW, was=("open",))
        assert [row.id for row in await watches.listed(connection, "T1", NOW)] == [first, second]
        assert [row.id for row in await watches.listed(connection, "T1", NOW, channel_id="C2")] == [second]
        assert [row.id for row in await watches.listed(connection, "T1", NOW, limit=1)] == [first]


async def test_one_watch_is_ended_once_and_by_its_own_workspace(db: Database) -> None:
    """The row that was ended is handed back; nobody ends it twice, or from another workspace."""
    made = await _watch(db)
    assert made is not None
    async with db.write() as connection:
        assert await watches.end_one(connection, NOW, team_id="T2", watch_id=made) is None
        ended = await watches.end_one(connection, NOW, team_id="T1", watch_id=made)
        assert (ended is not None and ended.text, ended is not None and ended.state) == ("When?", "ended")
        assert await watches.end_one(connection, NOW, team_id="T1", watch_id=made) is None
        assert await watches.listed(connection, "T1", NOW) == []
