"""What channels are like, written as a `tapeout.toml`: reading it gives the same back. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC

from pydantic import TypeAdapter

from bot.choices import TopicChoice
from bot.models.digests import Rhythm
from bot.plans.wanted import WantedChannel, WantedFeed

_RHYTHM = TypeAdapter(Rhythm)
_INTRO = """\
# What Tapeout's channels follow. `tapeout apply tapeout.toml` shows what it would change, then asks.
# What is not named stays as it is; a list that is there is all that should be there.
"""


def write(found: Sequence[WantedChannel]) -> str:
    """Write channels down; `read` gives the same back."""
    return "\n".join([_INTRO, *(line for channel in found for line in _written(channel))])


def _written(channel: WantedChannel) -> Iterator[str]:
    yield "[[channel]]"
    yield f"name = {_text(channel.name)}"
    yield from _settings(channel)
    yield ""
    if channel.rhythm is not None:
        yield from _rhythm_lines(channel.rhythm)
    for feed in channel.feeds or ():
        yield from _feed_lines(feed)
    for topic in channel.topics or ():
        yield from _topic_lines(topic)


def _settings(channel: WantedChannel) -> Iterator[str]:
    for key in ("style", "language"):
        if (text := getattr(channel, key)) is not None:
            yield f"{key} = {_text(text)}"
    for key in ("threshold", "least_substance"):
        if (number := getattr(channel, key)) is not None:
            yield f"{key} = {float(number)!r}"
    if channel.paused is not None:
        yield f"paused = {_truth(value=channel.paused)}"
    if channel.filters is not None:
        yield f"filters = {_texts(channel.filters)}"
    # An empty list says that nothing should be there; as tables it could not be told from silence.
    if channel.feeds == ():
        yield "feed = []"
    if channel.topics == ():
        yield "topic = []"


def _feed_lines(feed: WantedFeed) -> Iterator[str]:
    yield "[[channel.feed]]"
    yield f"url = {_text(feed.url)}"
    if feed.title:
        yield f"title = {_text(feed.title)}"
    if feed.paused:
        yield "paused = true"
    if feed.filters:
        yield f"filters = {_texts(feed.filters)}"
    yield ""


def _topic_lines(topic: TopicChoice) -> Iterator[str]:
    yield "[[channel.topic]]"
    yield f"name = {_text(topic.name)}"
    if topic.text is not None:
        yield f"text = {_text(topic.text)}"
    if not topic.is_followed:
        yield "followed = false"
    if topic.muted_until is not None:
        yield f"muted_until = {topic.muted_until.astimezone(UTC).isoformat()}"
    yield ""


def _rhythm_lines(rhythm: Rhythm) -> Iterator[str]:
    yield "[channel.rhythm]"
    for key, value in _RHYTHM.dump_python(rhythm, mode="json").items():
        if value is None:
            continue
        shown = _truth(value=value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
        yield f"{key} = {shown}"
    yield ""


def _text(text: str) -> str:
    """A string: JSON's escapes are TOML's, but for the one control character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _truth(*, value: bool) -> str:
    return "true" if value else "false"
