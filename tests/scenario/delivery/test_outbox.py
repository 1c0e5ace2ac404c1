"""The outbox against the local workspace's faults: what is written in the ledger is in the channel, once."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import aiohttp
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.delivery.outbox import Outbox
from bot.models import Brief, DeliveryState, Quote, Sentence, Source
from bot.slack.client import make_client, open_session
from bot.slack.sender import Sender
from bot.store import Database, channels, claims, deliveries, lanes, stories
from bot.store.tables import delivery
from bot.workspace import Workspace
from tests.scenario.ticking import Clock, deliver

MANIFEST = json.loads((Path(__file__).parents[3] / "manifest.json").read_text(encoding="utf-8"))
CHANNEL = "ai-infrastructure"


def _brief(headline: str) -> Brief:
    quote = Quote(1, "The campus will draw 1.2 GW.")
    return Brief(
        headline=headline,
        headline_quotes=(quote,),
        what=(Sentence("The campus will draw 1.2 GW.", (quote,)),),
        why=None,
        facts=(),
        unknown=(),
        sources=(Source(1, 1, "Rackpost", "A campus", "https://rackpost.example/1"),),
        reported_by=1,
    )


@dataclass
class Desk:
    """An outbox, its ledger, and the workspace that it posts to."""

    workspace: Workspace
    db: Database
    outbox: Outbox
    clock: Clock
    session: aiohttp.ClientSession

    @property
    def channel_id(self) -> str:
        """The channel's id."""
        return self.workspace.channel_id(CHANNEL)

    async def story(self, headline: str = "A campus") -> int:
        """A story with a brief, queued for the channel."""
        async with self.db.write() as connection:
            made = await stories.create(
                connection, title=headline, lead_article_id=1, features=b"", related=(), now=self.clock()
            )
        await self.tell(made, headline, version=1)
        return made

    async def tell(self, story_id: int, headline: str, *, version: int) -> None:
        """Queue a version of a story."""
        async with self.db.write() as connection:
            await stories.save_brief(
                connection,
                _brief(headline),
                story_id=story_id,
                version=version,
                input_hash=str(version),
                now=self.clock(),
            )
            await deliveries.enqueue(
                connection,
                team_id=self.workspace.team_id,
                channel_id=self.channel_id,
                key=f"story:{story_id}",
                state=DeliveryState.PENDING,
                now=self.clock(),
                story_id=story_id,
                want_version=version,
            )

    async def rows(self) -> list[Any]:
        """The ledger."""
        async with self.db.read() as connection:
            return list((await connection.execute(sa.select(delivery).order_by(delivery.c.id))).all())

    async def settle(self) -> None:
        """Send until nothing is due any more, letting time pass as the ledger asks for."""
        await deliver(self.outbox, self.clock)

    def posts(self) -> list[dict[str, Any]]:
        """What is in the channel from the bot, joins apart."""
        bot = self.workspace.bot_user_id
        return [
            message
            for message in self.workspace.messages(CHANNEL)
            if message.get("user") == bot and not message.get("subtype")
        ]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Everything a delivery goes through, without the loops."""
    workspace = Workspace(MANIFEST)
    workspace.timing.wait_longer(30)
    await workspace.start()
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await db.migrate()
    clock = Clock()
    async with open_session(timeout_s=5) as session:
        sender = Sender(make_client(workspace.bot_token, workspace.api_url, session))

        async def sender_of(_team_id: str) -> Sender:
            return sender

        made = Desk(workspace, db, Outbox(db, sender_of, clock=clock), clock, session)
        async with db.write() as connection:
            await channels.add_team(
                connection, team_id=workspace.team_id, name="Local", bot_user_id=workspace.bot_user_id, now=clock()
            )
            await channels.add_channel(
                connection,
                team_id=workspace.team_id,
                channel_id=made.channel_id,
                name=CHANNEL,
                threshold=0.3,
                now=clock(),
            )
        yield made
    await db.close()
    await workspace.stop()


async def test_a_story_is_posted_and_its_growth_updates_the_same_message(desk: Desk) -> None:
    """One message, whose text becomes the newer version's; then nothing is due."""
    story_id = await desk.story("Old headline")
    await desk.settle()
    (before,) = desk.posts()
    await desk.tell(story_id, "New headline", version=2)
    await desk.settle()
    (after,) = desk.posts()
    assert before["ts"] == after["ts"]
    assert "New headline" in after["text"]
    (row,) = await desk.rows()
    assert (row.state, row.sent_version, row.run_at) == ("sent", 2, None)


@pytest.mark.parametrize("times", [1, 3])
async def test_a_connection_that_breaks_after_slack_took_the_post_makes_no_second_one(desk: Desk, times: int) -> None:
    """The post is found by its metadata and adopted, however often the connection breaks."""
    desk.workspace.faults.reset_after("chat.postMessage", times=times)
    await desk.story()
    await desk.settle()
    assert len(desk.posts()) == 1
    assert [row.state for row in await desk.rows()] == ["sent"]


@pytest.mark.parametrize("jump_s", [-500.0, -3600.0, 86_400.0])
async def test_a_clock_that_jumps_neither_loses_nor_doubles(desk: Desk, jump_s: float) -> None:
    """Between a post whose answer was lost and the look for it: it is found, and what came after goes once, too."""
    if jump_s == -500.0:
        desk.clock.pass_by(500.0)  # it was wrong, and is set right
    desk.workspace.faults.reset_after("chat.postMessage")
    await desk.story("Before")
    await desk.outbox.run_due()
    desk.clock.pass_by(jump_s)
    await desk.story("After")
    await desk.settle()
    assert sorted(post["text"].split("\n")[0] for post in desk.posts()) == ["After", "Before"]
    assert {row.state for row in await desk.rows()} == {"sent"}


async def test_an_uncertain_direct_message_is_looked_up_where_it_went(desk: Desk) -> None:
    """A notice is posted to a person's id, which has no history of its own: the direct messages with them have it."""
    ada = desk.workspace.user_id("ada")
    async with desk.db.write() as connection:
        await channels.add_direct(connection, team_id=desk.workspace.team_id, user_id=ada, now=desk.clock())
        await deliveries.enqueue(
            connection,
            team_id=desk.workspace.team_id,
            channel_id=ada,
            key="feed:1:broken",
            state=DeliveryState.PENDING,
            now=desk.clock(),
            body="A feed is broken.",
        )
    desk.workspace.faults.reset_after("chat.postMessage")
    desk.workspace.faults.fail("conversations.open", "internal_error")
    await desk.settle()
    told = [one["text"] for one in desk.workspace.messages(desk.workspace.dm_id("ada")) if "broken" in one["text"]]
    assert told == ["A feed is broken."]
    assert [row.state for row in await desk.rows()] == ["sent"]


async def test_a_connection_that_breaks_before_slack_took_the_post_loses_nothing(desk: Desk) -> None:
    """History does not have it, so it is sent again."""
    desk.workspace.faults.reset_before("chat.postMessage", times=2)
    await desk.story()
    await desk.settle()
    assert len(desk.posts()) == 1


async def test_a_server_error_after_which_nobody_knows_is_looked_up(desk: Desk) -> None:
    """HTTP 500 does not say whether the post was taken: history is asked before anything is sent again."""
    desk.workspace.faults.server_error("chat.postMessage")
    await desk.story()
    await desk.settle()
    assert len(desk.posts()) == 1
    assert len(desk.workspace.calls_of("conversations.history")) == 1


async def test_nothing_is_sent_again_while_history_cannot_be_read(desk: Desk) -> None:
    """The row stays ambiguous and says why; once history can be read, the post is adopted."""
    desk.workspace.faults.reset_after("chat.postMessage")
    desk.workspace.faults.fail("conversations.history", "missing_scope", times=3)
    await desk.story()
    await desk.outbox.run_due()
    for _ in range(3):
        due = await desk.outbox.next_at()
        assert due is not None
        desk.clock.now = due
        await desk.outbox.run_due()
        (row,) = await desk.rows()
        assert row.state == "ambiguous"
        assert "history" in row.reason
        assert len(desk.workspace.calls_of("chat.postMessage")) == 1
    await desk.settle()
    assert len(desk.posts()) == 1
    assert [row.state for row in await desk.rows()] == ["sent"]


async def test_the_pace_holds_between_sends_however_late_they_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process is so busy that each post takes it three seconds: the next begins 1.1 s after the last one's end.

    Meanwhile nobody else takes anything up for that channel.
    """
    begun: list[datetime] = []
    taken: list[int] = []
    post = Sender.post

    async def late(sender: Sender, *args: Any, **more: Any) -> str:
        begun.append(desk.clock())
        for _ in range(3):
            desk.clock.pass_by(1)
            taken.append(await desk.outbox.run_due())
        return await post(sender, *args, **more)

    monkeypatch.setattr(Sender, "post", late)
    for number in range(3):
        await desk.story(f"Story {number}")
    await desk.settle()
    assert taken == [0] * 9
    assert len(desk.posts()) == 3
    took = timedelta(seconds=3)
    assert all(later - earlier >= took + lanes.SPACING for earlier, later in itertools.pairwise(begun))


async def test_slacks_pace_is_kept(desk: Desk) -> None:
    """After 429, nothing goes to the channel before Retry-After has passed; then all of it does."""
    desk.workspace.faults.rate_limit("chat.postMessage", retry_after=30)
    await desk.story("One")
    await desk.story("Two")
    start = desk.clock()
    await desk.outbox.run_due()
    due = await desk.outbox.next_at()
    assert due is not None
    assert due - start >= timedelta(seconds=30)
    await desk.settle()
    assert len(desk.posts()) == 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("not_in_channel", "/invite"),
        ("is_archived", "archived"),
        ("token_revoked", "install"),
        ("channel_not_found", "deleted"),
    ],
)
async def test_what_somebody_must_mend_is_held_with_what_to_do(desk: Desk, error: str, words: str) -> None:
    """The row is held, says what to do, and goes out once when the channel is open again."""
    desk.workspace.faults.fail("chat.postMessage", error)
    await desk.story()
    await desk.settle()
    (row,) = await desk.rows()
    assert row.state == "held"
    assert words in row.reason
    async with desk.db.write() as connection:
        await deliveries.resume_held(connection, desk.workspace.team_id, desk.channel_id, desk.clock())
    await desk.settle()
    assert len(desk.posts()) == 1


async def test_a_poison_row_is_set_aside_and_the_next_one_goes(desk: Desk) -> None:
    """A message that Slack will never take is failed with its reason; the channel's others are not held up."""
    desk.workspace.faults.fail("chat.postMessage", "invalid_blocks")
    await desk.story("Poison")
    await desk.story("Fine")
    await desk.settle()
    assert [row.state for row in await desk.rows()] == ["failed", "sent"]
    assert ["Fine" in post["text"] for post in desk.posts()] == [True]


async def test_a_process_that_died_in_the_middle_is_followed_by_a_look_into_history(desk: Desk) -> None:
    """A row whose lease ran out is SENDING: the post that is there is adopted, not repeated."""
    await desk.story()
    async with desk.db.write() as connection:
        (item,) = await deliveries.claim_due(connection, desk.clock(), 1)
    sender = Sender(make_client(desk.workspace.bot_token, desk.workspace.api_url, desk.session))
    message = await desk.outbox._compose(item)
    await sender.post(desk.channel_id, message, delivery_key=f"{item.id}/{item.key}")
    desk.clock.pass_by(deliveries.LEASE.total_seconds() + 1)  # the process died here; its lease runs out
    await desk.settle()
    assert len(desk.posts()) == 1
    assert [row.state for row in await desk.rows()] == ["sent"]


async def test_a_process_that_wakes_late_sends_nothing(desk: Desk, tmp_path: Path) -> None:
    """It was asleep between its claim and its post; another one has posted meanwhile, and stays the one who did."""
    await desk.story()
    async with desk.db.write() as connection:
        (item,) = await deliveries.claim_due(connection, desk.clock(), 1)
    claimed_at = desk.clock()
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with other.write() as connection:
        await claims.release_all(connection, desk.clock())
    desk.clock.pass_by(30)
    await Outbox(other, desk.outbox._sender_of, clock=desk.clock).run_due()
    await desk.outbox._deliver(item, claimed_at)
    await other.close()
    assert len(desk.posts()) == 1
    assert [(row.state, row.ts) for row in await desk.rows()] == [("sent", desk.posts()[0]["ts"])]


async def test_one_delivery_that_cannot_be_written_down_leaves_no_other_half_done(desk: Desk) -> None:
    """The error is passed on once all of them have come to their end; what was posted is found, not repeated."""
    for number in range(3):
        await desk.story(f"Story {number}")
    full = sqlite3.OperationalError("database or disk is full")
    desk.outbox._sent = AsyncMock(side_effect=OperationalError("UPDATE", {}, full))  # type: ignore[method-assign]
    desk.outbox._settle = AsyncMock(side_effect=OperationalError("UPDATE", {}, full))  # type: ignore[method-assign]
    with pytest.raises(OperationalError):
        await desk.outbox.run_due()
    del desk.outbox._sent, desk.outbox._settle
    assert len(desk.posts()) == 1
    desk.clock.pass_by(deliveries.LEASE.total_seconds() + 1)
    await desk.settle()
    assert len(desk.posts()) == 3
    assert {row.state for row in await desk.rows()} == {"sent"}


async def test_a_line_waits_for_the_post_whose_thread_it_belongs_to(desk: Desk) -> None:
    """What is new in a story is said under its post, never beside it, whichever row is due first."""
    story_id = await desk.story()
    async with desk.db.write() as connection:
        await connection.execute(sa.update(delivery).values(run_at=desk.clock() + timedelta(seconds=20)))
        await deliveries.enqueue(
            connection,
            team_id=desk.workspace.team_id,
            channel_id=desk.channel_id,
            key=f"line:{story_id}:2",
            state=DeliveryState.PENDING,
            now=desk.clock(),
            story_id=story_id,
            body="Confirmed by 2 publishers: 1.2 GW <!channel>.",
        )
    await desk.settle()
    (post,) = desk.posts()
    replies = desk.workspace.thread(CHANNEL, post["ts"])[1:]
    assert [reply["text"] for reply in replies] == ["Confirmed by 2 publishers: 1.2 GW &lt;!channel&gt;."]


async def test_an_error_of_ours_holds_up_no_other_delivery(desk: Desk) -> None:
    """A row that cannot be composed is kept and tried again; the next one goes out."""
    broken = await desk.story("Broken")
    async with desk.db.write() as connection:
        await connection.execute(sa.text("UPDATE brief SET body = '{}' WHERE story_id = :id"), {"id": broken})
    await desk.story("Fine")
    await desk.outbox.run_due()
    desk.clock.pass_by(2)
    await desk.outbox.run_due()
    states = {row.key: row.state for row in await desk.rows()}
    assert states[f"story:{broken}"] == "ambiguous"
    assert len(desk.posts()) == 1
