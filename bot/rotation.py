"""Exchanges tokens before they run out, whether or not anybody says a word in their workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.clock import Clock
from bot.errors import DeliveryError
from bot.keyring import Keyring
from bot.slack.refusals import error_code, refusals
from bot.slack.workspaces import ahead
from bot.store import Database, installations

log = structlog.get_logger(__name__)

#: Between two tries where Slack or the way to it has a fault: 1, 2, 4 … at most 15 minutes.
LEAST_WAIT = timedelta(minutes=1)
MOST_WAIT = timedelta(minutes=15)


class Rotation:
    """One of the loops: a token that runs out soon is given back for a new one.

    Slack takes a refresh token once. If we die between its answer and our writing it down, the old token is good
    until it runs out, and the list of workspaces says that the app has to be installed again there.

    Args:
        db: the store.
        keyring: opens and seals.
        client: without a token.
        client_id: the app's.
        client_secret: the app's.
        revoked: is told of a workspace whose token has run out and cannot be exchanged.
        clock: what time it is.
    """

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        *,
        client: AsyncWebClient,
        client_id: str,
        client_secret: str,
        revoked: Callable[[str], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._client = client
        self._id = client_id
        self._secret = client_secret
        self._revoked = revoked
        self._clock = clock

    async def rotate_due(self, limit: int = 4) -> int:
        """Exchange the tokens that are due; how many were taken up."""
        async with self._db.write() as connection:
            rows = await installations.claim_due(connection, self._clock(), limit)
        for row in rows:
            await self._rotate(row)
        return len(rows)

    async def next_at(self) -> datetime | None:
        """When the next token is due."""
        async with self._db.read() as connection:
            return await installations.next_at(connection)

    async def _rotate(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        try:
            async with refusals(repeatable=True):
                answer = await self._client.oauth_v2_access(
                    client_id=self._id,
                    client_secret=self._secret,
                    grant_type="refresh_token",
                    refresh_token=self._keyring.open(row.team_id, row.refresh_token),
                )
        except DeliveryError as error:
            await self._failed(row, error)
            return
        now = self._clock()
        expires_at = now + timedelta(seconds=int(answer["expires_in"]))
        await self._settle(
            row,
            token=self._keyring.seal(row.team_id, str(answer["access_token"])),
            refresh_token=self._keyring.seal(row.team_id, str(answer["refresh_token"])),
            expires_at=expires_at,
            rotate_at=ahead(expires_at),
            attempts=0,
            trouble=None,
        )
        log.info("token exchanged", team=row.team_id, good_until=expires_at)

    async def _failed(self, row: sa.Row[*tuple[Any, ...]], error: DeliveryError) -> None:
        metrics.errors.labels("rotate").inc()
        now = self._clock()
        if error.state in {"retry", "ambiguous"}:
            wait = max(timedelta(seconds=error.retry_after or 0.0), LEAST_WAIT * 2 ** min(row.attempts, 4))
            await self._settle(row, rotate_at=now + min(wait, MOST_WAIT))
            log.warning("a token could not be exchanged now", team=row.team_id, reason=str(error))
            return
        cause = error.__cause__
        code = error_code(cause) if isinstance(cause, SlackApiError) else "no answer"
        trouble = f"Slack does not exchange the token ({code}): install the app there again."
        log.error("a token cannot be exchanged", team=row.team_id, code=code, good_until=row.expires_at)
        over = row.expires_at is None or row.expires_at <= now
        await self._settle(row, rotate_at=None if over else row.expires_at, trouble=trouble)
        if over:
            await self._revoked(row.team_id)

    async def _settle(self, row: sa.Row[*tuple[Any, ...]], **values: Any) -> None:  # noqa: ANN401  # column values
        async with self._db.write() as connection:
            if not await installations.settle(connection, row.id, **values):
                log.warning("installed again while its token was exchanged", team=row.team_id)
