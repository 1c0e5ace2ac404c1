"""A labelled set through the bot's relevance: how well each topic's articles come before the others.

Lines of articles: `text`, `topic` (one or several); `title` and `story` if the set has them. Lines of topics:
`topic`, `profile` (one sentence) and `keywords` if there are any. A topic without such a line is the one that ships
under this name, or its name is all that is known of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.evaluation.clustering import TIMELESS, parts
from bot.evaluation.lines import FormatError, Record, each, refuse
from bot.evaluation.measures import auroc, mean
from bot.models import Article, Relevance, Story, StoryArticle
from bot.stories import relevance, taste
from bot.stories.features import lead_text
from bot.stories.relevance import Reading
from bot.stories.topics import TOPICS, Topic, sentence
from bot.stories.vectors import Floats, WordVectors

#: How many 👍 and 👎 a channel has given, half of each kind where there are as many.
VOTES = (10, 50, 300)
#: Other votes are drawn so many times.
DRAWS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A topic of the set; `words` are what a list of keywords would look for."""

    topic: Topic
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A set: its topics, its articles, each with the names of its topics, and which of them may be voted on."""

    topics: tuple[Known, ...]
    articles: tuple[tuple[Article, frozenset[str]], ...]
    votable: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """How one topic's articles come before the others; every number is an AUROC over the half that nobody voted on.

    Attributes:
        topic: its name.
        articles: how many are of it, in both halves.
        keywords: by how many words of a list a text has.
        profile: as the bot does where nobody has voted.
        voted: as the bot does after so many votes on the other half (see `VOTES`), the mean of five draws; NaN where
            there are fewer articles.
    """

    topic: str
    articles: int
    keywords: float
    profile: float
    voted: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Interests:
    """All topics of a set, and their means."""

    articles: int
    topics: tuple[Ranked, ...]
    mean: Ranked


def read(path: Path, fault: Callable[[str], None] = refuse) -> Labelled:
    """The topics and the articles of a file.

    Args:
        path: the file.
        fault: is told of each line that is not in the documented form; by default the first one stops.

    Raises:
        FormatError: the file can't be read, or nothing in it could.
    """
    lines = each(path, _line, fault)
    known = {line.topic.name: line for line in lines if isinstance(line, Known)}
    articles = tuple(line for line in lines if not isinstance(line, Known))
    names = sorted({name for _, topics in articles for name in topics})
    if not names:
        raise FormatError(f"{path.name} has no article with a topic.")
    # Every second story, or article where there are no stories: what was voted on is not asked for in other words.
    stories = [article.identity for article, _ in articles]
    places = {story: place for place, story in enumerate(dict.fromkeys(stories))}
    votable = tuple(places[story] % 2 == 0 for story in stories)
    return Labelled(tuple(known.get(name) or _named(name) for name in names), articles, votable)


def _line(record: Record) -> Known | tuple[Article, frozenset[str]]:
    names = record.texts("topic", "topics", "label")
    profile = record.text("profile", default="")
    if profile:
        if len(names) != 1:
            raise FormatError(f"{record.where}: a profile is of one `topic`.")
        made = sentence(names[0], profile)
        return Known(made, record.texts("keywords") or made.terms)
    title, text = parts(record)
    article = Article(
        id=0,
        feed_id=0,
        identity=record.text("story", default=record.where),
        url="https://example.org",
        title=title,
        publisher="",
        text=text,
        published_at=TIMELESS,
        first_seen_at=TIMELESS,
    )
    return article, frozenset(names)


def _named(name: str) -> Known:
    shipped = next((topic for topic in TOPICS if topic.name.casefold() == name.casefold()), None)
    topic = shipped or sentence(name, name)
    return Known(topic, topic.terms)


def run(
    labelled: Labelled, vectors: WordVectors, tell: Callable[[int, int], None] = lambda _done, _all: None
) -> Interests:
    """Rank the articles for each topic: by keywords, by the profile, and with votes.

    Args:
        labelled: the set; one half is voted on, the other is ranked.
        vectors: word vectors.
        tell: is called with how many topics are done, of how many.
    """
    readings = [_reading(article, vectors) for article, _ in labelled.articles]
    made = []
    for done, known in enumerate(labelled.topics, 1):
        of_it = [known.topic.name in topics for _, topics in labelled.articles]
        made.append(_ranked(known, readings, of_it, labelled.votable, vectors.embed([known.topic.profile])[0]))
        tell(done, len(labelled.topics))
    voted = tuple(mean([one.voted[at] for one in made]) for at in range(len(VOTES)))
    means = (mean([one.keywords for one in made]), mean([one.profile for one in made]))
    return Interests(len(readings), tuple(made), Ranked("mean", len(readings), *means, voted))


def _reading(article: Article, vectors: WordVectors) -> Reading:
    (vector,) = vectors.embed([f"{article.title}. {lead_text(article)}"])
    alone = StoryArticle(article, 1.0, (), TIMELESS, None)
    return relevance.read(Story(0, article.title, (alone,), TIMELESS, TIMELESS, version=1), vector)


def _ranked(
    known: Known, readings: Sequence[Reading], of_it: Sequence[bool], votable: Sequence[bool], profile: Floats
) -> Ranked:
    pool, asked = ([at for at, may in enumerate(votable) if may is wanted] for wanted in (True, False))
    labels = [of_it[at] for at in asked]
    words = Topic("", "", known.words)
    scores = {at: relevance.match(readings[at], known.topic, profile).score for at in asked}
    voted = []
    for votes in VOTES:
        drawn = [_draw(pool, of_it, votes, seed) for seed in range(DRAWS)]
        learnt = [_learnt(readings, votes_of) for votes_of in drawn if votes_of]
        voted.append(mean([auroc([_blended(scores[at], readings[at], one) for at in asked], labels) for one in learnt]))
    return Ranked(
        known.topic.name,
        sum(of_it),
        auroc([len(words.found(readings[at].stems)) for at in asked], labels),
        auroc([scores[at] for at in asked], labels),
        tuple(voted),
    )


def _draw(pool: Sequence[int], of_it: Sequence[bool], votes: int, seed: int) -> Mapping[int, bool]:
    """Which articles get a vote, and whether it is 👍; none where there are too few."""
    chance = random.Random(seed)  # noqa: S311  # a simulation, the same at each run
    up, down = ([at for at in pool if of_it[at] is wanted] for wanted in (True, False))
    if len(pool) < votes or not up:
        return {}
    ups = min(len(up), max(votes // 2, votes - len(down)))
    return dict.fromkeys(chance.sample(up, ups), True) | dict.fromkeys(chance.sample(down, votes - ups), False)


def _learnt(readings: Sequence[Reading], votes: Mapping[int, bool]) -> taste.Taste:
    return taste.learn([(readings[at].story.title, readings[at].vector, 1 if up else -1) for at, up in votes.items()])


def _blended(score: float, reading: Reading, learnt: taste.Taste) -> float:
    ranked = Relevance(score=score, substance=0.0, topics=(), reasons=(), held=None)
    return taste.blend(ranked, learnt, np.asarray(reading.vector)).score
