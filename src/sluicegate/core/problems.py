"""Problems in input are collected, each with its place and a way out; only a bug raises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place.

    `line` counts from 1 and is the line on which the record begins; `field` is
    empty when the whole line or file is meant.
    """

    file: str
    line: int | None
    field: str
    problem: str
    way_out: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.problem}; {self.way_out}"


class ProblemsError(ValueError):
    """Input that cannot be used at all, with everything found wrong in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
