"""Rejected rows of one file: the first problems in memory, all of them in a file beside."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from sluicegate.core.problems import Problem
from sluicegate.registry.native import Fault

KEPT_PROBLEMS = 1000
"""So many problems of a file are kept in memory and shown; the rejects file has all."""


class ProblemLog:
    """Collects rejected rows; a million of them take no more memory than a thousand."""

    def __init__(self, file: str, spool: Path) -> None:
        self.file = file
        self.spool = spool
        self.rejected = 0
        self.problem_count = 0
        self._kept: list[Problem] = []
        self._stream = spool.open("w", encoding="utf-8", errors="surrogateescape", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(("line", "field", "problem", "way_out"))

    def reject(self, line: int, faults: Iterable[Fault]) -> None:
        """Enter one rejected row."""
        self.rejected += 1
        for fault in faults:
            self.problem_count += 1
            self._writer.writerow((line, fault.field, fault.problem, fault.way_out))
            if len(self._kept) < KEPT_PROBLEMS:
                problem = Problem(self.file, line, fault.field, fault.problem, fault.way_out)
                self._kept.append(problem)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The kept problems in order of line."""
        return tuple(sorted(self._kept, key=lambda problem: problem.line or 0))

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()
