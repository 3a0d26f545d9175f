"""Measure what a score of screening means, to choose from which one a match is likely.

A match is likely from the least score, in thousandths, at which `WANTED` of the
alerts of a node would be right, if one customer in `ONE_IN` is listed: as many
listed names of DEV reach the score with their own entry, and as many clean names
with any. Names of TEST and the labelled pairs stand beside it. Real lists and
names come from `../shared/data/screening`; see docs/screening-protocol.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "support"))

from screening_sets import Part, Query, Split, load_pairs, load_us  # noqa: E402
from screening_sides import asked  # noqa: E402
from sluicegate.screening import Index, compare  # noqa: E402
from sluicegate.services.screening.validation.shares import Share  # noqa: E402
from writing import table  # noqa: E402

WANTED = Fraction(19, 20)
"""The share of alerts that must be right."""
ONE_IN = 200
"""Of so many customers one is listed, as in the test of a list's change."""
SCORES = (0.70, 0.80, 0.90, 0.95, 0.97, 0.972, 0.98, 0.99)


@dataclass(frozen=True)
class Measured:
    """Best scores of a split: of listed names with their own entry, of clean names with any.

    `pairs` are the scores of labelled pairs, and whether the two are one.
    """

    listed: Sequence[float]
    clean: Sequence[float]
    pairs: Sequence[tuple[float, bool]]

    def listed_at(self, score: float) -> Share:
        """Return how many listed names reach a score."""
        return Share(sum(one >= score for one in self.listed), len(self.listed))

    def clean_at(self, score: float) -> Share:
        """Return how many clean names reach it."""
        return Share(sum(one >= score for one in self.clean), len(self.clean))

    def pairs_at(self, score: float) -> Share:
        """Return how many of the pairs that reach it are one party."""
        reached = [is_one for found, is_one in self.pairs if found >= score]
        return Share(sum(reached), len(reached))

    def right_at(self, score: float) -> Fraction:
        """Return the share of a node's alerts of at least a score that would be right."""
        listed = (self.listed_at(score).value or Fraction(0)) / ONE_IN
        clean = (self.clean_at(score).value or Fraction(0)) * (1 - Fraction(1, ONE_IN))
        return listed / (listed + clean) if listed + clean else Fraction(0)


def likely_from(measured: Measured) -> float | None:
    """Return the least score, in thousandths, from which on enough of the alerts are right."""
    chosen = None
    for thousandths in range(999, 699, -1):
        if measured.right_at(thousandths / 1000) < WANTED:
            break
        chosen = thousandths / 1000
    return chosen


def measure(us: Part, index: Index, split: Split) -> Measured:
    """Screen the names of a split, and compare its pairs."""
    listed = us.positives_of(split)
    own = _best(index, listed, [one.answers for one in listed])
    clean = _best(index, us.clean_of(split), None)
    pairs = [
        (float(compare(one.left, one.right, one.schema)), one.is_match)
        for one in load_pairs()
        if one.split is split
    ]
    return Measured(own, clean, pairs)


def _best(
    index: Index, queries: Sequence[Query], right: Sequence[frozenset[str]] | None
) -> list[float]:
    """Return each name's best score; 0 where it is not that of a right entry."""
    scores = []
    for number, found in enumerate(index.screen(asked(queries), limit=1)):
        is_right = bool(found) and (right is None or found[0].entity_id in right[number])
        scores.append(float(found[0].score) if is_right else 0.0)
    return scores


def main() -> int:
    """Print the table and the score that follows from it."""
    us = load_us()
    index = Index.build([one.as_entity() for one in us.parties])
    dev, test = measure(us, index, Split.DEV), measure(us, index, Split.TEST)
    rows = [
        (
            f"{score:.3f}",
            *(f"{one.hits} of {one.of:,}" for one in (dev.listed_at(score), dev.clean_at(score))),
            f"{float(dev.right_at(score)):.3f}",
            *(f"{one.hits} of {one.of:,}" for one in (test.listed_at(score), test.clean_at(score))),
            f"{float(test.right_at(score)):.3f}",
            *(f"{one.hits} of {one.of}" for one in (dev.pairs_at(score), test.pairs_at(score))),
        )
        for score in SCORES
    ]
    heads = (
        *("score", "listed, DEV", "clean, DEV", "right, DEV"),
        *("listed, TEST", "clean, TEST", "right, TEST", "pairs, DEV", "pairs, TEST"),
    )
    sys.stdout.write("\n".join(table(heads, rows)) + "\n")
    sys.stdout.write(f"algorithm: {index.algorithm}\nlikely from: {likely_from(dev)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
