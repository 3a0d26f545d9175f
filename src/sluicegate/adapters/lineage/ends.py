"""Finding the ends of millions of edges among the ids of a large lineage.

A dictionary answers one id after the other and waits for memory each time. Here all
ids of a block of text are looked up together by a hash of their bytes, as arrays; each
find is compared byte by byte, so that no hash decides anything. What is not found so
(an id that is long, or one of many of the same hash) is asked of a dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sluicegate.lineage.document import HumanChange
from sluicegate.lineage.ends import NumberedEdges

Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]

_WORD = 8
_MOST_WORDS = 8
"""Ids of more than 64 bytes are asked of the dictionary."""
_MOST_PROBES = 12
"""So many ids of one slot are compared; the rest is asked of the dictionary."""
_WORTH_A_DICTIONARY = 1_000
"""Ids asked one by one for which the dictionary is made."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_QUOTE = ord('"')
_QUOTES = 8
"""Quotes of an edge that says nothing but its ends: two around each key and each id."""
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], dtype=np.uint64)


class _Texts:
    """Texts lying in bytes, as words of eight bytes; what is behind their end is 0."""

    def __init__(self, content: bytes, starts: Numbers, sizes: Numbers) -> None:
        padded = np.frombuffer(content + bytes(_WORD * (_MOST_WORDS + 1)), dtype=np.uint8)
        windows = np.ndarray(
            (len(padded) - _WORD + 1,), dtype="<u8", buffer=padded.data, strides=(1,)
        )
        self.sizes = sizes
        widest = int(sizes.max(initial=0))
        self.words: list[Words] = []
        for spot in range(0, min(widest, _WORD * _MOST_WORDS), _WORD):
            mask = _MASKS[np.clip(sizes - spot, 0, _WORD)]
            at = np.minimum(starts + spot, len(windows) - 1)
            self.words.append(windows[at].astype(np.uint64) & mask)

    def hashes(self) -> Words:
        """Return a hash of each text; bytes decide it, whatever the longest text is."""
        found = self.sizes.astype(np.uint64) * _MIX
        for number, word in enumerate(self.words):
            mixed = (found ^ word) * _MIX
            mixed ^= mixed >> np.uint64(29)
            found = np.where(self.sizes > number * _WORD, mixed, found)
        return found * _MIX


class _Finder:
    """Finds the places of ids; of an id that stands twice the last place."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids
        self._asked = 0
        sizes = _sizes(ids)
        starts = np.cumsum(sizes) - sizes
        self._texts = _Texts("".join(ids).encode("utf-8", "surrogatepass"), starts, sizes)
        bits = max(1, len(ids).bit_length())
        self._shift = np.uint64(64 - bits)
        slots = (self._texts.hashes() >> self._shift).astype(np.int64)
        # The last of the same slot stands first, so that the last of the same id is found.
        self._order = (len(ids) - 1 - np.argsort(slots[::-1], kind="stable")).astype(np.int64)
        self._begins = np.zeros((1 << bits) + 1, dtype=np.int64)
        np.cumsum(np.bincount(slots, minlength=1 << bits), out=self._begins[1:])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._ids)}

    def place(self, name: str) -> int | None:
        """Return the place of one id, or None."""
        content = name.encode("utf-8", "surrogatepass")
        if len(content) <= _WORD * _MOST_WORDS and "_places" not in self.__dict__:
            self._asked += 1
            if self._asked < _WORTH_A_DICTIONARY:
                sizes = np.array([len(content)], dtype=np.int64)
                found = int(self.find(content, np.zeros(1, dtype=np.int64), sizes)[0])
                if found >= 0:
                    return found
        return self._places.get(name)

    def find(self, content: bytes, starts: Numbers, sizes: Numbers) -> Numbers:
        """Return the place of each text in bytes, -1 where the dictionary has to be asked."""
        texts = _Texts(content, starts, sizes)
        slots = (texts.hashes() >> self._shift).astype(np.int64)
        found = np.full(len(starts), -1, dtype=np.int64)
        left = np.flatnonzero(sizes <= _WORD * _MOST_WORDS)
        for probe in range(_MOST_PROBES):
            spots = self._begins[slots[left]] + probe
            inside = spots < self._begins[slots[left] + 1]
            left, spots = left[inside], spots[inside]
            if not len(left):
                break
            places = self._order[spots]
            same = self._are_same(texts, left, places)
            found[left[same]] = places[same]
            left = left[~same]
        return found

    def _are_same(self, texts: _Texts, asked: Numbers, places: Numbers) -> NDArray[np.bool_]:
        same: NDArray[np.bool_] = texts.sizes[asked] == self._texts.sizes[places]
        # Equal sizes need equal words; words that only one side has are beyond both sizes.
        for mine, theirs in zip(texts.words, self._texts.words, strict=False):
            same &= mine[asked] == theirs[places]
        return same


def _sizes(ids: Sequence[str]) -> Numbers:
    """Return how many bytes each id has."""
    if all(map(str.isascii, ids)):
        return np.fromiter(map(len, ids), dtype=np.int64, count=len(ids))
    sizes = (len(one.encode("utf-8", "surrogatepass")) for one in ids)
    return np.fromiter(sizes, dtype=np.int64, count=len(ids))


class EdgeGatherer:
    """Takes edges of a lineage whose ids are known, one by one or in blocks of plain ones."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids
        self._finder = _Finder(ids)
        self._ends: list[Numbers] = []
        self._single: list[int] = []
        self._strangers: dict[str, int] = {}
        self._changes: dict[int, HumanChange] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, cause: str, target: str, change: HumanChange | None) -> None:
        """Take one edge."""
        if change is not None:
            self._changes[self._count] = change
        self._single += (self._place(cause), self._place(target))
        self._count += 1

    def add_block(self, text: str) -> None:
        """Take a block of plain edges, each of eight quotes, with no quote in an id."""
        self._close_singles()
        content = text.encode("utf-8", "surrogatepass")
        bytes_of = np.frombuffer(content, dtype=np.uint8)
        quotes = np.flatnonzero(bytes_of == _QUOTE).reshape(-1, _QUOTES)
        starts = quotes[:, [2, 6]].ravel() + 1
        sizes = quotes[:, [3, 7]].ravel() - starts
        found = self._finder.find(content, starts, sizes)
        for number in np.flatnonzero(found < 0).tolist():
            start = int(starts[number])
            name = content[start : start + int(sizes[number])].decode("utf-8", "surrogatepass")
            found[number] = self._place(name)
        self._ends.append(found)
        self._count += len(quotes)

    def edges(self) -> NumberedEdges:
        """Return all that was taken, in order."""
        self._close_singles()
        whole = np.concatenate(self._ends) if self._ends else np.zeros(0, dtype=np.int64)
        self._ends = []
        causes, targets = whole[::2].copy(), whole[1::2].copy()
        return NumberedEdges(self._ids, causes, targets, tuple(self._strangers), self._changes)

    def _place(self, name: str) -> int:
        place = self._finder.place(name)
        return (
            -1 - self._strangers.setdefault(name, len(self._strangers)) if place is None else place
        )

    def _close_singles(self) -> None:
        if self._single:
            self._ends.append(np.array(self._single, dtype=np.int64))
            self._single = []
