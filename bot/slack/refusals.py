"""What an error of Slack's means for a delivery. Pure but for reading the exception.

Five outcomes: `retry` (Slack certainly did not take it, and may later), `ambiguous` (it may have taken it: look in the
channel's history first), `held` (somebody must do something; the sentence says what), `failed` (this message will never
be taken), `gone` (it, or the post that it belongs to, was deleted).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import DeliveryError, TokenError
from bot.slack.client import NotSlackError

_INVITE = "I am not in that channel: `/invite` me there, then `/tapeout resume`."
_REINSTALL = "Slack no longer accepts my token: install the app again, or give me the new token."
_RESTRICTED = "Only some people may post in that channel: let this app post there, or choose another channel."

HELD: Mapping[str, str] = {
    "channel_not_found": "I cannot see that channel: it was deleted, or is private and I am not in it: `/invite` me.",
    "not_in_channel": _INVITE,
    "is_archived": "That channel is archived: unarchive it, or choose another one.",
    "method_not_supported_for_channel_type": "I cannot join that channel by myself: `/invite` me there.",
    "cant_invite_self": _INVITE,
    "restricted_action": _RESTRICTED,
    "restricted_action_read_only_channel": _RESTRICTED,
    "restricted_action_thread_only_channel": _RESTRICTED,
    "restricted_action_non_threadable_channel": "Replies are not allowed in that channel: choose another channel.",
    "cannot_reply_to_message": "Slack does not allow a reply to that message.",
    "thread_locked": "That thread is locked.",
    "team_access_not_granted": "The app was not granted this workspace: an org admin must add it.",
    "access_denied": "Slack denies the app access to that: an admin must allow it.",
    "no_permission": "The app lacks a permission: install it again with the current manifest.",
    "missing_scope": "The app lacks a permission: install it again with the current manifest.",
    "org_login_required": "The workspace is being moved to an organisation: try when that is done.",
    "team_added_to_org": "The workspace is being moved to an organisation: try when that is done.",
    "ekm_access_denied": "The workspace's administrators have suspended posting.",
    "user_not_found": "I cannot see that person any more.",
    "messages_tab_disabled": "Direct messages with me are switched off in the app's settings.",
}
"""Errors that go away only when somebody does something."""

DELETED = "The post was deleted in Slack: nothing more is said of it there."
GONE: Mapping[str, str] = dict.fromkeys(("message_not_found", "thread_not_found", "cant_update_message"), DELETED)
"""What Slack says of a message of ours that somebody deleted, with or without replies under it."""
TOKEN = frozenset({"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive"})
RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "rate_limit_exceeded", "message_limit_exceeded"})
STILL_STREAMS = "streaming_state_conflict"
MAYBE_DONE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack says of these that part of the work may have been done before the error."""


@asynccontextmanager
async def refusals(*, repeatable: bool = False) -> AsyncIterator[None]:
    """Turn whatever Slack or the connection raises inside into a `DeliveryError`.

    Args:
        repeatable: doing it twice does no harm (an update, a read): what would be ambiguous is a plain retry.
    """
    try:
        yield
    except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
        raise refusal(error, repeatable=repeatable) from error


def refusal(error: BaseException, *, repeatable: bool = False) -> DeliveryError:
    """What an exception of the SDK's or the connection's means; never quotes a response, which may hold a secret."""
    unsure = "retry" if repeatable else "ambiguous"
    if isinstance(error, SlackApiError):
        return _answered(error, unsure)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return DeliveryError("Slack could not be reached.", state="retry")
    if isinstance(error, NotSlackError):
        return DeliveryError("A network's sign-in page or a proxy answered in Slack's place.", state="retry")
    return DeliveryError("The connection to Slack was lost before it answered.", state=unsure)


def error_code(error: SlackApiError) -> str:
    """Slack's own word for what went wrong, or `""` where the answer was not Slack's JSON."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def _answered(error: SlackApiError, unsure: str) -> DeliveryError:
    code = error_code(error)
    status: int = getattr(error.response, "status_code", None) or getattr(error.response, "status", None) or 0
    if status == 429 or code in RATE_LIMITED:  # noqa: PLR2004 HTTP's "too many requests"
        return DeliveryError("Slack asks for a pause.", state="retry", retry_after=_retry_after(error))
    if code in TOKEN:
        return TokenError(_REINSTALL)
    if code == STILL_STREAMS:
        return DeliveryError("Slack takes that message for one that still streams.", state="retry")
    for state, sentences in (("gone", GONE), ("held", HELD)):
        if code in sentences:
            return DeliveryError(sentences[code], state=state)
    if not code or code in MAYBE_DONE or status >= 500:  # noqa: PLR2004 HTTP's server errors
        return DeliveryError("Slack had a fault of its own.", state=unsure, retry_after=_retry_after(error))
    return DeliveryError(f"Slack does not take this message ({code}).", state="failed")


def _retry_after(error: SlackApiError) -> float | None:
    """Seconds from `Retry-After`, where it is a number."""
    headers = getattr(error.response, "headers", None) or {}
    for name, value in headers.items():
        if str(name).lower() == "retry-after":
            try:
                return max(float(value[0] if isinstance(value, list) else value), 0.0)
            except (ValueError, IndexError):
                return None
    return None
