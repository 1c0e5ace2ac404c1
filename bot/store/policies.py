"""Row-level security on PostgreSQL: what the migrations leave behind is confined to the workspace that asks.

Each table with a `team_id` gets one policy, forced, so that it holds for the tables' owner too. It is made after the
migrations, for whatever tables are there: a new one cannot be forgotten. A superuser, or a role with BYPASSRLS,
passes by all policies; `is_bypassed` tells.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import lane, metadata, team
from bot.tenancy import EVERYONE

#: The setting that names a transaction's workspace. It is local to the transaction: poolers may share the session.
SETTING = "tapeout.team"
POLICY = "tapeout_team"

# Asked for once in a query, not once in a row.
_ASKED = f"(SELECT current_setting('{SETTING}', true))"


def owners() -> dict[str, str]:
    """For each table with rows of workspaces, the expression that tells whose a row is."""
    found = {table.name: "team_id" for table in metadata.sorted_tables if "team_id" in table.c}
    # A lane's id is the workspace's, with the channel's after a colon.
    return found | {team.name: "id", lane.name: "split_part(id, ':', 1)"}


def apply(connection: sa.Connection) -> tuple[str, ...]:
    """Confine the tables that are not yet; their names."""
    confined = set(
        connection.execute(
            sa.text(
                "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
                " AND relrowsecurity AND relforcerowsecurity"
            )
        ).scalars()
    )
    made = []
    for name, owner in owners().items():
        if name in confined:
            continue
        condition = f"{_ASKED} = '{EVERYONE}' OR {owner} = {_ASKED}"
        for statement in (
            f'DROP POLICY IF EXISTS {POLICY} ON "{name}"',
            f'CREATE POLICY {POLICY} ON "{name}" USING ({condition}) WITH CHECK ({condition})',
            f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY',
        ):
            connection.exec_driver_sql(statement)
        made.append(name)
    return tuple(made)


#: The driver's own statement that names a transaction's workspace: it is sent with every one.
CONFINE = f"SELECT set_config('{SETTING}', %s, true)"


def is_bypassed() -> sa.Select[bool]:
    """The statement that asks whether this role passes by all policies."""
    roles = sa.table("pg_roles", sa.column("rolname"), sa.column("rolsuper"), sa.column("rolbypassrls"))
    passes = sa.or_(roles.c.rolsuper, roles.c.rolbypassrls)
    return sa.select(sa.type_coerce(passes, sa.Boolean)).where(
        roles.c.rolname == sa.literal_column("current_user", sa.String)
    )
