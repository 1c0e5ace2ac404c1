from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.choices import Recent, TopicChoice
from bot.errors import NotFoundError
from bot.models import Channel, Relevance
from bot.stories.choosing import NAME_MOST, below, chosen, followed, gated, merged, name_for
from bot.stories.topics import TOPICS

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CHANNEL = Channel("T1", "C1", "ai", threshold=0.4, least_substance=0.3)
MONEY = "Money and deals"


def judged(score: float, substance: float = 0.5, *topics: str, held: str | None = None) -> Relevance:
    """A relevance."""
    return Relevance(score, substance, topics or (MONEY, "Chips and accelerators"), ("matches",), held)


def test_without_choices_a_channel_follows_what_ships() -> None:
    """All shipped topics, in their order."""
    assert followed(()) == TOPICS
    assert [choice.name for choice in merged(())] == [topic.name for topic in TOPICS]


def test_own_topics_come_after_those_that_ship_and_unfollowed_ones_do_not_count() -> None:
    """What was changed stands in its place; what cannot be understood any more is left out, not an error."""
    changed = (TopicChoice("HBM", "HBM"), TopicChoice(MONEY, is_followed=False), TopicChoice("bad", '"no end'))
    topics = followed(changed)
    assert topics[-1].name == "HBM"
    assert MONEY not in {topic.name for topic in topics}
    assert len(topics) == len(TOPICS)
    assert [choice.name for choice in merged(changed)][-2:] == ["HBM", "bad"]


def test_a_muted_topic_holds_what_it_is_the_main_topic_of() -> None:
    """Only the first topic counts, only until then, and what is held for another reason keeps that reason."""
    muted = (TopicChoice(MONEY, muted_until=NOW + timedelta(days=2)),)
    assert gated(judged(0.9), muted, NOW).held == f"Its main topic, {MONEY}, is muted here until 24 November 2026."
    assert gated(judged(0.9, 0.5, "Chips and accelerators", MONEY), muted, NOW).held is None
    assert gated(judged(0.9), muted, NOW + timedelta(days=2)).held is None
    assert gated(judged(0.9, held="an advert"), muted, NOW).held == "an advert"


def test_another_subject_is_said_in_the_channels_own_terms() -> None:
    """Where the channel has chosen its topics, it is theirs that are missing."""
    other = judged(0.0, held="about another subject")
    assert gated(other, (), NOW).held == "about another subject"
    assert gated(other, (TopicChoice(MONEY, muted_until=NOW),), NOW).held == "about another subject"
    chose = gated(other, (TopicChoice(MONEY, is_followed=False),), NOW)
    assert chose.held == "None of the topics that this channel follows is in it."


def test_the_bars_hold_with_a_sentence_that_has_both_numbers() -> None:
    """Relevance first, then substance; at the bar is enough."""
    assert below(judged(0.4, 0.3), CHANNEL) is None
    assert "0.39 is below this channel's threshold of 0.40" in (below(judged(0.39, 0.9), CHANNEL) or "")
    assert "0.20 is below this channel's 0.30" in (below(judged(0.9, 0.2), CHANNEL) or "")


def test_what_would_have_passed_is_counted_without_what_is_held() -> None:
    """An advert passes no bar, however low."""
    recent = Recent((judged(0.5), judged(0.3), judged(0.9, held="an advert"), judged(0.9, 0.1)))
    assert recent.passing(0.4, 0.0) == 2
    assert recent.passing(0.0, 0.0) == 3
    assert recent.passing(0.4, 0.3) == 1


def test_a_topic_is_meant_by_number_name_or_part() -> None:
    """An exact name beats a part of others; what is not clear is asked back."""
    topics = (TopicChoice("HBM"), TopicChoice("HBM prices", "HBM prices"), TopicChoice(MONEY))
    assert chosen(topics, "2").name == "HBM prices"
    assert chosen(topics, " hbm ").name == "HBM"
    assert chosen(topics, "deals").name == MONEY
    with pytest.raises(NotFoundError, match="HBM, HBM prices"):
        chosen(topics, "hb")
    for unknown in ("9", "", "cooling"):
        with pytest.raises(NotFoundError, match="No topic here"):
            chosen(topics, unknown)


def test_a_long_text_has_a_name_that_fits() -> None:
    """One line, cut with a sign that it was."""
    assert name_for("  two\n words ") == "two words"
    assert len(name_for("x" * 300)) == NAME_MOST
    assert name_for("x" * 300).endswith("…")
