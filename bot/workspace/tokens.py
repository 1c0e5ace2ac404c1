"""Short-lived permissions that go out with payloads: `trigger_id` and `response_url`."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.workspace.shapes import ApiError
from bot.workspace.timing import Timing

RESPONSE_USES = 5
"""How often one `response_url` may be used (Slack's interactivity guide)."""


@dataclass(slots=True)
class Trigger:
    """A permission to open one view for the user who acted; `view_id` is the modal the action came from."""

    user_id: str
    view_id: str
    expires: datetime
    used: bool = False


@dataclass(slots=True)
class ResponseGrant:
    """A permission to answer where a user acted.

    Args:
        message_ts: The message that was acted on, which the answer may replace or delete.
        ephemeral: Whether that message is one that only the user sees.
    """

    user_id: str
    channel_id: str
    thread_ts: str | None
    message_ts: str | None
    ephemeral: bool
    expires: datetime
    left: int = RESPONSE_USES


class Tokens:
    """The permissions given out since the workspace started.

    Args:
        timing: How long they last.
    """

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._triggers: dict[str, Trigger] = {}
        self._grants: dict[str, ResponseGrant] = {}

    def new_trigger(self, user_id: str, now: datetime, *, view_id: str = "") -> str:
        """A `trigger_id` for a payload that goes out now."""
        self._triggers = {key: t for key, t in self._triggers.items() if now - t.expires < timedelta(minutes=10)}
        trigger_id = f"{len(self._triggers) + 1}.{int(now.timestamp())}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user_id, view_id, now + timedelta(seconds=self._timing.trigger))
        return trigger_id

    def check_trigger(self, trigger_id: str, now: datetime) -> Trigger:
        """The permission behind a `trigger_id`; the caller marks it `used`.

        Raises:
            ApiError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if now > trigger.expires:
            raise ApiError("expired_trigger_id")
        return trigger

    def new_response(
        self,
        user_id: str,
        channel_id: str,
        now: datetime,
        *,
        thread_ts: str | None = None,
        message_ts: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """The secret part of a `response_url`."""
        secret = secrets.token_urlsafe(18)
        expires = now + timedelta(seconds=self._timing.response_url)
        self._grants[secret] = ResponseGrant(user_id, channel_id, thread_ts, message_ts, ephemeral, expires)
        return secret

    def use_response(self, secret: str, now: datetime) -> ResponseGrant:
        """Uses a `response_url` once.

        Raises:
            ApiError: `no_such_url`, `expired_url` or `used_url`.
        """
        grant = self._grants.get(secret)
        if grant is None:
            raise ApiError("no_such_url")
        if now > grant.expires:
            raise ApiError("expired_url")
        if grant.left == 0:
            raise ApiError("used_url")
        grant.left -= 1
        return grant
