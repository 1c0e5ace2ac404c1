"""What people said of answers, how much was asked, and what was told lately: the same on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.models import Answer, AnswerState, IncomingQuestion
from bot.store import Database, questions, stories, votes

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANSWER = Answer(AnswerState.UNKNOWN, (), (), message="Not in what I have read.")


async def _ask(db: Database, ts: str, *, team: str = "T1", root: str | None = None, at: datetime = NOW) -> int:
    async with db.write() as connection:
        made = await questions.add(connection, IncomingQuestion(team, "C1", "U1", ts, root or ts, "Why?", "dm"), at)
        assert made is not None
        await questions.settle(connection, made, state="unknown", answer=ANSWER, reply_ts=ts, now=at)
    return made


async def test_votes_on_answers_are_counted_by_answer_and_workspace(db: Database) -> None:
    """Each person's last word counts; another workspace's and those on stories don't; the last vote comes first."""
    first, second = await _ask(db, "1.0"), await _ask(db, "1.1", root="1.0")
    other = await _ask(db, "9.0", team="T2")
    said = [
        ("T1", "U1", first, "up", 1), ("T1", "U2", first, "down", 2), ("T1", "U2", first, "up", 3),
        ("T1", "U1", second, "down", 4), ("T2", "U1", other, "up", 5),
    ]  # fmt: skip
    async with db.write() as connection:
        for team, user, number, verdict, minute in said:
            await votes.save(
                connection, team_id=team, channel_id="C1", user_id=user, subject=f"question:{number}", verdict=verdict,
                now=NOW + timedelta(minutes=minute),
            )  # fmt: skip
        await votes.save(
            connection, team_id="T1", channel_id="C1", user_id="U1", subject="story:1", verdict="up", now=NOW
        )
    async with db.read() as connection:
        rows = await votes.on_answers(connection, "T1", 10)
    assert [(row.id, row.up, row.down, row.before) for row in rows] == [(second, 0, 1, 1), (first, 2, 0, 0)]
    assert rows[0].voted_at == NOW + timedelta(minutes=4)


async def test_what_was_asked_before_is_counted_within_its_window(db: Database) -> None:
    """Of the workspace and of the person, newest first, not the question itself."""
    await _ask(db, "1.0", at=NOW - timedelta(hours=2))
    await _ask(db, "2.0", at=NOW - timedelta(minutes=5))
    await _ask(db, "3.0", team="T2")
    number = await _ask(db, "4.0")
    async with db.read() as connection:
        row = await questions.get(connection, "T1", number)
        assert row is not None
        hour = NOW - timedelta(hours=1)
        assert await questions.asked_before(connection, row, since=hour, most=5) == [NOW - timedelta(minutes=5)]
        assert await questions.asked_before(connection, row, since=hour, most=5, user_id="U2") == []
        assert await questions.get(connection, "T2", number) is None
        assert await stories.lately_told(connection, "T1", hour, 3) == ()
