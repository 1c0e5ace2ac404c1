"""What real feeds hold besides news is held back by its reason, and news that looks like it is not."""

import pytest

from bot.models import Article
from bot.stories.noise import noise


def why_held(title: str, text: str = "") -> str | None:
    """Why an article of this title and text is held."""
    return noise(Article(1, 1, "1", "https://a.example/1", title, "P", text=text))


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Deal of the day: a 2 TB drive for $119 at Best Buy", "a shop's price of the day"),
        ("This Prime Day, the gaming card falls to its lowest price", "a shop's price of the day"),
        ("Desk lamp now for 43% off, just $79.99", "a shop's price of the day"),
        ("Black Friday chair and desk deals: what to expect", "a shop's price of the day"),
        ("7 ways to cut your cloud bill", "a listicle"),
        ("12 must-have gadgets for your homelab", "a listicle"),
        ("Get more out of your watch with these 8 expert-approved tips", "a listicle"),
        ("Best rack servers 2026: what to look for", "a listicle"),
        ("Should you buy Corvid shares before earnings?", "advice on what shares to buy"),
        ("3 AI stocks to buy and hold for the decade", "a listicle"),
        ("High-flying AI stocks to sell before they plummet", "advice on what shares to buy"),
        ("Better AI stock: Calder vs. Corvid", "advice on what shares to buy"),
        ("The week in review: chips, power and money", "a round-up or a podcast, not one event"),
        ("Data centre dispatch: weekly roundup, 26 January to 1 February", "a round-up or a podcast, not one event"),
        ("Episode 214: liquid cooling with the head of Coolco", "a round-up or a podcast, not one event"),
        ("Podcast: why the grid can't keep up", "a round-up or a podcast, not one event"),
        ("AI chip market size to surpass USD 400 billion by 2034", "an offer of a market study"),
        ("Global liquid cooling market report 2026-2033: key players, CAGR", "an offer of a market study"),
        ("Coolco recognised as a leader in the magic quadrant for sensors", "a press release without news"),
        ("Rackhost achieves elite partner status", "a press release without news"),
        ("We're hiring: site reliability engineer, GPU cloud", "a job advertisement"),
        ("Webinar: designing for 1 MW racks", "promotes an event"),
        ("Only days left until Rackcon: last booth for sale, get your ticket", "promotes an event"),
    ],
)
def test_each_kind_has_its_reason(title: str, reason: str) -> None:
    """A headline alone is enough where it says what it is."""
    if reason == "promotes an event":
        assert why_held(title, "Register now.") == reason
    else:
        assert why_held(title) == reason


@pytest.mark.parametrize(
    "title",
    [
        "Foundry wins $3.5 billion award for defence fabs",
        "Stacks receive Corvid's certification after eight months",
        "Foundry is hiring 8,000 engineers for its desert fabs",
        "Rental of the T700 on Amazon falls to just $2 an hour",
        "Memory market to reach $200 billion by 2027, researchers say",
        "Chief executive tells podcast that export rules failed",
        "Ministry's news briefing: export rules by Friday",
        "Only six days left until the grid operator's deadline",
        "Server market share: Corvid slips to 78%",
        "Union puts three chip makers on watch list",
        "Accelerator prices drop to lowest level in two years",
        "Maker cuts price of its accelerator by 30%: now just $2.10 per hour",
        "Nine days of outage: what failed at Port Ellery",
        "Cloud drops to just two regions with the T900",
        "The best batteries for data centres are still lead, operators say",
        "Analysts name memory maker their top pick as stacks sell out",
        "Campus owner's shares 30% off their peak after short seller's report",
        "Grid operator's daily briefing shows 3 GW of new load",
        "Video generators eat a third of new accelerators",
        "Best stock trade of 2025 keeps running",
    ],
)
def test_news_with_their_words_passes(title: str) -> None:
    """A sale, an award, a market or a deadline may be the news itself."""
    assert why_held(title) is None


def test_who_sponsors_or_presents_is_no_label_in_a_sentence() -> None:
    """Ministries sponsor researchers, and companies present figures; at the head of a text it is a label."""
    study = "Researchers sponsored by the ministry found a flaw. Figures presented by the operator agree."
    assert why_held("Flaw found in power shelves", study) is None
    assert why_held("Cooler racks", "Presented by Coolco\nOur manifolds keep racks cool.") is not None


BOILERPLATE = (
    "Forward-looking statements: see below. Media contact: press desk. About Calder: it rents out accelerators."
)
HALL = "Each rack needs 132 kW, and 48 of them stand in the hall. It draws 6.4 MW from a substation of 90 MW. "


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Corvid unveils T950 with 288 GB of memory",
            f"{HALL * 8}Join us at Corvid Summit: register now for the keynotes.",
        ),
        (
            "Calder reports revenue of $1.36 billion",
            f"Calder, a leading provider of clouds, is pleased to announce its results. {HALL}{BOILERPLATE}",
        ),
        ("Halvard makes T900 instances available", f"{HALL * 16}Contact sales or start a free trial. Book now."),
        (
            "Utility hires 300 for its data centre grid",
            "The jobs are full-time and need years of experience. It is an equal opportunity employer.",
        ),
        ("Reactor restarts after six years", "Workers were welcomed back to the plant: welcome back to the grid."),
        ("Memory maker raises forecast", f"Analysts see a CAGR of 30%. The key players are three makers. {HALL}"),
    ],
)
def test_a_makers_news_may_end_like_an_advert(title: str, text: str) -> None:
    """What stands under the news (sales, fairs, boilerplate) does not hold a text that tells of something."""
    assert why_held(title, text) is None


def test_the_same_wording_without_news_is_held() -> None:
    """A partnership without a figure is boilerplate, and an invitation without news an invitation."""
    boilerplate = (
        "Coolco, a leading provider of sensors, is thrilled to announce it. Media contact: x. About Coolco: it."
    )
    assert why_held("Coolco partners for the future of cooling", boilerplate) == "a press release without news"
    assert why_held("Rackcon returns", "Register now for the keynotes and workshops. Join us!") == "promotes an event"
