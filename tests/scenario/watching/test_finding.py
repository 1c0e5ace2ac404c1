"""From a site's front page to its feed, by the command in Slack and on the command line, on the sample publishers."""

from __future__ import annotations

import asyncio
import functools
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.feeds import opml
from tests.scenario.path.conftest import Path1, running


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path1]:
    """The whole bot at work on the sample feeds."""
    async with running(tmp_path) as parts:
        yield parts


def _said(path: Path1) -> str:
    return json.dumps(path.workspace.ephemerals("ada"), ensure_ascii=False)


def _has_said(path: Path1, words: str) -> bool:
    return words in _said(path)


async def test_the_command_finds_the_feed_of_every_front_page(path: Path1) -> None:
    """`/tapeout add` with a publisher's front page puts its feed into the channel, whichever way the page names it."""
    for feed in path.shelf.feeds:
        front = _front_of(feed.url, path.shelf.url)
        await path.workspace.command("ada", "ai-infrastructure", f"/tapeout add {front} now")
        await path.wait(functools.partial(_has_said, path, feed.publisher.replace("&", "&amp;")))
    assert "No feed was found" not in _said(path)


def _front_of(feed: str, shelf: str) -> str:
    """A publisher's front page: the first part of its feed's path, two parts where the site lives deeper."""
    parts = feed.removeprefix(shelf + "/").split("/")
    deep = parts[:2] in (["norrland", "newsroom"], ["halden", "blog"])
    return f"{shelf}/{'/'.join(parts[: 2 if deep else 1])}/"


async def test_operators_look_add_list_ask_why_and_take_lists_in_and_out(
    path: Path1, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command runs as its own process beside the running bot, on the same store."""
    await path.wait(lambda: len(path.posts()) >= 2)
    environ = {
        "TAPEOUT_DATA_DIR": str(path.settings.data_dir),
        "TAPEOUT_ALLOWED_HOSTS": path.shelf.url.removeprefix("http://"),
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = json.loads(await _tapeout("feeds", "check", f"{path.shelf.url}/wire/", "--json"))
    assert [item["publisher"] for item in found] == ["Meridian Wire"]
    assert found[0]["latest"]
    listed = json.loads(await _tapeout("feeds", "list", "--json"))
    assert {row["state"] for row in listed} <= {"new", "fresh"}
    assert all(row["advice"].endswith(".") for row in listed)
    assert "no longer in #ai-infrastructure" in await _tapeout("feeds", "remove", "Meridian Wire")
    assert "is now in #ai-infrastructure" in await _tapeout("feeds", "add", f"{path.shelf.url}/wire/")
    (read,) = json.loads(await _tapeout("feeds", "refresh", "Meridian Wire", "--json"))
    assert read["outcome"] in {"not_modified", "unchanged", "new", "busy"}
    written = await _tapeout("feeds", "export")
    assert len(opml.read(written.encode()).entries) == len(listed)
    list_file = tmp_path / "list.opml"
    list_file.write_text(written.replace("</body>", '<outline type="rss" xmlUrl=""/></body>'), encoding="utf-8")
    report = json.loads(await _tapeout("feeds", "import", str(list_file), "--json"))
    assert (report["added"], report["existed"], len(report["problems"])) == (0, len(listed), 1)
    trails = json.loads(await _tapeout("why", f"{path.shelf.url}/rackpost/harrow-flats-campus", "--json"))
    assert trails[0]["channels"][0]["channel"]["name"] == "ai-infrastructure"
    assert "Error: No feed has brought" in await _tapeout("why", f"{path.shelf.url}/wire/nothing", fails=True)


async def test_operators_choose_when_a_channels_news_comes(path: Path1, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words as in Slack, a preview, and the nearest word for a mistyped one."""
    await path.wait(lambda: len(path.posts()) >= 1)
    monkeypatch.setenv("TAPEOUT_DATA_DIR", str(path.settings.data_dir))
    chosen = json.loads(await _tapeout("digest", "weekdays", "8:30", "Europe/Berlin", "--json"))
    assert (chosen["rhythm"]["zone"], chosen["rhythm"]["at"]) == ("Europe/Berlin", ["08:30:00"])
    assert "in a digest on weekdays at 08:30" in await _tapeout("digest", "--channel", "ai-infrastructure")
    assert "Digest of #ai-infrastructure" in await _tapeout("digest", "now")
    assert "Did you mean `daily`?" in await _tapeout("digest", "dialy", fails=True)


async def test_operators_pause_see_who_changed_what_and_take_it_back(
    path: Path1, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trail has the operator's change with its number; taken back once, and not twice."""
    await path.wait(lambda: len(path.posts()) >= 1)
    monkeypatch.setenv("TAPEOUT_DATA_DIR", str(path.settings.data_dir))
    assert "Paused #ai-infrastructure" in await _tapeout("channels", "pause")
    (row,) = json.loads(await _tapeout("channels", "list", "--json"))
    assert (row["channel"], row["state"], row["rhythm"]) == ("ai-infrastructure", "paused", "as it happens")
    assert row["feeds"] == len(path.shelf.feeds)
    newest = json.loads(await _tapeout("audit", "--json"))[0]
    assert (newest["action"], newest["actor"]) == ("pause", "command line")
    assert "Taken back: pause" in await _tapeout("audit", "--undo", str(newest["id"]))
    assert "taken back already" in await _tapeout("audit", "--undo", str(newest["id"]), fails=True)
    assert "active" in await _tapeout("channels", "list")


async def test_bash_completes_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell asks for half a word, as the script of `--show-completion` does."""
    for name, value in {
        "_TAPEOUT_COMPLETE": "complete_bash",
        "COMP_WORDS": "tapeout channels re",
        "COMP_CWORD": "2",
    }.items():
        monkeypatch.setenv(name, value)
    assert (await _tapeout()).split() == ["resume"]


async def _tapeout(*arguments: str, fails: bool = False) -> Any:
    """What the command prints; where it fails, what it says on standard error."""
    program = "import sys; from bot.cli import main; sys.argv[0] = 'tapeout'; main()"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, *arguments, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    assert (process.returncode == 1) is fails, err.decode()
    return (err if fails else out).decode()
