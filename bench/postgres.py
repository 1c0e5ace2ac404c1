"""A throw-away PostgreSQL, started by the helper of the tests, for a role that row-level security holds for."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import psycopg

from bench.measure import children
from bench.processes import ROOT, cpu_of

MISSING = "PostgreSQL is not installed here, so it was not measured."


@dataclass(frozen=True, slots=True)
class Server:
    """A running server with one empty database at a time.

    Attributes:
        url: of the database, `postgresql://…`.
        pid: of the process that all connections' processes belong to.
    """

    url: str
    pid: int
    _superuser: str

    @property
    def sqlalchemy_url(self) -> str:
        """The same for SQLAlchemy."""
        return self.url.replace("postgresql:", "postgresql+psycopg:")

    def cpu_s(self) -> float:
        """Seconds of processor that the server has used, its connections' processes included."""
        return cpu_of(self.pid) + sum(map(cpu_of, children(self.pid)))

    def empty(self) -> None:
        """Throw the database away and make it anew; nobody may be connected."""
        name = self.url.rpartition("/")[2]
        with psycopg.connect(f"{self._superuser}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} OWNER {name}")


@contextlib.contextmanager
def database() -> Iterator[Server | None]:
    """A server with an empty database; None: PostgreSQL is not installed."""
    helper = _load_helper()
    programs = helper.binaries()
    if programs is None:
        yield None
        return
    with helper.server(programs) as address:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE ROLE bench LOGIN")
            connection.execute("CREATE DATABASE bench OWNER bench")
            postmaster = _parent(connection.info.backend_pid)
        yield Server(f"{address.replace('tapeout@', 'bench@')}/bench", postmaster, address)


def _parent(pid: int) -> int:
    """The process that started this one; 0 where the system has no /proc."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    return 0


def _load_helper() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tests_store_postgres", ROOT / "tests" / "store" / "postgres.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
