"""Who may change what, and who changed what: the answers to `/tapeout admins` and `audit`, with undo buttons. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.models import Change, Manager
from bot.slack.blocks.message import (
    SECTION_MOST,
    TEXT_MOST,
    Block,
    Message,
    actions,
    button,
    context,
    count,
    room,
    section,
    when,
)
from bot.slack.escape import bold, fit, prose

_DONE: Mapping[str, str] = {
    "add": "added", "add pack": "added the pack", "remove": "removed", "import": "imported", "seed": "began with",
    "filter": "filtered", "unfilter": "took back a filter of", "follow": "followed", "unfollow": "unfollowed",
    "mute": "muted", "unmute": "unmuted", "threshold": "set the threshold",
    "least_substance": "set the least substance",
    "style": "chose the style", "language": "chose the language", "reset taste": "forgot the votes",
    "digest": "changed when news comes,",
    "appoint": "named", "dismiss": "dismissed", "apply": "applied a file", "undo": "took back",
}  # fmt: skip


def undo_button(change: Change) -> Block:
    """A button that takes a change back."""
    return button("Undo", "audit_undo", str(change.id), label=f"Take back: {change.action}"[:75])


def with_undo(message: Message, change: Change | None) -> Message:
    """An answer to a change with the button that takes it back, where one can."""
    if change is None or not change.can_be_undone:
        return message
    row = actions(undo_button(change), block_id=f"undo:{change.id}")
    return Message(text=message.text, blocks=(*message.blocks, row))


def audit(changes: Sequence[Change], *, may_undo: bool, in_channel: bool) -> Message:
    """The last changes, newest first.

    Args:
        changes: what the person may see of them.
        may_undo: show the buttons.
        in_channel: all of one channel, which need not be named.
    """
    blocks: list[Block] = [section("*The last changes*" if changes else "Nothing was changed here yet.")]
    words = ["The last changes" if changes else "Nothing was changed here yet."]
    for change in changes:
        line = change_line(change, in_channel=in_channel)
        undo = undo_button(change) if may_undo and change.can_be_undone else None
        blocks.append(section(line, undo) | {"block_id": f"change:{change.id}"})
        words.append(line)
    return Message(text=fit(words, TEXT_MOST), blocks=room(blocks, more="There are more than fit here."))


def change_line(change: Change, *, in_channel: bool = True) -> str:
    """`@ana removed *X* · yesterday at 9:30`, as ready-made mrkdwn."""
    done = f"{_who(change.actor)} {_did(change)}"
    if not in_channel and change.channel_id:
        done += f" in <#{change.channel_id}>"
    back = f" · taken back {when(change.undone_at)}" if change.undone_at else ""
    return f"{done} · {when(change.at)}{back}"


def _who(actor: str) -> str:
    if actor.isalnum() and actor[:1] in {"U", "W"}:
        return f"<@{actor}>"
    return "An operator"


def _did(change: Change) -> str:
    detail, action = change.detail, change.action
    if action == "undo":
        rest = " ".join(_object({**detail, "action": str(detail.get("what", ""))}))
        return f"took back “{prose(str(detail.get('what', 'a change')), 40)}” {rest}".rstrip()
    if action in {"pause", "resume"}:
        verb = "paused" if action == "pause" else "resumed"
        what = bold(str(detail["title"]), 150) if detail.get("title") and not detail.get("channel") else ""
        return f"{verb} {what or 'the whole channel'}"
    if action in {"import", "seed"}:
        many = detail.get("feeds", 0)
        return f"{_DONE[action]} {count(many if isinstance(many, int) else len(many), 'feed')}"
    verb = _DONE.get(action, prose(action, 40))
    return " ".join([verb, *_object(detail)])


def _object(detail: Mapping[str, Any]) -> Iterator[str]:
    if detail.get("subject"):
        yield subject(str(detail["subject"]))
    for key in ("pack", "title", "topic"):
        if detail.get(key):
            yield bold(str(detail[key]), 150)
    if detail.get("filter"):
        whose = "" if detail.get("title") else "*every feed* "
        yield f"{whose}by `{prose(str(detail['filter']), 200).replace('`', '')}`"
    if "to" in detail:
        yield f"from {prose(str(detail.get('from')), 40)} to {prose(str(detail['to']), 40)}"


def subject(name: str) -> str:
    """A person or a user group, as Slack shows them; in an ephemeral message nobody is notified."""
    if not name.isalnum():
        return "somebody"
    return f"<!subteam^{name}>" if name.startswith("S") else f"<@{name}>"


def admins(named: Sequence[Manager], *, may_name: bool, command: str = "/tapeout") -> Message:
    """Who may change what, and how to name others."""
    lines = ["*Who may change what*", "• Workspace admins and owners: everything."]
    everywhere = [subject(each.subject) for each in named if each.channel_id is None]
    if everywhere:
        lines.append(f"• Named by them, everything: {', '.join(everywhere)}.")
    where: dict[str, list[str]] = {}
    for each in named:
        if each.channel_id is not None:
            where.setdefault(each.channel_id, []).append(subject(each.subject))
    lines += [f"• Only <#{channel}>: {', '.join(names)}." for channel, names in where.items()]
    how = (
        f"`{command} admins add @ana` lets her change everything, `{command} admins add @ana #chips` only that "
        f"channel; `@desk` may be a user group; `{command} admins remove @ana` takes it back."
    )
    blocks: list[Block] = [section(fit(lines, SECTION_MOST))]
    if may_name:
        blocks.append(context(how))
    return Message(text=fit(lines, TEXT_MOST), blocks=tuple(blocks))


def named(subject_id: str, channel_id: str | None, *, added: bool) -> Message:
    """What naming somebody answers."""
    where = f"what <#{channel_id}> gets" if channel_id else "everything"
    begin = "may change" if added else "could already change"
    text = f"{subject(subject_id)} {begin} {where}."
    return Message(text=text, blocks=(section(text),))


def dismissed(subject_id: str, channel_id: str | None) -> Message:
    """What taking that back answers."""
    where = f"<#{channel_id}>" if channel_id else "the workspace"
    text = f"{subject(subject_id)} is no longer named for {where}."
    return Message(text=text, blocks=(section(text),))


def taken_back(change: Change) -> Message:
    """What undoing answers."""
    text = f"Taken back: {change_line(change)}."
    return Message(text=text, blocks=(section(text),))
