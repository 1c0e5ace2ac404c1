"""When to ask a feed again: its own rhythm, within what the publisher allows. Pure.

```
rhythm of its items ─► floor, ceiling ─► not before max-age, Expires, ttl, sy:* ─► jitter ─► not in skipHours, skipDays
an error ─► growing back-off          ─► not before Retry-After, max-age       ─► jitter ─► the same
```
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from bot.feeds.headers import HeaderHints
from bot.feeds.items import FeedHints
from bot.feeds.outcome import REFUSED, PollOutcome

_SHARE = 6.0  # ask six times in the time between two items: an item is found a twelfth of a gap late on average
_UNKNOWN_S = 3600.0  # no rhythm known yet
_LOOKED_AT = 20  # items whose gaps make the rhythm
_REFUSED_S = 900.0  # first back-off when the publisher refuses us without saying for how long
_LONGEST_WAIT_S = 7 * 86_400.0  # Retry-After is obeyed up to a week
_JITTER = 0.1  # spread of a regular poll, as a share of its interval; always later, never earlier
_ERROR_JITTER = 0.5
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to poll next; None: not any more (410), until someone asks for it. `reason` is a sentence."""

    next_poll_at: datetime | None
    reason: str


def schedule(
    *,
    now: datetime,
    last: PollOutcome,
    recent_item_times: Sequence[datetime] = (),
    hints: FeedHints = FeedHints(),  # noqa: B008 - frozen
    headers: HeaderHints = HeaderHints(),  # noqa: B008 - frozen
    error_count: int = 0,
    floor_s: float = 300.0,
    ceiling_s: float = 86_400.0,
    jitter: float = 0.0,
) -> Schedule:
    """Decide when a feed is polled next.

    Args:
        now: when the last poll ended.
        last: what came of it.
        recent_item_times: when its newest items were published.
        hints: what the feed says about its rhythm.
        headers: what the last answer's headers say.
        error_count: failed polls in a row, the last one included.
        floor_s: never sooner than this.
        ceiling_s: never later than this, unless Retry-After asks for more.
        jitter: a random number in [0, 1), so that feeds don't all come at once.
    """
    if last.kind == "error":
        if last.error_kind == "gone":
            return Schedule(None, "The publisher says that it is gone for good (410).")
        wait, why = _after_error(last, headers, error_count, floor_s=floor_s, ceiling_s=ceiling_s, jitter=jitter)
    else:
        wait, why = _rhythm(now, recent_item_times)
        wait = min(max(wait, floor_s), ceiling_s)
        for asked, reason in _asked_for(now, hints, headers):
            if asked > wait:
                wait, why = min(asked, ceiling_s), reason
        wait = min(wait * (1 + _JITTER * jitter), max(wait, ceiling_s))
    moment = now + timedelta(seconds=wait)
    allowed = _outside_skipped(moment, hints, jitter)
    if allowed != moment:
        why = "The feed asks not to be read at some hours or days (skipHours, skipDays)."
    return Schedule(allowed, why)


def _rhythm(now: datetime, times: Sequence[datetime]) -> tuple[float, str]:
    recent = sorted((time for time in times if time <= now), reverse=True)[:_LOOKED_AT]
    if len(recent) < 2:  # noqa: PLR2004 - a gap needs two
        return _UNKNOWN_S, "Its rhythm is not known yet."
    # Items of one moment are one batch: their gaps say nothing about when the next one comes.
    gaps = [gap for later, earlier in pairwise(recent) if (gap := (later - earlier).total_seconds()) > 60]  # noqa: PLR2004
    if not gaps:
        return _UNKNOWN_S, "Its items all have one date, so its rhythm is not known."
    gap = max(median(gaps), (now - recent[0]).total_seconds() / 2)
    return gap / _SHARE, f"It brings an item about every {_spell(gap)}."


def _asked_for(now: datetime, hints: FeedHints, headers: HeaderHints) -> list[tuple[float, str]]:
    """What the publisher asks for, in seconds. Expires counts only where there is no max-age."""
    asked = []
    if headers.retry_after_s:
        asked.append((headers.retry_after_s, "The server asked us to wait (Retry-After)."))
    if headers.max_age_s is not None:
        asked.append((headers.max_age_s, "The server says that its answer stays good (max-age)."))
    elif headers.expires_at is not None:
        asked.append(
            ((headers.expires_at - now).total_seconds(), "The server says until when its answer stays good (Expires).")
        )
    if hints.ttl_s is not None:
        asked.append((hints.ttl_s, "The feed says how long it stays good (ttl)."))
    if hints.update_period_s is not None:
        asked.append((hints.update_period_s, "The feed says how often it is updated (sy:updatePeriod)."))
    return asked


def _after_error(
    last: PollOutcome, headers: HeaderHints, error_count: int, *, floor_s: float, ceiling_s: float, jitter: float
) -> tuple[float, str]:
    told = last.retry_after_s if last.retry_after_s is not None else headers.retry_after_s
    if told is None:
        told = last.headers.retry_after_s
    fresh = headers.max_age_s if headers.max_age_s is not None else last.headers.max_age_s
    least = max(floor_s, fresh or 0.0)
    if told is not None:
        wait = min(max(told, least), _LONGEST_WAIT_S)
        return wait * (1 + _JITTER * jitter), "The server asked us to wait (Retry-After)."
    first = max(floor_s, _REFUSED_S) if last.error_kind in REFUSED else floor_s
    doubled = first * 2.0 ** min(max(error_count, 1) - 1, 16)
    wait = min(max(doubled * (1 + _ERROR_JITTER * jitter), least), ceiling_s)
    return wait, f"It failed {_times(error_count)}, so it is asked less often until it answers."


def _outside_skipped(moment: datetime, hints: FeedHints, jitter: float) -> datetime:
    """The next moment outside skipHours and skipDays; when they forbid everything they are ignored."""
    hours, days = set(hints.skip_hours), set(hints.skip_days)
    if (not hours and not days) or len(hours) > 23 or len(days) > 6:  # noqa: PLR2004 - nothing would be left
        return moment
    if moment.hour not in hours and moment.weekday() not in days:
        return moment
    start = moment.replace(minute=0, second=0, microsecond=0)
    for _ in range(8 * 24):
        start += _HOUR
        if start.hour not in hours and start.weekday() not in days:
            return start + timedelta(seconds=600 * jitter)
    return moment


def _spell(seconds: float) -> str:
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = round(seconds / size)
            return name if number == 1 else f"{number} {name}s"
    return "minute"


def _times(count: int) -> str:
    return "once" if count <= 1 else "twice" if count == 2 else f"{count} times in a row"  # noqa: PLR2004


def hints_to_json(hints: FeedHints) -> str:
    """Write hints for `Feed.hints_json`."""
    return json.dumps(
        {"ttl": hints.ttl_s, "hours": hints.skip_hours, "days": hints.skip_days, "period": hints.update_period_s},
        separators=(",", ":"),
    )


def hints_from_json(text: str) -> FeedHints:
    """Read what `hints_to_json` wrote."""
    data = json.loads(text)
    return FeedHints(data.get("ttl"), tuple(data.get("hours", ())), tuple(data.get("days", ())), data.get("period"))
