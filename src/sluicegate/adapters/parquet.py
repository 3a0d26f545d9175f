"""How many rows a Parquet file stands for, before anything reads them."""

from __future__ import annotations

from pathlib import Path

import duckdb

LIGHT_ROWS, ROWS_A_BYTE = 10_000_000, 100
"""A file of more rows than the first is refused when it has more than the second for each of its
bytes: 2 kB can stand for 200,000,000 rows that are all alike, which no table of a node is."""


def too_many_rows(file: Path) -> int | None:
    """Return how many rows a file stands for when they are too many for its bytes, else None.

    Raises:
        duckdb.Error: it is no Parquet file.
    """
    with duckdb.connect() as engine:
        said = engine.execute("SELECT num_rows FROM parquet_file_metadata(?)", [_plain(file)])
        rows = sum(int(one[0]) for one in said.fetchall())
    return rows if rows > max(LIGHT_ROWS, ROWS_A_BYTE * file.stat().st_size) else None


def _plain(file: Path) -> str:
    """Return a path in which no sign stands for others."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file))
