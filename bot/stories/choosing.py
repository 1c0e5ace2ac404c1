"""What a channel's choices make of a story: which topics it is judged by, and what holds it back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.choices import TopicChoice
from bot.errors import NotFoundError, UserError
from bot.models import Channel, Relevance
from bot.stories.relevance import OTHER_SUBJECT
from bot.stories.topics import TOPICS, Topic, own

#: A topic's name in a list; longer texts are cut.
NAME_MOST = 80
#: A list that a person can still read, and that fits into one message with its buttons.
OWN_MOST = 20

_SHIPPED = {topic.name: topic for topic in TOPICS}


def merged(changed: Sequence[TopicChoice]) -> tuple[TopicChoice, ...]:
    """All topics of a channel from what it has changed: those that ship in their order, then its own."""
    known = {choice.name: choice for choice in changed}
    shipped = tuple(known.get(name, TopicChoice(name)) for name in _SHIPPED)
    return shipped + tuple(choice for choice in changed if choice.text is not None)


def followed(changed: Sequence[TopicChoice]) -> tuple[Topic, ...]:
    """The topics that a channel's stories are judged by. One that an older edition understood is left out."""
    topics = []
    for choice in merged(changed):
        if not choice.is_followed:
            continue
        try:
            topics.append(_SHIPPED[choice.name] if choice.text is None else own(choice.name, choice.text))
        except UserError:
            continue
    return tuple(topics)


def gated(ranked: Relevance, changed: Sequence[TopicChoice], now: datetime) -> Relevance:
    """The relevance with `held` set where the channel's own choices keep the story out; the reason is a sentence."""
    if ranked.held == OTHER_SUBJECT and any(choice.text is not None or not choice.is_followed for choice in changed):
        return replace(ranked, held="None of the topics that this channel follows is in it.")
    if ranked.held is not None:
        return ranked
    muted = {choice.name: choice for choice in changed if choice.is_muted(now)}
    if ranked.topics and ranked.topics[0] in muted:
        until = muted[ranked.topics[0]].muted_until
        return replace(ranked, held=f"Its main topic, {ranked.topics[0]}, is muted here until {until:%d %B %Y}.")
    return ranked


def below(ranked: Relevance, channel: Channel) -> str | None:
    """Why a story that nothing else holds stays below one of the channel's bars; None: it passes both."""
    if ranked.score < channel.threshold:
        return f"Its relevance of {ranked.score:.2f} is below this channel's threshold of {channel.threshold:.2f}."
    if ranked.substance < channel.least_substance:
        return (
            f"Its substance of {ranked.substance:.2f} is below this channel's {channel.least_substance:.2f}: "
            "little in it can be checked."
        )
    return None


def name_for(text: str) -> str:
    """What a channel's own topic is called: its text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= NAME_MOST else line[: NAME_MOST - 1].rstrip() + "…"


def chosen(topics: Sequence[TopicChoice], which: str) -> TopicChoice:
    """The topic that someone means: its number in the list, its name, or a part of one name alone.

    Raises:
        NotFoundError: none or several match.
    """
    wanted = " ".join(which.split()).casefold()
    if wanted.isdecimal() and 1 <= int(wanted) <= len(topics):
        return topics[int(wanted) - 1]
    exact = [topic for topic in topics if topic.name.casefold() == wanted]
    matches = exact or [topic for topic in topics if wanted and wanted in topic.name.casefold()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        names = ", ".join(topic.name for topic in matches[:5])
        raise NotFoundError(f"Several topics match “{which}”: {names}. Use the number from `/tapeout topics`.")
    raise NotFoundError(f"No topic here matches “{which}”. `/tapeout topics` shows them with their numbers.")
