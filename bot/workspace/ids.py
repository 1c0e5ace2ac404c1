"""Slack's ids and timestamps: stable ids out of names, and `ts` values that never repeat."""

import base64
import hashlib
import re
from datetime import UTC, datetime

_TS = re.compile(r"^\d{1,12}\.\d{1,6}$|^\d{1,12}$")
_MICROS = 1_000_000


def stable_id(prefix: str, *parts: str) -> str:
    """An id such as `C7QK3ZP0AB`, the same on every start for the same prefix and parts."""
    digest = hashlib.sha256("\x1f".join((prefix, *parts)).encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:10]


def stable_secret(*parts: str) -> str:
    """A long lower-case string derived from the parts; local tokens are made of it."""
    return hashlib.sha256("\x1f".join(("secret", *parts)).encode()).hexdigest()[:32]


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * _MICROS)


def ts_text(micros: int) -> str:
    """A `ts` in Slack's form, `1700000000.000100`."""
    return f"{micros // _MICROS}.{micros % _MICROS:06d}"


def ts_micros(ts: str) -> int:
    """The microseconds of a `ts`, or of a plain number of seconds.

    Raises:
        ValueError: It is neither.
    """
    if not _TS.match(ts):
        raise ValueError(f"not a Slack timestamp: {ts!r}")
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * _MICROS + int(fraction.ljust(6, "0") or 0)


class TsCounter:
    """Hands out `ts` values that grow, whatever the clock does.

    Args:
        last: The last value given out before (microseconds), so that a restart doesn't repeat one.
    """

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def next(self, now: datetime) -> str:
        """A new `ts`: the time `now`, or one microsecond after the last one given out."""
        self.last = max(self.last + 1, to_micros(now))
        return ts_text(self.last)
