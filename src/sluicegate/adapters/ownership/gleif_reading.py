"""Read level 2 of the GLEIF as statements of ownership: relationships and reporting exceptions.

Who consolidates a party in its accounts controls it; a branch is a part of its
head office; a fund's manager has rights by contract. A share that is told is
one of the shares. A reporting exception is an owner that nobody names, with the
reason. Parties are known by their LEIs, since level 2 tells no names.

Source: RR-CDF 2.1 and Reporting Exceptions Format 2.1 of the GLEIF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sluicegate.adapters.lists.gleif_exceptions import (
    ReportingException,
    knows_exceptions,
    read_exceptions,
)
from sluicegate.adapters.lists.gleif_relationships import (
    LegalRelationship,
    knows_relationships,
    read_relationships,
)
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.readers import Head
from sluicegate.adapters.lists.source import ListFileError, files_at
from sluicegate.adapters.ownership.bods_reading import Refused
from sluicegate.registry.native import Fault
from sluicegate.services.ownership.statements import (
    SHAREHOLDING,
    Directness,
    Interest,
    StatedParty,
    StatedRelationship,
    StatedShare,
    Statement,
    Unspecified,
)

_KINDS: Mapping[str, tuple[str, Directness]] = {
    "IS_DIRECTLY_CONSOLIDATED_BY": ("otherInfluenceOrControl", Directness.DIRECT),
    "IS_ULTIMATELY_CONSOLIDATED_BY": ("otherInfluenceOrControl", Directness.INDIRECT),
    "IS_INTERNATIONAL_BRANCH_OF": ("controlByLegalFramework", Directness.DIRECT),
    "IS_FUND-MANAGED_BY": ("rightsGrantedByContract", Directness.DIRECT),
}
"""Kind of the GLEIF → interest of BODS; other kinds tell of funds and say nothing of control."""

_NOT_SAID = "informationUnknownToPublisher"
_NOT_PUBLIC = "interestedPartyExemptFromDisclosure"
_REASONS: Mapping[str, str] = {
    "NATURAL_PERSONS": _NOT_SAID,
    "NO_LEI": _NOT_SAID,
    "NO_KNOWN_PERSON": "noBeneficialOwners",
    "NON_PUBLIC": _NOT_PUBLIC,
    "BINDING_LEGAL_COMMITMENTS": _NOT_PUBLIC,
    "LEGAL_OBSTACLES": _NOT_PUBLIC,
    "DISCLOSURE_DETRIMENTAL": _NOT_PUBLIC,
    "DETRIMENT_NOT_EXCLUDED": _NOT_PUBLIC,
    "CONSENT_NOT_OBTAINED": _NOT_PUBLIC,
}
"""Reason of the GLEIF → unspecifiedReason of BODS."""

_NO_PARENT = "NON_CONSOLIDATING"
"""No parent draws up accounts with the party in them; that says nothing of its owners."""

_NO_DAY = "0001-01-01"
_PUBLISHER = {"publicationDetails": {"publisher": {"name": "GLEIF"}}}


def is_gleif(file: Path) -> bool:
    """Say whether a file is one of level 2."""
    try:
        found = files_at(file)[0]
        head = Head(found.name, found.head)
    except ListFileError:
        return False
    return knows_relationships(head) or knows_exceptions(head)


def read_gleif(file: Path) -> Iterator[Statement | Refused | str]:
    """Yield the statements of a file, what is refused, and what says nothing here.

    The line of a statement is the number of its record. Raises ProblemsError
    when the file is cut short or damaged.
    """
    notes, parents = Notes(), set[str]()
    found = files_at(file)[0]
    if knows_exceptions(Head(found.name, found.head)):
        for number, exception in enumerate(read_exceptions(file, notes), 1):
            yield _not_named(exception, number)
    else:
        for number, one in enumerate(read_relationships(file, notes), 1):
            yield from _related(one, number, parents)
    for problem in notes.closed():
        fault = Fault(problem.field, problem.problem, problem.way_out)
        yield Refused(problem.line or 0, (fault,), {})


def _related(one: LegalRelationship, number: int, parents: set[str]) -> Iterator[Statement | str]:
    if one.is_void:
        yield "annulled or told twice"
    elif one.kind not in _KINDS:
        yield f"relationship {one.kind}"
    elif not one.is_active and one.until is None:
        yield "no longer active, without a last day"
    else:
        if one.parent not in parents:
            parents.add(one.parent)
            numbers = (("XI-LEI", one.parent),)
            party = StatedParty(is_person=False, type="registeredEntity", identifiers=numbers)
            yield _statement(one.parent, one.parent, number, party)
        record = StatedRelationship(one.child, one.parent, _interests(one))
        yield _statement(f"{one.child}/{one.kind}/{one.parent}", one.child, number, record)


def _interests(one: LegalRelationship) -> tuple[Interest, ...]:
    code, directness = _KINDS[one.kind]
    bare = Interest(code, directness, start=one.since, end=one.until, rest={"note": one.kind})
    if one.share is None:
        return (bare,)
    share = StatedShare.between(one.share, one.share)
    return bare, replace(bare, type=SHAREHOLDING, share=share, rest={})


def _not_named(one: ReportingException, number: int) -> Statement | str:
    if set(one.reasons) == {_NO_PARENT}:
        return f"exception {_NO_PARENT}"
    reason = next((one for one in one.reasons if one != _NO_PARENT), "")
    words = f"{one.category}: {', '.join(one.reasons)}"
    told = Unspecified(_REASONS.get(reason, "unknown"), words)
    record = StatedRelationship(one.lei, told, (Interest("unknownInterest"),))
    return _statement(f"{one.lei}/{one.category}", one.lei, number, record)


def _statement(
    key: str, subject: str, number: int, record: StatedParty | StatedRelationship
) -> Statement:
    return Statement(key, key, subject, _NO_DAY, None, record, number, _PUBLISHER)
