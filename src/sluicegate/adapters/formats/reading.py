"""What an input format is: it recognises a sample, and reads rows in the native columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from sluicegate.adapters.native_rows import Item, Rejected, Row, Skipped
from sluicegate.registry.catalogue import Catalogue

__all__ = [
    "Format",
    "Item",
    "Likelihood",
    "ReadOptions",
    "Rejected",
    "Row",
    "Sample",
    "Shape",
    "Skipped",
    "words",
]


class Shape(Enum):
    """How a file is written, whatever it holds."""

    DELIMITED = "delimited text"
    PARQUET = "Parquet"
    JSON_LINES = "JSON lines"
    JSON = "JSON"
    EXPOSITION = "Prometheus text"


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file: enough to say what it is.

    `head` is at most 64 KiB of text; `columns` is the header, the names of a
    Parquet schema, or the keys of the first JSON line.
    """

    file: Path
    shape: Shape
    columns: tuple[str, ...]
    delimiter: str
    head: str

    @property
    def lower_columns(self) -> Mapping[str, str]:
        """The columns by their names in lower case."""
        return {column.strip().lower(): column for column in self.columns}


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How much a file looks like a format: `matched` of `of` columns; `missing` are required."""

    kind: str
    title: str
    matched: int
    of: int
    missing: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        """Nothing required is missing."""
        return not self.missing and self.matched > 0

    def __str__(self) -> str:
        return f"{self.title} ({self.matched} of {self.of} columns)"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a reader is told beside the file.

    `offset` is a fixed offset such as +01:00 or a zone such as Europe/Berlin
    for times that carry none; `mapping` is the mapping file as read.
    """

    kind: str
    source: str
    catalogue: Catalogue
    offset: str | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text; for lists of names that fill lines."""
    return tuple(text.split())


class Format(Protocol):
    """A file format."""

    @property
    def name(self) -> str:
        """The short name, as results give it."""
        ...

    def looks_like(self, sample: Sample) -> Likelihood:
        """Say how much a sample looks like this format."""
        ...

    def read(self, sample: Sample, options: ReadOptions) -> Iterator[Item]:
        """Yield the file's rows in order; raise ProblemsError when it cannot be read on."""
        ...
