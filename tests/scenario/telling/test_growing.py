"""A story that grows after its post, over real sockets: the post changes in place, its thread gets a line each time."""

from __future__ import annotations

import pytest

from bot.models import Actor
from bot.store import choices, deliveries

from .conftest import Room, World

ANNOUNCED = (
    "Halden signs for 600 MW of nuclear power for its data centre in Oulu",
    """Halden said on Sunday that it has signed for 600 megawatts of nuclear power for its data centre in Oulu. The
    contract runs for 12 years and costs $1.3 billion, according to a filing. The data centre in Oulu holds 40,000
    accelerators, the company said.""",
)
CONFIRMED = (
    "Nuclear power for Halden: 600 MW for the data centre in Oulu",
    """A reactor will feed 600 megawatts into the data centre that Halden runs in Oulu, under a contract of $1.3
    billion, people familiar with it said. Halden did not say when the power starts to flow.""",
)
DISPUTED = (
    "Halden's data centre in Oulu gets 600 MW of nuclear power",
    """Halden has a contract for 600 megawatts of nuclear power for its data centre in Oulu, two people said. The data
    centre in Oulu holds 45,000 accelerators, they said. The contract costs $1.3 billion.""",
)
RELEASE = (
    "Halden contracts 600 MW of nuclear power for its Oulu data centre",
    ANNOUNCED[1] + " ".join(f"Unit {n} of the plant gives the data centre in Oulu its power." for n in range(30)),
)
HOME, CHIPS, MONEY = "ai-infrastructure", "chips", "money"
BOTH_FIGURES = "Sources disagree: 40,000 accelerators (Rackpost) against 45,000 accelerators (Gridline)."


async def _style(room: Room, channel: str, style: str) -> None:
    where = room.workspace.channel_id(channel)
    async with room.db.write() as connection:
        await choices.configure(connection, room.workspace.team_id, where, style=style)


async def test_what_confirms_and_disputes_is_told_in_channels_of_every_style(room: Room) -> None:
    """Each channel's one post follows in its own style; a dispute is in all of them, also where one line is shown."""
    await room.channel(HOME, CHIPS, MONEY)
    await _style(room, CHIPS, "one line")
    await _style(room, MONEY, "deep")
    await room.publish("Rackpost", *ANNOUNCED)
    await room.settle()
    first = {name: room.posts(name)[0]["ts"] for name in (HOME, CHIPS, MONEY)}
    await room.publish("Meridian", *CONFIRMED)
    await room.settle()
    await room.publish("Gridline", *DISPUTED)
    await room.settle()
    for name, ts in first.items():
        (post,) = room.posts(name)
        assert post["ts"] == ts
        assert "Rackpost says 40,000 accelerators, Gridline says 45,000 accelerators" in post["text"]
        confirmed, disputed = room.lines(name)
        assert confirmed.startswith("Now also reported by Meridian. Confirmed by 2 publishers: 600 megawatts")
        assert disputed.startswith(BOTH_FIGURES)
    short = room.posts(CHIPS)[0]
    assert "⚠ _disputed:_" in str(short["blocks"])
    assert "*Figures*" not in str(short["blocks"])
    assert len(short["text"]) < len(room.posts(HOME)[0]["text"]) < len(room.posts(MONEY)[0]["text"])


async def test_a_better_source_leads_the_same_post(room: Room) -> None:
    """A press release takes the lead from a shorter report: the post has its headline now, and the line says whose."""
    await room.channel(HOME)
    await room.publish("Rackpost", *ANNOUNCED)
    await room.settle()
    (before,) = room.posts(HOME)
    await room.publish("Halden", *RELEASE, path="/press-releases")
    await room.settle()
    (after,) = room.posts(HOME)
    assert after["ts"] == before["ts"]
    assert ANNOUNCED[0] in before["text"]
    assert RELEASE[0] in after["text"]
    (line,) = room.lines(HOME)
    assert "Now also reported by Halden. The post follows Halden now." in line


async def test_growth_close_together_and_a_restart_make_each_line_once(world: World) -> None:
    """Two publishers join before anything is sent, and the process ends: the next one says both things, each once."""
    async with world.start() as room:
        await room.channel(HOME)
        await room.publish("Rackpost", *ANNOUNCED)
        await room.settle()
        await room.publish("Meridian", *CONFIRMED)
        await room.tell()
        await room.publish("Gridline", *DISPUTED)
        await room.tell()
    async with world.start() as room:
        await room.settle()
        confirmed, disputed = room.lines(HOME)
        assert "Meridian" in confirmed
        assert disputed.startswith(BOTH_FIGURES)
    async with world.start() as room:
        await room.settle()
        assert room.lines(HOME) == [confirmed, disputed]


async def test_a_post_that_somebody_deleted_stays_away(room: Room) -> None:
    """Nothing is posted in its place or into its thread, other channels go on, and nobody is told of trouble."""
    await room.channel(HOME, CHIPS)
    await room.publish("Rackpost", *ANNOUNCED)
    await room.settle()
    await room.workspace.delete(HOME, room.posts(HOME)[0]["ts"])
    for publisher, article in (("Meridian", CONFIRMED), ("Gridline", DISPUTED)):
        await room.publish(publisher, *article)
        await room.settle()
    assert room.posts(HOME) == []
    assert len(room.lines(CHIPS)) == 2
    home = await room.newsroom.home(Actor(room.workspace.team_id, "U1", is_admin=True))
    assert home.problems == ()


async def test_an_archived_channel_hears_of_it_when_it_is_open_again(room: Room) -> None:
    """What came meanwhile is said once it may be said: all of it, each once, and in the same post."""
    await room.channel(HOME)
    await room.publish("Rackpost", *ANNOUNCED)
    await room.settle()
    await room.workspace.archive("ada", HOME)
    for publisher, article in (("Meridian", CONFIRMED), ("Gridline", DISPUTED)):
        await room.publish(publisher, *article)
        await room.settle()
    assert room.lines(HOME) == []
    await room.workspace.archive("ada", HOME, archived=False)
    async with room.db.write() as connection:
        where = room.workspace.channel_id(HOME)
        await deliveries.resume_held(connection, room.workspace.team_id, where, room.clock())
    await room.settle()
    confirmed, disputed = room.lines(HOME)
    assert "Meridian" in confirmed
    assert disputed.startswith(BOTH_FIGURES)
    assert "45,000" in room.posts(HOME)[0]["text"]


@pytest.mark.parametrize("style", ["one line", "deep"])
async def test_another_style_since_the_post_loses_no_line(room: Room, style: str) -> None:
    """The channel's style was changed after the post: what is new is told all the same."""
    await room.channel(HOME)
    await room.publish("Rackpost", *ANNOUNCED)
    await room.settle()
    await _style(room, HOME, style)
    await room.publish("Gridline", *DISPUTED)
    await room.settle()
    (line,) = room.lines(HOME)
    assert line.startswith(BOTH_FIGURES)
