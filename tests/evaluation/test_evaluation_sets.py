"""Other people's sets of articles, summaries and claims, and the commands that read them."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.evaluation import clustering, faithfulness, interests, retrieval, summaries
from bot.evaluation.lines import FormatError
from bot.evaluation.replay.versions import HistoryError
from bot.stories.vectors import word_vectors

ARTICLES: list[dict[str, object]] = [
    {"text": "Calder buys Fenwick Networks for $3.1 billion", "time": "2026-11-01T08:00:00Z", "story": 1},
    {"text": "Dorado Memory builds packaging plant in Ohio", "time": "2026-11-01T08:30:00Z", "story": "two"},
    {"text": "Fenwick Networks sold to Calder for $3.1bn", "time": 1793523600, "story": 1},
    {
        "title": "Ohio wins memory packaging plant",
        "text": "Dorado picked Dayton.",
        "time": "2026-11-01",
        "story": "two",
    },
]
NEWS = (
    "Ostara will build a campus of 1.2 GW at Harrow Flats. It costs $14 billion. The weather was fine on the day. "
    "Birds sang. Two customers have signed for the first halls of the Harrow Flats campus."
)


def write(path: Path, rows: Sequence[object]) -> Path:
    """JSON lines."""
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_articles_are_read_and_joined_in_time_order(tmp_path: Path) -> None:
    """Times in any form order the articles; the shipped bar and the sweep are told; stories come out right."""
    labelled = clustering.read(write(tmp_path / "a.jsonl", ARTICLES))
    assert [story for _, story in labelled] == ["two", "1", "two", "1"]
    made = clustering.run(labelled, word_vectors(), sweep=(-0.05, 0.60))
    assert (made.articles, made.true_stories, made.shipped.shift) == (4, 2, 0.0)
    assert made.shipped.score.precision == 1.0
    loose, strict = made.sweep
    assert loose.stories <= made.shipped.stories <= strict.stories == 4
    assert strict.score.recall == pytest.approx(0.5)


def test_sets_without_times(tmp_path: Path) -> None:
    """Without times the file's order holds and nothing is too far apart; a gap is filled by the line before."""
    rows = [row | {"time": None} for row in ARTICLES]
    labelled = clustering.read(write(tmp_path / "a.jsonl", rows))
    assert [story for _, story in labelled] == ["1", "two", "1", "two"]
    assert len({article.when for article, _ in labelled}) == 1
    assert clustering.run(labelled, word_vectors(), sweep=()).shipped.score.precision == 1.0
    rows[2]["time"] = "2027-01-01"
    times = [article.when.year for article, _ in clustering.read(write(tmp_path / "b.jsonl", rows))]
    assert times == [2026, 2026, 2027, 2027]


def test_marks_of_a_page_are_read_as_what_they_stand_for(tmp_path: Path) -> None:
    """`&amp;` is no word that two headlines could share."""
    rows = [{"text": "AT&amp;T buys &#8220;Lumo&#8221;", "story": 1}]
    ((article, _),) = clustering.read(write(tmp_path / "a.jsonl", rows))
    assert article.title == "AT&T buys “Lumo”"


def test_the_fitted_bar_is_chosen_without_the_half_that_it_is_measured_on() -> None:
    """Of two runs each the best for one half of the stories: the other half gets the score of the wrong one."""
    true = {1: "a", 2: "a", 3: "b", 4: "b"}
    good_for_a = {1: 1, 2: 1, 3: 3, 4: 4}
    good_for_b = {1: 1, 2: 2, 3: 3, 4: 3}
    found = clustering.fitted([good_for_a, good_for_b], true)
    assert found is not None
    assert (found.precision, found.recall) == (1.0, 0.5)
    assert clustering.fitted([good_for_a], dict.fromkeys(true, "a")) is None


def test_texts_without_a_title(tmp_path: Path) -> None:
    """The first line or sentence stands in for the title; a bare headline has no text; an empty line is refused."""
    rows = [
        {"text": "A headline\nThe body. More.", "time": 1, "story": 1},
        {"text": "First sentence here. Second one there.", "time": 2, "story": 1},
        {"text": "A bare headline", "time": 3, "story": 1},
    ]
    for row in rows:
        row["time"] = 1_793_520_000 + int(str(row["time"]))
    parts = [(one.title, one.text) for one, _ in clustering.read(write(tmp_path / "a.jsonl", rows))]
    assert parts == [
        ("A headline", "The body. More."),
        ("First sentence here.", "Second one there."),
        ("A bare headline", ""),
    ]
    with pytest.raises(FormatError, match="`text` is missing"):
        clustering.read(write(tmp_path / "b.jsonl", [{"time": 1_793_520_000, "story": 1}]))


def test_summaries_beside_the_first_sentences(tmp_path: Path) -> None:
    """A reference that needs the last sentence is met by the summary and not by the first sentences."""
    reference = "Ostara will build 1.2 GW at Harrow Flats.\nTwo customers have signed for the first halls."
    pairs = summaries.read(write(tmp_path / "s.jsonl", [{"text": NEWS, "reference": reference, "title": "Campus"}]))
    assert len(pairs[0].reference) == 2
    made = summaries.run(pairs, sentences=3)
    by_name = {system.name: system for system in made.systems}
    assert set(by_name) == {"summary", "brief: what happened", "lead-3", "the first words"}
    assert by_name["summary"].rouge.r1 > by_name["lead-3"].rouge.r1
    assert by_name["lead-3"].words == 22
    short = summaries.run(pairs, words=12)
    assert {system.name: system.words for system in short.systems}["summary"] <= 12


def test_a_long_text_without_a_title_is_summed_up_and_briefed(tmp_path: Path) -> None:
    """Public sets have no titles, and first sentences too long for a headline: nothing stops, all are scored."""
    long = "The company said that it would build " + "a hall and a yard and " * 9 + "a road to the lake in spring."
    rows = [{"text": f"{long} {NEWS}", "reference": "Ostara will build."}, {"text": long, "reference": "A hall."}]
    made = summaries.run(summaries.read(write(tmp_path / "s.jsonl", rows)))
    assert all(system.rouge.r1 > 0.0 for system in made.systems)


def test_an_empty_text_is_summed_up_as_nothing(tmp_path: Path) -> None:
    """A set may hold empty texts: they score 0 and stop nothing."""
    made = summaries.run(summaries.read(write(tmp_path / "s.jsonl", [{"text": " ", "reference": "Something."}])))
    assert all(system.rouge.r1 == 0.0 for system in made.systems)


def test_claims_are_told_apart(tmp_path: Path) -> None:
    """True sentences score above those with another figure, another name or a negation; the veto refuses these."""
    rows = [
        {"source": NEWS, "sentence": "Ostara will build a campus of 1.2 GW at Harrow Flats.", "label": 1},
        {"source": NEWS, "sentence": "The campus at Harrow Flats has 1,200 MW.", "label": "supported"},
        {"source": NEWS, "sentence": "Ostara will build a campus of 2.2 GW at Harrow Flats.", "label": 0},
        {"source": NEWS, "sentence": "Veltrona will build a campus of 1.2 GW at Harrow Flats.", "label": 0},
        {"source": NEWS, "sentence": "Ostara will not build a campus of 1.2 GW at Harrow Flats.", "label": False},
    ]
    claims = faithfulness.read(write(tmp_path / "f.jsonl", rows))
    made = faithfulness.run(claims)
    assert (made.claims, made.supported) == (5, 2)
    assert made.refused == 1.0
    assert made.auroc > made.overlap_auroc
    judge = faithfulness.Judge(NEWS)
    assert judge.judge(claims[0].sentence).passed
    assert judge.judge("").problems == ("says nothing",)
    two = judge.judge("Ostara will build a campus of 1.2 GW at Harrow Flats. Veltrona owns the moon.")
    assert not two.passed
    assert 0 < two.score < judge.judge(claims[0].sentence).score


def test_the_examples_in_the_docs_are_read(tmp_path: Path) -> None:
    """Every example of a set in the documentation is in the form that its reader takes."""
    text = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text("utf-8")
    blocks = re.findall(r"```json\n(.+?)```", text, re.DOTALL)
    files = [tmp_path / f"{number}.jsonl" for number in range(len(blocks))]
    for file, block in zip(files, blocks, strict=True):
        file.write_text(block, encoding="utf-8")
    assert len(clustering.read(files[0])) == 2
    assert [topics for _, topics in interests.read(files[1]).articles] == [{"networks"}, set()]
    assert len(summaries.read(files[2])) == 1
    assert [claim.supported for claim in faithfulness.read(files[3])] == [False]
    wanted = retrieval.read(files[4], files[5])
    assert wanted.dated
    assert [one.answerable for one in wanted.questions] == [True, False, False]


def test_commands_print_json(tmp_path: Path) -> None:
    """What goes to standard output with --json is JSON and nothing else."""
    runner = CliRunner()
    path = write(tmp_path / "a.jsonl", ARTICLES)
    result = runner.invoke(cli, ["eval", "clustering", str(path), "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["articles"] == 4
    claim = {"source": NEWS, "sentence": "It costs $14 billion.", "label": True}
    result = runner.invoke(cli, ["eval", "faithfulness", str(write(tmp_path / "f.jsonl", [claim])), "--json"])
    assert json.loads(result.stdout)["auroc"] is None
    for command in (["summaries"], ["clustering"], ["answers"]):
        assert runner.invoke(cli, ["eval", *command, "--help"]).exit_code == 0


def test_commands_show_tables(tmp_path: Path) -> None:
    """Without --json a person reads tables; text of articles is never taken for markup."""
    row = {"text": "[red]Alarm[/nothing] at Ostara. " + NEWS, "reference": "Ostara builds."}
    result = CliRunner().invoke(cli, ["eval", "summaries", str(write(tmp_path / "s.jsonl", [row]))])
    assert result.exit_code == 0
    assert "ROUGE-Lsum" in result.stdout


def test_commands_name_what_is_wrong(tmp_path: Path) -> None:
    """A path without a history and a file in another form end in an error of ours, not in a traceback."""
    runner = CliRunner()
    result = runner.invoke(cli, ["replay", str(tmp_path / "none")])
    assert isinstance(result.exception, HistoryError)
    result = runner.invoke(cli, ["eval", "answers", str(write(tmp_path / "x.jsonl", [{}]))])
    assert isinstance(result.exception, FormatError)


def test_the_command_line_starts_without_evaluation() -> None:
    """Only a command that measures pays for what it needs."""
    code = (
        "import sys, bot.cli; heavy = [name for name in sys.modules if name.startswith('bot.evaluation.')];"
        "assert heavy == ['bot.evaluation.commands'], heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
