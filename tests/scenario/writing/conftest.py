"""The scripted model server, and a client that waits for nothing."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import SecretStr

from bot.writing.llm import ModelClient

KEY = "sk-test-5f2a9c-do-not-show"


def _by_path(name: str) -> ModuleType:
    """A module beside this file, loaded by its path: test folders are not packages."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def server() -> ModuleType:
    """The module with `ModelServer` and `Reply`."""
    return _by_path("model_server")


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
