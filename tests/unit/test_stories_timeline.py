"""A timeline of an answer's dated figures, and its chart."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from bot.models import Answer, AnswerState, Quote, Sentence, Source
from bot.slack.blocks import answer as shown
from bot.slack.blocks import image
from bot.slack.chart import HEIGHT, WIDTH, draw, words
from bot.stories.figures import find
from bot.stories.timeline import MOST, of_subject, points

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def told(sentences: Sequence[str], *, apart: timedelta = timedelta(days=7)) -> Answer:
    """An answer whose sentences are of sources that came out one after the other, the newest first."""
    sources = tuple(
        Source(number, number, f"Paper {number}", "A title", f"https://{number}.example/", NOW - number * apart)
        for number in range(1, len(sentences) + 1)
    )
    made = tuple(Sentence(text, (Quote(number, text),)) for number, text in enumerate(sentences, 1))
    return Answer(AnswerState.ANSWERED, made, sources)


RENTS = [f"A T700 rents for ${price} an hour, and 20 of them were free." for price in ("1.84", "1.90", "2.10", "2.40")]


def test_four_dated_figures_of_one_kind_are_a_timeline_oldest_first() -> None:
    """Each with its day, its figure as written, and its source."""
    found = points(told(RENTS))
    assert [point.shown for point in found] == ["$2.40 an hour", "$2.10 an hour", "$1.90 an hour", "$1.84 an hour"]
    assert [point.source for point in found] == [4, 3, 2, 1]
    assert found[0].at == NOW - timedelta(days=28)


def test_fewer_figures_days_or_kinds_are_none() -> None:
    """Three, four of one day, and sentences without a figure of the kind that most have."""
    assert points(told(RENTS[:3])) == ()
    assert points(told(RENTS, apart=timedelta(minutes=1))) == ()
    assert points(told([*RENTS[:3], "The plant will draw 300 MW."])) == ()
    assert points(told(["Nothing was said.", "Nobody spoke."])) == ()


def test_a_long_timeline_keeps_the_newest() -> None:
    """A year of weeks does not fit in a message."""
    found = points(told([f"It costs ${number}.50 an hour." for number in range(1, 30)]))
    assert len(found) == MOST
    assert found[-1].at == NOW - timedelta(days=7)


def test_the_chart_is_a_small_picture_that_rises_and_falls_with_its_figures() -> None:
    """A PNG of the size that is shown; the line is higher on the left, where the figure was larger; words say it."""
    found = points(told(RENTS))
    content = draw(found)
    assert content == draw(found)
    assert len(content) < 40_000
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        orange = [next(y for y in range(HEIGHT) if picture.getpixel((x, y)) == (180, 80, 30)) for x in (95, WIDTH - 95)]
    assert orange[0] < orange[1] - 100
    assert "25 October 2026: $2.40 an hour" in words(found)


def test_a_timeline_is_shown_as_a_table_and_the_chart_above_it() -> None:
    """The table is there at once; the chart comes when Slack has it, with words for who can't see it."""
    answer = told(RENTS)
    answer = Answer(answer.state, answer.sentences, answer.sources, timeline=points(answer))
    plain, drawn = shown(answer, 7), shown(answer, 7, chart=image("F1", "A line chart."))
    rows = next(block["rows"] for block in plain.blocks if block["type"] == "table")
    assert [cell["text"] for cell in rows[1]] == ["25 Oct 2026", "$2.40 an hour", "Paper 4 [4]"]
    picture = next(block for block in drawn.blocks if block["type"] == "image")
    assert picture["slack_file"] == {"id": "F1"}
    assert picture["alt_text"] == "A line chart."


@pytest.mark.parametrize(
    ("sentence", "name", "figure"),
    [
        ("Another month, another eleven cents: the T700 is at $2.07 an hour, and the T900 at $3.52.", "T900", "$3.52"),
        ("Another month, another eleven cents: the T700 is at $2.07 an hour.", "T700", "$2.07 an hour"),
        ("An hour of a T700 costs less than two dollars: $1.96.", "T700", "$1.96"),
        ("$3.5 billion paid, a filing by Norrland shows, more than the $3 billion told.", "Norrland", "$3.5 billion"),
        ("The price fell to $4.", "T900", "$4"),
    ],
)  # fmt: skip
def test_the_figure_is_the_one_that_its_clause_gives_for_the_name(sentence: str, name: str, figure: str) -> None:
    """Not the sentence's first, not a bound beside the figure itself, not one across a comma."""
    money = [one for one in find(sentence) if one.kind in {"money", "price"}]
    chosen = of_subject(sentence, money, [name])
    assert chosen is not None
    assert chosen.shown == figure


def test_a_sum_counts_among_prices_of_its_size() -> None:
    """Writers leave "an hour" out; what was lost since last month is no price."""
    found = points(
        told([*RENTS[:2], "The T700 stands at $2.31.", "The T700 has lost three cents and stands at $2.55."]), ["T700"]
    )
    assert [point.shown for point in found] == ["$2.55", "$2.31", "$1.90 an hour", "$1.84 an hour"]
