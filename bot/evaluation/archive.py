"""Passages that can be searched as the store searches them: the same SQLite word index, the same query, in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Self

from bot.models import Passage

#: As `bot.store.passages.search` has it.
MOST = 60
_TITLE_WEIGHT, _TEXT_WEIGHT = 2.0, 1.0


class Archive:
    """A searchable archive; close it, or use it as a context manager.

    Args:
        passages: what it holds; their ids must differ.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = {one.id: one for one in passages}
        if len(self._passages) != len(passages):
            raise ValueError("two passages have one id")
        self.articles = len({one.article_id for one in passages})
        self._index = sqlite3.connect(":memory:")
        self._index.execute("CREATE VIRTUAL TABLE words USING fts5(title, text, tokenize='porter unicode61')")
        self._index.execute("CREATE TABLE times (id INTEGER PRIMARY KEY, at REAL NOT NULL)")
        with self._index:
            self._index.executemany(
                "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)",
                ((one.id, one.title, one.text) for one in passages),
            )
            self._index.executemany(
                "INSERT INTO times (id, at) VALUES (?, ?)", ((one.id, one.published_at.timestamp()) for one in passages)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back."""
        self._index.close()

    def search(
        self,
        words: Sequence[str],
        *,
        limit: int = MOST,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Passage, ...]:
        """Passages that hold the words, best first: those with all of them, then those with any."""
        clean = [word for word in ("".join(mark for mark in raw if mark.isalnum()) for raw in words) if word]
        if not clean:
            return ()
        found = self._match(" AND ", clean, limit, since, until)
        if len(found) < limit and len(clean) > 1:
            seen = {one.id for one in found}
            found += tuple(one for one in self._match(" OR ", clean, limit, since, until) if one.id not in seen)
        return found[:limit]

    def _match(
        self, joint: str, words: Sequence[str], limit: int, since: datetime | None, until: datetime | None
    ) -> tuple[Passage, ...]:
        rows = self._index.execute(
            f"SELECT words.rowid, -bm25(words, {_TITLE_WEIGHT}, {_TEXT_WEIGHT}) AS score FROM words"  # noqa: S608  # two numbers of ours
            " JOIN times ON times.id = words.rowid WHERE words MATCH ? AND at >= ? AND at < ?"
            " ORDER BY score DESC, at DESC LIMIT ?",
            (
                joint.join(f'"{word}"' for word in words),
                since.timestamp() if since is not None else float("-inf"),
                until.timestamp() if until is not None else float("inf"),
                limit,
            ),
        )
        return tuple(replace(self._passages[number], score=score) for number, score in rows)

    def of_story(self, story_id: int, limit: int = 80) -> tuple[Passage, ...]:
        """All passages of a story's articles."""
        own = (one for one in self._passages.values() if one.story_id == story_id)
        return tuple(sorted(own, key=lambda one: (one.article_id, one.position)))[:limit]
