"""What a question says of many rows: results that rows share, and values of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.fields import FieldSpec
from sluicegate.services.bulk.columns import Numbers

Objects = NDArray[np.object_]
OUTCOME = "outcome"
"""The name of the sentence that says how a row came out, beside the answer's fields."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a row was refused: the path of its first fault, and all faults in words."""

    path: str
    message: str

    @classmethod
    def of(cls, error: BadFactsError) -> Refused:
        """Return a refusal as `ask` shows it."""
        return cls(error.paths[0], str(error))


class Answers:
    """What a question says of each row of a table.

    Rows that took the same path share a result; `echoes` holds what the result
    of a row does not share with others, such as an amount that it gives back.
    """

    def __init__(self, answer: Sequence[FieldSpec], size: int) -> None:
        self.fields = tuple(answer)
        self.size = size
        self._results: list[Mapping[str, Any] | Refused] = []
        self._chosen: Numbers = np.full(size, -1)
        self._echoes: dict[str, Objects] = {}
        self._echoing: dict[str, NDArray[np.bool_]] = {}

    def add(
        self,
        rows: Numbers,
        result: Mapping[str, Any] | Refused,
        echoes: Mapping[str, Objects],
    ) -> None:
        """Note what rows have in common, and their own values by field."""
        self._chosen[rows] = len(self._results)
        self._results.append(result)
        for name, values in echoes.items():
            if name not in self._echoes:
                self._echoes[name] = np.full(self.size, None, object)
                self._echoing[name] = np.zeros(self.size, bool)
            self._echoes[name][rows] = values
            self._echoing[name][rows] = True

    def refusal(self, row: int) -> Refused | None:
        """Return why a row was refused, or None when it was answered."""
        result = self._results[self._chosen[row]]
        return result if isinstance(result, Refused) else None

    def answer(self, row: int) -> dict[str, Any]:
        """Return the answer of a row as JSON values by field, with its outcome if it was wanted.

        Raises LookupError when the row was refused.
        """
        result = self._results[self._chosen[row]]
        if isinstance(result, Refused):
            raise LookupError(f"row {row} was refused: {result.message}")
        own = {name: self._echoes[name][row] for name, rows in self._echoing.items() if rows[row]}
        found = {**result, **own}
        names = [*(part.name for part in self.fields), OUTCOME]
        return {name: found[name] for name in names if name in found}

    def column(self, name: str, render: Callable[[Any], Any]) -> Objects:
        """Return a field (or `outcome`) of every row, rendered; None where a row was refused."""
        shared = [
            render(one[name]) if not isinstance(one, Refused) and name in one else None
            for one in self._results
        ]
        found = objects(shared)[self._chosen]
        if name in self._echoing:
            rows = np.flatnonzero(self._echoing[name])
            found[rows] = objects([render(value) for value in self._echoes[name][rows]])
        return found

    def refusals(self, part: Callable[[Refused], str]) -> Objects:
        """Return a part of each row's refusal; None where a row was answered."""
        shared = [part(r) if isinstance(r, Refused) else None for r in self._results]
        return objects(shared)[self._chosen]

    @property
    def refused_rows(self) -> Numbers:
        """The rows that were refused, in order."""
        refusing = np.array([isinstance(result, Refused) for result in self._results], bool)
        return np.flatnonzero(refusing[self._chosen])


def objects(values: Sequence[Any]) -> Objects:
    """Return values as an array, each as it is."""
    return np.fromiter(values, object, len(values))
