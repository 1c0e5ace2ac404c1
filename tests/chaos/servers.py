"""Servers of the tests' own: PostgreSQL, and PgBouncer in front of it."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import NoReturn

import psycopg

from .children import ROOT


def _load(path: str) -> ModuleType:
    """A helper of other tests, by its path below `tests`."""
    name = f"chaos_{path.replace('/', '_')}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / f"{path}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def missing(component: str, package: str) -> NoReturn:
    """Skip with the reason on a newcomer's machine; fail in CI."""
    _load("conftest").missing(component, f"install the package {package}")
    raise AssertionError("either of them ends the test")


@contextlib.contextmanager
def postgres() -> Iterator[str | None]:
    """A server of our own; None where PostgreSQL is not installed."""
    helper = _load("store/postgres")
    programs = helper.binaries()
    if programs is None:
        yield None
        return
    with helper.server(programs) as address:
        yield address


@contextlib.contextmanager
def pooler(server: str) -> Iterator[str | None]:
    """A transaction pooler in front of a server; None where PgBouncer is not installed."""
    helper = _load("store/pgbouncer")
    program = helper.program()
    if program is None:
        yield None
        return
    with helper.pooler(program, server) as address:
        yield address


def database(server: str, name: str) -> str:
    """An empty database on the server; its address, for a role that row-level security holds for."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    return f"{server.replace('tapeout@', f'{name}@')}/{name}"
