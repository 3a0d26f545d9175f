"""The screened party and the listed one as rows of one table, with what is the same marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sluicegate.registry.records import CustomerKind
from sluicegate.screening.entries import ListedName, ListEntry, Schema
from sluicegate.services.dossiers.match import MatchBeside, ScreenedSide
from sluicegate.web.dossier_parts import country_named
from sluicegate.web.listed_words import NAME_KINDS, kind_named, number_named
from sluicegate.web.visit import Visit

_KINDS = {CustomerKind.INDIVIDUAL: Schema.PERSON, CustomerKind.ENTITY: Schema.ORGANISATION}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a side says: its text, what it is, and whether the other side says it too.

    `is_compared` marks the two names that the score compares, `is_weak` a name
    that its issuer marks weak.
    """

    text: str
    note: str = ""
    is_compared: bool = False
    is_weak: bool = False
    is_same: bool = False
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class BesideRow:
    """What both sides say of one thing."""

    name: str
    left: tuple[Said, ...]
    right: tuple[Said, ...]


def beside_rows(visit: Visit, found: MatchBeside) -> list[BesideRow]:
    """Return what is known of both parties, the same things on the same row."""
    side, entries = found.screened, found.listed.shown
    named = country_named(visit.language)
    rows = [
        BesideRow(visit._("Names"), _names(found), _listed_names(visit, found)),
        BesideRow(visit._("Kind"), *_kinds(visit, found)),
        BesideRow(visit._("Birth date"), _texts(_births(side)), _dates(visit, entries)),
        BesideRow(
            visit._("Countries"),
            _texts(named(one) for one in _countries(side)),
            _texts(named(code) for one in entries for code in (*one.countries, *one.nationalities)),
        ),
        BesideRow(visit._("Numbers"), *_numbers(visit, side, entries)),
        BesideRow(
            visit._("Addresses"),
            _texts([side.customer.address or ""] if side.customer else []),
            _texts(text for one in entries for text in one.addresses),
        ),
    ]
    return [_marked(one) for one in rows]


def _texts(texts: Iterable[str]) -> tuple[Said, ...]:
    return tuple(Said(text) for text in dict.fromkeys(texts) if text)


def _names(found: MatchBeside) -> tuple[Said, ...]:
    side = found.screened
    texts = [found.match.pair.name, side.name, *(one.owner_name for one in side.holdings)]
    if side.customer is not None:
        texts.append(side.customer.name)
    compared = found.match.pair.name
    return tuple(
        Said(text, is_compared=text == compared, is_name=True) for text in dict.fromkeys(texts)
    )


def _listed_names(visit: Visit, found: MatchBeside) -> tuple[Said, ...]:
    """Return the names of the listed party, the one that was compared first."""
    names: dict[str, ListedName] = {}
    for entry in found.listed.shown:
        for one in entry.names:
            held = names.get(one.text)
            if held is None or (held.is_weak and not one.is_weak):
                names[one.text] = one
    pair = found.match.pair
    shown = [
        Said(
            one.text,
            visit._(NAME_KINDS[one.kind]),
            is_compared=one.text == pair.alias,
            is_weak=one.is_weak,
            is_name=True,
        )
        for one in names.values()
    ]
    if pair.alias not in names:
        shown.append(Said(pair.alias, is_compared=True, is_weak=pair.is_weak, is_name=True))
    return tuple(sorted(shown, key=lambda one: not one.is_compared))


def _kinds(visit: Visit, found: MatchBeside) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    named = kind_named(visit)
    left = found.match.party_schema
    if found.screened.customer is not None:
        left = _KINDS[found.screened.customer.customer_kind].value
    return _texts([named(left)]), _texts(named(one.schema.value) for one in found.listed.shown)


def _births(side: ScreenedSide) -> Sequence[str]:
    customer = side.customer
    if customer is None or customer.birth_date is None:
        return ()
    return (customer.birth_date.isoformat(),)


def _dates(visit: Visit, entries: Sequence[ListEntry]) -> tuple[Said, ...]:
    places = dict.fromkeys(text for one in entries for text in one.birth_places)
    return (
        *_texts(text for one in entries for text in one.birth_dates),
        *(Said(text, visit._("place of birth")) for text in places),
    )


def _countries(side: ScreenedSide) -> Iterator[str]:
    if side.customer is not None:
        yield side.customer.country
    for one in side.holdings:
        if one.owner_country:
            yield one.owner_country


def _numbers(
    visit: Visit, side: ScreenedSide, entries: Sequence[ListEntry]
) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    customer, left = side.customer, list[Said]()
    if customer is not None:
        if customer.registration_number:
            left.append(Said(customer.registration_number, visit._("Registration number")))
        if customer.lei:
            left.append(Said(customer.lei, visit._("Legal entity identifier")))
    named = number_named(visit)
    right = dict.fromkeys(
        Said(one.value, f"{named(one)} {one.country}".strip())
        for entry in entries
        for one in entry.identifiers
    )
    return tuple(left), tuple(right)


def _marked(row: BesideRow) -> BesideRow:
    """Mark what both sides say in the same words, small or capital."""
    left = {one.text.casefold() for one in row.left}
    both = left & {one.text.casefold() for one in row.right}

    def side(said: tuple[Said, ...]) -> tuple[Said, ...]:
        return tuple(replace(one, is_same=one.text.casefold() in both) for one in said)

    return replace(row, left=side(row.left), right=side(row.right))
