"""Installing the app: to Slack and back, with Bolt's flow on our own store.

```
GET /slack/install ──state, cookie──► Slack: “Allow?” ──code, state──► GET /slack/oauth_redirect ──► tokens, sealed
```
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import SettingsError
from bot.keyring import Keyring
from bot.manifest import INSTALL_PATH, REDIRECT_PATH
from bot.slack.workspaces import installed
from bot.store import Database
from bot.store import installations as store

#: Somebody who reads what the app may do before they allow it needs a few minutes.
STATE_LIFE = timedelta(minutes=10)


class States(AsyncOAuthStateStore):
    """Who set out to install; the store keeps hashes, so that whoever reads it cannot come back in their place."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        """For the SDK."""
        return logging.getLogger(__name__)

    async def async_issue(self, *_args: object, **_kwargs: object) -> str:
        """A fresh state."""
        state, now = secrets.token_urlsafe(32), self._clock()
        async with self._db.write() as connection:
            await store.begin(connection, _hashed(state), now + STATE_LIFE, now)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is ours and young; it counts once."""
        async with self._db.write() as connection:
            return await store.come_back(connection, _hashed(state), self._clock())


def _hashed(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


class Store(AsyncInstallationStore):
    """Keeps what Bolt's flow has brought; finding it again is `ManyWorkspaces`' business."""

    def __init__(self, db: Database, keyring: Keyring, clock: Clock) -> None:
        self._db = db
        self._keyring = keyring
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        """For the SDK."""
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        """Keep the bot's token; a person's own is not asked for, and not kept."""
        is_enterprise = bool(installation.is_enterprise_install)
        owner = installation.enterprise_id if is_enterprise else installation.team_id
        if owner is None or installation.bot_token is None:
            raise SettingsError("Slack named no workspace, or gave no token for the bot.")
        expires = installation.bot_token_expires_at
        name = installation.enterprise_name if is_enterprise else installation.team_name
        scopes = installation.bot_scopes
        await installed(
            self._db,
            self._keyring,
            owner=owner,
            enterprise_id=installation.enterprise_id,
            is_enterprise=is_enterprise,
            name=name or owner,
            bot_id=installation.bot_id or "",
            bot_user_id=installation.bot_user_id or "",
            installed_by=installation.user_id,
            scopes=",".join(scopes) if scopes is not None and not isinstance(scopes, str) else scopes or "",
            token=installation.bot_token,
            refresh_token=installation.bot_refresh_token,
            expires_at=datetime.fromtimestamp(expires, UTC) if expires is not None else None,
            now=self._clock(),
        )


class Installing:
    """The two addresses that a browser comes to.

    Args:
        db: the store.
        keyring: seals tokens.
        client: without a token, for the exchange.
        client_id: the app's.
        client_secret: the app's.
        url: where browsers reach us.
        scopes: what the app asks for, as its manifest says.
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
        url: str,
        scopes: tuple[str, ...],
        clock: Clock,
    ) -> None:
        self._flow = AsyncOAuthFlow(
            client=client,
            logger=logging.getLogger("slack_bolt"),
            settings=AsyncOAuthSettings(
                client_id=client_id,
                client_secret=client_secret,
                scopes=list(scopes),
                redirect_uri=f"{url}{REDIRECT_PATH}",
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                authorization_url=authorization_url(client.base_url),
                installation_store=Store(db, keyring, clock),
                state_store=States(db, clock),
                state_expiration_seconds=int(STATE_LIFE.total_seconds()),
            ),
        )

    def routes(self) -> tuple[web.RouteDef, ...]:
        """For our web server."""
        return (web.get(INSTALL_PATH, self._install), web.get(REDIRECT_PATH, self._come_back))

    async def _install(self, request: web.Request) -> web.Response:
        answer = await to_aiohttp_response(await self._flow.handle_installation(await to_bolt_request(request)))
        return _hardened(answer)

    async def _come_back(self, request: web.Request) -> web.Response:
        answer = await to_aiohttp_response(await self._flow.handle_callback(await to_bolt_request(request)))
        return _hardened(answer)


def _hardened(answer: web.Response) -> web.Response:
    """The address holds a code: it is neither kept nor handed on, and nobody frames the page."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Frame-Options"] = "DENY"
    return answer


def authorization_url(api_url: str) -> str:
    """Where Slack asks people whether they allow the app; beside its Web API."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"
