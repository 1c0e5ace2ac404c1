"""Workspaces, their channels, and what those follow."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import CHANNEL_KEY, identity, metadata, moment, reference

team = sa.Table(
    "team",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bot_user_id", sa.String(40), nullable=False),
    moment("created_at", nullable=False),
    sa.Column("enterprise_id", sa.String(40)),  # the organisation whose installation it is worked with
    sa.Column("state", sa.String(12), nullable=False, server_default="active"),  # active, revoked, uninstalled
    moment("state_since"),
    moment("delete_at", index=True),  # NULL: it is not to be deleted
)

channel = sa.Table(
    "channel",
    metadata,
    sa.Column("team_id", sa.String(40), sa.ForeignKey("team.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("channel_id", sa.String(40), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.String(20), nullable=False, server_default="en"),
    sa.Column("style", sa.String(20), nullable=False, server_default="standard"),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("least_substance", sa.Float, nullable=False, server_default="0"),
    moment("taste_since"),  # votes before this do not count any more; NULL: all count
    moment("paused_at"),
    sa.Column("state", sa.String(20), nullable=False, server_default="active"),
    # "channel"; or "direct": somebody's direct messages, for notices alone. Then channel_id is the person's id.
    sa.Column("kind", sa.String(10), nullable=False, server_default="channel"),
    sa.Column("is_private", sa.Boolean),  # NULL: Slack was not asked yet
    moment("created_at", nullable=False),
)

topic = sa.Table(
    "topic",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    # A channel's own: a sentence or keywords. NULL: one that ships, which is here only because something was changed.
    sa.Column("text", sa.Text),
    sa.Column("is_followed", sa.Boolean, nullable=False, server_default=sa.true()),
    moment("muted_until"),
    sa.Column("created_by", sa.String(40), nullable=False),
    moment("created_at", nullable=False),
    sa.UniqueConstraint("team_id", "channel_id", "name"),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], CHANNEL_KEY, ondelete="CASCADE", name="fk_topic_channel"),
)

subscription = sa.Table(
    "subscription",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    reference("feed_id", "feed.id", nullable=False, index=True),
    sa.Column("created_by", sa.String(40), nullable=False),
    moment("created_at", nullable=False),
    moment("paused_at"),
    sa.UniqueConstraint("team_id", "channel_id", "feed_id"),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], CHANNEL_KEY, ondelete="CASCADE", name="fk_subscription_channel"),
)

feed_filter = sa.Table(
    "feed_filter",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    reference("subscription_id", "subscription.id", index=True),  # NULL: for every feed of the channel
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_by", sa.String(40), nullable=False),
    moment("created_at", nullable=False),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], CHANNEL_KEY, ondelete="CASCADE", name="fk_feed_filter_channel"),
    sa.Index("ix_feed_filter_team_id_channel_id", "team_id", "channel_id"),
)

manager = sa.Table(
    "manager",
    metadata,
    sa.Column("team_id", sa.String(40), sa.ForeignKey("team.id", ondelete="CASCADE"), primary_key=True),
    # Where they may change things; "": in the whole workspace. No foreign key: it may be named before its first feed.
    sa.Column("channel_id", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(40), primary_key=True),  # a person's or a user group's id
    sa.Column("created_by", sa.String(40), nullable=False),
    moment("created_at", nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(40), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40)),
    sa.Column("detail", sa.JSON, nullable=False),
    moment("at", nullable=False),
    moment("undone_at"),  # when somebody took the change back
    sa.Index("ix_audit_team_id_at", "team_id", "at"),
)

budget = sa.Table(
    "budget",
    metadata,
    sa.Column("team_id", sa.String(40), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("used", sa.BigInteger, nullable=False, server_default="0"),  # tokens
    sa.Column("micros", sa.BigInteger, nullable=False, server_default="0"),  # millionths of a US dollar
    moment("stopped_at"),
)
