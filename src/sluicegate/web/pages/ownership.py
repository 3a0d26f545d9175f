"""Ownership: who stands above a party, both methods' figures, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from urllib.parse import quote

from starlette.responses import Response

from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import percent
from sluicegate.core.reasons import Sentence
from sluicegate.registry.holdings import Holding
from sluicegate.registry.nominees import is_nominee
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.paths import ShareRange
from sluicegate.registry.records import CustomerKind
from sluicegate.services.access.actions import Action
from sluicegate.services.detectors.listed_ownership import lists_of
from sluicegate.services.dossiers.ownership import held_by, standpoint_above
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.ownership import diligence
from sluicegate.services.ownership.diligence import DiligenceError, Written
from sluicegate.services.ownership.fifty_percent import Regime
from sluicegate.services.ownership.methods import BothMethods, both_methods
from sluicegate.services.ownership.roles import has_open_share
from sluicegate.services.ownership.showing import Standpoint, owners_of, show
from sluicegate.services.ports.ownership_diligence import (
    DiligenceChangedError,
    DiligenceState,
    OwnershipDiligence,
)
from sluicegate.services.screening.standing import ALERTS, listed_on
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import BadQueryError, asked_day, dossier_words
from sluicegate.web.dossier_views import holdings_of, known_at
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_UNFIT = 422
RECORDS = 200
"""Records on one page; the earliest ids in front."""


@dataclass(frozen=True, slots=True)
class MethodShown:
    """Both figures of a party under one rule, and how the rule stands on the day."""

    found: BothMethods
    enforcement: str
    is_in_force: bool
    instrument: str


def list_ownership(visit: Visit) -> Response:
    """Lead to a party, or list the records of what is not known of anybody's ownership."""
    party = visit.query.get("party", "").strip()
    if party:
        return visit.redirect(address_of(party))
    states = {one.value: one for one in DiligenceState}
    asked = visit.query.get("state", DiligenceState.OPEN.value)
    may_read = visit.may(Action.DILIGENCE_READ)
    records = diligence.listed(visit.desk, states.get(asked)) if may_read else ()
    return visit.render(
        "ownership/list.html",
        records=records[:RECORDS],
        count=len(records),
        may_read=may_read,
        states=[(one.value, one.code) for one in DiligenceState],
        chosen=asked if asked in states else "",
        name=_named(_above(visit, [one.party_id for one in records[:RECORDS]])),
        party_at=address_of,
        share=_decimal_share,
        **dossier_words(visit),
    )


def show_party(visit: Visit) -> Response:
    """Show who stands above a party and what is reckoned of it; the reading is an act."""
    party = PartyId(visit.path["party"])
    try:
        day = asked_day(visit, "as_of") or visit.desk.now().date()
        known = known_at(visit)
    except BadQueryError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/ownership")
    point = standpoint_above(visit.desk.store, visit.served.book, party, day, known)
    shown = show(visit.desk, point, party)
    below = held_by(visit.desk.store, party, day, known)
    is_person = point.graph.party(party).kind is CustomerKind.INDIVIDUAL
    return visit.render(
        "ownership/party.html",
        shown=shown,
        held_by=below.holdings,
        owned_name=_named(below.graph),
        is_person=is_person,
        as_of=day,
        is_customer=str(party) in point.customers,
        picture=holdings_of(visit, shown.name, shown.picture),
        owners=owners_of(point, party),
        methods=[] if is_person else _methods(visit, point, party, known),
        record=_record(visit, party),
        chosen={name: visit.query.get(name, "") for name in ("as_of", "known_on")},
        name=_named(point.graph),
        held=_held,
        range=_range,
        is_nominee=is_nominee,
        party_at=address_of,
        share=_decimal_share,
        **dossier_words(visit),
    )


def _above(visit: Visit, parties: Sequence[str]) -> OwnershipGraph:
    """Return what stands above some parties today and what they hold, for their names."""
    known = Knowledge(visit.desk.store, visit.desk.now().date())
    edges, stated = known.stated_above(parties)
    return OwnershipGraph.of([*edges, *known.held_by(parties)], stated)


def address_of(party: str) -> str:
    """Return where the ownership of a party is shown."""
    return f"/ownership/parties/{quote(party, safe='/:@')}"


def _named(graph: OwnershipGraph) -> Callable[[str], str]:
    """Return what names a party as the registry does; an id without a name stands for itself."""

    def shown(party: str) -> str:
        return graph.party(PartyId(party)).name or party

    return shown


def _methods(
    visit: Visit, point: Standpoint, party: PartyId, known_on: datetime | None
) -> list[MethodShown]:
    """Return both methods under each rule, from matches that are open or confirmed."""
    if not visit.may(Action.FINDING_READ):
        return []
    matches = visit.desk.store.matches.matches(states=ALERTS, known_on=known_on)
    listed = lists_of(listed_on(matches))
    found = []
    for regime in Regime:
        both = both_methods(point.graph, party, listed, regime, point.law)
        law, instrument = point.law, regime.instrument
        found.append(
            MethodShown(both, law.enforcement(instrument), law.in_force(instrument), instrument)
        )
    return found


def _record(visit: Visit, party: PartyId) -> OwnershipDiligence | None:
    if not visit.may(Action.DILIGENCE_READ):
        return None
    identifier = diligence.diligence_id(visit.principal.tenant, party)
    return visit.desk.store.ownership_diligence.find(identifier)


def _held(visit: Visit, holding: Holding) -> str:
    """Write the share of a holding: exact, a range, open, or none."""
    if holding.is_unknown:
        return visit._("open") if has_open_share(holding) else "–"
    return _range(visit, ShareRange(holding.low, holding.high))


def _range(visit: Visit, share: ShareRange) -> str:
    """Write a share in percent, or its two ends."""
    if share.low == share.high:
        return percent(share.low)
    return visit._("%(low)s to %(high)s", low=percent(share.low), high=percent(share.high))


def _decimal_share(text: str) -> str:
    """Write decimal text from 0 to 1 in percent."""
    return percent(Fraction(text))


def show_record(visit: Visit) -> Response:
    """Show a record with every version; the reading is an act."""
    return _record_page(visit)


def _record_page(
    visit: Visit,
    faults: Mapping[str, str] | None = None,
    said: Sentence | None = None,
    status: int = 200,
) -> Response:
    versions = diligence.shown(visit.desk, visit.path["record"])
    last = versions[-1]
    return visit.render(
        "ownership/record.html",
        status=status,
        last=last,
        versions=versions[::-1],
        reason=lambda one: diligence.reason_text(one, visit.language),
        is_open=last.state is DiligenceState.OPEN,
        may_work=visit.may(Action.DILIGENCE_WORK),
        given=visit.text,
        faults=faults or {},
        said=said,
        name=_named(_above(visit, [last.party_id])),
        person=people_named(visit, [one.by for one in versions]),
        party_at=address_of,
        share=_decimal_share,
        **dossier_words(visit),
    )


def write_record(visit: Visit) -> Response:
    """Write down what was searched, found and left open, or close the record."""
    record = visit.path["record"]
    act, parts = visit.text("act"), ("searched", "found", "left_open")
    texts = {name: visit.text(name) for name in parts}
    if act == "close" and not visit.text("reason"):
        faults = {"reason": visit._("Say why; a reason is needed.")}
        return _record_page(visit, faults, status=_UNFIT)
    if act != "close" and not any(texts.values()):
        faults = {"searched": visit._("Write at least one of the three.")}
        return _record_page(visit, faults, status=_UNFIT)
    try:
        if act == "close":
            diligence.close(visit.desk, record, reason=visit.text("reason"))
            said = visit._("The record is closed.")
        else:
            written = Written(**{name: text for name, text in texts.items() if text})
            diligence.note(visit.desk, record, written, reason=visit.text("why"))
            said = visit._("It is written down; what stood before stays readable.")
    except DiligenceError as error:
        return _record_page(visit, said=error.sentence, status=_UNFIT)
    except DiligenceChangedError:
        return problem_page(visit, Problem.CONFLICT, back=f"/ownership/records/{record}")
    return visit.redirect(f"/ownership/records/{record}", said)


PAGES: tuple[Page, ...] = (
    page("/ownership", list_ownership, Action.CUSTOMER_READ),
    page("/ownership/records/{record}", show_record, Action.DILIGENCE_READ),
    post("/ownership/records/{record}", write_record, Action.DILIGENCE_WORK),
    page("/ownership/parties/{party:path}", show_party, Action.CUSTOMER_READ),
)
