"""Names laid out for comparison: their words, joined words and weights, in arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sluicegate.screening.likeness import ACRONYM, LONGEST_ACRONYM, Ints
from sluicegate.screening.normal import NormalName
from sluicegate.screening.rarity import rarity
from sluicegate.screening.vocabulary import Kind, vocabulary

POINTS_A_BIT = 100
"""Weights are whole hundredths of a bit, so that sums are exact in any order."""

_LONGEST_JOIN = 36
_LEAST_OF_ACRONYM = 3
_LENDS_NOTHING = frozenset(("group", "holding"))
_LENDS_LETTER = frozenset(("co", "corp"))
_FORMS = {
    form: 1 << bit
    for bit, form in enumerate(
        (
            *("ltd", "llc", "jsc", "sa", "srl", "gmbh", "ag", "kg", "se", "as", "ab", "bv", "nv"),
            *("plc", "inc", "corp", "lp", "kk", "pt", "spzoo", "est", "fgup"),
        )
    )
}
_WEIGHED = frozenset((Kind.WORD, Kind.NUMBER, Kind.INITIAL))
_LOOKED_UP = frozenset((Kind.WORD, Kind.NUMBER, Kind.TITLE))


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
    """Names with their units, and what is true of each name as a whole.

    `total` is the weight of its words and `counts` how many; `joined` and `ordered`
    are the words as one string, in natural order (what follows a comma first) and in
    alphabetical order; `given` and
    `family` are masks of the word that stands first and of the one that stands last
    where no comma turns the name round; `numbers` and `forms` tell sets of numbers and
    of legal forms apart, 0 where there is none.
    """

    words: tuple[str, ...]
    units: Units
    normal: tuple[NormalName, ...]
    joined: NDArray[np.object_]
    ordered: NDArray[np.object_]
    total: Ints
    counts: Ints
    numbers: Ints
    forms: Ints
    given: Ints
    family: Ints
    has_initial: Ints


def lay_out(normal: Sequence[NormalName]) -> Names:
    """Return names in arrays."""
    places: dict[str, int] = {}
    rows = array("i")
    facts = array("q")
    joined: list[str] = []
    ordered: list[str] = []
    for at, name in enumerate(normal):
        weights = [weigh(part.text, part.kind) for part in name.parts]
        for unit in _units(name, weights):
            rows.extend((places.setdefault(unit[0], len(places)), at, *unit[1:]))
        core = [part.text for part in name.parts if part.kind in _WEIGHED]
        joined.append(_in_natural_order(name))
        ordered.append("".join(sorted(core)))
        facts.extend(_facts(name, weights))
    word, of, mask, weight, sound, is_joined = (
        np.array(rows, dtype=np.int32).reshape(-1, 6).T.copy()
    )
    whole = np.array(facts, dtype=np.int64).reshape(-1, 7).T.copy()
    return Names(
        tuple(places), Units(word, of, mask, weight, sound, is_joined > 0), tuple(normal),
        np.array(joined, dtype=object), np.array(ordered, dtype=object), *whole,
    )  # fmt: skip


Unit = tuple[str, int, int, int, bool]
"""Text, mask, weight, weight by sound, whether joined."""


def _units(name: NormalName, weights: Sequence[tuple[int, int]]) -> list[Unit]:
    """Return a name's words and the words joined of them."""
    parts = name.parts
    found: list[Unit] = []
    for place, part in enumerate(parts):
        if part.kind in _LOOKED_UP:
            weight, sound = weights[place]
            found.append((part.text, 1 << place, weight, sound, False))
            if part.spelt != part.text and part.spelt.startswith("abdul"):
                found.append((part.spelt, 1 << place, weight, sound, False))
    for run in _joins(name):
        text = "".join([parts[place].spelt for place in run])
        if len(text) <= _LONGEST_JOIN:
            mask = weight = sound = 0
            for place in run:
                mask |= 1 << place
                if parts[place].kind in _WEIGHED:
                    weight += weights[place][0]
                    sound += weights[place][1]
            found.append((_known_as(text), mask, weight, sound, True))
    covered = 0
    for text in _acronyms(name):
        covered = covered or sum(
            1 << place for place, part in enumerate(parts) if part.kind is Kind.WORD
        )
        weight, sound = weigh(text[1:], Kind.WORD)
        found.append((text, covered, weight, sound, True))
    return found


def _known_as(joined: str) -> str:
    """Return what a word joined of two stands for: "in versiones" is an investment too."""
    entry = vocabulary().single.get(joined)
    return entry.words[0] if entry is not None and entry.kind is Kind.WORD else joined


def _in_natural_order(name: NormalName) -> str:
    """Return the words as one string, "DOE, Jane" as "janedoe"."""
    parts = (*name.parts[name.turn :], *name.parts[: name.turn])
    return "".join([part.text for part in parts if part.kind in _WEIGHED])


def _acronyms(name: NormalName) -> Iterator[str]:
    """Yield what a name of several words may be called by its first letters, marked.

    The form of a company may lend its letter ("Sudd Petroleum Operating Co.": SPOC,
    also of "Co., Ltd."), and a group may do without its own.
    """
    words = [part for part in name.parts if part.kind is Kind.WORD]
    if len(words) < _LEAST_OF_ACRONYM or name.turn:
        return
    told = [part for part in words if part.text not in _LENDS_NOTHING]
    plain = "".join([part.spelt[0] for part in told])
    found = {plain, "".join([part.spelt[0] for part in words])}
    form = name.parts[-1]
    if form.text in _LENDS_LETTER or (form.kind is Kind.FORM and form.spelt.startswith("co")):
        found.add(plain + form.spelt[0])
    for one in sorted(found):
        if _LEAST_OF_ACRONYM <= len(one) <= LONGEST_ACRONYM and one.isalpha():
            yield ACRONYM + one


def _joins(name: NormalName) -> list[tuple[int, ...]]:
    """Return the runs of words also looked up as one.

    They are every two neighbours, also where a comma turns the name round, and a
    short name whole.
    """
    parts, count = name.parts, len(name.parts)
    found: list[tuple[int, ...]] = [
        (place, place + 1)
        for place in range(count - 1)
        if parts[place].kind is Kind.WORD or parts[place + 1].kind is not parts[place].kind
    ]
    if name.turn:
        found.append((count - 1, 0))
    if count == 3:
        turned = (*range(name.turn, count), *range(name.turn))
        found.append(turned)
    return found


def _facts(name: NormalName, weights: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Return total, counts, numbers, forms, given, family and has_initial; see `Names`."""
    total = count = forms = given = first = last = has_initial = 0
    numbers: list[str] = []
    for place, part in enumerate(name.parts):
        kind = part.kind
        if kind is Kind.WORD:
            last = 1 << place
            first = first or last
            if place >= name.turn:
                given = given or last
            if len(part.text) == 2:
                has_initial = 1
        elif kind is Kind.NUMBER:
            numbers.append(part.text)
        elif kind is Kind.FORM:
            forms |= _FORMS.get(part.text, 0)
        elif kind is Kind.INITIAL:
            has_initial = 1
        if kind in _WEIGHED:
            total += weights[place][0]
            count += 1
    told = hash(frozenset(numbers)) | 1 if numbers else 0
    return total, count, told, forms, given, first if name.turn else last, has_initial


@lru_cache(maxsize=200_000)
def weigh(word: str, kind: Kind) -> tuple[int, int]:
    """Return a word's weight and its weight by sound, in hundredths of a bit."""
    exact = round(rarity().of(word, kind) * POINTS_A_BIT)
    return exact, min(exact, round(rarity().of_sound(word, kind) * POINTS_A_BIT))
