"""Builds everything once, runs it, and takes it down in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot import tenancy
from bot.clock import Clock, utc_now
from bot.delivery import targets
from bot.delivery.copies import Copies
from bot.delivery.outbox import Outbox
from bot.errors import SettingsError
from bot.intake import Intake
from bot.jobs import Jobs, Loop
from bot.manifest import INSTALL_PATH
from bot.many import Many
from bot.models import Actor
from bot.newsroom import Newsroom
from bot.opening import open_newsroom, open_store, settle_down
from bot.presence import Presence
from bot.settings import Settings
from bot.slack.client import make_client, open_session
from bot.slack.people import People
from bot.slack.start import connect, find_channel, identify
from bot.slack.workspaces import OneWorkspace, Workspaces
from bot.store import channels, claims
from bot.viewing import View
from bot.web import Web

log = structlog.get_logger(__name__)
#: A socket that died without a word is noticed, and opened again, after so many seconds.
SOCKET_CHECK_S = 3.0
#: The stages that have work in the store.
STAGES = ("watch", "read", "join", "tell", "deliver", "answer")


def loops(newsroom: Newsroom, outbox: Outbox, copies: Copies, presence: Presence) -> tuple[Loop, ...]:
    """The pipeline, a loop for each stage, and the one that shows that we live."""
    return (
        Loop("presence", presence.beat, presence.next_beat_at),
        Loop("watch", newsroom.poll_due, newsroom.next_poll_at, rings=("read",)),
        Loop("read", newsroom.read_due, newsroom.next_read_at, rings=("join",)),
        Loop("join", newsroom.join_due, newsroom.next_join_at, rings=("tell",)),
        Loop("tell", newsroom.tell_due, newsroom.next_story_at, rings=("deliver",)),
        Loop("digest", newsroom.digest_due, newsroom.next_digest_at, rings=("deliver", "copy")),
        Loop("copy", copies.run_due, copies.next_at),
        Loop("deliver", outbox.run_due, outbox.next_at),
        Loop("answer", newsroom.answer_due, newsroom.next_question_at),
        Loop("await", newsroom.watch_due, newsroom.next_watch_at, rings=("answer",)),
        Loop("tidy", newsroom.tidy_due, newsroom.next_tidy_at),
    )


class Service:
    """The bot at work in one workspace or in many: built by `start`, ended by `stop`."""

    def __init__(self, settings: Settings, *, clock: Clock = utc_now, listen: bool = True, work: bool = True) -> None:
        """Build nothing yet.

        Args:
            settings: with Slack's tokens.
            clock: what time it is.
            listen: take events from Slack.
            work: run the loops.
        """
        self._settings = settings
        self._clock = clock
        self._listen = listen
        self._work = work
        self._stack = contextlib.AsyncExitStack()
        self._socket: AsyncSocketModeHandler | None = None
        self._jobs: Jobs | None = None
        self._presence: Presence | None = None
        self._running: asyncio.Task[None] | None = None

    async def start(self, tell: Callable[[str, str], None] = lambda _what, _how: None) -> None:
        """Open the store, connect to Slack, start the loops.

        Args:
            tell: is called with what is up and where, as it comes up.

        Raises:
            SettingsError: a token is refused, a port is taken, the database is not there.
        """
        try:
            await self._start(tell)
        except BaseException:
            await self.stop()
            raise

    async def _start(self, tell: Callable[[str, str], None]) -> None:
        settings = self._settings
        if not settings.has_slack:
            raise SettingsError("SLACK_BOT_TOKEN is not set. Without tokens, `tapeout run` shows the bot locally.")
        self.db = await self._stack.enter_async_context(open_store(settings, migrate=settings.database_url is None))
        tell("database", "PostgreSQL" if self.db.dialect == "postgresql" else str(settings.data_dir / "tapeout.db"))
        self._session = session = open_session()
        self._stack.push_async_callback(session.close)
        self.many = Many.of(settings, self.db, session, self._clock) if settings.has_many else None
        workspaces: Workspaces = self.many.workspaces if self.many is not None else await self._the_one()
        await self._make_ready()
        self.newsroom = await self._stack.enter_async_context(
            open_newsroom(settings, self.db, workspaces=workspaces, clock=self._clock)
        )
        app = self._bolt(workspaces)
        over_http = self._listen and settings.slack_app_token is None
        web = Web(
            db=self.db,
            clock=self._clock,
            host=settings.host,
            port=settings.port,
            is_connected=self._is_connected,
            app=app if over_http else None,
            view=View(self.newsroom),
            routes=self.many.installing.routes() if over_http and self.many is not None else (),
        )
        await web.start()
        self.url = web.url
        self.newsroom.web_url = settings.public_url or (web.url if settings.is_local else None)
        self._stack.push_async_callback(web.stop)
        tell("health and metrics", f"{web.url}/readyz  {web.url}/metrics")
        if self._listen and settings.slack_app_token is not None:
            self._socket = AsyncSocketModeHandler(
                app, settings.slack_app_token.get_secret_value(), ping_interval=SOCKET_CHECK_S
            )
            self._stack.push_async_callback(self._socket.close_async)
            await connect(self._socket)
        if self.many is None:
            tell("Slack", f"@{self.team.bot_name} in {self.team.name}")
        else:
            tell("install at", f"{settings.public_url}{INSTALL_PATH}")
        settle_down()
        if self._work:
            outbox = Outbox(
                self.db, self.newsroom.sender_of, clock=self._clock, token_refused=self._token_refused(workspaces)
            )
            self._presence = Presence(self.db, bells=self.newsroom.bells, clock=self._clock, stages=STAGES)
            await self._presence.beat()  # before it holds anything
            work = loops(self.newsroom, outbox, self._copies(), self._presence)
            if self.many is not None:
                rotation = self.many.rotation(self.newsroom.revoked)
                work = (*work, Loop("rotate", rotation.rotate_due, rotation.next_at))
            self._jobs = Jobs(work, bells=self.newsroom.bells, clock=self._clock)
            self._running = asyncio.create_task(self._jobs.run(), name="jobs")

    def _copies(self) -> Copies:
        settings = self._settings
        said = settings.digest_urls.get_secret_value() if settings.digest_urls is not None else ""
        wanted = targets.parse(said, default_channel=settings.default_channel)
        return Copies(self.db, wanted, clock=self._clock, allowed_hosts=settings.allowed_hosts)

    async def _the_one(self) -> OneWorkspace:
        """The workspace of the token in the settings."""
        token = self._settings.slack_bot_token
        assert token is not None
        self.client = make_client(token.get_secret_value(), self._settings.slack_api_url, self._session)
        self.team = await identify(self.client)
        with tenancy.within(tenancy.EVERYONE):
            async with self.db.write() as connection:
                await channels.add_team(
                    connection,
                    team_id=self.team.id,
                    name=self.team.name,
                    bot_user_id=self.team.bot_user_id,
                    now=self._clock(),
                )
        return OneWorkspace(self.client, self.team)

    def _token_refused(self, workspaces: Workspaces) -> Callable[[str], Awaitable[bool]]:
        async def refused(team_id: str) -> bool:
            if not await workspaces.token_refused(team_id):
                return False
            await self.newsroom.revoked(team_id)
            return True

        return refused

    async def _make_ready(self) -> None:
        if self.db.dialect == "sqlite":
            async with self.db.write() as connection:
                await claims.release_all(connection, self._clock())  # one process: whoever held them is gone
        if self.db.dialect == "postgresql" and await self.db.sees_everything():
            log.warning("this database role passes by row-level security; docs/operations.md says how to make one")

    def _bolt(self, workspaces: Workspaces) -> Intake:
        async def authorize(
            context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
        ) -> AuthorizeResult | None:
            return await workspaces.authorize(context, enterprise_id, team_id)

        secret = self._settings.slack_signing_secret
        app = Intake(
            self.db,
            self._clock,
            client=make_client(None, self._settings.slack_api_url, self._session),
            authorize=authorize,
            logger=logging.getLogger("slack_bolt"),
            signing_secret=secret.get_secret_value() if secret is not None else "",
            request_verification_enabled=secret is not None,
        )
        handlers.register(app, self.newsroom, People(self._settings.admins))
        return app

    async def seed(self, wanted: Sequence[tuple[str, str, str]], *, channel_name: str) -> int:
        """On the very first start, subscribe a channel to some feeds; how many.

        Raises:
            SettingsError: the bot is not in that channel.
        """
        with tenancy.within(self.team.id):
            async with self.db.read() as connection:
                if await channels.has_any(connection, self.team.id):
                    return 0
            actor = Actor(self.team.id, self.team.bot_user_id, is_admin=True)
            channel_id = await find_channel(self.client, channel_name)
            return await self.newsroom.seed(actor, channel_id, channel_name, wanted)

    async def _is_connected(self) -> bool:
        if self._socket is None:
            return True
        return await self._socket.client.is_connected()

    async def wait(self) -> None:
        """Until the loops end, by `stop` or because one of them died; where there are none (`web`), for good.

        Raises:
            ExceptionGroup: a loop died.
        """
        if self._running is None:
            await asyncio.get_running_loop().create_future()
        else:
            await asyncio.shield(self._running)

    async def stop(self) -> None:
        """Take no new work, finish what is in hand, close everything in reverse order."""
        if self._jobs is not None and self._running is not None:
            self._jobs.stop()
            with contextlib.suppress(ExceptionGroup):
                await self._running
            await self._let_go()
        await self._stack.aclose()

    async def _let_go(self) -> None:
        """What was cut off in the middle is taken up by another process at once, or by our next start."""
        assert self._presence is not None
        try:
            await self._presence.leave()
        except (SQLAlchemyError, OSError) as error:
            log.warning("the database does not answer; leases run out by themselves", error=type(error).__name__)
