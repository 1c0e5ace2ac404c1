"""What clustering looks at: the features of an article and of a story, and their form in storage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice

import numpy as np

from bot.models import Article
from bot.stories.encoder import Encoded, Encoder
from bot.stories.figures import Figure, find
from bot.stories.sentences import names, split, words
from bot.stories.sketch import Sketch, sketch
from bot.stories.topics import TOPICS
from bot.stories.vectors import DIMENSIONS, Floats, Terms, TermStats, WordVectors, unit_rows

# A news text says what happened in its title and first sentences; later ones bring background that events share.
LEAD_SENTENCES = 4
LEAD_CHARACTERS = 900
# Words of the title count as if they stood there three times.
_TITLE_WEIGHT = 3.0
_NAMES_KEPT = 24
_FIGURES_KEPT = 24
_TERMS_KEPT = 160
_COPIES_KEPT = 16
# Kinds of figures that identify an event; dates, percentages and spans of time repeat everywhere.
_TELLING = frozenset({"money", "power", "count", "energy", "area", "flow", "price", "rate", "compute"})


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """An article as clustering sees it.

    Attributes:
        vector: unit vector of title and lead, shape `(256,)`.
        terms: TF-IDF of title and lead, the title weighing more.
        names: proper names of title and lead, in lower case, in order.
        figures: figures that tell one event from another, as `unit:value`.
        usual: its mean likeness in meaning to articles of any event, 0–1 (a cosine).
        text: a sketch of the whole text, for finding copies.
        length: words of the whole text.
        encoded: what a sentence encoder makes of title and lead, where one is in use.
    """

    article_id: int
    publisher: str
    url: str
    when: datetime
    vector: Floats
    terms: Terms
    names: tuple[str, ...]
    figures: tuple[str, ...]
    text: Sketch
    length: int
    usual: float = 0.0
    encoded: Encoded | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Copy:
    """Enough of an article to recognise copies of its text or another item with its address."""

    article_id: int
    publisher: str
    url: str
    length: int
    text: Sketch


@dataclass(frozen=True, slots=True, eq=False)
class StoryFeatures:
    """A story as clustering sees it: the centroid of its articles.

    Attributes:
        size: how many articles it has absorbed.
        first, last: when its earliest and latest articles came out.
        names, figures: in how many of its articles each occurs.
        copies: its articles' texts and addresses, the latest 16.
        encoded: the mean of what an encoder made of its articles, where all of them have that.
    """

    story_id: int
    size: int
    first: datetime
    last: datetime
    vector: Floats
    terms: Terms
    names: Mapping[str, int]
    figures: Mapping[str, int]
    copies: tuple[Copy, ...]
    encoded: Encoded | None = None


def lead_text(article: Article) -> str:
    """The first sentences of an article, or its summary where there is no text."""
    body = article.text or article.summary
    sentences = islice(split(body[: 2 * LEAD_CHARACTERS]), LEAD_SENTENCES)
    return " ".join(span.text for span in sentences)[:LEAD_CHARACTERS]


def terms_of(article: Article) -> Counter[str]:
    """The content words of title and lead with their counts; what `TermStats.add` should be given."""
    counts: Counter[str] = Counter(words(lead_text(article)))
    for word in words(article.title):
        counts[word] += int(_TITLE_WEIGHT)
    return counts


def features(article: Article, stats: TermStats, vectors: WordVectors, encoder: Encoder | None = None) -> Features:
    """Everything that clustering needs to know of an article, computed once."""
    lead = lead_text(article)
    text = f"{article.title}. {lead}"
    vector = _mean(vectors.embed([article.title, text]))
    texts = [article.title, text] if lead else [article.title]
    return Features(
        article_id=article.id,
        publisher=article.publisher,
        url=article.url,
        when=article.when,
        vector=vector,
        terms=stats.weigh(terms_of(article)),
        names=tuple(islice(dict.fromkeys(name.lower() for name in names(text)), _NAMES_KEPT)),
        figures=telling(find(text)),
        text=sketch(article.text or article.summary),
        length=len((article.text or article.summary).split()),
        usual=stats.usual(vector, _field(vectors)),
        encoded=Encoded(encoder.name, _mean(encoder.embed(texts))) if encoder is not None else None,
    )


def _mean(rows: Floats) -> Floats:
    """The rows' mean, scaled to length one."""
    mean: Floats = unit_rows(rows.mean(axis=0, keepdims=True))[0]
    return mean


# The mean of a stream's unit vectors has a length of 0.3 in this field and 0.15 in general news, and the topics'
# profiles don't lie in its very direction: from 0.3 to 0.5 all did as well.
_FIELD_LENGTH = 0.5


@lru_cache(maxsize=2)
def _field(vectors: WordVectors) -> Floats:
    """About what the mean of this field's articles is, before there are any: the mean of what the topics say."""
    mean = vectors.embed([topic.profile for topic in TOPICS]).mean(axis=0, keepdims=True)
    scaled: Floats = _FIELD_LENGTH * unit_rows(mean)[0]
    return scaled


def telling(figures: Sequence[Figure]) -> tuple[str, ...]:
    """Keys of the figures that tell events apart, values at three digits so that roundings meet."""
    keys = (f"{figure.unit}:{figure.value:.3g}" for figure in figures if figure.kind in _TELLING and figure.value)
    return tuple(islice(dict.fromkeys(keys), _FIGURES_KEPT))


def opening(story_id: int, article: Features) -> StoryFeatures:
    """The features of a story with its first article."""
    return StoryFeatures(
        story_id=story_id,
        size=1,
        first=article.when,
        last=article.when,
        vector=article.vector,
        terms=article.terms,
        names=dict.fromkeys(article.names, 1),
        figures=dict.fromkeys(article.figures, 1),
        copies=(_copy(article),),
        encoded=article.encoded,
    )


def absorb(story: StoryFeatures, article: Features) -> StoryFeatures:
    """The story's features after an article has joined; an article that it already has replaces its old text only."""
    kept = tuple(copy for copy in story.copies if copy.article_id != article.article_id)
    copies = (*kept, _copy(article))[-_COPIES_KEPT:]
    if len(kept) != len(story.copies):
        return replace(story, copies=copies)
    share = 1.0 / (story.size + 1)
    return StoryFeatures(
        story_id=story.story_id,
        size=story.size + 1,
        first=min(story.first, article.when),
        last=max(story.last, article.when),
        vector=_blended(story.vector, article.vector, share),
        terms=_mixed(story.terms, article.terms, share),
        names=_counted(story.names, article.names, 2 * _NAMES_KEPT),
        figures=_counted(story.figures, article.figures, 2 * _FIGURES_KEPT),
        copies=copies,
        encoded=_both(story.encoded, article.encoded, share),
    )


def _blended(story: Floats, article: Floats, share: float) -> Floats:
    blend: Floats = unit_rows(((1 - share) * story + share * article)[None, :])[0].astype(np.float32)
    return blend


def _both(story: Encoded | None, article: Encoded | None, share: float) -> Encoded | None:
    """The mean of what one encoder made of both; None where only one has that, or they are two encoders'."""
    if story is None or article is None or story.by != article.by:
        return None
    return Encoded(story.by, _blended(story.vector, article.vector, share))


def _copy(article: Features) -> Copy:
    return Copy(article.article_id, article.publisher, article.url, article.length, article.text)


def _counted(old: Mapping[str, int], new: Sequence[str], keep: int) -> dict[str, int]:
    counts = Counter(old)
    counts.update(new)
    return dict(counts.most_common(keep))


def _mixed(story: Terms, article: Terms, share: float) -> Terms:
    """The mean of both sparse vectors, cut to the heaviest terms and scaled to length one."""
    ids = np.union1d(story.ids, article.ids).astype(np.uint32)
    weights = np.zeros(ids.size, dtype=np.float32)
    weights[np.searchsorted(ids, story.ids)] += (1 - share) * story.weights
    weights[np.searchsorted(ids, article.ids)] += share * article.weights
    if ids.size > _TERMS_KEPT:
        heaviest = np.sort(np.argpartition(weights, -_TERMS_KEPT)[-_TERMS_KEPT:])
        ids, weights = ids[heaviest], weights[heaviest]
    return Terms(ids, unit_rows(weights[None, :])[0] if ids.size else weights)


def _pack(head: dict[str, object], arrays: Sequence[bytes]) -> bytes:
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *arrays])


class _Reader:
    """Reads arrays one after the other out of packed bytes."""

    def __init__(self, stored: bytes) -> None:
        size = int.from_bytes(stored[:4], "little")
        self.head = json.loads(stored[4 : 4 + size])
        self._stored = stored
        self._at = 4 + size

    def floats(self, count: int) -> Floats:
        values = np.frombuffer(self._stored, dtype="<f2", count=count, offset=self._at)
        self._at += values.nbytes
        return values.astype(np.float32)

    def numbers(self, count: int) -> Sketch:
        values = np.frombuffer(self._stored, dtype="<u4", count=count, offset=self._at)
        self._at += values.nbytes
        return values.astype(np.uint32, copy=False)

    def encoded(self) -> Encoded | None:
        """What an encoder made of it; earlier editions knew of none."""
        mark = self.head.get("encoded")
        return Encoded(mark[0], self.floats(mark[1])) if mark else None


def _half(values: Floats) -> bytes:
    return values.astype("<f2").tobytes()


def _mark(encoded: Encoded | None) -> tuple[str, int] | None:
    """Whose numbers they are, and how many."""
    return (encoded.by, encoded.vector.size) if encoded is not None else None


def _encoded_bytes(encoded: Encoded | None) -> list[bytes]:
    return [_half(encoded.vector)] if encoded is not None else []


def article_to_bytes(article: Features) -> bytes:
    """A compact form for storage, about 2 KB; weights keep three digits."""
    head: dict[str, object] = {
        "id": article.article_id, "by": article.publisher, "url": article.url, "at": article.when.timestamp(),
        "names": article.names, "figures": article.figures, "length": article.length, "terms": article.terms.ids.size,
        "text": article.text.size, "usual": article.usual, "encoded": _mark(article.encoded),
    }  # fmt: skip
    terms = [article.terms.ids.astype("<u4").tobytes(), _half(article.terms.weights)]
    text = article.text.astype("<u4").tobytes()
    return _pack(head, [_half(article.vector), *terms, text, *_encoded_bytes(article.encoded)])


def article_from_bytes(stored: bytes) -> Features:
    """Read what `article_to_bytes` wrote."""
    read = _Reader(stored)
    head = read.head
    vector = read.floats(DIMENSIONS)
    terms = Terms(read.numbers(head["terms"]), read.floats(head["terms"]))
    text = read.numbers(head["text"])
    return Features(
        article_id=head["id"], publisher=head["by"], url=head["url"], when=datetime.fromtimestamp(head["at"], UTC),
        vector=vector, terms=terms, names=tuple(head["names"]), figures=tuple(head["figures"]),
        text=text, length=head["length"], usual=head.get("usual", 0.0), encoded=read.encoded(),
    )  # fmt: skip


def story_to_bytes(story: StoryFeatures) -> bytes:
    """A compact form for storage: about 2 KB and another 0.7 KB for each article."""
    head: dict[str, object] = {
        "id": story.story_id, "size": story.size, "first": story.first.timestamp(), "last": story.last.timestamp(),
        "names": dict(story.names), "figures": dict(story.figures), "terms": story.terms.ids.size,
        "copies": [(copy.article_id, copy.publisher, copy.url, copy.length, copy.text.size) for copy in story.copies],
        "encoded": _mark(story.encoded),
    }  # fmt: skip
    terms = [story.terms.ids.astype("<u4").tobytes(), _half(story.terms.weights)]
    texts = [copy.text.astype("<u4").tobytes() for copy in story.copies]
    return _pack(head, [_half(story.vector), *terms, *texts, *_encoded_bytes(story.encoded)])


def story_from_bytes(stored: bytes, story_id: int | None = None) -> StoryFeatures:
    """Read what `story_to_bytes` wrote; `story_id` where that was written before the story had its own."""
    read = _Reader(stored)
    head = read.head
    vector = read.floats(DIMENSIONS)
    terms = Terms(read.numbers(head["terms"]), read.floats(head["terms"]))
    copies = tuple(
        Copy(article_id, publisher, url, length, read.numbers(size))
        for article_id, publisher, url, length, size in head["copies"]
    )
    return StoryFeatures(
        story_id=head["id"] if story_id is None else story_id, size=head["size"],
        first=datetime.fromtimestamp(head["first"], UTC), last=datetime.fromtimestamp(head["last"], UTC),
        vector=vector, terms=terms, names=head["names"], figures=head["figures"], copies=copies,
        encoded=read.encoded(),
    )  # fmt: skip
