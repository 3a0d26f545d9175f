"""Which listed names may be a name asked for, and how their words go together.

A listed name is a candidate when it shares a word, or a joined word, that is like
one of the name asked for. The words of a pair are matched one to one, the most
telling first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cpdist

from sluicegate.screening.lexicon import Lexicon, Likes, expand
from sluicegate.screening.likeness import Floats, Ints
from sluicegate.screening.names import Names, Units, weigh
from sluicegate.screening.scripts import VOWELLESS
from sluicegate.screening.sounds import skeleton
from sluicegate.screening.vocabulary import Kind

KEPT = 30
"""Candidates of a name that are compared in full at least, the most promising first."""

PROMISING = 600
"""From this promise on a pair is always compared in full, and only then can it alert.

The promise is the share of either name's weight that may agree, in thousandths, added
up. It belongs to the pair alone, so an alert never depends on who else is listed. Of
1,823 pairs that alerted on real lists the least had 672.
"""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a name asked for and a listed name, a row each, with what of them agrees.

    Weights are hundredths of bits. `exact` is the weight of words that are the same,
    `alike` what the words that are only alike are worth, `lost` what their differences
    cost; `left_asked` and `left_listed` the weight without a partner on either side;
    `matched` counts words that found one. `whole` is how alike the names are as one
    string each, `sorted` the same with their words in alphabetical order. `slips` counts
    the letters that differ in the better of these two orders, and `letters` those of the
    shorter name.
    """

    asked: Ints
    listed: Ints
    exact: Ints
    alike: Ints
    lost: Ints
    left_asked: Ints
    left_listed: Ints
    matched: Ints
    initials: Ints
    total_asked: Ints
    total_listed: Ints
    whole: Floats
    sorted: Floats
    slips: Ints
    letters: Ints
    numbers: Ints
    forms: Ints
    counts_asked: Ints
    counts_listed: Ints
    rarest: Ints
    given_left: Ints
    family_left: Ints
    promise: Ints

    def take(self, rows: Ints | slice) -> Pairs:
        """Return some of the rows."""
        return Pairs(*(getattr(self, name)[rows] for name in Pairs.__slots__))


@dataclass(frozen=True, slots=True)
class Entries:
    """Words of pairs that are alike, a row each, in order of pair and falling value.

    `is_letters` tells the first letters of a name that meet a word.
    """

    pair: Ints
    asked_mask: Ints
    listed_mask: Ints
    asked_weight: Ints
    listed_weight: Ints
    value: Ints
    worth: Ints
    is_exact: NDArray[np.bool_]
    is_letters: NDArray[np.bool_]

    def take(self, chosen: Ints | NDArray[np.bool_]) -> Entries:
        """Return some of the rows."""
        return Entries(
            self.pair[chosen], self.asked_mask[chosen], self.listed_mask[chosen],
            self.asked_weight[chosen], self.listed_weight[chosen], self.value[chosen],
            self.worth[chosen], self.is_exact[chosen], self.is_letters[chosen],
        )  # fmt: skip


class Postings:
    """Listed names by their words."""

    def __init__(self, listed: Names) -> None:
        self.listed = listed
        self.lexicon = Lexicon(listed.words)
        units = listed.units
        order = np.argsort(units.word, kind="stable")
        self._start = np.searchsorted(units.word[order], np.arange(len(listed.words) + 1))
        self._name = units.name[order]
        self._mask = units.mask[order]
        self._weight = units.weight[order]
        self._sound = units.sound[order]
        self._is_joined = units.is_joined[order]

    def pair(self, asked: Names, kept: int = KEPT) -> Pairs:
        """Return the candidates of every name asked for, compared word by word."""
        entries = self.entries(asked.units, self.lexicon.like(asked.words))
        pairs, promise, entries = _prune(entries, asked, self.listed, kept)
        return _align(pairs, promise, entries, asked, self.listed)

    def entries(self, units: Units, likes: Likes) -> Entries:
        """Return the words that are alike of names asked for and listed ones, a row a pair."""
        first = np.searchsorted(likes.asked, units.word, side="left")
        many = np.searchsorted(likes.asked, units.word, side="right") - first
        unit = np.repeat(np.arange(len(units.word)), many)
        like = expand(first, many)
        word = likes.words[like]
        start = self._start[word]
        counts = self._start[word + 1] - start
        unit, like = np.repeat(unit, counts), np.repeat(like, counts)
        posting = expand(start, counts)
        single = ~(units.is_joined[unit] & self._is_joined[posting])
        unit, like, posting = unit[single], like[single], posting[single]
        degree = likes.likeness[like]
        is_exact = degree >= 1.0
        worth = np.where(
            is_exact,
            np.minimum(units.weight[unit], self._weight[posting]),
            np.minimum(units.sound[unit], self._sound[posting]),
        ).astype(np.int64)
        quality = np.where(is_exact, 1.0, np.clip((degree - 0.4) / 0.6, 0.0, 1.0))
        return Entries(
            units.name[unit].astype(np.int64) * len(self.listed.total) + self._name[posting],
            units.mask[unit].astype(np.int64),
            self._mask[posting].astype(np.int64),
            units.weight[unit].astype(np.int64),
            self._weight[posting].astype(np.int64),
            np.rint(worth * quality).astype(np.int64),
            worth,
            is_exact,
            likes.is_letters[like],
        )


def _prune(entries: Entries, asked: Names, listed: Names, kept: int) -> tuple[Ints, Ints, Entries]:
    """Return the pairs worth comparing in full, in order, their promise, and their entries."""
    count = max(len(listed.total), 1)
    order = np.argsort(entries.pair)
    entries = entries.take(order)
    if not len(order):
        return entries.pair, entries.pair, entries
    is_first = np.diff(entries.pair, prepend=-1) > 0
    start = np.flatnonzero(is_first)
    pairs = entries.pair[start]
    query, name = np.divmod(pairs, count)
    promise = promise_of(entries, start, asked.total[query], listed.total[name])
    ranked = np.lexsort((pairs, -promise, query))
    group = np.flatnonzero(np.diff(query[ranked], prepend=-1) > 0)
    sizes = np.diff(np.append(group, len(ranked)))
    rank = np.arange(len(ranked)) - np.repeat(group, sizes)
    chosen = promise >= PROMISING
    chosen[ranked[rank < kept]] = True
    # A name called by its first letters promises little by weight, and there are few.
    chosen |= np.logical_or.reduceat(entries.is_letters, start)
    lengths = np.diff(np.append(start, len(order)))
    entries = entries.take(np.repeat(chosen, lengths))
    return pairs[chosen], promise[chosen], entries


def promise_of(entries: Entries, start: Ints, total_asked: Ints, total_listed: Ints) -> Ints:
    """Return what pairs promise, whose entries begin at `start`.

    First letters promise nothing: they bring a party among the nearest, and never alert.
    """
    worth = np.where(entries.is_letters, 0, entries.value)
    most: Ints = np.minimum(np.add.reduceat(worth, start), np.minimum(total_asked, total_listed))
    return 1000 * most // np.maximum(total_asked, 1) + 1000 * most // np.maximum(total_listed, 1)


def _align(pairs: Ints, promise: Ints, entries: Entries, asked: Names, listed: Names) -> Pairs:
    """Match words of each pair one to one, and add up what agrees and what is left."""
    size = len(pairs)
    query, name = np.divmod(pairs, max(len(listed.total), 1))
    row = np.searchsorted(pairs, entries.pair)
    order = np.lexsort(
        (entries.listed_mask, entries.asked_mask, -entries.worth, -entries.value, row)
    )
    entries, row = entries.take(order), row[order]
    sums = np.zeros((7, size), dtype=np.int64)
    used_asked = np.zeros(size, dtype=np.int64)
    used_listed = np.zeros(size, dtype=np.int64)
    while len(row):
        is_first = np.diff(row, prepend=-1) > 0
        best, where = entries.take(is_first), row[is_first]
        sums[0, where] += np.where(best.is_exact, best.value, 0)
        sums[1, where] += np.where(best.is_exact, 0, best.value)
        sums[2, where] += best.worth - best.value
        sums[3, where] += best.asked_weight
        sums[4, where] += best.listed_weight
        sums[5, where] += 1
        sums[6, where] = np.maximum(sums[6, where], best.value)
        used_asked[where] |= best.asked_mask
        used_listed[where] |= best.listed_mask
        free = ((entries.asked_mask & used_asked[row]) == 0) & (
            (entries.listed_mask & used_listed[row]) == 0
        )
        entries, row = entries.take(free), row[free]
    exact, alike, lost, met_asked, met_listed, matched, rarest = sums
    initials = _initials(query, name, used_asked, used_listed, asked, listed, met_asked, met_listed)
    total_asked, total_listed = asked.total[query], listed.total[name]
    texts = Texts.of(asked.joined[query], asked.ordered[query],
                     listed.joined[name], listed.ordered[name])  # fmt: skip
    return Pairs(
        query, name, exact, alike, lost,
        np.maximum(total_asked - met_asked, 0), np.maximum(total_listed - met_listed, 0),
        matched, initials, total_asked, total_listed,
        texts.whole, texts.sorted, texts.slips, texts.letters,
        agreement(asked.numbers[query], listed.numbers[name]),
        agreement(asked.forms[query], listed.forms[name], shared=True),
        asked.counts[query], listed.counts[name], rarest,
        _left(asked.given[query], used_asked) + _left(listed.given[name], used_listed),
        _left(asked.family[query], used_asked) + _left(listed.family[name], used_listed),
        promise,
    )  # fmt: skip


def _left(place: Ints, used: Ints) -> Ints:
    """Return 1 where a name has such a word and it found no partner."""
    is_left = (place != 0) & (place & used == 0)
    return np.where(is_left, 1, 0)


Strings = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Texts:
    """Names of pairs as one string each, compared; see `Pairs`."""

    whole: Floats
    sorted: Floats
    slips: Ints
    letters: Ints

    @classmethod
    def of(
        cls, asked: Strings, asked_ordered: Strings, listed: Strings, listed_ordered: Strings
    ) -> Texts:
        """Compare names in natural order, and with their words in alphabetical order.

        Where either leaves vowels out, the classes of consonants are compared.
        """
        ours, theirs = asked.tolist(), listed.tolist()
        ordered, ordered_too = asked_ordered.tolist(), listed_ordered.tolist()
        letters = np.minimum(sizes(ours), sizes(theirs))
        for row, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if VOWELLESS in one or VOWELLESS in other:
                for texts in (ours, theirs, ordered, ordered_too):
                    texts[row] = skeleton(texts[row].replace(VOWELLESS, ""))
        pairs = ((ours, theirs), (ordered, ordered_too))
        slips = np.minimum(*(_slips(*one) for one in pairs))
        return cls(_alike(*pairs[0]), _alike(*pairs[1]), slips, letters)


def sizes(texts: Sequence[str]) -> Ints:
    """Return how long texts are."""
    return np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))


def _alike(left: Sequence[str], right: Sequence[str]) -> Floats:
    """Return how alike strings are, pair by pair, 0 to 1."""
    if not left:
        return np.empty(0, dtype=np.float64)
    found = cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float64)
    return np.asarray(found, dtype=np.float64)


def _slips(left: Sequence[str], right: Sequence[str]) -> Ints:
    """Return how many letters differ, pair by pair; two that changed places are one."""
    if not left:
        return np.empty(0, dtype=np.int64)
    return cpdist(left, right, scorer=OSA.distance, dtype=np.int32).astype(np.int64)


def agreement(left: Ints, right: Ints, *, shared: bool = False) -> Ints:
    """Return 0 where neither has any, 1 the same, 2 only one has, 3 both have and they differ.

    With `shared` one bit in common is enough to be the same.
    """
    both = (left != 0) & (right != 0)
    one = (left != 0) ^ (right != 0)
    same = (left & right) != 0 if shared else left == right
    found: Ints = np.where(both, np.where(same, 1, 3), np.where(one, 2, 0))
    return found


def _initials(
    query: Ints, name: Ints, used_asked: Ints, used_listed: Ints,
    asked: Names, listed: Names, met_asked: Ints, met_listed: Ints,
) -> Ints:  # fmt: skip
    """Match single letters to words that begin with them; count them, and add to what is met."""
    found = np.zeros(len(query), dtype=np.int64)
    rows = np.flatnonzero((asked.has_initial[query] | listed.has_initial[name]) != 0)
    for row in rows:
        ours = _free(asked, int(query[row]), int(used_asked[row]))
        theirs = _free(listed, int(name[row]), int(used_listed[row]))
        for word, kind, weight in ours:
            if kind is Kind.INITIAL or (kind is Kind.WORD and len(word) <= 2):
                hit = next((one for one in theirs if one[0].startswith(word)), None)
            else:
                hit = next(
                    (o for o in theirs if o[1] is Kind.INITIAL and word.startswith(o[0])), None
                )
            if hit is None or (len(word) == 2 and not hit[0].startswith(word)):
                continue
            theirs.remove(hit)
            found[row] += 1
            met_asked[row] += weight
            met_listed[row] += hit[2]
    return found


def _free(names: Names, at: int, used: int) -> list[tuple[str, Kind, int]]:
    return [
        (part.text, part.kind, weigh(part.text, part.kind)[0])
        for place, part in enumerate(names.normal[at].parts)
        if part.kind in (Kind.WORD, Kind.INITIAL) and not used >> place & 1
    ]
