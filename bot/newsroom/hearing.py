"""What people say of stories and answers: 👍 and 👎."""

from __future__ import annotations

from bot.errors import NotAllowedError
from bot.models import Actor, Judged
from bot.newsroom import links
from bot.newsroom.desk import Desk
from bot.store import questions, votes


class Hearing(Desk):
    """Keeps votes, and shows them to admins."""

    async def feedback(self, actor: Actor, channel_id: str, subject: str, verdict: str) -> None:
        """Keep a 👍 or 👎 on a story or an answer."""
        async with self._db.write() as connection:
            await votes.save(
                connection,
                team_id=actor.team_id,
                channel_id=channel_id,
                user_id=actor.user_id,
                subject=subject,
                verdict=verdict,
                now=self._clock(),
            )

    async def judged(self, actor: Actor, limit: int = 10) -> tuple[Judged, ...]:
        """The answers that were last voted on, newest vote first.

        Raises:
            NotAllowedError: the person may not see what others asked.
        """
        if not actor.is_admin:
            raise NotAllowedError(
                "Only workspace admins, and people they name in TAPEOUT_ADMINS, can see what others asked."
            )
        async with self._db.read() as connection:
            rows = await votes.on_answers(connection, actor.team_id, limit)
        return tuple(
            Judged(
                id=row.id,
                question=row.text,
                answer=questions.as_answer(row.answer),
                asked_at=row.created_at,
                voted_at=row.voted_at,
                up=row.up,
                down=row.down,
                stands_alone=row.story_id is None and not row.before and links.split(row.text).url is None,
            )
            for row in rows
        )
