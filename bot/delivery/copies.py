"""Sends digests to where they go besides Slack: e-mail and other chats, by Apprise.

```
digest made ─► can the service be reached? ─no─► looked at again, for some hours
                  │ yes
                  ▼
               row (digest, target) ─► sent, or failed with its reason. Never sent twice.
```
A mail server has no history that could be looked into. So the row that is written before sending is the permission to
send: a crash in between leaves a digest unsent there, and says so in the log; nobody gets it twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot import metrics, tenancy
from bot.clock import Clock
from bot.delivery import digest_words
from bot.delivery.schedule import LATE_MOST
from bot.delivery.targets import HOSTS, SCHEMES, SETTING, Target
from bot.errors import SettingsError
from bot.feeds.guard import Guard, is_public
from bot.store import Database, copies
from bot.store.copies import MadeDigest

if TYPE_CHECKING:
    from apprise import Apprise

log = structlog.get_logger(__name__)

#: A service that cannot be reached is looked at again after this.
PATIENCE = timedelta(minutes=2)
#: Seconds that reaching it may take.
REACH_S = 5.0
HTTPS, HTTP = 443, 80


class Copies:
    """Sends copies of digests; `run_due` is one of the loops.

    Args:
        db: the store.
        targets: where they go.
        clock: what time it is.
        allowed_hosts: `host:port` pairs that may be private.

    Raises:
        SettingsError: Apprise is not installed, or does not understand an address.
    """

    def __init__(
        self, db: Database, targets: Collection[Target], *, clock: Clock, allowed_hosts: Collection[str] = ()
    ) -> None:
        self._db = db
        self._clock = clock
        self._guard = Guard(allowed_hosts)
        self._services = [(target, _service(target, number)) for number, target in enumerate(targets, start=1)]
        self._not_before: dict[str, datetime] = {}

    async def run_due(self) -> int:
        """Send what was made lately and is not there yet; how many were sent."""
        if not self._services:
            return 0
        now = self._clock()
        async with self._db.read() as connection:
            made = await copies.made_since(connection, now - LATE_MOST)
        done = 0
        for one in made:
            for target, service in self._services:
                if one.is_for(target.takes, target.id) and now >= self._not_before.get(target.id, now):
                    with tenancy.within(one.team_id):
                        done += await self._copy(one, target, service)
        return done

    async def next_at(self) -> datetime | None:
        """When a service that could not be reached is looked at again."""
        return min(self._not_before.values(), default=None)

    async def _copy(self, made: MadeDigest, target: Target, service: Apprise) -> bool:
        trouble = await self._trouble(target, service)
        if trouble is not None:
            self._not_before[target.id] = self._clock() + PATIENCE
            log.warning("a digest's copy waits", service=SCHEMES[target.scheme], target=target.id, reason=trouble)
            return False
        self._not_before.pop(target.id, None)
        async with self._db.write() as connection:
            ours = await copies.begin(connection, made, target.id, self._clock())
        if ours is None:
            return False  # another process has it
        is_sent = await asyncio.to_thread(_send, service, target, made)
        reason = None if is_sent else f"{SCHEMES[target.scheme]} did not take it; it is not sent again."
        async with self._db.write() as connection:
            await copies.settle(connection, ours, state="sent" if is_sent else "failed", reason=reason)
        metrics.copies.labels("sent" if is_sent else "failed").inc()
        tell = log.info if is_sent else log.error
        tell("a digest's copy", service=SCHEMES[target.scheme], target=target.id, sent=is_sent)
        return True

    async def _trouble(self, target: Target, service: Apprise) -> str | None:
        """Why a service cannot be written to now; None: it answers, at an address that may be written to."""
        host, port = _endpoint(target, service)
        try:
            async with asyncio.timeout(REACH_S):
                _, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError) as error:
            return f"It cannot be reached ({type(error).__name__})."
        try:
            address = str(writer.get_extra_info("peername")[0])
        finally:
            writer.close()
        if is_public(address) or self._guard.allows(host, port):
            return None
        return "It is not on the public internet; TAPEOUT_ALLOWED_HOSTS can allow its host:port."


def _service(target: Target, number: int) -> Apprise:
    try:
        import apprise  # noqa: PLC0415  # an extra: not everybody needs it
    except ImportError:
        raise SettingsError(f"{SETTING} needs more: pip install 'tapeout[apprise]'.") from None
    # It logs addresses, which are secrets; what becomes of a copy is told by us.
    logging.getLogger("apprise").disabled = True
    # A redirect could lead anywhere, also to where no guard has looked.
    asset = apprise.AppriseAsset(app_id="Tapeout", async_mode=False, http_redirects=False)
    service = apprise.Apprise(asset=asset)
    if not service.add(target.url):
        raise SettingsError(f"{SETTING}, entry {number}: Apprise does not understand this {target.scheme} address.")
    return service


def _endpoint(target: Target, service: Apprise) -> tuple[str, int]:
    """Where a service is."""
    plugin: Any = service[0]
    if target.scheme in HOSTS:
        return HOSTS[target.scheme], HTTPS
    host = getattr(plugin, "smtp_host", None) or plugin.host
    is_plain = target.scheme in {"mmost", "matrix"}
    return str(host), int(plugin.port or (HTTP if is_plain else HTTPS))


def _send(service: Apprise, target: Target, made: MadeDigest) -> bool:
    from apprise import NotifyFormat  # noqa: PLC0415  # an extra: not everybody needs it

    title = digest_words.subject(made.digest, made.channel)
    if target.scheme.startswith("mailto"):
        body = digest_words.as_html(made.digest, made.channel)
        return bool(service.notify(body, title=title, body_format=NotifyFormat.HTML))
    most = int(getattr(service[0], "body_maxlen", digest_words.TEXT_MOST))
    text = digest_words.as_text(made.digest, made.channel, most - 100)
    return bool(service.notify(text, body_format=NotifyFormat.TEXT))
