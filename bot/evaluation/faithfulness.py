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

from bot.evaluation.lines import all_records
from bot.evaluation.measures import Operating, at_false_rate, auroc, mean
from bot.evaluation.timing import Step, Stopwatch
from bot.models import Quote, Sentence
from bot.stories.comparing import normal
from bot.stories.sentences import split, words
from bot.writing.grounding import check

#: Sentences of the source that may be cited for one sentence.
MOST_QUOTES = 3
#: What each thing that the checker finds wrong takes off the score.
PROBLEM = 0.15
_MOST_PROBLEMS = 3


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
        score: 0–1, for ordering: how much of its words and pairs of words are the source's, less what is wrong.
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


def read(path: Path) -> tuple[Claim, ...]:
    """The claims of a file.

    Raises:
        FormatError: the file is not in the documented form.
    """
    return tuple(
        Claim(
            record.text("source", "document", "text", "article"),
            record.text("sentence", "claim", "summary"),
            record.truth("label", "supported", "faithful"),
        )
        for record in all_records(path)
    )


class Judge:
    """Judges claims about one source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._spans = [span.text for span in split(source)]
        in_order = [words(normal(span)) for span in self._spans]  # figures in one writing
        self._stems = [frozenset(stems) for stems in in_order]
        self._pairs = {pair for stems in in_order for pair in pairwise(stems)}
        seen = Counter(stem for stems in self._stems for stem in stems)
        self._weights = {stem: math.log1p(len(self._spans) / count) for stem, count in seen.items()}

    def judge(self, text: str) -> Judged:
        """Judge one or several sentences: the veto is that of the worst of them, the score the mean."""
        judged = [self._one(span.text) for span in split(text)]
        if not judged:
            return Judged(0.0, 0.0, passed=False, problems=("says nothing",))
        return Judged(
            score=mean([one.score for one in judged]),
            overlap=mean([one.overlap for one in judged]),
            passed=all(one.passed for one in judged),
            problems=tuple(problem for one in judged for problem in one.problems),
        )

    def _one(self, text: str) -> Judged:
        own = words(normal(text))
        quoted = self._evidence(own)
        verdict = check(Sentence(text, tuple(Quote(1, self._spans[at]) for at in quoted)), {1: self._source})
        held = {stem for at in quoted for stem in self._stems[at]}
        cover = sum(stem in held for stem in own) / len(own) if own else 0.0
        mine = list(pairwise(own))
        overlap = sum(pair in self._pairs for pair in mine) / len(mine) if mine else cover
        wrong = PROBLEM * min(_MOST_PROBLEMS, len(verdict.problems))
        return Judged(max(0.0, (overlap + cover) / 2 - wrong), overlap, verdict.ok, verdict.problems)

    def _evidence(self, own: Sequence[str]) -> list[int]:
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
    return Judge(source)


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
