"""What measures say together that none of them says alone, from a table of questions.

One word misspelt in a long rare name and one word of another party in a short common
one may have the same sums: only together do length, slips and rarity tell them apart.
The table has groups of questions, each "is this measure above that edge?"; the answers
of a group name a figure, in thousandths of a natural log-odd, that is added. Where a
measure may only raise, a greater amount never lowers the sum, so the greatest sum of a
pair follows from its greatest amounts. `tools/train_screening.py` fits the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sluicegate.screening.likeness import Floats, Ints
from sluicegate.screening.vocabulary import read_bytes

FILE = "interplay.txt"
THOUSANDTHS = 1000
_ROWS_AT_ONCE = 2_048
"""So many pairs are asked at once: all questions of 2,000 pairs take some ten megabytes."""


@dataclass(frozen=True)
class Interplay:
    """Groups of as many questions each: `places` of measures, `edges`, and figures.

    `places` and `edges` are groups by questions, `figures` groups by answers. Answer
    `n` is that of pairs whose amount is above the edge of question `k` where bit `k`
    of `n` is set.
    """

    measures: tuple[str, ...]
    places: NDArray[np.intp]
    edges: Floats
    figures: NDArray[np.int32]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the table: a group a line, `measure>edge …: figure …`."""
        questions: list[list[list[str]]] = []
        figures: list[list[int]] = []
        for line in text.splitlines():
            if line and not line.startswith("#"):
                asked, told = line.split(":")
                questions.append([one.split(">") for one in asked.split()])
                figures.append([int(one) for one in told.split()])
        measures = tuple(sorted({name for group in questions for name, _ in group}))
        places = [[measures.index(name) for name, _ in group] for group in questions]
        edges = [[float(edge) for _, edge in group] for group in questions]
        return cls(measures, np.array(places), np.array(edges), np.array(figures, dtype=np.int32))

    def odds(self, measured: Mapping[str, Floats], rows: Ints) -> Floats:
        """Return what some pairs gain, in natural log-odds; whole numbers are added up."""
        found = np.zeros(len(rows), dtype=np.int64)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            amounts = np.stack([measured[name][some] for name in self.measures], axis=1)
            found[start : start + len(some)] = self._told(amounts).sum(axis=1, dtype=np.int64)
        return found / THOUSANDTHS

    def _told(self, amounts: Floats) -> NDArray[np.int32]:
        """Return the figure of every group, a row a pair."""
        answer = np.zeros((len(amounts), len(self.places)), dtype=np.intp)
        for question in range(self.places.shape[1]):
            is_above = amounts[:, self.places[:, question]] > self.edges[:, question]
            answer |= is_above.astype(np.intp) << question
        return self.figures[np.arange(len(self.places)), answer]

    def shares(self, measured: Mapping[str, Floats], row: int) -> tuple[float, Mapping[str, float]]:
        """Return what one pair gains whatever it is, and what each measure adds to that.

        Before a question is answered its group stands at the mean of the figures that
        are still open; what the answer moves belongs to the measure asked about.
        """
        amounts = np.array([measured[name][row] for name in self.measures])
        is_above = (amounts[self.places] > self.edges).astype(np.intp)
        groups = np.arange(len(self.places))
        left: Floats = self.figures / THOUSANDTHS
        now = left.mean(axis=1)
        start = float(now.sum())
        added = np.zeros(len(self.measures))
        for question in reversed(range(self.places.shape[1])):
            left = left.reshape(len(groups), 2, -1)[groups, is_above[:, question]]
            then = left.mean(axis=1)
            np.add.at(added, self.places[:, question], then - now)
            now = then
        return start, dict(zip(self.measures, added.tolist(), strict=True))


def written(groups: Sequence[tuple[Sequence[tuple[str, float]], Sequence[int]]]) -> str:
    """Return groups of (measure, edge) with their figures as the table holds them."""
    lines = [
        f"{' '.join(f'{name}>{edge:g}' for name, edge in questions)}: "
        f"{' '.join(str(one) for one in figures)}"
        for questions, figures in groups
    ]
    return "\n".join(lines) + "\n"


@cache
def interplay() -> Interplay:
    """Return the table that the package carries, read once."""
    return Interplay.read(read_bytes(FILE).decode("ascii"))
