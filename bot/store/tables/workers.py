"""The processes at work, and what they remember for each other."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import metadata, moment

memory = sa.Table(
    "memory",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),  # what clustering has learnt of the words' frequencies
    sa.Column("value", sa.LargeBinary, nullable=False),
    moment("at", nullable=False),
)

worker = sa.Table(
    "worker",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),  # as leases name their holder
    moment("beat_at", nullable=False),  # PostgreSQL's own time: workers' clocks may differ
)
