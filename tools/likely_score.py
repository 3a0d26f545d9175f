"""Measure what a score of screening means, to choose from which one a match is likely.

Of the labelled pairs it says how many that score at least so much are one party;
of the US list, how many listed names and how many clean names reach it. Real lists
and names come from `../shared/data/screening`; see docs/screening-protocol.md.
`assess.screening.likely_match_score` is the least score, in hundredths, at which
`WANTED` of the pairs of TRAIN and DEV are one; TEST is printed beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
"""Of the pairs that score at least so much, the share that must be one party."""
SCORES = (0.70, 0.80, 0.85, 0.90, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
FEWEST = 20
"""Pairs that must reach a score for a share of them to count."""

Scored = Sequence[tuple[float, bool]]
"""Score, and whether the two are one."""


def pairs_of(*splits: Split) -> Scored:
    """Return the labelled pairs of some splits, scored."""
    return [
        (float(compare(one.left, one.right, one.schema)), one.is_match)
        for one in load_pairs()
        if one.split in splits
    ]


def at_least(scored: Scored, score: float) -> Share:
    """Return how many of those that reach a score are one party."""
    reached = [is_one for found, is_one in scored if found >= score]
    return Share(sum(reached), len(reached))


def likely_from(scored: Scored) -> float | None:
    """Return the least score, in hundredths, from which on the wanted share is one party.

    It must hold at every higher score that `FEWEST` pairs reach as well.
    """
    chosen = None
    for hundredths in range(99, 69, -1):
        found = at_least(scored, hundredths / 100)
        if found.of >= FEWEST:
            if found.value is None or found.value < WANTED:
                break
            chosen = hundredths / 100
    return chosen


def best_scores(index: Index, queries: Sequence[Query]) -> Scored:
    """Return of each name its best score, and whether that is its own entry."""
    found = index.screen(asked(queries), limit=1)
    return [
        (float(each[0].score), each[0].entity_id in query.answers) if each else (0.0, False)
        for query, each in zip(queries, found, strict=True)
    ]


def main() -> int:
    """Print the table and the score that follows from it."""
    learned, held = pairs_of(Split.TRAIN, Split.DEV), pairs_of(Split.TEST)
    us: Part = load_us()
    index = Index.build([one.as_entity() for one in us.parties])
    listed = best_scores(index, us.positives_of(Split.DEV))
    clean = best_scores(index, us.clean_of(Split.DEV))
    rows = [
        (
            f"{score:.2f}",
            *(_said(at_least(one, score)) for one in (learned, held)),
            _said(Share(sum(found >= score and own for found, own in listed), len(listed))),
            _said(Share(sum(found >= score for found, _ in clean), len(clean))),
        )
        for score in SCORES
    ]
    heads = ("score", "one party, TRAIN and DEV", "one party, TEST", "listed", "clean")
    sys.stdout.write("\n".join(table(heads, rows)) + "\n")
    sys.stdout.write(f"likely from: {likely_from(learned)}\n")
    return 0


def _said(share: Share) -> str:
    value = share.value
    return "–" if value is None else f"{share.hits} of {share.of} ({float(value):.3f})"


if __name__ == "__main__":
    sys.exit(main())
