from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.shelf.progress import Progress, ProgressError, load_progress, save_progress


def test_progress_survives_a_round_through_its_file(tmp_path: Path) -> None:
    """What is saved is what is read, and no temporary file stays behind."""
    path = tmp_path / "deep" / "shelf.json"
    progress = Progress(timedelta(seconds=12.5), {"a/b": datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=UTC)})
    save_progress(path, progress)
    save_progress(path, progress)
    assert load_progress(path) == progress
    assert [p.name for p in path.parent.iterdir()] == ["shelf.json"]


def test_no_file_is_no_progress(tmp_path: Path) -> None:
    """A first start finds nothing."""
    assert load_progress(tmp_path / "none.json") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2, "elapsed_seconds": 1, "released": {}}',
        '{"version": 1, "elapsed_seconds": "x", "released": {}}',
        '{"version": 1, "elapsed_seconds": 1, "released": {"a": "2026-11-22T00:00:00"}}',
        '{"version": 1, "elapsed_seconds": 1, "released": []}',
    ],
)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, text: str) -> None:
    """A file that isn't ours is refused with a way out, and not taken for a first start."""
    path = tmp_path / "shelf.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ProgressError, match="Delete it to begin the sample feeds anew"):
        load_progress(path)


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails half-way, the last good progress is still there and no litter is."""
    path = tmp_path / "shelf.json"
    save_progress(path, Progress(timedelta(seconds=1)))

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.shelf.progress.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        save_progress(path, Progress(timedelta(seconds=2)))
    assert load_progress(path) == Progress(timedelta(seconds=1))
    assert [p.name for p in tmp_path.iterdir()] == ["shelf.json"]
