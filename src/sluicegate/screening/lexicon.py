"""The words of an index, found again by words that are like them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sluicegate.screening.likeness import Floats, Ints, Keys, Traits, keys_of, likeness, sounds_of

LEAST_LIKENESS = 0.6
"""Below it two words are taken to be different."""


@dataclass(frozen=True, slots=True)
class Likes:
    """Words of an index that are like words asked for.

    `asked` is the place of the word asked for, ascending; `words` the index's word;
    `likeness` is above `LEAST_LIKENESS`; `is_letters` tells that either is the first
    letters of a name.
    """

    asked: Ints
    words: Ints
    likeness: Floats
    is_letters: NDArray[np.bool_]


_OWNERS = np.uint64((1 << 24) - 1)
"""A key keeps its highest 40 bits and gives the others to the word it belongs to.

Two keys that are alike by chance bring two words together whose likeness is then
worked out like any other's.
"""

_NEAR_SPARE, _NEAR_MOST = 4, 22
"""The highest bits of most keys asked for tell in one look that the index has none like it.

So many bits more than it takes to count the index's keys, and at most so many.
"""


class Lexicon:
    """The words of an index and their keys, in order of the key."""

    def __init__(self, words: Sequence[str]) -> None:
        self.size = len(words)
        sounds = sounds_of(words)
        self.traits = Traits.of(words, sounds)
        keyed = keys_of(words, sounds)
        self._keys: Keys = (keyed.keys & ~_OWNERS) | keyed.owners.astype(np.uint64)
        self._keys.sort()
        bits = min(max(len(self._keys), 1).bit_length() + _NEAR_SPARE, _NEAR_MOST)
        self._shift = np.uint64(64 - bits)
        self._near = np.zeros(1 << bits, dtype=bool)
        self._near[self._keys >> self._shift] = True

    def like(self, asked: Sequence[str], sounds: Sequence[str] | None = None) -> Likes:
        """Return every word of the index that is like a word asked for.

        `sounds` are the skeletons of the words, where they are known.
        """
        sounds = sounds_of(asked) if sounds is None else sounds
        keyed = keys_of(asked, sounds)
        wanted = keyed.keys & ~_OWNERS
        near = np.flatnonzero(self._near[wanted >> self._shift])
        order = near[np.argsort(wanted[near])]
        wanted, askers = wanted[order], keyed.owners[order]
        start = np.searchsorted(self._keys, wanted, side="left")
        end = np.searchsorted(self._keys, wanted | _OWNERS, side="right")
        counts = end - start
        chosen = np.flatnonzero(counts > 0)
        counts = counts[chosen]
        places = expand(start[chosen], counts)
        found = (self._keys[places] & _OWNERS).astype(np.int64)
        pairs = np.repeat(askers[chosen], counts).astype(np.int64) * self.size + found
        pairs.sort()
        owners, words = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], max(self.size, 1))
        met, ours = np.unique(owners, return_inverse=True)
        traits = Traits.of([asked[at] for at in met.tolist()], [sounds[at] for at in met.tolist()])
        alike = likeness(traits, ours, self.traits, words)
        kept = alike >= LEAST_LIKENESS
        owners, words, ours = owners[kept], words[kept], ours[kept]
        is_letters = traits.is_letters[ours] | self.traits.is_letters[words]
        return Likes(owners, words, alike[kept], is_letters)


def expand(start: Ints, counts: Ints) -> Ints:
    """Return start, start + 1, … for as many as counted, one run after the other."""
    total = int(counts.sum())
    ends = np.cumsum(counts)
    offsets = np.repeat(start - (ends - counts), counts)
    return offsets + np.arange(total, dtype=np.int64)
