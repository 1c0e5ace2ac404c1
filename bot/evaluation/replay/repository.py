"""Versions of feeds in a git repository: every commit that changed one of its feed files. Git is only read.

Two processes: `git log --raw` tells which contents each commit brought, `git cat-file --batch` gives them. Both are
streamed, so that a history of any length takes no more memory than one version of each feed.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

from bot.evaluation.replay.versions import MAX_BODY, HistoryError, Version, is_feed

#: Which files may be feeds; those whose first version isn't one are passed over.
GLOBS = ("*.xml", "*.rss", "*.atom", "*.rdf", "*.feed", "*.json", "*.rss2", "*.jsonfeed")
_CHUNK = 1 << 16
#: A repository's own configuration must start no programs, and nothing may be fetched or written.
_CONFIG = (
    "safe.directory=*",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "log.showSignature=false",
    "diff.external=",
    "protocol.allow=never",
)
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
}
_HEADER = b"\x01"


def is_repository(path: Path) -> bool:
    """Whether a folder is a git repository itself: a work tree, or a bare one."""
    return (path / ".git").exists() or all((path / name).exists() for name in ("HEAD", "objects", "refs"))


class RepositoryHistory:
    """The feed files of a repository, commit by commit along the first parents.

    Args:
        path: the repository.
        globs: which files to look at, as git's pathspecs.

    Raises:
        HistoryError: git is not installed.
    """

    def __init__(self, path: Path, globs: Sequence[str] = GLOBS) -> None:
        git = shutil.which("git")
        if git is None:
            raise HistoryError("Git is not installed, so a repository's history cannot be read.")
        settings = [part for setting in _CONFIG for part in ("-c", setting)]
        self._git = [git, "--no-pager", *settings, "-C", str(path)]
        self._globs = tuple(globs)
        self.done = 0

    def size(self) -> int:
        """How many commits there are."""
        done = subprocess.run(  # noqa: S603  # no shell, our own words
            [*self._git, "rev-list", "--count", "--first-parent", "HEAD"],
            capture_output=True,
            env=_ENVIRONMENT,
            check=False,
        )
        if done.returncode:
            raise HistoryError(f"Git cannot read this repository: {_said(done.stderr)}")
        return int(done.stdout)

    def versions(self) -> Iterator[Version]:
        """The versions in the order of the commits."""
        with contextlib.ExitStack() as stack:
            contents = stack.enter_context(_Contents(self._git))
            names: dict[str, str | None] = {}  # path → feed; None: that path holds no feed
            last: datetime | None = None
            for commit, at, old, path, blob in stack.enter_context(contextlib.closing(self._changes())):
                last = max(at, last) if last is not None else at  # time does not run backwards
                if old is not None and old in names:
                    names[path] = names.pop(old)
                if path in names and names[path] is None:
                    continue
                body = contents.get(blob)
                if path not in names:
                    names[path] = path if body is not None and is_feed(body) else None
                feed = names[path]
                if feed is not None:
                    yield Version(feed, last, f"{commit[:10]} {path}", body)

    def _changes(self) -> Generator[tuple[str, datetime, str | None, str, str]]:
        """(commit, time, earlier path where it was renamed, path, content's name) of each change, oldest first."""
        arguments = [
            *self._git, "log", "--first-parent", "-m", "--reverse", "--raw", "-z", "--no-abbrev", "-M",
            "--diff-filter=AMRCT", "--no-ext-diff", "--no-textconv", "--format=%x01%H %at", "HEAD", "--", *self._globs,
        ]  # fmt: skip
        with _running(arguments) as output:
            commit, at = "", datetime.fromtimestamp(0, UTC)
            tokens = _tokens(output)
            for token in tokens:
                text = token.lstrip(b"\n")
                if text.startswith(_HEADER):
                    self.done += 1
                    head, _, rest = text[1:].partition(b"\n")
                    commit, _, seconds = head.decode().partition(" ")
                    at = datetime.fromtimestamp(int(seconds), UTC)
                    text = rest.lstrip(b"\n")
                if not text.startswith(b":"):
                    continue
                _, mode, _, blob, status = text.decode().split(" ")
                old = _path(next(tokens)) if status[0] in "RC" else None
                path = _path(next(tokens))
                if mode.startswith("100"):  # a file, no link and no submodule
                    yield commit, at, old if status[0] == "R" else None, path, blob


def _path(token: bytes) -> str:
    return token.decode("utf-8", "replace")


def _tokens(output: IO[bytes]) -> Iterator[bytes]:
    """What stands between zero bytes."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\x00")
        yield from whole
    if rest.strip():
        yield rest


@contextlib.contextmanager
def _running(arguments: Sequence[str]) -> Iterator[IO[bytes]]:
    """A git process' output; it is stopped when nobody reads it any more.

    Raises:
        HistoryError: git failed.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  # no shell, our own words
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=_ENVIRONMENT
        )
        assert process.stdout is not None
        with process:
            try:
                yield process.stdout
            except BaseException:
                process.kill()
                raise
            if process.wait():
                errors.seek(0)
                raise HistoryError(f"Git cannot read this repository: {_said(errors.read())}")


def _said(errors: bytes) -> str:
    lines = [line for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    return (lines[0] if lines else "it gives no reason").removeprefix("fatal: ")


class _Contents:
    """`git cat-file --batch`: contents by their names."""

    def __init__(self, git: Sequence[str]) -> None:
        self._arguments = [*git, "cat-file", "--batch"]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603  # no shell, our own words
            self._arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def get(self, blob: str) -> bytes | None:
        """A content; None where it is larger than the bot would read, or missing from a partial clone."""
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None
        assert sink is not None
        try:
            sink.write(f"{blob}\n".encode())
            sink.flush()
        except OSError:
            raise HistoryError("Git stopped while its contents were being read.") from None
        head = source.readline().split()
        if len(head) != 3:  # noqa: PLR2004  # "<name> missing"
            return None
        size = int(head[2])
        if size <= MAX_BODY:
            return source.read(size + 1)[:-1]  # a newline ends it
        left = size + 1
        while left and (chunk := source.read(min(_CHUNK, left))):
            left -= len(chunk)
        return None
