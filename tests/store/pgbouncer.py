"""PgBouncer as a transaction pooler, of the tests' own: started on a free port before a server, thrown away after."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

#: Few enough that clients share them, and taken in turn: whatever outlived a transaction would be another client's.
SERVER_CONNECTIONS = 3
START_S = 60.0


def program() -> str | None:
    """The pooler's program; None: not installed."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def pooler(found: str, server: str) -> Iterator[str]:
    """A running pooler in front of a server (its address without a database's name); yields its own address."""
    parts = urlsplit(server)
    # PgBouncer refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="tapeout-pool-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        config = Path(folder) / "pgbouncer.ini"
        config.write_text(
            f"""[databases]
* = host={parts.hostname} port={parts.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
server_round_robin = 1
max_client_conn = 100
""",
            encoding="utf-8",
        )
        (Path(folder) / "users").write_text(f'"{parts.username}" ""\n', encoding="utf-8")
        if user is not None:
            owner = pwd.getpwnam(user)
            for path in (folder, config, f"{folder}/users"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen([found, str(config)], stdout=log, stderr=log, user=user, cwd=folder)
        try:
            _wait_for(port, process, Path(folder, "log"))
            yield f"postgresql://{parts.username}@127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it listens."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PgBouncer did not start: {log.read_text(encoding='utf-8')}")
