"""What was withheld is judged again when a channel opens up: after an unmute, a follow, a filter less, a lower bar.

```
choice changed ─► stories withheld in the last day ─► judged as now ─► the best that pass are due again ─► told as any
```
The row that says "withheld" goes, and the story is due, in one transaction: whoever tells it then asks the channel's
rhythm, as for every story. Nothing is told twice: only what was never told has such a row.
"""

from __future__ import annotations

from datetime import timedelta

from bot.models import Actor, Channel
from bot.newsroom.ranking import Looked
from bot.newsroom.telling import Telling
from bot.store import channels, deliveries, stories
from bot.stories import choosing

#: What was withheld longer ago is no news any more.
RETOLD_SINCE = timedelta(days=1)
#: The newest so many are judged, some milliseconds each …
JUDGED_MOST = 60
#: … and the best so many are told: a change of mind should not flood a channel.
RETOLD_MOST = 10


class Retelling(Telling):
    """Judges again."""

    async def judge_again(self, actor: Actor, channel_id: str) -> int:
        """Tell what was withheld lately and passes now; how many stories that is."""
        now = self._clock()
        async with self._db.read() as connection:
            channel = await channels.get(connection, actor.team_id, channel_id)
            if channel is None or channel.paused_at is not None or channel.state != "active":
                return 0
            held = await deliveries.withheld_since(
                connection, actor.team_id, channel_id, now - RETOLD_SINCE, JUDGED_MOST
            )
        scored = [
            (score, story_id) for story_id in held if (score := await self._passes(story_id, channel)) is not None
        ]
        best = [story_id for _, story_id in sorted(scored, reverse=True)[:RETOLD_MOST]]
        told = 0
        async with self._db.write() as connection:
            for story_id in best:
                if await deliveries.forget_withheld(connection, actor.team_id, channel_id, story_id):
                    await stories.due_again(connection, story_id, now)
                    told += 1
        self.bells.ring("tell")
        return told

    async def _passes(self, story_id: int, channel: Channel) -> float | None:
        """A story's relevance in a channel as it is now; None: it is still withheld there, or nobody follows it."""
        async with self._db.read() as connection:
            story = await stories.get(connection, story_id)
            if story is None or not story.articles:
                return None
            wanting = {(where.team_id, where.channel_id) for where in await self._wanting(connection, story)}
            if (channel.team_id, channel.channel_id) not in wanting:
                return None
            looked = Looked(self, story)
            ranked = await self.rank_for(connection, looked, channel)
            held = ranked.held or choosing.below(ranked, channel) or await self.kept_out(connection, looked, channel)
        return None if held else ranked.score
