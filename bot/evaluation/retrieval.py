"""Any set of passages and questions: is the right passage found, is it known what is not there, is the answer right?

`passages.jsonl`: `id`, `text`; `title`, `publisher`, `time`, `article` if the set has them. `questions.jsonl`:
`question`; `passages`: ids of those that hold the answer; `answers`: wordings of it. Both empty: no passage answers it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.evaluation import checks
from bot.evaluation.archive import Archive
from bot.evaluation.asking import Asked, Desk
from bot.evaluation.grading import Counted
from bot.evaluation.lines import FormatError, all_records
from bot.evaluation.measures import at_false_rate, auroc, mean, recall_at, reciprocal_rank
from bot.evaluation.timing import Step, Stopwatch
from bot.models import AnswerState, Passage
from bot.stories.vectors import WordVectors
from bot.writing.answer import Answerer
from bot.writing.quotes import source_text

_ANY_DAY = datetime(2026, 11, 22, tzinfo=UTC)
#: How often an unanswerable question may be answered at most, where the answered rate is looked up.
FALSE = 0.10


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of a set.

    Attributes:
        gold: numbers of the passages that hold the answer.
        answers: wordings of it; any one will do.
    """

    text: str
    gold: tuple[int, ...]
    answers: tuple[str, ...]
    now: datetime | None

    @property
    def answerable(self) -> bool:
        """Whether the passages hold an answer."""
        return bool(self.gold or self.answers)


@dataclass(frozen=True, slots=True)
class Questions:
    """A set: its passages, numbered, and its questions."""

    passages: tuple[Passage, ...]
    questions: tuple[Asking, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class Retrieved:
    """How the bot does on a set; NaN where a set has nothing to measure it by.

    Attributes:
        recall5, recall10, mrr10: of questions with gold passages.
        auroc: answerable against unanswerable by the first gate's score; `bm25_auroc`: by the best BM25 score alone.
        answered_at_tenth: share of answerable questions above the score that a tenth of the unanswerable reach.
        answered: answerable questions that the bot answers; `right`: with one of the wordings in it.
        declined: unanswerable questions that it does not answer.
    """

    passages: int
    questions: int
    answerable: int
    recall5: float
    recall10: float
    mrr10: float
    auroc: float
    bm25_auroc: float
    answered_at_tenth: float
    answered: Counted
    right: Counted
    declined: Counted
    quotes: Counted
    steps: tuple[Step, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """The promise that quotes are word for word, if it was not kept."""
        return (f"{len(self.quotes.missed)} quotes are not in their source.",) if self.quotes.missed else ()


def read(passages: Path, questions: Path) -> Questions:
    """Read a set.

    Raises:
        FormatError: a file is not in the documented form, or a question names a passage that there is not.
    """
    numbers: dict[str, int] = {}
    articles: dict[str, int] = {}
    found = []
    dated = True
    for number, record in enumerate(all_records(passages), 1):
        name = record.text("id")
        if name in numbers:
            raise FormatError(f"{record.where}: the id {name} is there twice.")
        numbers[name] = number
        has_time = any(field in record.fields for field in ("time", "date", "published"))
        dated = dated and has_time
        key = record.text("article", "document", default=f"passage {name}")
        found.append(
            Passage(
                id=number,
                article_id=articles.setdefault(key, len(articles) + 1),
                story_id=None,
                position=number,
                text=record.text("text", "passage", "content"),
                title=record.text("title", default=""),
                publisher=record.text("publisher", default=""),
                url=f"https://example.org/{number}",
                published_at=record.moment("time", "date", "published", default=_ANY_DAY),
            )
        )
    asked = []
    for record in all_records(questions):
        gold = record.texts("passages", "passage", "gold", "passage_ids")
        missing = [name for name in gold if name not in numbers]
        if missing:
            raise FormatError(f"{record.where}: there is no passage {missing[0]}.")
        moment = record.moment("time", default=_ANY_DAY) if "time" in record.fields else None
        asked.append(
            Asking(
                record.text("question", "text", "query"),
                tuple(numbers[name] for name in gold),
                record.texts("answers", "answer"),
                moment,
            )
        )
    return Questions(tuple(found), tuple(asked), dated)


async def run(
    wanted: Questions,
    vectors: WordVectors,
    answerer: Answerer,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Retrieved:
    """Ask every question, each as of its own time or of the newest passage's."""
    watch = Stopwatch()
    newest = max(one.published_at for one in wanted.passages)
    results: list[Asked] = []
    with Archive(wanted.passages) as archive:
        desk = Desk(archive, answerer, vectors, dated=wanted.dated, watch=watch)
        for done, one in enumerate(wanted.questions, 1):
            results.append(await desk.ask(one.text, now=one.now or newest))
            tell(done, len(wanted.questions))
    return _measured(wanted, results, watch)


def _measured(wanted: Questions, results: Sequence[Asked], watch: Stopwatch) -> Retrieved:
    pairs = list(zip(wanted.questions, results, strict=True))
    ranked = [([item.passage.id for item in result.found], one.gold) for one, result in pairs if one.gold]
    labels = [one.answerable for one in wanted.questions]
    knowns = [result.known for result in results]
    best = [max((item.passage.score for item in result.found), default=0.0) for result in results]
    both = any(labels) and not all(labels)
    answerable = [pair for pair in pairs if pair[0].answerable]
    sentences = [sentence for result in results for sentence in result.answer.sentences]
    bad = checks.bad_quotes(sentences, _texts(wanted.passages))
    return Retrieved(
        passages=len(wanted.passages),
        questions=len(pairs),
        answerable=len(answerable),
        recall5=mean([recall_at(found, gold, 5) for found, gold in ranked]),
        recall10=mean([recall_at(found, gold, 10) for found, gold in ranked]),
        mrr10=mean([reciprocal_rank(found, gold, 10) for found, gold in ranked]),
        auroc=auroc(knowns, labels),
        bm25_auroc=auroc(best, labels),
        answered_at_tenth=at_false_rate(knowns, labels, FALSE).true_rate if both else math.nan,
        answered=_counted(answerable, lambda _, result: _got(result)),
        right=_counted([pair for pair in answerable if pair[0].answers], _is_right),
        declined=_counted([pair for pair in pairs if not pair[0].answerable], lambda _, result: not _got(result)),
        quotes=Counted(checks.quotes_in(sentences) - len(bad), checks.quotes_in(sentences), bad),
        steps=watch.steps(),
    )


def _texts(passages: Sequence[Passage]) -> dict[int, str]:
    texts: dict[int, list[str]] = {}
    for one in passages:
        texts.setdefault(one.article_id, []).append(source_text(one.title, one.text))
    return {article: "\n\n".join(parts) for article, parts in texts.items()}


def _got(result: Asked) -> bool:
    return result.answer.state is AnswerState.ANSWERED


def _is_right(one: Asking, result: Asked) -> bool:
    text = checks.folded(" ".join(sentence.text for sentence in result.answer.sentences)).casefold()
    return _got(result) and any(checks.folded(wording).casefold() in text for wording in one.answers)


def _counted(pairs: Sequence[tuple[Asking, Asked]], holds: Callable[[Asking, Asked], bool]) -> Counted:
    missed = tuple(
        f"{one.text} → {' '.join(sentence.text for sentence in result.answer.sentences) or result.answer.message}"
        for one, result in pairs
        if not holds(one, result)
    )
    return Counted(len(pairs) - len(missed), len(pairs), missed)
