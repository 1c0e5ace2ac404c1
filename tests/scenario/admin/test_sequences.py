"""Random sequences of what admins do leave no orphan and nothing double, and the same state after export and apply.

A few sequences in each run; `make sequences` does a thousand.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot import plans
from bot.errors import SettingsError, UserError
from bot.models import Actor
from bot.newsroom import Newsroom, Resources
from bot.signals import Bells
from bot.slack.sender import Sender
from bot.store import Database, channels
from bot.store.tables import feed_filter, subscription
from bot.stories.vectors import word_vectors

SEQUENCES = int(os.environ.get("TAPEOUT_TEST_SEQUENCES", "10"))
STEPS = 25
TEAM = "T1"
ADA = Actor(TEAM, "U1", is_admin=True, sees_all=True)
CHANNELS = {"chips": "C1", "power": "C2"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
T = TypeVar("T")

places = st.sampled_from(sorted(CHANNELS))
numbers = st.integers(1, 3).map(str)
addresses = st.lists(st.integers(1, 5).map("https://feeds.example/{}.xml".format), min_size=1, max_size=3, unique=True)
rule_texts = st.sampled_from(
    ['"HBM" AND Samsung', "not gaming", "/gpt-?[0-9]/", "language: en, de", 'author: Ana "the pen" Ø', "substance: 0.3"]
)
topic_texts = st.sampled_from(["HBM OR DRAM", "inference latency on custom chips", "Money and deals", "Papers \\ more"])
rhythms = st.sampled_from(["daily 8:30", "quiet 22-7", "at most 3 a day", "weekdays 9:00", "off"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database of one workspace."""
    path = tmp_path_factory.mktemp("sequences") / "empty.db"

    async def make() -> None:
        db = Database(f"sqlite+aiosqlite:///{path}")
        await db.migrate()
        async with db.write() as connection:
            await channels.add_team(connection, team_id=TEAM, name="Desk", bot_user_id="U0", now=NOW)
        await db.close()

    asyncio.run(make())
    return path


async def _no_slack(_team: str) -> Sender:
    raise SettingsError("There is no Slack here.")


class Desk:
    """A newsroom on a copy of the empty database; its clock goes on a minute with each look."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.now = NOW
        path = Path(tempfile.mkdtemp(dir=folder)) / "store.db"
        shutil.copy(template, path)
        self.db = Database(f"sqlite+aiosqlite:///{path}")
        nothing = cast("Any", None)  # nothing is fetched, written or answered here
        self.newsroom = Newsroom(
            Resources(
                db=self.db,
                clock=self.clock,
                bells=Bells(),
                fetcher=nothing,
                pool=nothing,
                vectors=word_vectors(),
                brief_writer=nothing,
                answerer=nothing,
                sender_of=_no_slack,
                reply_to=nothing,
            )
        )

    def clock(self) -> datetime:
        """A minute later each time."""
        self.now += timedelta(minutes=1)
        return self.now


class Admins(RuleBasedStateMachine):
    """Two channels, and everything that an admin can do to them without a network."""

    template: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.desk = Desk(self.template, self.folder)
        self.room = self.desk.newsroom

    def _do(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    def _try(self, verb: Callable[..., Awaitable[object]], *arguments: object) -> None:
        """Do it; a refusal must leave everything as it was."""
        before = self._configuration()
        try:
            self._do(verb(ADA, *arguments))
        except UserError:
            assert self._configuration() == before

    def _configuration(self) -> tuple[plans.WantedChannel, ...]:
        return self._do(self.room.configuration(ADA))

    @initialize(urls=addresses)
    def begin(self, urls: list[str]) -> None:
        """Both channels follow something: with nothing there, most verbs are refused."""
        for name, channel_id in CHANNELS.items():
            self._try(self.room.import_list, channel_id, name, "\n".join(urls).encode())

    @rule(place=places, urls=addresses)
    def take_in(self, place: str, urls: list[str]) -> None:
        """Feeds come into a channel, some of them for the second time."""
        self._try(self.room.import_list, CHANNELS[place], place, "\n".join(urls).encode())

    @rule(place=places)
    def add_pack(self, place: str) -> None:
        """The smallest pack."""
        self._try(self.room.add_pack, CHANNELS[place], place, "policy")

    @rule(place=places, which=numbers)
    def remove(self, place: str, which: str) -> None:
        """A feed goes."""
        self._try(self.room.remove_feed, CHANNELS[place], which)

    @rule(place=places, which=st.none() | numbers, paused=st.booleans())
    def pause(self, place: str, which: str | None, *, paused: bool) -> None:
        """A feed or the whole channel rests, or goes on."""
        self._try(self.room.pause if paused else self.room.resume, CHANNELS[place], which)

    @rule(place=places, which=st.none() | st.integers(0, 3), text=rule_texts)
    def add_filter(self, place: str, which: int | None, text: str) -> None:
        """A filter for one feed or for all."""
        listed = self._do(self.room.list_feeds(ADA, CHANNELS[place]))
        feeds = listed[0].subscriptions if listed else ()
        chosen = None if which is None or not feeds else feeds[which % len(feeds)].id
        self._try(self.room.add_filter, CHANNELS[place], chosen, text)

    @rule(place=places, which=numbers)
    def remove_filter(self, place: str, which: str) -> None:
        """A filter goes."""
        self._try(self.room.remove_filter, CHANNELS[place], which)

    @rule(place=places, text=topic_texts)
    def add_topic(self, place: str, text: str) -> None:
        """A topic of its own, or one that ships."""
        self._try(self.room.add_topic, CHANNELS[place], text)

    @rule(place=places, which=st.integers(1, 11).map(str), verb=st.sampled_from(["remove", "mute", "unmute"]))
    def change_topic(self, place: str, which: str, verb: str) -> None:
        """A topic is unfollowed, muted or heard again."""
        self._try(getattr(self.room, f"{verb}_topic"), CHANNELS[place], which)

    @rule(place=places, value=st.sampled_from([0.0, 0.25, 0.5]), which=st.sampled_from(["threshold", "substance"]))
    def set_bar(self, place: str, value: float, which: str) -> None:
        """A bar is moved."""
        self._try(getattr(self.room, f"set_{which}"), CHANNELS[place], value)

    @rule(place=places, style=st.sampled_from(["one line", "standard", "deep"]))
    def set_style(self, place: str, style: str) -> None:
        """Briefs are written otherwise."""
        self._try(self.room.set_style, CHANNELS[place], style)

    @rule(place=places, typed=rhythms)
    def change_rhythm(self, place: str, typed: str) -> None:
        """News comes at other hours."""
        self._try(self.room.change_rhythm, CHANNELS[place], typed)

    @rule(place=st.none() | places, subject=st.sampled_from(["U2", "S3"]), named=st.booleans())
    def name(self, place: str | None, subject: str, *, named: bool) -> None:
        """Somebody may change things, or may no more."""
        verb = self.room.appoint if named else self.room.dismiss
        self._try(verb, CHANNELS[place] if place else None, subject)

    @rule(which=st.integers(0, 19))
    def undo(self, which: int) -> None:
        """A change is taken back; a second time is refused."""
        found = self._do(self.room.changes(ADA, None))
        if found:
            change = found[which % len(found)]
            self._try(self.room.undo, change.id)
            if change.can_be_undone:
                again = self._do(self.room.changes(ADA, None))
                back = next((each for each in again if each.id == change.id), None)
                if back is not None and back.undone_at is not None:
                    with pytest.raises(UserError):
                        self._do(self.room.undo(ADA, change.id))

    @invariant()
    def nothing_is_orphaned_or_double(self) -> None:
        """Every row has what it belongs to, and a channel follows a feed once."""

        async def look() -> tuple[list[Any], int, int]:
            async with self.desk.db.read() as connection:
                broken = (await connection.execute(sa.text("PRAGMA foreign_key_check"))).all()
                pairs = (await connection.execute(sa.select(subscription.c.channel_id, subscription.c.feed_id))).all()
                strays = await connection.execute(
                    sa.select(sa.func.count())
                    .select_from(feed_filter)
                    .join(subscription, subscription.c.id == feed_filter.c.subscription_id)
                    .where(subscription.c.channel_id != feed_filter.c.channel_id)
                )
            return list(broken), len(pairs) - len(set(pairs)), int(strays.scalar_one())

        assert self._do(look()) == ([], 0, 0)

    def teardown(self) -> None:
        """What is exported and applied to an empty store is the same, and applied again changes nothing."""
        try:
            before = self._configuration()
            wanted = plans.read(plans.write(before))
            assert wanted == before
            assert self._do(self.room.plan(ADA, wanted)) == ()
            other = Desk(self.template, self.folder)
            self._do(other.newsroom.apply(ADA, wanted, CHANNELS))
            assert self._do(other.newsroom.configuration(ADA)) == before
            self._do(other.db.close())
        finally:
            self._do(self.desk.db.close())
            self.runner.close()


@pytest.mark.timeout(0 if SEQUENCES > 100 else 120)  # a long run takes its time
def test_admins_may_do_anything_in_any_order(template: Path, tmp_path: Path) -> None:
    """Whatever the order: nothing orphaned, nothing double, the same after export and apply."""

    class Here(Admins):
        pass

    Here.template, Here.folder = template, tmp_path
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
