"""Level 2 of the GLEIF (who owns whom): RR-CDF XML and golden copy CSV, a record at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from sluicegate.adapters.lists.gleif_exceptions import knows_exceptions
from sluicegate.adapters.lists.notes import ISSUER_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.source import ListFile, ListFileError, files_at
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.trees import records, said
from sluicegate.adapters.lists.values import one_day
from sluicegate.screening.entries import ListEntry

_ROOTS = frozenset({"RelationshipData", "RRData"})
_COLUMNS = frozenset({"relationship_startnode_nodeid", "relationship_endnode_nodeid"})
_PERIODS = range(1, 6)
_VOID = frozenset({"ANNULLED", "DUPLICATE"})
"""Standings of a registration under which its record says nothing."""


@dataclass(frozen=True, slots=True)
class LegalRelationship:
    """The holder of one LEI consolidates, manages or feeds that of another.

    `child` and `parent` are LEIs; `kind` is the GLEIF's, such as
    IS_DIRECTLY_CONSOLIDATED_BY; `share` is what the parent holds, from 0 to 1,
    None where it is not said; `until` is the last day, None while it lasts. A
    void one was annulled or stands in another record too.
    """

    child: str
    parent: str
    kind: str
    is_active: bool
    since: date | None = None
    until: date | None = None
    share: Fraction | None = None
    is_void: bool = False


def read_relationships(path: Path, notes: Notes | None = None) -> Iterator[LegalRelationship]:
    """Read a level 2 file, gzip and zip too; problems go to the notes.

    Raises ListFileError when the file is no level 2 file, cut short or damaged.
    """
    notes = notes or Notes()
    file = files_at(path)[0]
    head = Head(file.name, file.head)
    if not knows_relationships(head):
        raise ListFileError(file.name, "is no level 2 file of the GLEIF", "give RR-CDF XML or CSV")
    found = _read_xml(file) if head.root else _read_csv(file, notes)
    for number, one in enumerate(found, 1):
        if one.child and one.parent and one.kind:
            yield one
        else:
            problem = f"record {number} lacks one of its ends or its kind"
            notes.fault(file.name, None, "", problem, ISSUER_WAY_OUT)


def _read_xml(file: ListFile) -> Iterator[LegalRelationship]:
    for record in records(file, frozenset({"RelationshipRecord"})):
        element = record.find("Relationship")
        if element is None:
            element = record
        periods = [
            (said(one, "PeriodType"), said(one, "StartDate"), said(one, "EndDate"))
            for one in element.iterfind("RelationshipPeriods/RelationshipPeriod")
        ]
        amounts = [
            (said(one, "QuantifierUnits"), said(one, "QuantifierAmount"))
            for one in element.iterfind("RelationshipQuantifiers/RelationshipQuantifier")
        ]
        ends = said(element, "StartNode/NodeID"), said(element, "EndNode/NodeID")
        kind, status = said(element, "RelationshipType"), said(element, "RelationshipStatus")
        standing = said(record, "Registration/RegistrationStatus")
        yield _relationship(ends, kind, (status, standing), periods, amounts)


def _read_csv(file: ListFile, notes: Notes) -> Iterator[LegalRelationship]:
    for _line, row in with_header(TableRows(file, notes), _COLUMNS):
        period, amount = "relationship_period", "relationship_quantifiers"
        periods = [
            (
                row.get(f"{period}_{one}_periodtype", ""),
                row.get(f"{period}_{one}_startdate", ""),
                row.get(f"{period}_{one}_enddate", ""),
            )
            for one in _PERIODS
        ]
        amounts = [
            (
                row.get(f"{amount}_{one}_quantifierunits", ""),
                row.get(f"{amount}_{one}_quantifieramount", ""),
            )
            for one in _PERIODS
        ]
        ends = row["relationship_startnode_nodeid"], row["relationship_endnode_nodeid"]
        kind = row.get("relationship_relationshiptype", "")
        status = row.get("relationship_relationshipstatus", "")
        standing = row.get("registration_registrationstatus", "")
        yield _relationship(ends, kind, (status, standing), periods, amounts)


def _relationship(
    ends: tuple[str, str],
    kind: str,
    standing: tuple[str, str],
    periods: list[tuple[str, str, str]],
    amounts: list[tuple[str, str]],
) -> LegalRelationship:
    named = [one for one in periods if one[0] == "RELATIONSHIP_PERIOD"] or periods
    since, until = (named[0][1], named[0][2]) if named else ("", "")
    return LegalRelationship(
        ends[0].strip(),
        ends[1].strip(),
        kind.strip(),
        standing[0].strip() == "ACTIVE",
        one_day(since[:10]),
        one_day(until[:10]),
        next((_share(number) for unit, number in amounts if unit == "PERCENTAGE"), None),
        standing[1].strip() in _VOID,
    )


def _share(text: str) -> Fraction | None:
    try:
        percent = Decimal(text.strip())
    except InvalidOperation:
        return None
    is_share = percent.is_finite() and 0 <= percent <= 100 and len(text) < 40
    return Fraction(percent) / 100 if is_share else None


def knows_relationships(head: Head) -> bool:
    """Say whether a file is one of relationships."""
    return head.root in _ROOTS or head.columns >= _COLUMNS


def _knows(head: Head) -> bool:
    return knows_relationships(head) or knows_exceptions(head)


def _refuse(part: Part, _notes: Notes) -> Iterator[ListEntry]:
    problem = "is the GLEIF's level 2, which says who owns whom and lists no parties"
    way_out = "give level 1; sluicegate ownership import takes level 2 in"
    raise ListFileError(part.file.name, problem, way_out)


READER = Reader("gleif-rr", "gleif", "the GLEIF's level 2", _knows, _refuse)
