"""Readers of tables of models: Epoch AI's in all their layouts, and the house's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sluicegate.adapters.datasets.reading import read_bytes, read_snapshot
from sluicegate.services.ports.datasets import TableRead

__all__ = ["CsvTables", "read_bytes", "read_snapshot"]


class CsvTables:
    """Implements `services.ports.datasets.TableReader`."""

    def file(
        self, path: Path, name: str | None = None, known_on: date | None = None, source: str = ""
    ) -> TableRead:
        """Read a file."""
        return read_snapshot(path, name, known_on, source)

    def content(
        self,
        raw: bytes,
        file: str,
        name: str | None = None,
        known_on: date | None = None,
        source: str = "",
    ) -> TableRead:
        """Read the bytes of a file that has a name."""
        return read_bytes(raw, file, name, known_on, source)
