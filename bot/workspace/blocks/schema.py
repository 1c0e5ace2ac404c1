"""A small schema language for Block Kit: checks that say, in Slack's words, what is wrong and where.

A check takes a value and the JSON pointer it stands at, and yields one `Problem` for each fault. Larger
checks are made of smaller ones, so the tables in `objects`, `elements` and `kinds` read like Slack's own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: what is wrong, and the JSON pointer of where."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[Problem]]


def anything(_value: object, _at: str) -> Iterator[Problem]:
    """Accepts every value: for fields that Slack does not document further."""
    yield from ()


def string(most: int | None = None, *, least: int = 0, pattern: str | None = None) -> Check:
    """A string of `least` to `most` characters that matches the whole pattern."""
    compiled = re.compile(pattern) if pattern else None

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string")
            return
        if len(value) < least:
            yield Problem(at, f"must be more than {least - 1} characters")
        if most is not None and len(value) > most:
            yield Problem(at, f"must be less than {most + 1} characters")
        if compiled and not compiled.fullmatch(value):
            yield Problem(at, "failed to match the expected pattern")

    return check


def boolean(value: object, at: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem(at, "must provide a boolean")


def number(least: float | None = None, most: float | None = None) -> Check:
    """A number within bounds, both included."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield Problem(at, "must provide a number")
            return
        if least is not None and value < least:
            yield Problem(at, f"must be at least {least:g}")
        if most is not None and value > most:
            yield Problem(at, f"must be at most {most:g}")

    return check


def one_of(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(at, f"must be one of: {', '.join(allowed)}")

    return check


def array(item: Check, most: int | None = None, *, least: int = 1) -> Check:
    """An array of `least` to `most` items, each of which passes `item`."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array")
            return
        if most is not None and len(value) > most:
            yield Problem(at, f"no more than {most} items allowed")
        if len(value) < least:
            yield Problem(at, f"no fewer than {least} items allowed")
        for index, entry in enumerate(value):
            yield from item(entry, f"{at}/{index}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others; a null optional field counts as absent."""
    fields = {**required, **(optional or {})}

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
            return
        for name in required:
            if value.get(name) is None:
                yield Problem(at, f"missing required field: {name}")
        for name, entry in value.items():
            if name not in fields:
                yield Problem(at, f"invalid additional property: {name}")
            elif entry is not None:
                yield from fields[name](entry, f"{at}/{name}")

    return check


def by_type(table: Mapping[str, Check]) -> Check:
    """An object whose `type` picks the check; a type that is not in the table is unsupported."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            yield Problem(at, "missing required field: type")
        elif not isinstance(kind, str) or kind not in table:
            yield Problem(f"{at}/type", f"unsupported type: {kind}")
        else:
            yield from table[kind](value, at)

    return check


def both(*checks: Check) -> Check:
    """All of these checks, one after the other."""

    def check(value: object, at: str) -> Iterator[Problem]:
        for each in checks:
            yield from each(value, at)

    return check


def needs_any(*names: str) -> Check:
    """An object that has at least one of these fields, and not empty."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, dict) and not any(value.get(name) for name in names):
            yield Problem(at, f"missing required field: one of {', '.join(names)}")

    return check


def only_one(*names: str) -> Check:
    """An object that has at most one of these fields."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, dict) and sum(value.get(name) is not None for name in names) > 1:
            yield Problem(at, f"only one of {', '.join(names)} is allowed")

    return check
