"""Any set of texts with reference summaries: the bot's extractive summary and brief, and the first sentences.

Each line: `text`, `reference`; `title` if the set has it. `reference` may be a list of sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.evaluation.lines import Record, each, refuse
from bot.evaluation.measures import mean
from bot.evaluation.rouge import Rouge, rouge
from bot.evaluation.timing import Step, Stopwatch
from bot.models import Article, Story, StoryArticle
from bot.stories.facts import extract as facts_of
from bot.stories.sentences import split
from bot.stories.standing import standings
from bot.writing import extract
from bot.writing.candidates import is_furniture
from bot.writing.layout import laid_out
from bot.writing.summary import ABOUT_WORDS, summarise

_ANY_DAY = datetime(2026, 11, 22, tzinfo=UTC)
_LEAD = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and how somebody summed it up, in sentences."""

    title: str
    text: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class System:
    """One way to sum up, on average: ROUGE F1 (0–1) and words."""

    name: str
    rouge: Rouge
    words: float


@dataclass(frozen=True, slots=True)
class Summarised:
    """All ways beside each other."""

    texts: int
    reference_words: float
    stems: bool
    systems: tuple[System, ...]
    steps: tuple[Step, ...]


def read(path: Path, fault: Callable[[str], None] = refuse) -> tuple[Pair, ...]:
    """The pairs of a file.

    Args:
        path: the file.
        fault: is told of each line that is not in the documented form; by default the first one stops.

    Raises:
        FormatError: the file can't be read, or nothing in it could.
    """
    return each(path, _pair, fault)


def _pair(record: Record) -> Pair:
    sentences = (
        sentence
        for text in record.texts("reference", "references", "summary", "highlights", "target")
        for sentence in _sentences(text)
    )
    text = record.text("text", "article", "document", "source", "body", "content")
    return Pair(record.text("title", "headline", default=""), text, tuple(sentences))


def _sentences(text: str) -> tuple[str, ...]:
    """Lines are sentences where the reference has several; else it is cut into sentences."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(lines) if len(lines) > 1 else tuple(span.text for span in split(text))


def run(
    pairs: Sequence[Pair],
    *,
    words: int = ABOUT_WORDS,
    sentences: int | None = None,
    stems: bool = True,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> Summarised:
    """Sum every text up in each way and compare with its reference.

    Args:
        pairs: texts with their references.
        words: the length that the summary comes near to.
        sentences: how many it has instead.
        stems: compare stems (Porter) rather than words.
        tell: is called with how many texts are done.
    """
    watch = Stopwatch()
    scores: dict[str, list[Rouge]] = {}
    lengths: dict[str, list[int]] = {}
    for done, pair in enumerate(pairs, 1):
        with watch.step("summary"):
            summary = summarise(pair.text, title=pair.title, about_words=words, sentences=sentences)
        with watch.step("brief"):
            brief = _brief(pair)
        spans = [span.text for span in split(pair.text)]
        told_by = {
            "summary": summary,
            "brief: what happened": brief,
            f"lead-{sentences or _LEAD}": tuple(spans[: sentences or _LEAD]),
            "the first words": _first(spans, words),
        }
        for name, told in told_by.items():
            scores.setdefault(name, []).append(rouge(told, pair.reference, stems=stems))
            lengths.setdefault(name, []).append(sum(len(sentence.split()) for sentence in told))
        tell(done, len(pairs))
    return Summarised(
        texts=len(pairs),
        reference_words=mean([sum(len(sentence.split()) for sentence in pair.reference) for pair in pairs]),
        stems=stems,
        systems=tuple(System(name, _mean(found), mean(lengths[name])) for name, found in scores.items()),
        steps=watch.steps(),
    )


def _first(spans: Sequence[str], words: int) -> tuple[str, ...]:
    """The first sentences of about as many words as the summary."""
    found: list[str] = []
    for span in spans:
        lacking = words - sum(len(one.split()) for one in found)
        if found and len(span.split()) >= 2 * lacking:
            break
        found.append(span)
    return tuple(found)


def _brief(pair: Pair) -> tuple[str, ...]:
    """What the extractive writer says happened, were this text a story; its first sentence stands in for a title."""
    text = laid_out(pair.text)
    spans = split(text)
    if not spans:
        return ()
    title = pair.title or next((span.text for span in spans if not is_furniture(span.text)), spans[0].text)
    article = Article(1, 0, "1", "https://example.org/1", title, "", text=text, published_at=_ANY_DAY)
    story = Story(1, title, (StoryArticle(article, 1.0, (), _ANY_DAY),), _ANY_DAY, _ANY_DAY)
    brief = extract.write(story, standings(story, {1: facts_of(article)}))
    return tuple(sentence.text for sentence in brief.what)


def _mean(scores: Sequence[Rouge]) -> Rouge:
    return Rouge(*(mean([getattr(score, name) for score in scores]) for name in ("r1", "r2", "l", "lsum")))
