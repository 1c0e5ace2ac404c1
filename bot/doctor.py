"""`tapeout doctor`: is everything there that the bot needs, and if not, what to do. It changes and posts nothing.

Each check looks at one thing and gives one finding; the first ✗ is where to begin.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

import aiohttp
import sqlalchemy as sa
from pydantic import BaseModel
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, utc_now
from bot.errors import ModelError
from bot.models import FeedState
from bot.settings import Settings
from bot.slack.client import make_client, open_session
from bot.slack.refusals import error_code
from bot.store import Database, feeds, queues, workers
from bot.writing.llm import Message, ModelClient

TIMEOUT_S = 15.0
"""The most that one request of a check takes."""
LEAST_PYTHON = (3, 11)
LEAST_DISK = 500 * 2**20
"""Bytes. SQLite needs room for its journal; a full disk stops the bot, so it should be said before."""
SKEW_WARN, SKEW_BAD = timedelta(seconds=30), timedelta(minutes=5)
"""Slack's signatures are refused from five minutes on (Slack: "Verifying requests"); much less already hurts leases."""
LATE = timedelta(minutes=5)
"""What has been due for longer than this is nobody's business: no worker runs, or it cannot keep up."""
LEAST_POSTGRES = 14
"""The oldest major version that its makers still mend (November 2026)."""


_UNANSWERED = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)


class Health(StrEnum):
    """What a check found."""

    GOOD = "good"
    ATTENTION = "attention"  # it works, and somebody should look
    BAD = "bad"  # the bot cannot do its job
    OFF = "off"  # not set up; fine as it is


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, for people.

    Attributes:
        what: what was looked at.
        words: how it is.
        do: what to do; empty where there is nothing to do.
    """

    what: str
    health: Health
    words: str
    do: str = ""


async def examine(settings: Settings, *, scopes: frozenset[str], clock: Clock = utc_now) -> AsyncIterator[Finding]:
    """Look at one thing after the other.

    Args:
        settings: as the bot would read them.
        scopes: what the manifest asks for.
        clock: the time.
    """
    yield _python()
    yield _disk(settings)
    async for finding in _database(settings, clock):
        yield finding
    async for finding in _slack(settings, scopes, clock):
        yield finding
    yield await _model(settings)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < LEAST_PYTHON:
        return Finding("Python", Health.BAD, version, "Use Python 3.11 or newer.")
    return Finding("Python", Health.GOOD, version)


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{free / 2**30:.1f} GB free for {settings.data_dir}"
    if free < LEAST_DISK:
        return Finding("disk", Health.BAD, words, "Make room, or point TAPEOUT_DATA_DIR at another disk.")
    return Finding("disk", Health.GOOD, words)


async def _database(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    if settings.database_url is None and not (settings.data_dir / "tapeout.db").exists():
        yield Finding("database", Health.OFF, "There is none yet; the first start makes it.")
        return
    db = Database(settings.sqlalchemy_url)
    try:
        yield (revision := await _revision(db))
        if revision.health is Health.BAD:
            return
        yield await _workers(db, clock)
        yield await _queues(db, clock)
        yield await _feeds(db)
    except (sa.exc.SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        yield Finding(
            "database", Health.BAD, f"It does not answer: {reason}", "Check DATABASE_URL, and that the server runs."
        )
    finally:
        await db.close()


async def _revision(db: Database) -> Finding:
    name, old = await _server(db)
    if not await db.is_migrated():
        return Finding(
            "database", Health.BAD, f"{name}; its tables are of another edition", "Run `tapeout release` once."
        )
    if db.dialect == "postgresql" and await db.sees_everything():
        return Finding(
            "database",
            Health.ATTENTION,
            f"{name}, up to date; its role passes by row-level security",
            "For several workspaces, use a role that is no superuser and has no BYPASSRLS.",
        )
    if old:
        return Finding("database", Health.ATTENTION, f"{name} is no longer mended by its makers", "Upgrade it.")
    return Finding("database", Health.GOOD, f"{name}, up to date")


async def _server(db: Database) -> tuple[str, bool]:
    """What the database is called, and whether it is too old."""
    async with db.read() as connection:
        if db.dialect == "postgresql":
            number = int((await connection.execute(sa.text("SHOW server_version_num"))).scalar_one())
            return f"PostgreSQL {number // 10_000}", number // 10_000 < LEAST_POSTGRES
        version = (await connection.execute(sa.text("SELECT sqlite_version()"))).scalar_one()
        return f"SQLite {version}", False


async def _workers(db: Database, clock: Clock) -> Finding:
    async with db.read() as connection:
        alive = await workers.alive(connection, clock())
    if not alive:
        return Finding("workers", Health.ATTENTION, "None is at work.", "Start `tapeout run`, or `tapeout worker`.")
    return Finding("workers", Health.GOOD, f"{alive} at work")


async def _queues(db: Database, clock: Clock) -> Finding:
    async with db.read() as connection:
        waiting = await queues.due(connection, clock())
    late = [one for one in waiting if one.oldest_s > LATE.total_seconds()]
    if late:
        words = ", ".join(f"{one.stage}: {one.items} due, the oldest for {one.oldest_s / 60:,.0f} min" for one in late)
        return Finding("queues", Health.ATTENTION, words, "Is a worker running? If so, look at its log, or add one.")
    return Finding("queues", Health.GOOD, f"{sum(one.items for one in waiting)} due, none of them late")


async def _feeds(db: Database) -> Finding:
    async with db.read() as connection:
        counted = await feeds.states(connection)
    if not counted:
        return Finding("feeds", Health.ATTENTION, "None is watched.", "`/tapeout add ADDRESS` in a channel.")
    words = ", ".join(f"{many} {state}" for state, many in sorted(counted.items()))
    if any(state in counted for state in (FeedState.FAILING, FeedState.BLOCKED, FeedState.GONE, FeedState.NOT_A_FEED)):
        return Finding("feeds", Health.ATTENTION, words, "`tapeout feeds list` says for each what to do.")
    return Finding("feeds", Health.GOOD, words)


async def _slack(settings: Settings, scopes: frozenset[str], clock: Clock) -> AsyncIterator[Finding]:
    if settings.has_many:
        yield Finding("Slack", Health.GOOD, "Many workspaces: `tapeout teams list` says how each stands.")
        return
    if settings.slack_bot_token is None:
        yield Finding("Slack", Health.OFF, "No tokens: `tapeout run` starts the local workspace.")
        return
    async with open_session(timeout_s=TIMEOUT_S) as session:
        client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        found = await _bot_token(client, scopes, clock)
        for finding in found:
            yield finding
        if found[0].health is Health.GOOD:
            yield await _app_token(settings, client)


def _refused(what: str, error: Exception, do: str) -> Finding:
    """Why Slack does not answer a call."""
    if isinstance(error, SlackApiError):
        return Finding(what, Health.BAD, f"Slack says {error_code(error)}.", do)
    return Finding(what, Health.BAD, f"Slack cannot be reached ({type(error).__name__}).", "Check the network.")


async def _bot_token(client: AsyncWebClient, scopes: frozenset[str], clock: Clock) -> tuple[Finding, ...]:
    try:
        answer = await client.auth_test()
    except _UNANSWERED as error:
        do = "Copy SLACK_BOT_TOKEN anew from “OAuth & Permissions” of your app; reinstall it if need be."
        return (_refused("bot token", error, do),)
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    return (
        Finding("bot token", Health.GOOD, f"@{answer['user']} in {answer['team']}"),
        _scopes(headers.get("x-oauth-scopes"), scopes),
        _skew(headers.get("date"), clock),
    )


def _scopes(granted: str | None, wanted: frozenset[str]) -> Finding:
    if granted is None:
        return Finding("scopes", Health.ATTENTION, "Slack does not say which the token has.")
    missing = wanted - {scope.strip() for scope in granted.split(",")}
    if missing:
        return Finding(
            "scopes",
            Health.BAD,
            f"missing: {', '.join(sorted(missing))}",
            "Update the app's manifest from manifest.json, then reinstall the app.",
        )
    return Finding("scopes", Health.GOOD, f"all {len(wanted)} that the manifest asks for")


def _skew(date: str | None, clock: Clock) -> Finding:
    if date is None:
        return Finding("clock", Health.ATTENTION, "Slack does not say what time it is.")
    skew = abs(clock() - parsedate_to_datetime(date))
    words = f"{skew.total_seconds():.0f} s from Slack's"
    do = "Set the machine's clock (NTP)."
    if skew >= SKEW_BAD:
        return Finding("clock", Health.BAD, words, do)
    return Finding("clock", Health.ATTENTION, words, do) if skew >= SKEW_WARN else Finding("clock", Health.GOOD, words)


async def _app_token(settings: Settings, client: AsyncWebClient) -> Finding:
    if settings.slack_app_token is None:
        return Finding("socket", Health.OFF, "No SLACK_APP_TOKEN: events come over HTTP.")
    try:
        # Only asked for, never opened: Slack would send events of a bot at work into a socket that nobody reads.
        answer = await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except _UNANSWERED as error:
        do = "Make an app-level token with connections:write under “Basic Information”, and switch Socket Mode on."
        return _refused("socket", error, do)
    return Finding("socket", Health.GOOD, f"Slack offers one at {urlsplit(str(answer['url'])).hostname}")


class _Word(BaseModel):
    word: str


_PROMPT = (Message("system", "Answer with a JSON object."), Message("user", 'Set "word" to "ready".'))


async def _at_once(_seconds: float) -> None:
    """Somebody is looking on: what fails twice in a row is said now, not retried in a minute."""


async def _model(settings: Settings) -> Finding:
    if not settings.has_model:
        return Finding("model", Health.OFF, "None: briefs and answers are made of the articles' own sentences.")
    model = ModelClient(
        model=settings.model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        timeout_s=TIMEOUT_S,
        sleep=_at_once,
    )
    began = time.monotonic()
    try:
        draft = await model.draft(_PROMPT, _Word, max_tokens=300)
    except ModelError as error:
        return Finding("model", Health.BAD, str(error), "Check OPENAI_BASE_URL, OPENAI_API_KEY and TAPEOUT_MODEL.")
    finally:
        await model.close()
    took, form = time.monotonic() - began, draft.rung.name.lower()
    return Finding(
        "model", Health.GOOD, f"{settings.model} answered in {took:.1f} s ({draft.usage.total} tokens, {form})"
    )
