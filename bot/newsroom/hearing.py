"""What people say that is no question: 👍 and 👎, and greetings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bot.errors import NotAllowedError
from bot.models import Actor, Channel, Judged
from bot.newsroom import links
from bot.newsroom.privacy import Privacy
from bot.store import channels, installations, questions, votes


class Hearing(Privacy):
    """Keeps votes, and shows them to admins; knows which greetings were answered."""

    async def first_time(self, team_id: str, what: str) -> bool:
        """Whether no process has heard of this yet; it is known from here on, for longer than Slack repeats things.

        For replies to what asks nothing (a greeting, an invitation): it is written down before the reply goes out, so
        that comes at most once. A crash in between leaves somebody without a hello; two would look broken.
        """
        name = hashlib.sha256(f"{team_id}:{what}".encode()).hexdigest()
        async with self._db.write() as connection:
            return await installations.take(connection, f"heard:{name}", self._clock())

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
        """The answers that were last voted on, newest vote first; of channels that the person may see.

        Raises:
            NotAllowedError: the person may not see what others asked.
        """
        if not actor.is_admin:
            raise NotAllowedError("Only workspace admins, and people they name, can see what others asked.")
        async with self._db.read() as connection:
            rows = await votes.on_answers(connection, actor.team_id, limit)
        shown = await self._shown_to(actor, {row.channel_id for row in rows})
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
            if row.channel_id in shown
        )

    async def _shown_to(self, actor: Actor, channel_ids: Iterable[str]) -> frozenset[str]:
        """The channels whose questions somebody may see; what was asked in a direct message stays there."""
        known = []
        for channel_id in channel_ids:
            if actor.sees_all or not channel_id.startswith("D"):
                async with self._db.read() as connection:
                    found = await channels.get(connection, actor.team_id, channel_id)
                known.append(found or Channel(actor.team_id, channel_id, channel_id))
        return await self.visible(actor, known)
