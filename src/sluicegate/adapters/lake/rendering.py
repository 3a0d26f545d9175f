"""Named statements of metering as the SQL of an engine."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from sluicegate.metering import statements
from sluicegate.metering.statements import DIMENSIONS, KEYS

_PRUNED = {"daily_usage": KEYS, "totals": DIMENSIONS}


@cache
def tree(name: str) -> Any:
    """Return a statement's syntax tree; copy it before changing it."""
    parsed = sqlglot.parse_one(statements.text(name))
    if not isinstance(parsed, exp.Select):
        raise ValueError(f"statement {name!r} is no SELECT; make it one")
    return parsed


def kept(name: str, keep: Collection[str] | None = None) -> Any:
    """Return a fresh tree that keeps apart only some of the statement's keys.

    The other keys become NULL in the answer and leave the grouping, so that the
    columns stay the same. None keeps all. A statement without such keys stays
    as it is.
    """
    pruned = tree(name).copy()
    possible = _PRUNED.get(name, ())
    if keep is None or not possible:
        return pruned
    unknown = sorted(set(keep) - set(possible))
    if unknown:
        raise KeyError(f"statement {name!r} has no key {unknown[0]!r}; choose of {possible}")
    dropped = set(possible) - set(keep)
    for column in list(pruned.expressions):
        if column.alias_or_name in dropped:
            null = exp.cast(exp.null(), "VARCHAR")
            column.replace(exp.alias_(null, column.alias_or_name))
    group = pruned.args["group"]
    remaining = [key for key in group.expressions if key.name not in dropped]
    group.set("expressions", remaining)
    return pruned


def render(name: str, dialect: str, keep: Collection[str] | None = None) -> str:
    """Return a statement in a dialect of sqlglot, e.g. duckdb, spark, postgres."""
    return _rendered(name, dialect, None if keep is None else frozenset(keep))


@lru_cache(maxsize=256)
def _rendered(name: str, dialect: str, keep: frozenset[str] | None) -> str:
    """Render once: to write a statement out takes longer than to run it for one customer."""
    sql: str = kept(name, keep).sql(dialect=dialect, comments=False)
    return sql
