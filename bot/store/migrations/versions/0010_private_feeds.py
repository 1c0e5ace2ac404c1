"""What comes from a feed whose address is a secret is for those who follow it, and never told with others' articles."""

import sqlalchemy as sa
from alembic import op

from bot.secrecy import holds_secret

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_feed = sa.table("feed", sa.column("id", sa.BigInteger), sa.column("url", sa.Text), sa.column("is_private", sa.Boolean))


def upgrade() -> None:
    op.add_column("feed", sa.Column("is_private", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("story", sa.Column("private_feed_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_story_private_feed_id"), "story", ["private_feed_id"], unique=False)
    connection = op.get_bind()
    secret = [row.id for row in connection.execute(sa.select(_feed.c.id, _feed.c.url)) if holds_secret(row.url)]
    for feed_id in secret:
        connection.execute(sa.update(_feed).where(_feed.c.id == feed_id).values(is_private=True))
