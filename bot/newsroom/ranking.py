"""How much a story is worth to one channel: its topics, its readers' votes, and what it has muted.

```
story ─read once─► by the channel's topics ─► its votes blended in ─► muted? ─► the bars (threshold, substance)
```
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.choices import TopicChoice
from bot.models import Channel, Relevance, Story, StoryArticle
from bot.newsroom.desk import Desk, Resources
from bot.store import choices
from bot.stories import choosing, features, relevance, taste
from bot.stories.topics import Topic
from bot.stories.vectors import Floats

#: What is kept in memory: a profile is 1 KB, a taste at most 200 KB.
PROFILES_MOST = 2_000
TASTES_MOST = 200
#: Of a channel in which nobody has voted.
NO_TASTE = taste.learn(())

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


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a channel has chosen, as far as judging asks for it.

    Attributes:
        topics: what it has changed about them.
    """

    topics: tuple[TopicChoice, ...]
    taste: taste.Taste


class Looked:
    """A story as channels look at it: what is read in it, and what given topics say, once for all of them."""

    def __init__(self, ranking: Ranking, story: Story) -> None:
        self.story = story
        self._ranking = ranking
        self._alone: dict[int, relevance.Reading] = {}
        self._judged: dict[tuple[TopicChoice, ...], Relevance] = {}

    @cached_property
    def reading(self) -> relevance.Reading:
        """What ranking reads in it."""
        return self._ranking.read_story(self.story)

    def alone(self, member: StoryArticle) -> relevance.Reading:
        """One of its articles as if it were the whole story."""
        if len(self.story.articles) == 1:
            return self.reading
        key = member.article.id
        if key not in self._alone:
            self._alone[key] = self._ranking.read_story(replace(self.story, articles=(member,)))
        return self._alone[key]

    def judged(self, topics: tuple[TopicChoice, ...], now: datetime) -> Relevance:
        """Its relevance by the topics that a channel which has changed these follows."""
        if topics not in self._judged:
            profiles = self._ranking.profiles(choosing.followed(topics))
            self._judged[topics] = relevance.judge(self.reading, profiles, now)
        return self._judged[topics]


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

    async def rank_for(self, connection: AsyncConnection, looked: Looked, channel: Channel) -> Relevance:
        """A story's relevance in one channel; `held` says what keeps it out, but for the channel's two bars."""
        chosen = await self.chosen(connection, (channel,))
        return self.ranked(looked, chosen[channel.channel_id])

    def ranked(self, looked: Looked, chosen: Chosen) -> Relevance:
        """A story's relevance by what a channel has chosen, as `rank_for` has it."""
        now = self._clock()
        ranked = taste.blend(looked.judged(chosen.topics, now), chosen.taste, looked.reading.vector)
        return choosing.gated(ranked, chosen.topics, now)

    async def chosen(self, connection: AsyncConnection, those: Sequence[Channel]) -> dict[str, Chosen]:
        """What channels of one workspace have chosen, by their ids."""
        team_id, since = those[0].team_id, {channel.channel_id: channel.taste_since for channel in those}
        changed = await choices.topics_of(connection, team_id, since)
        tallies = await choices.tallies(connection, team_id, since)
        return {
            channel.channel_id: Chosen(
                changed.get(channel.channel_id, ()),
                await self._taste(connection, channel, tallies.get(channel.channel_id, choices.NO_VOTES)),
            )
            for channel in those
        }

    async def taste_of(self, connection: AsyncConnection, channel: Channel) -> taste.Taste:
        """What a channel's votes say."""
        tally = await choices.tally(connection, channel.team_id, channel.channel_id, channel.taste_since)
        return await self._taste(connection, channel, tally)

    async def _taste(self, connection: AsyncConnection, channel: Channel, tally: choices.Tally) -> taste.Taste:
        """Kept until somebody votes, in whatever process: the tally tells."""
        if tally.last is None:
            return NO_TASTE
        where = (channel.team_id, channel.channel_id)
        known = self._tastes.get((*where, tally))
        if known is not None:
            return known
        rows = await choices.votes(connection, *where, channel.taste_since)
        learnt = [(row.title, features.story_from_bytes(row.features).vector, int(row.balance)) for row in rows]
        return self._tastes.put((*where, tally), taste.learn(learnt))
