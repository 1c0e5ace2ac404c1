"""Is a feed elsewhere for good? A permanent redirect is believed when it was seen at every poll for some days. Pure.

Servers send a 301 by mistake, during maintenance, or to a login page. 302, 303 and 307 are never believed, and in a
mixed chain only the leading run of 301 and 308 is (`Fetched.permanent_url`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.feeds.identity import Known

WAIT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Move:
    """What to do about a feed's address.

    Attributes:
        action: `stay` (nothing to note), `watch` (store `moved_to` and `seen_at`) or `follow` (make `moved_to` the
        address; merge
            where it is watched already).
        moved_to: the address it redirects to.
        seen_at: since when it was seen to.
        sentence: what is the matter, empty for `stay`.
    """

    action: Literal["stay", "watch", "follow"]
    moved_to: str | None = None
    seen_at: datetime | None = None
    sentence: str = ""


def judge(
    *,
    url: str,
    moved_to: str | None,
    moved_seen_at: datetime | None,
    permanent_url: str | None,
    now: datetime,
    wait: timedelta = WAIT,
) -> Move:
    """Decide after a poll that got an answer (one that failed proves nothing: don't ask).

    Args:
        url: the feed's address.
        moved_to: what was stored after the poll before.
        moved_seen_at: since when.
        permanent_url: where the leading permanent redirects ended this time, or None.
        now: when.
        wait: how long it must have been seen, at every poll and to the same target.
    """
    if permanent_url is None or permanent_url == url:
        return Move("stay")
    if moved_to != permanent_url or moved_seen_at is None:
        return Move(
            "watch", permanent_url, now, f"It redirects to {permanent_url} for good; this is followed if it lasts."
        )
    if now - moved_seen_at < wait:
        return Move(
            "watch",
            permanent_url,
            moved_seen_at,
            f"It redirects to {permanent_url} for good; this is followed if it lasts.",
        )
    return Move(
        "follow", permanent_url, moved_seen_at, f"It has moved to {permanent_url} and is read there from now on."
    )


def merged(target: Iterable[Known], source: Iterable[Known]) -> tuple[Known, ...]:
    """What is known once a feed has become another that is watched already: all of both, so nothing is posted again."""
    kept = {one.identity: one for one in target}
    for one in source:
        identity = one.identity
        if identity in kept and kept[identity].url == one.url and kept[identity].title_key == one.title_key:
            continue
        if identity in kept:
            identity = f"moved:{identity}"
        kept[identity] = Known(
            identity,
            one.guid,
            one.url,
            one.title_key,
            one.published_at,
            one.content_hash,
            one.first_seen_at,
            one.updated_at,
        )
    return tuple(kept.values())
