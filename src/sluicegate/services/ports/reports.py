"""The reports that lie on a node, as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file of a report: its name in the report's folder and its size."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ReportMade:
    """A report on the node; `name` is its folder, by default the day it speaks of."""

    name: str
    made_at: datetime
    files: tuple[ReportFile, ...]


class ReportFolder(Protocol):
    """Reads reports; nothing outside their folder is ever opened."""

    def made(self) -> Sequence[ReportMade]:
        """Return the reports, the last made in front."""
        ...

    def read(self, report: str, file: str) -> bytes | None:
        """Return a file of a report; None when there is none of that name."""
        ...
