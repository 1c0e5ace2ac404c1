"""How far the shelf has come, kept in a small file so that a second start goes on where the first stopped."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

VERSION = 1


class ProgressError(ValueError):
    """The file that remembers how far the shelf has come cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the shelf has come.

    Attributes:
        elapsed: shelf time since the first start; it stands still while the shelf is stopped.
        released: when each edition came out, by its key (see `bot.shelf.timeline.edition_key`).
    """

    elapsed: timedelta = timedelta(0)
    released: Mapping[str, datetime] = field(default_factory=dict)


def load_progress(path: Path) -> Progress | None:
    """Read the file; None where there is none yet.

    Raises:
        ProgressError: the file is not one that `save_progress` wrote.
    """
    try:
        return _progress(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProgressError(f"{path} can't be read ({error}). Delete it to begin the sample feeds anew.") from error


def _progress(stored: Mapping[str, Any]) -> Progress:
    if stored["version"] != VERSION:
        raise ValueError(f"it is of version {stored['version']}, not {VERSION}")
    released = {str(key): datetime.fromisoformat(stamp) for key, stamp in stored["released"].items()}
    if any(stamp.tzinfo is None for stamp in released.values()):
        raise ValueError("a time in it has no zone")
    return Progress(timedelta(seconds=float(stored["elapsed_seconds"])), released)


def save_progress(path: Path, progress: Progress) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {
        "version": VERSION,
        "elapsed_seconds": progress.elapsed.total_seconds(),
        "released": {key: stamp.isoformat() for key, stamp in progress.released.items()},
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(stored, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
