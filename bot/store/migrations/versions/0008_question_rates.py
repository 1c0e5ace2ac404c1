"""How much was asked lately is looked up with each question."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_question_team_id_created_at", "question", ["team_id", "created_at"], unique=False)
