"""A PostgreSQL server of the tests' own: started from the installed binaries on a free port, thrown away after."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

#: Where distributions put the server's programs, besides PATH.
FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt/postgresql")


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest version first; None: not installed."""
    found = [path for folder in FOLDERS for path in Path(folder).glob("*/bin") if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()])
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextlib.contextmanager
def server(programs: Path) -> Iterator[str]:
    """A running server; yields its address without a database's name."""
    # PostgreSQL refuses to run as root: then it runs as the user that its package made.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="tapeout-pg-") as folder:
        if user is not None:
            owner = pwd.getpwnam(user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = f"{folder}/data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]

        def run(*command: str) -> None:
            subprocess.run(command, check=True, capture_output=True, user=user, cwd=folder, env={"LC_ALL": "C.UTF-8"})

        run(str(programs / "initdb"), "-D", data, "-U", "tapeout", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        control = str(programs / "pg_ctl")
        run(control, "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://tapeout@127.0.0.1:{port}"
        finally:
            run(control, "-D", data, "-w", "-m", "immediate", "stop")
