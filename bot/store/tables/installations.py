"""Where the app is installed, for HTTP mode in many workspaces; and what its requests leave behind for a while."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import identity, metadata, moment

installation = sa.Table(
    "installation",
    metadata,
    identity(),
    sa.Column("team_id", sa.String(40), nullable=False, unique=True),  # of an org-wide one: the organisation's id
    sa.Column("enterprise_id", sa.String(40)),
    sa.Column("is_enterprise", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bot_id", sa.String(40), nullable=False),
    sa.Column("bot_user_id", sa.String(40), nullable=False),
    sa.Column("installed_by", sa.String(40)),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("token", sa.Text, nullable=False),  # sealed
    sa.Column("refresh_token", sa.Text),  # sealed; NULL: the app does not rotate tokens
    moment("expires_at"),
    moment("rotate_at", index=True),  # NULL: nothing to do
    moment("lease_until"),
    sa.Column("holder", sa.String(80)),  # the worker that has it in hand
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("trouble", sa.Text),  # why the token could not be rotated
    moment("installed_at", nullable=False),
)

oauth_state = sa.Table(
    "oauth_state",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),  # what was handed out, hashed
    moment("expires_at", nullable=False, index=True),
)

#: Requests of Slack's that were done with, so that one that comes again is not done again.
intake = sa.Table(
    "intake",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    moment("at", nullable=False, index=True),
)
