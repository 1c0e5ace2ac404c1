"""The questions that Slack suggests to someone who opens the bot's messages."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError
from bot.slack.escape import line
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


MOST = 4
"""As many as Slack shows."""
TITLE_MOST = 60
MESSAGE_MOST = 300


def about(headlines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What to suggest after some headlines: what they tell, and the rest from what never grows old."""
    told = [line(one) for one in headlines if line(one)]
    fresh = [(_cut(one, TITLE_MOST), _cut(f"What is new: {one}", MESSAGE_MOST)) for one in told[: MOST - 1]]
    usual = PROMPTS[: MOST - 1 - len(fresh)]
    return (*fresh, *usual, PROMPTS[-1])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 2].rsplit(' ', 1)[0]} …"


async def suggest(client: AsyncWebClient, channel: str, prompts: Sequence[tuple[str, str]] = PROMPTS) -> None:
    """Suggest questions; where the surface has no suggestions (guests, free plans) nothing happens.

    Without `thread_ts`: with one the call is ignored for apps that declare `agent_view`.
    """
    try:
        async with refusals(repeatable=True):
            await client.assistant_threads_setSuggestedPrompts(
                channel_id=channel,
                title=TITLE,
                prompts=[{"title": title, "message": message} for title, message in prompts],
            )
    except DeliveryError as error:
        log.debug("no suggestions here", channel=channel, reason=str(error))
