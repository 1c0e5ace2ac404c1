"""The grounding checker: what passes, and each way of saying more than the quotes do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Answer, AnswerState, Brief, Quote, Sentence, Source
from bot.writing.grounding import check, check_answer, check_brief
from bot.writing.quotes import locate, mend, source_text

TEXT = """Halden Cloud said on Tuesday it plans to spend up to $8 billion on a 1.2 GW campus near Narvik.

The first 300 MW could open in the second half of 2027, according to the company. It did not name a chip supplier.
Norrland Kraft will deliver the power under a 15-year contract signed on 5 November 2026. "We are not out of grid
capacity yet," said Ingrid Vik, head of grid planning at Norrland Kraft. Rents rose 14 percent in the region last year.

Analysts at Fjordview estimate that 40,000 Nvidia H200 accelerators would fill the first hall. Halden acquired Borealis
Compute in 2024. Residents of Narvik rejected an earlier plan. The campus will use 1,200 racks."""
SOURCES = {1: source_text("Halden Cloud plans 1.2 GW campus near Narvik", TEXT)}

FIRST = "Halden Cloud said on Tuesday it plans to spend up to $8 billion on a 1.2 GW campus near Narvik"
OPENS = "The first 300 MW could open in the second half of 2027, according to the company"
SUPPLIER = "It did not name a chip supplier"
POWER = "Norrland Kraft will deliver the power under a 15-year contract signed on 5 November 2026"
GRID = '"We are not out of grid capacity yet," said Ingrid Vik, head of grid planning at Norrland Kraft'
RENTS = "Rents rose 14 percent in the region last year"
CHIPS = "Analysts at Fjordview estimate that 40,000 Nvidia H200 accelerators would fill the first hall"
BOUGHT = "Halden acquired Borealis Compute in 2024"
RESIDENTS = "Residents of Narvik rejected an earlier plan"
RACKS = "The campus will use 1,200 racks"


def _check(text: str, *quotes: str, headline: bool = False) -> tuple[str, ...]:
    sentence = Sentence(text, tuple(Quote(1, quote) for quote in quotes))
    return check(sentence, SOURCES, headline=headline).problems


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (FIRST + ".", (FIRST,)),
        ("Halden Cloud says it plans to spend up to $8 billion on a 1,200 MW campus near Narvik.", (FIRST,)),
        ("Halden Cloud said it plans to spend up to 8 billion dollars on a campus.", (FIRST,)),
        ("The first 0.3 GW could open in the second half of 2027, according to the company.", (OPENS,)),
        ("The company might open the first 300 MW in H2 2027, it said.", (OPENS,)),
        ("Norrland Kraft will deliver the power under a 15-year contract.", (POWER,)),
        ("The contract was signed on November 5, 2026.", (POWER,)),
        ("The company did not name a chip supplier.", (SUPPLIER,)),
        ("Rents rose 14% in the region last year.", (RENTS,)),
        ("Analysts at Fjordview estimate that 40,000 H200 accelerators would fill the first hall.", (CHIPS,)),
        ("Halden acquired Borealis Compute in 2024.", (BOUGHT,)),
        ("Residents of Narvik rejected an earlier plan.", (RESIDENTS,)),
        ("Halden plans to spend up to $8 billion, it said, and acquired Borealis in 2024.", (FIRST, BOUGHT)),
    ],
)
def test_true_sentences_pass(text: str, quotes: tuple[str, ...]) -> None:
    """Sentences that say what their quotes say pass, whatever units and forms they use."""
    assert _check(text, *quotes) == ()


@pytest.mark.parametrize(
    ("text", "quotes", "problem"),
    [
        (
            "Halden Cloud said it plans to spend up to $9 billion on a campus near Narvik.",
            (FIRST,),
            "figure $9 billion",
        ),
        (
            "Halden Cloud said it plans to spend up to €8 billion on a campus near Narvik.",
            (FIRST,),
            "figure €8 billion",
        ),
        (
            "Halden Cloud said it plans to spend up to $8 million on a campus near Narvik.",
            (FIRST,),
            "figure $8 million",
        ),
        ("Halden Cloud said it plans a 1.2 MW campus near Narvik.", (FIRST,), "figure 1.2 MW"),
        ("Halden Cloud said it plans to spend $8 billion on a campus near Narvik.", (FIRST,), 'drops "up to"'),
        ("Halden Cloud said it plans to spend more than $8 billion on a campus.", (FIRST,), "$8 billion"),
        ("Halden Cloud said it will spend up to $8 billion on a 1.2 GW campus.", (FIRST,), "less sure"),
        ("Halden Cloud plans to spend up to $8 billion on a 1.2 GW campus near Narvik.", (FIRST,), "who says so"),
        ("Halden Cloud said on Monday it plans to spend up to $8 billion on a campus.", (FIRST,), "Monday"),
        ("Halden Cloud said it plans to spend up to $8 billion near Tromso.", (FIRST,), "name Tromso"),
        ("The first 300 MW will open in the second half of 2027, according to the company.", (OPENS,), "less sure"),
        ("The first 300 MW could open in the first half of 2027, according to the company.", (OPENS,), "figure"),
        ("The company named a chip supplier.", (SUPPLIER,), 'drops "not"'),
        ("Norrland Kraft delivered the power under a 15-year contract.", (POWER,), "less sure"),
        ("Norrland Kraft will not deliver the power under a 15-year contract.", (POWER,), 'adds "not"'),
        ("Norrland Kraft will deliver the power under a 25-year contract.", (POWER,), "figure"),
        ("The contract was signed on 6 November 2026.", (POWER,), "figure"),
        ("The grid is out of capacity, said Ingrid Vik.", (GRID,), 'drops "not"'),
        ("Rents fell 14 percent in the region last year.", (RENTS,), '"fell"'),
        ("Analysts at Fjordview estimate that 40,000 Nvidia B200 accelerators would fill it.", (CHIPS,), "B200"),
        ("Analysts at Fjordview estimate that 40,000 Nvidia H200 customers would fill it.", (CHIPS,), "customers"),
        (
            "Officials estimate that 40,000 Nvidia H200 accelerators would fill the first hall.",
            (CHIPS,),
            'credits "Officials"',
        ),
        ("Borealis Compute acquired Halden in 2024.", (BOUGHT,), "turns round"),
        ("Residents of Narvik accepted an earlier plan.", (RESIDENTS,), 'drops "rejected"'),
        ("The campus, powered by wind turbines and batteries, creates jobs for thousands.", (RACKS,), "says more"),
        ("See https://evil.example/x for the campus racks.", (RACKS,), "link"),
        ("The campus will use 1,200 racks <!channel>.", (RACKS,), "link"),
        ("", (RACKS,), "says nothing"),
    ],
)
def test_false_sentences_fail(text: str, quotes: tuple[str, ...], problem: str) -> None:
    """Each way of distorting a source is caught, and the problem names it."""
    problems = _check(text, *quotes)
    assert problems
    assert problem.lower() in " ".join(problems).lower()


@pytest.mark.parametrize(
    "quote",
    [
        "Halden Cloud plans to spend up to $8 billion",  # not word for word
        "2 GW campus near Narvik",  # cut out of 1.2 GW
        "the company",  # proves nothing
        "Narvik Halden Cloud said on Tuesday",  # runs from the title into the text
        "",
    ],
)
def test_quotes_must_be_verbatim(quote: str) -> None:
    """A quote that is not in the source word for word, or that is cut out of a number, proves nothing."""
    assert not check(Sentence("Halden Cloud.", (Quote(1, quote),)), SOURCES).ok


def test_a_sentence_without_quotes_fails() -> None:
    """Nothing is shown that cites nothing, or an article that is not there."""
    assert check(Sentence("Halden Cloud.", ()), SOURCES).problems == ("cites nothing",)
    assert not check(Sentence("Halden Cloud.", (Quote(7, FIRST),)), SOURCES).ok


def test_clipped_negation_is_seen() -> None:
    """A quote cut so that the denial before it is lost does not pass."""
    sources = {1: "Acme denied that it will close its Oslo site next year."}
    clipped = Sentence("Acme will close its Oslo site next year.", (Quote(1, "it will close its Oslo site next year"),))
    assert not check(clipped, sources).ok


def test_quotes_are_compared_in_normal_form() -> None:
    """Curly quotes, dashes, non-breaking spaces and line breaks in the source do not hide a quote."""
    sources = {1: "The “big” site – in\nOslo – has\u00a040\u200b MW."}
    found = locate('The "big" site - in Oslo - has 40 MW', sources[1])
    assert found is not None
    assert check(Sentence("The site in Oslo has 40 MW.", (Quote(1, found.text),)), sources).ok


def test_careless_quotes_are_mended() -> None:
    """Case, an ellipsis and a stop in mid-sentence are mended to the source's own words; an invention is not."""
    assert mend("HALDEN acquired Borealis compute", SOURCES[1]) == ("Halden acquired Borealis Compute",)
    assert mend("Halden Cloud said on Tuesday ... campus near Narvik", SOURCES[1]) == (
        "Halden Cloud said on Tuesday",
        "campus near Narvik",
    )
    assert mend("Halden sold Borealis Compute", SOURCES[1]) == ()
    assert mend("Halden Cloud said on Tuesday.", SOURCES[1]) == ("Halden Cloud said on Tuesday",)
    assert mend(f"{BOUGHT}.", SOURCES[1]) == (f"{BOUGHT}.",)


def test_other_languages_keep_quotes_figures_and_codes() -> None:
    """A German sentence over English quotes is held to its figures and model numbers, written as German does."""
    good = Sentence(
        "Halden will laut eigener Aussage bis zu 8 Milliarden Dollar in 1,2 GW stecken.", (Quote(1, FIRST),)
    )
    wrong = Sentence("Halden will bis zu 9 Milliarden Dollar in 1,2 GW stecken.", (Quote(1, FIRST),))
    assert check(good, SOURCES, language="de").ok
    assert not check(wrong, SOURCES, language="de").ok


def test_brief_and_answer_name_the_part_that_fails() -> None:
    """A brief and an answer pass only whole, and their sources must be listed."""
    good = Sentence(FIRST + ".", (Quote(1, FIRST),))
    bad = Sentence("Halden Cloud said it plans to spend up to $9 billion.", (Quote(1, FIRST),))
    source = Source(1, 1, "Wire", "Halden", "https://example.com/a")
    head = (Quote(1, "Halden Cloud plans 1.2 GW campus near Narvik"),)
    brief = Brief("Halden Cloud plans 1.2 GW campus near Narvik", head, (good,), None, (), (), (source,), 1)
    assert check_brief(brief, SOURCES).ok
    spoiled = Brief(brief.headline, head, (good, bad), None, (), (), (), 1)
    problems = check_brief(spoiled, SOURCES).problems
    assert any(problem.startswith("what 2:") for problem in problems)
    assert any("not listed" in problem for problem in problems)
    assert check_answer(Answer(AnswerState.ANSWERED, (good,), (source,)), SOURCES).ok
    assert not check_answer(Answer(AnswerState.ANSWERED, (bad,), (source,)), SOURCES).ok


SENTENCES = (FIRST, OPENS, SUPPLIER, POWER, GRID, RENTS, CHIPS, BOUGHT, RESIDENTS, RACKS)


@given(st.sampled_from(SENTENCES), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_any_piece_of_a_source_is_found(sentence: str, left: int, right: int) -> None:
    """Every run of three or more whole words of a source is located; its context holds it."""
    tokens = sentence.split()
    start, end = left % len(tokens), right % (len(tokens) + 1)
    piece = " ".join(tokens[start:end])
    found = locate(piece, SOURCES[1])
    if len(piece.split()) >= 4:
        assert found is not None
        assert found.text in found.context


@given(st.sampled_from(SENTENCES))
@settings(max_examples=30, deadline=None)
def test_a_sentence_grounds_itself(sentence: str) -> None:
    """Whatever a source says in a sentence may be said in that sentence."""
    assert _check(sentence + ".", sentence) == ()


@given(st.sampled_from([FIRST, OPENS, POWER, RENTS, CHIPS, RACKS]), st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_a_changed_digit_never_passes(sentence: str, factor: int) -> None:
    """Replacing any number of a sentence by another is always caught."""
    digits = [at for at, mark in enumerate(sentence) if mark.isdigit()]
    at = digits[factor % len(digits)]
    changed = str((int(sentence[at]) + factor) % 10)
    if changed != sentence[at]:
        assert _check(sentence[:at] + changed + sentence[at + 1 :] + ".", sentence)


@given(st.text(max_size=200), st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_checker(text: str, said: str) -> None:
    """Whatever is put in, the checker answers, and never passes a quote that is not there."""
    verdict = check(Sentence(said, (Quote(1, said),)), {1: text})
    assert verdict.ok or verdict.problems


DELAY = "The model will not run on Corvid 2 and may be delayed."
BLOG = source_text(
    "Notes from our racks",
    "Ostara Compute has bought land at Harrow Flats. It put the cost at about $14 billion. We lost 50 minutes of work"
    " at"
    f' 04:12. "We were lucky," an engineer said. {DELAY}',
)
COST = (Quote(1, "It put the cost at about $14 billion."), Quote(1, "Ostara Compute has bought land at Harrow Flats."))


def test_a_name_in_brackets_must_stand_in_the_sentence_before() -> None:
    """A pronoun may be replaced by a bracket whose name the cited sentence right before holds; by nothing else."""
    sources = {1: BLOG}
    assert check(Sentence("[Ostara Compute] put the cost at about $14 billion.", COST), sources).ok
    assert not check(Sentence("[Ostara Compute] put the cost at about $14 billion.", COST[:1]), sources).ok
    assert not check(Sentence("[Norrland Cloud] put the cost at about $14 billion.", COST), sources).ok
    assert not check(Sentence("[Ostara Compute] put the cost at about $15 billion.", COST), sources).ok
    far = (Quote(1, '"We were lucky," an engineer said.'), COST[1])
    assert not check(Sentence("[Ostara Compute] were lucky, an engineer said.", far), sources).ok


def test_only_its_publisher_may_be_quoted_as_we() -> None:
    """`X writes: "We …"` passes for the article's own publisher and its own words, and only where that is known."""
    own = (Quote(1, "We lost 50 minutes of work at 04:12."),)
    sources, publishers = {1: BLOG}, {1: "Warm Cache"}
    said = Sentence('Warm Cache writes: "We lost 50 minutes of work at 04:12."', own)
    assert check(said, sources, publishers=publishers).ok
    assert not check(said, sources).ok
    assert not check(said, sources, publishers={1: "Rackpost"}).ok
    other = Sentence('Warm Cache writes: "We lost 90 minutes of work at 04:12."', own)
    assert not check(other, sources, publishers=publishers).ok
    assert not check(Sentence("Warm Cache lost 50 minutes of work at 04:12.", own), sources, publishers=publishers).ok


def test_a_title_of_what_is_to_come_is_not_what_was_done() -> None:
    """Titles leave "is" and "will" out: "A to build B" backs a plan, not a building."""
    title = "Halden Cloud to build 1.2 GW campus near Narvik"
    said = {1: source_text(title, "The campus needs a line of its own.")}
    assert "less sure" in str(check(Sentence("Halden Cloud has built a campus near Narvik.", (Quote(1, title),)), said))
    assert check(Sentence("Halden Cloud will build a campus near Narvik.", (Quote(1, title),)), said).ok
    assert check(Sentence("Halden Cloud is to build a 1.2 GW campus.", (Quote(1, title),)), said).ok


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("An engineer lost 50 minutes of work at 14:12.", "We lost 50 minutes of work at 04:12."),
        ("The model will not run on Corvid 3 and may be delayed.", DELAY),
        ("The model will not run on Corvid 2 and will be delayed.", DELAY),
        ("The model will run on Corvid 2 and may be delayed.", DELAY),
        ("Ostara Compute has not bought land at Harrow Flats.", "Ostara Compute has bought land at Harrow Flats."),
    ],
)  # fmt: skip
def test_small_changes_in_long_agreement_are_seen(text: str, quote: str) -> None:
    """A clock time, a version, a "will" for "may", a lost or slipped-in "not": all else as in the source."""
    assert not check(Sentence(text, (Quote(1, quote),)), {1: BLOG}).ok
