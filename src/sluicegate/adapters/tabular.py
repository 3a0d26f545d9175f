"""Rows as a Parquet file, for people who take results into other tools."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb


def csv_to_parquet(text: str) -> bytes:
    """Return CSV rows as a Parquet file, every column as text, so that no digit is lost."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
        source.write_text(text, encoding="utf-8")
        with duckdb.connect() as engine:
            engine.read_csv(str(source), all_varchar=True, header=True).write_parquet(str(target))
        return target.read_bytes()
