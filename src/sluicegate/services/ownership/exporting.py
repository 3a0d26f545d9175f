"""Statements about what the registry knows of ownership, for others to read.

Every party is a record, every pair of owner and owned a relationship; ids are
those of the registry, and the id of a statement is a digest of what it says, so
that the same knowledge gives the same file. What a role tells beside shares
becomes interests again; an owner whom nobody can name stays a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holding, upstream
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import Customer, CustomerKind
from sluicegate.services.ownership.roles import (
    UNNAMED,
    UNSPECIFIED_ID,
    has_open_share,
    role_parts,
    unspecified_of,
)
from sluicegate.services.ownership.statements import (
    CONTROL_INTERESTS,
    SHAREHOLDING,
    Directness,
    Interest,
    RecordStatus,
    StatedParty,
    StatedRelationship,
    StatedShare,
    Statement,
    Unspecified,
)

_ID_CHARACTERS = 40
_SUBJECTS = {name: code for code, name in UNNAMED.items()}
_CONTROL = "otherInfluenceOrControl"


@dataclass(frozen=True, slots=True)
class Publication:
    """What stands on every statement: the day it is about and published on, and by whom.

    `share` and `majority` are those from which an individual is a beneficial owner.
    """

    day: date
    publisher: str
    share: Fraction
    majority: Fraction


def statements_of(
    graph: OwnershipGraph,
    customers: Mapping[str, Customer],
    publication: Publication,
    *,
    party: PartyId | None = None,
) -> Iterator[Statement]:
    """Yield what is known of everybody, or of one party and those above it, parties first."""
    if party is None:
        holdings = [h for owned in sorted(graph.holdings) for h in graph.holdings[owned]]
    else:
        holdings = sorted(upstream(graph.holdings, party), key=lambda h: (h.owned, h.owner))
    about = _subjects(holdings, party)
    for name, subject in sorted(about.items()):
        yield _party(graph, name, customers.get(name), subject, publication)
    attributed = graph.attributed()
    beneficial: dict[PartyId, frozenset[PartyId]] = {}
    for holding in holdings:
        if holding.owned not in beneficial:
            owners = attributed.beneficial_owners(
                holding.owned, publication.share, majority=publication.majority
            )
            beneficial[holding.owned] = frozenset(one.party.party_id for one in owners)
        yield _relationship(
            holding, holding.owner in beneficial[holding.owned], party or holding.owned, publication
        )


def _subjects(holdings: Iterable[Holding], party: PartyId | None) -> dict[PartyId, PartyId]:
    """Return each party that is a record → the party that its network is about."""
    found: dict[PartyId, PartyId] = {} if party is None else {party: party}
    for holding in holdings:
        found[holding.owned] = party or holding.owned
        if not holding.owner.startswith(UNSPECIFIED_ID):
            found.setdefault(holding.owner, party or holding.owned)
    return found


def _party(
    graph: OwnershipGraph,
    name: PartyId,
    customer: Customer | None,
    about: PartyId,
    publication: Publication,
) -> Statement:
    known = graph.party(name)
    is_person = known.kind is CustomerKind.INDIVIDUAL
    shown = known.name or ""
    type_ = _SUBJECTS.get(shown, "knownPerson" if is_person else "registeredEntity")
    is_named = shown not in _SUBJECTS
    record = StatedParty(
        is_person=is_person,
        type=type_,
        names=(shown,) if shown and is_named else (),
        countries=(known.country,) if known.country else (),
        birth_date="" if customer is None or not is_person else _day(customer.birth_date),
        identifiers=_identifiers(customer),
        unspecified=None if is_named else Unspecified("informationUnknownToPublisher"),
    )
    return _statement(name, about, record, "registry", publication)


def _identifiers(customer: Customer | None) -> tuple[tuple[str, str], ...]:
    if customer is None or customer.customer_kind is CustomerKind.INDIVIDUAL:
        return ()
    found = []
    if customer.lei:
        found.append(("XI-LEI", customer.lei))
    if customer.registration_number:
        found.append((f"{customer.country}-REGISTER", customer.registration_number))
    return tuple(found)


def _relationship(
    holding: Holding, is_beneficial: bool, about: PartyId, publication: Publication
) -> Statement:
    edge = holding.edge
    role = None if edge is None else edge.role
    told = unspecified_of(role)
    source = "account" if edge is None else edge.source
    name = "r-" + digest([source, holding.owner, holding.owned])[:24]
    if told is not None:
        record = StatedRelationship(holding.owned, told, has_interests=False)
        return _statement(name, about, record, source, publication)
    start = None if edge is None else edge.valid_from
    end = None if edge is None else edge.valid_to
    interests = tuple(_interests(holding, role, is_beneficial, start, end))
    record = StatedRelationship(holding.owned, holding.owner, interests)
    return _statement(name, about, record, source, publication)


def _interests(
    holding: Holding, role: str | None, is_beneficial: bool, start: date | None, end: date | None
) -> Iterator[Interest]:
    """Yield the shares, then what the role tells beside them, then control of no stated kind."""
    parts = [one for one in role_parts(role) if one.code != SHAREHOLDING or one.is_indirect]
    directs = any(one.code in CONTROL_INTERESTS or one.is_indirect for one in parts)
    directs = directs or any(one.code == "votingRights" for one in parts)

    def interest(code: str, share: StatedShare | None, direct: Directness) -> Interest:
        details = {"details": role} if role and not role_parts(role) else {}
        return Interest(code, direct, is_beneficial, share, start, end, details)

    if not holding.is_unknown:
        share = StatedShare.between(holding.low, holding.high)
        yield interest(SHAREHOLDING, share, Directness.DIRECT)
    elif has_open_share(holding):
        yield interest(SHAREHOLDING, None, Directness.UNKNOWN)
    for one in parts:
        direct = Directness.INDIRECT if one.is_indirect else Directness.DIRECT
        yield interest(one.code, one.share, direct)
    if holding.has_control and not directs:
        yield interest(_CONTROL, None, Directness.UNKNOWN)


def _statement(
    name: str,
    about: PartyId,
    record: StatedParty | StatedRelationship,
    source: str,
    publication: Publication,
) -> Statement:
    day = publication.day.isoformat()
    rest: dict[str, Any] = {
        "publicationDetails": {
            "publicationDate": day,
            "bodsVersion": "0.4",
            "publisher": {"name": publication.publisher},
        },
        "source": {"type": ["thirdParty"], "description": source},
    }
    return Statement(
        statement_id=digest([name, about, day, repr(record)])[:_ID_CHARACTERS],
        record_id=name,
        declaration_subject=about,
        stated_on=day,
        status=RecordStatus.NEW,
        record=record,
        rest=rest,
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
