"""In which workspaces we are, and with whose token we speak there: one of the settings, or each one's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
import sqlalchemy as sa
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import tenancy
from bot.clock import Clock
from bot.errors import DeliveryError, TokenError
from bot.keyring import Keyring
from bot.slack.client import make_client
from bot.slack.refusals import refusals
from bot.slack.start import Team
from bot.store import Database, channels, installations, teams

log = structlog.get_logger(__name__)

#: A token is exchanged this long before it runs out (twelve hours after it was made): many tries fit in between.
AHEAD = timedelta(hours=2)

_Row = sa.Row[*tuple[Any, ...]]


class Workspaces(Protocol):
    """Where the bot is."""

    async def client_of(self, team_id: str) -> AsyncWebClient:
        """A client that speaks in this workspace.

        Raises:
            DeliveryError: we are not there (any more).
        """
        ...

    async def authorize(
        self, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        """With which token a request is answered; None: the app is not installed there.

        Bolt's own way asks Slack at each request who we are, and where Slack has a fault at that moment, an event is
        acknowledged and lost.
        """
        ...

    async def token_refused(self, team_id: str) -> bool:
        """Slack did not take our token there; True: it is dead, and the workspace's work shall rest."""
        ...


class OneWorkspace:
    """The workspace of the token in the settings."""

    def __init__(self, client: AsyncWebClient, team: Team) -> None:
        self._client = client
        self._team = team

    async def client_of(self, team_id: str) -> AsyncWebClient:
        """The only client there is."""
        del team_id
        return self._client

    async def authorize(
        self, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        """As who we were found to be at the start."""
        del context, enterprise_id, team_id
        team = self._team
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team.id,
            bot_id=team.bot_id,
            bot_user_id=team.bot_user_id,
            bot_token=self._client.token,
        )

    async def token_refused(self, team_id: str) -> bool:
        """What it was for is held until somebody gives us a new token: no row could say more."""
        del team_id
        return False


class ManyWorkspaces:
    """Each workspace's own installation, or its organisation's, out of the store.

    Nothing is remembered in between: another process may have exchanged the token, or the app may have been installed
    anew, and a look into the store costs a millisecond.

    Args:
        db: the store.
        keyring: opens the tokens.
        base_url: where Slack's Web API is.
        session: what all clients share.
        clock: what time it is.
    """

    def __init__(
        self, db: Database, keyring: Keyring, *, base_url: str, session: aiohttp.ClientSession, clock: Clock
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._base_url = base_url
        self._session = session
        self._clock = clock

    async def client_of(self, team_id: str) -> AsyncWebClient:
        """A client with the workspace's own token, or its organisation's.

        Raises:
            DeliveryError: the app is not installed there.
        """
        with tenancy.within(tenancy.EVERYONE):  # an organisation's row is not the workspace's own
            async with self._db.read() as connection:
                row = await installations.of_team(connection, team_id)
        if row is None:
            raise DeliveryError("The app is not installed in that workspace any more.", state="held")
        return self.client_for(row, team_id)

    def client_for(self, row: _Row, team_id: str | None = None) -> AsyncWebClient:
        """A client with an installation's token."""
        token = self._keyring.open(row.team_id, row.token)
        return make_client(token, self._base_url, self._session, team_id=team_id if row.is_enterprise else None)

    async def authorize(
        self, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> AuthorizeResult | None:
        """The installation of the workspace that a request comes from."""
        with tenancy.within(tenancy.EVERYONE):
            async with self._db.read() as connection:
                row = await installations.of_team(
                    connection, team_id, enterprise_id, org_first=bool(context.is_enterprise_install)
                )
                known = await channels.is_known(connection, team_id) if team_id is not None else True
            if row is None:
                log.warning("a request from a workspace where the app is not installed", team=team_id)
                return None
            if not known and team_id is not None:
                await self._meet(row, team_id)
        return AuthorizeResult(
            enterprise_id=row.enterprise_id,
            team_id=team_id,
            bot_id=row.bot_id,
            bot_user_id=row.bot_user_id,
            bot_token=self._keyring.open(row.team_id, row.token),
        )

    async def _meet(self, row: _Row, team_id: str) -> None:
        """The first word from one of an organisation's workspaces."""
        async with self._db.write() as connection:
            await channels.add_team(
                connection,
                team_id=team_id,
                name=f"{row.name} ({team_id})" if row.is_enterprise else row.name,
                bot_user_id=row.bot_user_id,
                now=self._clock(),
                enterprise_id=row.team_id if row.is_enterprise else None,
            )

    async def token_refused(self, team_id: str) -> bool:
        """Ask Slack itself, with the token as it is now: it may have been exchanged since the refusal."""
        try:
            client = await self.client_of(team_id)
            async with refusals(repeatable=True):
                await client.auth_test()
        except TokenError:
            return not await self._exchange(team_id)
        except DeliveryError:
            return False  # Slack has a fault, or the app was just removed
        return False

    async def _exchange(self, team_id: str) -> bool:
        """Where it has only run out, let it be exchanged at once; False: it cannot be."""
        now = self._clock()
        with tenancy.within(tenancy.EVERYONE):
            async with self._db.write() as connection:
                row = await installations.of_team(connection, team_id)
                if row is None or row.refresh_token is None or row.trouble is not None or row.expires_at > now:
                    return False
                await installations.rotate_now(connection, row.id, now)
        return True


def ahead(expires_at: datetime | None) -> datetime | None:
    """When a token is to be exchanged; None: it is good until it is revoked."""
    return expires_at - AHEAD if expires_at is not None else None


async def installed(  # what Slack tells of an installation
    db: Database,
    keyring: Keyring,
    *,
    owner: str,
    enterprise_id: str | None,
    is_enterprise: bool,
    name: str,
    bot_id: str,
    bot_user_id: str,
    installed_by: str | None,
    scopes: str,
    token: str,
    refresh_token: str | None,
    expires_at: datetime | None,
    now: datetime,
) -> None:
    """Write an installation down, the first or again: what rested goes on, and is not deleted."""
    with tenancy.within(tenancy.EVERYONE):
        async with db.write() as connection:
            await installations.save(
                connection,
                team_id=owner,
                enterprise_id=enterprise_id,
                is_enterprise=is_enterprise,
                name=name,
                bot_id=bot_id,
                bot_user_id=bot_user_id,
                installed_by=installed_by,
                scopes=scopes,
                token=keyring.seal(owner, token),
                refresh_token=keyring.seal(owner, refresh_token) if refresh_token is not None else None,
                expires_at=expires_at,
                rotate_at=ahead(expires_at) if refresh_token is not None else None,
                installed_at=now,
            )
            if is_enterprise:
                await teams.come_back(connection, owner, now)
            else:
                await channels.add_team(connection, team_id=owner, name=name, bot_user_id=bot_user_id, now=now)
    log.info("installed", team=owner, by=installed_by, organisation=is_enterprise)
