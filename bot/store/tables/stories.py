"""Stories, the passages that are searched, and briefs."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import identity, metadata, moment, reference

story = sa.Table(
    "story",
    metadata,
    identity(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("lead_article_id", sa.BigInteger),
    moment("created_at", nullable=False),
    moment("updated_at", nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("told_version", sa.Integer, nullable=False, server_default="0"),  # ranked and handed to delivery
    moment("due_at", index=True),  # when to rank and brief it; NULL: nothing to do
    moment("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("features", sa.LargeBinary),
    sa.Column("related", sa.JSON, nullable=False),
    sa.Column("private_feed_id", sa.BigInteger, index=True),  # all its articles are of this private feed; NULL: shared
)

story_article = sa.Table(
    "story_article",
    metadata,
    reference("article_id", "article.id", primary_key=True, autoincrement=False),  # an article is in one story
    reference("story_id", "story.id", nullable=False, index=True),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    moment("joined_at", nullable=False),
    sa.Column("wire_of", sa.BigInteger),
)

passage = sa.Table(
    "passage",
    metadata,
    identity(),
    reference("article_id", "article.id", nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    moment("published_at", nullable=False, index=True),
)

brief = sa.Table(
    "brief",
    metadata,
    identity(),
    reference("story_id", "story.id", nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("style", sa.String(20), nullable=False),
    sa.Column("input_hash", sa.String(64), nullable=False),
    sa.Column("story_version", sa.Integer, nullable=False),
    sa.Column("writer", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    moment("created_at", nullable=False),
    sa.UniqueConstraint("story_id", "language", "style", "input_hash"),
)
