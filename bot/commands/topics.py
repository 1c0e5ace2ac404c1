"""`tapeout topics …` and `tapeout style`: what a channel hears of, and how it is written, for operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.place import AsJson, InChannel, OfTeam, in_channel, print_json, print_table, say

if TYPE_CHECKING:
    from bot.choices import Bars, ChannelChoices, TopicAdded, TopicChoice
    from bot.models import Actor, Channel
    from bot.newsroom import Newsroom

topics_cli = typer.Typer(help="What a channel hears of.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="TOPIC", help="Its number in the list, or its name.")]
Share = Annotated[float, typer.Argument(min=0.0, max=1.0, help="Between 0 and 1.")]
#: Topics of the channel's own are written down by their text, which may be long.
_NAME_MOST = 60


@topics_cli.command("list")
def list_topics(channel: InChannel = None, team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """List a channel's topics, numbered, with its bars and what votes have taught.

    For example: tapeout topics list --channel chips
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> ChannelChoices:
        return await newsroom.topics(actor, channel_id)

    known = in_channel(channel, team, work)
    if as_json:
        print_json(known)
        return
    rows = ((str(number), each.name[:_NAME_MOST], _state(each, known)) for number, each in enumerate(known.topics, 1))
    print_table(("", "Topic", "State"), rows, none="There are no topics.")
    bars = f"Posted from a relevance of {known.channel.threshold:.2f} and a substance of "
    votes = f"{known.up} 👍 and {known.down} 👎 weigh {known.weight:.0%}."
    say(f"{bars}{known.channel.least_substance:.2f}; {votes}")


def _state(topic: TopicChoice, known: ChannelChoices) -> str:
    if not topic.is_followed:
        return "not followed"
    if topic.muted_until is not None and topic.is_muted(known.as_of):
        return f"muted until {topic.muted_until:%d %b %Y}"
    return "the channel's own" if topic.text else "followed"


@topics_cli.command()
def add(
    text: Annotated[list[str], typer.Argument(help="A sentence, keywords, or the name of one that ships.")],
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Follow a topic.

    For example: tapeout topics add '"HBM" AND (Samsung OR Micron)'
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> tuple[TopicAdded, int]:
        added = await newsroom.add_topic(actor, channel_id, " ".join(text))
        return added, await newsroom.judge_again(actor, channel_id)

    added, told = in_channel(channel, team, work)
    if as_json:
        print_json(added)
        return
    begin = "Followed already" if added.existed else "Following"
    say(f"{begin}: {added.choice.name}.")
    say(f"It alone would have let {len(added.hits)} of the last {added.of} stories through.")
    say_told(told)


@topics_cli.command()
def remove(which: Which, channel: InChannel = None, team: OfTeam = None) -> None:
    """Unfollow a topic.

    For example: tapeout topics remove 3
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> TopicChoice:
        return await newsroom.remove_topic(actor, channel_id, which)

    say(f"No longer followed: {in_channel(channel, team, work).name}.")


@topics_cli.command()
def mute(
    which: Which,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="For so many days.")] = 7,
    channel: InChannel = None,
    team: OfTeam = None,
) -> None:
    """Post nothing of a topic for a while.

    For example: tapeout topics mute 3 --days 14
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> TopicChoice:
        return await newsroom.mute_topic(actor, channel_id, which, days=days)

    muted = in_channel(channel, team, work)
    say(f"Muted until {muted.muted_until:%d %b %Y}: {muted.name}.")


@topics_cli.command()
def unmute(which: Which, channel: InChannel = None, team: OfTeam = None) -> None:
    """Post of a muted topic again.

    For example: tapeout topics unmute 3
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> tuple[TopicChoice, int]:
        unmuted = await newsroom.unmute_topic(actor, channel_id, which)
        return unmuted, await newsroom.judge_again(actor, channel_id)

    unmuted, told = in_channel(channel, team, work)
    say(f"No longer muted: {unmuted.name}.")
    say_told(told)


@topics_cli.command()
def threshold(share: Share, channel: InChannel = None, team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """How relevant a story must be.

    For example: tapeout topics threshold 0.4
    """
    _bar("threshold", share, channel, team, as_json=as_json)


@topics_cli.command()
def substance(share: Share, channel: InChannel = None, team: OfTeam = None, as_json: AsJson = False) -> None:  # noqa: FBT002  # a flag
    """How checkable a story must be.

    For example: tapeout topics substance 0.3
    """
    _bar("substance", share, channel, team, as_json=as_json)


def _bar(which: str, share: float, channel: str | None, team: str | None, *, as_json: bool) -> None:
    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> tuple[Bars, int]:
        change = newsroom.set_threshold if which == "threshold" else newsroom.set_substance
        bars = await change(actor, channel_id, share)
        return bars, await newsroom.judge_again(actor, channel_id)

    bars, told = in_channel(channel, team, work)
    if as_json:
        print_json(bars)
        return
    say(f"{bars.passed} of the last {bars.of} stories would have passed; before, {bars.before} did.")
    say_told(told)


@topics_cli.command()
def reset(channel: InChannel = None, team: OfTeam = None) -> None:
    """Forget what votes have taught.

    For example: tapeout topics reset --channel chips
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> ChannelChoices:
        return await newsroom.reset_taste(actor, channel_id)

    say(f"#{in_channel(channel, team, work).channel.name} has forgotten its votes.")


def say_told(told: int) -> None:
    """That a change lets stories of the last day through, where it does."""
    if told:
        say(f"{told} of the last day's stories pass now; they are told when the channel's news comes.")


def style(
    wanted: Annotated[str | None, typer.Argument(metavar="[STYLE]", help="one line, standard or deep.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="By its code or English name.")] = None,
    channel: InChannel = None,
    team: OfTeam = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """Show, or with words change, how a channel's briefs are written.

    For example: tapeout style "one line" --language de
    """

    async def work(newsroom: Newsroom, actor: Actor, channel_id: str, _name: str) -> Channel:
        if wanted is not None:
            await newsroom.set_style(actor, channel_id, wanted)
        if language is not None:
            await newsroom.set_language(actor, channel_id, language)
        return await newsroom.style(actor, channel_id)

    shown = in_channel(channel, team, work)
    if as_json:
        print_json(shown)
        return
    say(f"#{shown.name}: style {shown.style}, language {shown.language}.")
