"""People and groups who may change a workspace or a channel, changes that were taken back, and private channels."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manager",
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_manager_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "channel_id", "subject", name=op.f("pk_manager")),
    )
    op.add_column("audit", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channel", sa.Column("is_private", sa.Boolean(), nullable=True))
