"""`tapeout keys` and `tapeout teams`, as operators type them, on both engines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from typer.testing import CliRunner

from bot import tenancy
from bot.cli import cli
from bot.commands import place
from bot.errors import TapeoutError
from bot.keyring import Keyring, new_key
from bot.models import IncomingQuestion
from bot.store import Database, channels, installations, questions, teams
from bot.store.tables import metadata, team

T = TypeVar("T")
NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shop:
    """A store with two workspaces, and the command line that looks at it."""

    url: str
    folder: Path
    key: str

    def tapeout(self, *arguments: str, keys: str | None = None, typed: str | None = None) -> tuple[int, str]:
        """Exit code, and what is said: on standard output, or as the sentence of an error."""
        given: dict[str, str | None] = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID"), None)
        given |= {"DATABASE_URL": self.url, "TAPEOUT_DATA_DIR": str(self.folder)}
        given["TAPEOUT_ENCRYPTION_KEYS"] = keys if keys is not None else self.key
        place.out.width = 220  # made when it was imported, with the width that the terminal had then
        done = CliRunner().invoke(cli, list(arguments), env=given, input=typed)
        if isinstance(done.exception, TapeoutError):  # `main` makes these a sentence and exit code 1
            return 1, str(done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout

    def ask(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """What a query on the store says."""

        async def run() -> T:
            db = Database(self.url)
            try:
                with tenancy.within(tenancy.EVERYONE):
                    async with db.write() as connection:
                        return await work(connection)
            finally:
                await db.close()

        return asyncio.run(run())

    def opened(self, *keys: str) -> dict[str, tuple[str, str]]:
        """Each workspace's token and refresh token, opened with these keys."""
        ring = Keyring([SecretStr(key) for key in keys])
        rows = self.ask(installations.all_of)
        return {
            row.team_id: (ring.open(row.team_id, row.token), ring.open(row.team_id, row.refresh_token)) for row in rows
        }


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Shop:
    """Two workspaces: one at work, one whose token was refused."""
    key = new_key()
    ring = Keyring([SecretStr(key)])

    async def make() -> None:
        db = Database(database_url)
        await db.migrate()
        with tenancy.within(tenancy.EVERYONE):
            async with db.write() as connection:
                for team_id in ("T1", "T2"):
                    name = f"Desk [{team_id}]"
                    await channels.add_team(connection, team_id=team_id, name=name, bot_user_id="U0", now=NOW)
                    await channels.add_channel(
                        connection, team_id=team_id, channel_id="C1", name="news", threshold=0.3, now=NOW
                    )
                    asked = IncomingQuestion(team_id, "C1", "U1", "1.0", "1.0", f"A secret of {team_id}?", "mention")
                    await questions.add(connection, asked, NOW)
                    await installations.save(
                        connection, team_id=team_id, enterprise_id=None, is_enterprise=False, name=team_id, bot_id="B",
                        bot_user_id="U0", installed_by="U1", scopes="", token=ring.seal(team_id, f"xoxb-{team_id}"),
                        refresh_token=ring.seal(team_id, f"xoxe-{team_id}"), expires_at=NOW + timedelta(hours=12),
                        rotate_at=NOW + timedelta(hours=10), installed_at=NOW,
                    )  # fmt: skip
                await teams.leave(connection, "T2", "revoked", now=NOW, delete_at=NOW + timedelta(hours=1))
        await db.close()

    asyncio.run(make())
    return Shop(database_url, tmp_path, key)


def test_a_new_key_is_one_and_no_two_are_the_same(shop: Shop) -> None:
    """What is printed can be put into the setting as it is."""
    (first, one), (second, two) = (shop.tapeout("keys", "new") for _ in range(2))
    assert (first, second) == (0, 0)
    assert one != two
    assert Keyring([SecretStr(one.strip())]).open("T1", Keyring([SecretStr(one.strip())]).seal("T1", "x")) == "x"


def test_keys_are_rotated_and_the_old_one_can_be_taken_out(shop: Shop) -> None:
    """All tokens are the same, sealed with the first key; the old key opens none of them any more."""
    new = new_key()
    assert shop.tapeout("keys", "rotate", keys=f"{new},{shop.key}") == (
        0,
        "2 installations are sealed with the first key.\n",
    )
    assert shop.opened(new) == {"T1": ("xoxb-T1", "xoxe-T1"), "T2": ("xoxb-T2", "xoxe-T2")}
    with pytest.raises(TapeoutError, match="None of TAPEOUT_ENCRYPTION_KEYS opens the token of T1"):
        shop.opened(shop.key)


def test_without_the_old_key_nothing_is_changed(shop: Shop) -> None:
    """It says what to do; the tokens are as they were."""
    code, said = shop.tapeout("keys", "rotate", keys=new_key())
    assert (code, "put the old key back" in said) == (1, True)
    code, said = shop.tapeout("keys", "rotate", keys="")
    assert (code, "tapeout keys new" in said) == (1, True)
    assert shop.opened(shop.key)["T1"] == ("xoxb-T1", "xoxe-T1")


def test_the_list_says_how_each_workspace_stands(shop: Shop) -> None:
    """What a name has in brackets is no markup; the revoked one comes with its end and what to do."""
    code, said = shop.tapeout("teams", "list")
    assert code == 0
    assert "Desk [T1]" in said
    assert "Install the app there again" in said
    code, said = shop.tapeout("teams", "list", "--json")
    assert {each["id"]: each["state"] for each in json.loads(said)} == {"T1": "active", "T2": "revoked"}
    assert "xoxb" not in said


def test_an_export_holds_one_workspace_and_no_token(shop: Shop) -> None:
    """Each line is a row of its own; another's question is in none, and no token is."""
    code, said = shop.tapeout("teams", "export", "T1")
    rows = [json.loads(line) for line in said.splitlines()]
    assert code == 0
    assert {row["table"] for row in rows} >= {"team", "channel", "question", "installation"}
    assert "A secret of T1?" in said
    assert "T2" not in said
    assert "token" not in {name for row in rows for name in row}


def test_a_deleted_workspace_is_gone_and_the_other_one_is_whole(shop: Shop) -> None:
    """It asks first; no means no. Afterwards no table has a row of it."""

    async def owners(connection: Any) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for table in metadata.sorted_tables:
            owner = table.c.id if table is team else table.c.get("team_id")
            if owner is not None:
                for team_id in (await connection.execute(sa.select(owner).distinct())).scalars():
                    found.setdefault(team_id, set()).add(table.name)
        return found

    before = shop.ask(owners)
    code, _ = shop.tapeout("teams", "delete", "T1", typed="n\n")
    assert (code != 0, shop.ask(owners)) == (True, before)
    code, said = shop.tapeout("teams", "delete", "T1", "--yes")
    assert (code, "Nothing of T1 is kept any more" in said) == (0, True)
    assert shop.ask(owners) == {"T2": before["T2"]}


@pytest.mark.parametrize("command", [("export",), ("delete", "--yes")])
def test_an_unknown_workspace_is_a_sentence(shop: Shop, command: tuple[str, ...]) -> None:
    """It says where the known ones are listed, and changes nothing."""
    code, said = shop.tapeout("teams", command[0], "T9", *command[1:])
    assert (code, "There is no workspace T9" in said, "teams list" in said) == (1, True, True)
