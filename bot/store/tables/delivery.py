"""What goes into channels, and how."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import CHANNEL_KEY, identity, metadata, moment, reference

delivery = sa.Table(
    "delivery",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    # What it is, once for each channel: "story:12", "line:12:3" (what changed, in the thread), "intro".
    sa.Column("key", sa.String(80), nullable=False),
    reference("story_id", "story.id"),
    sa.Column("state", sa.String(12), nullable=False),
    moment("run_at", index=True),  # NULL: nothing to do
    moment("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    moment("first_try_at"),
    sa.Column("ts", sa.String(40)),
    moment("sent_at"),
    sa.Column("want_version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("sent_version", sa.Integer),
    sa.Column("reason", sa.Text),
    sa.Column("relevance", sa.Text),
    sa.Column("body", sa.Text),  # for what is not a story's brief: the text to send
    moment("created_at", nullable=False),
    sa.UniqueConstraint("team_id", "channel_id", "key"),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], CHANNEL_KEY, ondelete="CASCADE", name="fk_delivery_channel"),
    sa.Index("ix_delivery_story_id", "story_id"),
)

lane = sa.Table(
    "lane",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),  # team:channel, or team for the whole workspace
    moment("next_at", nullable=False),
)
