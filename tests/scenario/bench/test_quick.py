"""The measurements run, so that they never rot; their numbers mean nothing at this size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAMES = ["feeds", "stories", "answers", "store", "workers", "start", "load"]


@pytest.mark.timeout(300)
def test_every_measurement_runs_in_its_smallest_form(tmp_path: Path) -> None:
    """`make bench` would print a table for each, and each says something."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json", str(tmp_path / "bench.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    tables = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["tables"]
    assert [table["name"] for table in tables] == NAMES
    assert all(len(row) == len(table["columns"]) for table in tables for row in table["rows"])
    tapeout = next(row for row in tables[0]["rows"] if row[0] == "tapeout")
    reader = next(row for row in tables[0]["rows"] if row[0] == "reader")
    assert tapeout[-1] == reader[-1], "both keep the same items, or they did not do the same work"
