from __future__ import annotations

from dataclasses import replace

from bot.models import Brief, FactLine, Quote, Sentence, Source, Standing
from bot.newsroom.changes import describe


def _source(number: int, publisher: str, article_id: int | None = None) -> Source:
    return Source(number, article_id or number, publisher, f"Title {number}", f"https://x.example/{number}")


def _fact(shown: str, text: str, *sources: int, standing: Standing = Standing.SINGLE, publishers: int = 1) -> FactLine:
    return FactLine(Sentence(text, (Quote(1, text),)), shown, sources, standing, publishers)


BEFORE = Brief(
    headline="Norrland invests in Halden",
    headline_quotes=(),
    what=(),
    why=None,
    facts=(_fact("$8 billion", "Norrland will invest $8 billion in Halden Labs.", 1),),
    unknown=(),
    sources=(_source(1, "Meridian Wire"),),
    reported_by=1,
)


def test_nothing_is_said_when_nothing_changed() -> None:
    """A brief that reads the same makes no line."""
    assert describe(BEFORE, replace(BEFORE, headline="Another headline")) is None


def test_a_publisher_who_joins_is_named() -> None:
    """Another independent publisher is news; the count must have grown."""
    after = replace(BEFORE, sources=(*BEFORE.sources, _source(2, "Rackpost")), reported_by=2)
    assert describe(BEFORE, after) == "Now also reported by Rackpost."


def test_a_copy_of_the_same_wire_text_is_no_news() -> None:
    """A new source that does not make another independent publisher is not told."""
    after = replace(BEFORE, sources=(*BEFORE.sources, _source(2, "Coastline Ledger")), reported_by=1)
    assert describe(BEFORE, after) is None


def test_a_confirmed_figure_is_told_with_how_many_confirm_it() -> None:
    """The figure's standing rose."""
    confirmed = _fact("$8 billion", "Norrland will invest $8 billion.", 1, 2, standing=Standing.CONFIRMED, publishers=2)
    assert describe(BEFORE, replace(BEFORE, facts=(confirmed,))) == "Confirmed by 2 publishers: $8 billion."


def test_a_dispute_is_told_with_both_figures_and_who_gives_them() -> None:
    """Neither side is left out."""
    disputed = FactLine(
        Sentence("Norrland will invest $8 billion.", (Quote(1, "x"),)),
        "$8 billion",
        (1,),
        Standing.DISPUTED,
        1,
        (("$6.5 billion", (2,)),),
    )
    after = replace(BEFORE, facts=(disputed,), sources=(*BEFORE.sources, _source(2, "Rackpost")))
    assert describe(BEFORE, after) == "Sources disagree: $8 billion (Meridian Wire) against $6.5 billion (Rackpost)."


def test_a_figure_that_the_same_article_changed_is_told() -> None:
    """An edit from $8 billion to $11 billion is one line, naming both."""
    changed = _fact("$11 billion", "Norrland will invest $11 billion in Halden Labs.", 1)
    assert (
        describe(BEFORE, replace(BEFORE, facts=(changed,)))
        == "Changed: $8 billion is now $11 billion, according to Meridian Wire."
    )


def test_another_figure_about_something_else_is_no_change() -> None:
    """A new fact that shares no subject with one that is gone is not called a change."""
    other = _fact("40,000", "About forty thousand chips are installed at the Elk Narrows campus: 40,000.", 1)
    assert describe(BEFORE, replace(BEFORE, facts=(other,))) is None
