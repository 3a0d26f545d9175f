"""Which entries are one party: joined over lists and versions, each join with its reason.

The rules, the strongest first: the issuer says so; an identifier that belongs
to one party alone is the same; the name is the same and what else is known
agrees. What contradicts keeps two entries apart: dates of birth, numbers of
which a party has one, a person against a company. The issuer's own word and a
person's are not set against such evidence: a list that corrects a date of birth
still speaks of the same party.

Two entries that stand in one list at the same time are two parties unless
more speaks for one: the issuer knew of both when it wrote them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.screening.entries import ListEntry, Schema
from sluicegate.screening.known_lists import identifier_kinds
from sluicegate.screening.traits import (
    FULL_DATE,
    Traits,
    are_told_apart,
    birth_agreement,
    contradict,
    is_distinctive,
    normal_name,
    speak_of_person,
    stand_together,
)

Key = tuple[str, str]
"""An entry of a list: (list_id, entry_id)."""

PARTY_PREFIX = "lp-"
_DIGITS_OF_ID = 20

_TELLS_ALONE = frozenset({"lei", "imo"})
"""Kinds that need no word of the name beside them."""

_MOST_OF_A_NAME = 60
"""Entries that bear one name; a name of more of them tells nobody apart."""
_VEHICLES = frozenset({Schema.VESSEL, Schema.AIRPLANE})


class JoinRule(Enum):
    """Why two entries are one party."""

    ISSUER = "issuer"
    IDENTIFIER = "identifier"
    NAME = "name"
    HAND = "hand"
    """A person said so."""


class Agreement(Enum):
    """What agrees beside an equal name."""

    BIRTH_DATE = "birth_date"
    COUNTRY = "country"
    ADDRESS = "address"
    RARE_NAME = "rare_name"
    """The name is long and rare, and nothing contradicts it."""


_AGREEING = {
    Agreement.BIRTH_DATE: "the dates of birth agree",
    Agreement.COUNTRY: "the countries agree",
    Agreement.ADDRESS: "an address is the same",
    Agreement.RARE_NAME: "the name is rare and nothing contradicts",
}


@dataclass(frozen=True, slots=True)
class Join:
    """Two entries found to be one party; `first` sorts before `second`.

    `value` is the name or identifier that is the same, `kind` the identifier's.
    """

    first: Key
    second: Key
    rule: JoinRule
    value: str = ""
    kind: str = ""
    agreements: tuple[Agreement, ...] = ()

    @property
    def reason(self) -> Sentence:
        """Say why, in one sentence."""
        if self.rule is JoinRule.ISSUER:
            return say("The issuer says that the two entries are one party.")
        if self.rule is JoinRule.IDENTIFIER:
            kind = Term(identifier_kinds()[self.kind].title)
            return say(
                "Both entries have the number {value} ({kind}).", value=self.value, kind=kind
            )
        if self.rule is JoinRule.HAND:
            return say("A person joined the two entries.")
        agreeing = [say(_AGREEING[one]) for one in self.agreements]
        return say(
            "Both entries have the name {value}, and {agreeing}.",
            value=self.value,
            agreeing=agreeing,
        )


@lru_cache(maxsize=65_536)
def party_id_of(key: Key) -> str:
    """Return the id of a party that first appeared under an entry, the same on every node.

    It is the digest of the canonical form of [list, entry], made in a tenth of the time.
    """
    canonical = json.dumps(key, ensure_ascii=False, separators=(",", ":"))
    return PARTY_PREFIX + hashlib.sha256(canonical.encode()).hexdigest()[:_DIGITS_OF_ID]


def join_entries(
    entries: Iterable[ListEntry],
    *,
    gone: Iterable[ListEntry] = (),
    joined: Iterable[Collection[Key]] = (),
    apart: Iterable[tuple[Key, Key]] = (),
) -> tuple[Join, ...]:
    """Return the joins that make one party of entries, beyond those that stand already.

    `entries` stand in their lists now; `gone` stood in them before, as an issuer
    may name an entry anew. `joined` are groups that are one party already and
    stay so. `apart` are pairs that a person set apart: no join brings them
    together. The order in which anything is given changes nothing.
    """
    now = {one.key: Traits.of(one) for one in entries}
    past = {one.key: Traits.of(one, is_gone=True) for one in gone if one.key not in now}
    traits = now | past
    groups = _Groups(traits, joined, apart)
    found: list[Join] = []
    for one in (*_stated(traits), *_identified(traits), *_named(traits)):
        if groups.unite(one):
            found.append(one)
    return tuple(found)


def _stated(traits: dict[Key, Traits]) -> Iterator[Join]:
    pairs = {
        _pair(key, other)
        for key, one in traits.items()
        for other in one.entry.same_as
        if other in traits and other != key
    }
    for first, second in sorted(pairs):
        yield Join(first, second, JoinRule.ISSUER)


def _identified(traits: dict[Key, Traits]) -> Iterator[Join]:
    by_identifier: defaultdict[tuple[str, str, str], list[Key]] = defaultdict(list)
    borne = Counter(word for one in traits.values() for word in one.words)
    telling = {word for word, times in borne.items() if times <= _MOST_OF_A_NAME}
    for key, one in traits.items():
        for identifier in one.identifiers:
            by_identifier[identifier].append(key)
    for (kind, _, value), keys in sorted(by_identifier.items()):
        for first, second in _pairs(keys):
            one, other = traits[first], traits[second]
            if stand_together(one, other) and not one.names & other.names:
                continue
            is_person = speak_of_person(one, other)
            if not (kind in _TELLS_ALONE or is_person or telling & one.words & other.words):
                continue  # a subsidiary listed with the number of its parent
            if not contradict(one, other):
                yield Join(first, second, JoinRule.IDENTIFIER, value, kind)


def _named(traits: dict[Key, Traits]) -> Iterator[Join]:
    by_name: defaultdict[str, list[Key]] = defaultdict(list)
    for key, one in traits.items():
        if one.entry.schema in _VEHICLES or one.entry.schema is Schema.ADDRESS:
            continue  # ships of one name are many
        for name in one.names:
            by_name[name].append(key)
    seen: set[tuple[Key, Key]] = set()
    for name, keys in sorted(by_name.items()):
        for first, second in _pairs(keys):
            if (first, second) in seen:
                continue
            one, other = traits[first], traits[second]
            agreements = () if contradict(one, other) else _agreements(name, one, other)
            if agreements:
                seen.add((first, second))
                shown = _as_written(one.entry, name)
                yield Join(first, second, JoinRule.NAME, shown, agreements=agreements)


def _pairs(keys: Collection[Key]) -> Iterator[tuple[Key, Key]]:
    if len(keys) > _MOST_OF_A_NAME:
        return
    ordered = sorted(keys)
    for number, first in enumerate(ordered):
        for second in ordered[number + 1 :]:
            yield first, second


def _agreements(name: str, one: Traits, other: Traits) -> tuple[Agreement, ...]:
    """Return what agrees beside a name; empty when it is not enough for one party."""
    found = []
    birth = birth_agreement(one.entry, other.entry)
    if birth:
        found.append(Agreement.BIRTH_DATE)
    shares_country = bool(one.countries & other.countries)
    if shares_country:
        found.append(Agreement.COUNTRY)
    if one.addresses & other.addresses:
        found.append(Agreement.ADDRESS)
    is_silent = not one.countries or not other.countries
    is_rare = is_distinctive(name, is_person=speak_of_person(one, other))
    if not (shares_country or is_silent) and birth < FULL_DATE:
        return ()  # a country on both sides, and none shared
    if stand_together(one, other):
        # Two that share an alias may be twins, or two firms of one house.
        is_shown = name in (one.primary, other.primary)
        tells_more = birth == FULL_DATE if is_rare else False
        tells_more |= is_shown and (birth == FULL_DATE or Agreement.ADDRESS in found)
        return tuple(found) if tells_more and (is_rare or shares_country) else ()
    if speak_of_person(one, other):
        is_enough = birth == FULL_DATE or (shares_country and bool(birth))
    else:
        is_enough = Agreement.ADDRESS in found or (shares_country and " " in name)
    if not is_enough and is_rare:
        found.append(Agreement.RARE_NAME)
    return tuple(found) if is_enough or is_rare else ()


def _as_written(entry: ListEntry, name: str) -> str:
    return next((one.text for one in entry.names if normal_name(one.text) == name), name)


def _pair(first: Key, second: Key) -> tuple[Key, Key]:
    return (first, second) if first < second else (second, first)


class _Groups:
    """Entries that are one party so far."""

    def __init__(
        self,
        traits: dict[Key, Traits],
        joined: Iterable[Collection[Key]],
        apart: Iterable[tuple[Key, Key]],
    ) -> None:
        self._traits = traits
        self._apart = {_pair(*one) for one in apart}
        self._group: dict[Key, set[Key]] = {}
        for keys in joined:
            together: set[Key] = set()
            for key in keys:
                together |= self._of(key)
            for key in together:
                self._group[key] = together

    def unite(self, join: Join) -> bool:
        """Make one party of two, unless they are, or something keeps them apart."""
        mine, theirs = self._of(join.first), self._of(join.second)
        if join.second in mine or self._is_kept_apart(mine, theirs, join.rule):
            return False
        together = mine | theirs
        for key in together:
            self._group[key] = together
        return True

    def _of(self, key: Key) -> set[Key]:
        return self._group.get(key, {key})

    def _is_kept_apart(self, mine: set[Key], theirs: set[Key], rule: JoinRule) -> bool:
        pairs = [(a, b) for a in mine for b in theirs]
        if self._apart and any(_pair(a, b) in self._apart for a, b in pairs):
            return True
        if rule is JoinRule.ISSUER:
            return False
        known = self._traits
        return any(
            contradict(known[a], known[b]) or are_told_apart(known[a], known[b])
            for a, b in pairs
            if a in known and b in known
        )
