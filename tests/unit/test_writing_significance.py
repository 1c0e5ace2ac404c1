"""Why it matters: which of the sources' sentences say so, and which only look like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.models import Article, Sentence, Story, StoryArticle
from bot.writing.candidates import gather, sources_of
from bot.writing.significance import why

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVENT = "Vetle Power switched on a 90 MW substation near Tromvik on Thursday."


def _why(*sentences: str, taken: tuple[str, ...] = ()) -> str | None:
    article = Article(1, 1, "1", "https://1.example/a", "Vetle Power switches on a substation", "Wire")
    text = " ".join((EVENT, *sentences))
    story = Story(1, article.title, (StoryArticle(_with(article, text), 1.0, (), NOW),), NOW, NOW)
    candidates = gather(story)
    shown = [one.sentence for one in candidates if one.text in taken]
    found: Sentence | None = why(candidates, [0.4] * len(candidates), sources_of(story), shown)
    return found.text if found is not None else None


def _with(article: Article, text: str) -> Article:
    return Article(article.id, 1, "1", article.url, article.title, article.publisher, text=text, published_at=NOW)


@pytest.mark.parametrize(
    "reason",
    [
        "The region is short of transformers before it is short of land.",
        "About 300 factories in the valley were affected by the old one.",
        "Missing the date would cost the builders of both halls a year.",
        "The old part costs twice as much, and a third of the market still uses it.",
        "Power prices in the valley have fallen since Thursday, and tenants pay less for it.",
        "The utility has no rival north of the pass, and sets the prices.",
        "The order underscores how the builders of halls compete for turbines before the grid catches up.",
        "The rule is meant to keep the costs of the grid with the data centres that cause them.",
        "Transformers are in short supply, and halls can't wait for them.",
    ],
)
def test_consequences_comparisons_and_scarcity_say_why(reason: str) -> None:
    """Who is hit, what is scarce, what it costs and how it compares are reasons; colour is not."""
    assert _why("The mayor cut a ribbon in the rain.", reason) == reason


def test_nothing_is_better_than_colour() -> None:
    """Where no source states a consequence there is none."""
    assert _why("The mayor cut a ribbon in the rain.", "A band from the school played two songs.") is None


def test_a_short_reason_takes_its_explanation_along() -> None:
    """A reason of a few words comes with the sentence behind it."""
    found = _why("The first cable is full.", "Two halls in the harbour take nearly all of its power.")
    assert found == "The first cable is full. Two halls in the harbour take nearly all of its power."


def test_what_an_article_announces_as_important_counts() -> None:
    """The sentence behind "It matters all the same." is the reason, though its words alone are not enough."""
    reason = "Tenants in Tromvik had been on diesel since the spring."
    assert _why(reason) is None
    assert _why("It matters all the same.", reason) == reason


def test_what_leans_on_a_shown_sentence_is_left_out() -> None:
    """A reason that needs a sentence which stands above already would tell that one twice."""
    first, then = "The park draws 400 MW from a single line.", "That means one storm can shut it for a week."
    assert _why(first, then) == f"{first} {then}"
    assert _why(first, then, taken=(first,)) is None


def test_results_and_share_prices_say_why_to_shareholders_alone() -> None:
    """A loss, and what a share earned against last year, is no reason for who builds or buys."""
    assert _why("The utility earned 6 cents per share, down from 58 cents a year ago.") is None
    assert _why("A significant rebound from last year's loss surprised analysts.") is None


def test_other_news_must_say_it_plainly() -> None:
    """Where no sentence is of this field, a comparison is not enough."""
    text = "The band played two songs. Tickets cost twice as much as the year before, and buyers waited."
    article = _with(Article(1, 1, "1", "https://1.example/a", "Band plays in Tromvik", "Wire"), text)
    story = Story(1, article.title, (StoryArticle(article, 1.0, (), NOW),), NOW, NOW)
    candidates = gather(story)
    assert why(candidates, [0.4] * len(candidates), sources_of(story)) is None


def test_a_reason_may_point_to_what_stands_above_it() -> None:
    """It names what it points to ("These limits are meant to …"), and that sentence is shown already."""
    first, then = "The limits bind halls above 20 MW.", "These limits are meant to protect the grid of the valley."
    assert _why(first, then, taken=(first,)) == then
