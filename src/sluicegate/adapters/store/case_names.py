"""Looking for a text anywhere in the names of cases, by an index of three characters each.

A text is in a name only where every three characters of it that follow one another
are; the index gives those names, and the name itself is then compared. A text of one
or two characters is looked for as the beginning of three, so two line ends follow every
name in the index. SQLite keeps the index in an FTS5 table by triggers; PostgreSQL as a
GIN index over an expression, without an extension. Both follow the rows by themselves.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy import table as named_table
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DatabaseError

LENGTH = 3
"""Characters of a part by which names are found."""

INDEX_PARTS = frozenset({"case_names", "case_grams", "case_texts", "ix_cases_names"})
"""Names in the schema that belong to the index; tables of FTS5 itself begin with the first."""

_LAST = "\U0010ffff"
_NOWHERE = '"\x01\x01\x01"'
"""A query that finds nothing."""


def has_text(cases: Table, text: str, dialect: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a folded text stands in the name of a case, by the index."""
    return [_may_have(cases, text, dialect), stands_in(cases, text, dialect)]


def stands_in(cases: Table, text: str, dialect: str) -> ColumnElement[bool]:
    """Return the condition that a folded text stands in the name of a case, by the name alone."""
    place = func.instr if dialect == "sqlite" else func.strpos
    found: ColumnElement[bool] = place(cases.c.name_key, text) > 0
    return found


def index_faults(connection: Connection) -> list[str]:
    """Say whether the index differs from the names. PostgreSQL keeps its indexes true itself."""
    if connection.dialect.name != "sqlite":
        return []
    try:
        connection.exec_driver_sql(
            "INSERT INTO case_names(case_names, rank) VALUES ('integrity-check', 1)"
        )
    except DatabaseError:
        return ["case_names: what texts are looked for in is not the names of the cases"]
    return []


def make_index_anew(connection: Connection) -> None:
    """Make the index from the names as they stand, of every tenant."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO case_names(case_names) VALUES ('rebuild')")
    else:
        connection.exec_driver_sql("REINDEX INDEX ix_cases_names")


def parts_of(text: str) -> tuple[str, ...]:
    """Return the parts of a text, each once; a shorter text is its own part.

    >>> parts_of("banana")
    ('ban', 'ana', 'nan')
    """
    last = max(len(text) - LENGTH, 0)
    return tuple(dict.fromkeys(text[at : at + LENGTH] for at in range(last + 1)))


def _may_have(cases: Table, text: str, dialect: str) -> ColumnElement[bool]:
    """Return the condition that the index gives a case: all that have the text, and few more.

    In SQLite the index is a table that the selection is then from too, so that it is
    read as far as rows are wanted.
    """
    found: ColumnElement[bool]
    if dialect == "sqlite":
        names = named_table("case_names", column("rowid"))
        whole = literal_column("case_names").op("MATCH")(_lite_query(text))
        found = and_(names.c.rowid == cases.c.sequence, whole)
    else:
        query = cast(_postgresql_query(text), postgresql.TSQUERY)
        found = func.sluicegate_grams(cases.c.name_key).op("@@")(query)
    return found


def _lite_query(text: str) -> Any:
    """Return what FTS5 looks for: every part, or any of those that begin with a short text."""
    if len(text) >= LENGTH:
        return " AND ".join('"' + part.replace('"', '""') + '"' for part in parts_of(text))
    grams = named_table("case_grams", column("term"))
    quoted = literal_column("'\"'").concat(func.replace(grams.c.term, '"', '""')).concat('"')
    every = select(func.group_concat(quoted, " OR ")).where(
        grams.c.term >= text, grams.c.term < text + _LAST
    )
    return func.coalesce(every.scalar_subquery(), _NOWHERE)


def _postgresql_query(text: str) -> str:
    """Return what a tsquery looks for, in the same way."""
    parts = [part.replace("\\", "\\\\").replace("'", "''") for part in parts_of(text)]
    ending = "" if len(text) >= LENGTH else ":*"
    return " & ".join(f"'{part}'{ending}" for part in parts)
