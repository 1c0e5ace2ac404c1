"""What came of one poll, as cadence and health look at it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.errors import FetchError, ParseError
from bot.feeds.failures import ResponseError
from bot.feeds.headers import HeaderHints

REFUSED = frozenset({"http_401", "http_402", "http_403", "http_429", "http_451"})
NOT_FEEDS = frozenset({"html", "not_a_feed"})


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """One poll.

    Attributes:
        kind: `new` (it held new items), `unchanged` (a body without news), `not_modified` (304) or `error`.
        error_kind: for an error, the `kind` of the FetchError or ParseError.
        sentence: for an error, what happened and what to do.
        retry_after_s: how long the server asked us to stay away.
        headers: the answer's cadence hints; errors have them, too.
        elapsed_s: how long the fetch took.
    """

    kind: Literal["new", "unchanged", "not_modified", "error"]
    error_kind: str | None = None
    sentence: str | None = None
    retry_after_s: float | None = None
    headers: HeaderHints = field(default_factory=HeaderHints)
    elapsed_s: float = 0.0

    @classmethod
    def of_error(cls, error: FetchError | ParseError) -> PollOutcome:
        """The outcome of a poll that failed."""
        return cls(
            kind="error",
            error_kind=error.kind,
            sentence=str(error),
            retry_after_s=error.retry_after if isinstance(error, FetchError) else None,
            headers=error.headers if isinstance(error, ResponseError) else HeaderHints(),
        )
