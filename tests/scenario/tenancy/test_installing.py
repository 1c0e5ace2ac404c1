"""From the button in a browser to the last row deleted, in two workspaces at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import tenancy
from bot.store import Database
from bot.store.tables import installation

from .conftest import Town, town
from .place import CHANNEL, PATIENCE_S, post, shown

HALF = timedelta(minutes=31)


def _answers(at: Any, ts: str) -> list[dict[str, Any]]:  # a workspace
    return [m for m in at.thread(CHANNEL, ts)[1:] if m.get("metadata")]


async def _installation(made: Town) -> Any:  # the only row
    with tenancy.within(tenancy.EVERYONE):
        async with made.service.db.read() as connection:
            return (await connection.execute(sa.select(installation))).one()


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def test_install_post_question_uninstall_gone(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    """Each workspace gets its own posts and answers; of the one that removes the app, nothing is left in the hour."""
    database = request.getfixturevalue("confined") if engine == "postgresql" else None
    if database is not None:
        made = Database(database.replace("postgresql:", "postgresql+psycopg:"))
        await made.migrate()
        await made.close()
    async with town(tmp_path, database=database) as at:
        await at.install(at.one, at.two)
        at.article("ones", "Halden signs for 600 MW of nuclear power")
        at.article("twos", "Kestrel orders 40,000 accelerators")
        await at.add(at.one, "ones")
        await at.add(at.two, "twos")
        await at.posted(at.one, "Halden")
        await at.posted(at.two, "Kestrel")
        assert not [m for m in at.posts(at.one) if "Kestrel" in m["text"]]
        assert not [m for m in at.posts(at.two) if "Halden signs" in m["text"]]
        ts = await at.one.mention("ada", CHANNEL, "How much power did Halden sign for?")
        await at.one.wait_for(lambda: _answers(at.one, ts), PATIENCE_S)
        assert "600" in shown(_answers(at.one, ts))
        before = await at.rows(at.two.team_id)

        await at.one.uninstall()
        await at.until(lambda: _is(at, "uninstalled"))
        assert "installation" not in await at.rows(at.one.team_id), "the token is forgotten at once"
        assert {"question", "subscription"} < set(await at.rows(at.one.team_id)), "the rest within the hour"
        at.pass_time(HALF)
        await at.until(lambda: _is(at, "gone"))
        assert await at.rows(at.one.team_id) == {}
        assert await at.state(at.two) == "active"
        assert set(before) <= set(await at.rows(at.two.team_id))
        at.article("twos", "Brightwater opens a 90 MW data centre for GPU clusters")
        await at.posted(at.two, "Brightwater")


async def _is(at: Town, state: str) -> bool:
    return await at.state(at.one) == state


async def test_who_comes_back_in_time_loses_nothing(tmp_path: Path) -> None:
    """The app is removed and installed again within the half hour: nothing is deleted, news go on."""
    async with town(tmp_path) as at:
        await at.install(at.one)
        at.article("ones", "Halden signs for 600 MW of nuclear power")
        await at.add(at.one, "ones")
        await at.posted(at.one, "Halden")
        await at.one.uninstall()
        await at.until(lambda: _is(at, "uninstalled"))
        await at.install(at.one)
        assert await at.state(at.one) == "active"
        at.pass_time(HALF)
        at.article("ones", "Brightwater opens a 90 MW data centre for GPU clusters")
        await at.posted(at.one, "Brightwater")
        assert "subscription" in await at.rows(at.one.team_id)


async def test_a_revoked_token_stops_its_workspace_alone(tmp_path: Path) -> None:
    """Slack refuses one token: that workspace rests, the other goes on; installed again, what waited is posted."""
    async with town(tmp_path) as at:
        await at.install(at.one, at.two)
        at.article("all", "Halden signs for 600 MW of nuclear power")
        await at.add(at.one, "all")
        await at.add(at.two, "all")
        await at.posted(at.one, "Halden")
        at.grid.revoke(at.one)
        at.article("all", "Brightwater opens a 90 MW data centre for GPU clusters")
        at.pass_time(timedelta(minutes=5))
        await at.posted(at.two, "Brightwater")
        await at.until(lambda: _is(at, "revoked"))
        await at.install(at.one)
        at.pass_time(timedelta(seconds=10))
        await at.posted(at.one, "Brightwater")
        assert await at.state(at.one) == "active"


async def test_tokens_are_exchanged_before_they_run_out(tmp_path: Path) -> None:
    """Ten hours on, with nobody saying a word, the token is exchanged; thirteen hours on, posts still arrive."""
    async with town(tmp_path, rotates=True) as at:
        await at.install(at.one)
        at.article("ones", "Halden signs for 600 MW of nuclear power")
        await at.add(at.one, "ones")
        await at.posted(at.one, "Halden")
        first = await _installation(at)
        at.pass_time(timedelta(hours=10, minutes=1))

        async def exchanged() -> bool:
            return bool((await _installation(at)).token != first.token)

        await at.until(exchanged)
        assert at.grid.exchanges == 1
        at.pass_time(timedelta(hours=3))
        at.article("ones", "Brightwater opens a 90 MW data centre for GPU clusters")
        await at.posted(at.one, "Brightwater")


async def test_an_organisation_installs_it_once(tmp_path: Path) -> None:
    """One installation, without a workspace's name in it: both workspaces are served, each with its own rows."""
    async with town(tmp_path, org="E1") as at:
        await at.install()
        row = await _installation(at)
        assert (row.team_id, row.is_enterprise) == ("E1", True)
        at.article("ones", "Halden signs for 600 MW of nuclear power")
        await at.add(at.one, "ones")
        await at.posted(at.one, "Halden")
        await at.two.command("ada", CHANNEL, "/tapeout list")
        await at.two.wait_for(lambda: at.two.ephemerals("ada"), PATIENCE_S)
        assert "ones" not in shown(at.two.ephemerals("ada"))
        assert not at.posts(at.two)
        assert "subscription" not in await at.rows(at.two.team_id)


async def test_tokens_lie_sealed_in_the_store(tmp_path: Path) -> None:
    """Neither the token nor the refresh token that Slack gave out is in the database's file."""
    async with town(tmp_path, rotates=True) as at:
        await at.install(at.one)
        row = await _installation(at)
        assert row.rotate_at < row.expires_at
        secrets = [*at.grid._tokens, *at.grid._refresh]
    assert len(secrets) == 2
    assert not [secret for secret in secrets if secret.encode() in _files(tmp_path)]


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("tapeout.db*"))


async def test_another_browser_cannot_finish_an_installation(tmp_path: Path) -> None:
    """Without the cookie, with a state of our own making, or a second time, nothing is installed."""
    async with town(tmp_path) as at:
        asked, cookie = await at.begin(at.one.team_id)
        status, _ = await at.come_back(asked, "somebody-elses")
        assert status == 400
        assert await at.state(at.one) == "gone"
        status, _ = await at.come_back(asked.replace("state=", "state=x"), f"x{cookie}")
        assert status == 401
        assert (await at.come_back(asked, cookie))[0] == 200
        assert (await at.come_back(asked, cookie))[0] == 401
        asked, cookie = await at.begin(at.two.team_id)
        status, page = await at.come_back(f"{asked}&deny=1", cookie)
        assert "access_denied" in page
        assert await at.state(at.two) == "gone"


async def test_a_replayed_command_and_a_repeated_event_are_done_once(tmp_path: Path) -> None:
    """The very same signed command, and an event that Slack sends again, are acknowledged and not done again."""
    async with town(tmp_path) as at:
        await at.install(at.one)
        kind = "application/x-www-form-urlencoded"
        channel = at.one.channel_id(CHANNEL)
        body = (
            f"command=%2Ftapeout&text=ask+who+builds+reactors%3F&team_id={at.one.team_id}&channel_id={channel}"
            f"&channel_name={CHANNEL}&user_id={at.one.user_id('ada')}&trigger_id=1.2"
            "&response_url=http%3A%2F%2F127.0.0.1%3A9%2Fnever"
        )
        moment = at.clock().timestamp()
        for _ in range(2):
            status, _text = await post(at.browser, at.service.url, body, kind=kind, at=moment)
            assert status == 200
        await at.one.wait_for(lambda: at.posts(at.one), PATIENCE_S)
        await at.until(lambda: _answered(at))
        assert len([m for m in at.posts(at.one) if "reactors" in m["text"]]) == 1


async def _answered(at: Town) -> bool:
    return await at.service.newsroom.next_question_at() is None
