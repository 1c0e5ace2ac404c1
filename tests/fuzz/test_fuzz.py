"""A sample of the long run (`make fuzz`) in every test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from .mutate import MUTATORS, make
from .reading import Failure, read_all, save

SAMPLE = range(100)


@pytest.mark.fuzz
async def test_a_hundred_broken_feeds_cost_nothing_but_their_own_poll() -> None:
    """No crash, no hang over the limit, no flood, no item twice, and the reading process does not grow."""
    report = await read_all(SAMPLE)
    assert not report.failures, "\n\n".join(
        f"python -m tests.fuzz --only {failure.broken.number}\n{failure.why}" for failure in report.failures
    )
    assert report.outcomes.total() == len(SAMPLE)
    assert report.outcomes["read"] > len(SAMPLE) // 3, "nearly all were refused: that tests little"
    assert report.ok


def test_a_number_always_makes_the_same_feed() -> None:
    """A failure that was reported can be made again anywhere."""
    assert make(7) == make(7)
    assert make(7).body != make(8).body


def test_each_way_of_breaking_is_in_the_sample() -> None:
    """The sample that runs each time leaves no mutator out."""
    names = {name for number in SAMPLE for name in make(number).done}
    assert {mutator.__name__.strip("_") for mutator in MUTATORS} <= names


def test_a_failing_feed_is_saved_with_how_to_make_it_again(tmp_path: Path) -> None:
    """The bytes, what was done to them and why it failed lie beside each other."""
    broken = make(3)
    path = save(Failure(broken, "because"), tmp_path)
    assert path.read_bytes() == broken.body
    assert "number: 3" in path.with_suffix(".txt").read_text(encoding="utf-8")
