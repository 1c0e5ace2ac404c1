"""Versions of feeds saved as files: a folder for each feed, or a folder for each day, or all in one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from bot.evaluation.replay.versions import MAX_BODY, HistoryError, Version, could_be_feed, newest_date, stamp

#: Where a version's time comes from: the best there is, or always its name, its file, or the dates in it.
Clock = Literal["auto", "name", "mtime", "content"]
#: Files copied or checked out at once have no times of their own.
_LEAST_SPREAD = timedelta(minutes=1)
#: Versions without any time are taken to be so far apart.
_STEP = timedelta(hours=1)
_IGNORED = frozenset(
    {".md", ".txt", ".log", ".csv", ".tsv", ".py", ".sh", ".yml", ".yaml", ".toml", ".ini", ".sha256", ".headers"}
    | {".db", ".sqlite", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".css", ".js", ".gz", ".zip", ".zst", ".lock"}
)


class FolderHistory:
    """The files under a folder.

    A file's feed is the folder it lies in. Where that folder's name is a date, the feed is the file's name. Files that
    lie in the top folder are one feed, or one for each name that is left when the date is taken out.

    Args:
        path: the folder.
        clock: where a version's time comes from; `auto` takes a date in its name, else the file's time where the
            files of a feed have such in the order of their names, else the newest date in the feed itself.

    Raises:
        HistoryError: there are no files.
    """

    def __init__(self, path: Path, clock: Clock = "auto") -> None:
        self._root = path
        self._clock = clock
        self.done = 0
        self._feeds: dict[str, list[Path]] = {}
        for file in sorted(_files(path), key=lambda file: _natural(file.relative_to(path).as_posix())):
            self._feeds.setdefault(self._feed(file), []).append(file)
        if not self._feeds:
            raise HistoryError(f"There are no saved feeds in {path}.")

    def size(self) -> int:
        """How many files there are."""
        return sum(len(files) for files in self._feeds.values())

    def versions(self) -> Iterator[Version]:
        """The versions, feed after feed."""
        for feed, files in sorted(self._feeds.items()):
            yield from self._of(feed, files)

    def _feed(self, file: Path) -> str:
        folder = file.parent.relative_to(self._root)
        dated = [part for part in folder.parts if stamp(part) is not None]
        if dated:
            rest = [part for part in folder.parts if stamp(part) is None]
            return "/".join((*rest, file.name))
        if folder.parts:
            return folder.as_posix()
        named = stamp(file.stem)
        return (named[1] if named is not None else "") or self._root.resolve().name

    def _of(self, feed: str, files: Sequence[Path]) -> Iterator[Version]:
        named = [self._named(file) for file in files]
        clock = self._clock
        if clock == "auto":
            clock = "name" if all(named) else "mtime" if _have_times(files) else "content"
        order = (
            sorted(range(len(files)), key=lambda at: (named[at] or _OLD, at)) if clock == "name" else range(len(files))
        )
        last: datetime | None = None
        for at in order:
            file = files[at]
            self.done += 1
            body = _body(file)
            if body is not None and not could_be_feed(body):
                continue
            if clock == "name":
                moment = named[at]
            elif clock == "mtime":
                moment = _modified(file)
            else:
                moment = newest_date(body) if body is not None else None
            if moment is None:
                moment = last + _STEP if last is not None else _modified(file)
            last = max(moment, last) if last is not None else moment  # time does not run backwards
            yield Version(feed, last, file.relative_to(self._root).as_posix(), body)

    def _named(self, file: Path) -> datetime | None:
        """The time in a file's name, else in a folder's; a day's folder and a file's hour are not put together."""
        for part in (file.stem, *reversed(file.parent.relative_to(self._root).parts)):
            found = stamp(part)
            if found is not None:
                return found[0]
        return None


_OLD = datetime(1970, 1, 1, tzinfo=UTC)


def _files(path: Path) -> Iterator[Path]:
    try:
        for file in path.rglob("*"):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if not hidden and file.suffix.lower() not in _IGNORED and file.is_file():
                yield file
    except OSError as error:
        raise HistoryError(f"{path} cannot be read ({error.strerror}).") from None


def _natural(name: str) -> list[tuple[int, str]]:
    """An order in which 9 comes before 10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _modified(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _have_times(files: Sequence[Path]) -> bool:
    """Whether the files' own times say when they were saved: in the order of their names, and not all at once."""
    times = [_modified(file) for file in files]
    in_order = all(later >= earlier for earlier, later in itertools.pairwise(times))
    return in_order and times[-1] - times[0] >= _LEAST_SPREAD * (len(times) - 1) and len(times) > 1


def _body(file: Path) -> bytes | None:
    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_BODY + 1)
    except OSError as error:
        raise HistoryError(f"{file.name} cannot be read ({error.strerror}).") from None
    return body if len(body) <= MAX_BODY else None
