"""The store and the newsroom, built from the settings and taken down in order."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, utc_now
from bot.errors import SettingsError
from bot.feeds.fetch import Fetcher
from bot.feeds.parser import ParserPool
from bot.newsroom import Newsroom, Pace, Resources
from bot.newsroom.limits import Limits
from bot.newsroom.spending import StoredBudget
from bot.settings import Settings
from bot.signals import Bells
from bot.slack.replies import Reply
from bot.slack.sender import Sender
from bot.slack.streams import Place
from bot.slack.workspaces import Workspaces
from bot.store import Database
from bot.stories import encoder
from bot.stories.vectors import word_vectors
from bot.writing.answer import Answerer
from bot.writing.brief import BriefWriter
from bot.writing.budget import MICROS, Allowance, Rates
from bot.writing.llm import ModelClient

#: Processes that read feeds: while one is held by a hostile body, the other goes on. Each has 31 MB.
PARSERS = 2


@contextlib.asynccontextmanager
async def open_store(settings: Settings, *, migrate: bool) -> AsyncIterator[Database]:
    """The database, brought to the newest revision if `migrate`, else only checked.

    Raises:
        SettingsError: the tables are not there yet, with the command that makes them.
    """
    db = Database(settings.sqlalchemy_url, pool_size=settings.database_connections)
    try:
        if migrate:
            await db.migrate()
        elif not await db.is_migrated():
            raise SettingsError("The database has no tables of this edition yet. Run `tapeout release` first.")
        yield db
    finally:
        await db.close()


@contextlib.asynccontextmanager
async def open_newsroom(
    settings: Settings, db: Database, *, workspaces: Workspaces | None = None, clock: Clock = utc_now
) -> AsyncIterator[Newsroom]:
    """The newsroom with its readers and writers; without `workspaces` it can read and answer, not post."""
    bells = Bells()

    async def client_of(team_id: str) -> AsyncWebClient:
        if workspaces is None:
            raise SettingsError("There is no Slack here to post to.")
        return await workspaces.client_of(team_id)

    async def sender_of(team_id: str) -> Sender:
        return Sender(await client_of(team_id))

    async def reply_to(where: Place, *, key: str, since: datetime | None, title: str) -> Reply:
        return Reply(
            await client_of(where.team_id),
            team_id=where.team_id,
            channel=where.channel,
            thread_ts=where.thread_ts,
            user_id=where.user_id,
            key=key,
            since=since,
            title=title,
        )

    model = None
    if settings.has_model:
        model = ModelClient(
            model=settings.model,
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url,
            silence_s=settings.model_patience_s,
        )
    vectors = word_vectors()
    allowance = _allowance(settings)
    rates = Rates(*settings.prices)
    budget = StoredBudget(db, allowance=allowance, rates=rates, clock=clock)
    encodes = encoder.named(settings.encoder)
    async with (
        Fetcher(
            user_agent=settings.user_agent,
            allowed_hosts=settings.allowed_hosts,
            host_spacing=settings.host_spacing_s,
        ) as fetcher,
        ParserPool(workers=PARSERS) as pool,
    ):
        newsroom = Newsroom(
            Resources(
                db=db,
                clock=clock,
                bells=bells,
                fetcher=fetcher,
                pool=pool,
                vectors=vectors,
                encoder=encodes,
                brief_writer=BriefWriter(model, budget),
                answerer=Answerer(model, budget, vectors=vectors),
                sender_of=sender_of,
                reply_to=reply_to,
                writer_name=settings.model if model is not None else "extractive",
                allowance=allowance,
                keep_questions=timedelta(days=settings.keep_questions_days) if settings.keep_questions_days else None,
                pace=Pace(
                    poll_floor_s=settings.poll_floor_s,
                    poll_ceiling_s=settings.poll_ceiling_s,
                    gather=timedelta(seconds=settings.gather_s),
                    first_poll_limit=settings.first_poll_limit,
                ),
                limits=Limits(
                    user=settings.user_questions, team=settings.team_questions, at_once=settings.answers_at_once
                ),
            )
        )
        try:
            yield newsroom
        finally:
            if model is not None:
                await model.close()


def _allowance(settings: Settings) -> Allowance:
    """What each workspace may use of the model in a day."""
    dollars = settings.daily_dollars
    return Allowance(settings.daily_tokens, round(dollars * MICROS) if dollars is not None else None)


def settle_down() -> None:
    """Set aside what was made at the start, once it is there to stay.

    A full collection walks every object that the libraries made, and held the loop for 80 ms. Measured: 16 ms once they
    are set aside (docs/performance.md).
    """
    gc.collect()
    gc.freeze()
