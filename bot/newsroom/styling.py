"""How a channel's briefs are written, what the writing costs, and what an answer was made of."""

from __future__ import annotations

from datetime import timedelta

from bot.choices import Writing
from bot.errors import UserError
from bot.models import Actor, Channel
from bot.newsroom.desk import Desk, no_feeds, require_admin
from bot.store import budgets, channels, choices
from bot.writing.budget import MICROS
from bot.writing.extract import STYLES
from bot.writing.prompts import LANGUAGES

#: Readers' votes of this long are counted on App Home.
FEEDBACK_SPAN = timedelta(days=7)


class Styling(Desk):
    """Style and language of a channel's briefs: the next posts have them, those that are up stay as they are."""

    async def style(self, actor: Actor, channel_id: str) -> Channel:
        """How a channel's briefs are written.

        Raises:
            NotFoundError: nothing is set up in that channel.
        """
        async with self._db.read() as connection:
            found = await channels.get(connection, actor.team_id, channel_id)
        if found is None:
            raise no_feeds()
        return found

    async def set_style(self, actor: Actor, channel_id: str, style: str) -> Channel:
        """Choose `one line`, `standard` or `deep`.

        Raises:
            NotAllowedError: the person may not.
            UserError: there is no such style.
        """
        require_admin(actor, channel_id)
        wanted = style_named(style)
        return await self._configure(actor, channel_id, "style", wanted)

    async def set_language(self, actor: Actor, channel_id: str, language: str) -> Channel:
        """Choose the language of a channel's briefs, by its code or English name.

        Raises:
            NotAllowedError: the person may not.
            UserError: there is no such language, or no model that could write it.
        """
        require_admin(actor, channel_id)
        code = language_named(language)
        if code != "en" and self._r.writer_name == "extractive":
            raise UserError(
                f"I can't write {LANGUAGES[code]} yet: without a language model I only quote the articles' own "
                "sentences. Whoever runs me can set OPENAI_API_KEY or OPENAI_BASE_URL; then this works."
            )
        return await self._configure(actor, channel_id, "language", code)

    async def writing(self, actor: Actor) -> Writing:
        """Who writes, today's tokens and money, and the last week's votes.

        Raises:
            NotAllowedError: the person may not see it.
        """
        require_admin(actor, None)
        now = self._clock()
        async with self._db.read() as connection:
            used = await budgets.used(connection, actor.team_id, now.date())
            up, down = await choices.feedback_since(connection, actor.team_id, now - FEEDBACK_SPAN)
        most = self._r.allowance
        return Writing(
            writer=self._r.writer_name,
            used=used.tokens,
            limit=most.tokens,
            dollars=used.micros / MICROS,
            most_dollars=most.micros / MICROS if most.micros is not None else None,
            stopped_at=used.stopped_at,
            up=up,
            down=down,
        )

    async def _configure(self, actor: Actor, channel_id: str, which: str, value: str) -> Channel:
        before = await self.style(actor, channel_id)
        async with self._db.write() as connection:
            await choices.configure(connection, actor.team_id, channel_id, **{which: value})
            await self._record(connection, actor, which, channel_id, {"from": getattr(before, which), "to": value})
        return await self.style(actor, channel_id)


def style_named(text: str) -> str:
    """The style that someone means, by its name or the beginning of it.

    Raises:
        UserError: there is none, with those that there are.
    """
    wanted = " ".join(text.replace("-", " ").casefold().split())
    found = [style for style in STYLES if wanted and style.startswith(wanted)]
    if len(found) != 1:
        raise UserError(f"There are three styles: {', '.join(f'`{style}`' for style in STYLES)}.")
    return found[0]


def language_named(text: str) -> str:
    """The code of the language that someone means, by its code or English name.

    Raises:
        UserError: it is none that is known, with those that are.
    """
    wanted = text.strip().casefold()
    for code, name in LANGUAGES.items():
        if wanted in {code, name.casefold()} or wanted.partition("-")[0] == code:
            return code
    raise UserError(f"I know these languages: {', '.join(f'{name} ({code})' for code, name in LANGUAGES.items())}.")
