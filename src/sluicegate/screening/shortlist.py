"""Which names can have a match of a score at all, without comparing them in full.

For each pair of names that share a word the greatest score is worked out that it
could have: every agreement at the most that its words allow, every disagreement at
the least. A name whose pairs all stay below is left out; what is left is screened as
ever, so a name that is kept in vain costs time and never an error. The bound follows
from what `pairing` and `model` do; who changes these looks at this too
(`tests/unit/screening/test_shortlist.py` draws names and holds both together).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sluicegate.screening.evidence import Known
from sluicegate.screening.lexicon import Likes
from sluicegate.screening.likeness import Floats, Ints
from sluicegate.screening.model import (
    NEAR,
    STRETCHES,
    Setting,
    features,
    held_back,
    measures,
    model,
    together,
)
from sluicegate.screening.normal import MOST_WORDS
from sluicegate.screening.pairing import (
    PROMISING,
    Entries,
    Pairs,
    Postings,
    Texts,
    agreement,
    promise_of,
    sizes,
)
from sluicegate.screening.prepared import Prepared
from sluicegate.screening.vocabulary import Kind

Bools = NDArray[np.bool_]

SettingOf = Callable[[Ints, Ints, Bools], Setting]
"""`index.setting_of`, handed in because the index stands above this."""

_AT_ONCE = 16_384
_SLACK = 1e-6
"""Scores are rounded to millionths; one more may be owed to the order of adding up."""

_AGREE = frozenset(("matched", "covered_asked", "covered_listed", "whole", "string", "rarest"))
_DISAGREE = frozenset(
    ("left_asked", "left_listed", "left_both", "lost", "given_left", "family_left")
)
_EXACT = frozenset(
    (
        *("base", "organisation", "one_word_each", "number_missing"),
        *("forms_same", "forms_differ", "kinds_differ", "weak"),
    )
)
"""Features whose amount is known without matching words."""

_MOST_INITIALS = 2.0
_TOLD_BY = ("births", "countries", "identifiers", "addresses")
_GIVEN_AS = (
    ("birth_dates", "birth_date"),
    ("countries", "country"),
    ("identifiers", "identifier"),
    ("addresses", "address"),
)
_CLUES = ("birth", "country", "identifier", "address")


@dataclass(frozen=True)
class Listed:
    """The listed side: postings, and a row for each listed name.

    `kinds` are those of `index.SCHEMAS`; `tells` has a column for births, countries,
    identifiers and addresses, and says whether any is known.
    """

    postings: Postings
    kinds: Ints
    is_weak: Bools
    tells: Bools

    @property
    def initials(self) -> Ints:
        """Return how many single letters each name has."""
        return np.array(
            [
                sum(part.kind is Kind.INITIAL for part in name.parts)
                for name in self.postings.listed.normal
            ],
            dtype=np.int64,
        )


@dataclass(frozen=True)
class Asked:
    """The names asked for: a row of `prepared` each, and what is known of each bearer."""

    prepared: Prepared
    rows: Ints
    kinds: Ints
    tells: Bools

    def part(self, chosen: slice) -> Asked:
        """Return some of the names."""
        return Asked(self.prepared, self.rows[chosen], self.kinds[chosen], self.tells[chosen])


def tells_of(known: Sequence[Known]) -> Bools:
    """Return what is known of each, a column for births, countries, identifiers, addresses."""
    told = [[bool(getattr(one, name)) for name in _TOLD_BY] for one in known]
    return np.array(told, dtype=bool).reshape(-1, len(_TOLD_BY))


def told_by(queries: Sequence[Mapping[str, object]]) -> Bools:
    """Return the same of queries that were not read: what is given may still tell nothing."""
    told = [[any(map(one.get, fields)) for fields in _GIVEN_AS] for one in queries]
    return np.array(told, dtype=bool).reshape(-1, len(_GIVEN_AS))


def may_reach(asked: Asked, listed: Listed, setting: SettingOf, score: float) -> Bools:
    """Say which of the names may have a match of a score or more. No other has one."""
    found = np.zeros(len(asked.rows), dtype=bool)
    if not len(listed.kinds):
        return found
    likes = listed.postings.lexicon.like(asked.prepared.words, asked.prepared.sounds)
    letters = sizes(listed.postings.listed.joined.tolist())
    bound = _Bound(listed, listed.initials, letters, setting, score)
    for start in range(0, len(found), _AT_ONCE):
        chosen = slice(start, start + _AT_ONCE)
        found[start + bound.reaching(asked.part(chosen), likes)] = True
    return found


@dataclass(frozen=True)
class _Bound:
    listed: Listed
    initials: Ints
    sizes: Ints
    setting: SettingOf
    score: float

    def reaching(self, asked: Asked, likes: Likes) -> Ints:
        """Return the places of names that have a pair whose bound reaches the score."""
        names = self.listed.postings.listed
        entries = self.listed.postings.entries(asked.prepared.units_of(asked.rows), likes)
        pair, row, entries = self._promising(asked, entries)
        query, name = np.divmod(pair, len(names.total))
        own = asked.rows[query]
        prepared = asked.prepared
        sums = _Sums.of(entries, row, len(pair))
        shorts = np.minimum(
            prepared.shorts[own] + self.initials[name],
            np.minimum(prepared.counts[own], names.counts[name]),
        )
        total_asked, total_listed = prepared.total[own], names.total[name]
        none = np.zeros(len(pair), dtype=np.int64)
        best = Pairs(
            asked=query,
            listed=name,
            promise=none,
            exact=sums.value,
            alike=none,
            lost=none,
            left_asked=np.where(shorts > 0, 0, np.maximum(total_asked - sums.asked, 0)),
            left_listed=np.where(shorts > 0, 0, np.maximum(total_listed - sums.listed, 0)),
            matched=np.full(len(pair), MOST_WORDS, dtype=np.int64),
            initials=shorts,
            total_asked=total_asked,
            total_listed=total_listed,
            whole=np.ones(len(pair)),
            sorted=np.ones(len(pair)),
            slips=none,
            letters=np.minimum(prepared.sizes[own], self.sizes[name]),
            numbers=agreement(prepared.has_number[own], np.minimum(np.abs(names.numbers[name]), 1)),
            forms=agreement(prepared.forms[own], names.forms[name], shared=True),
            counts_asked=prepared.counts[own],
            counts_listed=names.counts[name],
            rarest=sums.rarest,
            given_left=_out_of_reach(prepared.given[own], sums.reach_asked)
            + _out_of_reach(names.given[name], sums.reach_listed),
            family_left=_out_of_reach(prepared.family[own], sums.reach_asked)
            + _out_of_reach(names.family[name], sums.reach_listed),
        )
        gain = _gain(asked.tells[query] & self.listed.tells[name])
        chosen = np.flatnonzero(self._reach(best, asked, gain))
        best, gain, own, name = best.take(chosen), gain[chosen], own[chosen], name[chosen]
        texts = Texts.of(prepared.joined[own], prepared.ordered[own],
                         names.joined[name], names.ordered[name])  # fmt: skip
        best = replace(best, whole=texts.whole, sorted=texts.sorted, slips=texts.slips)
        return np.unique(best.asked[self._reach(best, asked, gain)])

    def _promising(self, asked: Asked, entries: Entries) -> tuple[Ints, Ints, Entries]:
        """Return the pairs that may alert by their promise, and their entries with the pair's row.

        Where a score below an alert is asked for, pairs that promise nothing may have it.
        """
        entries = entries.take(np.argsort(entries.pair))
        start = np.flatnonzero(np.diff(entries.pair, prepend=-1) > 0)
        if not len(start):
            return entries.pair, entries.pair, entries
        pair = entries.pair[start]
        names = self.listed.postings.listed
        query, name = np.divmod(pair, len(names.total))
        promise = promise_of(
            entries, start, asked.prepared.total[asked.rows[query]], names.total[name]
        )
        highest = held_back(np.full(1, np.inf), np.full(1, PROMISING - 1))
        if model().scores(highest)[0] >= self.score - _SLACK:
            chosen = np.ones(len(pair), dtype=bool)
        else:
            chosen = promise >= PROMISING
        lengths = np.diff(np.append(start, len(entries.pair)))
        pair = pair[chosen]
        row = np.repeat(np.arange(len(pair)), lengths[chosen])
        return pair, row, entries.take(np.repeat(chosen, lengths))

    def _reach(self, best: Pairs, asked: Asked, gain: Floats) -> Bools:
        name = best.listed
        setting = self.setting(
            asked.kinds[best.asked], self.listed.kinds[name], self.listed.is_weak[name]
        )
        odds = _most_odds(best, setting) + gain
        reached: Bools = model().scores(odds) >= self.score - _SLACK
        return reached


@dataclass(frozen=True)
class _Sums:
    """The most that entries can add up to, a row a pair: no word of either side counts twice."""

    value: Ints
    asked: Ints
    listed: Ints
    rarest: Ints
    reach_asked: Ints
    reach_listed: Ints

    @classmethod
    def of(cls, entries: Entries, row: Ints, size: int) -> _Sums:
        """Add entries up; `row` is the pair of each, ascending."""
        if not size:
            return cls(*(np.zeros(0, dtype=np.int64) for _ in range(6)))
        start = np.flatnonzero(np.diff(row, prepend=-1) > 0)
        return cls(
            np.minimum(
                _added(row, entries.asked_mask, entries.value, size),
                _added(row, entries.listed_mask, entries.value, size),
            ),
            _added(row, entries.asked_mask, entries.asked_weight, size),
            _added(row, entries.listed_mask, entries.listed_weight, size),
            np.maximum.reduceat(entries.value, start),
            np.bitwise_or.reduceat(entries.asked_mask, start),
            np.bitwise_or.reduceat(entries.listed_mask, start),
        )


def _added(row: Ints, mask: Ints, amount: Ints, size: int) -> Ints:
    """Add up the greatest amount of each (pair, mask) by pair."""
    order = np.lexsort((mask, row))
    row, mask = row[order], mask[order]
    is_first = (np.diff(row, prepend=-1) != 0) | (np.diff(mask, prepend=-1) != 0)
    start = np.flatnonzero(is_first)
    found = np.zeros(size, dtype=np.int64)
    np.add.at(found, row[start], np.maximum.reduceat(amount[order], start))
    return found


def _out_of_reach(place: Ints, reach: Ints) -> Ints:
    """Return 1 where a name has such a word and nothing can be its partner."""
    return np.where((place != 0) & (place & reach == 0), 1, 0)


def _most_odds(best: Pairs, setting: Setting) -> Floats:
    """Return the most log-odds that pairs may have by their names.

    `best` has every agreement at its most and every disagreement at its least. A
    feature whose amount is not known so adds the most that it may, and nothing where
    it takes away.
    """
    total = np.zeros(len(best.asked), dtype=np.float64)
    coefficients = model().coefficients
    measured = measures(best, setting)
    for name, amount in features(measured):
        figure = coefficients.get(name, 0.0)
        if figure and _is_bounded(name, figure):
            total += amount * figure
        elif figure > 0.0:
            total += figure * (_MOST_INITIALS if name == "initials" else 1.0)
    near = np.flatnonzero(total >= NEAR)
    total[near] = np.maximum(total[near] + together(measured, near), NEAR)
    return total


def _is_bounded(feature: str, figure: float) -> bool:
    """Whether the amount in the best case is exact, or makes the most of the figure."""
    if feature in _EXACT:
        return True
    measure = feature.removeprefix("organisation ").split(" ")[0]
    if measure not in STRETCHES:
        return False
    return (measure in _AGREE and figure >= 0.0) or (measure in _DISAGREE and figure <= 0.0)


def _gain(both_tell: Bools) -> Floats:
    """Return the most that evidence may add, by what both sides tell."""
    figures: Mapping[str, float] = model().evidence
    most = dict.fromkeys(_CLUES, 0.0)
    always = 0.0
    for name, figure in figures.items():
        clue = name.split("_")[0]
        if clue in most:
            most[clue] = max(most[clue], figure)
        else:
            always += max(figure, 0.0)
    found: Floats = both_tell @ np.array([most[clue] for clue in _CLUES]) + always
    return found
