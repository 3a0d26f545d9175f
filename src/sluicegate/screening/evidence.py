"""What is known of two parties beside their names: births, countries, identifiers, addresses.

What agrees raises a score and what contradicts lowers it. What either side does
not tell says nothing. The figures, in natural log-odds, are in
`data/screening/coefficients.yaml`; no labelled data gives them, so they were set
by judgement and are marked so there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sluicegate.screening.model import PartKind
from sluicegate.screening.normal import normalise

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_SIGNS = re.compile(r"[^0-9a-z]")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a party beside its names, in comparable form."""

    births: tuple[tuple[int, int, int], ...] = ()
    countries: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    addresses: tuple[frozenset[str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.births or self.countries or self.identifiers or self.addresses)


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that agrees or contradicts: the part of the score, and its figure."""

    part: PartKind
    figure: str


_NOTHING = Known()
_FIELDS = (
    *("birth_dates", "birth_date", "countries", "country"),
    *("identifiers", "identifier", "addresses", "address"),
)


def known_of(given: Mapping[str, object]) -> Known:
    """Read what an entity or a query tells; the singular of a field is read too."""
    if not any(given.get(field) for field in _FIELDS):
        return _NOTHING
    births = [_birth(text) for text in _texts(given, "birth_dates", "birth_date")]
    identifiers = (
        _SIGNS.sub("", text.casefold()) for text in _texts(given, "identifiers", "identifier")
    )
    addresses = _texts(given, "addresses", "address")
    return Known(
        births=tuple(one for one in births if one is not None),
        countries=frozenset(
            text.strip().upper() for text in _texts(given, "countries", "country") if text.strip()
        ),
        identifiers=frozenset(text for text in identifiers if len(text) >= 5),
        addresses=tuple(words for words in (_place(text) for text in addresses) if len(words) >= 3),
    )


def _texts(given: Mapping[str, object], *fields: str) -> Iterable[str]:
    for field in fields:
        found = given.get(field)
        if isinstance(found, str):
            yield found
        elif isinstance(found, Iterable):
            yield from (str(one) for one in found)


def _birth(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date as far as it tells; 0 where it does not."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    return year, month, day


def _place(text: str) -> frozenset[str]:
    return frozenset(word for word in normalise(text).words if len(word) > 1 or word.isdigit())


def clues(asked: Known, listed: Known) -> tuple[Clue, ...]:
    """Return what agrees and what contradicts, at most one clue a part."""
    found: list[Clue] = []
    if asked.births and listed.births:
        found.append(Clue(PartKind.BIRTH, _births(asked.births, listed.births)))
    if asked.countries and listed.countries:
        shared = asked.countries & listed.countries
        found.append(Clue(PartKind.COUNTRY, "country_shared" if shared else "country_differs"))
    if asked.identifiers & listed.identifiers:
        found.append(Clue(PartKind.IDENTIFIER, "identifier_shared"))
    if any(_same_place(one, other) for one in asked.addresses for other in listed.addresses):
        found.append(Clue(PartKind.ADDRESS, "address_shared"))
    return tuple(found)


_BIRTHS = ("birth_same_day", "birth_same_month", "birth_same_year", "birth_close", "birth_differs")


def _births(asked: Sequence[tuple[int, int, int]], listed: Sequence[tuple[int, int, int]]) -> str:
    """Return the best that any two dates say of each other."""
    return min((_birth_pair(one, other) for one in asked for other in listed), key=_BIRTHS.index)


def _birth_pair(one: tuple[int, int, int], other: tuple[int, int, int]) -> str:
    if one[0] != other[0]:
        return "birth_close" if abs(one[0] - other[0]) == 1 else "birth_differs"
    if not (one[1] and other[1]):
        return "birth_same_year"
    is_swapped = one[1] == other[2] and one[2] == other[1]
    if one[1] != other[1]:
        return "birth_same_month" if is_swapped else "birth_close"
    if not (one[2] and other[2]):
        return "birth_same_month"
    return "birth_same_day" if one[2] == other[2] else "birth_close"


def _same_place(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two addresses share four of five words of the shorter one."""
    return 5 * len(one & other) >= 4 * min(len(one), len(other))
