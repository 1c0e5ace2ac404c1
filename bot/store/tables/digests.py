"""When channels hear their news, and the digests that they got."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import CHANNEL_KEY, identity, metadata, moment, reference

rhythm = sa.Table(
    "rhythm",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # a `Rhythm` as JSON
    moment("next_at", nullable=False, index=True),  # its next digest, or when what waits is rolled up
    sa.Column("set_by", sa.String(40), nullable=False),
    moment("set_at", nullable=False),
    sa.UniqueConstraint("team_id", "channel_id"),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], CHANNEL_KEY, ondelete="CASCADE", name="fk_rhythm_channel"),
)

digest = sa.Table(
    "digest",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    sa.Column("channel_id", sa.String(40), nullable=False),
    sa.Column("local_date", sa.Date, nullable=False),
    sa.Column("slot", sa.String(5), nullable=False),  # "08:30": with the day its name, once for each channel
    sa.Column("body", sa.Text, nullable=False),  # a `Digest` as JSON, as it was told
    moment("until", nullable=False),  # the next one tells what comes after
    moment("made_at", nullable=False, index=True),
    sa.UniqueConstraint("team_id", "channel_id", "local_date", "slot"),
    sa.ForeignKeyConstraint(["team_id", "channel_id"], CHANNEL_KEY, ondelete="CASCADE", name="fk_digest_channel"),
)

digest_copy = sa.Table(
    "digest_copy",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False),
    reference("digest_id", "digest.id", nullable=False),
    sa.Column("target", sa.String(16), nullable=False),  # says where without saying how to get in
    sa.Column("state", sa.String(10), nullable=False),  # sending, sent, failed
    sa.Column("reason", sa.Text),
    moment("at", nullable=False),
    sa.UniqueConstraint("digest_id", "target"),
)
