from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store import Database, articles, passages, wordindex

Keep = Callable[..., Awaitable[int]]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def _search(db: Database, *words: str, **limits: Any) -> list[int]:
    async with db.read() as connection:
        return [found.article_id for found in await passages.search(connection, words, team_id="T1", **limits)]


async def test_passages_with_all_the_words_come_before_those_with_some(db: Database, keep: Keep) -> None:
    """AND first, then OR; what has none of the words is not found."""
    both = await keep("both", "The reactor restart brings 835 megawatts to the campus.")
    one = await keep("one", "A reactor was sold.")
    await keep("none", "Football results.")
    assert await _search(db, "reactor", "restart") == [both, one]


async def test_words_are_found_in_other_forms_and_in_the_title(db: Database, keep: Keep) -> None:
    """Stemming joins "restarts" with "restarted", and the title is searched too."""
    found = await keep("x", "The plant was restarted in spring.")
    assert await _search(db, "restarts") == [found]
    assert await _search(db, "title") == [found]


async def test_search_syntax_in_a_question_is_only_words(db: Database, keep: Keep) -> None:
    """Quotes, operators and brackets can neither break the query nor steer it."""
    found = await keep("x", "The plant was restarted.")
    assert await _search(db, 'plant" OR "a', "(", "NEAR", "*", "'; --") == [found]
    assert await _search(db, 'reactor" OR "a*', "NEAR(plants, 2)", "-plant:") == [found]
    assert await _search(db, '"plant"', "&", "!") == [found]
    assert await _search(db, "NEAR", "*", "text:", "^restart^") == [found]
    assert await _search(db, "(", "'; DROP TABLE passage; --") == []
    assert await _search(db, "", "…") == []


async def test_search_keeps_to_the_dates_that_were_asked_for(db: Database, keep: Keep) -> None:
    """`since` is included, `until` is not."""
    await keep("old", "The plant.", published_at=NOW - timedelta(days=9))
    new = await keep("new", "The plant.", published_at=NOW)
    assert await _search(db, "plant", since=NOW) == [new]
    assert await _search(db, "plant", since=NOW - timedelta(days=9), until=NOW + timedelta(seconds=1)) != []
    assert await _search(db, "plant", until=NOW - timedelta(days=9)) == []


async def test_an_edit_replaces_what_can_be_found(db: Database, keep: Keep) -> None:
    """After an edit the old words find nothing and the new ones do."""
    made = await keep("x", "It takes eight billion.")
    async with db.write() as connection:
        await articles.replace_passages(connection, made, "Title", [(0, "It takes eleven billion.")], NOW)
    assert await _search(db, "eight") == []
    assert await _search(db, "eleven") == [made]


async def test_words_are_searched_as_they_were_asked(db: Database, keep: Keep) -> None:
    """Each engine stems by itself: a word that was stemmed elsewhere ("pric") would miss what holds it."""
    found = await keep("x", "Prices of pricing: the price was redacted in a 20-year agreement.")
    assert await _search(db, "price") == [found]
    assert await _search(db, "20-year") == [found]
    assert await _search(db, "pricing", "agreements") == [found]


async def test_common_words_are_not_looked_for_alone(db: Database, keep: Keep) -> None:
    """What every second article holds counts only beside a rarer word; where all are, the first is looked for."""
    both = await keep("both", "Verdance put the cost of the reactor at two billion.")
    rare = await keep("rare", "Verdance filed.")
    plain = await keep("plain", "The cost of a rack rose.")
    assert await _search(db, "verdance", "cost", "steam", common=["cost"]) == [both, rare]
    assert set(await _search(db, "verdance", "cost", "steam")) == {both, rare, plain}
    assert set(await _search(db, "cost", common=["cost"])) == {both, plain}


async def test_what_says_it_in_other_words_is_found_last(db: Database, keep: Keep) -> None:
    """Words that mean nearly the same find what the question's own don't."""
    other = await keep("other", "The canal's tolls are set each year.")
    own = await keep("own", "The fee is due.")
    assert await _search(db, "fee", also=["tolls", "charges"]) == [own, other]


async def test_other_words_are_not_looked_for_where_the_very_words_stand_often(db: Database, keep: Keep) -> None:
    """Three passages with all of the words are enough: further ones in other words would only take time."""
    await keep("other", "The canal's tolls are set each year.")
    own = [await keep(f"own{number}", "The fee is due.") for number in range(3)]
    assert sorted(await _search(db, "fee", also=["tolls"])) == own


async def test_of_many_matches_the_best_are_found_and_not_the_newest(db: Database, keep: Keep) -> None:
    """Where more passages match than are wanted, the index's own measure chooses."""
    best = await keep("best", "Plant, plant.")
    for number in range(3):
        await keep(f"far{number}", "Of the many things that are told here a plant is hardly worth a word.")
    assert await _search(db, "plant", limit=1) == [best]


async def test_only_the_newest_matches_are_measured(db: Database, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    """A common word does not have the whole archive measured: beyond the bound the oldest matches are left out."""
    best = await keep("best", "Plant, plant, plant.")
    others = [await keep(f"n{at}", "The plant has many more words than that one.") for at in range(4)]
    assert (await _search(db, "plant", limit=1)) == [best]
    monkeypatch.setattr(wordindex, "MOST_MEASURED", len(others))
    (found,) = await _search(db, "plant", limit=1)
    assert found in others


async def test_the_index_tells_how_well_its_best_match_fits(db: Database, keep: Keep) -> None:
    """A text that holds more of the words reaches more; nothing at all is 0."""
    await keep("x", "The reactor restart brings power.")
    for number in range(3):
        await keep(f"y{number}", "Football.")
    async with db.read() as connection:
        one = await wordindex.best_score(connection, ["reactor"], "T1")
        two = await wordindex.best_score(connection, ["reactor", "restart"], "T1")
        none = await wordindex.best_score(connection, ["tulips", "…"], "T1")
    assert two > one > none == 0.0


async def test_a_narrow_time_finds_what_a_hundred_better_ones_hide(db: Database, keep: Keep) -> None:
    """However many passages of other times fit better, those of the time that was asked for are found."""
    for number in range(14):
        await keep(f"old{number}", "Plant, plant.", published_at=NOW - timedelta(days=9))
    new = await keep("new", "The plant of a town that has many other things to tell.", published_at=NOW)
    assert await _search(db, "plant", since=NOW, limit=2) == [new]


async def test_articles_that_can_be_searched_are_counted(db: Database, keep: Keep) -> None:
    """An article counts once it has been through joining, however many passages it has."""
    made = await keep("x", "The plant.")
    async with db.write() as connection:
        assert await passages.count(connection) == 0
        await articles.claim_due(connection, "join", NOW, 1)
        assert await articles.settle(connection, made, stage="done", due_at=None)
        assert await passages.count(connection) == 1
