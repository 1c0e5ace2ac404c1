"""Results on other labelled sets, and on the project's own questions, as tables."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.console import RenderableType

from bot.evaluation.clustering import Clustered, Point
from bot.evaluation.faithfulness import Faithful
from bot.evaluation.interests import VOTES, Interests, Ranked
from bot.evaluation.measures import Score
from bot.evaluation.questions import ANSWERABLE, Answered
from bot.evaluation.retrieval import FALSE, Retrieved
from bot.evaluation.rouge import Rouge
from bot.evaluation.summaries import Summarised
from bot.evaluation.tables import examples, rows, share, table, times, verdict


def clustered(made: Clustered) -> Iterator[RenderableType]:
    """Stories out of a labelled set."""
    columns = ("bar", "precision", "recall", "F1", "stories", "")
    points = sorted((made.shipped, *made.sweep), key=lambda point: point.shift)
    lines = [_point(point, "what the bot does" if point is made.shipped else "") for point in points]
    if made.at_once is not None:
        at_once = ("at once", *_scores(made.at_once.score), f"{made.at_once.stories:,}")
        lines.append((*at_once, "the shipped bar, if every story were posted as soon as it is there"))
    if made.fitted is not None:
        lines.append(("fitted", *_scores(made.fitted), "", "the best of these for one half, measured on the other"))
    if made.simple is not None:
        lines.append(("simple", *_scores(made.simple), "", "beside it: centroids, threshold fitted on half"))
    yield rows(
        table(f"B-cubed: {made.articles:,} articles of {made.true_stories:,} stories", *columns, right=range(5)), lines
    )
    yield times(made.steps)


def _point(point: Point, note: str) -> tuple[object, ...]:
    bar = f"{point.shift:+.2f}" if point.shift else "shipped"
    return (bar, *_scores(point.score), f"{point.stories:,}", note)


def _scores(score: Score) -> tuple[str, str, str]:
    return f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}"


def ranked(made: Interests) -> Iterator[RenderableType]:
    """Topics, and how well their articles come first."""
    columns = ("topic", "articles", "keywords", "profile", *(f"{votes} votes" for votes in VOTES))
    lines = [_ranked(one) for one in (*made.topics, made.mean)]
    yield rows(table(f"AUROC over {made.articles:,} articles", *columns, right=range(1, len(columns))), lines)


def _ranked(one: Ranked) -> tuple[object, ...]:
    return (one.topic, f"{one.articles:,}", *(_number(value) for value in (one.keywords, one.profile, *one.voted)))


def summarised(made: Summarised) -> Iterator[RenderableType]:
    """Summaries beside their references."""
    compared = "stems" if made.stems else "words"
    title = f"ROUGE F1 × 100 by {compared}: {made.texts:,} texts, references of {made.reference_words:.0f} words"
    columns = ("", "ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum", "words")
    yield rows(
        table(title, *columns, right=range(1, 6)),
        ((system.name, *_rouge(system.rouge), f"{system.words:.0f}") for system in made.systems),
    )
    yield times(made.steps)


def _rouge(score: Rouge) -> tuple[str, ...]:
    return tuple(f"{100 * value:.1f}" for value in (score.r1, score.r2, score.l, score.lsum))


def judged(made: Faithful) -> Iterator[RenderableType]:
    """The checker beside the labels."""
    tenth = made.at_tenth
    yield rows(
        table(f"{made.claims:,} claims, {made.supported:,} of them supported", "", "", right=(1,)),
        (
            ("AUROC of the score", _number(made.auroc)),
            ("AUROC of word pairs alone", _number(made.overlap_auroc)),
            ("accuracy of the veto", _number(made.accuracy)),
            ("balanced accuracy of the veto", _number(made.balanced)),
            ("unsupported claims refused", _percent(made.refused)),
            ("supported claims refused", _percent(made.false_alarms)),
            (
                "supported that score above all but a tenth of the others",
                _percent(tenth.true_rate if tenth is not None else math.nan),
            ),
        ),
    )
    yield times(made.steps)
    yield from examples("Unsupported, and passed", made.missed)


def answered(made: Answered) -> Iterator[RenderableType]:
    """The project's own questions."""
    yield rows(
        table(f"{made.questions} questions over {made.articles} articles ({made.writer})", "", "", ""),
        (
            ("answerable: answered", share(made.answered), ""),
            ("answerable: rightly", share(made.right), ""),
            ("unanswerable: not answered", share(made.declined), ""),
            ("AUROC of the first gate", _number(made.auroc), ""),
            ("quotes word for word", share(made.quotes), verdict(ok=not made.quotes.missed)),
            ("hostile: nothing got through", share(made.hostile), verdict(ok=not made.hostile.missed)),
        ),
    )
    yield rows(
        table("Kinds of questions", "kind", "asked", "answered", "right", right=(1, 2, 3)),
        ((kind.name, kind.asked, kind.answered, kind.right if kind.name in ANSWERABLE else "") for kind in made.kinds),
    )
    yield times(made.steps)
    yield from examples("Answered wrongly", made.wrong)
    yield from examples("Not answered", made.answered.missed)
    yield from examples("Answered, and should not be", made.declined.missed)
    yield from examples("Quotes not in their source", made.quotes.missed)
    yield from examples("Hostile", made.hostile.missed)


def retrieved(made: Retrieved) -> Iterator[RenderableType]:
    """Another set's questions."""
    title = f"{made.questions:,} questions ({made.answerable:,} answerable) over {made.passages:,} passages"
    yield rows(
        table(title, "", "", ""),
        (
            ("recall@1", _number(made.recall1), ""),
            ("recall@5", _number(made.recall5), ""),
            ("recall@10", _number(made.recall10), ""),
            ("MRR@10", _number(made.mrr10), ""),
            ("AUROC, answerable or not, of the first gate", _number(made.auroc), ""),
            ("AUROC of the best BM25 score alone", _number(made.bm25_auroc), ""),
            (f"answerable above the gate where {FALSE:.0%} of the others are", _percent(made.answered_at_tenth), ""),
            ("answerable: answered", share(made.answered), ""),
            ("answerable: with a known wording", share(made.right), ""),
            ("unanswerable: not answered", share(made.declined), ""),
            ("quotes word for word", share(made.quotes), verdict(ok=not made.quotes.missed)),
        ),
    )
    if made.kinds:
        yield rows(
            table("Kinds of questions", "kind", "asked", "answered", "right", "AUROC", right=(1, 2, 3, 4)),
            ((one.name, one.questions, one.answered, one.right, _number(one.auroc)) for one in made.kinds),
        )
    yield times(made.steps)
    yield from examples("Answered, and should not be", made.declined.missed)
    yield from examples("Without a known wording", made.right.missed)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"
