"""The files of the usage lake: which there are, and the rows in them that count."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from sluicegate.core.canonical import digest
from sluicegate.metering import statements
from sluicegate.services.ports import LakeError

LAKE_COLUMNS = (
    ("source", "VARCHAR"),
    ("record_id", "VARCHAR"),
    ("segment", "INTEGER"),
    ("day", "DATE"),
    ("start_ms", "BIGINT"),
    ("end_ms", "BIGINT"),
    ("offset_minutes", "SMALLINT"),
    ("duration_ms", "BIGINT"),
    ("customer_id", "VARCHAR"),
    ("account", "VARCHAR"),
    ("cluster_id", "VARCHAR"),
    ("resource_id", "VARCHAR"),
    ("run_id", "VARCHAR"),
    ("team", "VARCHAR"),
    ("state", "VARCHAR"),
    ("accelerator", "VARCHAR"),
    ("accelerators_millionths", "BIGINT"),
    ("utilisation_bp", "INTEGER"),
)
"""The columns of usage in the lake."""


class UsageFiles:
    """The files of a lake folder; `connection` reads which batch replaced rows of which."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self._folder = folder
        self._connection = connection

    def roll_ups(self, batches: Sequence[str]) -> dict[str, Path]:
        """Return the roll-up file of each batch; its name covers all it is made from."""
        replacing = self._replacing(batches)
        made_by = digest(["daily", statements.text("daily_usage")])
        return {
            batch: self._folder
            / "daily"
            / f"{digest([made_by, batch, replacing.get(batch, [])])}.parquet"
            for batch in batches
        }

    def named(self, batches: Sequence[str], kind: str = "usage") -> list[str]:
        """Return the files of batches; raises LakeError when the usage of one is missing."""
        found: list[str] = []
        for batch in batches:
            folder = self._folder / kind / f"batch={batch}"
            if kind == "usage" and not folder.is_dir():
                raise LakeError(
                    f"batch {batch}: its folder {folder} is missing; restore the lake from a backup"
                )
            found += sorted(map(str, folder.glob("*.parquet")))
        return found

    def _replacing(self, batches: Sequence[str]) -> dict[str, list[str]]:
        """Return batch → the batches, among those given, that replaced rows of it."""
        files = self.named(batches, "superseded")
        if not files:
            return {}
        found: dict[str, list[str]] = {}
        with closing(self._connection.cursor()) as cursor:
            pairs = cursor.execute(
                f"SELECT DISTINCT replaces, filename FROM read_parquet({files!r}, filename = true)"
            ).fetchall()
        for replaced, file in sorted(pairs):
            found.setdefault(replaced, []).append(Path(file).parent.name.removeprefix("batch="))
        return found

    def usage_parts(
        self, batches: Sequence[str], known: Sequence[str], part_bytes: int | None = None
    ) -> list[str]:
        """Return SQL for the rows of batches, without those that a known batch replaced.

        Together the parts are all rows. A part reads files of about `part_bytes`
        together, or all files from which nothing was replaced.
        """
        replacing = self._replacing(known)
        columns = ", ".join(name for name, _ in LAKE_COLUMNS)
        plain = self.named([batch for batch in batches if batch not in replacing])
        parts = [
            f"SELECT {columns} FROM read_parquet({files!r})"
            for files in _together(plain, part_bytes)
        ]
        superseded = self.named(known, "superseded")
        for batch in batches:
            files = self.named([batch]) if batch in replacing else []
            if files:
                parts.append(
                    f"SELECT {columns} FROM read_parquet({files!r}) AS u WHERE NOT EXISTS"
                    f" (SELECT 1 FROM read_parquet({superseded!r}) AS s WHERE"
                    f" s.source = u.source AND s.record_id = u.record_id"
                    f" AND s.replaces = {quoted(batch)})"
                )
        typed = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in LAKE_COLUMNS)
        return parts or [f"SELECT {typed} WHERE false"]


def _together(files: Sequence[str], part_bytes: int | None) -> list[list[str]]:
    """Return the files in order, in lists of about a number of bytes."""
    parts: list[list[str]] = []
    size = 0
    for file in files:
        if not parts or (part_bytes is not None and size >= part_bytes):
            parts.append([])
            size = 0
        parts[-1].append(file)
        size += Path(file).stat().st_size
    return parts


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
