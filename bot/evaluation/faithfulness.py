"""Any set of sentences with their source, labelled: can the checker tell which of them the source supports?

Each line: `source`, `sentence`, `label` (true: supported). The bot's writers name their quotes; here the evidence is
looked for first: the source's sentences that hold most of the sentence's words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from bot.evaluation.lines import Record, each, refuse
from bot.evaluation.measures import Operating, at_false_rate, auroc, mean
from bot.evaluation.timing import Step, Stopwatch
from bot.models import Quote, Sentence
from bot.stories.comparing import normal
from bot.stories.sentences import split, words
from bot.stories.vectors import word_vectors
from bot.writing.faithfulness import Evidence
from bot.writing.grounding import check
from bot.writing.layout import capitalised, laid_out
from bot.writing.meaning import Vectors

#: Sentences of the source that may be cited for one sentence.
MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence (or several) and the source it was made from; `supported` is the label."""

    source: str
    sentence: str
    supported: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What is made of a claim.

    Attributes:
        score: 0–1, for ordering (`bot.writing.faithfulness`).
        overlap: the share of its pairs of neighbouring content words that the source has, 0–1.
        passed: whether the checker would let it through with the best quotes that there are.
        problems: what it says is wrong.
    """

    score: float
    overlap: float
    passed: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Faithful:
    """The checker against the labels.

    Attributes:
        auroc: of the score; `overlap_auroc`: of the overlap of word pairs alone, the usual baseline.
        accuracy, balanced: of the veto; balanced is the mean over both labels.
        refused: share of the unsupported claims that the veto stops; `false_alarms`: of the supported ones.
        at_tenth: how many supported claims pass by score where a tenth of the unsupported do; None with one label.
    """

    claims: int
    supported: int
    auroc: float
    overlap_auroc: float
    accuracy: float
    balanced: float
    refused: float
    false_alarms: float
    at_tenth: Operating | None
    missed: tuple[str, ...]
    steps: tuple[Step, ...]


def read(path: Path, fault: Callable[[str], None] = refuse) -> tuple[Claim, ...]:
    """The claims of a file.

    Args:
        path: the file.
        fault: is told of each line that is not in the documented form; by default the first one stops.

    Raises:
        FormatError: the file can't be read, or nothing in it could.
    """
    return each(path, _claim, fault)


def _claim(record: Record) -> Claim:
    return Claim(
        record.text("source", "document", "text", "article", "context", "evidence", "premise"),
        record.text("sentence", "claim", "summary", "statement", "hypothesis"),
        record.truth("label", "supported", "faithful", "is_supported", "is_faithful", "gold"),
    )


class Judge:
    """Judges claims about one source.

    Args:
        source: the whole text.
        vectors: word vectors, for likeness in meaning; None leaves it out.
    """

    def __init__(self, source: str, vectors: Vectors | None = None) -> None:
        self._evidence = Evidence(source, vectors)
        self._source = capitalised(laid_out(source))
        self._spans = [span.text for span in split(self._source)]
        in_order = [words(normal(span)) for span in self._spans]  # figures in one writing
        self._stems = [frozenset(stems) for stems in in_order]
        self._pairs = {pair for stems in in_order for pair in pairwise(stems)}
        seen = Counter(stem for stems in self._stems for stem in stems)
        self._weights = {stem: math.log1p(len(self._spans) / count) for stem, count in seen.items()}

    def judge(self, text: str) -> Judged:
        """Judge one or several sentences: the veto is that of the worst of them, the overlap the mean."""
        text = laid_out(text)
        claims = [text[span.start : span.end] for span in split(capitalised(text))]
        if not claims:
            return Judged(0.0, 0.0, passed=False, problems=("says nothing",))
        problems = tuple(problem for claim in claims for problem in self._problems(claim))
        overlap = mean([self._overlap(claim) for claim in claims])
        return Judged(self._evidence.support(text), overlap, passed=not problems, problems=problems)

    def _problems(self, text: str) -> tuple[str, ...]:
        quoted = self._quotes(words(normal(text)))
        verdict = check(Sentence(text, tuple(Quote(1, self._spans[at]) for at in quoted)), {1: self._source})
        return verdict.problems

    def _overlap(self, text: str) -> float:
        own = words(normal(text))
        mine = list(pairwise(own))
        if mine:
            return sum(pair in self._pairs for pair in mine) / len(mine)
        return float(any(stem in stems for stem in own for stems in self._stems))

    def _quotes(self, own: Sequence[str]) -> list[int]:
        """The source's sentences that together hold most of the words, rare ones counting more; in their order."""
        left = set(own)
        chosen: list[int] = []
        while left and len(chosen) < MOST_QUOTES:
            gains = [sum(self._weights[stem] for stem in left & stems) for stems in self._stems]
            best = max(range(len(gains)), key=gains.__getitem__, default=None)  # the first of equals
            if best is None or not gains[best]:
                break
            chosen.append(best)
            left -= self._stems[best]
        return sorted(chosen)


@lru_cache(maxsize=64)
def _judge_of(source: str) -> Judge:
    """A source's claims mostly stand together."""
    return Judge(source, word_vectors())


def run(claims: Sequence[Claim], tell: Callable[[int, int], None] = lambda _done, _all: None) -> Faithful:
    """Judge every claim and compare with its label."""
    watch = Stopwatch()
    judged = []
    for done, claim in enumerate(claims, 1):
        with watch.step("judge"):
            judged.append(_judge_of(claim.source).judge(claim.sentence))
        tell(done, len(claims))
    labels = [claim.supported for claim in claims]
    good = [one for one, label in zip(judged, labels, strict=True) if label]
    bad = [one for one, label in zip(judged, labels, strict=True) if not label]
    refused = sum(not one.passed for one in bad) / len(bad) if bad else math.nan
    alarms = sum(not one.passed for one in good) / len(good) if good else math.nan
    scores = [one.score for one in judged]
    missed = tuple(
        claim.sentence for claim, one in zip(claims, judged, strict=True) if one.passed and not claim.supported
    )
    return Faithful(
        claims=len(claims),
        supported=len(good),
        auroc=auroc(scores, labels),
        overlap_auroc=auroc([one.overlap for one in judged], labels),
        accuracy=sum(one.passed == label for one, label in zip(judged, labels, strict=True)) / len(claims),
        balanced=(refused + 1 - alarms) / 2,
        refused=refused,
        false_alarms=alarms,
        at_tenth=at_false_rate(scores, labels, 0.1) if good and bad else None,
        missed=missed,
        steps=watch.steps(),
    )
