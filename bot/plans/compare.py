"""From what is to what should be: the steps in between, each a sentence. The same twice leaves none. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.choices import TopicChoice
from bot.models.digests import Rhythm
from bot.plans.wanted import WantedChannel, WantedFeed

Deed = Literal[
    "channel", "set", "pause channel", "subscribe", "unsubscribe", "pause feed", "filter", "unfilter", "topic",
    "untopic", "rhythm",
]  # fmt: skip
_SETTINGS = ("style", "language", "threshold", "least_substance")


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one channel.

    Attributes:
        deed: what is done.
        channel: the channel's name.
        said: a sentence that begins with `+`, `-` or `~`.
        url: the feed that it is about; None: the whole channel.
        name: the setting's, topic's or feed's name, or the filter as typed.
        value: what it is set to.
    """

    deed: Deed
    channel: str
    said: str
    url: str | None = None
    name: str = ""
    value: str | float | bool | TopicChoice | Rhythm | None = None


def steps(before: Sequence[WantedChannel], wanted: Sequence[WantedChannel]) -> tuple[Step, ...]:
    """What it takes to get from what is to what should be, in an order that can be done."""
    known = {channel.name: channel for channel in before}
    found: list[Step] = []
    for channel in wanted:
        there = known.get(channel.name)
        if there is None:
            there = _NOTHING
            found.append(Step("channel", channel.name, f"+ channel #{channel.name}"))
        found += _channel(there, channel)
    return tuple(found)


_NOTHING = WantedChannel(
    "", "standard", "en", None, 0.0, paused=False, filters=(), feeds=(), topics=(), rhythm=Rhythm()
)  # fmt: skip


def _channel(there: WantedChannel, wanted: WantedChannel) -> Iterator[Step]:
    name = wanted.name
    for setting in _SETTINGS:
        is_now, should_be = getattr(there, setting), getattr(wanted, setting)
        if should_be is not None and should_be != is_now:
            yield Step("set", name, f"~ {_spoken(setting)}: {is_now} → {should_be}", name=setting, value=should_be)
    if wanted.paused is not None and wanted.paused != there.paused:
        verb = "pause" if wanted.paused else "resume"
        yield Step("pause channel", name, f"~ {verb} the whole channel", value=wanted.paused)
    if wanted.feeds is not None:
        yield from _feeds(name, there.feeds or (), wanted.feeds)
    if wanted.filters is not None:
        yield from _filters(name, None, there.filters or (), wanted.filters)
    if wanted.topics is not None:
        yield from _topics(name, there.topics or (), wanted.topics)
    if wanted.rhythm is not None and wanted.rhythm != there.rhythm:
        yield Step("rhythm", name, "~ rhythm", value=wanted.rhythm)


def _feeds(name: str, there: Sequence[WantedFeed], wanted: Sequence[WantedFeed]) -> Iterator[Step]:
    known = {feed.url: feed for feed in there}
    for feed in there:
        if feed.url not in {each.url for each in wanted}:
            yield Step("unsubscribe", name, f"- feed {feed.title or feed.url} ({feed.url})", feed.url)
    for feed in wanted:
        now = known.get(feed.url)
        if now is None:
            yield Step("subscribe", name, f"+ feed {feed.url}", feed.url, feed.title)
        if feed.paused != (now is not None and now.paused):
            verb = "pause" if feed.paused else "resume"
            yield Step("pause feed", name, f"~ {verb} {feed.url}", feed.url, value=feed.paused)
        yield from _filters(name, feed.url, now.filters if now is not None else (), feed.filters)


def _filters(name: str, url: str | None, there: Sequence[str], wanted: Sequence[str]) -> Iterator[Step]:
    where = f" on {url}" if url else " on every feed"
    for text in there:
        if text not in wanted:
            yield Step("unfilter", name, f"- filter `{text}`{where}", url, text)
    for text in wanted:
        if text not in there:
            yield Step("filter", name, f"+ filter `{text}`{where}", url, text)


def _topics(name: str, there: Sequence[TopicChoice], wanted: Sequence[TopicChoice]) -> Iterator[Step]:
    known = {topic.name: topic for topic in there}
    for topic in there:
        if topic.name not in {each.name for each in wanted}:
            back = "- topic" if topic.text is not None else "~ as it ships: topic"
            yield Step("untopic", name, f"{back} {topic.name}", name=topic.name)
    for topic in wanted:
        now = known.get(topic.name)
        if topic != now:
            sign = "+" if now is None and topic.text is not None else "~"
            yield Step("topic", name, f"{sign} topic {_topic(topic)}", name=topic.name, value=topic)


def _topic(topic: TopicChoice) -> str:
    if not topic.is_followed:
        return f"{topic.name}: not followed"
    if topic.muted_until is not None:
        return f"{topic.name}: muted until {topic.muted_until:%Y-%m-%d}"
    return topic.name


def _spoken(setting: str) -> str:
    return "least substance" if setting == "least_substance" else setting
