"""The scripted model server, and a client that waits for nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import pytest
from pydantic import SecretStr

from bot.writing.llm import ModelClient

from . import model_server

KEY = "sk-test-5f2a9c-do-not-show"


@pytest.fixture(scope="session")
def server() -> ModuleType:
    """The module with `ModelServer` and `Reply`."""
    return model_server


@pytest.fixture
def waits() -> list[float]:
    """What the client would have waited between tries, in seconds."""
    return []


@pytest.fixture
def client(waits: list[float]) -> Callable[..., Any]:
    """Make a client for a server's address; use it with `async with`."""

    @asynccontextmanager
    async def make(url: str, **options: Any) -> AsyncIterator[ModelClient]:
        async def wait(seconds: float) -> None:
            waits.append(seconds)

        model = ModelClient(model="scripted", api_key=SecretStr(KEY), base_url=url, sleep=wait, **options)
        try:
            yield model
        finally:
            await model.close()

    return make
