"""Write statements of ownership as entities of FollowTheMoney, one after the other.

Shares become Ownership, seats on a board Directorship, everything else an
UnknownLink that says in its role what it is. FollowTheMoney has no form for an
owner that cannot be named: the reason stands in the notes of the owned party.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.quantities import flop_text
from sluicegate.services.ownership.statements import (
    NOMINATOR,
    NOMINEE,
    SHAREHOLDING,
    Interest,
    StatedParty,
    StatedRelationship,
    StatedShare,
    Statement,
    Unspecified,
)

_SEATS = frozenset({"boardMember", "boardChair"})
_TITLES = frozenset({NOMINEE, NOMINATOR})
_IDENTIFIERS: Mapping[str, str] = {"XI-LEI": "leiCode"}


def ftm_documents(statements: Iterable[Statement]) -> Iterator[dict[str, Any]]:
    """Yield an entity for each party and for each kind of interest of a relationship."""
    told = list(statements)
    owned = {one.record.subject for one in told if isinstance(one.record, StatedRelationship)}
    notes = _notes(told)
    for one in told:
        if isinstance(one.record, StatedParty):
            yield _party(one, one.record, one.record_id in owned, notes.get(one.record_id, ()))
        else:
            yield from _links(one, one.record)


def _notes(told: Iterable[Statement]) -> dict[str, tuple[str, ...]]:
    """Return party → why an owner of it is not named, code first."""
    notes: dict[str, tuple[str, ...]] = {}
    for one in told:
        record = one.record
        if isinstance(record, StatedRelationship) and isinstance(
            record.interested_party, Unspecified
        ):
            why = record.interested_party
            text = f"{why.reason}: {why.description}" if why.description else why.reason
            notes[str(record.subject)] = (*notes.get(str(record.subject), ()), text)
    return notes


def _party(
    one: Statement, party: StatedParty, is_owned: bool, notes: Sequence[str]
) -> dict[str, Any]:
    """Return a party; what is owned is a Company, as only an Asset can be owned there."""
    schema = "Person" if party.is_person else "Company" if is_owned else "LegalEntity"
    properties: dict[str, list[str]] = {}
    names = list(party.names)
    if names:
        properties["name"] = names[:1]
    if len(names) > 1:
        properties["alias"] = names[1:]
    if party.countries:
        place = "nationality" if party.is_person else "jurisdiction"
        properties[place] = [code.lower() for code in party.countries]
    if party.birth_date:
        properties["birthDate"] = [party.birth_date]
    for scheme, value in party.identifiers:
        known = _IDENTIFIERS.get(scheme, "idNumber" if party.is_person else "registrationNumber")
        properties.setdefault(known, []).append(value)
    told = [*notes, *([party.unspecified.reason] if party.unspecified else [])]
    if told:
        properties["notes"] = told
    return {"id": one.record_id, "schema": schema, "properties": properties}


def _links(one: Statement, relationship: StatedRelationship) -> Iterator[dict[str, Any]]:
    owner, owned = relationship.interested_party, relationship.subject
    if not isinstance(owner, str) or not isinstance(owned, str):
        return
    shares = [i for i in relationship.interests if i.type == SHAREHOLDING]
    titles = [i for i in relationship.interests if i.type in _TITLES]
    seats = [i for i in relationship.interests if i.type in _SEATS]
    rest = [
        i for i in relationship.interests if i not in shares and i not in titles and i not in seats
    ]
    for interest in shares or titles[:1]:
        properties = {"owner": [owner], "asset": [owned], **_days(interest)}
        if interest.share is not None and interest.share.is_stated and interest in shares:
            properties["percentage"] = [percentage_text(interest.share)]
        if titles:
            properties["role"] = [title.type for title in titles]
        yield _link(one, "Ownership", interest, properties)
    for interest in seats:
        role = "chair of the board" if interest.type == "boardChair" else "member of the board"
        sides = {"director": [owner], "organization": [owned], "role": [role]}
        yield _link(one, "Directorship", interest, {**sides, **_days(interest)})
    for interest in rest:
        sides = {"subject": [owner], "object": [owned], "role": [_role(interest)]}
        yield _link(one, "UnknownLink", interest, {**sides, **_days(interest)})


def _role(interest: Interest) -> str:
    share = interest.share
    told = "" if share is None or not share.is_stated else f" {percentage_text(share)}"
    return f"{interest.type or 'unknownInterest'}{told}"


def _days(interest: Interest) -> dict[str, list[str]]:
    days = {"startDate": interest.start, "endDate": interest.end}
    return {name: [day.isoformat()] for name, day in days.items() if day is not None}


def _link(
    one: Statement, schema: str, interest: Interest, properties: Mapping[str, list[str]]
) -> dict[str, Any]:
    key = digest([one.record_id, schema, interest.type])[:32]
    return {"id": key, "schema": schema, "properties": dict(properties)}


def percentage_text(share: StatedShare) -> str:
    """Write a percentage as text that reads back as the same share.

    >>> from fractions import Fraction
    >>> percentage_text(StatedShare(exact=Fraction(25, 2)))
    '12.5'
    >>> percentage_text(StatedShare(minimum=Fraction(25), maximum=Fraction(50)))
    '25-50'
    """
    if share.exact is not None:
        return flop_text(share.exact)
    least = share.minimum if share.minimum is not None else share.exclusive_minimum
    most = share.maximum if share.maximum is not None else share.exclusive_maximum
    if least is not None and most is not None:
        return f"{flop_text(least)}-{flop_text(most)}"
    if least is not None:
        return f"{'>=' if share.minimum is not None else '>'}{flop_text(least)}"
    assert most is not None
    return f"{'<=' if share.maximum is not None else '<'}{flop_text(most)}"
