"""What is counted in the screening benchmark: plain functions over scores."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from screening_sets import Pair, Query

FALSE_ALERTS = 0.01
"""The share of clean names that may raise an alert where recall is read."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry of the list that a side gave for a name, and its score from 0 to 1."""

    entity_id: str
    score: float


Matches = Sequence[Match]
"""What a side gave for one name, best first."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Of names that ought to be found: how many, the share found, and the right entry given.

    `found` asks for a score at or above the threshold; `in_ten` and `in_all` ask
    whether the right entry was among the ten best and among all that were given.
    """

    asked: int
    found: float
    in_ten: float
    in_all: float

    @property
    def error(self) -> float:
        """One standard error of the share found."""
        return math.sqrt(self.found * (1 - self.found) / self.asked) if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class F1:
    """Of labelled pairs at one threshold: harmonic mean of precision and recall."""

    threshold: float
    precision: float
    recall: float

    @property
    def value(self) -> float:
        """The mean; 0 where nothing was found."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which a share lies, between neighbours in proportion.

    >>> quantile([1.0, 2.0, 3.0, 4.0, 5.0], 0.5), quantile([0.0, 1.0], 0.75)
    (3.0, 0.75)
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    steps = [*pairwise(ordered), (ordered[-1], ordered[-1])]
    return steps[low][0] + (steps[low][1] - steps[low][0]) * (place - low)


def tops(given: Iterable[Matches]) -> list[float]:
    """Return the best score for each name; 0 where nothing was given."""
    return [matches[0].score if matches else 0.0 for matches in given]


def threshold_of(clean: Iterable[Matches]) -> float:
    """Return the score that one clean name in a hundred reaches."""
    return quantile(tops(clean), 1 - FALSE_ALERTS)


def share_alerted(clean: Sequence[Matches], threshold: float) -> float:
    """Return the share of clean names with a score at or above a threshold."""
    return sum(top >= threshold for top in tops(clean)) / len(clean)


def alerts_per_thousand(clean: Sequence[Matches], threshold: float) -> float:
    """Return how many entries are at or above a threshold, for a thousand clean names."""
    return 1000 * sum(one.score >= threshold for each in clean for one in each) / len(clean)


def right_score(query: Query, matches: Matches) -> tuple[float, int] | None:
    """Return the score and the place of the best right entry, or None where none was given."""
    for place, one in enumerate(matches):
        if one.entity_id in query.answers:
            return one.score, place
    return None


def recall_of(queries: Sequence[Query], given: Sequence[Matches], threshold: float) -> Recall:
    """Count what was found of names that ought to be."""
    found = [right_score(query, each) for query, each in zip(queries, given, strict=True)]
    asked = len(queries)
    return Recall(
        asked=asked,
        found=sum(one is not None and one[0] >= threshold for one in found) / max(1, asked),
        in_ten=sum(one is not None and one[1] < 10 for one in found) / max(1, asked),
        in_all=sum(one is not None for one in found) / max(1, asked),
    )


def recall_by(
    queries: Sequence[Query],
    given: Sequence[Matches],
    threshold: float,
    groups: Mapping[str, Iterable[str]],
) -> dict[str, Recall]:
    """Return the recall of each group of kinds; a group without names is left out."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for place, query in enumerate(queries):
        by_kind[query.kind].append(place)
    found = {}
    for group, kinds in groups.items():
        places = [place for kind in kinds for place in by_kind.get(kind, ())]
        if places:
            found[group] = recall_of(
                [queries[place] for place in places], [given[place] for place in places], threshold
            )
    return found


def f1_of(pairs: Sequence[Pair], scores: Sequence[float], threshold: float) -> F1:
    """Count pairs told right at a threshold."""
    said = [score >= threshold for score in scores]
    true = sum(yes and pair.is_match for yes, pair in zip(said, pairs, strict=True))
    matches = sum(pair.is_match for pair in pairs)
    return F1(threshold, true / max(1, sum(said)), true / max(1, matches))
