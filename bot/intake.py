"""Where Slack's requests come in, from a socket or over HTTP: each within its own workspace, and done once."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import tenancy
from bot.clock import Clock
from bot.store import Database, installations

#: Where a request's id waits for its answer, in Bolt's context.
_ID = "tapeout_request"
#: Questions are known by their message, whatever tells of it: no row is written for each word in a channel.
_KNOWN_OTHERWISE = frozenset({"message", "app_mention"})


class Intake(AsyncApp):
    """Bolt's app, whose listeners see the rows of the workspace that a request comes from, and no others.

    A request that was done with is acknowledged and not done again: an event that Slack sends again (or that came to
    another process first), by its id; a signed command or click that somebody replays, by its signature.

    Args:
        db: the store.
        clock: what time it is.
        options: Bolt's own.
    """

    def __init__(self, db: Database, clock: Clock, **options: Any) -> None:  # noqa: ANN401  # Bolt's, as it has them
        super().__init__(**options)
        self._db = db
        self._now = clock
        self.middleware(self._once)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Hand a request to its listener; what goes on after the acknowledgement stays within the workspace, too."""
        with tenancy.within(req.context.team_id or req.context.enterprise_id):
            answer = await super().async_dispatch(req)
            request_id = req.context.get(_ID)
            if request_id is not None and answer.status == 200:  # noqa: PLR2004  # HTTP's own number
                async with self._db.write() as connection:
                    await installations.take(connection, request_id, self._now())
            return answer

    async def _once(
        self, req: AsyncBoltRequest, resp: BoltResponse, next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse:
        """After the signature was checked: let pass what is new."""
        request_id = _id_of(req)
        if request_id is not None:
            async with self._db.read() as connection:
                if await installations.is_done(connection, request_id):
                    return BoltResponse(status=200, body="")
            req.context[_ID] = request_id
        await next_()
        return resp


def _id_of(req: AsyncBoltRequest) -> str | None:
    """What a request is known by; None: by what is in it."""
    event = req.body.get("event")
    if isinstance(event, dict):
        event_id = req.body.get("event_id")
        return f"event:{event_id}"[:80] if event_id and event.get("type") not in _KNOWN_OTHERWISE else None
    signature = "".join(req.headers.get("x-slack-signature") or ())
    return f"signed:{hashlib.sha256(signature.encode()).hexdigest()}" if signature else None
