"""Ten short stories by several publishers, told as a reader should get them: event first, figures with their standing.

They were written before they were first briefed, to see whether the rules hold beyond the sample shelf.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import Article, Brief, FactLine, Standing, Story, StoryArticle
from bot.stories.facts import extract as facts_of
from bot.stories.standing import standings
from bot.writing.candidates import sources_of
from bot.writing.extract import write
from bot.writing.grounding import check_brief

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

# "== story", then "-- publisher | title" and paragraphs for each of its articles.
SAMPLE = """
== switch
-- Fabric Weekly | Why everybody wants Larch's switches
Ports are the new cores, people in the trade like to say.

Calder Systems has agreed to buy Larch Networks for $3.4 billion in cash, the two companies said. It expects
to close the deal in March 2027. Larch has 840 employees.

There is no cluster without a switch in it. The price is eleven times Larch's yearly sales.

-- Meridian Wire | Calder to buy switch maker Larch for $3.4 bln in cash
Calder Systems said it would buy Larch Networks, a maker of Ethernet switches, for $3.4 billion.

It put savings from the merger at $120 million a year. Calder's shares fell 2.2 percent.

== outage
-- Rackpost | Tarn Cloud loses 7,400 GPUs to a transformer fire
About 7,400 GPUs at Tarn Cloud's Wexley site went dark after a transformer fire, the company said. Tarn had
first spoken of 5,100.

The fire was out after 40 minutes. Nobody was hurt. One of them needs to be replaced.

-- Coastline Ledger | Fire at Wexley data centre
A transformer burned at the Wexley data centre of Tarn Cloud on Friday. Firemen needed 40 minutes to put the
fire out.

Tarn did not say what the damage would cost.

== campus
-- Meridian Wire | Umbra One to build 640 MW campus at Fallow Ridge
Umbra One said it would build a 640-megawatt campus at Fallow Ridge for $7.5 billion.

The first hall is to open in the second half of 2028, the company said.

-- Grid & Load | Fallow Ridge gets 400 MW and not 640
Umbra One's campus at Fallow Ridge has been reported as 640 MW. The connection agreement says otherwise: 400
MW, and not one megawatt more before 2032.

That means a training job of the announced size would have to wait four years.

-- Rackpost | Umbra One's plan for Fallow Ridge
Umbra One has bought 210 hectares at Fallow Ridge. It put the cost at about $7.5 billion before servers.

== price
-- Quillon | We are halving the price of Basalt 2
From today we halve the price of Basalt 2. Input costs $0.55 per million tokens, down from $1.10.

Our median time to first token is 310 ms.

-- The Daily Lumen | Quillon halves the price of its model
Quillon has halved the price of Basalt 2, its main model, to 55 cents per million tokens in.

Rivals did not respond to requests for comment.

== revenue
-- Meridian Wire | Dorado Memory's revenue rises 12 pct to $5.1 bln
Dorado Memory said revenue rose 12 percent to $5.1 billion in the quarter.

The shares lost 4 percent. It expects to spend $2.3 billion on plants this year.

-- The Daily Lumen | Dorado sells more memory than ever
Dorado Memory's sales grew to $5.1 billion in the quarter.

Its debt grew to $2.3 billion. The shares have risen 12 per cent this year.

== reactor
-- Grid & Load | Sallow Point may run again, for machines
The nuclear regulator cleared the 910 MW Sallow Point unit to run again.

The price is redacted, but an annex shows that it rises by 1.8 % a year.

-- Meridian Wire | Regulator clears restart of 910 MW Sallow Point reactor for Umbra Cloud
The nuclear regulator approved the restart of Sallow Point, a 910-megawatt reactor whose whole output goes to
Umbra Cloud for 20 years.

Umbra Cloud declined to give the price.

== french
-- Courrier du Réseau | Givre Calcul obtient 2 400 MW
Givre Calcul a obtenu 2 400 MW pour trois sites, selon le régulateur. Le premier ouvre en 2028.

== rule
-- Meridian Wire | Draft rule would cap chip exports at 900 GB/s of links
The trade ministry is preparing a rule that would cap the links of exported accelerators at 900 GB/s,
according to a draft seen by Meridian Wire.

The draft would be open for comment for 30 days.

-- Die & Package | A 900 GB/s line would catch half our table
A cap of 900 GB/s on links would catch 9 of the 18 accelerators in our buyer's table. As Meridian Wire first
reported, the rule is a draft.

== recall
-- Rackpost | Brook recalls 12,400 manifolds over leaking gaskets
Brook has recalled 12,400 cooling manifolds because a gasket can fail above 55 °C, it told operators.

Brook knows of 61 leaks. "We were too sure of a data sheet," said quality head Nils Aaberg. He declined to say
which supplier made the gasket.

-- Cold Aisle | Brook manifolds: check yours
Brook is taking back some 12,400 manifolds. A leak takes a rack down for two days, which means lost revenue
for whoever rents it out.

== run
-- Orrin AI | What we learnt from training Heron 3
We trained Heron 3 on 16,384 accelerators for 52 days. Goodput was 93.1 %.

We have no explanation for 12 of 130 interruptions.

-- Warm Cache | Notes on Heron 3
Orrin AI trained Heron 3 on 16,384 accelerators. I would not have believed the goodput of 93.1 % a year ago.
"""


def _read(sample: str) -> dict[str, list[tuple[str, str, str]]]:
    """Story → its articles as (publisher, title, text); a line break within a paragraph is a space."""
    stories: dict[str, list[tuple[str, str, str]]] = {}
    for part in re.split(r"^== ", sample, flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        for piece in re.split(r"^-- ", rest, flags=re.MULTILINE)[1:]:
            head, _, body = piece.partition("\n")
            publisher, _, title = head.partition(" | ")
            text = "\n\n".join(" ".join(paragraph.split()) for paragraph in body.strip().split("\n\n"))
            stories.setdefault(name, []).append((publisher, title, text))
    return stories


STORIES = _read(SAMPLE)


def story_of(name: str) -> Story:
    """A story of the set; its articles an hour apart, the first the lead."""
    joined = []
    for number, (publisher, title, text) in enumerate(STORIES[name], 1):
        url = f"https://{number}.example/{name}"
        when = NOW + timedelta(hours=number)
        article = Article(number, number, str(number), url, title, publisher, text=text, published_at=when)
        joined.append(StoryArticle(article, 1.0, (), when))
    return Story(1, STORIES[name][0][1], tuple(joined), NOW, NOW)


def brief_of(name: str, style: str = "standard") -> Brief:
    """The story's brief."""
    story = story_of(name)
    facts = standings(story, {joined.article.id: facts_of(joined.article) for joined in story.articles})
    return write(story, facts, style=style)


def line(brief: Brief, shown: str) -> FactLine:
    """The fact line with this figure."""
    return next(one for one in brief.facts if one.shown == shown)


def whole(brief: Brief) -> str:
    """All that a brief says."""
    parts = [brief.headline, *(one.text for one in brief.what), *(one.sentence.text for one in brief.facts)]
    return "\n".join([*parts, brief.why.text if brief.why else "", *brief.unknown])


@pytest.mark.parametrize("name", sorted(STORIES))
@pytest.mark.parametrize("style", ["one line", "standard", "deep"])
def test_nothing_unsupported_in_any_style(name: str, style: str) -> None:
    """Every part of every brief passes the checker, sources are in order, and no sentence is told twice."""
    brief = brief_of(name, style)
    assert check_brief(brief, sources_of(story_of(name))).problems == ()
    assert all(list(one.sources) == sorted(set(one.sources)) for one in brief.facts)
    said = [one.text for one in brief.what] + ([brief.why.text] if brief.why else [])
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("name", sorted(STORIES))
def test_no_sentence_opens_with_a_loose_end(name: str) -> None:
    """What is shown alone does not begin with "it", "he", "one of them" or a bare "we"."""
    brief = brief_of(name, "deep")
    shown = [*(one.text for one in brief.what), *(one.sentence.text for one in brief.facts), *brief.unknown]
    shown += [brief.why.text] if brief.why else []
    loose = re.compile(r"^(?:It|Its|He|She|They|One of|That|This|There|We|Our|From today we)\b")
    assert [text for text in shown if loose.match(text)] == []


def test_the_event_comes_first() -> None:
    """Headline and first sentence tell who did what; the article that leads the story need not have the best title."""
    switch = brief_of("switch")
    assert switch.headline == "Calder to buy switch maker Larch for $3.4 bln in cash"
    assert "Calder Systems" in switch.what[0].text
    assert "$3.4 billion" in switch.what[0].text
    assert "Regulator clears restart" in brief_of("reactor").headline
    assert "Sallow Point" in brief_of("reactor").what[0].text


def test_pronouns_are_filled_in_brackets() -> None:
    """A pronoun becomes its name where the sentence before leaves no doubt, and both sentences are cited."""
    brief = brief_of("switch", "deep")
    shown = [*brief.what, *(one.sentence for one in brief.facts)]
    saving = next(one for one in shown if "$120 million" in one.text)
    assert saving.text.startswith("[Calder Systems] put savings")
    assert [quote.article_id for quote in saving.quotes] == [2, 2]
    assert "no cluster without a switch" not in whole(brief_of("switch", "deep"))
    assert any(gap.startswith("[Nils Aaberg] declined to say") for gap in brief_of("recall").unknown)


def test_an_update_shows_what_was() -> None:
    """A figure that its publisher put right shows the older one, and the older one is no reason and no headline."""
    brief = brief_of("outage")
    gpus = line(brief, "7,400 GPUs")
    assert gpus.was == (("5,100", (1,)),)
    assert brief.headline == "Tarn Cloud loses 7,400 GPUs to a transformer fire"
    assert "5,100" not in whole(brief)
    assert line(brief, "40 minutes").publishers == 2


def test_a_denier_stands_on_its_own_side() -> None:
    """Who repeats a figure to contradict it counts for the other one, and the headline leaves the figure out."""
    brief = brief_of("campus")
    power = next(one for one in brief.facts if one.standing is Standing.DISPUTED)
    assert (power.sources, power.others) == ((1,), (("400 MW", (2,)),))
    assert brief.headline == "Umbra One to build campus at Fallow Ridge"
    cost = line(brief, "$7.5 billion")
    assert (cost.standing, cost.sources) == (Standing.CONFIRMED, (1, 3))
    assert brief.why is not None
    assert "would have to wait four years" in brief.why.text


def test_equal_figures_of_other_things_confirm_nothing() -> None:
    """Spending of $2.3 billion and debt of $2.3 billion are two facts, and so are 12 % of revenue and of shares."""
    brief = brief_of("revenue", "deep")
    assert line(brief, "$5.1 billion").publishers == 2
    assert all(one.publishers == 1 for one in brief.facts if one.shown in {"$2.3 billion", "12 percent", "12 per cent"})


def test_a_newsroom_speaks_in_quotation_marks() -> None:
    """A company's own "we" is its quotation, and its figures are confirmed by who reports them."""
    brief = brief_of("run")
    assert brief.headline.startswith('Orrin AI writes: "We trained Heron 3 on 16,384 accelerators')
    assert line(brief, "16,384 accelerators").publishers == 2
    price = brief_of("price", "deep")
    assert not re.search(r"(?<![\"'])\b(?:we|our)\b(?![^\"]*\")", whole(price))
    assert line(price, "$0.55 per million tokens").publishers == 2


def test_gaps_are_short_and_true() -> None:
    """A gap is told without what else its sentence says."""
    unknown = brief_of("reactor").unknown
    assert "The price is redacted. [1]" in unknown
    assert "Umbra Cloud declined to give the price. [2]" in unknown
    assert all("respond" not in gap for gap in brief_of("price").unknown)


def test_a_publisher_that_is_credited_confirms_nothing() -> None:
    """A report that names its source is that source's voice; the line that both draw is theirs alone."""
    cap = next(one for one in brief_of("rule").facts if one.shown.startswith("900 GB/s"))
    assert cap.sources == (1, 2)


def test_spaced_thousands_are_one_number() -> None:
    """2 400 MW is not 400 MW."""
    assert any(one.shown == "2 400 MW" for one in brief_of("french", "deep").facts) or "2 400 MW" in whole(
        brief_of("french")
    )
    assert all(one.shown != "400 MW" for one in brief_of("french", "deep").facts)


def test_one_line_is_one_line_and_deep_is_deeper() -> None:
    """One line: the headline and a sentence, its figures for Sources and disputes; deep: all of standard, and more."""
    short, standard, deep = (brief_of("campus", style) for style in ("one line", "standard", "deep"))
    assert (len(short.what), short.why, short.unknown) == (1, None, ())
    assert {fact.shown for fact in short.facts} >= {fact.shown for fact in standard.facts if fact.others}
    assert len(deep.what) >= len(standard.what)
    assert whole(deep).count("\n") >= whole(standard).count("\n")
    assert short.headline == standard.headline == deep.headline
