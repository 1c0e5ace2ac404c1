"""The one place that turns errors into words.

Our own errors are sentences for people already. Anything else becomes a friendly sentence with a short reference, and
the log has the whole story under the same reference. Nothing here raises: an error path that fails is worse than none.
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError, TapeoutError
from bot.models import IncomingQuestion
from bot.slack import blocks
from bot.slack.refusals import error_code, refusals
from bot.slack.sender import Sender
from handlers.forms import FORM, Form
from handlers.tools import QUESTION, whisper
from handlers.within import show_modal

log = structlog.get_logger(__name__)

TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id"})
"""A window can be opened within three seconds of a click."""
FIELD_MOST = 150
"""An error under a form's field should stay a line or two."""


Listener = Callable[..., Awaitable[None]]


def register(app: AsyncApp) -> None:
    """Take the errors of middleware; those of listeners are taken by `guarded`."""
    app.error(on_error)


def guarded(listener: Listener) -> Listener:
    """A listener whose errors become words.

    Bolt's own error handler would do, but for one thing: where a listener fails within 10 ms after its `ack()`, Bolt
    1.30 forgets the acknowledgement, and the person reads that the app did not respond.
    """
    wanted = inspect.signature(listener).parameters

    async def run(**given: Any) -> None:  # noqa: ANN401 Bolt's own arguments, by name
        try:
            await listener(**{name: given[name] for name in wanted})
        except Exception as error:  # noqa: BLE001 the one place where every error ends
            await on_error(error, given["body"], given["client"], given["context"], given["request"])

    names = dict.fromkeys([*wanted, "body", "client", "context", "request"])
    by_name = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    run.__signature__ = inspect.Signature(by_name)  # type: ignore[attr-defined]  # Bolt reads what to pass from it
    run.__name__ = listener.__name__
    return run


async def on_error(
    error: Exception,
    body: Mapping[str, Any],
    client: AsyncWebClient,
    context: AsyncBoltContext,
    request: AsyncBoltRequest,
) -> BoltResponse | None:
    """Log it, say it where the person is looking, and answer Slack where it still waits."""
    reference = secrets.token_hex(4)
    expected = _sentence(error)
    sentence = expected or f"Something went wrong on my side. It is noted as {reference}."
    where = {"team": context.team_id, "channel": context.channel_id, "kind": body.get("type") or body.get("command")}
    question: IncomingQuestion | None = context.get(QUESTION)
    try:
        if question is not None and context.ack.response is None and not expected:
            # It was not written down and is not acknowledged: Slack sends it again. Say so once, not at every try.
            if request.headers.get("x-slack-retry-num", ["0"])[0] == "0":
                await _say(sentence, body, client, context)
            return None
        return await _say(sentence, body, client, context)
    finally:
        # Last: drawing a traceback takes long enough for Slack's three seconds to run out on a busy machine.
        if expected:
            log.info("refused", error=type(error).__name__, reason=sentence, **where)
        else:
            log.error("a listener failed", reference=reference, exc_info=error, **where)


def _sentence(error: Exception) -> str | None:
    """What to say about an error that was to be expected; None for a fault of ours."""
    if isinstance(error, TapeoutError):
        return str(error)
    if isinstance(error, SlackApiError) and error_code(error) in TOO_LATE:
        return "That took me too long for Slack to open a window. Please try again."
    return None


async def _say(
    sentence: str, body: Mapping[str, Any], client: AsyncWebClient, context: AsyncBoltContext
) -> BoltResponse | None:
    """Say it; the response is Slack's answer where none was given yet."""
    form: Form | None = context.get(FORM)
    answered = context.ack.response is not None
    if form is not None and not answered:
        return await context.ack(response_action="errors", errors={form.field: sentence[:FIELD_MOST]})
    try:
        async with refusals():
            await _show(sentence, form, body, client, context)
    except DeliveryError as error:
        log.warning("an error could not be shown", reason=str(error), sentence=sentence)
    return None if answered else await context.ack()  # Bolt takes no second answer


async def _show(
    sentence: str,
    form: Form | None,
    body: Mapping[str, Any],
    client: AsyncWebClient,
    context: AsyncBoltContext,
) -> None:
    """Where they are looking: the form, the place of the command or button, a window over App Home, the thread."""
    if form is not None:
        await client.views_update(view_id=form.view_id, view=form.again(sentence))
    elif context.response_url and context.respond is not None:
        await whisper(context.respond, blocks.sentence(sentence))
    elif body.get("trigger_id"):
        await show_modal(client, body, blocks.notice("Tapeout", sentence))
    elif context.channel_id and context.user_id:
        event = body.get("event") or {}
        await Sender(client).ephemeral(
            context.channel_id, context.user_id, blocks.sentence(sentence), thread_ts=event.get("thread_ts")
        )
