"""Read statements of BODS v0.4: every fault collected, nothing that is said left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.adapters.ownership.bods_fields import (
    ENTITY_TYPES,
    LEAST_ID,
    MOST_ID,
    PERSON_TYPES,
    SHARE_BOUNDS,
    VERSION,
    Place,
)
from sluicegate.adapters.ownership.elements import Element
from sluicegate.registry.native import Fault
from sluicegate.services.ownership.statements import (
    INTEREST_TYPES,
    Directness,
    Interest,
    RecordStatus,
    RecordType,
    StatedParty,
    StatedRelationship,
    StatedShare,
    Statement,
    Unspecified,
)

_OLD_FORM = ("statementType", "statementID")
_DIRECTNESS = {one.value: one for one in Directness}
_STATUS = {one.value: one for one in RecordStatus}
_TYPES = tuple(one.value for one in RecordType)
_STATEMENT = (
    *("statementId", "statementDate", "declarationSubject"),
    *("recordId", "recordType", "recordStatus", "recordDetails"),
)
_PARTY = ("isComponent", "identifiers")
_COUNTRY_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Refused:
    """An object that is no statement of BODS 0.4, with everything wrong in it."""

    line: int
    faults: tuple[Fault, ...]
    original: Mapping[str, str]


def is_bods(value: Any) -> bool:
    """Say whether an object means to be a statement of BODS, of whatever version."""
    return isinstance(value, Mapping) and bool(
        {"statementId", "recordType", "recordDetails", *_OLD_FORM} & set(value)
    )


def read_bods(found: Iterable[Element]) -> Iterator[Statement | Refused]:
    """Yield the statements of a file in order, and what is refused.

    A statement whose id stands before already is refused; one of another
    version of the standard is refused by its version.
    """
    seen: dict[str, int] = {}
    for element in found:
        if element.fault or not isinstance(element.value, Mapping):
            fault = Fault("", element.fault or "is no JSON object", "give one object a statement")
            yield Refused(element.line, (fault,), {})
            continue
        place = Place(element.value)
        statement = None if _is_old(place) else _statement(place, element.line)
        if statement is not None and statement.statement_id in seen:
            where = seen[statement.statement_id]
            place.wrong(
                "statementId",
                f"{statement.statement_id!r} stands on line {where} already",
                "give each statement an id of its own",
            )
        if place.faults or statement is None:
            yield Refused(element.line, tuple(place.faults), _original(element.value))
            continue
        seen[statement.statement_id] = element.line
        yield statement


def _is_old(place: Place) -> bool:
    """Collect that a statement is of another version, told by its form or its own word."""
    details = place.value.get("publicationDetails")
    stated = details.get("bodsVersion") if isinstance(details, Mapping) else None
    way_out = "convert the file to BODS 0.4 (recordId, recordType and recordDetails)"
    old = next((name for name in _OLD_FORM if name in place.value), None)
    if old is not None:
        version = f"BODS {stated}" if stated and stated != VERSION else "a version before 0.4"
        place.wrong(old, f"is of the form of {version}", way_out)
        return True
    if stated is not None and stated != VERSION:
        place.wrong("publicationDetails.bodsVersion", f"{stated!r} is not {VERSION!r}", way_out)
        return True
    return False


def _statement(place: Place, line: int) -> Statement | None:
    identifier = place.text("statementId", is_required=True)
    if identifier and not LEAST_ID <= len(identifier) <= MOST_ID:
        place.wrong(
            "statementId",
            f"has {len(identifier)} characters",
            f"give an id of {LEAST_ID} to {MOST_ID} characters",
        )
    status = place.code("recordStatus", _STATUS)
    kind = place.code("recordType", _TYPES, is_required=True)
    details = place.inside("recordDetails")
    if details is None and "recordDetails" not in place.value:
        place.wrong("recordDetails", "is missing", "every statement of BODS 0.4 has it")
    stated_on = place.moment("statementDate")
    record_id = place.text("recordId", is_required=True)
    subject = place.text("declarationSubject", is_required=True)
    if details is None or not kind:
        return None
    record = _relationship(details) if kind == "relationship" else _party(details, kind)
    return Statement(
        statement_id=identifier,
        record_id=record_id,
        declaration_subject=subject,
        stated_on=stated_on,
        status=_STATUS.get(status),
        record=record,
        line=line,
        rest=place.rest(*_STATEMENT),
    )


def _party(place: Place, kind: str) -> StatedParty:
    is_component = bool(place.truth("isComponent", is_required=True))
    identifiers = tuple(
        (one.text("scheme") or one.text("schemeName"), one.text("id"))
        for one in place.each("identifiers")
    )
    rest = place.rest("isComponent", "personType", "entityType", "names", "name", "alternateNames")
    if kind == "person":
        return StatedParty(
            is_person=True,
            type=place.code("personType", PERSON_TYPES, is_required=True),
            names=_person_names(place),
            countries=_codes(place.each("nationalities")),
            birth_date=place.birth("birthDate"),
            identifiers=identifiers,
            unspecified=place.unspecified("unspecifiedPersonDetails"),
            is_component=is_component,
            rest={**rest, "names": place.value["names"]} if "names" in place.value else rest,
        )
    form = place.inside("entityType")
    if form is None and "entityType" not in place.value:
        place.wrong("entityType", "is missing", "every entity of BODS 0.4 has it")
    type_ = "" if form is None else form.code("type", tuple(ENTITY_TYPES), is_required=True)
    subtype = "" if form is None else form.code("subtype", ENTITY_TYPES.get(type_, ()))
    details = "" if form is None else form.text("details")
    jurisdiction = place.inside("jurisdiction")
    return StatedParty(
        is_person=False,
        type=type_,
        subtype=subtype,
        names=tuple(
            one
            for one in (place.text("name"), *place.listed("alternateNames"))
            if isinstance(one, str) and one.strip()
        ),
        countries=() if jurisdiction is None else _codes([jurisdiction]),
        identifiers=identifiers,
        unspecified=place.unspecified("unspecifiedEntityDetails"),
        is_component=is_component,
        rest={**rest, "entityTypeDetails": details} if details else rest,
    )


def _person_names(place: Place) -> tuple[str, ...]:
    """Return the names of a person as shown: the whole name, or its parts in order."""
    found = []
    for one in place.each("names"):
        parts = (one.text("givenName"), one.text("patronymicName"), one.text("familyName"))
        name = one.text("fullName") or " ".join(part for part in parts if part)
        if name.strip():
            found.append(name)
    return tuple(found)


def _codes(places: Iterable[Place]) -> tuple[str, ...]:
    """Return ISO alpha-2 codes; a subdivision such as US-DE counts as its country."""
    codes = (one.text("code").strip().upper() for one in places)
    return tuple(dict.fromkeys(code[:_COUNTRY_LENGTH] for code in codes if code))


def _relationship(place: Place) -> StatedRelationship:
    is_component = bool(place.truth("isComponent", is_required=True))
    components = None
    if "componentRecords" in place.value:
        components = tuple(str(one) for one in place.listed("componentRecords"))
    if is_component and components:
        place.wrong(
            "componentRecords",
            "stands in a component itself",
            "name components only where isComponent is false",
        )
    return StatedRelationship(
        subject=_side(place, "subject"),
        interested_party=_side(place, "interestedParty"),
        interests=tuple(_interest(one) for one in place.each("interests")),
        has_interests="interests" in place.value,
        is_component=is_component,
        components=components,
        rest=place.rest(
            "isComponent", "subject", "interestedParty", "interests", "componentRecords"
        ),
    )


def _side(place: Place, name: str) -> str | Unspecified:
    value = place.value.get(name)
    if isinstance(value, Mapping):
        return place.unspecified(name) or ""
    return place.text(name, is_required=True)


def _interest(place: Place) -> Interest:
    start, end = place.day("startDate"), place.day("endDate")
    if start is not None and end is not None and end < start:
        place.wrong("endDate", f"{end} is before startDate {start}", "swap or correct them")
    return Interest(
        type=place.code("type", INTEREST_TYPES),
        directness=_DIRECTNESS.get(place.code("directOrIndirect", tuple(_DIRECTNESS))),
        is_beneficial=place.truth("beneficialOwnershipOrControl"),
        share=_share(place.inside("share")),
        start=start,
        end=end,
        rest=place.rest(
            *("type", "directOrIndirect", "beneficialOwnershipOrControl"),
            *("share", "startDate", "endDate"),
        ),
    )


def _share(place: Place | None) -> StatedShare | None:
    if place is None:
        return None
    bounds = {ours: place.percent(theirs) for theirs, ours in SHARE_BOUNDS.items()}
    given = {name for name, value in bounds.items() if value is not None}
    for one, other in (("minimum", "exclusive_minimum"), ("maximum", "exclusive_maximum")):
        if {one, other} <= given:
            place.wrong(one, "stands beside its exclusive form", "give one of the two")
    if "exact" in given and len(given) > 1 and not _agrees(bounds):
        place.wrong("exact", "does not agree with the bounds beside it", "give exact alone")
    share = StatedShare(**bounds)
    if share.low is not None and share.high is not None and share.low > share.high:
        place.wrong("minimum", "is above the maximum", "swap or correct them")
    return share


def _agrees(bounds: Mapping[str, Any]) -> bool:
    """Say whether an exact share lies within the bounds that stand beside it.

    The standard asked for both before 0.4; some publishers still give both.
    """
    exact = bounds["exact"]
    least, most = bounds["minimum"], bounds["maximum"]
    above, below = bounds["exclusive_minimum"], bounds["exclusive_maximum"]
    return (
        (least is None or least <= exact)
        and (most is None or exact <= most)
        and (above is None or above < exact)
        and (below is None or exact < below)
    )


def _original(value: Mapping[str, Any]) -> dict[str, str]:
    names = ("statementId", "recordId", "recordType")
    return {name: str(value[name]) for name in names if name in value}
