"""The container's health check, run as a container runs it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from aiohttp import web

SCRIPT = Path(__file__).parents[3] / "deploy" / "healthy.py"


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (None, 1)])
async def test_it_leaves_with_what_healthz_says(status: int | None, code: int) -> None:
    """0 for an answer, 1 for an error and for nobody there."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status or 200)

    app = web.Application()
    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    if status is None:
        await runner.cleanup()
    process = await asyncio.create_subprocess_exec(sys.executable, SCRIPT, env={**os.environ, "PORT": str(port)})
    assert await process.wait() == code
    await runner.cleanup()
