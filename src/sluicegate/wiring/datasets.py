"""Tables of models, joined to what reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sluicegate.core.problems import Problem
from sluicegate.services.ports.datasets import TableRead

__all__ = ["read_table", "read_table_file", "write_problems"]


def read_table_file(
    path: Path, name: str | None = None, known_on: date | None = None, source: str = ""
) -> TableRead:
    """Read a table of models from a file: `adapters.datasets.read_snapshot`.

    Raises ProblemsError.
    """
    from sluicegate.adapters.datasets import read_snapshot

    return read_snapshot(path, name, known_on, source)


def read_table(
    raw: bytes,
    file: str,
    name: str | None = None,
    known_on: date | None = None,
    source: str = "",
) -> TableRead:
    """Read a table of models from bytes: `adapters.datasets.read_bytes`. Raises ProblemsError."""
    from sluicegate.adapters.datasets import read_bytes

    return read_bytes(raw, file, name, known_on, source)


def write_problems(problems: Iterable[Problem], path: Path) -> None:
    """Write what was wrong in a table as CSV: file, line, field, problem, way out."""
    from sluicegate.wiring.lists import write_rejects

    write_rejects(problems, path)
