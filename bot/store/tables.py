"""The tables. Each noun carries its own due time and lease: there is no general job queue.

Every table that belongs to a workspace has `team_id` first in its key; every query on it names the team.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware UTC datetimes in and out; SQLite, which keeps no zone, gets them without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive times: they would mean something else on each machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the store are aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _id() -> sa.Column[int]:
    # SQLite numbers rows by itself only where the key's type is exactly INTEGER.
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)


def _ref(name: str, target: str, **options: Any) -> sa.Column[int]:  # noqa: ANN401  # handed on to Column
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(target, ondelete="CASCADE"), **options)


def _at(name: str, **options: Any) -> sa.Column[datetime]:  # noqa: ANN401  # handed on to Column
    return sa.Column(name, UtcDateTime, **options)


feed = sa.Table(
    "feed",
    metadata,
    _id(),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("site_url", sa.Text),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("body_hash", sa.String(64)),
    _at("next_poll_at", index=True),  # NULL: not polled any more
    _at("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    _at("last_poll_at"),
    _at("last_success_at"),
    _at("last_new_at"),
    _at("failing_since"),
    sa.Column("error_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text),
    sa.Column("moved_to", sa.Text),
    _at("moved_seen_at"),
    sa.Column("hints_json", sa.Text, nullable=False, server_default="{}"),
    sa.Column("first_limit", sa.Integer),  # of its first poll, so many articles are told; NULL: the usual number
    _at("created_at", nullable=False),
)

poll = sa.Table(
    "poll",
    metadata,
    _id(),
    _ref("feed_id", "feed.id", nullable=False),
    _at("at", nullable=False),
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
    _id(),
    _ref("feed_id", "feed.id", nullable=False),
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
    _at("published_at"),
    _at("first_seen_at", nullable=False),
    _at("updated_at"),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),  # what identity decided, and why
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("stage", sa.String(10), nullable=False),  # read, join, done
    _at("due_at"),
    _at("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("features", sa.LargeBinary),
    sa.UniqueConstraint("feed_id", "identity"),
    sa.Index("ix_article_stage_due_at", "stage", "due_at"),
    # A feed's rhythm is read at each poll: from here, not from rows with whole texts in them.
    sa.Index("ix_article_feed_id_first_seen_at_published_at", "feed_id", "first_seen_at", "published_at"),
)

story = sa.Table(
    "story",
    metadata,
    _id(),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("lead_article_id", sa.BigInteger),
    _at("created_at", nullable=False),
    _at("updated_at", nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("told_version", sa.Integer, nullable=False, server_default="0"),  # ranked and handed to delivery
    _at("due_at", index=True),  # when to rank and brief it; NULL: nothing to do
    _at("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("features", sa.LargeBinary),
    sa.Column("related", sa.JSON, nullable=False),
)

story_article = sa.Table(
    "story_article",
    metadata,
    _ref("article_id", "article.id", primary_key=True, autoincrement=False),  # an article is in one story
    _ref("story_id", "story.id", nullable=False, index=True),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    _at("joined_at", nullable=False),
    sa.Column("wire_of", sa.BigInteger),
)

passage = sa.Table(
    "passage",
    metadata,
    _id(),
    _ref("article_id", "article.id", nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    _at("published_at", nullable=False, index=True),
)

brief = sa.Table(
    "brief",
    metadata,
    _id(),
    _ref("story_id", "story.id", nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("style", sa.String(20), nullable=False),
    sa.Column("input_hash", sa.String(64), nullable=False),
    sa.Column("story_version", sa.Integer, nullable=False),
    sa.Column("writer", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    _at("created_at", nullable=False),
    sa.UniqueConstraint("story_id", "language", "style", "input_hash"),
)

team = sa.Table(
    "team",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bot_user_id", sa.String(40), nullable=False),
    _at("created_at", nullable=False),
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
    _at("taste_since"),  # votes before this do not count any more; NULL: all count
    _at("paused_at"),
    sa.Column("state", sa.String(20), nullable=False, server_default="active"),
    # "channel"; or "direct": somebody's direct messages, for notices alone. Then channel_id is the person's id.
    sa.Column("kind", sa.String(10), nullable=False, server_default="channel"),
    _at("created_at", nullable=False),
)

_channel_key = ["channel.team_id", "channel.channel_id"]

topic = sa.Table(
    "topic",
    metadata,
    _id(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    # A channel's own: a sentence or keywords. NULL: one that ships, which is here only because something was changed.
    sa.Column("text", sa.Text),
    sa.Column("is_followed", sa.Boolean, nullable=False, server_default=sa.true()),
    _at("muted_until"),
    sa.Column("created_by", sa.String(40), nullable=False),
    _at("created_at", nullable=False),
    sa.UniqueConstraint("team_id", "channel_id", "name"),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], _channel_key, ondelete="CASCADE", name="fk_topic_channel"),
)

subscription = sa.Table(
    "subscription",
    metadata,
    _id(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    _ref("feed_id", "feed.id", nullable=False, index=True),
    sa.Column("created_by", sa.String(40), nullable=False),
    _at("created_at", nullable=False),
    _at("paused_at"),
    sa.UniqueConstraint("team_id", "channel_id", "feed_id"),
    sa.ForeignKeyConstraint(
        ["team_id", "channel_id"], _channel_key, ondelete="CASCADE", name="fk_subscription_channel"
    ),
)

delivery = sa.Table(
    "delivery",
    metadata,
    _id(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    # What it is, once for each channel: "story:12", "line:12:3" (what changed, in the thread), "intro".
    sa.Column("key", sa.String(80), nullable=False),
    _ref("story_id", "story.id"),
    sa.Column("state", sa.String(12), nullable=False),
    _at("run_at", index=True),  # NULL: nothing to do
    _at("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _at("first_try_at"),
    sa.Column("ts", sa.String(40)),
    _at("sent_at"),
    sa.Column("want_version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("sent_version", sa.Integer),
    sa.Column("reason", sa.Text),
    sa.Column("relevance", sa.Text),
    sa.Column("body", sa.Text),  # for what is not a story's brief: the text to send
    _at("created_at", nullable=False),
    sa.UniqueConstraint("team_id", "channel_id", "key"),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], _channel_key, ondelete="CASCADE", name="fk_delivery_channel"),
    sa.Index("ix_delivery_story_id", "story_id"),
)

lane = sa.Table(
    "lane",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),  # team:channel, or team for the whole workspace
    _at("next_at", nullable=False),
)

thread = sa.Table(
    "thread",
    metadata,
    sa.Column("team_id", sa.String(40), primary_key=True),
    sa.Column("channel_id", sa.String(40), primary_key=True),
    sa.Column("root_ts", sa.String(40), primary_key=True),
    _ref("story_id", "story.id"),  # NULL: a thread in which the bot was asked something
    _at("created_at", nullable=False),
)

question = sa.Table(
    "question",
    metadata,
    _id(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("ts", sa.String(60), nullable=False),
    sa.Column("root_ts", sa.String(40), nullable=False),
    sa.Column("user_id", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("surface", sa.String(20), nullable=False),
    sa.Column("event_id", sa.String(60)),
    sa.Column("story_id", sa.BigInteger),
    # waiting (its thread may become ours), pending, answered, unknown, declined, stopped, failed
    sa.Column("state", sa.String(12), nullable=False),
    _at("due_at", index=True),
    _at("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("answer", sa.Text),
    sa.Column("reply_ts", sa.String(40)),
    _at("created_at", nullable=False),
    _at("finished_at"),
    sa.UniqueConstraint("team_id", "channel_id", "ts"),
    sa.Index("ix_question_team_id_channel_id_root_ts", "team_id", "channel_id", "root_ts"),
)

watch = sa.Table(
    "watch",
    metadata,
    _id(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("root_ts", sa.String(40), nullable=False),
    sa.Column("user_id", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # the question that had no answer
    sa.Column("story_id", sa.BigInteger),  # in whose thread it was asked
    sa.Column("state", sa.String(10), nullable=False, index=True),  # open, due (an answer is on its way), told, ended
    sa.Column("after_id", sa.BigInteger, nullable=False),  # articles up to this one had been read
    _at("created_at", nullable=False),
    _at("ended_at"),
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
    _at("at", nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    _id(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(40), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40)),
    sa.Column("detail", sa.JSON, nullable=False),
    _at("at", nullable=False),
    sa.Index("ix_audit_team_id_at", "team_id", "at"),
)

budget = sa.Table(
    "budget",
    metadata,
    sa.Column("team_id", sa.String(40), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("used", sa.BigInteger, nullable=False, server_default="0"),
)

memory = sa.Table(
    "memory",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),  # what clustering has learnt of the words' frequencies
    sa.Column("value", sa.LargeBinary, nullable=False),
    _at("at", nullable=False),
)

worker = sa.Table(
    "worker",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),  # as leases name their holder
    _at("beat_at", nullable=False),  # PostgreSQL's own time: workers' clocks may differ
)
