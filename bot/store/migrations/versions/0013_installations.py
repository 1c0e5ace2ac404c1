"""The app is installed in many workspaces, each with its own token; one that goes is deleted within the hour."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("enterprise_id", sa.String(length=40), nullable=True),
        sa.Column("is_enterprise", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bot_id", sa.String(length=40), nullable=False),
        sa.Column("bot_user_id", sa.String(length=40), nullable=False),
        sa.Column("installed_by", sa.String(length=40), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires_at", _MOMENT, nullable=True),
        sa.Column("rotate_at", _MOMENT, nullable=True),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("installed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("team_id", name=op.f("uq_installation_team_id")),
    )
    op.create_index(op.f("ix_installation_rotate_at"), "installation", ["rotate_at"], unique=False)
    op.create_table(
        "oauth_state",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_state")),
    )
    op.create_index(op.f("ix_oauth_state_expires_at"), "oauth_state", ["expires_at"], unique=False)
    op.create_table(
        "intake",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
    )
    op.create_index(op.f("ix_intake_at"), "intake", ["at"], unique=False)
    op.add_column("team", sa.Column("enterprise_id", sa.String(length=40), nullable=True))
    op.add_column("team", sa.Column("state", sa.String(length=12), server_default="active", nullable=False))
    op.add_column("team", sa.Column("state_since", _MOMENT, nullable=True))
    op.add_column("team", sa.Column("delete_at", _MOMENT, nullable=True))
    op.create_index(op.f("ix_team_delete_at"), "team", ["delete_at"], unique=False)
