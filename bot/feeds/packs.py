"""The shipped list of feeds, in packs: each of its folders subscribes a channel to many feeds at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from bot.errors import NotFoundError
from bot.feeds import opml
from bot.feeds.opml import OpmlEntry

SHIPPED = Path(__file__).parent / "shipped.opml"


@dataclass(frozen=True, slots=True)
class Pack:
    """Feeds that belong together."""

    name: str
    entries: tuple[OpmlEntry, ...]


@cache
def packs() -> tuple[Pack, ...]:
    """What ships, in the order of the list; read once."""
    entries = opml.read(SHIPPED.read_bytes()).entries
    return tuple(Pack(name, tuple(group)) for name, group in groupby(entries, key=lambda entry: entry.folder))


def shipped_feeds() -> tuple[tuple[str, str, str], ...]:
    """(address, title, publisher) of every shipped feed: what `--live` watches from the start."""
    return tuple((entry.url, entry.title, entry.title) for pack in packs() for entry in pack.entries)


def pack_named(text: str) -> Pack:
    """The pack that someone means: its number, or words of its name.

    Raises:
        NotFoundError: none or several match, with those that there are.
    """
    wanted, known = " ".join(text.split()).casefold(), packs()
    if wanted.isdecimal() and 1 <= int(wanted) <= len(known):
        return known[int(wanted) - 1]
    exact = [pack for pack in known if pack.name.casefold() == wanted]
    matches = exact or [pack for pack in known if wanted and wanted in pack.name.casefold()]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(f"“{pack.name}”" for pack in (matches or known))
    begin = f"Several packs match “{text}”" if matches else f"No pack is called “{text}”. There are"
    raise NotFoundError(f"{begin}: {names}.")
