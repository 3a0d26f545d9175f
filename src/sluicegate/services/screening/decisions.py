"""What people decided about alerts in cases, read as new facts by the next run of screening.

An alert that was cleared makes an allowance for each match in it, one that was
confirmed confirms them. A decision is taken in once: what is found anew after
it waits for a judgement of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sluicegate.cases.case import Alert, CaseEvent, DecisionKind, Judgement
from sluicegate.cases.events import Decided, EventKind, said_by
from sluicegate.core.calendars import Period, legal_day
from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import FindingId, RuleId, TenantId, finding_id
from sluicegate.core.trace import Figure
from sluicegate.services.access.principals import Scope
from sluicegate.services.findings import SubjectKind
from sluicegate.services.ports.matches import (
    Allowance,
    AllowanceState,
    Cause,
    Match,
    MatchState,
)
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.screened import Screened

RULE = RuleId("assess.kyc.listed_party")
"""The rule by which a match makes a finding."""

MATCH = "match"
"""Label of the figures in a finding's trace that name its matches."""

_KINDS = {
    Judgement.CLEARED: DecisionKind.CLEAR,
    Judgement.CONFIRMED: DecisionKind.CONFIRM,
}


@dataclass(frozen=True)
class Taken:
    """What was taken in: new allowances, and match id → the event that confirmed it."""

    allowances: Sequence[Allowance]
    confirmed: Mapping[str, str]


@dataclass(frozen=True)
class _Decision:
    event: CaseEvent
    said: Decided
    matches: tuple[str, ...]


def finding_of(tenant: TenantId, customer_id: str, key: str) -> FindingId:
    """Return the id of the finding about a customer and a listed party by its first id."""
    return finding_id(tenant, f"{SubjectKind.CUSTOMER.value}:{customer_id}", RULE, key)


def taken_in(
    store: Store,
    tenant: TenantId,
    screened: Screened,
    held: Mapping[str, Match],
    allowances: Sequence[Allowance],
    *,
    lasts: Period,
) -> Taken:
    """Read what was decided in cases since the last run.

    `lasts` is how long the clearing of an alert holds, from its day.
    """
    used = {(one.source, one.party_id, one.listed_id) for one in allowances if one.source}
    made: list[Allowance] = []
    confirmed: dict[str, str] = {}
    for decision in _decisions(store, tenant, screened, held):
        event = decision.event
        for identifier in decision.matches:
            match = held.get(identifier)
            if match is None or match.state not in (MatchState.OPEN, MatchState.CONFIRMED):
                continue
            if decision.said.decision is DecisionKind.CONFIRM:
                if not _was_taken(store, identifier, event.event_id):
                    confirmed[identifier] = event.event_id
            elif (event.event_id, match.party_id, match.listed_id) not in used:
                made.append(_allowance(match, decision, lasts))
    return Taken(made, confirmed)


def _was_taken(store: Store, match_id: str, event_id: str) -> bool:
    return any(
        one.cause is Cause.DECIDED and one.cause_id == event_id
        for one in store.matches.outcomes(match_id)
    )


def _allowance(match: Match, decision: _Decision, lasts: Period) -> Allowance:
    event, said = decision.event, decision.said
    return Allowance(
        allowance_id=_allowance_id(event.event_id, match.match_id),
        party_id=match.party_id,
        listed_id=match.listed_id,
        state=AllowanceState.STANDING,
        reason=event.reason,
        expires=lasts.after(legal_day(event.at)),
        party_essence=match.party_essence,
        listed_essence=match.listed_essence,
        entries=match.entries,
        score=match.pair.score,
        made_by=said.proposed_by or event.by,
        made_at=event.at,
        checked_by=event.by if said.proposed_by else "",
        source=event.event_id,
    )


def _allowance_id(event_id: str, match_id: str) -> str:
    return "a-" + digest([event_id, match_id])[:16]


def _decisions(
    store: Store, tenant: TenantId, screened: Screened, held: Mapping[str, Match]
) -> Iterator[_Decision]:
    """Yield the last decision about each alert of a match that is judged, in order of alerts."""
    ids = {
        finding_of(tenant, customer, one.key)
        for one in held.values()
        if one.state.is_alert
        for customer in screened.customers_of(one.party_id)
    }
    if not ids:
        return
    places = {name: place for name, place in store.cases.alert_places().items() if name in ids}
    cases = store.cases.standing({one.case_id for one in places.values()})
    judged: dict[str, tuple[str, Alert]] = {}
    for case_id, case in cases.items():
        for alert in case.alerts:
            if alert.alert_id in ids and alert.judgement is not Judgement.NONE:
                judged[alert.alert_id] = (case_id, alert)
    documents = store.cases.findings(judged)
    events: dict[str, Sequence[CaseEvent]] = {}
    for name in sorted(judged):
        case_id, alert = judged[name]
        if case_id not in events:
            events[case_id] = store.cases.events(case_id, Scope(tenant))
        last = _last(events[case_id], alert)
        if last is not None and name in documents:
            event, said = last
            trace = Figure.from_json(dict(documents[name]["trace"]))
            yield _Decision(event, said, tuple(matches_named(trace)))


def _last(events: Sequence[CaseEvent], alert: Alert) -> tuple[CaseEvent, Decided] | None:
    """Return the decision by which an alert has its judgement."""
    for event in reversed(events):
        if event.kind == EventKind.DECIDED.value:
            said = said_by(event)
            assert isinstance(said, Decided)
            if alert.alert_id in said.alerts and said.decision is _KINDS[alert.judgement]:
                return event, said
    return None


def matches_named(trace: Figure) -> Iterator[str]:
    """Yield the ids of the matches that a finding's trace names."""
    for child in trace.children:
        if child.label == MATCH and child.name:
            yield child.name
