"""Names laid out for comparison: their words, joined words and weights, in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sluicegate.screening.likeness import Ints
from sluicegate.screening.normal import NormalName
from sluicegate.screening.rarity import rarity
from sluicegate.screening.vocabulary import Kind

POINTS_A_BIT = 100
"""Weights are whole hundredths of a bit, so that sums are exact in any order."""

_LONGEST_JOIN = 36
_WEIGHED = (Kind.WORD, Kind.NUMBER, Kind.INITIAL)
_LOOKED_UP = (Kind.WORD, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Units:
    """Words and joined words of names, a row each.

    `word` is the place in `Names.words`; `name` the name; `mask` the places in the
    name that it covers; `weight` the hundredths of bits of the words it covers, and
    `sound` the same by sound; `is_joined` tells joined words.
    """

    word: NDArray[np.int32]
    name: NDArray[np.int32]
    mask: NDArray[np.int32]
    weight: NDArray[np.int32]
    sound: NDArray[np.int32]
    is_joined: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Names:
    """Names with their units; `total` is the weight of each name's words."""

    words: tuple[str, ...]
    units: Units
    total: Ints
    joined: NDArray[np.object_]
    ordered: NDArray[np.object_]
    normal: tuple[NormalName, ...]
    has_initial: NDArray[np.bool_]
    numbers: Ints
    forms: Ints
    counts: Ints


def lay_out(normal: Sequence[NormalName]) -> Names:
    """Return names in arrays."""
    places: dict[str, int] = {}
    rows: list[tuple[int, int, int, int, int, bool]] = []
    facts = np.zeros((len(normal), 4), dtype=np.int64)
    joined = np.empty(len(normal), dtype=object)
    ordered = np.empty(len(normal), dtype=object)
    has_initial = np.zeros(len(normal), dtype=bool)
    for at, name in enumerate(normal):
        words, kinds = name.words, name.kinds
        weights = [weigh(word, kind) for word, kind in zip(words, kinds, strict=True)]
        total = count = 0
        for place, (word, kind) in enumerate(zip(words, kinds, strict=True)):
            if kind in _WEIGHED:
                total += weights[place][0]
                count += 1
            if kind in _LOOKED_UP:
                where = places.setdefault(word, len(places))
                rows.append((where, at, 1 << place, *weights[place], False))
        for first, last in _joins(kinds):
            text = "".join(words[first:last])
            if len(text) > _LONGEST_JOIN:
                continue
            where = places.setdefault(text, len(places))
            own = [weights[place] for place in range(first, last) if kinds[place] in _WEIGHED]
            mask = ((1 << (last - first)) - 1) << first
            rows.append((where, at, mask, sum(w for w, _ in own), sum(s for _, s in own), True))
        core = [w for w, k in zip(words, kinds, strict=True) if k in _WEIGHED]
        joined[at] = "".join(core)
        ordered[at] = "".join(sorted(core))
        has_initial[at] = Kind.INITIAL in kinds or any(
            len(w) == 2 and k is Kind.WORD for w, k in zip(words, kinds, strict=True)
        )
        facts[at] = (total, _fingerprint(name, Kind.NUMBER), _fingerprint(name, Kind.FORM), count)
    table = np.array(rows, dtype=np.int32).reshape(-1, 6)
    word, name, mask, weight, sound = (np.ascontiguousarray(table[:, at]) for at in range(5))
    word, at_name, mask, weight, sound = (np.ascontiguousarray(table[:, at]) for at in range(5))
    units = Units(word, at_name, mask, weight, sound, table[:, 5] > 0)
    return Names(
        tuple(places), units, facts[:, 0], joined, ordered, tuple(normal), has_initial,
        facts[:, 1], facts[:, 2], facts[:, 3],
    )  # fmt: skip


def _joins(kinds: Sequence[Kind]) -> list[tuple[int, int]]:
    """Return the runs of words also looked up as one: every two, and a short name whole."""
    count = len(kinds)
    pairs = [
        (place, place + 2)
        for place in range(count - 1)
        if Kind.WORD in kinds[place : place + 2] or kinds[place] is not kinds[place + 1]
    ]
    return [*pairs, (0, count)] if 3 <= count <= 5 else pairs


def _fingerprint(name: NormalName, kind: Kind) -> int:
    """Return a number that tells sets of a name's words of a kind apart; 0 is none."""
    found = frozenset(w for w, k in zip(name.words, name.kinds, strict=True) if k is kind)
    return hash(found) | 1 if found else 0


@lru_cache(maxsize=200_000)
def weigh(word: str, kind: Kind) -> tuple[int, int]:
    """Return a word's weight and its weight by sound, in hundredths of a bit."""
    exact = round(rarity().of(word, kind) * POINTS_A_BIT)
    return exact, min(exact, round(rarity().of_sound(word, kind) * POINTS_A_BIT))
