"""The project's own questions over its own articles: answered, right, honest, and not to be talked into anything."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation import checks
from bot.evaluation.archive import Entry, Listening, open_archive
from bot.evaluation.asking import Asked, ask, told
from bot.evaluation.desk import Desk
from bot.evaluation.grading import Counted
from bot.evaluation.lines import FormatError
from bot.evaluation.measures import auroc
from bot.evaluation.sample import HERE, NOW, Sample
from bot.evaluation.timing import Step, Stopwatch
from bot.models import Answer, AnswerState, Article
from bot.stories.vectors import WordVectors
from bot.writing.pieces import cut
from bot.writing.quotes import source_text

FILES = (HERE / "questions.toml", HERE / "heldout.toml")
ANSWERABLE = frozenset({"fact", "compare", "timeline", "follow-up", "time", "reworded"})
UNANSWERABLE = frozenset({"unanswerable", "absent"})
KINDS = ANSWERABLE | UNANSWERABLE | {"hostile"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what a right answer holds.

    Attributes:
        gold: groups of wordings: of each group one must be there.
        after: the question before it in the same conversation.
        story: the article in whose thread it is asked.
        admits: wordings by which an answer says itself that this is not known.
        must_not: what may not come out of it.
    """

    id: str
    kind: str
    text: str
    gold: tuple[tuple[str, ...], ...] = ()
    after: str | None = None
    story: str | None = None
    admits: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """Of one kind of question: how many were answered, and how many of these rightly."""

    name: str
    asked: int
    answered: int
    right: int


@dataclass(frozen=True, slots=True)
class Answered:
    """How the bot does on the project's own questions.

    Attributes:
        answered: answerable questions that got an answer; `right`: that hold what they must.
        declined: unanswerable questions that got none, or one that says itself that this is not known.
        quotes: of all answers, those word for word in their source.
        hostile: hostile questions that got nothing through.
        auroc: answerable against unanswerable, by how sure the first gate is.
        wrong: answerable questions that were answered wrongly, with the answer.
    """

    questions: int
    articles: int
    kinds: tuple[Kind, ...]
    answered: Counted
    right: Counted
    declined: Counted
    quotes: Counted
    hostile: Counted
    auroc: float
    wrong: tuple[str, ...]
    writer: str
    steps: tuple[Step, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """The promises that were not kept, a sentence each."""
        said = []
        if self.quotes.missed:
            said.append(f"{len(self.quotes.missed)} quotes of answers are not word for word in their source.")
        if self.hostile.missed:
            said.append(f"{len(self.hostile.missed)} hostile questions got something through.")
        return tuple(said)


def load(*paths: Path) -> tuple[Question, ...]:
    """Read the questions of some files; without, of the project's own.

    Raises:
        FormatError: a file is malformed.
    """
    found: list[Question] = []
    earlier: set[str] = set()
    for path in paths or FILES:
        for one in _read(path):
            if one.kind not in KINDS or one.id in earlier or (one.after is not None and one.after not in earlier):
                raise FormatError(f"{path.name}: {one.id}: its kind, its id or the question before it is wrong")
            if (one.kind in ANSWERABLE) != bool(one.gold):
                raise FormatError(f"{path.name}: {one.id}: a question has `gold` if it can be answered")
            earlier.add(one.id)
            found.append(one)
    return tuple(found)


def _read(path: Path) -> tuple[Question, ...]:
    try:
        return tuple(_question(row) for row in tomllib.loads(path.read_text("utf-8"))["question"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise FormatError(f"{path.name}: {error!r}") from error


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        id=str(row["id"]),
        kind=str(row["kind"]),
        text=str(row["text"]),
        gold=tuple(tuple(map(str, group)) for group in row.get("gold", ())),
        after=row.get("after"),
        story=row.get("story"),
        admits=tuple(row.get("admits", ())),
        must_not=tuple(row.get("must_not", ())),
    )


def is_right(question: Question, answer: Answer) -> bool:
    """Whether an answer holds a wording of each group."""
    return answer.state is AnswerState.ANSWERED and all(_says(answer, group) for group in question.gold)


def is_honest(question: Question, answer: Answer) -> bool:
    """Whether a question that can't be answered was not, or the answer itself says that it isn't known."""
    return answer.state is not AnswerState.ANSWERED or _says(answer, question.admits)


def _says(answer: Answer, wordings: Sequence[str]) -> bool:
    text = checks.folded(" ".join(sentence.text for sentence in answer.sentences)).casefold()
    return any(checks.folded(wording).casefold() in text for wording in wordings)


async def run(
    questions: Sequence[Question],
    sample: Sample,
    vectors: WordVectors,
    answerer: Listening,
    *,
    writer: str = "extractive",
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Answered:
    """Ask every question of the archive that the sample makes."""
    joining = Desk(vectors)
    for labelled in sample.articles:
        joining.take(labelled.article, labelled.article.updated_at)
    latest = {labelled.article.id: labelled.article for labelled in sample.articles}  # the last edition of each
    ids = {labelled.key: labelled.article.id for labelled in sample.articles}
    entries = [Entry(article, tuple(draft.text for draft in cut(article))) for article in latest.values()]
    watch = Stopwatch()
    results: dict[str, Asked] = {}
    by_id = {one.id: one for one in questions}
    async with open_archive(
        entries, joining.stories(), vectors=vectors, answerer=answerer, clock=lambda: NOW
    ) as archive:
        for done, one in enumerate(questions, 1):
            story = joining.story_of[ids[one.story]] if one.story is not None else None
            history = _history(one, by_id, results)
            results[one.id] = await ask(archive, one.text, story=story, history=history, watch=watch)
            tell(done, len(questions))
        stored = {archive.article_ids[number]: article for number, article in latest.items()}
    return _graded(questions, results, stored, writer, watch)


def _history(one: Question, by_id: Mapping[str, Question], results: Mapping[str, Asked]) -> list[tuple[str, str]]:
    """The conversation before a question, oldest first."""
    pairs = []
    while one.after is not None:
        one = by_id[one.after]
        pairs.append((one.text, told(results[one.id].answer)))
    return pairs[::-1]


def _graded(
    questions: Sequence[Question],
    results: Mapping[str, Asked],
    articles: Mapping[int, Article],
    writer: str,
    watch: Stopwatch,
) -> Answered:
    answerable = [one for one in questions if one.kind in ANSWERABLE]
    unanswerable = [one for one in questions if one.kind in UNANSWERABLE]
    got = {one.id for one in questions if results[one.id].answer.state is AnswerState.ANSWERED}
    right = {one.id for one in answerable if is_right(one, results[one.id].answer)}
    texts = {
        number: source_text(article.title, article.text or article.summary) for number, article in articles.items()
    }
    sentences = [sentence for one in questions for sentence in results[one.id].answer.sentences]
    bad = checks.bad_quotes(sentences, texts)
    urls = {article.url for article in articles.values()}
    hostile = [one for one in questions if one.kind == "hostile"]
    through = [why for one in hostile for why in _through(one, results[one.id].answer, urls)]
    judged = [*answerable, *unanswerable]
    return Answered(
        questions=len(questions),
        articles=len(articles),
        kinds=tuple(_kind(name, questions, got, right) for name in dict.fromkeys(one.kind for one in questions)),
        answered=_counted(answerable, got, lambda one: f"{one.text} ({results[one.id].answer.message})"),
        right=_counted(answerable, right, lambda one: one.text),
        declined=_counted(
            unanswerable,
            {one.id for one in unanswerable if is_honest(one, results[one.id].answer)},
            lambda one: f"{one.text} → {_shown(results[one.id].answer)}",
        ),
        quotes=Counted(checks.quotes_in(sentences) - len(bad), checks.quotes_in(sentences), bad),
        hostile=Counted(len(hostile) - len({why.partition(":")[0] for why in through}), len(hostile), tuple(through)),
        auroc=auroc([results[one.id].known for one in judged], [one.kind in ANSWERABLE for one in judged]),
        wrong=tuple(
            f"{one.text} → {_shown(results[one.id].answer)} (wanted: {' and '.join(' / '.join(g) for g in one.gold)})"
            for one in answerable
            if one.id in got - right
        ),
        writer=writer,
        steps=watch.steps(),
    )


def _kind(name: str, questions: Sequence[Question], got: set[str], right: set[str]) -> Kind:
    ids = {one.id for one in questions if one.kind == name}
    return Kind(name, len(ids), len(ids & got), len(ids & right))


def _counted(wanted: Sequence[Question], hits: set[str], say: Callable[[Question], str]) -> Counted:
    missed = tuple(say(one) for one in wanted if one.id not in hits)
    return Counted(len(wanted) - len(missed), len(wanted), missed)


def _shown(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences) or answer.message


def _through(one: Question, answer: Answer, urls: set[str]) -> list[str]:
    """What a hostile question got into an answer."""
    found = []
    for text in checks.answer_texts(answer):
        low = checks.folded(text).casefold()
        found += [f"{one.id}: “{words}”" for words in one.must_not if checks.folded(words).casefold() in low]
        if checks.reaches(text):
            found.append(f"{one.id}: a link or a mention in “{text}”")
    found += [
        f"{one.id}: the address {source.url}" for source in (*answer.sources, *answer.nearest) if source.url not in urls
    ]
    return found
