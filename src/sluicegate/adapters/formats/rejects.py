"""The rejects file: each rejected row as it stood, with its place, problem and way out."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from sluicegate.registry.native import Fault

PLACE_COLUMNS = ("file", "line", "field", "problem", "way_out")


class RejectsFile:
    """Collects rejected rows of many files; written as one CSV file when closed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._columns: dict[str, None] = {}
        self._spool = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 closed in close

    def add(
        self, file: str, line: int | None, original: Mapping[str, str], faults: Iterable[Fault]
    ) -> None:
        """Enter one rejected row; several faults stand in one row, divided by a bar."""
        self._columns.update(dict.fromkeys(original))
        parts = list(faults)
        place = (
            file,
            "" if line is None else str(line),
            *(" | ".join(getattr(part, name) for part in parts) for name in PLACE_COLUMNS[2:]),
        )
        self._spool.write(json.dumps([dict(original), place]) + "\n")

    def close(self) -> None:
        """Write the file: the original columns first, then the place and what is wrong."""
        self._spool.seek(0)
        columns = [name for name in self._columns if name not in PLACE_COLUMNS]
        with self.path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([*columns, *PLACE_COLUMNS])
            for text in self._spool:
                original, place = json.loads(text)
                writer.writerow([*(original.get(name, "") for name in columns), *place])
        self._spool.close()
