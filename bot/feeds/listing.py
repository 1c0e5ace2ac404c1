"""Lists of feeds as people type them: an address a line. Pure; bad lines are named as those of OPML are."""

from __future__ import annotations

from bot.feeds.opml import MAX_ENTRIES, OpmlEntry, OpmlProblem, OpmlResult
from bot.feeds.plain import one_line
from bot.feeds.sites import with_scheme
from bot.feeds.urls import canonical_url, host_of, resolve

_MAX_PROBLEMS = 500
_AROUND = "<>,;\"'()[]"


def read(text: str) -> OpmlResult:
    """Read a list. Other words on an address's line are passed over; a line that begins with `#` is a comment."""
    entries: dict[str, OpmlEntry] = {}
    lines: dict[str, int] = {}
    problems: list[OpmlProblem] = []
    for number, line in enumerate(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        found = [url for word in words if (url := _address(word)) is not None]
        if not found:
            problems.append(OpmlProblem(number, f"“{one_line(line)[:100]}” is not an address that can be read."))
        for url in found:
            key = canonical_url(url)
            if key in entries:
                problems.append(OpmlProblem(number, f"{url[:200]} is in the list already, in line {lines[key]}."))
            elif len(entries) < MAX_ENTRIES:
                entries[key], lines[key] = OpmlEntry(url), number
    if not entries and not problems:
        problems = [OpmlProblem(1, "The list holds no feeds.")]
    return OpmlResult(tuple(entries.values()), tuple(problems[:_MAX_PROBLEMS]))


def _address(word: str) -> str | None:
    """The address that a word is; a word without a dot in its host is none."""
    bare = word.strip(_AROUND)
    if "." not in bare:
        return None
    url = resolve(None, with_scheme(bare))
    return url if url is not None and "." in host_of(url).strip(".") else None
