"""A story is written once, whoever tells it, how often, and in how many channels; and by who can pay for it."""

from __future__ import annotations

import asyncio
from typing import Any

import sqlalchemy as sa

from bot.store import budgets, channels, choices, stories
from bot.store.tables import brief, feed
from tests.scenario.writing import model_server as model

from .conftest import CHANNELS, DAY, Room, World

NEWS = (
    "Halden signs for 600 MW of nuclear power for its data centre in Oulu",
    """Halden said on Sunday that it has signed for 600 megawatts of nuclear power for its data centre in Oulu. The
    contract runs for 12 years and costs $1.3 billion, according to a filing.""",
)


def _with(server: Any) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "TAPEOUT_MODEL": "scripted-1"}


async def _writers(room: Room) -> list[str]:
    async with room.db.read() as connection:
        return list((await connection.execute(sa.select(brief.c.writer))).scalars())


async def _again(room: Room) -> None:
    """The story is to be told anew, as after a lower bar."""
    async with room.db.write() as connection:
        await stories.due_again(connection, 1, room.clock())


async def test_one_call_for_all_channels_and_none_after_a_restart(world: World) -> None:
    """Three channels of one style are one call; told again, in a new process, the same articles cost nothing."""
    async with model.ModelServer(model.quoting) as server:
        async with world.start(**_with(server)) as room:
            await room.channel(*CHANNELS)
            await room.publish("Rackpost", *NEWS)
            await room.settle()
            assert all("scripted-1" in str(room.posts(name)[0]["blocks"]) for name in CHANNELS)
            await _again(room)
        async with world.start(**_with(server)) as room:
            await room.settle()
            assert len(server.requests) == 1
            async with room.db.write() as connection:
                where = room.workspace.channel_id("chips")
                await choices.configure(connection, room.workspace.team_id, where, style="deep")
            await _again(room)
            await room.settle()
            assert len(server.requests) == 2
            assert await _writers(room) == ["scripted-1"] * 2


async def test_two_workers_at_once_pay_once(world: World) -> None:
    """While one worker waits for the model another finds nothing to do, also when the story is due again meanwhile."""
    asked, hold = asyncio.Event(), asyncio.Event()

    def slow(request: dict[str, Any]) -> Any:
        asked.set()
        return model.Reply(model.quoting(request).content, hold=hold)

    async with (
        model.ModelServer(slow) as server,
        world.start(**_with(server)) as first,
        world.start(**_with(server)) as second,
    ):
        await first.channel(*CHANNELS)
        await first.publish("Rackpost", *NEWS)
        telling = asyncio.create_task(first.newsroom.tell_due())
        async with asyncio.timeout(90):
            await asked.wait()
        assert await second.newsroom.tell_due() == 0
        await _again(second)
        assert await second.newsroom.tell_due() == 0
        hold.set()
        await telling
        await second.settle()
        assert len(server.requests) == 1
        assert [len(second.posts(name)) for name in CHANNELS] == [1, 1, 1]


async def test_a_workspace_without_budget_does_not_decide_for_others(world: World) -> None:
    """One workspace's day is used up: another one pays for the model's brief, and the first shows it, too."""
    async with model.ModelServer(model.quoting) as server, world.start(**_with(server)) as room:
        await room.channel("chips")
        team = room.workspace.team_id
        async with room.db.write() as connection:
            used = {"tokens": 500_000, "micros": 0, "most_tokens": 500_000, "most_micros": None}
            assert await budgets.reserve(connection, team_id=team, now=room.clock(), **used)  # type: ignore[arg-type]
        await room.publish("Rackpost", *NEWS)
        await room.settle()
        assert "budget for the model is used up" in room.posts("chips")[0]["text"]
        assert (server.requests, await _writers(room)) == ([], ["extractive"])
        since = room.clock() - DAY
        async with room.db.write() as connection:
            feeds = list((await connection.execute(sa.select(feed.c.id))).scalars())
            await channels.add_team(connection, team_id="TZ", name="Other", bot_user_id="U0", now=since)
            await channels.add_channel(
                connection, team_id="TZ", channel_id="CZ", name="other", threshold=0.0, now=since
            )
            await channels.subscribe_all(
                connection, team_id="TZ", channel_id="CZ", feed_ids=feeds, created_by="U1", now=since
            )
        await _again(room)
        await room.tell()
        assert (len(server.requests), await _writers(room)) == (1, ["scripted-1"])
