"""What is no news on a news page: cut off in front of a sentence, or passed over with its paragraph."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.models import Article, Story, StoryArticle
from bot.writing.candidates import gather
from bot.writing.furniture import bare, is_furniture, is_row, is_unfinished

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("TROMVIK, Nov. 20, 2026 (PORT NEWSWIRE) -- Calder Power, a utility, today", "Calder Power, a utility, today"),
        ("HARROW FLATS - The cost of the campus doubled.", "The cost of the campus doubled."),
        ("(Nov. 20, 2026): Calder Power did not slow down.", "Calder Power did not slow down."),
        ("(20 November 2026) Calder Power opened a hall.", "Calder Power opened a hall."),
        ("Port News - Calder Power opened a hall.", "Calder Power opened a hall."),
        ("TL;DR: Calder Power opened a hall.", "Calder Power opened a hall."),
        ("👉 In simple terms, Calder rents out chips.", "In simple terms, Calder rents out chips."),
        ("• 3 MW went to the harbour.", "3 MW went to the harbour."),
        ("Ada Moll | Calder Power opened a hall.", "Calder Power opened a hall."),
        ("1.5 million chips are on order.", "1.5 million chips are on order."),
        ("-3 degrees is what the loop bears.", "-3 degrees is what the loop bears."),
        ("GPU prices - and rents - fell.", "GPU prices - and rents - fell."),
        ("Calder Power - a utility - opened a hall.", "Calder Power - a utility - opened a hall."),
    ],
)
def test_what_a_sentence_opens_with_is_cut_off(text: str, left: str) -> None:
    """Datelines, labels, bullets and pictograms go; figures and names stay."""
    assert bare(text, opens=False) == left


@pytest.mark.parametrize(
    "text",
    [
        "Already have an account?",
        "Unlock the full archive as a founding member.",
        "This summary was created by AI from a recording.",
        "The forward-looking statements in this release involve risks.",
        "Calder undertakes no obligation to update them.",
        "This is a developing story.",
        "Rackpost is a weekly publication of Harbour Media.",
        "Ada Moll is a senior writer for Rackpost.",
        "In this May 2 file photo, a worker carries a tray of chips.",
        "Tanks of coolant are seen at a hall in Tromvik.",
        "A logo of Calder Power is displayed at a fair.",
        "Written By ADA MOLL and IDA HALD | Port Writers Posted: 11/20/2026",
        "Results Metric Beat Value Forecast Revenue $8.3B $8.1B Margin 62% 60%",
    ],
)
def test_notices_captions_and_rows_are_furniture(text: str) -> None:
    """What a page asks, shows or must say is not shown as news."""
    assert is_furniture(text)


@pytest.mark.parametrize(
    "text",
    [
        "Calder Power will lease 40 MW to Ostara for ten years.",
        "Prices are seen at $2 an hour by the end of the year.",
        "The photo-resist maker Halden raised its prices by 8 percent.",
        "Ostara, Calder, Halden, Vetle and Quillon signed the letter on Friday.",
    ],
)
def test_news_is_no_furniture(text: str) -> None:
    """Words that furniture has, too, do not make it that."""
    assert not is_furniture(text)


def test_a_sentence_that_was_cut_off_is_unfinished() -> None:
    """Ends that only lead on are no ends."""
    assert all(
        is_unfinished(text) for text in ("It slipped 0.2% to $45.24,", "Plans are unaffected by the ...", "Two:")
    )
    assert not is_unfinished('"We will see," she said.')
    assert is_row("How the Loan Works: $7.5 Billion Now, $8.5 Billion When Chips Are Live")


def _texts(text: str) -> list[str]:
    article = Article(1, 1, "1", "https://1.example/a", "Calder opens a hall", "Wire", text=text, published_at=NOW)
    story = Story(1, article.title, (StoryArticle(article, 1.0, (), NOW),), NOW, NOW)
    return [one.text for one in gather(story)]


def test_a_caption_takes_its_paragraph_with_it() -> None:
    """What follows a caption in its paragraph is caption; and what comes behind it opens the article."""
    found = _texts(
        "In this May 2 file photo, a worker carries chips. Calder reports earnings on Thursday.\n\n"
        "TROMVIK - Calder Power opened a hall of 40 MW on Friday.\n\nIt cost $300 million."
    )
    assert found[0] == "Calder Power opened a hall of 40 MW on Friday."
    assert not any("earnings" in text for text in found)
