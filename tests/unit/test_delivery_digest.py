from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.delivery import digest
from bot.models import Brief, DigestItem, FactLine, Quote, Relevance, Rhythm, Sentence, Slot, Source, Standing

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SLOT = Slot(NOW.date(), time(8, 30), NOW)
QUOTE = Quote(1, "It will draw 1.2 GW and cost $8 billion over seven years.")


def fact(
    shown: str, standing: Standing = Standing.SINGLE, *, publishers: int = 1, others: tuple[str, ...] = ()
) -> FactLine:
    """A figure of a brief."""
    return FactLine(
        Sentence(f"It is {shown}.", (QUOTE,)), shown, (1,), standing, publishers, tuple((one, (1,)) for one in others)
    )


def brief(*facts: FactLine, headline: str = "A site in Ohio", reported_by: int = 1) -> Brief:
    """A brief with these figures."""
    sources = (Source(1, 1, "DCD", "Ohio", "https://dcd.example/ohio"), Source(2, 2, "Wire", "x", "https://w.example"))
    return Brief(headline, (QUOTE,), (Sentence("It is.", (QUOTE,)),), None, facts, (), sources, reported_by)


def relevance(score: float, *topics: str) -> Relevance:
    """A judgement."""
    return Relevance(score, 0.5, topics, ())


def item(story_id: int, rank: float, topic: str | None = None) -> DigestItem:
    """A story's line."""
    return DigestItem(story_id, f"Story {story_id}", "https://a.example", topic, (), ("A",), 1, rank)


def test_a_line_has_the_figures_that_speak_for_themselves_and_every_dispute() -> None:
    """Disputed first, then confirmed, then those that need their words; what the headline says is left out."""
    made = digest.item(
        7,
        brief(
            fact("$8 billion"),
            fact("seven years", Standing.CONFIRMED, publishers=3),
            fact("1.2 GW", Standing.CONFIRMED, publishers=2),
            fact("27 percent", Standing.DISPUTED, others=("31 percent",)),
            fact("90 MW"),
            headline="A 90 MW site in Ohio",
        ),
        relevance(0.6, "Chips", "Money"),
        was_posted=False,
    )
    assert [figure.shown for figure in made.figures] == ["27 percent", "1.2 GW"]
    assert made.figures[0].others == ("31 percent",)
    assert made.figures[1].said == "It is 1.2 GW"
    assert (made.topic, made.publishers, made.url) == ("Chips", ("DCD", "Wire"), "https://dcd.example/ohio")


def test_what_the_headline_says_in_another_form_is_not_said_again() -> None:
    """`$21 bln` is $21 billion."""
    told = brief(fact("$21 billion"), fact("$6.9 billion"), headline="Sunhae lifts spending to $21 bln")
    assert [one.shown for one in digest.item(1, told, None, was_posted=False).figures] == ["$6.9 billion"]


def test_a_figure_without_its_words_is_left_out_unless_it_is_known_well() -> None:
    """A sentence too long for a line takes its figure along; a confirmed one that speaks for itself may stand bare."""
    long = Sentence(f"It is {'very ' * 40}large at 90 MW and 2 GW, for 20 years.", (QUOTE,))
    single, known, years = (
        FactLine(long, "90 MW", (1,), Standing.SINGLE),
        FactLine(long, "2 GW", (1, 2), Standing.CONFIRMED, 2),
        FactLine(long, "20 years", (1, 2), Standing.CONFIRMED, 2),
    )
    made = digest.item(1, brief(single, known, years), None, was_posted=False)
    assert [(figure.shown, figure.said) for figure in made.figures] == [("2 GW", "")]


def test_who_only_copied_a_wire_text_does_not_report_a_story() -> None:
    """Two papers with one agency's text are one voice, in the digest as in the brief."""
    sources = (
        Source(1, 1, "Wire", "x", "https://w.example"),
        Source(2, 2, "Daily", "x", "https://d.example", note="same wire text as 1"),
    )
    assert digest.item(1, replace(brief(), sources=sources), None, was_posted=False).publishers == ("Wire",)


def test_what_more_publishers_report_or_dispute_ranks_higher_among_the_equally_relevant() -> None:
    """Relevance leads; publishers and disputes decide between near ones only."""
    alone = digest.item(1, brief(), relevance(0.6), was_posted=False)
    many = digest.item(2, brief(reported_by=3), relevance(0.6), was_posted=False)
    disputed = digest.item(3, brief(fact("1 GW", Standing.DISPUTED)), relevance(0.6), was_posted=False)
    better = digest.item(4, brief(), relevance(0.95), was_posted=False)
    crowd = digest.item(5, brief(reported_by=50), relevance(0.6), was_posted=False)
    assert better.rank > crowd.rank > many.rank > disputed.rank > alone.rank


def test_topics_come_in_the_order_of_their_best_story_and_what_has_none_comes_last() -> None:
    """A group is together, the best of it first."""
    arranged = digest.arrange(
        [item(1, 0.5, "Money"), item(2, 0.9), item(3, 0.8, "Chips"), item(4, 0.6, "Chips"), item(5, 0.7, "Money")]
    )
    assert [one.story_id for one in arranged] == [3, 4, 5, 1, 2]


def test_a_flood_is_told_in_lines_as_far_as_lines_go() -> None:
    """Twenty lines with the best twenty, eighty more in the menu, and no more than a menu takes."""
    arranged = digest.arrange(item(number, number / 1_000, f"T{number % 3}") for number in range(150))
    assert len(arranged) == digest.ITEMS_MOST
    assert {one.story_id for one in arranged[: digest.LINES_MOST]} == set(range(130, 150))
    rest = [one.rank for one in arranged[digest.LINES_MOST :]]
    assert rest == sorted(rest, reverse=True)


def test_what_changed_is_told_by_story_but_not_of_one_that_is_told_anyway() -> None:
    """Two lines of one story come together, in their order; a story that is new in this digest says it itself."""
    lines = [(1, brief(), "A."), (2, brief(), "B."), (1, brief(), "C.")]
    assert [(one.story_id, one.lines) for one in digest.changes(lines, [2])] == [(1, ("A.", "C."))]


def test_a_digest_tells_from_where_the_last_one_ended() -> None:
    """The first one tells of a day; after a long pause, of a week at most."""
    assert digest.window(SLOT, None) == (NOW - timedelta(days=1), NOW)
    assert digest.window(SLOT, NOW - timedelta(hours=5)) == (NOW - timedelta(hours=5), NOW)
    assert digest.window(SLOT, NOW - timedelta(days=90)) == (NOW - timedelta(days=7), NOW)


def test_a_digest_says_who_wrote_it() -> None:
    """A model that wrote one of its briefs is named; none: the articles' own words."""
    span = digest.window(SLOT, None)

    def made(*writers: str) -> str:
        return digest.compose(SLOT, Rhythm(), span, items=(), lines=(), withheld=(1, 2), writers=writers).writer

    assert made("extractive", "gpt", "gpt") == "gpt"
    assert made("extractive") == made() == "extractive"
