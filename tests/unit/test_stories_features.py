"""Features of articles and stories, copies of texts, storage, and the index over them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.models import Article
from bot.stories.encoder import Encoded
from bot.stories.features import (
    Features,
    StoryFeatures,
    absorb,
    article_from_bytes,
    article_to_bytes,
    features,
    opening,
    story_from_bytes,
    story_to_bytes,
)
from bot.stories.index import StoryIndex
from bot.stories.sketch import contained, sketch
from bot.stories.vectors import TermStats, unit_rows, word_vectors

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = (
    "Umbra Cloud said it would buy all the power of the Sallow Point reactor for 20 years. The 910 MW unit was shut in "
    "2019 and is to restart in the spring of 2028, the company said. Regulators set eleven conditions, among them a "
    "new emergency generator and a second line to the grid. Neighbours have four weeks to object, a spokesperson said."
)
OTHER = (
    "Dorado Memory told investors that seven of ten stacks of its newest memory now pass the last test. The company "
    "expects full output by spring and has begun to hire for a second shift at its plant near Dayton, where it stacks "
    "and tests the parts. Analysts had expected fewer good parts until summer, and the shares rose."
)


def article(article_id: int = 1, **changes: object) -> Article:
    """A sample article."""
    base = Article(
        id=article_id, feed_id=1, identity=str(article_id), url=f"https://a.example/{article_id}",
        title="Umbra Cloud buys Sallow Point's power", publisher="The Paper", text=TEXT, published_at=NOW,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def seen(article_id: int = 1, **changes: object) -> Features:
    """The features of a sample article."""
    return features(article(article_id, **changes), TermStats(), word_vectors())


def test_features_hold_names_and_figures() -> None:
    """Names and telling figures of title and lead are found; dates don't tell events apart."""
    found = seen()
    assert "umbra cloud" in found.names
    assert "W:9.1e+08" in found.figures
    assert not any(key.startswith("day") for key in found.figures)
    assert found.length == len(TEXT.split())


def test_article_survives_storage() -> None:
    """Bytes and back in half precision, in under 3 KB."""
    before = seen()
    stored = article_to_bytes(before)
    after = article_from_bytes(stored)
    assert len(stored) < 3000
    assert (after.article_id, after.url, after.when, after.names) == (1, before.url, NOW, before.names)
    assert np.allclose(after.vector, before.vector, atol=1e-3)
    assert after.terms.dot(before.terms) > 0.999
    assert np.array_equal(after.text, before.text)


def test_story_absorbs_and_survives_storage() -> None:
    """The centroid moves towards what joins, counts and times grow, and storage keeps it all."""
    first, second = seen(1), seen(2, title="Regulators clear Sallow Point", published_at=NOW + timedelta(hours=2))
    story = absorb(opening(7, first), second)
    assert (story.size, story.first, story.last) == (2, NOW, NOW + timedelta(hours=2))
    assert story.names["sallow point"] == 2
    assert story.vector @ second.vector > first.vector @ second.vector
    again = story_from_bytes(story_to_bytes(story))
    assert again.story_id == 7
    assert [copy.article_id for copy in again.copies] == [1, 2]
    assert again.figures == story.figures
    assert again.terms.dot(story.terms) > 0.999


def test_what_an_encoder_made_survives_storage() -> None:
    """With its mark, for articles and stories; a story keeps the mean only while all of its articles have one."""
    first, second = (
        replace(seen(number), encoded=Encoded("some", unit_rows(np.eye(6, dtype=np.float32)[number : number + 1])[0]))
        for number in (1, 2)
    )
    again = article_from_bytes(article_to_bytes(first))
    assert again.encoded is not None
    assert again.encoded.by == "some"
    assert again.encoded.vector.tolist() == [0, 1, 0, 0, 0, 0]
    assert np.array_equal(again.text, first.text)
    story = story_from_bytes(story_to_bytes(absorb(opening(7, first), second)))
    assert story.encoded is not None
    assert np.allclose(story.encoded.vector[:3], [0, 0.5**0.5, 0.5**0.5], atol=1e-3)
    assert absorb(story, seen(3)).encoded is None
    assert absorb(story, replace(seen(3), encoded=Encoded("other", story.encoded.vector))).encoded is None
    assert article_from_bytes(article_to_bytes(seen())).encoded is None


def test_a_new_edition_is_not_counted_twice() -> None:
    """Absorbing an article again replaces its text and leaves the centroid alone."""
    story = absorb(opening(7, seen(1)), seen(1, text=TEXT + " It has been updated."))
    assert story.size == 1
    assert len(story.copies) == 1


def test_copies_are_found_though_framed_and_cut() -> None:
    """A wire copy with a new first line, or cut by a third, is still most of the other's text; another text is not."""
    framed = "By our newsroom. " + TEXT
    cut = " ".join(TEXT.split()[:45])
    assert contained(sketch(framed), sketch(TEXT)) > 0.8
    assert contained(sketch(cut), sketch(TEXT)) > 0.9
    assert contained(sketch(TEXT), sketch(cut)) < 0.9
    assert contained(sketch(OTHER), sketch(TEXT)) == 0.0
    assert contained(sketch("Too short to tell"), sketch("Too short to tell")) == 0.0


def test_long_copies_are_estimated_well() -> None:
    """Where samples stand for the texts, the shared part is known to about a tenth."""
    words = [f"word{number}" for number in range(3000)]
    whole, half = " ".join(words), " ".join([*words[:1500], *(f"new{number}" for number in range(1500))])
    assert abs(contained(sketch(half), sketch(whole)) - 0.5) < 0.12


def stories() -> tuple[StoryFeatures, StoryFeatures]:
    """Two stories of different events."""
    return opening(1, seen(1)), opening(2, seen(2, title="Dorado's yields rise", text=OTHER))


def test_index_finds_the_nearest_first() -> None:
    """The story of the event comes before another one."""
    index = StoryIndex()
    for story in stories():
        index.put(story)
    near = seen(3, title="Sallow Point reactor to power Umbra", published_at=NOW)
    assert index.query(near, NOW - timedelta(days=1)) == (1, 2)
    assert len(index) == 2


def test_index_counts_what_is_about() -> None:
    """Stories with an article since then; a new form of one counts once, one that is no more not at all."""
    index = StoryIndex()
    for story in (*stories(), *stories()):
        index.put(story)
    assert (index.about(NOW), index.about(NOW + timedelta(seconds=1))) == (2, 0)
    index.drop(1)
    assert index.about(NOW) == 1


def test_index_leaves_out_what_is_over() -> None:
    """Stories whose last article came before the window are not returned."""
    index = StoryIndex()
    index.put(stories()[0])
    assert index.query(seen(3), NOW + timedelta(hours=1)) == ()


def test_index_forgets_and_grows() -> None:
    """Old stories leave, the others stay findable and can grow; the index outgrows its first size."""
    index = StoryIndex()
    first, second = stories()
    old = NOW - timedelta(days=9)
    for number in range(2000):
        index.put(replace(second, story_id=number + 10, last=old if number % 2 else second.last))
    index.put(first)
    assert index.forget(NOW - timedelta(days=7)) == 1000
    assert index.forget(NOW - timedelta(days=7)) == 0
    assert len(index) == 1001
    found = index.query(seen(3), old - timedelta(days=1), limit=1001)
    assert found[0] == first.story_id
    assert set(found) == {first.story_id, *range(10, 2010, 2)}
    index.put(replace(first, last=NOW + timedelta(days=1)))
    assert len(index) == 1001
    assert index.query(seen(3), NOW + timedelta(hours=23)) == (first.story_id,)


def test_index_drops_one_story() -> None:
    """A story that is no more is not found, the others are; dropping it twice is nothing; the gaps close later."""
    index = StoryIndex()
    first, second = stories()
    index.put(first)
    index.put(second)
    index.drop(first.story_id)
    index.drop(first.story_id)
    assert index.query(seen(3), NOW - timedelta(days=1)) == (second.story_id,)
    index.put(replace(second, last=NOW))
    assert index.forget(NOW - timedelta(days=1)) == 0
    assert index.query(seen(3), NOW - timedelta(days=1)) == (second.story_id,)
