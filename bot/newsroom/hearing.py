"""What people say of stories and answers: 👍 and 👎."""

from __future__ import annotations

from bot.models import Actor
from bot.newsroom.desk import Desk
from bot.store import questions


class Hearing(Desk):
    """Keeps votes."""

    async def feedback(self, actor: Actor, channel_id: str, subject: str, verdict: str) -> None:
        """Keep a 👍 or 👎 on a story or an answer."""
        async with self._db.write() as connection:
            await questions.save_feedback(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                user_id=actor.user_id,
                subject=subject,
                verdict=verdict,
                now=self._clock(),
            )
