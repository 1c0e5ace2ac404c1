"""Where the real model is: `TAPEOUT_TEST_LLM_URL` (up to `/v1`) and, if needed, `TAPEOUT_TEST_LLM_MODEL`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from bot.writing.llm import ModelClient


@pytest.fixture
async def model() -> AsyncIterator[ModelClient]:
    """A client for the real model; the test is skipped where none is named."""
    url = os.environ.get("TAPEOUT_TEST_LLM_URL")
    if not url:
        pytest.skip("TAPEOUT_TEST_LLM_URL names no model")
    client = ModelClient(model=os.environ.get("TAPEOUT_TEST_LLM_MODEL", "local"), base_url=url, timeout_s=300.0)
    try:
        yield client
    finally:
        await client.close()
