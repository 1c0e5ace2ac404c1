"""Labelled sets of articles by topic, and how well each topic's articles come first."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.evaluation import interests
from bot.evaluation.lines import FormatError
from bot.stories.vectors import word_vectors

SPORT = ("Cup final goes to penalties", "Sprinter breaks record", "Striker out for season", "Tennis champion loses")
SCIENCE = ("Probe reaches comet", "Vaccine halves malaria", "New planet has water", "Telescope sees old galaxy")
PROFILE: dict[str, object] = {
    "topic": "sport",
    "profile": "Sport: matches, athletes and clubs",
    "keywords": ["cup", "record"],
}


def write(path: Path, rows: Sequence[object]) -> Path:
    """JSON lines."""
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def rows() -> list[dict[str, object]]:
    """Eight headlines of two topics by turns, two of each story; one of both topics."""
    pairs = zip(SPORT, SCIENCE, strict=True)
    made: list[dict[str, object]] = []
    for at, (sport, science) in enumerate(pairs):
        made += [{"text": sport, "topic": "sport", "story": f"a{at // 2}"}]
        made += [{"text": science, "topic": ["science"], "story": f"b{at // 2}"}]
    return [PROFILE, *made]


def test_topics_and_articles_are_read(tmp_path: Path) -> None:
    """A topic has what its line says, else its name; a story is in one half with all its articles."""
    labelled = interests.read(write(tmp_path / "a.jsonl", rows()))
    science, sport = labelled.topics
    assert (sport.topic.profile, sport.words) == ("Sport: matches, athletes and clubs", ("cup", "record"))
    assert science.topic.profile == "science"
    assert [topics for _, topics in labelled.articles[:2]] == [{"sport"}, {"science"}]
    halves = {article.identity: may for (article, _), may in zip(labelled.articles, labelled.votable, strict=True)}
    assert halves == {"a0": True, "b0": False, "a1": True, "b1": False}


def test_a_shipped_topic_is_known_by_its_name(tmp_path: Path) -> None:
    """Its own sentence and terms are measured."""
    labelled = interests.read(write(tmp_path / "a.jsonl", [{"text": "GPUs", "topic": "chips and accelerators"}]))
    assert "gpu" in labelled.topics[0].words


def test_each_topic_is_ranked_with_and_without_votes(tmp_path: Path) -> None:
    """The profile finds its topic; with too few articles there is nothing to vote on; twice gives the same."""
    made = [row | {"story": str(at // 2)} for at, row in enumerate(rows()[1:] * 4)]
    labelled = interests.read(write(tmp_path / "a.jsonl", [PROFILE, *made]))
    found = interests.run(labelled, word_vectors())
    again = interests.run(labelled, word_vectors())
    sport = next(one for one in found.topics if one.topic == "sport")
    assert (found.articles, sport.articles) == (32, 16)
    assert sport.profile > 0.8
    assert sport.voted[0] > 0.8
    assert math.isnan(sport.voted[-1])
    assert found.mean.profile == pytest.approx(sum(one.profile for one in found.topics) / 2)
    assert repr(found) == repr(again)


def test_a_set_without_topics_is_refused(tmp_path: Path) -> None:
    """Profiles alone are no set, and a profile is of one topic."""
    with pytest.raises(FormatError, match="no article with a topic"):
        interests.read(write(tmp_path / "a.jsonl", [PROFILE]))
    with pytest.raises(FormatError, match="of one `topic`"):
        interests.read(write(tmp_path / "b.jsonl", [PROFILE | {"topic": ["a", "b"]}]))


def test_the_command_prints_a_row_for_each_topic(tmp_path: Path) -> None:
    """As a table and as JSON."""
    path = str(write(tmp_path / "a.jsonl", rows()))
    table = CliRunner().invoke(cli, ["eval", "relevance", path])
    assert table.exit_code == 0
    assert "sport" in table.output
    plain = CliRunner().invoke(cli, ["eval", "relevance", path, "--json"])
    assert {one["topic"] for one in json.loads(plain.output)["topics"]} == {"sport", "science"}
