"""An entry as it is compared with others, and what excludes that two of them are one party."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sluicegate.screening.entries import Identifier, ListEntry, Schema
from sluicegate.screening.known_lists import Joins, identifier_kinds

SINGLE = frozenset({"lei", "imo", "tax_number", "registration"})
"""Kinds of which a party has one of a form: two different ones are two parties."""

LONG_WORD = 4
FULL_DATE = 10
"""Signs of a date that tells the day."""

_LEAST_OF_IDENTIFIER = 5
_LEAST_OF_ADDRESS = 3
_WORDS_OF_PERSON = 3
_WORDS_OF_OTHERS = 3
_LONG_NAME = 14
_ORGANISED = frozenset({Schema.ORGANISATION, Schema.COMPANY, Schema.LEGAL_ENTITY})
_SIGNS = re.compile(r"[^\w]+|_+", re.UNICODE)
_KEPT_TOGETHER = re.compile(r"['’`´ʼ]")


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
    telling = [one for one in words if len(one) >= LONG_WORD or not one.isascii()]
    is_long = len(telling) > 1 and sum(map(len, telling)) >= _LONG_NAME
    return len(telling) >= _WORDS_OF_OTHERS or is_long


@dataclass(frozen=True, slots=True)
class Traits:
    """An entry as it is compared; `is_gone` where its list has it no more.

    Weak names are left out; `identifiers` are (kind, country, value) of those
    that belong to one party alone.
    """

    entry: ListEntry
    names: frozenset[str]
    identifiers: frozenset[tuple[str, str, str]]
    countries: frozenset[str]
    addresses: frozenset[str]
    is_gone: bool = False

    @property
    def words(self) -> frozenset[str]:
        """The long words of its names."""
        return frozenset(
            word for name in self.names for word in name.split() if len(word) >= LONG_WORD
        )

    @property
    def primary(self) -> str:
        """The name by which it is shown, as it is compared."""
        return normal_name(self.entry.primary_name)

    @classmethod
    def of(cls, entry: ListEntry, *, is_gone: bool = False) -> Traits:
        """Return the traits of an entry."""
        names = (normal_name(one.text) for one in entry.names if not one.is_weak)
        found = (_identifier(one) for one in entry.identifiers)
        addresses = (normal_name(one) for one in entry.addresses)
        return cls(
            entry,
            frozenset(one for one in names if one),
            frozenset(one for one in found if one is not None),
            frozenset((*entry.countries, *entry.nationalities)),
            frozenset(one for one in addresses if len(one.split()) >= _LEAST_OF_ADDRESS),
            is_gone,
        )


def _identifier(one: Identifier) -> tuple[str, str, str] | None:
    """Return an identifier that tells parties apart as it is compared, or None."""
    known = identifier_kinds().get(one.kind)
    if known is None or known.joins is Joins.NEVER:
        return None
    needs_country = known.joins is Joins.WITH_COUNTRY
    if needs_country and not one.country:
        return None
    value = "".join(sign for sign in one.value.upper() if sign.isalnum())
    if len(value) < _LEAST_OF_IDENTIFIER or len(set(value)) < 2:
        return None
    return one.kind, one.country if needs_country else "", value


def birth_agreement(one: ListEntry, other: ListEntry) -> int:
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


def contradict(one: Traits, other: Traits) -> bool:
    """Say whether two entries cannot be one party: what is known of one excludes the other."""
    first, second = one.entry, other.entry
    if not _may_be_one(first.schema, second.schema):
        return True
    if first.birth_dates and second.birth_dates and not birth_agreement(first, second):
        return True
    mine, theirs = _numbers_by_form(one), _numbers_by_form(other)
    return any(mine[form].isdisjoint(theirs[form]) for form in mine.keys() & theirs.keys())


def _numbers_by_form(one: Traits) -> dict[tuple[str, str, int], set[str]]:
    """Return the numbers of which a party has one, by kind, country and length.

    Several registers of a country give numbers, of different length as a rule.
    """
    found: dict[tuple[str, str, int], set[str]] = {}
    for kind, country, value in one.identifiers:
        if kind in SINGLE:
            found.setdefault((kind, country, len(value)), set()).add(value)
    return found


def _may_be_one(first: Schema, second: Schema) -> bool:
    if first is second:
        return first is not Schema.ADDRESS
    if Schema.LEGAL_ENTITY in (first, second):
        return {first, second} <= _ORGANISED | {Schema.PERSON}
    return {first, second} <= _ORGANISED


def speak_of_person(one: Traits, other: Traits) -> bool:
    """Say whether one of two entries is a person's."""
    return Schema.PERSON in (one.entry.schema, other.entry.schema)


def stand_together(one: Traits, other: Traits) -> bool:
    """Say whether two entries stand in one list at the same time."""
    same = one.entry.list_id == other.entry.list_id
    return same and not one.is_gone and not other.is_gone


def are_told_apart(one: Traits, other: Traits) -> bool:
    """Say whether one list names both with nothing in common: joins over others are no bridge."""
    if not stand_together(one, other) or one.names & other.names:
        return False
    shares_number = bool(one.identifiers & other.identifiers)
    return not shares_number and birth_agreement(one.entry, other.entry) < FULL_DATE
