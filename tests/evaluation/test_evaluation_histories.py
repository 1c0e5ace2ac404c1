"""Where saved versions come from: folders in their many layouts, and git repositories."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.evaluation.replay.folder import FolderHistory
from bot.evaluation.replay.repository import RepositoryHistory, is_repository
from bot.evaluation.replay.versions import HistoryError, is_feed, newest_date, stamp

BIG = 200_000
START = datetime(2025, 3, 1, tzinfo=UTC)


def feed(number: int) -> bytes:
    """A small feed whose newest item is of day `number`."""
    day = START + timedelta(days=number)
    return (
        f'<rss version="2.0"><channel><title>T</title><item><title>Item {number}</title>'
        f"<pubDate>{day:%a, %d %b %Y} 06:00:00 GMT</pubDate></item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("name", "moment", "rest"),
    [
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC), ""),
        ("openai-2026-11-22T09-30-05Z", datetime(2026, 11, 22, 9, 30, 5, tzinfo=UTC), "openai"),
        ("20261122093005", datetime(2026, 11, 22, 9, 30, 5, tzinfo=UTC), ""),
        ("lab_20261122_0930", datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "lab"),
        ("1795339805", datetime(2026, 11, 22, 9, 30, 5, tzinfo=UTC), ""),
    ],
)
def test_times_in_names(name: str, moment: datetime, rest: str) -> None:
    """ISO dates, runs of digits and seconds since 1970, with the rest of the name beside."""
    assert stamp(name) == (moment, rest)


def test_names_without_times() -> None:
    """A counter, a version or an impossible day is no time."""
    assert stamp("0001") is None
    assert stamp("v2") is None
    assert stamp("2026-02-31") is None


def test_a_folder_for_each_feed(tmp_path: Path) -> None:
    """Sub-folders are feeds; dates in the names give time and order."""
    for name in ("a/2025-03-03.xml", "a/2025-03-01.xml", "b/c/2025-03-02.xml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(feed(1))
    found = list(FolderHistory(tmp_path).versions())
    assert [(one.feed, one.at.day) for one in found] == [("a", 1), ("a", 3), ("b/c", 2)]


def test_a_folder_for_each_day(tmp_path: Path) -> None:
    """Where the folders are days, the files' names are the feeds."""
    for name in ("2025-03-01/a.xml", "2025-03-02/a.xml", "2025-03-02/b.xml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(feed(1))
    found = list(FolderHistory(tmp_path).versions())
    assert [(one.feed, one.at.day) for one in found] == [("a.xml", 1), ("a.xml", 2), ("b.xml", 2)]


def test_all_in_one_folder(tmp_path: Path) -> None:
    """Names without their dates tell feeds apart; other files are passed over."""
    for name in ("a-20250301.xml", "a-20250302.xml", "b-20250301.xml", "README.md", ".hidden.xml"):
        (tmp_path / name).write_bytes(feed(1))
    (tmp_path / "a-20250303.xml").write_bytes(b"plain words, no markup")
    assert [one.feed for one in FolderHistory(tmp_path).versions()] == ["a", "a", "b"]


def test_numbered_files_are_ordered_as_numbers_and_dated_by_what_they_hold(tmp_path: Path) -> None:
    """Files copied at once have no times: 9 comes before 10, and each version's newest item dates it."""
    folder = tmp_path / "lab"
    folder.mkdir()
    for number in (10, 9, 8):
        path = folder / f"v{number}.xml"
        path.write_bytes(feed(number))
        os.utime(path, (1_700_000_000, 1_700_000_000))
    found = list(FolderHistory(tmp_path).versions())
    assert [one.name for one in found] == ["lab/v8.xml", "lab/v9.xml", "lab/v10.xml"]
    assert [one.at for one in found] == [START + timedelta(days=number, hours=6) for number in (8, 9, 10)]


def test_file_times_count_where_they_follow_the_names(tmp_path: Path) -> None:
    """Files saved hours apart, in the order of their names, carry their own times."""
    for number in range(3):
        path = tmp_path / f"v{number}.xml"
        path.write_bytes(feed(number))
        os.utime(path, (1_700_000_000 + 3600 * number,) * 2)
    found = list(FolderHistory(tmp_path).versions())
    assert [round(one.at.timestamp()) for one in found] == [1_700_000_000 + 3600 * number for number in range(3)]
    by_content = list(FolderHistory(tmp_path, "content").versions())
    assert by_content[0].at == START + timedelta(hours=6)
    assert {one.feed for one in found} == {tmp_path.name}


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """A wrong path must not look like a history in which nothing went wrong."""
    with pytest.raises(HistoryError, match="no saved feeds"):
        FolderHistory(tmp_path)


def test_what_is_a_feed() -> None:
    """RSS, Atom, RDF and JSON Feed say what they are, in UTF-16 too; a sitemap is none."""
    assert is_feed(feed(1))
    assert is_feed(b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">')
    assert is_feed(b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">')
    assert is_feed(b'{"version": "https://jsonfeed.org/version/1.1"}')
    assert is_feed('<rss version="2.0">'.encode("utf-16"))
    assert not is_feed(b"<urlset><url/></urlset>")
    assert newest_date(b"<p>nothing</p>") is None
    assert newest_date(b'{"date_published": "2025-03-02T10:00:00Z"}') == datetime(2025, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a feed in five commits: changed, renamed with other letters, changed on a merged branch."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    root = tmp_path_factory.mktemp("repo")
    parts: list[bytes] = []

    def commit(mark: int, hours: int, *changes: bytes, branch: bytes = b"main", parents: bytes = b"") -> None:
        when = f"{int(START.timestamp()) + 3600 * hours} +0200".encode()
        who = b"a <a@example.org> " + when
        parts.append(b"commit refs/heads/" + branch + b"\nmark :" + str(mark).encode() + b"\n")
        parts.append(b"author " + who + b"\ncommitter " + who + b"\ndata 1\nx\n" + parents + b"".join(changes) + b"\n")

    def file(name: bytes, body: bytes) -> bytes:
        return b"M 100644 inline " + name + b"\ndata " + str(len(body)).encode() + b"\n" + body + b"\n"

    commit(1, 0, file(b"feeds/lab.xml", feed(1)), file(b"pom.xml", b"<project/>"), file(b"notes.md", b"n"))
    commit(2, 1, file(b"feeds/lab.xml", feed(2)), file(b"pom.xml", b"<project>2</project>"))
    commit(3, 2, b"D feeds/lab.xml\n", file(b'"feeds/l\\303\\244b 2.xml"', feed(2)))
    commit(4, 3, file(b'"feeds/l\\303\\244b 2.xml"', feed(3)), branch=b"side", parents=b"from :3\n")
    commit(
        5,
        5,
        file(b'"feeds/l\\303\\244b 2.xml"', feed(3)),
        file(b"big.xml", feed(4) + b" " * BIG),
        parents=b"from :3\nmerge :4\n",
    )
    subprocess.run([git, "init", "-q", "--bare", str(root)], check=True)
    subprocess.run(
        [git, "-C", str(root), "fast-import", "--quiet", "--date-format=raw"], input=b"".join(parts), check=True
    )
    subprocess.run([git, "-C", str(root), "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    return root


def test_a_repository_commit_by_commit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change of a feed along the first parents, through a rename and a merge, and no other file."""
    monkeypatch.setattr("bot.evaluation.replay.repository.MAX_BODY", BIG)
    assert is_repository(repository)
    history = RepositoryHistory(repository)
    assert history.size() == 4
    found = list(history.versions())
    assert [one.feed for one in found] == ["feeds/lab.xml"] * 4
    assert [(one.at - START) / timedelta(hours=1) for one in found] == [0, 1, 2, 5]
    assert [one.body for one in found] == [feed(1), feed(2), feed(2), feed(3)]
    assert found[-1].name.endswith("feeds/läb 2.xml")
    assert history.done == 4


def test_only_the_files_that_are_asked_for(repository: Path) -> None:
    """Pathspecs limit what is looked at."""
    assert list(RepositoryHistory(repository, ("other/*.xml",)).versions()) == []
    assert [one.feed for one in RepositoryHistory(repository, ("big.xml",)).versions()] == ["big.xml"]
    assert len(list(RepositoryHistory(repository, ("feeds/*",)).versions())) == 4


def test_half_a_history_can_be_left(repository: Path) -> None:
    """Whoever stops reading leaves no process behind (warnings about that are errors here)."""
    versions = RepositoryHistory(repository).versions()
    next(versions)
    versions.close()  # type: ignore[attr-defined]  # it is a generator


def test_a_broken_repository_says_why(tmp_path: Path) -> None:
    """Git's own words come through, as an error of ours."""
    (tmp_path / ".git").mkdir()
    with pytest.raises(HistoryError, match="not a git repository"):
        RepositoryHistory(tmp_path).size()
    with pytest.raises(HistoryError, match="not a git repository"):
        list(RepositoryHistory(tmp_path).versions())
