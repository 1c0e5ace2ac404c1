"""Any set of passages and questions: is the right passage found, is it known what is not there, is the answer right?

`passages.jsonl`: `id`, `text`; `title`, `publisher`, `time`, `article` if the set has them. `questions.jsonl`:
`question`; `passages`: ids of those that hold the answer; `answers`: wordings of it. Both empty: no passage answers it.
`kind`, if there is one, names a sort of question that is to be told apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.evaluation import checks
from bot.evaluation.archive import Archive, Entry, Listening, open_archive
from bot.evaluation.asking import Asked, ask
from bot.evaluation.grading import Counted
from bot.evaluation.lines import FormatError, Record, each, refuse
from bot.evaluation.measures import at_false_rate, auroc, mean, recall_at, reciprocal_rank
from bot.evaluation.pipeline import TEAM
from bot.evaluation.timing import Step, Stopwatch
from bot.models import AnswerState, Article
from bot.store import wordindex
from bot.stories.vectors import WordVectors
from bot.writing.question import understand
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
        kind: what the set calls questions of this sort; empty: nothing.
    """

    text: str
    gold: tuple[int, ...]
    answers: tuple[str, ...]
    now: datetime | None
    kind: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the passages hold an answer."""
        return bool(self.gold or self.answers)


@dataclass(frozen=True, slots=True)
class Questions:
    """A set.

    Attributes:
        entries: the articles with their passages.
        places: of each passage its article and its place in it.
        dated: the passages have times; without, a time in a question limits nothing.
    """

    entries: tuple[Entry, ...]
    places: tuple[tuple[int, int], ...]
    questions: tuple[Asking, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions that the set calls by one name.

    Attributes:
        right: answered with one of the wordings.
        auroc: of the first gate, all answerable questions against the unanswerable ones of this kind; NaN without.
    """

    name: str
    questions: int
    answered: int
    right: int
    auroc: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """How the bot does on a set; NaN where a set has nothing to measure it by.

    Attributes:
        recall1, recall5, recall10, mrr10: of questions with gold passages.
        auroc: answerable against unanswerable by the first gate's score; `bm25_auroc`: by the best BM25 score alone.
        answered_at_tenth: share of answerable questions above the score that a tenth of the unanswerable reach.
        answered: answerable questions that the bot answers; `right`: with one of the wordings in it.
        declined: unanswerable questions that it does not answer.
    """

    passages: int
    questions: int
    answerable: int
    recall1: float
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
    kinds: tuple[Kind, ...]
    steps: tuple[Step, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """The promise that quotes are word for word, if it was not kept."""
        return (f"{len(self.quotes.missed)} quotes are not in their source.",) if self.quotes.missed else ()


def read(passages: Path, questions: Path, fault: Callable[[str], None] = refuse) -> Questions:
    """Read a set.

    Args:
        passages: the file of passages.
        questions: the file of questions.
        fault: is told of each line that is not in the documented form, or names a passage that there is not; by
            default the first one stops.

    Raises:
        FormatError: a file can't be read, or nothing in it could.
    """
    found = _Passages()
    each(passages, found.take, fault)
    asked = each(questions, lambda record: _asking(record, found.numbers), fault)
    return Questions(found.entries(), tuple(found.places), asked, found.dated)


class _Passages:
    """Passages as they are read, put together to articles."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.places: list[tuple[int, int]] = []
        self.dated = True
        self._texts: dict[int, list[str]] = {}
        self._articles: dict[tuple[str, str], Article] = {}

    def take(self, record: Record) -> None:
        """Take one in.

        Raises:
            FormatError: it is not in the documented form, or its id is there already.
        """
        name, text = record.text("id"), record.text("text", "passage", "content")
        if name in self.numbers:
            raise FormatError(f"{record.where}: the id {name} is there twice.")
        article = _article(record, name, self._articles)
        own = self._texts.setdefault(article.id, [])
        self.numbers[name] = len(self.places)
        self.places.append((article.id, len(own)))
        own.append(text)
        self.dated = self.dated and any(record.fields.get(field) is not None for field in _TIMES)

    def entries(self) -> tuple[Entry, ...]:
        """The articles with their passages."""
        return tuple(
            Entry(replace(article, text="\n\n".join(self._texts[article.id])), tuple(self._texts[article.id]))
            for article in self._articles.values()
        )


_TIMES = ("time", "date", "published", "published_at", "timestamp")


def _article(record: Record, name: str, articles: dict[tuple[str, str], Article]) -> Article:
    """The article that a passage is of: the one that it names, else one of its own."""
    title = record.text("title", default="")
    key = record.text("article", "document", default=f"passage {name}")
    found = articles.get((key, title))
    if found is None:
        when = record.moment(*_TIMES, default=_ANY_DAY)
        number = len(articles) + 1
        found = articles[key, title] = Article(
            id=number,
            feed_id=0,
            identity=key,
            url=f"https://example.org/{number}",
            title=title,
            publisher=record.text("publisher", default=""),
            published_at=when,
            first_seen_at=when,
        )
    return found


def _asking(record: Record, numbers: Mapping[str, int]) -> Asking:
    gold = record.texts("passages", "passage", "gold", "passage_ids")
    missing = [name for name in gold if name not in numbers]
    if missing:
        raise FormatError(f"{record.where}: there is no passage {missing[0]}.")
    return Asking(
        text=record.text("question", "text", "query"),
        gold=tuple(numbers[name] for name in gold),
        answers=record.texts("answers", "answer"),
        now=record.moment("time") if record.fields.get("time") is not None else None,
        kind=record.text("kind", default=""),
    )


async def run(
    wanted: Questions,
    vectors: WordVectors,
    answerer: Listening,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Retrieved:
    """Ask every question, each as of its own time or of the newest passage's."""
    watch = Stopwatch()
    now = newest = max(one.article.when for one in wanted.entries)
    results: list[Asked] = []
    best: list[float] = []
    async with open_archive(wanted.entries, (), vectors=vectors, answerer=answerer, clock=lambda: now) as archive:
        for done, one in enumerate(wanted.questions, 1):
            now = one.now or newest
            text = one.text if wanted.dated else _timeless(one.text, now)
            results.append(await ask(archive, text, watch=watch))
            async with archive.db.read() as connection:
                best.append(await wordindex.best_score(connection, results[-1].query.terms, TEAM))
            tell(done, len(wanted.questions))
        return _measured(wanted, results, best, archive, watch)


def _timeless(text: str, now: datetime) -> str:
    """A question without the time that it names: where no passage has a time, it would leave none."""
    query = understand(text, now=now)
    return query.text.replace(query.period, " ") if query.since or query.until else text


def _measured(
    wanted: Questions, results: Sequence[Asked], best: Sequence[float], archive: Archive, watch: Stopwatch
) -> Retrieved:
    stored = {(archive.article_ids[article], place): number for number, (article, place) in enumerate(wanted.places)}
    pairs = list(zip(wanted.questions, results, strict=True))
    ranked = [
        ([stored[item.passage.article_id, item.passage.position] for item in result.found], one.gold)
        for one, result in pairs
        if one.gold
    ]
    labels = [one.answerable for one in wanted.questions]
    knowns = [result.known for result in results]
    both = any(labels) and not all(labels)
    answerable = [pair for pair in pairs if pair[0].answerable]
    sentences = [sentence for result in results for sentence in result.answer.sentences]
    texts = {
        archive.article_ids[one.article.id]: source_text(one.article.title, "\n\n".join(one.passages))
        for one in wanted.entries
    }
    bad = checks.bad_quotes(sentences, texts)
    return Retrieved(
        passages=len(wanted.places),
        questions=len(pairs),
        answerable=len(answerable),
        recall1=mean([recall_at(found, gold, 1) for found, gold in ranked]),
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
        kinds=_kinds(pairs),
        steps=watch.steps(),
    )


def _kinds(pairs: Sequence[tuple[Asking, Asked]]) -> tuple[Kind, ...]:
    names = [name for name in dict.fromkeys(one.kind for one, _ in pairs) if name]
    return tuple(_kind(name, pairs) for name in names)


def _kind(name: str, pairs: Sequence[tuple[Asking, Asked]]) -> Kind:
    own = [pair for pair in pairs if pair[0].kind == name]
    against = [(result.known, one.answerable) for one, result in pairs if one.answerable or one.kind == name]
    return Kind(
        name,
        questions=len(own),
        answered=sum(_got(result) for _, result in own),
        right=sum(_is_right(*pair) for pair in own),
        auroc=auroc([known for known, _ in against], [answerable for _, answerable in against]),
    )


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
