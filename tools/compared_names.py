"""Names compared as the engine compares them: features and measures, a row a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening_sets import Part, Query
from sluicegate.screening.index import SCHEMAS, setting_of
from sluicegate.screening.model import SIGNS, Setting, features, measures
from sluicegate.screening.names import lay_out
from sluicegate.screening.normal import normalise
from sluicegate.screening.pairing import Pairs, Postings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """Names asked for beside listed names: amounts of features and measures, a row a pair."""

    amounts: Floats
    measured: Floats
    asked: Ints
    owner: Ints
    is_right: NDArray[np.bool_]


class Bed:
    """A list, and names compared with it."""

    def __init__(self, part: Part) -> None:
        listed = [
            (place, name, is_weak)
            for place, one in enumerate(part.parties)
            for names, is_weak in ((one.names, False), (one.weak_names, True))
            for name in names
        ]
        self.ids = [one.id for one in part.parties]
        self.owner = np.array([place for place, _, _ in listed], dtype=np.int64)
        self.is_weak = np.array([is_weak for _, _, is_weak in listed], dtype=bool)
        self.kinds = np.array([SCHEMAS[one.schema] for one in part.parties], dtype=np.int64)
        self.postings = Postings(lay_out([normalise(name) for _, name, _ in listed]))

    def compare(self, queries: Sequence[Query]) -> Compared:
        """Compare names with their candidates."""
        amounts, measured, asked, owner, is_right = [], [], [], [], []
        for start in range(0, len(queries), 250):
            batch = queries[start : start + 250]
            pairs = self.postings.pair(lay_out([normalise(one.text) for one in batch]))
            kinds = np.array([SCHEMAS[one.schema] for one in batch], dtype=np.int64)
            owners = self.owner[pairs.listed]
            setting = setting_of(kinds[pairs.asked], self.kinds[owners], self.is_weak[pairs.listed])
            one, other = amounts_of(pairs, setting)
            amounts.append(one)
            measured.append(other)
            asked.append(pairs.asked + start)
            owner.append(owners)
            is_right += [
                self.ids[at] in batch[query].answers
                for query, at in zip(pairs.asked.tolist(), owners.tolist(), strict=True)
            ]
        return Compared(
            np.concatenate(amounts), np.concatenate(measured), np.concatenate(asked),
            np.concatenate(owner), np.array(is_right, dtype=bool),
        )  # fmt: skip


def amounts_of(pairs: Pairs, setting: Setting) -> tuple[Floats, Floats]:
    """Return the amounts of features and those of the measures that `SIGNS` names."""
    measured = measures(pairs, setting)
    amounts = np.stack([amount for _, amount in features(measured)], axis=1)
    return amounts, np.stack([measured[name] for name in SIGNS], axis=1)


def feature_names() -> list[str]:
    """Return the names of features in their order."""
    one = lay_out([normalise("a name")])
    pairs = Postings(one).pair(one)
    none = np.zeros(len(pairs.asked), dtype=np.int64)
    return [name for name, _ in features(measures(pairs, setting_of(none, none, none > 0)))]


@dataclass(frozen=True)
class Labelled:
    """Pairs (asked, listed) that are told to match or not; those that share no word are left out.

    `told` has the place of each row among the pairs that were given.
    """

    amounts: Floats
    measured: Floats
    matches: Floats
    told: Ints


def compare_pairs(pairs: Sequence[tuple[str, str, str]], matches: Sequence[bool]) -> Labelled:
    """Compare pairs (asked, listed, schema)."""
    amounts, measured, told = [], [], []
    for start in range(0, len(pairs), 400):
        batch = pairs[start : start + 400]
        postings = Postings(lay_out([normalise(name) for _, name, _ in batch]))
        found = postings.pair(lay_out([normalise(name) for name, _, _ in batch]), len(batch))
        kinds = np.array([SCHEMAS[schema] for _, _, schema in batch], dtype=np.int64)
        plain = np.zeros(len(found.asked), dtype=bool)
        one, other = amounts_of(found, setting_of(kinds[found.asked], kinds[found.listed], plain))
        own = found.asked == found.listed
        amounts.append(one[own])
        measured.append(other[own])
        told.append(found.asked[own] + start)
    places = np.concatenate(told)
    labels = np.array(matches, dtype=np.float64)[places]
    return Labelled(np.concatenate(amounts), np.concatenate(measured), labels, places)
