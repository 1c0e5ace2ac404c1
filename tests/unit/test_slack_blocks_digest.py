from __future__ import annotations

import json
from datetime import UTC, datetime, time

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import (
    ChannelRhythm,
    Digest,
    DigestChange,
    DigestFigure,
    DigestItem,
    Rhythm,
    Slot,
    Standing,
)
from bot.slack import blocks
from bot.slack.blocks.rhythm import rhythm_lines
from bot.workspace.blocks import blocks_error, check_view

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SLOT = Slot(NOW.date(), time(8, 30), NOW)
FEW = settings(max_examples=40, deadline=None)

words = st.one_of(
    st.text(alphabet=st.sampled_from("ab <>&*_`|!@#\n\u202e😀é1$"), max_size=40),
    st.sampled_from(
        ["", "<!channel> is up", "x" * 5_000, "&" * 2_000, "word " * 900, "https://evil.example/?q=secret"]
    ),
)
figures = st.builds(
    DigestFigure,
    shown=words,
    standing=st.none() | st.sampled_from(Standing),
    publishers=st.integers(1, 9),
    others=st.lists(words, max_size=3).map(tuple),
    was=st.lists(words, max_size=2).map(tuple),
)
items = st.builds(
    DigestItem,
    story_id=st.integers(1, 10**9),
    headline=words,
    url=words | st.just("https://a.example/x"),
    topic=st.none() | words,
    figures=st.lists(figures, max_size=3).map(tuple),
    publishers=st.lists(words, max_size=5).map(tuple),
    reported_by=st.integers(1, 9),
    rank=st.floats(0, 1),
)
changes = st.builds(
    DigestChange,
    story_id=st.integers(1, 10**9),
    headline=words,
    url=words,
    lines=st.lists(words, min_size=1, max_size=3).map(tuple),
)


def digest(*told: DigestItem, changed: tuple[DigestChange, ...] = ()) -> Digest:
    """A digest with these."""
    return Digest(SLOT, "Europe/Berlin", NOW, NOW, told, changed, 3, 1)


@FEW
@given(told=st.lists(items, max_size=30), changed=st.lists(changes, max_size=10), is_preview=st.booleans())
def test_any_digest_is_taken_by_slack_and_calls_nobody(
    told: list[DigestItem], changed: list[DigestChange], *, is_preview: bool
) -> None:
    """Within Slack's limits of blocks and characters whatever stories say; nothing foreign is a mention."""
    message = blocks.digest(digest(*told, changed=tuple(changed)), is_preview=is_preview)
    assert blocks_error(list(message.blocks)) is None
    assert 0 < len(message.text) <= 4_000
    shown = json.dumps(message.blocks, ensure_ascii=False) + message.text
    assert "<!channel" not in shown
    assert "evil.example" not in message.text


def a_story(number: int, *told: DigestFigure) -> DigestItem:
    """A story with these figures."""
    return DigestItem(number, f"Story {number}", "https://a.example/x", "Chips", told, ("Wire",), 1, 0.5)


SINGLE = DigestFigure("3 MW", Standing.SINGLE)
CONFIRMED = DigestFigure("$8 billion", Standing.CONFIRMED, 2)
DISPUTED = DigestFigure("1.2 GW", Standing.DISPUTED, 1, ("900 MW",))


def test_figures_that_publishers_confirm_or_dispute_stand_in_a_table() -> None:
    """One a story, disputes first with both figures, then what most publishers give; single sources are no rows."""
    wide = DigestFigure("512 chips", Standing.CONFIRMED, 4)
    told = digest(a_story(1, SINGLE, CONFIRMED), a_story(2, SINGLE), a_story(3, CONFIRMED, DISPUTED), a_story(4, wide))
    (table,) = [block for block in blocks.digest(told).blocks if block["type"] == "table"]
    cells = [[cell["text"] for cell in row] for row in table["rows"]]
    assert cells == [
        ["Figure", "Story"],
        ["⚠ 1.2 GW or 900 MW", "Story 3"],
        ["✓ 512 chips", "Story 4"],
        ["✓ $8 billion", "Story 1"],
    ]


def test_where_little_was_compared_there_is_no_table() -> None:
    """Two such figures are seen in their lines."""
    told = digest(a_story(1, CONFIRMED), a_story(2, DISPUTED), a_story(3, SINGLE))
    assert all(block["type"] != "table" for block in blocks.digest(told).blocks)


def test_a_hundred_stories_are_twenty_lines_and_a_menu() -> None:
    """What has no line is named, and can be opened from the menu, which has all hundred."""
    item = DigestItem(1, "A story of some length", "https://a.example/x", "T", (), ("A",), 1, 0.5)
    message = blocks.digest(digest(*[item] * 100))
    assert "80 more stories" in json.dumps(message.blocks)
    (menu,) = next(block for block in message.blocks if block["type"] == "actions")["elements"]
    assert len(menu["options"]) == 100
    assert blocks_error(list(message.blocks)) is None


def test_a_screen_reader_hears_the_whole_digest() -> None:
    """The text has every line with its figures' standing in words, what changed, and how much was held back."""
    figure = DigestFigure("$8 billion", Standing.DISPUTED, 1, ("$6.5 billion",))
    item = DigestItem(1, "Norrland invests", "https://a.example/x", "Money", (figure,), ("A", "B", "C"), 3, 0.5)
    change = DigestChange(2, "Elk Narrows", "https://b.example", ("Changed: 1 is now 2.",))
    text = blocks.digest(digest(item, changed=(change,))).text
    assert "1. Norrland invests. Disputed: $8 billion, others say $6.5 billion. Source: A, B and 1 more." in text
    assert "Changed: Elk Narrows: Changed: 1 is now 2." in text
    assert "Held back: 3 below this channel's bars and 1 for what they are" in text
    assert "Nothing new came" in blocks.digest(digest()).text


rhythms = st.builds(
    Rhythm,
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Argentina/ComodRivadavia"]),
    posts=st.booleans(),
    at=st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), max_size=6).map(tuple),
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    quiet=st.none() | st.just((time(22), time(7))),
    rests_weekends=st.booleans(),
    hourly=st.none() | st.integers(1, 500),
    daily=st.none() | st.integers(1, 500),
    tells_empty=st.booleans(),
)


@FEW
@given(chosen=rhythms, name=words, is_admin=st.booleans())
def test_any_rhythm_is_shown_and_can_be_changed(*, chosen: Rhythm, name: str, is_admin: bool) -> None:
    """The answer, the form and what it turns into are taken by Slack, with and without a problem to show."""
    shown = ChannelRhythm(
        "T1", "C1", name, chosen, is_set=True, next_slot=SLOT, waiting=3, zone_from="your Slack profile"
    )
    message = blocks.rhythm(shown, is_admin=is_admin, changed=True)
    assert blocks_error(list(message.blocks)) is None
    for view in (blocks.rhythm_modal(shown), blocks.rhythm_modal(shown, problem=name), blocks.rhythm_saved(shown)):
        assert not list(check_view(view, surface="modal"))
    assert not any("<!date" in line or "<#" in line for line in rhythm_lines(shown) if "<" not in name)


def test_who_is_no_admin_sees_no_way_to_change_it() -> None:
    """They may look, and preview."""
    shown = ChannelRhythm("T1", "C1", "ai", Rhythm(at=(time(8),)), is_set=True, next_slot=SLOT)
    assert "rhythm_change" not in json.dumps(blocks.rhythm(shown, is_admin=False).blocks)
    assert "digest_preview" in json.dumps(blocks.rhythm(shown, is_admin=False).blocks)
    assert "rhythm_change" in json.dumps(blocks.rhythm(shown, is_admin=True).blocks)


def a_rhythm(chosen: Rhythm) -> str:
    """What admins read of it."""
    return "\n".join(rhythm_lines(ChannelRhythm("T1", "C1", "ai", chosen, is_set=True, next_slot=SLOT)))


def test_what_quiet_hours_do_is_said_as_it_is() -> None:
    """Without digests one message at their end, else the next digest; a digest's own hour goes before."""
    quiet = (time(22), time(7))
    assert "comes up then comes in one message at 07:00." in a_rhythm(Rhythm(quiet=quiet))
    assert "comes up then waits for the next digest." in a_rhythm(Rhythm(quiet=quiet, at=(time(7), time(12))))
    early = a_rhythm(Rhythm(quiet=quiet, at=(time(6, 30), time(12), time(23))))
    assert "the digest at 06:30 and 23:00 comes all the same." in early
