"""What migrations build tables with: columns, keys, and the triggers that keep history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STAMP = ("sequence", "tenant_id", "recorded_at", "recorded_offset_minutes", "recorded_by")
"""Columns of every row that somebody wrote."""
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def needed(*names: str, type_: Any = None) -> list[sa.Column[Any]]:
    """Return columns that always have a value; text unless told."""
    return [sa.Column(name, type_ or sa.Text(), nullable=False) for name in names]


def optional(*names: str, type_: Any = None) -> list[sa.Column[Any]]:
    """Return columns that may be empty; text unless told."""
    return [sa.Column(name, type_ or sa.Text(), nullable=True) for name in names]


def create(name: str, *parts: Any, unique: Sequence[str] = ()) -> None:
    """Create a table whose rows are ordered as written, with their tenant and instant."""
    unique_key = (
        [sa.UniqueConstraint(*unique, name=f"uq_{name}_{'_'.join(unique)}")] if unique else []
    )
    op.create_table(
        name,
        sa.Column("sequence", SEQUENCE, nullable=False),
        *needed("tenant_id", "recorded_at"),
        *needed("recorded_offset_minutes", type_=sa.SmallInteger()),
        *parts,
        sa.PrimaryKeyConstraint("sequence", name=f"pk_{name}"),
        *unique_key,
    )


def index(name: str, *columns: str) -> None:
    """Create an index named as the models name it."""
    op.create_index(f"ix_{name}_{'_'.join(columns)}", name, list(columns))


def keep(name: str) -> None:
    """Refuse every update and delete of a table: its history is never edited."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name}_keeps BEFORE DELETE OR TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sluicegate_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION sluicegate_refuse()"
        )
        return
    refuse = f"SELECT RAISE(ABORT, '{name}: history is never edited; write a new version')"
    op.execute(f"CREATE TRIGGER {name}_keeps BEFORE DELETE ON {name} BEGIN {refuse}; END")
    op.execute(f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} BEGIN {refuse}; END")


def let_erase(
    name: str, kept: tuple[str, ...], erased: Mapping[str, str], row: str, digest: str
) -> None:
    """Refuse every update of a table but one that empties what an erasure names."""
    is_postgresql = op.get_context().dialect.name == "postgresql"
    same = "IS NOT DISTINCT FROM" if is_postgresql else "IS"
    said = [f"OLD.{column} {same} NEW.{column}" for column in kept]
    said += [f"NEW.{column} {same} {value}" for column, value in erased.items()]
    marked = f" AND NEW.{digest} = 'erased:' || e.digest" if digest else ""
    said.append(
        "EXISTS (SELECT 1 FROM erasures e WHERE e.tenant_id = OLD.tenant_id "
        f"AND e.kept_in = '{name}' AND e.row_id = CAST(OLD.{row} AS TEXT){marked})"
    )
    allowed = " AND ".join(said)
    refusal = f"{name}: history is never edited; write a new version"
    if not is_postgresql:
        op.execute(f"DROP TRIGGER {name}_stays")
        op.execute(
            f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        return
    op.execute(f"DROP TRIGGER {name}_stays ON {name}")
    op.execute(
        f"CREATE FUNCTION sluicegate_erases_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {allowed} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION USING MESSAGE = '{refusal}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name}_stays BEFORE UPDATE ON {name} "
        f"FOR EACH ROW EXECUTE FUNCTION sluicegate_erases_{name}()"
    )
