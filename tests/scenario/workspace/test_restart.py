"""What the workspace holds when it comes back, also after a sudden death."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from bot.workspace import Workspace

CHANNEL = "ai-infrastructure"
HOME = {"type": "home", "blocks": [{"type": "divider"}]}
POSTER = """
import asyncio, json, sys
from pathlib import Path
import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from bot.workspace import Workspace

async def main():
    workspace = Workspace(json.loads(sys.argv[1]), state_path=Path(sys.argv[2]))
    await workspace.start()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url, session=session)
        while True:
            posted = await client.chat_postMessage(channel=workspace.channel_id("ai-infrastructure"), text="post")
            print(posted["ts"], flush=True)

asyncio.run(main())
"""


async def settled(workspace: Workspace) -> None:
    """Returns once the app has acknowledged every event."""
    await workspace.wait_for(lambda: workspace.unsettled_events == 0)


async def test_everything_comes_back(manifest: dict[str, Any], tmp_path: Path, connect_bot: Any) -> None:
    """Messages with metadata, threads, Home, members, new channels, tokens and ids are the same after a restart."""
    path = tmp_path / "workspace.db"
    first = Workspace(manifest, state_path=path)
    await first.start()
    bot = await connect_bot(first)
    root = await first.send("ada", CHANNEL, "root")
    metadata = {"event_type": "x", "event_payload": {"id": 1}}
    await bot.client.chat_postMessage(channel=first.channel_id(CHANNEL), text="re", thread_ts=root, metadata=metadata)
    await bot.client.views_publish(user_id=first.user_id("ada"), view=HOME)
    await first.create_channel("ben", "new-channel")
    await first.invite_bot("ben", "new-channel")
    await first.wait_for(lambda: first.unsettled_events == 0)
    before = (first.thread(CHANNEL, root), first.home("ada"), first.bot_token, first.channel_id("new-channel"))
    seen = {body["event_id"] for body in bot.bodies}
    await bot.close()
    await first.stop()

    second = Workspace(manifest, state_path=path)
    await second.start()
    after = (second.thread(CHANNEL, root), second.home("ada"), second.bot_token, second.channel_id("new-channel"))
    assert after == before
    bot = await connect_bot(second)
    assert await second.send("ben", "new-channel", "again") > before[0][-1]["ts"]
    await second.wait_for(lambda: bot.events)
    assert not seen & {body["event_id"] for body in bot.bodies}
    await bot.close()
    await second.stop()


async def test_an_event_that_nobody_took_comes_after_the_restart(
    manifest: dict[str, Any], tmp_path: Path, connect_bot: Any
) -> None:
    """An event with no app to take it is delivered by the next process, once."""
    path = tmp_path / "workspace.db"
    first = Workspace(manifest, state_path=path)
    await first.start()
    await first.send("ada", CHANNEL, "is anyone there?")
    await first.stop()
    for expected in (["is anyone there?"], []):
        later = Workspace(manifest, state_path=path)
        await later.start()
        bot = await connect_bot(later)
        await settled(later)
        assert [event["text"] for event in bot.of("message")] == expected
        await bot.close()
        await later.stop()


async def test_every_accepted_message_survives_kill_9(manifest: dict[str, Any], tmp_path: Path) -> None:
    """Each post that the client saw accepted is there after the process was killed in the middle of posting."""
    path = tmp_path / "workspace.db"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", POSTER, json.dumps(manifest), str(path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    accepted = [(await process.stdout.readline()).decode().strip() for _ in range(40)]
    process.send_signal(signal.SIGKILL)
    rest = (await process.stdout.read()).decode().split("\n")
    accepted += [line for line in rest[:-1] if line]
    await process.wait()

    workspace = Workspace(manifest, state_path=path)
    await workspace.start()
    stored = [message["ts"] for message in workspace.messages(CHANNEL)]
    assert set(accepted) <= set(stored)
    assert len(stored) - len(accepted) <= 1
    assert await workspace.send("ada", CHANNEL, "next") > stored[-1]
    await workspace.stop()
