"""JSON objects out of what a model wrote, whatever stands around them and wherever it broke off; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Shape = TypeVar("Shape", bound=BaseModel)
LONGEST_STRING, LONGEST_BLANK = 1500, 200
"""Characters; no quote and no sentence that we ask for is so long."""
_TRIES = 50
"""Text full of braces must not cost quadratic time."""
_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHTS_END = re.compile(r"^.*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE)
_LOOSE_COMMA = re.compile(r",\s*([}\]])")


def parse(text: str, shape: type[Shape]) -> Shape | None:
    """The first object in `text` that fits `shape`, whatever stands around it (prose, code fences), or None.

    What a model thought aloud is passed over. An object that breaks off is read up to its last finished part.
    """
    text = without_thoughts(text)
    for candidate in _objects(text):
        try:
            return shape.model_validate(candidate)
        except ValidationError:
            continue
    return None


def without_thoughts(text: str) -> str:
    """A text without what a reasoning model wrote down before its answer (`<think>…</think>`)."""
    return _THOUGHTS_END.sub("", _THOUGHTS.sub("", text))


def _objects(text: str) -> Iterator[object]:
    """Every JSON object that starts somewhere at the top level of `text`; last, what is there of a broken one."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    broken: list[int] = []
    for _ in range(_TRIES):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            broken.append(at)
            end = at + 1
        else:
            yield value
        at = text.find("{", end)
    for at in broken[:3]:
        yield from _mended(text[at:], decoder)


def _mended(text: str, decoder: json.JSONDecoder) -> Iterator[object]:
    """An object with a comma too many, or one that broke off."""
    tidy = _LOOSE_COMMA.sub(r"\1", text)
    for candidate in (tidy, closed(tidy)):
        try:
            value, _ = decoder.raw_decode(candidate)
        except (json.JSONDecodeError, RecursionError):
            continue
        yield value


def closed(text: str) -> str:
    """The start of a JSON object, cut after its last finished object or list, with the brackets closed that are open.

    A sentence that broke off in the middle is left out: nobody knows how it would have gone on.
    """
    opened: list[str] = []
    best = ""
    in_string = escaped = False
    for at, char in enumerate(text):
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "{[":
            opened.append("}" if char == "{" else "]")
        elif char in "}]":
            if not opened or opened.pop() != char:
                break
            best = text[: at + 1] + "".join(reversed(opened))
            if not opened:
                break
    return best


def runs_on(text: str) -> bool:
    """Whether a model that writes JSON has lost its way: a string without an end, or nothing but white space.

    Seen with small models, and with large ones in plain JSON mode; what comes after is paid for and of no use.
    """
    if "{" not in text or not without_thoughts(text):
        return False
    if text[-LONGEST_BLANK:].isspace():
        return len(text) > LONGEST_BLANK
    return len(text) > LONGEST_STRING and '"' not in text[-LONGEST_STRING:]


def finished_items(partial: str, key: str) -> tuple[object, ...]:
    """The complete objects so far in the array under `key` of an object that is still being streamed.

    Used to show an answer sentence by sentence: a sentence is looked at once its closing brace is there, never before.
    """
    partial = without_thoughts(partial)
    opened = re.search(rf'"{re.escape(key)}"\s*:\s*\[', partial)
    if opened is None:
        return ()
    decoder = json.JSONDecoder(strict=False)
    items: list[object] = []
    at = opened.end()
    while at < len(partial):
        if partial[at] in " \t\r\n,":
            at += 1
            continue
        if partial[at] != "{":
            break
        try:
            value, at = decoder.raw_decode(partial, at)
        except (json.JSONDecodeError, RecursionError):
            break
        items.append(value)
    return tuple(items)
