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


def test_a_figure_that_another_article_put_right_is_told() -> None:
    """The story's facts know what a figure replaces, whoever says so; a figure that no reader saw is not told."""
    fact = _fact("$6.5bn", "The sum came down, the laboratory's filing shows.", 2)
    sources = (*BEFORE.sources, _source(2, "Rackpost"))
    after = replace(BEFORE, facts=(replace(fact, was=(("$8bn", (1,)),)),), sources=sources)
    assert describe(BEFORE, after) == "Changed: $8 billion is now $6.5bn, according to Rackpost."
    unseen = replace(BEFORE, facts=(replace(fact, was=(("$9bn", (1,)),)),), sources=sources)
    assert describe(BEFORE, unseen) is None


def test_another_figure_about_something_else_is_no_change() -> None:
    """A new fact that shares no subject with one that is gone is not called a change."""
    other = _fact("40,000", "About forty thousand chips are installed at the Elk Narrows campus: 40,000.", 1)
    assert describe(BEFORE, replace(BEFORE, facts=(other,))) is None


def _what(text: str, article_id: int = 1) -> Sentence:
    return Sentence(text, (Quote(article_id, text),))


def test_a_figure_that_was_corrected_outside_the_list_of_facts_is_told() -> None:
    """What a reader saw in the first sentences counts as much as what stood below them."""
    before = replace(BEFORE, what=(_what("About 9,600 GPUs at the Port Ellery site have been offline since Sunday."),))
    after = replace(BEFORE, what=(_what("About 14,200 GPUs at the Port Ellery site have been offline since Sunday."),))
    said = describe(before, after)
    assert said is not None
    assert "9,600" in said
    assert "is now" in said
    assert "14,200" in said
    assert "Meridian Wire" in said


def test_another_sentence_of_the_same_article_is_no_correction() -> None:
    """A figure that is new, of another thing or from another article, replaces nothing."""
    before = replace(BEFORE, what=(_what("About 9,600 GPUs at the Port Ellery site have been offline since Sunday."),))
    for text, article_id in (
        ("Its shares fell by 2.6 percent in early trading on the news.", 1),
        ("About 40 megawatts at the Port Ellery site have been offline since Sunday.", 1),
        ("About 14,200 GPUs at the Port Ellery site have been offline since Sunday.", 7),
    ):
        assert describe(before, replace(before, what=(*before.what, _what(text, article_id)))) is None


def test_a_figure_that_is_still_there_was_not_replaced() -> None:
    """The old figure stands beside the new one: nothing was taken back."""
    first = _what("About 9,600 GPUs at the Port Ellery site have been offline since Sunday.")
    second = _what("About 14,200 GPUs at the Port Ellery site have been offline since Monday.")
    before = replace(BEFORE, what=(first,))
    assert describe(before, replace(BEFORE, what=(first, second))) is None


def test_a_figure_that_only_stood_in_the_text_is_confirmed_too() -> None:
    """A single source's figure has no line of its own; when a second one gives it, the thread says so."""
    told = Sentence("Norrland will build 2 GW in Skarvik.", (Quote(1, "x"),))
    confirmed = _fact("2 GW", "Norrland builds 2 GW in Skarvik.", 1, 2, standing=Standing.CONFIRMED, publishers=2)
    before = replace(BEFORE, what=(told,))
    after = replace(before, facts=(*before.facts, confirmed))
    assert describe(before, after) == "Confirmed by 2 publishers: 2 GW."
    assert describe(BEFORE, after) is None


def test_a_figure_that_lost_its_line_has_not_changed() -> None:
    """Which figures have lines may change with the sentences above them; what the reader has seen is no change."""
    both = _fact("4.8 percent", "Norrland expects a yield of 60 percent. The shares of Norrland rose 4.8 percent.", 1)
    one = _fact("60 percent", "Norrland expects a yield of 60 percent.", 1)
    assert describe(replace(BEFORE, facts=(both,)), replace(BEFORE, facts=(one,))) is None


def test_confirmations_are_one_sentence_and_a_share_brings_its_words() -> None:
    """Nobody reads "Confirmed by 2 publishers" three times; "3.8 percent" of what is said."""
    known = Standing.CONFIRMED
    before = replace(
        BEFORE,
        facts=(
            _fact("$8 billion", "It will invest $8 billion.", 1),
            _fact("20-year", "word " * 30 + "20-year.", 1),
            _fact("3.8 percent", "The shares fell 3.8 percent.", 1),
        ),
    )
    counts = (3, 2, 2)
    facts = (replace(one, standing=known, publishers=count) for one, count in zip(before.facts, counts, strict=True))
    after = replace(before, facts=tuple(facts))
    assert describe(before, after) == (
        "Confirmed by 3 publishers: $8 billion; by 2: 20 years and “The shares fell 3.8 percent”."
    )


def test_a_newcomer_is_named_once_and_a_copy_is_none() -> None:
    """Who is named for another figure need not be named as new; who copied a wire text has confirmed nothing."""
    copy = Source(3, 3, "Daily", "x", "https://d.example", note="same wire text as 1")
    rival = Source(2, 2, "Rackpost", "x", "https://r.example")
    disputed = replace(BEFORE.facts[0], standing=Standing.DISPUTED, others=(("$6.5 billion", (2,)),))
    after = replace(BEFORE, facts=(disputed,), sources=(*BEFORE.sources, rival, copy), reported_by=2)
    line = describe(BEFORE, after) or ""
    assert line.count("Rackpost") == 1
    assert "Daily" not in line
