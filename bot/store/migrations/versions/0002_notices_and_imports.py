"""Notices go to people, too; and a list of feeds is imported without a flood of old articles."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("kind", sa.String(length=10), server_default="channel", nullable=False))
    op.add_column("feed", sa.Column("first_limit", sa.Integer(), nullable=True))
