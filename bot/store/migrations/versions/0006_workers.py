"""Workers show that they live, and leases say whose they are: what a dead one held is taken up within half a minute."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    for name in ("feed", "article", "story", "delivery", "question"):
        op.add_column(name, sa.Column("holder", sa.String(length=80), nullable=True))
