from __future__ import annotations

import asyncio

from bot.app import Service
from bot.settings import load


async def test_a_process_without_loops_goes_on_until_it_is_stopped() -> None:
    """`tapeout web` has no loops that could end: it listens until somebody ends it."""
    service = Service(load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}), work=False)
    waiting = asyncio.create_task(service.wait())
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    assert not done
    waiting.cancel()
    await asyncio.wait({waiting})
