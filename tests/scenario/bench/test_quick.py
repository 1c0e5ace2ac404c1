"""The measurements run, so that they never rot; their numbers mean nothing at this size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import NAMES

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", NAMES)
def test_a_measurement_runs_in_its_smallest_form(name: str, tmp_path: Path) -> None:
    """`make bench only=NAME` would print a table, and each row says something."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", name, "--quick", "--json", str(tmp_path / "bench.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=590,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    (table,) = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["tables"]
    assert table["name"] == name
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    if name == "feeds":
        tapeout = next(row for row in table["rows"] if row[0] == "tapeout")
        reader = next(row for row in table["rows"] if row[0] == "reader")
        assert tapeout[-1] == reader[-1], "both keep the same items, or they did not do the same work"
