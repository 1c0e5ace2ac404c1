"""Feeds, their polls, and the articles they brought."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import identity, metadata, moment, reference

feed = sa.Table(
    "feed",
    metadata,
    identity(),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("site_url", sa.Text),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("body_hash", sa.String(64)),
    moment("next_poll_at", index=True),  # NULL: not polled any more
    moment("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    moment("last_poll_at"),
    moment("last_success_at"),
    moment("last_new_at"),
    moment("failing_since"),
    sa.Column("error_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text),
    sa.Column("moved_to", sa.Text),
    moment("moved_seen_at"),
    sa.Column("hints_json", sa.Text, nullable=False, server_default="{}"),
    sa.Column("is_private", sa.Boolean, nullable=False, server_default=sa.false()),  # its address is a secret
    sa.Column("first_limit", sa.Integer),  # of its first poll, so many articles are told; NULL: the usual number
    moment("created_at", nullable=False),
)

poll = sa.Table(
    "poll",
    metadata,
    identity(),
    reference("feed_id", "feed.id", nullable=False),
    moment("at", nullable=False),
    sa.Column("outcome", sa.String(30), nullable=False),  # changed, unchanged, or an error's kind
    sa.Column("elapsed_ms", sa.Integer, nullable=False),
    sa.Column("new", sa.Integer, nullable=False, server_default="0"),
    sa.Column("edited", sa.Integer, nullable=False, server_default="0"),
    sa.Column("why_next", sa.Text),  # why the next poll is when it is
    sa.Index("ix_poll_feed_id_at", "feed_id", "at"),
)

article = sa.Table(
    "article",
    metadata,
    identity(),
    reference("feed_id", "feed.id", nullable=False),
    sa.Column("identity", sa.Text, nullable=False),
    sa.Column("guid", sa.Text),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("canonical_url", sa.Text, nullable=False, index=True),
    sa.Column("url_key", sa.Text),  # the link as identity compares it
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_key", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False, server_default=""),
    sa.Column("content", sa.Text, nullable=False, server_default=""),  # what the feed itself carried, as text
    sa.Column("text", sa.Text, nullable=False, server_default=""),
    sa.Column("text_source", sa.String(20), nullable=False, server_default="feed"),
    sa.Column("text_note", sa.Text),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("language", sa.String(20)),
    sa.Column("image_url", sa.Text),
    moment("published_at"),
    moment("first_seen_at", nullable=False),
    moment("updated_at"),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),  # what identity decided, and why
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("stage", sa.String(10), nullable=False),  # read, join, done
    moment("due_at"),
    moment("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("features", sa.LargeBinary),
    sa.UniqueConstraint("feed_id", "identity"),
    sa.Index("ix_article_stage_due_at", "stage", "due_at"),
    # A feed's rhythm is read at each poll: from here, not from rows with whole texts in them.
    sa.Index("ix_article_feed_id_first_seen_at_published_at", "feed_id", "first_seen_at", "published_at"),
)
