"""A node to take files into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from empty_stores import empty_store
from sluicegate.adapters.formats.inputs import FileInputs, InputSettings
from sluicegate.core.clock import FixedClock
from sluicegate.registry.catalogue import Catalogue
from sluicegate.services.intake import IntakeResult, intake

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Node:
    """A node directory with its store; `take` reads files into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lake = folder / "lake"
        self.store = empty_store(FixedClock(AT), f"sqlite:///{folder}/state.db")

    def take(self, *files: Path, dry_run: bool = False, **settings: Any) -> IntakeResult:
        inputs = FileInputs(InputSettings(self.lake, Catalogue.load(), AT.date(), **settings))
        return intake(files, store=self.store, inputs=inputs, at=AT, by="test", dry_run=dry_run)

    def usage(self, columns: str, order: str = "record_id, segment") -> list[tuple[Any, ...]]:
        """Return columns of what counts in the lake, corrections applied."""
        files = str(self.lake / "usage" / "*" / "*.parquet")
        replaced = sorted((self.lake / "superseded").glob("*/*.parquet"))
        query = f"FROM read_parquet('{files}', hive_types_autocast = false) l"
        if replaced:
            names = [str(file) for file in replaced]
            query += (
                f" ANTI JOIN read_parquet({names}, hive_partitioning = false) s ON"
                " l.source = s.source AND l.record_id = s.record_id AND l.batch = s.replaces"
            )
        if not list((self.lake / "usage").glob("*/*.parquet")):
            return []
        with duckdb.connect() as connection:
            found: list[tuple[Any, ...]] = connection.execute(
                f"SELECT {columns} {query} ORDER BY {order}"
            ).fetchall()
        return found

    def staged_files(self) -> list[Path]:
        """Return what is left of staging: nothing, after any intake."""
        return [path for path in (self.lake / "staging").glob("**/*") if path.is_file()]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    folder = tmp_path / "node"
    folder.mkdir()
    found = Node(folder)
    yield found
    found.store.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file into a folder of the test."""

    def writer(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writer
