"""Two workspaces with a channel of the same name: neither sees the other's digests or changes."""

from __future__ import annotations

import functools
from datetime import timedelta
from pathlib import Path

import pytest

from bot import tenancy
from bot.errors import TapeoutError
from bot.models import Actor, Change
from bot.store import Database
from bot.workspace import Workspace

from .conftest import Town, town
from .place import CHANNEL, PATIENCE_S, shown

HOUR = timedelta(hours=1)


async def _says(workspace: Workspace, text: str, words: str) -> str:
    """What a command answers, once it has these words."""
    await workspace.command("ada", CHANNEL, text)
    return shown(
        await workspace.wait_for(
            lambda: next((m for m in reversed(workspace.ephemerals("ada")) if words in shown(m)), None), PATIENCE_S
        )
    )


def _admin(workspace: Workspace) -> Actor:
    return Actor(workspace.team_id, workspace.core.person("ada").id, is_admin=True, sees_all=True)


async def _changes(at: Town, workspace: Workspace) -> tuple[Change, ...]:
    with tenancy.within(workspace.team_id):
        return await at.service.newsroom.changes(_admin(workspace), None)


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
@pytest.mark.timeout(400)  # everything is real but the time, and many may share the machine
async def test_digests_and_changes_stay_in_their_workspace(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    """At the same minute each channel is told its own stories alone; nobody sees or takes back another's changes."""
    database = request.getfixturevalue("confined") if engine == "postgresql" else None
    if database is not None:
        made = Database(database.replace("postgresql:", "postgresql+psycopg:"))
        await made.migrate()
        await made.close()
    async with town(tmp_path, database=database) as at:
        await at.install(at.one, at.two)
        hour = f"{at.clock() + HOUR:%H:%M}"
        for workspace, feed in ((at.one, "ones"), (at.two, "twos")):
            await at.add(workspace, feed)
            await _says(workspace, f"/tapeout digest daily {hour} UTC", hour)
        at.article("ones", "Halden signs for 600 MW of nuclear power")
        at.article("twos", "Kestrel orders 40,000 accelerators")
        for workspace in (at.one, at.two):
            await at.until(functools.partial(_waits, at, workspace))
            assert not any(name in shown(at.posts(workspace)) for name in ("Halden", "Kestrel"))

        at.pass_time(HOUR + timedelta(minutes=1))
        told = {each.team_id: await _digest(at, each) for each in (at.one, at.two)}
        assert ("Halden" in told[at.one.team_id], "Kestrel" in told[at.one.team_id]) == (True, False)
        assert ("Halden" in told[at.two.team_id], "Kestrel" in told[at.two.team_id]) == (False, True)

        theirs = await _changes(at, at.one)
        assert theirs
        ours = await _changes(at, at.two)
        assert {each.id for each in theirs}.isdisjoint({each.id for each in ours})
        assert (f"{at.site}/ones" in str(theirs), f"{at.site}/ones" in str(ours)) == (True, False)
        for change in theirs:
            with tenancy.within(at.two.team_id), pytest.raises(TapeoutError):
                await at.service.newsroom.undo(_admin(at.two), change.id)
        assert [each.undone_at for each in await _changes(at, at.one)] == [None] * len(theirs)


async def _digest(at: Town, workspace: Workspace) -> str:
    """The channel's digest, once it is there."""

    def find() -> str | None:
        return next((shown(m) for m in at.posts(workspace) if "digest:" in shown(m["metadata"])), None)

    return str(await workspace.wait_for(find, PATIENCE_S))


async def _waits(at: Town, workspace: Workspace) -> bool:
    """Whether a story waits for the channel's digest."""
    with tenancy.within(workspace.team_id):
        rhythm = await at.service.newsroom.rhythm(_admin(workspace), workspace.channel_id(CHANNEL))
    return rhythm.waiting == 1
