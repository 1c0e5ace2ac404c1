"""Facts are taken out of articles and put side by side across a story."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import Article, Standing, Story, StoryArticle
from bot.stories.facts import extract, figure_of
from bot.stories.standing import StoryFact, standings
from bot.stories.told import Difference, told

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def article(article_id: int, text: str, *, publisher: str = "", title: str = "A campus") -> Article:
    """An article, one hour after the one before it."""
    return Article(
        id=article_id, feed_id=1, identity=str(article_id), url=f"https://a.example/{article_id}", title=title,
        publisher=publisher or f"Paper {article_id}", text=text, published_at=NOW + timedelta(hours=article_id),
    )  # fmt: skip


def side_by_side(articles: Sequence[Article], copies: dict[int, int] | None = None) -> tuple[StoryFact, ...]:
    """The story facts of these articles; `copies` says whose text each copy is."""
    entries = tuple(StoryArticle(entry, 1.0, (), NOW, wire_of=(copies or {}).get(entry.id)) for entry in articles)
    story = Story(1, articles[0].title, entries, NOW, NOW)
    return standings(story, {entry.id: extract(entry) for entry in articles})


def fact(found: Sequence[StoryFact], shown: str) -> StoryFact:
    """The fact that is shown so."""
    return next(entry for entry in found if entry.shown == shown)


def test_facts_carry_their_sentence_and_subject() -> None:
    """A fact has its value in base units, its whole sentence as the quote, and the words that say of what."""
    text = "Ostara bought land. It will build a 1.2 GW campus there for about $14 billion, it said. It is happy."
    power, money = extract(article(1, text))
    assert (power.kind, power.value, power.unit, power.shown) == ("power", 1.2e9, "W", "1.2 GW")
    assert power.quote.text == "It will build a 1.2 GW campus there for about $14 billion, it said."
    assert "campus" in power.subject
    assert (power.hedged, money.hedged) == (False, True)
    assert figure_of(money).value == 14e9


def test_quotes_are_verbatim() -> None:
    """Every quote stands in the text as it is."""
    text = "First: 5 sites.\n\nMr. Lee said the U.S. site has “300 MW”. Sales rose 12 percent in Q3 2027."
    found = extract(article(1, text))
    assert len(found) >= 3
    assert all(entry.quote.text in text for entry in found)


def test_furniture_and_publication_dates_are_no_facts() -> None:
    """Reading times, calls to subscribe and the day of publication tell nothing of the event."""
    text = "5 min read. Subscribe for $9 a month. On 22 November 2026 Ostara said it had bought 640 hectares of land."
    assert [entry.shown for entry in extract(article(1, text))] == ["640 hectares"]


def test_two_publishers_confirm() -> None:
    """One value in two writings by two publishers is one confirmed fact with both articles."""
    found = side_by_side(
        [article(1, "Ostara will build a 1.2 GW campus."), article(2, "The campus of Ostara needs 1,200 megawatts.")]
    )
    (power,) = found
    assert (power.standing, power.publishers, power.article_ids) == (Standing.CONFIRMED, 2, (1, 2))
    assert power.quote.article_id == 1


@pytest.mark.parametrize(
    ("publisher", "copies", "text"),
    [
        ("Paper 1", {}, "Ostara will build a campus of 1.2 GW there."),
        ("Paper 2", {2: 1}, "Ostara will build a 1.2 GW campus."),
        ("Paper 2", {}, "Ostara will build a 1.2 GW campus, Paper 1 reported."),
    ],
)
def test_one_voice_confirms_nothing(publisher: str, copies: dict[int, int], text: str) -> None:
    """The same publisher, a copy of its text, or a report that only cites it is no second source."""
    articles = [article(1, "Ostara will build a 1.2 GW campus."), article(2, text, publisher=publisher)]
    (power,) = side_by_side(articles, copies)
    assert (power.standing, power.publishers) == (Standing.SINGLE, 1)


@pytest.mark.parametrize(
    ("first", "second", "url", "publishers"),
    [
        ("Gridline Top News", "Gridline Technology", "https://www.gridline.example/1", 1),
        ("The Rack Post", "The Rack Post - Off-Prem", "https://www.therackpost.example/1", 1),
        ("Corvid Newsroom", "Corvid Technical Blog", "https://blogs.corvid.example/1", 1),
        ("Gridline News", "Rackpost News", "https://news.example/1", 2),
        ("Gridline", "Rackpost", "https://www.gridline.example/1", 2),
    ],
)
def test_two_desks_of_one_house_confirm_nothing(first: str, second: str, url: str, publishers: int) -> None:
    """What a publisher's name and its address share is the house; another desk of it is no second source."""
    text = "Ostara will build a 1.2 GW campus."
    articles = [article(1, text, publisher=first), article(2, f"Big: {text}", publisher=second)]
    (power,) = side_by_side([replace(entry, url=url) for entry in articles])
    assert power.publishers == publishers


@pytest.mark.parametrize(
    ("one", "other", "publishers"),
    [
        ("The campus brings 1,500 construction jobs.", "The campus brings 1,500 permanent jobs.", 1),
        ("Norwick's revenue rose 35% from a year ago.", "Norwick's headcount fell 35%.", 1),
        ("Brackenfield has debt of $1.2 billion.", "Brackenfield's revenue was $1.2 billion.", 1),
        ("Norwick has leased 350 MW at Polaris for 15 years.", "The deal gives Norwick 350 MW at Polaris.", 2),
        ("Calder's shares fell 7.8% after the report.", "The stock of Calder closed 7.8% lower.", 2),
    ],
)
def test_equal_values_of_two_things_confirm_nothing(one: str, other: str, publishers: int) -> None:
    """A rise and a fall, two kinds of jobs, debt and revenue are two things, however equal."""
    assert side_by_side([article(1, one), article(2, other)])[0].publishers == publishers


def test_silent_disagreement_is_disputed() -> None:
    """Two publishers with different values for plainly one thing dispute it; both values are kept with sources."""
    (power,) = side_by_side(
        [
            article(1, "The Harrow Flats campus of Ostara will draw 1.2 GW."),
            article(2, "The Harrow Flats campus of Ostara will draw 900 MW."),
        ]
    )
    assert power.standing is Standing.DISPUTED
    assert power.others == (("900 MW", (2,)),)
    assert power.other_quotes[0].article_id == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The campus of Ostara will draw more than 1 GW.", "The campus of Ostara will draw 1.2 GW."),
        ("The campus of Ostara will draw 1.2 GW.", "The first phase of Ostara's campus will draw 300 MW."),
        ("The campus of Ostara will draw 1.2 GW in 2030.", "The campus of Ostara will draw 300 MW in 2028."),
        ("Ostara's campus costs $14 billion.", "Ostara's substation at the campus costs $340 million."),
        ("Ostara has 40,000 accelerators there.", "Ostara has 900 employees there."),
        ("The campus of Ostara will draw 1.2 GW.", "Ostara's campus will draw 300 MW at first and 1.2 GW in the end."),
        ("Shares of Ostara rose 3 percent.", "Revenue of Ostara rose 12 percent."),
    ],
)
def test_different_things_are_not_disputed(one: str, other: str) -> None:
    """A bound, a phase, another year, another thing or an article that knows both values makes no dispute."""
    found = side_by_side([article(1, one), article(2, other)])
    assert all(entry.standing is not Standing.DISPUTED for entry in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The first phase of the Marren campus needs 250 MW.", "The Marren campus will need 1 GW once all phases run."),
        ("As of 1 October, Corvid had shipped 40,000 racks.", "As of 15 November, Corvid had shipped 61,000 racks."),
        ("Norwick used 310 million litres of water in 2024.", "Norwick used 470 million litres of water in 2025."),
        ("Calder's shares fell 4% in early trading.", "Calder's shares closed down 6.5%."),
        ("Norwick's campus in Dray County will draw 600 MW.", "Norwick's campus in Tolland County will draw 450 MW."),
        ("Aldous has orders for 46 GW of turbines.", "Aldous delivered 12 GW of turbines this year."),
        ("Brackenfield raised $1.2 billion in equity.", "Brackenfield raised $2.3 billion in debt."),
        (
            "The round values Fjell at $12 billion before the new money.",
            "It values Fjell at $14 billion with all in it.",
        ),
        ("Calder reported revenue of $12.1 billion.", "Analysts had expected revenue of $11.6 billion from Calder."),
        ("Calder's net income was $4.1 billion.", "Calder's operating income was $5.2 billion."),
        ("Norwick plans 35 turbines at Memford.", "Norwick already runs 15 turbines at Memford."),
        ("Trendline sees HBM prices up 20% next year.", "Bankers at Ostry see HBM prices up 35% next year."),
        ("The lease covers 360 MW of critical load at Polaris.", "The lease covers 450 MW of gross power at Polaris."),
    ],
)
def test_figures_of_two_things_are_no_dispute(one: str, other: str) -> None:
    """A part and the whole, two days, two places, two measures, two houses' forecasts: each may be right."""
    found = side_by_side([article(1, one), article(2, other)])
    assert all(entry.standing is not Standing.DISPUTED for entry in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Norwick's Dray campus used 310 million litres of water last year, the company says.",
            "Norwick's Dray campus used 470 million litres of water last year, county records show.",
        ),
        (
            "The Kestrel Park data centre will draw 1.2 GW by 2028.",
            "The Kestrel Park data centre will draw 900 MW by the end of 2028, its permit says.",
        ),
        (
            "The Leeds cluster of Calder holds 96,000 GPUs.",
            "The Leeds cluster of Calder holds 61,000 GPUs, customs say.",
        ),
        ("Calder will cut 2,300 jobs in its chip unit, unions say.", "Calder will cut 1,400 jobs in its chip unit."),
        (
            "Norwick says that the outage hit 3,000 customers.",
            "Norwick says that the outage hit 3,000 customers, but the regulator puts the number at 11,500 customers.",
        ),
    ],
)
def test_two_figures_for_one_thing_are_a_dispute(one: str, other: str) -> None:
    """The same thing on the same day, or set against each other by an article itself."""
    found = side_by_side([article(1, one), article(2, other)])
    assert any(entry.standing is Standing.DISPUTED for entry in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Power costs 9.4 cents per kWh in Dray County.", "In Dray County power costs $94 per megawatt-hour."),
        ("The site covers 1,200 acres near Marren.", "Stolt bought 486 hectares near Marren."),
        ("Ostry Capital paid $2.37 billion for Tolland.", "Ostry Capital bought Tolland for about $2.4 billion."),
        ("Fjell 5 costs $15 per million output tokens.", "Fjell 5 asks $15 for a million output tokens."),
        ("Norwick will build a 750 MW campus in Ohio.", "Norwick's campus near Tolland will need 750 MW."),
    ],
)
def test_one_figure_in_other_words_is_confirmed(one: str, other: str) -> None:
    """Other units, a rounding, another name of the place: still one figure of two publishers."""
    assert side_by_side([article(1, one), article(2, other)])[0].publishers == 2


def test_a_publisher_that_corrects_itself_updates() -> None:
    """The newest figure of one publisher stands, and what it was is kept."""
    before = "About 9,600 GPUs at Ostara's Port Ellery site are offline, the company said."
    found = side_by_side(
        [article(1, before, publisher="Rackpost"), article(2, before.replace("9,600", "14,200"), publisher="Rackpost")]
    )
    (gpus,) = found
    assert (gpus.shown, gpus.standing) == ("14,200 GPUs", Standing.SINGLE)
    assert gpus.was == (("9,600 GPUs", (1,)),)


def test_a_told_change_is_an_update_of_all() -> None:
    """An article that says that a figure has risen replaces the other publishers' older one."""
    found = side_by_side(
        [
            article(1, "Verdance puts the cost of the Elk Narrows restart at $1.6 billion."),
            article(2, "The Elk Narrows restart costs Verdance $1.6 billion."),
            article(
                3, "The cost of the Elk Narrows restart has risen to $1.9 billion from $1.6 billion, Verdance said."
            ),
        ]
    )
    cost = fact(found, "$1.9 billion")
    assert cost.standing is Standing.SINGLE
    assert cost.was == (("$1.6 billion", (1, 2, 3)),)
    assert all(entry.shown != "$1.6 billion" for entry in found)


def test_a_told_contradiction_is_a_dispute() -> None:
    """An article that says that a reported figure is wrong disputes it, though it gives both."""
    found = side_by_side(
        [
            article(1, "Ostara will build a 1.2 GW campus at Harrow Flats."),
            article(2, "The Harrow Flats campus has been reported as 1.2 GW. The filing says otherwise: 900 MW."),
        ]
    )
    power = fact(found, "1.2 GW")
    assert power.standing is Standing.DISPUTED
    assert power.others == (("900 MW", (2,)),)


def test_told_reads_titles_too() -> None:
    """A title may be the only place that sets two figures against each other."""
    (there, back) = told(article(1, "", title="Norrland's $8bn for Halden is closer to $6.5bn"))
    assert {there.difference, back.difference} == {Difference.CONTRADICTED}
    assert {there.old.value, there.new.value} == {8e9, 6.5e9}


def test_what_the_title_is_about_comes_first() -> None:
    """Facts near the title's words, large and confirmed ones outrank asides."""
    title = "Ostara to build 1.2 GW campus at Harrow Flats"
    text = "Ostara will build a 1.2 GW campus at Harrow Flats. A canteen of 300 square metres opens in 2028."
    found = side_by_side([article(1, text, title=title), article(2, "Ostara plans a 1.2 GW campus.", title=title)])
    assert found[0].shown == "1.2 GW"
    assert found[0].importance > found[-1].importance


def test_a_contradicting_publisher_counts_for_its_own_side_alone() -> None:
    """Who repeats a figure to say that it is another one does not confirm it."""
    found = side_by_side(
        [
            article(1, "Ostara will build a 1.2 GW campus at Harrow Flats."),
            article(2, "Ostara's campus at Harrow Flats will draw 1.2 GW."),
            article(3, "The Harrow Flats campus has been reported as 1.2 GW. Its filing says otherwise: 900 MW."),
        ]
    )
    power = fact(found, "1.2 GW")
    assert (power.article_ids, power.publishers) == ((1, 2), 2)
    assert power.others == (("900 MW", (3,)),)


@pytest.mark.parametrize(
    ("one", "other", "publishers"),
    [
        ("It put the cost at about $14 billion.", "Ostara plans a $14 billion project.", 2),
        ("Sunhae will lift wafer starts by 35 %.", "The company would raise output by 35 percent.", 2),
        ("The T900 stands at $3.49 this month.", "A T900 costs $3.49 an hour.", 2),
        ("The first 300 MW open in 2027.", "The remaining 300 MW are interruptible.", 1),
        ("Its debt grew to $2.3 billion.", "It spends $2.3 billion on plants.", 1),
        ("Shares rose 12 percent.", "Revenue rose 12 percent.", 1),
    ],
)
def test_equal_figures_confirm_unless_they_measure_two_things(one: str, other: str, publishers: int) -> None:
    """Odd values in one story are one fact in other words; another phase or another measure parts them."""
    found = side_by_side([article(1, one), article(2, other)])
    assert max(entry.publishers for entry in found if entry.kind != "date") == publishers


def test_a_figure_that_only_words_replace_is_kept_as_was() -> None:
    """The older figure of "Ostara had first spoken of 9,600" is what the newer one was."""
    text = "About 14,200 GPUs are offline, the company said. The cause was a pump. Ostara had first spoken of 9,600."
    (gpus,) = side_by_side([article(1, text)])
    assert (gpus.shown, gpus.was) == ("14,200 GPUs", (("9,600", (1,)),))


def test_an_edit_speaks_as_of_its_edit() -> None:
    """A filing told in an edit replaces what others reported before it, though the article is older than theirs."""
    first = "An initial $3 billion will be paid at closing, the companies said."
    edited = (
        "An initial $3.5 billion will be paid at closing, a filing showed, more than the $3 billion the companies had"
    )
    older = replace(article(1, f"{edited} announced."), updated_at=NOW + timedelta(hours=9))
    found = side_by_side([older, article(2, first)])
    assert fact(found, "$3.5 billion").was == (("$3 billion", (1, 2)),)
