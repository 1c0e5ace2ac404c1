"""Questions that had no answer and shall be answered when one is read: in the same thread, once.

```
watch ─► open ──new article holds its words──► gates ──pass──► due: a question of its own ──► told
           ▲                                      │ no                    │ the writer finds no answer
           └──────────────────────────────────────┴────────────────────────┘
```
The answer goes out as any other: written down as a question, answered by the answering loop, its message looked for
before it is posted again. A watch that fires twice in two processes is one question, by its key.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from bot import tenancy
from bot.errors import DeliveryError, NotAllowedError, SettingsError
from bot.models import Actor, Answer, AnswerState, IncomingQuestion, Replied, WatchState
from bot.newsroom import links
from bot.newsroom.asking import Asking
from bot.newsroom.desk import Resources
from bot.slack import blocks, prompts
from bot.slack.replies import Reply
from bot.store import questions, stories, watches
from bot.writing.answer import Answerer
from bot.writing.meaning import analysed, variants
from bot.writing.names import holds_name
from bot.writing.question import Query, understand

log = structlog.get_logger(__name__)

LATELY = timedelta(days=7)
"""What is older is no news to ask about …"""
MOST_TRIED = 6
"""… and so many headlines are tried for questions that can be answered; each takes some 20 ms."""
LONGEST = 600
"""Characters of a question that is watched for: it is part of a key, which PostgreSQL limits to 2,704 bytes."""
MOST_OPEN = 20
"""Of one person: who wants to be told of more wants a topic."""
#: Articles become searchable nearly in the order of their ids; those of a slow page come a little later.
_OUT_OF_ORDER = 5_000
_TEXT_MOST = 20_000
_WATCH = re.compile(
    r"^\W*(?:yes,? )?(?:please )?(?:watch\b|keep (?:an eye|watching|looking)|let me know"
    r"|(?:tell|ping|notify) me (?:when|once|if|as soon))",
    re.IGNORECASE,
)
_BEGUN = "I'll watch for it for 30 days and tell you here, once, when I read it."
_KNOWN = "I'm watching for it already and will tell you here."
_TOLD = "I have read it since, and told you here."
_LONG = f"I can only watch for questions of up to {LONGEST} characters: please ask it in fewer words."
_NOTHING = "There is nothing here to watch for: ask me something that I don't know yet."


class Awaiting(Asking):
    """Watches for answers that are not there yet."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self._judge = Answerer(vectors=resources.vectors)
        self._looked: set[int] = set()

    async def watch(
        self, team_id: str, channel_id: str, root_ts: str, user_id: str, question: str, *, story_id: int | None = None
    ) -> bool:
        """From now on look for an answer to a question, and tell it in this thread when it is read.

        Returns:
            False: this thread watches for it already.

        Raises:
            NotAllowedError: there is nothing in it to look for, it is declined or too long, or the person has too many.
        """
        if len(question) > LONGEST:
            raise NotAllowedError(_LONG)
        query = understand(question, now=self._clock(), history=await self._said(team_id, channel_id, root_ts))
        if query.decline is not None or not query.surfaces or links.split(question).url is not None:
            raise NotAllowedError(_NOTHING)
        async with self._db.write() as connection:
            if await watches.count_open(connection, team_id, user_id, self._clock()) >= MOST_OPEN:
                raise NotAllowedError(f"You have {MOST_OPEN} watches open: the oldest end after 30 days.")
            made = await watches.add(
                connection,
                team_id=team_id,
                channel_id=channel_id,
                root_ts=root_ts,
                user_id=user_id,
                text=question,
                story_id=story_id,
                now=self._clock(),
            )
        return made is not None

    async def watch_answer(self, actor: Actor, question_id: int, *, on: bool) -> Replied:
        """From now on look for an answer to a question that had none, or look no more; how its message is then.

        Raises:
            NotFoundError: that question is not kept any more.
            NotAllowedError: as `watch`.
        """
        async with self._db.read() as connection:
            row = await questions.get(connection, actor.team_id, question_id)
        if row is not None and on:
            await self.watch(row.team_id, row.channel_id, row.root_ts, actor.user_id, row.text, story_id=row.story_id)
        elif row is not None:
            async with self._db.write() as connection:
                await watches.end(connection, self._clock(), **_key(row))
        return await self.reply_of(actor.team_id, question_id)

    async def reply_of(self, team_id: str, question_id: int) -> Replied:
        """As `Asking.reply_of`, with where the watch for it stands."""
        replied = await super().reply_of(team_id, question_id)
        if replied.watch is None:
            return replied
        async with self._db.read() as connection:
            row = await questions.get(connection, team_id, question_id)
            assert row is not None
            state = await watches.state_of(connection, self._clock(), **_key(row))
        return replace(replied, watch=_SHOWN.get(state or "", WatchState.OFFERED))

    async def suggestions(self, team_id: str) -> tuple[tuple[str, str], ...]:
        """What to suggest to somebody who opens the conversation: (what the button says, what is asked).

        The news of the last days first, if it can be answered out of the archive.
        """
        async with self._db.read() as connection:
            told = await stories.lately_told(connection, team_id, self._clock() - LATELY, MOST_TRIED)
        kept: list[str] = []
        for headline in told:
            question = prompts.about((headline,))[0][1]
            answer = await self.compose(question, team_id=team_id, answerer=self._judge)
            if answer.state is AnswerState.ANSWERED:
                kept.append(headline)
            if len(kept) == prompts.MOST - 1:
                break
        return prompts.about(kept)

    async def watch_due(self) -> int:
        """Look at the articles that were read since the last look; how many there were."""
        now = self._clock()
        async with self._db.read() as connection:
            waiting = await watches.open_ones(connection, now)
            if not waiting:
                return 0
            floor = max(min(row.after_id for row in waiting), max(self._looked, default=0) - _OUT_OF_ORDER)
            new = await watches.read_since(connection, floor, self._looked)
        for row in waiting:
            with tenancy.within(row.team_id):
                await self._look_for(row, [one for one in new if one.id > row.after_id])
        self._looked.update(one.id for one in new)
        self._looked = {number for number in self._looked if number > floor}
        return len(new)

    async def _look_for(self, row: sa.Row[*tuple[Any, ...]], newer: Sequence[sa.Row[*tuple[Any, ...]]]) -> None:
        """Ask a watch's question again if new articles hold its words."""
        said = await self._said(row.team_id, row.channel_id, row.root_ts)
        query = understand(row.text, now=self._clock(), history=said)
        fitting = await asyncio.to_thread(_fitting, query, newer)
        if fitting:
            await self._judge_one(row, fitting)

    async def next_watch_at(self) -> datetime | None:
        """Nothing is due by the clock: articles come when they come."""
        return None

    async def _judge_one(self, row: sa.Row[*tuple[Any, ...]], fitting: frozenset[int]) -> None:
        """Ask the question again; where a new article answers it now, let it be answered in its thread."""
        said = await self._said(row.team_id, row.channel_id, row.root_ts)
        answer = await self.compose(
            row.text, team_id=row.team_id, story_id=row.story_id, history=said, answerer=self._judge
        )
        telling = [source.article_id for source in answer.sources if source.article_id in fitting]
        if answer.state is not AnswerState.ANSWERED or not telling:
            return
        now = self._clock()
        question = IncomingQuestion(
            team_id=row.team_id,
            channel_id=row.channel_id,
            user_id=row.user_id,
            ts=f"watch:{row.id}:{telling[0]}",
            root_ts=row.root_ts,
            text=row.text,
            surface="watch",
            story_id=row.story_id,
        )
        async with self._db.write() as connection:
            if await watches.settle(connection, row.id, state="due", now=now, was=("open",)):
                await questions.add(connection, question, now)
        self.bells.ring("answer")
        log.info("a watch has found something", watch=row.id, article=telling[0])

    async def _answer_in(self, row: sa.Row[*tuple[Any, ...]], reply: Reply) -> None:
        if row.surface != "watch" and _WATCH.search(row.text):
            await self._begin(row, reply)
            return
        await super()._answer_in(row, reply)

    async def _begin(self, row: sa.Row[*tuple[Any, ...]], reply: Reply) -> None:
        """Somebody took the offer: watch for what was last asked in this thread and not known."""
        async with self._db.read() as connection:
            asked = await questions.last_unknown(
                connection, team_id=row.team_id, channel_id=row.channel_id, root_ts=row.root_ts, before_id=row.id
            )
        if asked is None:
            await super()._answer_in(row, reply)
            return
        try:
            begun = await self.watch(
                row.team_id, row.channel_id, row.root_ts, row.user_id, asked.text, story_id=row.story_id
            )
            replied = await self.reply_of(row.team_id, asked.id)
            told = _BEGUN if begun else _TOLD if replied.watch is WatchState.TOLD else _KNOWN
            await self._show_again(replied)
        except NotAllowedError as error:
            told = str(error)
        ts = await reply.fail(told)
        await self._settle(row.id, "answered", None, ts)

    async def _is_to_be_shown(self, row: sa.Row[*tuple[Any, ...]], answer: Answer) -> bool:
        if row.surface != "watch":
            return True
        is_told = answer.state is AnswerState.ANSWERED
        state = "told" if is_told else "open"
        async with self._db.write() as connection:
            await watches.settle(connection, int(row.ts.split(":")[1]), state=state, now=self._clock())
        if is_told:
            await self.show_watch(row)
        return is_told

    async def show_watch(self, row: sa.Row[*tuple[Any, ...]]) -> None:
        """Show under the answer that a watch began at, where there is one, how it stands now."""
        async with self._db.read() as connection:
            unknown = await questions.unknown_in(connection, **_key(row))
        if unknown is not None:
            await self._show_again(await self.reply_of(row.team_id, unknown.id))

    async def _show_again(self, replied: Replied) -> None:
        """Show under an answer how its watch stands now. It is told in the thread anyway, so this may fail."""
        if replied.ts is None:
            return
        try:
            sender = await self.sender_of(replied.team_id)
            message = blocks.reply(replied)
            await sender.update(replied.channel_id, replied.ts, message, delivery_key=f"question:{replied.id}")
        except (DeliveryError, SettingsError) as error:
            log.info("a watch is not shown under its answer", question=replied.id, reason=str(error))

    async def _said(self, team_id: str, channel_id: str, root_ts: str) -> tuple[tuple[str, str], ...]:
        """What was said in a thread so far."""
        async with self._db.read() as connection:
            said = await questions.history(
                connection, team_id=team_id, channel_id=channel_id, root_ts=root_ts, before_id=_NEWEST
            )
        return tuple((links.split(asked).question, told) for asked, told in said)


_NEWEST = 2**62
_SHOWN = {"open": WatchState.OPEN, "due": WatchState.OPEN, "told": WatchState.TOLD}


def _key(row: sa.Row[*tuple[Any, ...]]) -> dict[str, str]:
    """What names a question's watch."""
    return {"team_id": row.team_id, "channel_id": row.channel_id, "root_ts": row.root_ts, "text": row.text}


def _fitting(query: Query, new: Sequence[sa.Row[*tuple[Any, ...]]]) -> frozenset[int]:
    """The articles that hold the question's names and half of its other words: cheap, before the gates."""
    asked = (*query.names, *query.context_names[: 0 if query.names else 1])
    found = set()
    for row in new:
        text = f"{row.title}\n{row.text or row.summary}"[:_TEXT_MOST]
        stems = analysed(text).stems.keys()
        met = [stem for stem in query.surfaces if not variants(stem).isdisjoint(stems)]
        if 2 * len(met) >= len(query.surfaces) and all(holds_name(name, text) for name in asked):
            found.add(row.id)
    return frozenset(found)
