"""Signed passes: who may look, and until when, in a form that nobody else can make. Pure.

A pass is its contents in base64url, a full stop, and an HMAC-SHA256 over them (RFC 2104) in base64url. It is a secret
of whoever has it, so links live for minutes; a visit's pass is in a cookie that scripts cannot read.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from datetime import UTC, datetime, timedelta

from bot.errors import NotAllowedError
from bot.models import Pass

LINK_LIFE = timedelta(minutes=10)
VISIT_LIFE = timedelta(hours=8)
KEY_BYTES = 32
_EXPIRED = "This link has expired. Type `/tapeout web` in Slack for a new one."
_FORGED = "This link is not one of ours. Type `/tapeout web` in Slack for one."


def sign(key: bytes, made: Pass) -> str:
    """The pass as text, for an address or a cookie."""
    body = json.dumps([made.use, made.team_id, made.user_id, int(made.until.timestamp())], separators=(",", ":"))
    packed = _pack(body.encode())
    return f"{packed}.{_pack(_mac(key, packed))}"


def read(key: bytes, text: str, *, use: str, now: datetime) -> Pass:
    """The pass that a text is.

    Raises:
        NotAllowedError: it was not made with this key, for this use, or has expired.
    """
    packed, _, mac = text.partition(".")
    try:
        given = _unpack(mac)
        if not hmac.compare_digest(_mac(key, packed), given):
            raise NotAllowedError(_FORGED)
        was_for, team_id, user_id, until = json.loads(_unpack(packed))
    except (binascii.Error, ValueError):
        raise NotAllowedError(_FORGED) from None
    found = Pass(team_id, user_id, datetime.fromtimestamp(until, UTC), was_for)
    if found.use != use:
        raise NotAllowedError(_FORGED)
    if found.until <= now:
        raise NotAllowedError(_EXPIRED)
    return found


def _mac(key: bytes, packed: str) -> bytes:
    return hmac.digest(key, b"tapeout web view\0" + packed.encode(), "sha256")


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
