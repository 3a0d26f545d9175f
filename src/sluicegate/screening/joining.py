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

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from sluicegate.core.canonical import digest
from sluicegate.core.reasons import Sentence, say
from sluicegate.screening.entries import Identifier, ListEntry, Schema

Key = tuple[str, str]
"""An entry of a list: (list_id, entry_id)."""

PARTY_PREFIX = "lp-"
_DIGITS_OF_ID = 20

STRONG = {
    "lei": False,
    "imo": False,
    "passport": True,
    "registration": True,
    "tax": True,
    "national_id": True,
}
"""Kinds of identifiers that belong to one party alone, and whether only with their country."""

SINGLE = frozenset({"lei", "imo"})
"""Kinds of which a party has one: two different ones are two parties."""

_LEAST_OF_IDENTIFIER = 5
_LEAST_OF_ADDRESS = 3
_MOST_OF_A_NAME = 60
"""Entries that bear one name; a name of more of them tells nobody apart."""
_WORDS_OF_PERSON = 3
_WORDS_OF_OTHERS = 3
_LONG_WORD = 4
_LONG_NAME = 14
_FULL_DATE = 10
_ORGANISED = frozenset({Schema.ORGANISATION, Schema.COMPANY, Schema.LEGAL_ENTITY})
_VEHICLES = frozenset({Schema.VESSEL, Schema.AIRPLANE})
_SIGNS = re.compile(r"[^\w]+|_+", re.UNICODE)
_KEPT_TOGETHER = re.compile(r"['’`´ʼ]")


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
            return say("Both entries have {kind:term} {value}.", kind=self.kind, value=self.value)
        if self.rule is JoinRule.HAND:
            return say("A person joined the two entries.")
        agreeing = [say(_AGREEING[one]) for one in self.agreements]
        return say(
            "Both entries have the name {value}, and {agreeing}.",
            value=self.value,
            agreeing=agreeing,
        )


def party_id_of(key: Key) -> str:
    """Return the id of a party that first appeared under an entry, the same on every node."""
    return PARTY_PREFIX + digest(list(key))[:_DIGITS_OF_ID]


@lru_cache(maxsize=65_536)
def normal_name(text: str) -> str:
    """Return a name as it is compared for equality: its words in order of letters.

    Case, marks on letters, punctuation and the order of words do not count;
    single letters that stand together are one word.

    >>> normal_name("GARCÍA, José"), normal_name("Jose Garcia"), normal_name("A.B.C. Co., Ltd.")
    ('garcia jose', 'garcia jose', 'abc co ltd')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = _SIGNS.sub(" ", _KEPT_TOGETHER.sub("", unicodedata.normalize("NFC", bare))).split()
    return " ".join(sorted(_letters_together(words)))


def _letters_together(words: Sequence[str]) -> Iterator[str]:
    held = ""
    for word in words:
        if len(word) == 1:
            held += word
            continue
        if held:
            yield held
            held = ""
        yield word
    if held:
        yield held


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
    now = {one.key: _Traits.of(one) for one in entries}
    past = {one.key: _Traits.of(one, is_gone=True) for one in gone if one.key not in now}
    traits = now | past
    groups = _Groups(traits, joined, apart)
    found: list[Join] = []
    for one in (*_stated(traits), *_identified(traits), *_named(traits)):
        if groups.unite(one):
            found.append(one)
    return tuple(found)


def contradiction(one: ListEntry, other: ListEntry) -> bool:
    """Say whether two entries cannot be one party: what is known of one excludes the other."""
    return _contradict(_Traits.of(one), _Traits.of(other))


@dataclass(frozen=True, slots=True)
class _Traits:
    """An entry as it is compared."""

    entry: ListEntry
    names: frozenset[str]
    identifiers: frozenset[tuple[str, str, str]]
    countries: frozenset[str]
    is_gone: bool = False
    addresses: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, entry: ListEntry, *, is_gone: bool = False) -> _Traits:
        """Return the traits of an entry."""
        names = (normal_name(one.text) for one in entry.names if not one.is_weak)
        found = (_identifier(one) for one in entry.identifiers)
        addresses = (normal_name(one) for one in entry.addresses)
        return cls(
            entry,
            frozenset(one for one in names if one),
            frozenset(one for one in found if one is not None),
            frozenset((*entry.countries, *entry.nationalities)),
            is_gone,
            frozenset(one for one in addresses if len(one.split()) >= _LEAST_OF_ADDRESS),
        )


def _identifier(one: Identifier) -> tuple[str, str, str] | None:
    """Return an identifier that tells parties apart as it is compared, or None."""
    needs_country = STRONG.get(one.kind)
    if needs_country is None or (needs_country and not one.country):
        return None
    value = "".join(sign for sign in one.value.upper() if sign.isalnum())
    if len(value) < _LEAST_OF_IDENTIFIER or len(set(value)) < 2:
        return None
    return one.kind, one.country if needs_country else "", value


def _stated(traits: dict[Key, _Traits]) -> Iterator[Join]:
    pairs = {
        _pair(key, other)
        for key, one in traits.items()
        for other in one.entry.same_as
        if other in traits and other != key
    }
    for first, second in sorted(pairs):
        yield Join(first, second, JoinRule.ISSUER)


def _identified(traits: dict[Key, _Traits]) -> Iterator[Join]:
    by_identifier: defaultdict[tuple[str, str, str], list[Key]] = defaultdict(list)
    for key, one in traits.items():
        for identifier in one.identifiers:
            by_identifier[identifier].append(key)
    for (kind, _, value), keys in sorted(by_identifier.items()):
        for first, second in _pairs(keys):
            one, other = traits[first], traits[second]
            if _stand_together(one, other) and not one.names & other.names:
                continue
            if not _contradict(one, other):
                yield Join(first, second, JoinRule.IDENTIFIER, value, kind)


def _named(traits: dict[Key, _Traits]) -> Iterator[Join]:
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
            agreements = () if _contradict(one, other) else _agreements(name, one, other)
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


def _agreements(name: str, one: _Traits, other: _Traits) -> tuple[Agreement, ...]:
    """Return what agrees beside a name; empty when it is not enough for one party."""
    found = []
    birth = _births(one.entry, other.entry)
    if birth:
        found.append(Agreement.BIRTH_DATE)
    shares_country = bool(one.countries & other.countries)
    if shares_country:
        found.append(Agreement.COUNTRY)
    if one.addresses & other.addresses:
        found.append(Agreement.ADDRESS)
    is_silent = not one.countries or not other.countries
    is_rare = is_distinctive(name, is_person=_is_person(one, other))
    if not (shares_country or is_silent) and birth < _FULL_DATE:
        return ()  # a country on both sides, and none shared
    if _stand_together(one, other):
        tells_more = birth == _FULL_DATE or Agreement.ADDRESS in found
        return tuple(found) if tells_more and (is_rare or shares_country) else ()
    if _is_person(one, other):
        is_enough = birth == _FULL_DATE or (shares_country and bool(birth))
    else:
        is_enough = Agreement.ADDRESS in found or (shares_country and " " in name)
    if not is_enough and is_rare:
        found.append(Agreement.RARE_NAME)
    return tuple(found) if is_enough or is_rare else ()


def is_distinctive(name: str, *, is_person: bool) -> bool:
    """Say whether few can bear a normal name: three words, or of a company two long ones.

    >>> is_distinctive("ivan petrov", is_person=True)
    False
    >>> is_distinctive("co ltd quorvane semiconductors", is_person=False)
    True
    """
    words = [one for one in name.split() if len(one) > 1]
    if is_person:
        return len(words) >= _WORDS_OF_PERSON
    telling = [one for one in words if len(one) >= _LONG_WORD or not one.isascii()]
    is_long = len(telling) > 1 and sum(map(len, telling)) >= _LONG_NAME
    return len(telling) >= _WORDS_OF_OTHERS or is_long


def _births(one: ListEntry, other: ListEntry) -> int:
    """Return how many signs of a date of birth agree: 10 for a day, 4 for a year, 0 for none."""
    return max(
        (
            min(len(a), len(b))
            for a in one.birth_dates
            for b in other.birth_dates
            if a.startswith(b) or b.startswith(a)
        ),
        default=0,
    )


def _contradict(one: _Traits, other: _Traits) -> bool:
    first, second = one.entry, other.entry
    if not _may_be_one(first.schema, second.schema):
        return True
    if first.birth_dates and second.birth_dates and not _births(first, second):
        return True
    for kind in SINGLE:
        mine = {one for one in one.identifiers if one[0] == kind}
        theirs = {one for one in other.identifiers if one[0] == kind}
        if mine and theirs and not mine & theirs:
            return True
    return False


def _may_be_one(first: Schema, second: Schema) -> bool:
    if first is second:
        return first is not Schema.ADDRESS
    if Schema.LEGAL_ENTITY in (first, second):
        return {first, second} <= _ORGANISED | {Schema.PERSON}
    return {first, second} <= _ORGANISED


def _is_person(one: _Traits, other: _Traits) -> bool:
    return Schema.PERSON in (one.entry.schema, other.entry.schema)


def _stand_together(one: _Traits, other: _Traits) -> bool:
    """Say whether two entries stand in one list at the same time."""
    same = one.entry.list_id == other.entry.list_id
    return same and not one.is_gone and not other.is_gone


def _as_written(entry: ListEntry, name: str) -> str:
    return next((one.text for one in entry.names if normal_name(one.text) == name), name)


def _pair(first: Key, second: Key) -> tuple[Key, Key]:
    return (first, second) if first < second else (second, first)


class _Groups:
    """Entries that are one party so far."""

    def __init__(
        self,
        traits: dict[Key, _Traits],
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
            _contradict(known[a], known[b]) for a, b in pairs if a in known and b in known
        )
