"""The model's money is counted beside its tokens, and when a day's limit stopped it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("budget", sa.Column("micros", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("budget", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
