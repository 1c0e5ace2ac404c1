"""JSON Lines and CSV as people write them: read line by line, each fault named with its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from bot.errors import TapeoutError
from bot.feeds.dates import parse_date


class FormatError(TapeoutError):
    """A labelled set is not in its documented form; the message names the file, the line and what to mend."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a labelled set."""

    where: str
    fields: Mapping[str, Any]

    def text(self, *names: str, default: str | None = None) -> str:
        """The field of the first of these names that there is, as text.

        Raises:
            FormatError: there is none (and no default), or it is no text.
        """
        value = self._first(names)
        if value is None:
            if default is not None:
                return default
            raise FormatError(f"{self.where}: the field `{names[0]}` is missing.")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise FormatError(f"{self.where}: the field `{names[0]}` must be text.")
        return str(value)

    def texts(self, *names: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one, a missing field or null is an empty one.

        Raises:
            FormatError: it is something else.
        """
        value = self._first(names)
        if value is None:
            return ()
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return (str(value),)
        if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
            return tuple(str(one) for one in value)
        raise FormatError(f"{self.where}: the field `{names[0]}` must be a list of texts.")

    def moment(self, *names: str, default: datetime | None = None) -> datetime:
        """A time: ISO 8601, any date that feeds write, or seconds (or milliseconds) since 1970.

        Raises:
            FormatError: it is missing (and there is no default) or can't be read.
        """
        value = self._first(names)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value.strip().removesuffix(".0").isdigit():
            value = float(value)  # from CSV, where everything is text
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                return datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS else value, UTC)
            except (ValueError, OverflowError, OSError):
                value = None
        moment = parse_date(value) if isinstance(value, str) else None
        if moment is None:
            raise FormatError(f"{self.where}: the field `{names[0]}` must be a time, such as 2026-11-22T09:30:00Z.")
        return moment

    def truth(self, *names: str) -> bool:
        """A label: true or false, 1 or 0, or a word for either.

        Raises:
            FormatError: it is missing or says neither.
        """
        value = self._first(names)
        word = str(value).strip().casefold()
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise FormatError(f"{self.where}: the field `{names[0]}` must be true or false (or 1 or 0), not {value!r}.")

    def _first(self, names: tuple[str, ...]) -> Any:  # noqa: ANN401  # whatever JSON holds
        return next((self.fields[name] for name in names if self.fields.get(name) is not None), None)


_YES = frozenset(
    {"true", "1", "1.0", "yes", "supported", "supports", "faithful", "consistent", "correct", "factual"}
    | {"entailment", "entailed", "entails"}
)
_NO = frozenset(
    {"false", "0", "0.0", "no", "unsupported", "unfaithful", "inconsistent", "incorrect", "hallucinated"}
    | {"contradiction", "neutral", "not supported", "not_supported", "refuted", "refutes", "contradicts"}
    | {"not enough info", "not_enough_info", "not_entailment", "nonfactual", "non-factual", "hallucination"}
)


_MILLISECONDS = 10**11
"""Seconds are taken for milliseconds from here: it is the year 5138, or March 1973."""
T = TypeVar("T")
_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_LONGEST_FIELD = 16 * 1024 * 1024
"""Characters of a CSV field; Python's own limit, 128 K, is shorter than some articles."""


def refuse(fault: str) -> None:
    """Stop at the first fault.

    Raises:
        FormatError: always.
    """
    raise FormatError(fault)


def records(path: Path, fault: Callable[[str], None] = refuse) -> Iterator[Record]:
    """The objects of a JSON Lines file, or the rows of a `.csv` or `.tsv` with a heading; empty lines are passed over.

    Args:
        path: the file.
        fault: is told of each line that can't be read; it is passed over unless this raises.

    Raises:
        FormatError: the file can't be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            separator = _SEPARATORS.get(path.suffix.lower())
            yield from _rows(path, file, separator, fault) if separator else _objects(path, file, fault)
    except OSError as error:
        raise FormatError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise FormatError(f"{path.name} is not in UTF-8.") from None


def _objects(path: Path, file: IO[str], fault: Callable[[str], None]) -> Iterator[Record]:
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                fields = _object(path, number, line)
            except FormatError as error:
                fault(str(error))
                continue
            yield Record(f"{path.name}, line {number}", fields)


def _rows(path: Path, file: IO[str], separator: str, fault: Callable[[str], None]) -> Iterator[Record]:
    """A row's line is that on which it ends."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(file, delimiter=separator)
    names: list[str] | None = None
    try:
        for row in reader:
            where = f"{path.name}, line {reader.line_num}"
            if names is None:
                names = [_name(name) for name in row]
            elif len(row) > len(names):
                fault(f"{where}: {len(row)} columns, but the heading names {len(names)}.")
            elif any(value.strip() for value in row):
                yield Record(where, {name: value for name, value in zip(names, row, strict=False) if value.strip()})
    except csv.Error as error:
        fault(f"{path.name}, line {reader.line_num}: this is no CSV ({error}).")


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise FormatError(f"{path.name}, line {number}: this is no JSON ({error}).") from None
    if not isinstance(value, dict):
        raise FormatError(f"{path.name}, line {number}: each line must be a JSON object, `{{…}}`.")
    return {_name(name): field for name, field in value.items()}


def _name(name: str) -> str:
    """A field's name however it is written: `Story ID`, `story-id` and `story_id` are one."""
    return "_".join(name.strip().lower().replace("-", " ").split())


def each(path: Path, make: Callable[[Record], T], fault: Callable[[str], None] = refuse) -> tuple[T, ...]:
    """What is made of each record of a file, those with a fault passed over.

    Args:
        path: the file.
        make: reads one record; raises FormatError for one that is not in its form.
        fault: is told of each fault; by default the first one stops.

    Raises:
        FormatError: the file can't be read, or nothing in it could.
    """
    made: list[T] = []
    for record in records(path, fault):
        try:
            made.append(make(record))
        except FormatError as error:
            fault(str(error))
    if not made:
        raise FormatError(f"{path.name} is empty, or no line of it can be read.")
    return tuple(made)
