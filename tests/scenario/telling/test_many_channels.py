"""A story is told in many channels of a workspace at once: each as it has chosen, at the cost of one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import opening
from bot.choices import TopicChoice
from bot.newsroom import Newsroom
from bot.settings import load
from bot.store import Database, articles, channels, choices, deliveries, feeds, filters, tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


#: Two events, each as two publishers tell it; the second counts more.
HALDEN = (
    (
        "Halden signs for 600 MW of nuclear power for its data centre in Oulu",
        """Halden said on Sunday that it has signed for 600 megawatts of nuclear power for its data centre in Oulu. The
        contract runs for 12 years and costs $1.3 billion, according to a filing. The data centre in Oulu holds 40,000
        accelerators, the company said.""",
    ),
    (
        "Nuclear power for Halden: 600 MW for the data centre in Oulu",
        """A reactor will feed 600 megawatts into the data centre that Halden runs in Oulu, under a contract of $1.3
        billion, people familiar with it told Paper 1. Oulu's site has 45,000 accelerators. Halden did not say when the
        power starts to flow.""",
    ),
)
TESSELLAR = (
    (
        "Tessellar raises prices of its inference chips by 35 percent",
        """Tessellar told customers that its inference chips will cost 35 percent more from January, $9,400 each. Orders
        of 20,000 chips placed before then keep the old price, the letter said. Memory is scarce, Tessellar wrote.""",
    ),
    (
        "Inference chips of Tessellar get 35 percent dearer",
        """Buyers of Tessellar's inference chips pay $9,400 apiece from January, 35 percent more than now, a letter to
        customers shows. It exempts 25,000 chips ordered earlier. Tessellar confirmed the letter.""",
    ),
)
Event = tuple[tuple[str, str], tuple[str, str]]


@dataclass
class Desk:
    """A newsroom, and what its channels follow."""

    newsroom: Newsroom
    db: Database
    feed_ids: list[int]
    statements: list[str] = field(default_factory=list)

    async def channel(self, *names: str) -> None:
        """Set channels up that follow all feeds since yesterday."""
        async with self.db.write() as connection:
            for name in names:
                await channels.add_channel(
                    connection, team_id="T1", channel_id=name, name=name, threshold=0.1, now=NOW - DAY
                )
                await channels.subscribe_all(
                    connection, team_id="T1", channel_id=name, feed_ids=self.feed_ids, created_by="U1", now=NOW - DAY
                )

    async def publish(self, number: int, event: Event = HALDEN) -> None:
        """Join what the publisher with this number tells of an event, and tell its story."""
        title, text = event[number]
        address = f"https://p{number}.example/{title.replace(' ', '-')}"
        row: dict[str, Any] = {
            "feed_id": self.feed_ids[number], "identity": title, "url": address, "canonical_url": address,
            "title": title, "title_key": title,
            "publisher": f"Paper {number}", "text": text, "authors": [], "categories": [], "first_seen_at": NOW,
            "content_hash": "h", "verdict": "new", "reason": "It was not in the feed before.", "stage": "join",
            "due_at": NOW,
        }  # fmt: skip
        async with self.db.write() as connection:
            await articles.add(connection, [row])
        while await self.newsroom.join_due():
            pass
        self.statements.clear()
        while await self.newsroom.tell_due():
            pass

    async def ledger(self) -> dict[tuple[str, str], Any]:
        """The deliveries, by channel and kind."""
        async with self.db.read() as connection:
            rows = await connection.execute(sa.select(tables.delivery))
            return {(row.channel_id, row.key.partition(":")[0]): row for row in rows}

    async def all_sent(self) -> None:
        """Say that everything arrived."""
        async with self.db.write() as connection:
            for item in await deliveries.claim_due(connection, NOW, 100):
                await deliveries.sent(connection, item, ts="1.1", version=item.want_version, root_ts=None, now=NOW)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A workspace, and two publishers' feeds."""
    known = load(
        {"DATABASE_URL": f"sqlite:///{tmp_path}/t.db", "TAPEOUT_DATA_DIR": str(tmp_path), "TAPEOUT_GATHER_S": "0"}
    )
    async with (
        opening.open_store(known, migrate=True) as db,
        opening.open_newsroom(known, db, clock=lambda: NOW) as newsroom,
    ):
        async with db.write() as connection:
            await channels.add_team(connection, team_id="T1", name="One", bot_user_id="U0", now=NOW - DAY)
            made = [
                await feeds.add(
                    connection,
                    url=f"https://p{n}.example/feed",
                    title="",
                    publisher=f"Paper {n}",
                    site_url=None,
                    now=NOW,
                )
                for n in range(2)
            ]
        desk = Desk(newsroom, db, [feed.id for feed in made])

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            desk.statements.append(statement)

        for engine in _engines(db):
            sa.event.listen(engine, "before_cursor_execute", note)
        yield desk


def _engines(db: Database) -> Sequence[sa.Engine]:
    return [db._writer.sync_engine, db._reader.sync_engine]


async def test_each_channel_hears_of_a_story_as_it_has_chosen(desk: Desk) -> None:
    """Judged together, a bar, a mute, a filter and a style of one channel are none of the others'."""
    await desk.channel("CPLAIN", "CBAR", "CMUTED", "CFILTER", "CDEEP")
    async with desk.db.write() as connection:
        await choices.configure(connection, "T1", "CBAR", threshold=0.99)
        await choices.configure(connection, "T1", "CDEEP", style="deep")
        muted = TopicChoice("Data centres and power", muted_until=NOW + DAY)
        await choices.save_topic(connection, muted, team_id="T1", channel_id="CMUTED", created_by="U1", now=NOW)
        await filters.add(
            connection,
            team_id="T1",
            channel_id="CFILTER",
            subscription_id=None,
            text="quantum",
            created_by="U1",
            now=NOW,
        )
    await desk.publish(0)
    ledger = await desk.ledger()
    states = {channel: row.state for (channel, _), row in ledger.items()}
    assert states == {
        "CPLAIN": "pending", "CDEEP": "pending", "CBAR": "withheld", "CMUTED": "withheld", "CFILTER": "withheld",
    }  # fmt: skip
    assert "threshold of 0.99" in ledger["CBAR", "story"].reason
    assert "is muted here" in ledger["CMUTED", "story"].reason
    assert "`quantum`" in ledger["CFILTER", "story"].reason
    async with desk.db.read() as connection:
        styles = set((await connection.execute(sa.select(tables.brief.c.style))).scalars())
    assert styles == {"standard", "deep"}


async def test_a_grown_story_is_told_in_each_channel_as_that_knows_it(desk: Desk) -> None:
    """Where it was posted the post is brought up to date, with a line in its thread; elsewhere it may be posted now."""
    await desk.channel("CTOLD", "CBAR")
    async with desk.db.write() as connection:
        await choices.configure(connection, "T1", "CBAR", threshold=0.99)
    await desk.publish(0)
    await desk.all_sent()
    async with desk.db.write() as connection:
        await choices.configure(connection, "T1", "CBAR", threshold=0.1)
    await desk.publish(1)
    ledger = await desk.ledger()
    assert set(ledger) == {("CTOLD", "story"), ("CTOLD", "line"), ("CBAR", "story")}
    told, new = ledger["CTOLD", "story"], ledger["CBAR", "story"]
    assert (told.state, told.want_version, told.sent_version, told.run_at) == ("sent", 2, 1, NOW)
    assert (new.state, new.want_version, new.reason, new.run_at) == ("pending", 2, None, NOW)


async def test_more_channels_take_no_more_statements(desk: Desk) -> None:
    """Told in two channels or in twelve, a new story and a grown one ask the database as often."""
    counts = []
    for many, event in ((2, HALDEN), (12, TESSELLAR)):
        await desk.channel(*(f"C{at}" for at in range(many)))
        for number in range(2):
            await desk.publish(number, event)
            counts.append(len(desk.statements))
            await desk.all_sent()
    assert len([row for (_, kind), row in (await desk.ledger()).items() if kind == "line"]) == 12
    assert counts[:2] == counts[2:]
