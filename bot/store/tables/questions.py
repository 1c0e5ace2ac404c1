"""Threads, questions, and what people said of the answers."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import identity, metadata, moment, reference

thread = sa.Table(
    "thread",
    metadata,
    sa.Column("team_id", sa.String(40), primary_key=True),
    sa.Column("channel_id", sa.String(40), primary_key=True),
    sa.Column("root_ts", sa.String(40), primary_key=True),
    reference("story_id", "story.id"),  # NULL: a thread in which the bot was asked something
    moment("created_at", nullable=False),
)

question = sa.Table(
    "question",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("ts", sa.String(60), nullable=False),
    sa.Column("root_ts", sa.String(40), nullable=False),
    sa.Column("user_id", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("surface", sa.String(20), nullable=False),
    sa.Column("event_id", sa.String(60)),
    sa.Column("story_id", sa.BigInteger),
    # waiting (its thread may become ours), pending, answered, unknown, declined, stopped, limited, failed
    sa.Column("state", sa.String(12), nullable=False),
    moment("due_at", index=True),
    moment("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("answer", sa.Text),
    sa.Column("reply_ts", sa.String(40)),
    moment("created_at", nullable=False),
    moment("finished_at"),
    sa.UniqueConstraint("team_id", "channel_id", "ts"),
    sa.Index("ix_question_team_id_channel_id_root_ts", "team_id", "channel_id", "root_ts"),
    sa.Index("ix_question_team_id_created_at", "team_id", "created_at"),  # how much was asked lately
)

watch = sa.Table(
    "watch",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("root_ts", sa.String(40), nullable=False),
    sa.Column("user_id", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # the question that had no answer
    sa.Column("story_id", sa.BigInteger),  # in whose thread it was asked
    sa.Column("state", sa.String(10), nullable=False, index=True),  # open, due (an answer is on its way), told, ended
    sa.Column("after_id", sa.BigInteger, nullable=False),  # articles up to this one had been read
    moment("created_at", nullable=False),
    moment("ended_at"),
    sa.UniqueConstraint("team_id", "channel_id", "root_ts", "text"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("team_id", sa.String(40), primary_key=True),
    sa.Column("channel_id", sa.String(40), primary_key=True),
    sa.Column("user_id", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(60), primary_key=True),  # "story:12" or "question:7"
    sa.Column("verdict", sa.String(4), nullable=False),
    moment("at", nullable=False),
)
