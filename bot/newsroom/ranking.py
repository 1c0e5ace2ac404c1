"""How much a story is worth to one channel: its topics, its readers' votes, and what it has muted.

```
story ─read once─► by the channel's topics ─► its votes blended in ─► muted? ─► the bars (threshold, substance)
```
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.models import Channel, Relevance, Story
from bot.newsroom.desk import Desk, Resources
from bot.store import choices
from bot.stories import choosing, features, relevance, taste
from bot.stories.topics import Topic
from bot.stories.vectors import Floats

#: What is kept in memory: a profile is 1 KB, a taste at most 200 KB.
PROFILES_MOST = 2_000
TASTES_MOST = 200

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A few values that were used lately."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value of a key, if it is there."""
        if key in self._values:
            self._values.move_to_end(key)
        return self._values.get(key)

    def put(self, key: K, value: V) -> V:
        """Keep a value, and forget the one that was used longest ago where there are too many."""
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)
        return value


class Ranking(Desk):
    """Ranks stories for channels."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._profiles: Kept[str, Floats] = Kept(PROFILES_MOST)
        self._tastes: Kept[tuple[str, str, choices.Tally], taste.Taste] = Kept(TASTES_MOST)

    def read_story(self, story: Story) -> relevance.Reading:
        """What ranking needs of a story, once for all channels."""
        lead = story.articles[0].article
        (vector,) = self._r.vectors.embed([f"{lead.title}. {features.lead_text(lead)}"])
        return relevance.read(story, vector)

    def profiles(self, topics: Sequence[Topic]) -> list[tuple[Topic, Floats]]:
        """Topics with the unit vectors of what they say."""
        return [(topic, self.profile(topic.profile)) for topic in topics]

    def profile(self, said: str) -> Floats:
        """The unit vector of what a sentence says, shape `(256,)`."""
        known = self._profiles.get(said)
        return known if known is not None else self._profiles.put(said, self._r.vectors.embed([said])[0])

    async def rank_for(self, connection: AsyncConnection, reading: relevance.Reading, channel: Channel) -> Relevance:
        """A story's relevance in one channel; `held` says what keeps it out, but for the channel's two bars."""
        now = self._clock()
        changed = await choices.topics(connection, channel.team_id, channel.channel_id)
        ranked = relevance.judge(reading, self.profiles(choosing.followed(changed)), now)
        ranked = taste.blend(ranked, await self.taste_of(connection, channel), reading.vector)
        return choosing.gated(ranked, changed, now)

    async def taste_of(self, connection: AsyncConnection, channel: Channel) -> taste.Taste:
        """What a channel's votes say. Kept until somebody votes, in whatever process: the tally tells."""
        where = (channel.team_id, channel.channel_id)
        tally = await choices.tally(connection, *where, channel.taste_since)
        key = (*where, tally)
        known = self._tastes.get(key)
        if known is not None:
            return known
        rows = await choices.votes(connection, *where, channel.taste_since) if tally.last is not None else ()
        learnt = [(row.title, features.story_from_bytes(row.features).vector, int(row.balance)) for row in rows]
        return self._tastes.put(key, taste.learn(learnt))
