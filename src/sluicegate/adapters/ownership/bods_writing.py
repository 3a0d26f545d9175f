"""Write statements as BODS v0.4: each as it was read, each new one as the standard asks."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sluicegate.adapters.ownership.bods_fields import SHARE_BOUNDS
from sluicegate.services.ownership.statements import (
    Interest,
    StatedParty,
    StatedRelationship,
    StatedShare,
    Statement,
    Unspecified,
)

_KEPT = "entityTypeDetails"


def bods_document(statement: Statement) -> dict[str, Any]:
    """Return a statement as its JSON object; percentages are exact numbers."""
    record = statement.record
    details = _relationship(record) if isinstance(record, StatedRelationship) else _party(record)
    document: dict[str, Any] = {
        "statementId": statement.statement_id,
        "declarationSubject": statement.declaration_subject,
        "statementDate": statement.stated_on,
        **statement.rest,
        "recordId": statement.record_id,
        "recordType": statement.type.value,
    }
    if statement.status is not None:
        document["recordStatus"] = statement.status.value
    return {**document, "recordDetails": details}


def _party(party: StatedParty) -> dict[str, Any]:
    """Return the details of a party; what was read beside them stands as it was."""
    rest = {name: value for name, value in party.rest.items() if name != _KEPT}
    details: dict[str, Any] = {"isComponent": party.is_component}
    if party.is_person:
        details["personType"] = party.type
        if party.names and "names" not in rest:
            details["names"] = [{"fullName": name} for name in party.names]
        if party.birth_date:
            details["birthDate"] = party.birth_date
        _add(details, "unspecifiedPersonDetails", party.unspecified)
    else:
        form = {"type": party.type}
        if party.subtype:
            form["subtype"] = party.subtype
        if _KEPT in party.rest:
            form["details"] = party.rest[_KEPT]
        details["entityType"] = form
        if party.names:
            details["name"] = party.names[0]
        if len(party.names) > 1:
            details["alternateNames"] = list(party.names[1:])
        _add(details, "unspecifiedEntityDetails", party.unspecified)
    if party.identifiers and "identifiers" not in rest:
        details["identifiers"] = [{"scheme": s, "id": i} for s, i in party.identifiers]
    if party.countries:
        places = [{"name": code, "code": code} for code in party.countries]
        if party.is_person:
            details["nationalities"] = places
        else:
            details["jurisdiction"] = places[0]
    return {**details, **rest}


def _relationship(told: StatedRelationship) -> dict[str, Any]:
    details: dict[str, Any] = {
        "isComponent": told.is_component,
        "subject": _side(told.subject),
        "interestedParty": _side(told.interested_party),
    }
    if told.has_interests:
        details["interests"] = [_interest(one) for one in told.interests]
    if told.components is not None:
        details["componentRecords"] = list(told.components)
    return {**details, **told.rest}


def _side(side: str | Unspecified) -> str | dict[str, str]:
    return side if isinstance(side, str) else _unspecified(side)


def _unspecified(told: Unspecified) -> dict[str, str]:
    document = {"reason": told.reason}
    if told.description:
        document["description"] = told.description
    return document


def _add(details: dict[str, Any], name: str, told: Unspecified | None) -> None:
    if told is not None:
        details[name] = _unspecified(told)


def _interest(one: Interest) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if one.type:
        document["type"] = one.type
    if one.directness is not None:
        document["directOrIndirect"] = one.directness.value
    if one.is_beneficial is not None:
        document["beneficialOwnershipOrControl"] = one.is_beneficial
    if one.share is not None:
        document["share"] = _share(one.share)
    if one.start is not None:
        document["startDate"] = one.start.isoformat()
    if one.end is not None:
        document["endDate"] = one.end.isoformat()
    return {**document, **one.rest}


def _share(share: StatedShare) -> Mapping[str, Fraction]:
    bounds = {theirs: getattr(share, ours) for theirs, ours in SHARE_BOUNDS.items()}
    return {name: value for name, value in bounds.items() if value is not None}
