"""The questions that Slack suggests to someone who opens the bot's messages."""

from __future__ import annotations

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError
from bot.slack.refusals import refusals

log = structlog.get_logger(__name__)

TITLE = "Ask about AI infrastructure"
PROMPTS = (
    ("Power and data centres", "What is the latest on power for data centres?"),
    ("Chip supply", "What is the latest on the supply of accelerators and HBM?"),
    ("Serving costs", "What is new in the cost of serving models?"),
    ("What can you do?", "help"),
)
"""Four at most, each (what the button says, what is asked); the manifest has the same."""


async def suggest(client: AsyncWebClient, channel: str) -> None:
    """Suggest questions; where the surface has no suggestions (guests, free plans) nothing happens.

    Without `thread_ts`: with one the call is ignored for apps that declare `agent_view`.
    """
    try:
        async with refusals(repeatable=True):
            await client.assistant_threads_setSuggestedPrompts(
                channel_id=channel,
                title=TITLE,
                prompts=[{"title": title, "message": message} for title, message in PROMPTS],
            )
    except DeliveryError as error:
        log.debug("no suggestions here", channel=channel, reason=str(error))
