"""The short form of the long run: a few kills under faults, on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import report, trial
from .stage import SETUPS


@pytest.mark.chaos
@pytest.mark.timeout(900)  # real processes on a machine that many may share
async def test_kills_and_faults_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """After some kills at random moments everything that should be there is there, once; the long run has hundreds."""
    result = await trial.run(
        SETUPS[0],
        tmp_path,
        None,
        kills=4,
        seed=5,
        every_s=2.5,
        pause_s=(0.5, 1.5),
        patience_s=300,
        with_shelf=False,
        with_digests=False,
    )
    assert report.complaints([result]) == []
    assert result.orphans == 0
    assert (result.kills.total(), bool(result.faults)) == (4, True)
    assert result.verdict.posts >= 5
    assert result.verdict.answers >= 1
