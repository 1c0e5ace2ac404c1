"""A channel chooses its topics, how much must be checkable, and from when on its votes count."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("least_substance", sa.Float(), server_default="0", nullable=False))
    op.add_column("channel", sa.Column("taste_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "topic",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("is_followed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("muted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "channel_id"],
            ["channel.team_id", "channel.channel_id"],
            name="fk_topic_channel",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("team_id", "channel_id", "name", name=op.f("uq_topic_team_id_channel_id_name")),
    )
