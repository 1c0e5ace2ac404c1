"""What happened: sentences that follow each other, lean on nothing unseen, and have no place elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.models import Article, Brief, Story, StoryArticle
from bot.writing.extract import write

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _brief(*articles: tuple[str, str, str]) -> Brief:
    made = [
        Article(n, n, str(n), f"https://{n}.example/a", title, name, text=text, published_at=NOW)
        for n, (name, title, text) in enumerate(articles, 1)
    ]
    return write(Story(1, made[0].title, tuple(StoryArticle(one, 1.0, (), NOW) for one in made), NOW, NOW), ())


def test_sentences_of_one_article_keep_its_order() -> None:
    """The second sentence tells the headline best, and still stands behind the one that it needs."""
    brief = _brief(
        (
            "Vetle Cloud",
            "Tromvik: heat for 9,000 homes from the Vetle cluster",
            (
                "From 30 November the halls in Tromvik send warm water to the town. The connection of the Vetle cluster"
                " is sized for heat for 9,000 homes in Tromvik."
            ),
        )
    )
    assert [sentence.text.split()[0] for sentence in brief.what] == ["From", "The"]


def test_what_only_its_own_article_introduces_does_not_follow() -> None:
    """The words "the P512" and "the company" of another article name nobody without its beginning."""
    lead = "The Vetle group published the second version of its open fabric on Saturday. Eleven makers signed it."
    other = (
        "Palisade Networks showed its P512 switch for the fabric on Saturday. The P512 has 512 ports for the fabric of"
        " the Vetle group. The company published the second version of its price list for the open fabric."
    )
    brief = _brief(("Wire", "Vetle group publishes second version of open fabric", lead), ("Rack", "P512", other))
    assert len(brief.what) == 2
    assert not any(sentence.text.startswith(("The P512", "The company")) for sentence in brief.what)


def test_what_is_not_known_is_no_event() -> None:
    """A sentence that says what was not said stands under what is not known, not under what happened."""
    brief = _brief(
        (
            "Wire",
            "Orrin says it is not planning a chip",
            (
                "Orrin said it is not planning to design a chip of its own. Orrin did not respond to questions about"
                " the chip. Orrin declined to say how many chip designers it employs."
            ),
        )
    )
    assert len(brief.what) == 1
    assert [gap for gap in brief.unknown if "how many chip designers" in gap]
