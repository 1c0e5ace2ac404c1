"""robots.txt (RFC 9309): what may be read of a host. Parsing is pure; the cache holds what was parsed.

Rules of the group that names us are used, else those of `*`. The longest matching path wins; Allow wins a tie.
A file that isn't there (4xx) allows everything; one that can't be read (5xx, 429, no answer) allows nothing for now.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, unquote, urlsplit

_MAX_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
_MAX_RULES = 5000
KEEP = timedelta(hours=24)
KEEP_FAILURE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that apply to us: (path pattern, allowed)."""

    rules: tuple[tuple[str, bool], ...] = ()

    def allow(self, url: str) -> bool:
        """Whether the address may be read."""
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        best = (-1, True)
        for pattern, allowed in self.rules:
            if len(pattern) >= best[0] and _matches(pattern, path):
                best = max(best, (len(pattern), allowed))
        return best[1]


ALLOW_ALL = Rules()
ALLOW_NONE = Rules((("/", False),))


def parse(body: bytes, token: str) -> Rules:
    """Read a robots.txt for the product token `token` (lower case, e.g. `tapeout`)."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    agents: list[str] = []
    in_rules = False
    count = 0
    for line in body[:_MAX_BYTES].decode("utf-8-sig", "replace").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            if in_rules:
                agents, in_rules = [], False
            match = re.match(r"[a-z_-]+|\*", value.lower())
            agents.append(match.group() if match else "")
            for agent in agents[-1:]:
                groups.setdefault(agent, [])
        elif name in {"allow", "disallow"}:
            in_rules = True
            count += 1
            if value and count <= _MAX_RULES:
                for agent in agents:
                    groups[agent].append((_normal(value), name == "allow"))
    return Rules(tuple(groups.get(token, groups.get("*", ()))))


def _normal(path: str) -> str:
    return quote(unquote(path), safe="!$&'()*+,;=:@/~-._?")


def _matches(pattern: str, path: str) -> bool:
    """Match with `*` and a final `$`, in time linear in both for each star."""
    anchored = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    if len(pieces) == 1:
        return not anchored or at == len(path)
    for piece in pieces[1:-1]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = pieces[-1]
    if anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0


class RobotsCache:
    """What was read of each host's robots.txt, for a day; the oldest of many are forgotten."""

    def __init__(self, size: int = 2000) -> None:
        self._size = size
        self._kept: OrderedDict[str, tuple[datetime, Rules]] = OrderedDict()

    def get(self, origin: str, now: datetime) -> Rules | None:
        """The rules of an origin (`https://host:port`), or None when they must be read anew."""
        kept = self._kept.get(origin)
        return kept[1] if kept is not None and now < kept[0] else None

    def put(self, origin: str, rules: Rules, until: datetime) -> None:
        """Keep an origin's rules."""
        self._kept[origin] = (until, rules)
        self._kept.move_to_end(origin)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
