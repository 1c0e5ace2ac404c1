"""What a channel hears of: its topics, mutes, bars, and what its votes have taught. Admins change it, all may look."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.choices import Bars, ChannelChoices, Recent, TopicAdded, TopicChoice
from bot.errors import NotAllowedError, NotFoundError, UserError
from bot.models import Actor, Channel, Relevance, Story
from bot.newsroom.desk import no_feeds, require_admin
from bot.newsroom.ranking import Ranking
from bot.store import channels, choices, stories
from bot.stories import choosing, relevance
from bot.stories.topics import Topic, own

#: So many of a channel's last stories show what a change would have done.
RECENT = 100
#: A new topic is tried on fewer: each is read anew, some milliseconds a story.
TRIED = 40
MUTE_DAYS = 7
MUTE_DAYS_MOST = 365


class Topics(Ranking):
    """The admins' verbs for topics. Each change is written to the audit trail in the same transaction."""

    async def topics(self, actor: Actor, channel_id: str) -> ChannelChoices:
        """What a channel has chosen.

        Raises:
            NotFoundError: nothing is set up in that channel.
        """
        async with self._db.read() as connection:
            channel = await self._channel(connection, actor, channel_id)
            return await self._choices(connection, channel)

    async def add_topic(self, actor: Actor, channel_id: str, text: str) -> TopicAdded:
        """Follow a topic: one that ships, by its name, or the channel's own, a sentence or keywords.

        Raises:
            NotAllowedError: the person may not.
            UserError: the text says nothing, the keywords cannot be understood, or there are too many.
        """
        require_admin(actor, channel_id)
        async with self._db.read() as connection:
            channel = await self._channel(connection, actor, channel_id)
            known = choosing.merged(await choices.topics(connection, channel.team_id, channel_id))
        name = choosing.name_for(text)
        if not name:
            raise UserError("Which topic? A sentence, or keywords: `/tapeout topics add HBM AND (Samsung OR Micron)`.")
        there = next((choice for choice in known if choice.name.casefold() == name.casefold()), None)
        if there is not None:
            again = await self._change(actor, channel, replace(there, is_followed=True, muted_until=None), "follow")
            return TopicAdded(again, None, (), 0, existed=there.is_followed and there.muted_until is None)
        if sum(choice.text is not None for choice in known) >= choosing.OWN_MOST:
            raise UserError(f"{choosing.OWN_MOST} topics of its own are the most for a channel. Remove one first.")
        topic = own(name, text)
        hits, of = await self._tried_on(channel, topic)
        choice = await self._change(actor, channel, TopicChoice(name, text), "follow")
        return TopicAdded(choice, str(topic.keywords) if topic.keywords else None, hits, of, without=topic.without)

    async def remove_topic(self, actor: Actor, channel_id: str, which: str) -> TopicChoice:
        """Stop following a topic; a channel's own is forgotten.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: nothing matches, or several do.
        """
        channel, choice = await self._meant_topic(actor, channel_id, which)
        if choice.text is None:
            return await self._change(actor, channel, replace(choice, is_followed=False, muted_until=None), "unfollow")
        async with self._db.write() as connection:
            before = await self._before(connection, channel, choice.name)
            await choices.remove_topic(connection, channel.team_id, channel_id, choice.name)
            detail = {"topic": choice.name, "text": choice.text, "before": before}
            await self._record(connection, actor, "unfollow", channel_id, detail)
        return choice

    async def mute_topic(self, actor: Actor, channel_id: str, which: str, days: int = MUTE_DAYS) -> TopicChoice:
        """Post nothing for some days whose main topic this is.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: nothing matches, or several do.
            UserError: too many days, or too few.
        """
        if not 1 <= days <= MUTE_DAYS_MOST:
            raise UserError(f"For how many days? 1 to {MUTE_DAYS_MOST}; `/tapeout topics remove` is for good.")
        channel, choice = await self._meant_topic(actor, channel_id, which)
        until = self._clock() + timedelta(days=days)
        return await self._change(actor, channel, replace(choice, muted_until=until), "mute")

    async def unmute_topic(self, actor: Actor, channel_id: str, which: str) -> TopicChoice:
        """Post again what a muted topic held back.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: nothing matches, or several do.
        """
        channel, choice = await self._meant_topic(actor, channel_id, which)
        return await self._change(actor, channel, replace(choice, muted_until=None), "unmute")

    async def mute_topic_of(self, actor: Actor, channel_id: str, story_id: int) -> TopicChoice:
        """Mute the main topic of a story that was posted here.

        Raises:
            NotAllowedError: the person may not.
            NotFoundError: it is not known any more why the story was posted, or the topic is gone.
        """
        if not actor.may(channel_id):
            raise NotAllowedError(
                "Only workspace admins, and people they name, can mute a topic for a whole channel. "
                "Your 👎 counts, though: it teaches me what is wanted here."
            )
        async with self._db.read() as connection:
            judged = await choices.judged(connection, actor.team_id, channel_id, story_id)
        if judged is None or not judged.topics:
            raise NotFoundError("I don't know any more which topic this was posted for. `/tapeout topics` lists them.")
        return await self.mute_topic(actor, channel_id, judged.topics[0])

    async def set_threshold(self, actor: Actor, channel_id: str, threshold: float) -> Bars:
        """How relevant a story must be to be posted, 0 to 1.

        Raises:
            NotAllowedError: the person may not.
            UserError: it is not between 0 and 1.
        """
        return await self._set_bar(actor, channel_id, "threshold", threshold)

    async def set_substance(self, actor: Actor, channel_id: str, least: float) -> Bars:
        """How much of a story must be checkable for it to be posted, 0 to 1; 0 asks for nothing.

        Raises:
            NotAllowedError: the person may not.
            UserError: it is not between 0 and 1.
        """
        return await self._set_bar(actor, channel_id, "least_substance", least)

    async def reset_taste(self, actor: Actor, channel_id: str) -> ChannelChoices:
        """Begin anew with a channel's votes: those given so far do not count any more.

        Raises:
            NotAllowedError: the person may not.
        """
        require_admin(actor, channel_id)
        now = self._clock()
        async with self._db.write() as connection:
            channel = await self._channel(connection, actor, channel_id)
            before = await choices.tally(connection, channel.team_id, channel_id, channel.taste_since)
            await choices.configure(connection, channel.team_id, channel_id, taste_since=now)
            since = channel.taste_since.isoformat() if channel.taste_since else None
            detail = {"up": before.up, "down": before.down, "since": since}
            await self._record(connection, actor, "reset taste", channel_id, detail)
        return await self.topics(actor, channel_id)

    async def _set_bar(self, actor: Actor, channel_id: str, which: str, value: float) -> Bars:
        require_admin(actor, channel_id)
        if not 0.0 <= value <= 1.0:
            raise UserError("That is a number between 0 (everything passes) and 1 (nothing does), such as 0.4.")
        async with self._db.write() as connection:
            before = await self._channel(connection, actor, channel_id)
            found = await choices.recent(connection, before.team_id, channel_id, RECENT)
            await choices.configure(connection, before.team_id, channel_id, **{which: value})
            await self._record(connection, actor, which, channel_id, {"from": getattr(before, which), "to": value})
            after = await self._channel(connection, actor, channel_id)
        recent = Recent(tuple(judged for _, judged in found))
        return Bars(after, _passing(recent, after), len(recent.judged), _passing(recent, before))

    async def _choices(self, connection: AsyncConnection, channel: Channel) -> ChannelChoices:
        where = (channel.team_id, channel.channel_id)
        tally = await choices.tally(connection, *where, channel.taste_since)
        return ChannelChoices(
            channel=channel,
            topics=choosing.merged(await choices.topics(connection, *where)),
            up=tally.up,
            down=tally.down,
            weight=(await self.taste_of(connection, channel)).weight,
            recent=Recent(tuple(judged for _, judged in await choices.recent(connection, *where, RECENT))),
            as_of=self._clock(),
        )

    async def _meant_topic(self, actor: Actor, channel_id: str, which: str) -> tuple[Channel, TopicChoice]:
        require_admin(actor, channel_id)
        async with self._db.read() as connection:
            channel = await self._channel(connection, actor, channel_id)
            known = choosing.merged(await choices.topics(connection, channel.team_id, channel_id))
        return channel, choosing.chosen(known, which)

    async def _change(self, actor: Actor, channel: Channel, choice: TopicChoice, action: str) -> TopicChoice:
        async with self._db.write() as connection:
            before = await self._before(connection, channel, choice.name)
            await choices.save_topic(
                connection,
                choice,
                team_id=channel.team_id,
                channel_id=channel.channel_id,
                created_by=actor.user_id,
                now=self._clock(),
            )
            detail = {"topic": choice.name, "text": choice.text, "before": before}
            await self._record(connection, actor, action, channel.channel_id, detail)
        return choice

    @staticmethod
    async def _before(connection: AsyncConnection, channel: Channel, name: str) -> dict[str, object] | None:
        """What the channel had chosen for a topic, as the trail keeps it; None: nothing."""
        for each in await choices.topics(connection, channel.team_id, channel.channel_id):
            if each.name == name:
                until = each.muted_until.isoformat() if each.muted_until else None
                return {"text": each.text, "is_followed": each.is_followed, "muted_until": until}
        return None

    async def _tried_on(self, channel: Channel, topic: Topic) -> tuple[tuple[str, ...], int]:
        """Titles of the channel's last stories that a topic alone would have let through, and of how many."""
        async with self._db.read() as connection:
            recent = await choices.recent(connection, channel.team_id, channel.channel_id, TRIED)
            found = [await stories.get(connection, story_id) for story_id, _ in recent]
        tried = tuple(story for story in found if story is not None and story.articles)
        judged = await asyncio.to_thread(self._judged_by, tried, topic)
        hits = zip(tried, judged, strict=True)
        return tuple(
            story.title for story, one in hits if one.held is None and choosing.below(one, channel) is None
        ), len(tried)

    def _judged_by(self, tried: tuple[Story, ...], topic: Topic) -> tuple[Relevance, ...]:
        profiles = self.profiles((topic,))
        return tuple(relevance.judge(self.read_story(story), profiles) for story in tried)

    @staticmethod
    async def _channel(connection: AsyncConnection, actor: Actor, channel_id: str) -> Channel:
        found = await channels.get(connection, actor.team_id, channel_id)
        if found is None:
            raise no_feeds()
        return found


def _passing(recent: Recent, channel: Channel) -> int:
    return recent.passing(channel.threshold, channel.least_substance)
