"""What reading a file gives: rows in the native columns, skips with a reason, rejects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sluicegate.registry.native import Fault


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text in the columns of a native kind; `original` is what the file said."""

    line: int
    values: Mapping[str, str]
    original: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no input of this kind, with the reason; it is counted."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used, with everything wrong in it."""

    line: int
    original: Mapping[str, str]
    faults: tuple[Fault, ...]


Item = Row | Skipped | Rejected
