"""Sends what the ledger holds: claim, send, settle; and, where a send may have arrived, look before sending again.

```
PENDING ──claim──► SENDING ──ok──► SENT ──story grew──► (update in place) ──► SENT
   ▲                  │ └─ connection lost, crash ─► AMBIGUOUS/SENDING ──found in history──► SENT
   └── 429, 5xx ──────┘                                   └── not there ──► sent again
                      └─ channel gone, not a member ─► HELD      └─ refused for its content ─► FAILED
A post that somebody deleted is GONE, and so are the lines for its thread.
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from pydantic import TypeAdapter

from bot import metrics, tenancy, tracing
from bot.clock import Clock
from bot.errors import DeliveryError, TokenError
from bot.models import Delivery, DeliveryState, Relevance
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.channels import SHARED
from bot.slack.refusals import DELETED
from bot.slack.sender import Sender
from bot.store import Database, channels, deliveries, digests, stories
from bot.store.claims import SETTLING

log = structlog.get_logger(__name__)

#: So long after its claim a delivery is surely ours; later we ask, before anything goes out.
FRESH = timedelta(seconds=5)
#: Between two tries: 2 s, 4 s … at most five minutes.
MOST_WAIT = timedelta(minutes=5)
#: After this many refusals in a row (about an hour of them) a person should look.
MOST_ATTEMPTS = 20
#: A channel that was found not to be shared with another organisation is not looked at again for so long.
LOOKED_AT = timedelta(minutes=10)

_RELEVANCE = TypeAdapter(Relevance)


class NotReadyError(Exception):
    """It cannot be composed yet: the post whose thread it belongs to is still on its way."""


class TakenOverError(Exception):
    """Another worker has this delivery now: this process was asleep or cut off, and was taken for dead."""


async def _held_one_by_one(_team_id: str) -> bool:
    """Nobody stops a whole workspace: each delivery is held with its reason."""
    return False


class Outbox:
    """Sends due deliveries; several outboxes in several processes share one ledger."""

    def __init__(
        self,
        db: Database,
        sender_of: Callable[[str], Awaitable[Sender]],
        *,
        clock: Clock,
        token_refused: Callable[[str], Awaitable[bool]] = _held_one_by_one,
    ) -> None:
        self._db = db
        self._sender_of = sender_of
        self._clock = clock
        self._token_refused = token_refused
        self._own: dict[tuple[str, str], datetime] = {}

    async def run_due(self, limit: int = 10) -> int:
        """Claim and send what is due, each channel at its own pace; how many were taken up."""
        async with self._db.write() as connection:
            now = self._clock()
            items = await deliveries.claim_due(connection, now, limit)
        # All of them come to their end before an error (the database is gone) is passed on.
        ends = await asyncio.gather(*(self._deliver(item, now) for item in items), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return len(items)

    async def next_at(self) -> datetime | None:
        """When the next delivery can go."""
        async with self._db.read() as connection:
            return await deliveries.next_at(connection)

    async def _deliver(self, item: Delivery, claimed_at: datetime) -> None:
        noun: tracing.Noun = "story" if item.story_id is not None else "delivery"
        with tenancy.within(item.team_id), tracing.stage("deliver", noun, item.story_id or item.id):
            await self._attempt(item, claimed_at)

    async def _attempt(self, item: Delivery, claimed_at: datetime) -> None:
        try:
            await self._send(item, claimed_at)
        except TakenOverError:
            log.warning("another worker has this delivery now", key=item.key, channel=item.channel_id)
        except NotReadyError:
            await self._settle(item, _unsent(item.state), item.reason, self._clock() + SETTLING)
        except TokenError as error:
            await self._without_token(item, error)
        except DeliveryError as error:
            await self._refused(item, error)
        except Exception as error:
            tracing.failed(error)
            # Whatever it is, it is one delivery's trouble: keep the row, look before sending, tell the log.
            metrics.errors.labels("deliver").inc()
            log.exception("a delivery failed", delivery=item.id, key=item.key)
            await self._refused(
                item, DeliveryError(f"An error of ours ({type(error).__name__}); it is in the log.", state="ambiguous")
            )

    async def _send(self, item: Delivery, claimed_at: datetime) -> None:
        sender = await self._sender_of(item.team_id)
        key = f"{item.id}/{item.key}"
        root_ts = await self._root(item)
        message = await self._compose(item)
        if item.state is DeliveryState.SENT and item.ts is not None:
            await self._be_sure(item, claimed_at)
            await sender.update(item.channel_id, item.ts, message, delivery_key=key)
            await self._sent(item, ts=item.ts, version=item.want_version, root_ts=root_ts, result="updated")
            return
        if item.state in {DeliveryState.SENDING, DeliveryState.AMBIGUOUS} and item.first_try_at is not None:
            found = await sender.find(item.channel_id, key, item.first_try_at, thread_ts=root_ts)
            if found is not None:
                # What it shows may be of an earlier version: 0 has it brought up to date at once.
                version = 0 if item.story_id is not None and root_ts is None else item.want_version
                await self._sent(item, ts=found, version=version, root_ts=root_ts, result="adopted")
                return
        await self._refuse_shared(sender, item)
        await self._be_sure(item, claimed_at)
        ts = await sender.post(item.channel_id, message, delivery_key=key, thread_ts=root_ts)
        await self._sent(item, ts=ts, version=item.want_version, root_ts=root_ts, result="sent")

    async def _refuse_shared(self, sender: Sender, item: Delivery) -> None:
        """A channel may have been shared with another organisation after it was set up: hold what is for it."""
        where = (item.team_id, item.channel_id)
        now = self._clock()
        if not item.channel_id.startswith(("C", "G")) or now < self._own.get(where, now):
            return
        if await sender.is_shared(item.channel_id):
            self._own.pop(where, None)
            raise DeliveryError(SHARED, state="held")
        self._own[where] = now + LOOKED_AT

    async def _be_sure(self, item: Delivery, claimed_at: datetime) -> None:
        """Right before it goes out: is it still ours?

        Raises:
            TakenOverError: it is not.
        """
        now = self._clock()
        if claimed_at <= now < claimed_at + FRESH:
            return
        async with self._db.write() as connection:
            if not await deliveries.still_ours(connection, item, now):
                raise TakenOverError

    async def _root(self, item: Delivery) -> str | None:
        """The post under which this belongs; None: it is a post of its own.

        Raises:
            DeliveryError: `gone`: somebody deleted that post.
            NotReadyError: it is still on its way.
        """
        if not item.key.startswith("line:") or item.story_id is None:
            return None
        async with self._db.read() as connection:
            root, state = await deliveries.post_of(connection, item.team_id, item.channel_id, item.story_id)
        if state is DeliveryState.GONE:
            raise DeliveryError(DELETED, state="gone")
        if root is None:
            raise NotReadyError
        return root

    async def _compose(self, item: Delivery) -> Message:
        if item.key == "intro":
            return await self._intro(item)
        if item.body is not None:
            return blocks.sentence(item.body)
        if item.key.startswith("digest:"):
            return await self._digest(item)
        if item.story_id is None:
            raise DeliveryError("There is nothing to say in it.", state="failed")
        async with self._db.read() as connection:
            channel = await channels.get(connection, item.team_id, item.channel_id)
            if channel is None:
                raise DeliveryError("The channel is not configured any more.", state="failed")
            found = await stories.latest_brief(
                connection, item.story_id, language=channel.language, style=channel.style
            ) or await stories.latest_brief(connection, item.story_id)
        if found is None:
            raise NotReadyError
        relevance = _RELEVANCE.validate_json(item.relevance) if item.relevance else None
        return blocks.brief(found[1], relevance, story_id=item.story_id)

    async def _intro(self, item: Delivery) -> Message:
        async with self._db.read() as connection:
            listed = await channels.subscriptions(connection, item.team_id, item.channel_id)
        if not listed or not listed[0].subscriptions:
            raise DeliveryError("The channel has no feeds any more.", state="failed")
        return blocks.intro(listed[0].subscriptions[0])

    async def _digest(self, item: Delivery) -> Message:
        async with self._db.read() as connection:
            told = await digests.get(connection, item.team_id, item.channel_id, item.key)
        if told is None:
            raise DeliveryError("The digest is not there any more.", state="failed")
        return blocks.digest(told)

    async def _sent(self, item: Delivery, *, ts: str, version: int, root_ts: str | None, result: str) -> None:
        async with self._db.write() as connection:
            await deliveries.sent(connection, item, ts=ts, version=version, root_ts=root_ts, now=self._clock())
        metrics.deliveries.labels(result).inc()
        log.info("delivered", key=item.key, channel=item.channel_id, result=result)

    async def _refused(self, item: Delivery, error: DeliveryError) -> None:
        now = self._clock()
        backoff = min(timedelta(seconds=2.0 ** min(item.attempts + 1, 10)), MOST_WAIT)
        wait = timedelta(seconds=error.retry_after) if error.retry_after is not None else backoff
        state = {
            "retry": DeliveryState.PENDING,
            "ambiguous": DeliveryState.AMBIGUOUS,
            "held": DeliveryState.HELD,
            "failed": DeliveryState.FAILED,
            "gone": DeliveryState.GONE,
        }[error.state]
        if state is DeliveryState.PENDING:
            # Also where the look into history itself was refused: whether it is there is still not known.
            state = _unsent(item.state)
        if state is DeliveryState.AMBIGUOUS:
            wait = max(wait, SETTLING)
            if item.state is DeliveryState.SENT:
                state = DeliveryState.SENT  # an update can be repeated without harm
        if item.attempts >= MOST_ATTEMPTS and state is DeliveryState.PENDING:
            state = DeliveryState.HELD
        ends = state in {DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.GONE}
        metrics.deliveries.labels(state.value).inc()
        log.warning("not delivered", key=item.key, channel=item.channel_id, state=state.value, reason=str(error))
        lane_until = now + wait if error.retry_after is not None else None
        await self._settle(item, state, str(error), None if ends else now + wait, lane_until)

    async def _without_token(self, item: Delivery, error: TokenError) -> None:
        """The whole workspace rests until the app is installed there again: its deliveries wait as they are."""
        if await self._token_refused(item.team_id):
            await self._settle(item, _unsent(item.state), str(error), self._clock())
        else:
            await self._refused(item, error)

    async def _settle(
        self,
        item: Delivery,
        state: DeliveryState,
        reason: str | None,
        run_at: datetime | None,
        lane_until: datetime | None = None,
    ) -> None:
        async with self._db.write() as connection:
            await deliveries.settle(
                connection,
                item,
                state=state,
                reason=reason,
                run_at=run_at,
                now=self._clock(),
                lane_until=lane_until,
            )


def _unsent(before: DeliveryState) -> DeliveryState:
    """The state of a delivery that surely did not go out this time; before, it may have."""
    if before in {DeliveryState.SENDING, DeliveryState.AMBIGUOUS}:
        return DeliveryState.AMBIGUOUS
    return before if before is DeliveryState.SENT else DeliveryState.PENDING  # SENT: only its update is late
