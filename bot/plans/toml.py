"""`tapeout.toml`, read with every mistake named by its line. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.choices import TopicChoice
from bot.delivery import schedule_words
from bot.errors import UserError
from bot.models.digests import Rhythm
from bot.plans.wanted import WantedChannel, WantedFeed
from bot.stories import choosing, rules
from bot.stories.topics import TOPICS, own
from bot.writing.extract import STYLES
from bot.writing.prompts import LANGUAGES

_HEADER = re.compile(r"^\s*\[\[?\s*(?P<name>[\w.\s-]+?)\s*\]\]?")
_KEY = re.compile(r"^\s*(?P<key>[A-Za-z_][\w-]*)\s*=")
_CHANNEL = ("name", "style", "language", "threshold", "least_substance", "paused", "filters", "feed", "topic", "rhythm")
_FEED = ("url", "title", "paused", "filters")
_TOPIC = ("name", "text", "followed", "muted_until")
_RHYTHM = TypeAdapter(Rhythm)
_MOST_PROBLEMS = 20


class _Lines:
    """Where in the file the tables and their keys stand."""

    def __init__(self, text: str) -> None:
        self._at: dict[tuple[str, ...], int] = {}
        counts: dict[str, int] = {}
        here: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _HEADER.match(line):
                name = re.sub(r"\s", "", found["name"])
                if name == "channel":
                    counts = {"channel": counts.get("channel", 0) + 1}
                else:
                    counts[name] = counts.get(name, 0) + 1
                here = (str(counts.get("channel", 0) - 1), name, str(counts[name] - 1))
                self._at[here] = number
            elif found := _KEY.match(line):
                self._at.setdefault((*here, found["key"]), number)

    def of(self, channel: int, table: str, index: int, key: str | None = None) -> int:
        """The line of a key, or of its table's header; 1 where it cannot be told."""
        name = "channel" if table == "channel" else f"channel.{table}"
        where = (str(channel), name, str(channel if table == "channel" else index))
        if key is not None and (*where, key) in self._at:
            return self._at[(*where, key)]
        return self._at.get(where, 1)


@dataclass(frozen=True)
class _Place:
    """A table of the file, and the mistakes found so far.

    Attributes:
        channel: which channel, from 0.
        table: `channel`, `feed`, `topic` or `rhythm`.
        index: which of these in its channel, from 0.
    """

    lines: _Lines
    found: list[tuple[int, str]]
    channel: int
    table: str = "channel"
    index: int = 0

    def wrong(self, text: str, key: str | None = None) -> None:
        """Note a mistake, at its key's line."""
        self.found.append((self.lines.of(self.channel, self.table, self.index, key), text))

    def inside(self, table: str, index: int = 0) -> _Place:
        """A table of this channel."""
        return replace(self, table=table, index=index)

    def knows(self, given: Mapping[str, Any], known: Sequence[str]) -> None:
        """Note the keys that are not known."""
        for key in given:
            if key not in known:
                self.wrong(f"`{key}` is not known; there are {', '.join(known)}.", key)


def read(text: str) -> tuple[WantedChannel, ...]:
    """Read a file.

    Raises:
        UserError: it is no TOML, or says what cannot be; every line with a mistake is named.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"That is no TOML: {error}.") from error
    problems: list[tuple[int, str]] = []
    lines = _Lines(text)
    problems += [(1, f"`{key}` is not known here; there is only `[[channel]]`.") for key in data if key != "channel"]
    tables = data.get("channel", [])
    if not isinstance(tables, list):
        tables = []
        problems.append((1, "Write `[[channel]]` with two brackets: there may be several."))
    found = [_channel(table, _Place(lines, problems, at)) for at, table in enumerate(tables)]
    names = [channel.name for channel in found]
    for at, name in enumerate(names):
        if name and name in names[:at]:
            _Place(lines, problems, at).wrong(f"#{name} is there twice.", "name")
    if problems:
        said = [f"line {line}: {problem}" for line, problem in sorted(problems)[:_MOST_PROBLEMS]]
        raise UserError("\n".join(said))
    return tuple(found)


def _channel(table: Mapping[str, Any], at: _Place) -> WantedChannel:
    at.knows(table, _CHANNEL)
    name = str(table.get("name", "")).removeprefix("#")
    if not name:
        at.wrong("A channel needs its `name`.")
    style, language = table.get("style"), table.get("language")
    if style is not None and style not in STYLES:
        at.wrong(f"`style` is one of {', '.join(STYLES)}.", "style")
    if language is not None and language not in LANGUAGES:
        at.wrong(f"`language` is one of {', '.join(LANGUAGES)}.", "language")
    return WantedChannel(
        name=name,
        style=style,
        language=language,
        threshold=_share(table, "threshold", at),
        least_substance=_share(table, "least_substance", at),
        paused=_flag(table, "paused", at),
        filters=_filters(table, at) if "filters" in table else None,
        feeds=_feeds(table["feed"], at) if "feed" in table else None,
        topics=_topics(table["topic"], at) if "topic" in table else None,
        rhythm=_rhythm(table["rhythm"], at.inside("rhythm")) if "rhythm" in table else None,
    )


def _share(table: Mapping[str, Any], key: str, at: _Place) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        at.wrong(f"`{key}` is a number between 0 and 1.", key)
        return None
    return float(value)


def _flag(table: Mapping[str, Any], key: str, at: _Place) -> bool | None:
    value = table.get(key)
    if value is not None and not isinstance(value, bool):
        at.wrong(f"`{key}` is true or false.", key)
        return None
    return value


def _filters(table: Mapping[str, Any], at: _Place) -> tuple[str, ...]:
    found = []
    given = table.get("filters", [])
    for text in given if isinstance(given, list) else [given]:
        try:
            found.append(rules.parse(str(text)).text)
        except UserError as error:
            at.wrong(f"filter `{text}`: {error}", "filters")
    return tuple(dict.fromkeys(found))


def _feeds(tables: Any, channel: _Place) -> tuple[WantedFeed, ...]:  # noqa: ANN401  # whatever TOML holds
    found: dict[str, WantedFeed] = {}
    for index, table in enumerate(_tables(tables, channel.inside("feed"))):
        at = channel.inside("feed", index)
        at.knows(table, _FEED)
        url = str(table.get("url", ""))
        if not url.startswith(("http://", "https://")):
            at.wrong("A feed needs its `url`, with http:// or https://.", "url")
        if url in found:
            at.wrong(f"{url} is there twice.", "url")
        found[url] = WantedFeed(
            url, str(table.get("title", "")), _flag(table, "paused", at) or False, _filters(table, at)
        )
    return tuple(found.values())


def _topics(tables: Any, channel: _Place) -> tuple[TopicChoice, ...]:  # noqa: ANN401  # the same
    found: dict[str, TopicChoice] = {}
    for index, table in enumerate(_tables(tables, channel.inside("topic"))):
        at = channel.inside("topic", index)
        at.knows(table, _TOPIC)
        choice = _topic(table, at)
        if choice.name in found:
            at.wrong(f"The topic “{choice.name}” is there twice.")
        found[choice.name] = choice
    return tuple(choice for choice in found.values() if not choice.is_default)


def _topic(table: Mapping[str, Any], at: _Place) -> TopicChoice:
    shipped = sorted(topic.name for topic in TOPICS)
    text = str(table["text"]) if "text" in table else None
    name = str(table.get("name") or choosing.name_for(text or ""))
    if text is None and name not in shipped:
        at.wrong(f"“{name}” does not ship: give its `text`, or one of {', '.join(shipped)}.", "name")
    if text is not None:
        try:
            own(name, text)
        except UserError as error:
            at.wrong(f"topic `{text}`: {error}", "text")
    until = table.get("muted_until")
    if until is not None and (not isinstance(until, datetime) or until.tzinfo is None):
        at.wrong("`muted_until` is a time with its zone, such as 2026-12-01T00:00:00Z.", "muted_until")
        until = None
    followed = _flag(table, "followed", at)
    return TopicChoice(name, text, followed is not False, until.astimezone(UTC) if until else None)


def _tables(given: Any, at: _Place) -> list[Mapping[str, Any]]:  # noqa: ANN401  # the same
    if isinstance(given, list) and all(isinstance(table, dict) for table in given):
        return given
    at.wrong(f"Write `[[channel.{at.table}]]` with two brackets: there may be several.")
    return []


def _rhythm(given: Any, at: _Place) -> Rhythm | None:  # noqa: ANN401  # the same
    try:
        rhythm = schedule_words.checked(_RHYTHM.validate_python(given))
        schedule_words.zone_named(rhythm.zone)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        at.wrong(f"rhythm: `{where}`: {first['msg']}.", where.partition(".")[0])
    except UserError as error:
        at.wrong(f"rhythm: {error}")
    else:
        return rhythm
    return None
