"""The words of an index, found again by words that are like them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sluicegate.screening.likeness import Floats, Ints, Keys, Traits, keys_of, likeness

LEAST_LIKENESS = 0.6
"""Below it two words are taken to be different."""


@dataclass(frozen=True, slots=True)
class Likes:
    """Words of an index that are like words asked for.

    `asked` is the place of the word asked for, ascending; `words` the index's word;
    `likeness` is above `LEAST_LIKENESS`.
    """

    asked: Ints
    words: Ints
    likeness: Floats


class Lexicon:
    """The words of an index and their keys, in order of the key."""

    def __init__(self, words: Sequence[str]) -> None:
        self.traits = Traits.of(words)
        self.size = len(words)
        keyed = keys_of(words)
        order = np.argsort(keyed.keys, kind="stable")
        self._keys: Keys = keyed.keys[order]
        self._owners = keyed.owners[order].astype(np.int32)

    def like(self, asked: Sequence[str]) -> Likes:
        """Return every word of the index that is like a word asked for."""
        keyed = keys_of(asked)
        start = np.searchsorted(self._keys, keyed.keys, side="left")
        end = np.searchsorted(self._keys, keyed.keys, side="right")
        counts = end - start
        chosen = np.flatnonzero(counts > 0)
        counts = counts[chosen]
        places = expand(start[chosen], counts)
        pairs = np.repeat(keyed.owners[chosen], counts) * self.size + self._owners[places]
        pairs.sort()
        owners, words = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], max(self.size, 1))
        alike = likeness(Traits.of(asked), owners, self.traits, words)
        kept = alike >= LEAST_LIKENESS
        return Likes(owners[kept], words[kept], alike[kept])


def expand(start: Ints, counts: Ints) -> Ints:
    """Return start, start + 1, … for as many as counted, one run after the other."""
    total = int(counts.sum())
    ends = np.cumsum(counts)
    offsets = np.repeat(start - (ends - counts), counts)
    return offsets + np.arange(total, dtype=np.int64)
