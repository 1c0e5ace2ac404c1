"""When a channel hears its news: the answer to `/tapeout digest`, and the form behind its button. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from bot.models import ChannelRhythm, Rhythm
from bot.models.digests import EVERY_DAY
from bot.slack.blocks.message import (
    SECTION_MOST,
    Block,
    Message,
    View,
    actions,
    button,
    context,
    count,
    modal,
    option,
    plain,
    section,
    sentence_list,
    text_input,
    when,
)
from bot.slack.escape import clip, fit, line, prose

RHYTHM = "rhythm"
_DATE = re.compile(r"<!date\^[^|]*\|([^>]*)>")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MODES = {
    "posts": "Each story as it happens",
    "digests": "In digests only",
    "both": "As it happens, and a digest of it all",
}
"""What a channel can choose between in the form; typing says the same with hours and `posts on`."""
WAYS = (
    "`weekdays 8:30 Europe/Berlin`, `mon thu 9:00 plus posts`, `quiet 22-7`, `weekend rest`, `limit 3/h`, `limit 10/d`"
)
MORE_WAYS = "`empty on` says so when nothing came, `zone Asia/Tokyo`, `off` ends digests, `now` previews one"


def rhythm(shown: ChannelRhythm, *, is_admin: bool, changed: bool = False, command: str = "/tapeout") -> Message:
    """When a channel hears its news, with the ways to change that for admins.

    Args:
        shown: as it is now.
        is_admin: show the button and what can be typed.
        changed: say that it was changed just now.
        command: as it is called here.
    """
    lines = list(_sentences(shown, changed=changed))
    blocks: list[Block] = [section(fit(lines, SECTION_MOST))]
    elements = [button("Preview", "digest_preview", shown.channel_id, label="Show the digest as it would be now")]
    if is_admin:
        elements.insert(0, button("Change …", "rhythm_change", shown.channel_id, label="Change when news comes"))
    blocks.append(actions(*elements, block_id="rhythm"))
    if is_admin:
        blocks.append(context(f"By typing, after `{command} digest`: {WAYS}; {MORE_WAYS}."))
    return Message(text=fit(lines, SECTION_MOST), blocks=tuple(blocks))


def _sentences(shown: ChannelRhythm, *, changed: bool) -> Iterator[str]:
    chosen = shown.rhythm
    where = f"<#{shown.channel_id}>" if shown.channel_id[:1] in {"C", "G"} else f"#{clip(line(shown.name), 80)}"
    begin = "From now on, news" if changed else "News"
    yield f"{begin} in {where} comes {_main(chosen)}."
    if chosen.quiet:
        yield _quiet(chosen, *chosen.quiet)
    if chosen.rests_weekends:
        yield "• Weekends rest."
    most = [(chosen.hourly, "an hour"), (chosen.daily, "a day")]
    if limits := [f"{number} {span}" for number, span in most if number is not None]:
        yield f"• At most {sentence_list(limits)} posted one by one; the rest waits."
    if chosen.tells_empty:
        yield "• A digest with nothing in it says so."
    from_profile = f" (from {prose(shown.zone_from, 60)}; `zone` changes it)" if shown.zone_from else ""
    if shown.is_set or changed:
        yield f"Times are those of *{prose(chosen.zone, 60)}*{from_profile}."
        if chosen.at or shown.waiting or _holds(chosen):
            verb = "waits" if shown.waiting == 1 else "wait"
            waiting = f" {count(shown.waiting, 'item')} {verb} for it." if shown.waiting else ""
            name = "The next digest comes" if chosen.at else "What waits is rolled up"
            yield f"{name} {when(shown.next_slot.due)}.{waiting}"


def _quiet(chosen: Rhythm, begin: time, end: time) -> str:
    """What becomes of what comes up in the quiet hours, and of a digest whose own hour is in them."""
    waits = "waits for the next digest" if chosen.at else f"comes in one message at {end:%H:%M}"
    said = f"• Quiet from {begin:%H:%M} to {end:%H:%M}: what comes up then {waits}"
    own = [at for at in chosen.at if (begin <= at < end if begin < end else at >= begin or at < end)]
    return (
        f"{said}; the digest at {sentence_list(f'{at:%H:%M}' for at in own)} comes all the same." if own else f"{said}."
    )


def rhythm_words(chosen: Rhythm) -> str:
    """A rhythm in a few plain words: `in a digest on weekdays at 08:30`."""
    return _main(chosen).replace("*", "")


def rhythm_lines(shown: ChannelRhythm) -> tuple[str, ...]:
    """The same sentences for a terminal, without Slack's marks."""
    marked = [
        sentence.replace(f"<#{shown.channel_id}>", f"#{shown.name}") for sentence in _sentences(shown, changed=False)
    ]
    return tuple(_DATE.sub(r"\1", sentence).replace("*", "") for sentence in marked)


def _holds(chosen: Rhythm) -> bool:
    return bool(chosen.quiet or chosen.rests_weekends or chosen.hourly or chosen.daily)


def _main(chosen: Rhythm) -> str:
    if not chosen.at:
        return "as it happens"
    hours = sentence_list(f"*{at:%H:%M}*" for at in chosen.at)
    digests = f"in a digest {_days(chosen.days)} at {hours}"
    return f"as it happens, and {digests}" if chosen.posts else digests


def _days(days: tuple[int, ...]) -> str:
    if days == EVERY_DAY:
        return "every day"
    if days == EVERY_DAY[:5]:
        return "on weekdays"
    return f"on {sentence_list(DAY_NAMES[day] + 's' for day in days)}"


def rhythm_modal(shown: ChannelRhythm, *, problem: str | None = None) -> View:
    """The form: when, on which days, in which zone, and what keeps the channel quiet.

    Args:
        shown: as it is now.
        problem: why the form comes back, a sentence.
    """
    chosen = shown.rhythm
    mode = "posts" if not chosen.at else "both" if chosen.posts else "digests"
    modes = [option(text, value) for value, text in MODES.items()]
    days = [option(name, str(day)) for day, name in enumerate(DAY_NAMES)]
    first, second = (*chosen.at, None, None)[:2]
    blocks: list[Block] = [section(f"⚠ {prose(problem, 600)}")] if problem else []
    blocks += [
        _input("mode", "News comes", _radio("mode", modes, mode)),
        _input("first", "Digest at", _clock("first", first or time(8, 30)), optional=True),
        _input("second", "and at", _clock("second", second), optional=True),
        _input("days", "On", _ticks("days", days, tuple(str(day) for day in chosen.days)), optional=True),
        text_input("zone", "Time zone", placeholder="Europe/Berlin", initial=chosen.zone, most=60),
        _input("quiet_from", "Quiet from", _clock("quiet_from", chosen.quiet and chosen.quiet[0]), optional=True),
        _input("quiet_until", "until", _clock("quiet_until", chosen.quiet and chosen.quiet[1]), optional=True),
        _input("hourly", "At most so many posts an hour", _number("hourly", chosen.hourly), optional=True),
        _input("daily", "At most so many posts a day", _number("daily", chosen.daily), optional=True),
        _input("also", "Also", _ticks("also", _also(), _also_now(chosen)), optional=True),
        context("What is held back by any of this is told in the next digest, never lost."),
    ]
    metadata = {"channel": shown.channel_id}
    return modal("When news comes", blocks, callback_id=RHYTHM, submit="Save", close="Cancel", metadata=metadata)


def rhythm_saved(shown: ChannelRhythm) -> View:
    """What the form turns into once it is saved."""
    return modal("When news comes", [section(fit(_sentences(shown, changed=True), SECTION_MOST))], close="Done")


def _also() -> list[Block]:
    return [option("Rest on weekends", "weekend"), option("Say so when a digest is empty", "empty")]


def _also_now(chosen: Rhythm) -> tuple[str, ...]:
    return ("weekend",) * chosen.rests_weekends + ("empty",) * chosen.tells_empty


def _input(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, "optional": optional}


def _clock(action_id: str, at: time | None) -> Block:
    element: Block = {"type": "timepicker", "action_id": action_id, "placeholder": plain("Choose a time")}
    return element | {"initial_time": f"{at:%H:%M}"} if at else element


def _number(action_id: str, value: int | None) -> Block:
    element: Block = {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": "500",
    }
    return element | {"initial_value": str(value)} if value else element


def _radio(action_id: str, options: list[Block], value: str) -> Block:
    initial = next(entry for entry in options if entry["value"] == value)
    return {"type": "radio_buttons", "action_id": action_id, "options": options, "initial_option": initial}


def _ticks(action_id: str, options: list[Block], values: tuple[str, ...]) -> Block:
    element: Block = {"type": "checkboxes", "action_id": action_id, "options": options}
    chosen = [entry for entry in options if entry["value"] in values]
    return element | {"initial_options": chosen} if chosen else element
