"""`tapeout admins …`, `tapeout watch …` and `tapeout budget`: who may what, what is asked for, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.place import AsJson, OfTeam, in_channel, in_workspace, print_json, print_table, say
from bot.errors import NotFoundError

if TYPE_CHECKING:
    from bot.choices import Writing
    from bot.models import Actor, Manager, OpenWatch
    from bot.newsroom import Newsroom

admins_cli = typer.Typer(help="Who may change what, beside the workspace's own admins.", no_args_is_help=True)
watch_cli = typer.Typer(help="Questions whose answers are looked for.", no_args_is_help=True)

Subject = Annotated[str, typer.Argument(metavar="ID", help="A person's id (U…) or a user group's (S…).")]
Where = Annotated[str | None, typer.Option("--channel", help="In this channel alone; without it, everywhere.")]


@admins_cli.command("list")
def list_admins(team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """List whom admins have named.

    For example: tapeout admins list --json
    """

    async def work(newsroom: Newsroom, actor: Actor) -> tuple[tuple[Manager, ...], dict[str, str]]:
        listed = await newsroom.list_feeds(actor, None)
        names = {each.channel.channel_id: f"#{each.channel.name}" for each in listed}
        return await newsroom.managers(actor.team_id), names

    named, names = in_workspace(team, work)
    if as_json:
        print_json(named)
        return
    rows = (
        (each.subject, names.get(each.channel_id or "", each.channel_id or "everywhere"), each.created_by)
        for each in named
    )
    print_table(("Person or group", "May change things in", "Named by"), rows, none="Nobody was named yet.")


@admins_cli.command()
def add(subject: Subject, channel: Where = None, team: OfTeam = None) -> None:
    """Let a person or a user group change things.

    For example: tapeout admins add U012ABCDEF --channel chips
    """
    done = _change(subject, channel, team, add=True)
    say(f"{subject} may change things {_where(channel)}{'' if done else ' already'}.")


@admins_cli.command()
def remove(subject: Subject, channel: Where = None, team: OfTeam = None) -> None:
    """Take that back.

    For example: tapeout admins remove U012ABCDEF --channel chips
    """
    _change(subject, channel, team, add=False)
    say(f"{subject} may no longer change things {_where(channel)}.")


def _change(subject: str, channel: str | None, team: str | None, *, add: bool) -> bool:
    async def anywhere(newsroom: Newsroom, actor: Actor, channel_id: str | None = None, _name: str = "") -> bool:
        if add:
            return await newsroom.appoint(actor, channel_id, subject)
        await newsroom.dismiss(actor, channel_id, subject)
        return True

    return in_workspace(team, anywhere) if channel is None else in_channel(channel, team, anywhere)


def _where(channel: str | None) -> str:
    return f"in #{channel.removeprefix('#')}" if channel else "everywhere"


@watch_cli.command("list")
def list_watches(team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """List what is watched for.

    For example: tapeout watch list
    """

    async def work(newsroom: Newsroom, actor: Actor) -> tuple[OpenWatch, ...]:
        return await newsroom.open_watches(actor)

    found = in_workspace(team, work)
    if as_json:
        print_json(found)
        return
    rows = ((str(each.id), each.text, each.user_id, f"{each.until:%d %b %Y}") for each in found)
    print_table(("Number", "Question", "Asked by", "Until"), rows, none="Nothing is watched for.")


@watch_cli.command()
def end(number: Annotated[int, typer.Argument(help="Its number in the list.")], team: OfTeam = None) -> None:
    """Look no more for an answer.

    For example: tapeout watch end 12
    """

    async def work(newsroom: Newsroom, actor: Actor) -> OpenWatch:
        if number not in {each.id for each in await newsroom.open_watches(actor)}:
            raise NotFoundError(f"Nothing with the number {number} is watched for: see `tapeout watch list`.")
        return await newsroom.end_watch(actor, number)

    say(f"No longer looked for: {in_workspace(team, work).text}")


def budget(team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """What the writing costs today, and what readers say of it.

    For example: tapeout budget --json
    """

    async def work(newsroom: Newsroom, actor: Actor) -> Writing:
        return await newsroom.writing(actor)

    writing = in_workspace(team, work)
    if as_json:
        print_json(writing)
        return
    spent = f"{writing.spent} today" if writing.has_model else "nothing is spent"
    if writing.has_model and writing.is_used_up:
        spent += " (the limit is reached: articles are quoted until midnight UTC)"
    say(f"Writer: {writing.writer}; {spent}. Readers, last 7 days: {writing.up} 👍, {writing.down} 👎.")
