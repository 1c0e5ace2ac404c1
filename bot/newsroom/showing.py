"""An answer shown while it is written."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator

from bot.models import Answer
from bot.slack import blocks
from bot.slack.replies import Reply

#: An answer is streamed in pieces of about this many characters: a few words at a time, few calls to Slack.
PIECE = 60


def _pieces(markdown: str) -> Iterator[str]:
    """The text in pieces that end with a word; a link is never cut."""
    piece = ""
    for word in re.findall(r"\[[^\]]*\]\([^)]*\)\S*\s*|\S+\s*|\s+", markdown):
        piece += word
        if len(piece) >= PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


class Streamed:
    """Shows an answer as it grows, in the very words that its message will have."""

    def __init__(self, reply: Reply, question_id: int, be_sure: Callable[[], Awaitable[None]] | None = None) -> None:
        self._reply = reply
        self._question_id = question_id
        self._be_sure = be_sure
        self._shown = ""

    async def show(self, answer: Answer) -> None:
        """Show what is new. An answer that turned out otherwise is left to the message that ends the reply."""
        whole = blocks.answer(answer, self._question_id).markdown
        if not whole.startswith(self._shown):
            return
        if not self._shown and self._be_sure is not None:
            await self._be_sure()
        for piece in _pieces(whole[len(self._shown) :]):
            self._shown += piece
            await self._reply.append(piece)
