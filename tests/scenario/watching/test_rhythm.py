"""A channel's rhythm: what is held, when it is told, and that it is told once, whatever happens."""

from __future__ import annotations

import asyncio
import copy
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotAllowedError
from bot.models import Actor

from .conftest import ADMIN, TEAM, Desk, Item, Reply, World
from .test_crashes import watched

HOUR = timedelta(hours=1)
#: A Sunday evening in Berlin, which is UTC+1 then.
EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
ACTOR = Actor(TEAM, ADMIN, is_admin=True)
#: The first story's text, with its figure.
OULU = (
    "<p>Kestrel said on Sunday that it has {} of power for GPU clusters in Oulu. The work takes 7 months.</p>"
    "<p>The site in Oulu is the company's first in Finland. Kestrel did not say who pays for it.</p>"
)


async def follow(desk: Desk, world: World, count: int = 3, *typed: str) -> str:
    """A channel with this rhythm, whose feed gets so many stories now; the feed's address."""
    url = world.site.put("/feed", Reply(()))
    await desk.subscribe(url)
    for words in typed:
        await desk.newsroom.change_rhythm(ACTOR, "C1", words)
    await desk.settle()
    tell(world, *range(count), at=desk.now)
    await desk.pass_time(2 * HOUR, HOUR)
    return url


def tell(world: World, *numbers: int, at: datetime, text: str = "") -> None:
    """The feed has these stories."""
    known = world.site.replies["/feed"].items
    items = tuple(Item(number, at, text, "Kestrel opens a site in Oulu" if text else "") for number in numbers)
    world.site.put("/feed", Reply(tuple(one for one in known if one.number not in numbers) + items))


async def until(desk: Desk, moment: datetime) -> None:
    """Let the loops work up to then."""
    await desk.pass_time(moment - desk.now, HOUR)


async def test_stories_wait_for_the_digest_and_come_in_it_once(world: World) -> None:
    """Nothing is posted before the hour; then one message tells all, and the next days nothing comes again."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 3, "daily 8:30 Europe/Berlin")
        assert world.room.messages == {}
        shown = await desk.newsroom.rhythm(ACTOR, "C1")
        assert (shown.waiting, shown.next_slot.due) == (3, datetime(2026, 11, 23, 7, 30, tzinfo=UTC))
        (trail,) = await desk.newsroom.why(TEAM, f"{world.site.base}/stories/0")
        assert "waits for the digest of Monday 08:30 (Europe/Berlin)" in trail.channels[0].reason
        await until(desk, datetime(2026, 11, 23, 7, 29, tzinfo=UTC))
        assert world.room.messages == {}
        await until(desk, datetime(2026, 11, 26, 12, 0, tzinfo=UTC))
        (digest,) = world.room.digests()
        assert list(world.room.messages.values()) == [digest]
        assert all(words in digest.text for words in ("Digest · Monday 23 November", "3 stories", "Kestrel", "90 MW"))
        (trail,) = await desk.newsroom.why(TEAM, f"{world.site.base}/stories/0")
        assert "told in the digest of Monday 23 November 08:30" in trail.channels[0].reason


async def test_what_changed_since_is_in_the_next_digest(world: World) -> None:
    """A story that a digest told and that has another figure now is in the next one as a change, once."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 0, "daily 8:30 Europe/Berlin")
        tell(world, 0, at=desk.now, text=OULU.format("90 megawatts"))
        await until(desk, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        tell(world, 0, at=EVENING, text=OULU.format("120 megawatts"))
        await until(desk, datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
        first, second = world.room.digests()
        assert "90 megawatts" in first.text
        assert "What changed" not in first.text
        assert "90 megawatts is now 120 megawatts" in second.text
        assert "0 stories and 1 change" in second.text
        assert len(world.room.messages) == 2


async def test_posts_and_a_digest_of_them(world: World) -> None:
    """With both, each story is posted as it happens and is in the digest as well."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 2, "daily 8:30 Europe/Berlin plus posts")
        assert len(world.room.briefs()) == 2
        await until(desk, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
        (digest,) = world.room.digests()
        assert "2 stories" in digest.text


async def test_quiet_hours_hold_posts_but_not_what_is_up(world: World) -> None:
    """At night a new story waits; a post that is up is corrected at once, and its thread hears in the morning."""
    async with world.start(EVENING, poll_ceiling_s=600.0) as desk:
        await follow(desk, world, 0, "zone Europe/Berlin", "quiet 0-7")
        tell(world, 0, at=desk.now, text=OULU.format("90 megawatts"))
        await until(desk, EVENING + 2.5 * HOUR)
        (post,) = world.room.briefs()
        await until(desk, EVENING + 3.5 * HOUR)  # half past midnight in Berlin
        tell(world, 0, at=EVENING, text=OULU.format("120 megawatts"))
        tell(world, 1, at=desk.now)
        await until(desk, EVENING + 8 * HOUR)
        assert "120 megawatts" in post.text
        assert world.room.lines() == []
        assert len(world.room.messages) == 1
        await until(desk, EVENING + 11 * HOUR)  # eight in Berlin
        assert len(world.room.lines()) == 1
        (digest,) = world.room.digests()
        assert "1 story since" in digest.text
        assert "Brightwater" in digest.text
        assert len(world.room.briefs()) == 1


async def test_no_more_than_so_many_an_hour_and_the_rest_is_rolled_up(world: World) -> None:
    """Of five stories at once two are posted; the next morning's roll-up tells the other three, not the two."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 5, "limit 2/h")
        assert len(world.room.briefs()) == 2
        await until(desk, datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
        (digest,) = world.room.digests()
        assert "3 stories" in digest.text
        assert len(world.room.briefs()) == 2
        (trail,) = await desk.newsroom.why(TEAM, f"{world.site.base}/stories/4")
        assert "told in the digest" in trail.channels[0].reason


async def test_an_empty_day_is_silent_unless_the_channel_wants_to_know(world: World) -> None:
    """By default nothing comes; with `empty on`, one message a day says that nothing did."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 0, "daily 8:30")
        await until(desk, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
        assert world.room.messages == {}
        await desk.newsroom.change_rhythm(ACTOR, "C1", "empty on")
        await until(desk, datetime(2026, 11, 26, 12, 0, tzinfo=UTC))
        assert ["Nothing new came" in one.text for one in world.room.digests()] == [True, True]


@pytest.mark.parametrize(
    ("away", "day"), [(5 * HOUR, "Monday 23"), (9 * HOUR, "Tuesday 24"), (60 * HOUR, "Thursday 26")]
)
async def test_an_outage_over_the_hour(world: World, away: timedelta, day: str) -> None:
    """Back within some hours the digest is sent late, once; later, the next one tells what it would have told."""
    eight = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    async with world.start(EVENING) as desk:
        await follow(desk, world, 3, "daily 8:30")
        await until(desk, eight - timedelta(minutes=5))
    async with world.start(eight + away) as desk:
        await desk.settle()
        await until(desk, datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    (digest,) = world.room.digests()
    assert f"Digest · {day} November" in digest.text
    assert "3 stories" in digest.text


async def test_two_processes_make_one_digest(world: World) -> None:
    """Both find it due at the same moment; one makes it, and it is delivered once."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 2, "daily 8:30")
        await until(desk, datetime(2026, 11, 23, 8, 29, tzinfo=UTC))
        other = world.desk(desk.db, desk.now)
        desk.now = other.now = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
        await asyncio.gather(desk.newsroom.digest_due(), other.newsroom.digest_due())
        await asyncio.gather(desk.outbox.run_due(), other.outbox.run_due())
        await desk.settle()
    assert len(world.room.digests()) == 1


async def test_a_paused_channel_gets_no_digest_and_loses_nothing(world: World) -> None:
    """What waited before the pause is in the first digest after it."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 2, "daily 8:30")
        await desk.newsroom.pause(ACTOR, "C1", None)
        await until(desk, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
        assert world.room.messages == {}
        await desk.newsroom.resume(ACTOR, "C1", None)
        await until(desk, datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
        (digest,) = world.room.digests()
        assert "Digest · Wednesday 25 November" in digest.text


async def test_when_digests_end_what_waits_is_still_told(world: World) -> None:
    """After `off` the next morning tells what waited, and new stories are posted again."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 2, "mon 8:30 Europe/Berlin")
        await desk.newsroom.change_rhythm(ACTOR, "C1", "off")
        tell(world, 5, at=desk.now)
        await desk.pass_time(2 * HOUR, HOUR)
        assert len(world.room.briefs()) == 1
        await until(desk, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
        (digest,) = world.room.digests()
        assert "2 stories" in digest.text


async def test_a_preview_tells_nothing_to_the_channel(world: World) -> None:
    """It shows what waits, as often as one likes; the digest has it all the same, and only admins change the hours."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 3, "daily 8:30")
        for _ in range(2):
            made = await desk.newsroom.preview_digest(ACTOR, "C1")
            assert len(made.items) == 3
        with pytest.raises(NotAllowedError):
            await desk.newsroom.change_rhythm(Actor(TEAM, "U2", is_admin=False), "C1", "daily 9:00")
        await until(desk, datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
        (digest,) = world.room.digests()
        assert "3 stories" in digest.text


async def test_a_change_is_taken_back(world: World) -> None:
    """The audit trail says what it was and is, and undo brings the hours before back."""
    async with world.start(EVENING) as desk:
        await follow(desk, world, 1, "weekdays 8:30 Europe/Berlin", "daily 9:00")
        change = (await desk.newsroom.changes(ACTOR, "C1"))[0]
        assert (change.detail["from"], change.detail["to"]) == (
            "in a digest on weekdays at 08:30",
            "in a digest every day at 09:00",
        )
        await desk.newsroom.undo(ACTOR, change.id)
        shown = await desk.newsroom.rhythm(ACTOR, "C1")
        assert (shown.rhythm.days, shown.next_slot.due) == ((0, 1, 2, 3, 4), datetime(2026, 11, 23, 7, 30, tzinfo=UTC))


async def test_a_kill_at_any_wait_of_a_digest_loses_and_doubles_nothing(world: World) -> None:
    """Whatever state a kill leaves between the hour and the record of the post, the next process sends it once."""
    eight = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    async with world.start(EVENING) as desk:
        await follow(desk, world, 3, "daily 8:30")
        await until(desk, eight - timedelta(minutes=5))
        desk.now = eight
        left, _ = await watched(world, desk, "world.db")
    assert len(world.room.digests()) == 1
    assert len(left) > 3
    assert any(not state.messages for state in left)
    assert any(state.messages for state in left)
    for state in left:
        world.room.messages = copy.deepcopy(state.messages)
        async with world.start(state.now + timedelta(minutes=1), name=state.name) as desk:
            await desk.pass_time(timedelta(minutes=20), step=timedelta(minutes=20))
        assert [item.key.split("/")[1] for item in world.room.messages.values()] == ["digest:2026-11-23:08:30"]
        (digest,) = world.room.digests()
        assert "3 stories" in digest.text
