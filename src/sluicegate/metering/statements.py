"""The named statements of metering: what they are called, read and need.

Each is one SELECT in a portable subset of SQL, kept as package data
(`metering/sql/NAME.sql`) for an auditor to read. An engine adapter renders it
for its dialect and runs it over the relations that it names:

* `usage`: the rows of the lake, without those that a later batch replaced;
* `daily`: the rows of `daily_usage`, from a roll-up or made on the spot;
* any other: a small `Relation` among the parameters.

Parameters that are no `Relation` are bound by name (`:first_day`). Two more
names steer what is grouped and are bound nowhere: `keys`, the lake columns that
`daily` has to keep apart, and `dimensions`, the columns a statement has to keep
apart in its answer; any other of `KEYS` and `DIMENSIONS` is NULL there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

KEYS = ("source", "customer_id", "account", "cluster_id", "run_id", "team")
"""Lake columns that `daily` can keep apart, besides the day and the accelerator.

`source` only tells accounts apart: an engine may leave it NULL where every row
has a customer and none has an account.
"""

DIMENSIONS = (
    "customer",
    "customer_group",
    "account",
    "run",
    "cluster",
    "region",
    "accelerator",
    "team",
)
"""Columns that `totals` can keep apart, besides the window."""

FIRST_DAY = date.min
END_DAY = date.max


class ColumnType(Enum):
    """The types that a small relation may have."""

    TEXT = "VARCHAR"
    DAY = "DATE"
    INTEGER = "BIGINT"
    EXACT = "DECIMAL(38, 0)"


@dataclass(frozen=True, slots=True)
class Relation:
    """A small table that goes with a statement: column name → type, and rows in that order."""

    columns: tuple[tuple[str, ColumnType], ...]
    rows: Sequence[tuple[Any, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]], **columns: ColumnType) -> Relation:
        """Return a relation of rows whose values stand in the order of the columns."""
        return cls(tuple(columns.items()), tuple(rows))


@cache
def names() -> tuple[str, ...]:
    """Return the names of all statements, in order."""
    folder = resources.files("sluicegate.metering").joinpath("sql")
    return tuple(
        sorted(
            file.name.removesuffix(".sql")
            for file in folder.iterdir()
            if file.name.endswith(".sql")
        )
    )


@cache
def text(name: str) -> str:
    """Return a statement as it is written.

    >>> text("used_accelerators").splitlines()[0]
    '-- Which accelerators were used on which legal days: the pairs that need a rate.'
    """
    if name not in names():
        raise KeyError(f"statement {name!r} does not exist; choose one of {', '.join(names())}")
    file = resources.files("sluicegate.metering").joinpath("sql", f"{name}.sql")
    return file.read_text(encoding="utf-8")
