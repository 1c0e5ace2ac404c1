"""The decision whether an article joins a story, with its reasons; and who leads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.models import Article
from bot.stories.cluster import CLOSE, CROWD, LARGE, LONG, Join, bar, decide, lead, worth_another_look
from bot.stories.encoder import Encoded
from bot.stories.features import Features, StoryFeatures, absorb, features, opening
from bot.stories.vectors import TermStats, word_vectors

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
REACTOR = (
    "Verdance Energy asked the regulator for leave to restart its 835 MW reactor at Elk Narrows, and will sell the "
    "power to Norrland Cloud for 20 years. The restart costs $1.6 billion, the filing said. Neighbours may object."
)
MODEL = (
    "Quarry Labs published Basalt 3, a model of 400 billion parameters whose weights can be downloaded under a "
    "permissive licence. It was trained on 9,000 accelerators over eleven weeks, and needs eight to serve."
)


def article(article_id: int, title: str, text: str, *, hours: float = 0, publisher: str = "The Paper") -> Article:
    """An article that came out some hours after NOW."""
    return Article(
        id=article_id, feed_id=1, identity=str(article_id), url=f"https://a.example/{article_id}", title=title,
        publisher=publisher, text=text, published_at=NOW + timedelta(hours=hours),
    )  # fmt: skip


def seen(found: Article) -> Features:
    """Its features."""
    return features(found, TermStats(), word_vectors())


def reactor_story() -> StoryFeatures:
    """A story about the reactor."""
    return opening(1, seen(article(1, "Verdance seeks to restart Elk Narrows", REACTOR)))


def decided(found: Article, *stories: StoryFeatures) -> Join:
    """Decide a day after NOW."""
    return decide(seen(found), stories, NOW + timedelta(days=30))


def test_another_publishers_report_joins_with_reasons() -> None:
    """A report in other words joins, and says what the two have in common."""
    text = "The owner of the Elk Narrows nuclear plant has applied to run it again. Norrland Cloud buys the 835 MW."
    found = decided(article(2, "Elk Narrows reactor may restart for Norrland Cloud", text, hours=3), reactor_story())
    assert found.story_id == 1
    assert any("elk narrows" in reason for reason in found.reasons)
    assert any("figure" in reason for reason in found.reasons)
    assert found.wire_of is None


def test_an_encoder_says_what_words_do_not() -> None:
    """What it finds alike joins though the words differ; vectors of another encoder, or of none, are not compared."""
    ours = seen(article(1, "Ferry with 240 aboard goes down near Luwan", ""))
    other = seen(article(2, "Passenger boat sinks, dozens missing", ""))
    one, two = Encoded("one", np.array([1, 0], np.float32)), Encoded("two", np.array([1, 0], np.float32))

    def joins(theirs: Encoded | None, mine: Encoded | None) -> bool:
        story = opening(1, replace(ours, encoded=theirs))
        return decide(replace(other, encoded=mine), [story], NOW).story_id == 1

    assert joins(one, one)
    assert not any(joins(*pair) for pair in ((None, None), (None, one), (one, None), (two, one)))
    assert not joins(one, Encoded("one", np.array([0, 1], np.float32)))


def test_another_event_of_the_same_company_stays_apart() -> None:
    """One company's name is not one event."""
    text = "Verdance Energy named a new finance chief, who comes from a bank and starts in January."
    found = decided(article(2, "Verdance names finance chief", text, hours=3), reactor_story())
    assert found.story_id is None
    assert found.reasons


def test_wire_copy_joins_and_names_its_origin() -> None:
    """A copy under another title and publisher joins and is known as a copy; the publisher's own repeat is not one."""
    copy = article(2, "Nuclear news in brief", "(Wire) " + REACTOR, hours=30, publisher="The Other Paper")
    found = decided(copy, reactor_story())
    assert (found.story_id, found.wire_of) == (1, 1)
    assert "The Paper" in found.reasons[0]
    assert decided(replace(copy, publisher="the paper"), reactor_story()).wire_of is None


def test_the_bar_rises_with_the_words() -> None:
    """Headlines join at less than reports do, with all between; where all articles are alike the bar is higher."""
    assert bar(60, 0.1) > bar(60, 0.05) > bar(60)
    bars = [bar(words) for words in range(1, LONG + 1)]
    assert bars == sorted(set(bars))
    assert bar(0) == bar(1)
    assert bar(LONG) == bar(10 * LONG)


def test_the_bar_rises_with_what_comes_next() -> None:
    """The nearer the next three stories are, the more likeness it takes; a fourth one changes nothing."""
    assert bar(9, 0.1, (0.3, 0.3, 0.3)) > bar(9, 0.1, (0.3, 0.3, 0.1)) > bar(9, 0.1, (0.1, 0.1, 0.1))
    assert bar(9, 0.1, (0.3, 0.2, 0.1, 0.1)) == bar(9, 0.1, (0.3, 0.2, 0.1))
    assert bar(9, 0.1, (0.0, 0.0, 0.0)) < bar(9, 0.1)


def test_the_bar_rises_with_how_many_stories_are_about() -> None:
    """Among thousands something is near by chance; among a few dozen nothing changes, and there is a most."""
    assert bar(9, about=3) == bar(9, about=CROWD) == bar(9)
    assert bar(9) < bar(9, about=2 * CROWD) < bar(9, about=10 * CROWD)
    assert bar(9, about=10**5) == bar(9, about=10**6)


def test_the_bar_falls_with_the_articles_of_a_large_story() -> None:
    """Stories of up to four are alike; then it falls to that of sixty articles, and not below a tenth of a cosine."""
    assert bar(9, size=LARGE) == bar(9, size=1) == bar(9)
    assert bar(9) > bar(9, size=2 * LARGE) > bar(9, size=10 * LARGE)
    assert bar(9, size=60) == bar(9, size=6000) > bar(9) - 0.1


def test_a_likeness_must_stand_out() -> None:
    """The same article joins the same story where nothing else is like it, and not where three others nearly are."""
    found = article(9, "Elk Narrows owner in talks about price of power", "", hours=3)
    story = reactor_story()
    others = [
        opening(at, seen(article(at, title, "")))
        for at, title in enumerate(
            (
                "Elk Narrows owner hires builders, talks about prices",
                "Owner of Elk Narrows says price of power will rise",
                "Talks about power of Elk Narrows owner over prices",
            ),
            start=2,
        )
    ]
    alone = decide(seen(found), [story], NOW + CLOSE)
    assert alone.story_id == story.story_id
    crowded = decide(seen(found), [story], NOW + CLOSE, others=others)
    assert crowded.story_id is None
    assert crowded.score == alone.score


def test_a_story_that_holds_the_article_is_no_rival_to_itself() -> None:
    """On a second look the article's own story and the candidate, among the stories nearby, change nothing."""
    found = seen(article(9, "Elk Narrows owner in talks about price of power", "", hours=3))
    story = reactor_story()
    assert decide(found, [story], NOW, others=[story, opening(7, found)]) == decide(found, [story], NOW)


def test_same_address_joins() -> None:
    """Another feed's item with the same address is the same article."""
    found = decided(replace(article(2, "A title that says nothing", ""), url="https://a.example/1"), reactor_story())
    assert found.story_id == 1


def test_time_parts_what_words_join() -> None:
    """The same words two weeks later are another event; a moderate likeness fades within the week."""
    text = "The owner of the Elk Narrows nuclear plant has applied to run it again. Norrland Cloud buys the power."
    late = article(2, "Elk Narrows reactor may restart for Norrland Cloud", text, hours=24 * 14)
    assert decided(late, reactor_story()).story_id is None
    soon = decided(replace(late, published_at=NOW + timedelta(hours=2)), reactor_story())
    later = decided(replace(late, published_at=NOW + timedelta(days=6)), reactor_story())
    assert soon.score > later.score


def test_the_best_of_several_wins_and_others_are_related() -> None:
    """With two stories the nearer is joined; unrelated ones are not called related."""
    model = opening(2, seen(article(5, "Basalt 3 is out", MODEL)))
    found = decided(article(6, "Quarry Labs releases Basalt 3", MODEL[:120], hours=1), reactor_story(), model)
    assert found.story_id == 2
    assert found.related == ()


def test_nothing_to_join() -> None:
    """Without candidates the article opens a story, and the reason says so."""
    assert decided(article(2, "Anything", REACTOR)).story_id is None


def test_a_date_in_the_future_is_no_gap() -> None:
    """A feed that dates articles ahead doesn't part them from their story."""
    found = article(2, "Verdance asks to restart Elk Narrows reactor", REACTOR[:160], hours=24 * 20)
    assert decide(seen(found), [reactor_story()], NOW).story_id == 1


def test_centroid_follows_the_story() -> None:
    """After a follow-up has joined, an article like the follow-up is nearer than before."""
    follow = seen(
        article(2, "Elk Narrows restart will cost more, filing says", "The cost rose to $1.9 billion.", hours=20)
    )
    third = seen(
        article(3, "Filing: cost of Elk Narrows restart rises", "The restart costs $1.9 billion now.", hours=22)
    )
    story = reactor_story()
    before = decide(third, [story], NOW + timedelta(days=2)).score
    assert decide(third, [absorb(story, follow)], NOW + timedelta(days=2)).score > before


def test_lead_prefers_primary_then_full_then_early() -> None:
    """A filing leads over reports, a full text over a teaser, the earlier over a later equal."""
    teaser = replace(article(1, "T", "Short."), text_source="teaser")
    full = article(2, "F", "word " * 300, hours=1)
    later = article(3, "L", "word " * 310, hours=2)
    filing = replace(article(4, "D", "word " * 200, hours=5), url="https://www.sec.gov/filing")
    assert lead([teaser, full, later]) == 2
    assert lead([teaser, full, later, filing]) == 4
    with pytest.raises(ValueError, match="no lead"):
        lead([])


def test_only_single_recent_and_similar_stories_are_worth_another_look() -> None:
    """A grown story is compared with single ones of its day that are about as it is; never with itself."""
    grown = absorb(reactor_story(), seen(article(2, "Elk Narrows to run again", REACTOR, hours=1)))
    single = opening(3, seen(article(3, "Norrland Cloud buys a reactor's power at Elk Narrows", "", hours=2)))
    pair = absorb(replace(single, story_id=4), seen(article(4, "Norrland Cloud to use Elk Narrows", "", hours=2)))
    old = replace(single, story_id=5, first=NOW - timedelta(hours=19))
    other = opening(6, seen(article(6, "Basalt 3 is out", MODEL, hours=2)))
    found = worth_another_look(grown, [grown, single, pair, old, other], NOW)
    assert [story.story_id for story in found] == [3]
