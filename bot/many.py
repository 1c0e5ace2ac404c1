"""What it takes to be installed in many workspaces: their tokens, the way in, and the exchange of tokens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from bot import manifest
from bot.clock import Clock
from bot.keyring import Keyring
from bot.oauth import Installing
from bot.rotation import Rotation
from bot.settings import Settings
from bot.slack.client import make_client
from bot.slack.workspaces import ManyWorkspaces
from bot.store import Database


@dataclass(frozen=True, slots=True)
class Many:
    """Built once by `bot.app` where SLACK_CLIENT_ID is set."""

    settings: Settings
    db: Database
    session: aiohttp.ClientSession
    clock: Clock
    keyring: Keyring
    workspaces: ManyWorkspaces
    installing: Installing

    @classmethod
    def of(cls, settings: Settings, db: Database, session: aiohttp.ClientSession, clock: Clock) -> Many:
        """Everything, with the settings' keys and the app's own id and secret."""
        assert settings.slack_client_id is not None
        assert settings.slack_client_secret is not None
        assert settings.public_url is not None
        keyring = Keyring(settings.encryption_keys)
        return cls(
            settings,
            db,
            session,
            clock,
            keyring,
            ManyWorkspaces(db, keyring, base_url=settings.slack_api_url, session=session, clock=clock),
            Installing(
                db,
                keyring,
                client=make_client(None, settings.slack_api_url, session),
                client_id=settings.slack_client_id,
                client_secret=settings.slack_client_secret.get_secret_value(),
                url=settings.public_url,
                scopes=manifest.scopes(),
                clock=clock,
            ),
        )

    def rotation(self, revoked: Callable[[str], Awaitable[None]]) -> Rotation:
        """The loop that exchanges tokens."""
        assert self.settings.slack_client_id is not None
        assert self.settings.slack_client_secret is not None
        return Rotation(
            self.db,
            self.keyring,
            client=make_client(None, self.settings.slack_api_url, self.session),
            client_id=self.settings.slack_client_id,
            client_secret=self.settings.slack_client_secret.get_secret_value(),
            revoked=revoked,
            clock=self.clock,
        )
