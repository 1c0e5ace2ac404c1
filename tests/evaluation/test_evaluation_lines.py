"""Labelled sets in JSON lines: read as documented, and every fault named with its line."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from bot.evaluation.lines import FormatError, Record, each
from bot.evaluation.progress import NAMED_MOST, passing_over


def _all(path: Path) -> tuple[Record, ...]:
    return each(path, lambda record: record)


def test_records_are_read_with_their_lines(tmp_path: Path) -> None:
    """Empty lines and a byte order mark are passed over; each record knows its line."""
    path = tmp_path / "set.jsonl"
    path.write_text('\ufeff{"text": "a"}\n\n{"text": 5}\n', encoding="utf-8")
    found = _all(path)
    assert [record.text("text") for record in found] == ["a", "5"]
    assert found[1].where == "set.jsonl, line 3"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "line 1: this is no JSON"),
        ("[1]", "must be a JSON object"),
        ("\n", "is empty"),
        ('{"a": "\xff"}', "UTF-8"),
    ],
)
def test_faults_are_named(tmp_path: Path, content: str, said: str) -> None:
    """What is no JSON, no object, empty or in another encoding is told in a sentence."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(FormatError, match=said):
        _all(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The system's words say why it cannot be read."""
    with pytest.raises(FormatError, match="No such file"):
        _all(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T09:30:00Z",
        "2026-11-22 09:30",
        1795339800,
        "1795339800.0",
        1795339800000,
        "Sun, 22 Nov 2026 10:30:00 +0100",
    ],
)
def test_times_in_many_forms(value: object) -> None:
    """ISO, what feeds write, and seconds or milliseconds since 1970 are one moment."""
    assert Record("x", {"time": value}).moment("time") == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_what_is_no_time_is_refused() -> None:
    """A time is never guessed."""
    for value in ("soon", 1e30, None, True):
        with pytest.raises(FormatError, match="must be a time"):
            Record("x", {"time": value}).moment("time")


def test_labels_in_many_words() -> None:
    """True, 1 and "supported" are one label, false, 0 and "hallucinated" the other; anything else is refused."""
    assert [Record("x", {"label": value}).truth("label") for value in (True, 1, "1", "Supported")] == [True] * 4
    assert [Record("x", {"label": value}).truth("label") for value in (False, 0, 0.0, "hallucinated")] == [False] * 4
    for value in ("maybe", 2, None):
        with pytest.raises(FormatError, match="must be true or false"):
            Record("x", {"label": value}).truth("label")


def test_fields_by_any_of_their_names() -> None:
    """The first name that is there counts; null is as good as missing; lists may be single."""
    record = Record("x", {"body": "b", "text": None, "ids": ["1", 2], "id": 3})
    assert record.text("text", "body") == "b"
    assert record.texts("ids") == ("1", "2")
    assert record.texts("id") == ("3",)
    assert record.texts("none") == ()
    with pytest.raises(FormatError, match="`none` is missing"):
        record.text("none")
    with pytest.raises(FormatError, match="must be text"):
        record.text("ids")
    with pytest.raises(FormatError, match="list of texts"):
        Record("x", {"ids": [{}]}).texts("ids")


def test_rows_of_csv_are_records(tmp_path: Path) -> None:
    """Quoted fields may hold line breaks and be long; a row with too many columns is named by its line."""
    path = tmp_path / "set.csv"
    long = "word " * 40_000
    path.write_text(f'Text, Time\n"two\nlines",1795339800\n\na,b,c\n"{long}",\n', encoding="utf-8")
    faults: list[str] = []
    found = each(path, lambda record: record, faults.append)
    assert [record.text("text") for record in found] == ["two\nlines", long]
    assert found[0].moment("time") == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert faults == ["set.csv, line 5: 3 columns, but the heading names 2."]
    with pytest.raises(FormatError, match="line 5"):
        _all(path)


def test_faulty_lines_are_told_one_by_one_and_passed_over(tmp_path: Path) -> None:
    """What is good is read; each fault is told; a file with nothing good is refused."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"text": "a"}\n{\n{"other": 1}\n{"text": "b"}\n', encoding="utf-8")
    faults: list[str] = []
    assert each(path, lambda record: record.text("text"), faults.append) == ("a", "b")
    assert [fault.split(":")[0] for fault in faults] == ["set.jsonl, line 2", "set.jsonl, line 3"]
    with pytest.raises(FormatError, match="line 2"):
        each(path, lambda record: record.text("text"))
    with pytest.raises(FormatError, match="no line of it"):
        each(path, lambda record: record.text("none"), faults.append)


@pytest.mark.parametrize("name", ["Story ID", "story-id", " story_id "])
def test_a_fields_name_may_be_written_as_people_write_it(tmp_path: Path, name: str) -> None:
    """Case, hyphens and spaces make no other name, in JSON and in a heading."""
    lines, table = tmp_path / "set.jsonl", tmp_path / "set.tsv"
    lines.write_text(json.dumps({name: "a"}) + "\n", encoding="utf-8")
    table.write_text(f"{name}\na\n", encoding="utf-8")
    assert [record.text("story_id") for path in (lines, table) for record in _all(path)] == ["a", "a"]


def test_a_thousand_faulty_lines_are_not_named_one_by_one() -> None:
    """The first are, then it is said how many there are: a file of another form would bury what matters."""
    out = io.StringIO()
    with passing_over(Console(file=out, width=200)) as fault:
        for number in range(1_000):
            fault(f"set.csv, line {number}: no.")
    said = out.getvalue().splitlines()
    assert said[0] == "Passed over: set.csv, line 0: no."
    assert said[NAMED_MOST:] == ["Passed over: 1,000 lines in all; 980 of them are not named."]
