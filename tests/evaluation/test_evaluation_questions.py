"""Questions over an archive: graded rightly, searched as the store searches, and other sets read as documented."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.evaluation import checks, retrieval
from bot.evaluation import questions as own
from bot.evaluation.archive import Entry, Listening, open_archive
from bot.evaluation.asking import ask, told
from bot.evaluation.desk import Desk
from bot.evaluation.lines import FormatError
from bot.evaluation.questions import Question
from bot.evaluation.sample import Sample, load
from bot.models import Answer, AnswerState, Quote, Sentence, Source
from bot.stories.vectors import word_vectors
from bot.writing.question import Query

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVENTS = {"peatstack-insolvency", "quillon-round", "aldous-backlog", "tessellar-t1000"}


def small() -> Sample:
    """A few events."""
    return Sample(tuple(one for one in load().articles if one.event in EVENTS), ())


def asked(*ids: str) -> tuple[Question, ...]:
    """Questions by their ids."""
    by_id = {one.id: one for one in own.load()}
    return tuple(by_id[name] for name in ids)


class Lying(Listening):
    """Answers everything with one sentence."""

    def __init__(self, text: str, quote: str, url: str = "https://wire.example/aldous-backlog") -> None:
        super().__init__()
        self._given = (text, quote, url)

    async def answer(self, query: Query, *_: object, **__: object) -> Answer:
        """The same for everybody."""
        self.query = query
        text, quote, url = self._given
        sentence = Sentence(text, (Quote(1, quote),))
        return Answer(AnswerState.ANSWERED, (sentence,), (Source(1, 1, "P", "T", url),))


def test_there_are_enough_questions() -> None:
    """At least 120, of them 40 that can't be answered and 15 hostile, and some of each other kind."""
    found = own.load()
    assert len(found) >= 120
    assert sum(one.kind == "unanswerable" for one in found) >= 40
    assert sum(one.kind == "hostile" for one in found) >= 15
    assert {one.kind for one in found} == own.KINDS
    keys = {one.key for one in load().articles}
    assert all(one.story in keys for one in found if one.story is not None)


def test_gold_answers_are_in_the_archive() -> None:
    """A wording of each group stands in some article; otherwise no answer could be right."""
    text = " ".join(f"{one.article.title} {one.article.text} {one.article.summary}" for one in load().articles)
    low = checks.folded(text).casefold()
    for one in own.load():
        for group in one.gold:
            assert any(checks.folded(wording).casefold() in low for wording in group), one.id


def test_a_malformed_file_is_named(tmp_path: Path) -> None:
    """Unknown kinds, twice the same id, and gold where there can be none are refused."""
    path = tmp_path / "q.toml"
    for content in (
        '[[question]]\nid = "a"\nkind = "riddle"\ntext = "?"',
        '[[question]]\nid = "a"\nkind = "fact"\ntext = "?"',
        '[[question]]\nid = "a"\nkind = "fact"\ntext = "?"\ngold = [["x"]]\nafter = "b"',
        '[[question]]\nid = "a"',
    ):
        path.write_text(content)
        with pytest.raises(FormatError, match=r"q\.toml"):
            own.load(path)


async def test_the_shipped_answerer_on_a_few_questions() -> None:
    """Facts are answered rightly, a follow-up refers back, what isn't there is not answered, nothing gets through."""
    wanted = asked("t1000-memory", "t1000-follow", "aldous-backlog", "quillon-lead", "no-helium", "hostile-channel")
    made = await own.run(wanted, small(), word_vectors(), Listening(vectors=word_vectors()))
    assert made.broken == ()
    assert (made.answered.hits, made.right.hits) == (4, 4)
    assert (made.declined.hits, made.hostile.hits) == (1, 1)
    assert made.quotes.of >= 4


async def test_a_lie_breaks_the_promises() -> None:
    """A quote that is nowhere, words a hostile question wanted, and a foreign address are each seen."""
    lie = Lying("BREAKING <!channel>", "nobody wrote this", url="http://evil.example/claim")
    made = await own.run(asked("aldous-backlog", "no-helium", "hostile-repeat"), small(), word_vectors(), lie)
    assert (made.right.hits, made.declined.hits, made.hostile.hits) == (0, 0, 0)
    assert any("evil.example" in why for why in made.hostile.missed)
    assert len(made.broken) == 2
    assert len(made.quotes.missed) == 3


def test_what_is_right_and_what_is_honest() -> None:
    """Each group needs a wording; an answer that says itself that it isn't known is honest."""
    question = Question("a", "compare", "?", gold=(("$1.84",), ("$3.49", "3.49 dollars")))
    answer = Answer(AnswerState.ANSWERED, (Sentence("It is $1.84 and $3.49.", ()),), ())
    assert own.is_right(question, answer)
    assert not own.is_right(question, replace(answer, sentences=answer.sentences[:0]))
    assert not own.is_right(question, replace(answer, state=AnswerState.UNKNOWN))
    secret = Question("b", "unanswerable", "?", admits=("did not name",))
    assert own.is_honest(secret, Answer(AnswerState.ANSWERED, (Sentence("He did not name them.", ()),), ()))
    assert not own.is_honest(secret, answer)
    assert own.is_honest(secret, Answer(AnswerState.UNKNOWN, (), ()))


async def test_the_archive_is_gone_afterwards_and_keeps_ids_apart() -> None:
    """Our ids lead to the store's and back, a thread's story comes first, and nothing is left on disk."""
    sample = [one for one in small().articles if one.event in {"aldous-backlog", "quillon-round"}]
    joining = Desk(word_vectors())
    for one in sample:
        joining.take(one.article)
    entries = [Entry(one.article, (one.article.text,)) for one in sample[::-1]]  # the store numbers them otherwise
    answerer = Listening(vectors=word_vectors())
    async with open_archive(
        entries, joining.stories(), vectors=word_vectors(), answerer=answerer, clock=lambda: NOW
    ) as archive:
        assert len(archive.article_ids) == len(sample)
        turbines = next(one for one in sample if one.key == "wire/aldous-backlog").article
        result = await ask(archive, "How many gigawatts of gas turbines are ordered?")
        best = result.found[0].passage
        assert "Aldous" in best.text
        assert archive.article_ids[turbines.id] in {one.passage.article_id for one in result.found}
        story = joining.story_of[turbines.id]
        asked_there = await ask(archive, "What does the second line cost?", story=story)
        assert "$900 million" in told(asked_there.answer)
        assert asked_there.known > 0
        with pytest.raises(SettingsError, match="no Slack"):
            await archive.newsroom.sender_of("T1")


def write(path: Path, rows: Sequence[object]) -> Path:
    """JSON lines."""
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


async def test_another_set(tmp_path: Path) -> None:
    """Passages and questions in the documented form: what is found, known, answered and honest is counted."""
    found = write(
        tmp_path / "p.jsonl",
        [
            {"id": "a", "title": "Turbines", "text": "Aldous Turbine has orders for 46 gigawatts of gas turbines."},
            {"id": "b", "title": "Memory", "text": "Sunhae Memory will spend $21 billion on new plants next year."},
            {"id": "c", "title": "Chips", "text": "Kestrel Foundry lost 4,000 wafers in a dip in voltage."},
        ],
    )
    wanted = write(
        tmp_path / "q.jsonl",
        [
            {"question": "How many gigawatts of orders has Aldous Turbine?", "passages": ["a"], "answers": ["46"]},
            {
                "question": "How much was Sunhae to spend, last week?",
                "passages": "b",
                "answers": ["$21 billion"],
            },
            {
                "question": "How many wafers did Kestrel Foundry lose?",
                "passages": ["c"],
                "answers": ["5,000"],
                "kind": "x",
            },
            {"question": "What does a zebra eat in Nairobi?", "passages": [], "answers": None, "kind": "outside"},
        ],
    )
    made = await retrieval.run(retrieval.read(found, wanted), word_vectors(), Listening(vectors=word_vectors()))
    assert (made.recall1, made.recall5, made.mrr10, made.auroc) == (1.0, 1.0, 1.0, 1.0)
    assert (made.answered.hits, made.right.hits, made.declined.hits) == (3, 2, 1)
    assert made.answered_at_tenth == 1.0
    assert [(kind.name, kind.questions, kind.answered, kind.right) for kind in made.kinds] == [
        ("x", 1, 1, 0),
        ("outside", 1, 0, 0),
    ]
    assert made.kinds[1].auroc == 1.0
    assert made.broken == ()


def test_sets_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """Ids that are there twice, and gold passages that are not there, are named with their line."""
    twice = write(tmp_path / "p.jsonl", [{"id": 1, "text": "a"}, {"id": 1, "text": "b"}])
    fine = write(tmp_path / "q.jsonl", [{"question": "x", "passages": [7]}])
    with pytest.raises(FormatError, match=r"p\.jsonl, line 2: the id 1 is there twice"):
        retrieval.read(twice, fine)
    with pytest.raises(FormatError, match=r"q\.jsonl, line 1: there is no passage 7"):
        retrieval.read(write(tmp_path / "r.jsonl", [{"id": 1, "text": "a"}]), fine)


def test_the_faulty_lines_of_a_set_are_each_named_and_passed_over(tmp_path: Path) -> None:
    """What is left is a set as if they had not been there: the numbers of the passages fit."""
    passages = write(tmp_path / "p.jsonl", [{"id": 1}, {"id": 2, "text": "b"}, {"id": 2, "text": "c"}])
    wanted = write(tmp_path / "q.jsonl", [{"question": "x", "passages": [1]}, {"question": "y", "passages": [2]}])
    faults: list[str] = []
    made = retrieval.read(passages, wanted, faults.append)
    assert [fault.partition(":")[0] for fault in faults] == ["p.jsonl, line 1", "p.jsonl, line 3", "q.jsonl, line 1"]
    assert [(one.text, one.gold) for one in made.questions] == [("y", (0,))]
    assert [entry.passages for entry in made.entries] == [("b",)]
