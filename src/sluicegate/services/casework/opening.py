"""Cases begin: by a pass, for every subject and jurisdiction it finds something in, or by hand."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from sluicegate.cases import clocks as timing
from sluicegate.cases.case import (
    Alert,
    Case,
    CaseKind,
    Clock,
    ClockState,
    Judgement,
    Priority,
    State,
)
from sluicegate.cases.decisions import close
from sluicegate.cases.docket import Docket
from sluicegate.cases.events import EventKind, Found, Opened, Plain, event_of
from sluicegate.cases.folding import Moment, fold, follow
from sluicegate.cases.priority import priority_of
from sluicegate.cases.rules import CaseRules, is_kind
from sluicegate.cases.timing import begin_own_day
from sluicegate.core.calendars import legal_day
from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import TenantId
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.access.principals import Resource
from sluicegate.services.casework.announcing import tell
from sluicegate.services.casework.owed import Document, alert_of, clocks_of, kind_of
from sluicegate.services.casework.writing import rules_on, write
from sluicegate.services.desk import Desk
from sluicegate.services.ports import Store
from sluicegate.services.ports.casework import CaseChange

PASS_APPLIED = "cases_after_pass"
"""The act of a pass that opened or changed cases."""

PASS_REASON = "pass"


@dataclass(frozen=True)
class PassFound:
    """What a pass found, as stored documents.

    `findings` and `obligations` are all that there are now; `touched` are the
    ids of findings that say something new, or from which something else is owed.
    """

    tenant: TenantId
    as_of: date
    findings: Sequence[Document]
    obligations: Sequence[Document] = ()
    touched: Collection[str] = ()


class Effect(Enum):
    """What a pass did to a case."""

    OPENED = "opened"
    CHANGED = "changed"
    REOPENED = "reopened"
    CLOSED = "closed"
    WOKEN = "woken"


@dataclass(frozen=True)
class AfterPass:
    """What a pass did to the ordinary cases: the ids by effect; sealed ones are counted nowhere."""

    cases: Mapping[Effect, tuple[str, ...]] = field(default_factory=dict)

    def count(self, effect: Effect) -> int:
        """Return how many cases it did something to."""
        return len(self.cases.get(effect, ()))


def case_id_of(tenant: TenantId, subject: str, jurisdiction: str) -> str:
    """Return the id of the case of a subject under a jurisdiction, the same over passes.

    >>> from sluicegate.core.identifiers import DEFAULT_TENANT
    >>> case_id_of(DEFAULT_TENANT, "customer:c-1", "US")
    'c-cac7e90bad2d7e87'
    """
    return "c-" + digest([tenant, subject, jurisdiction])[:16]


def apply_pass(
    store: Store, found: PassFound, book: RuleBook, *, at: datetime, by: str
) -> AfterPass:
    """Open, change, wake, reopen and close cases after a pass; a part of its transaction.

    What is compared is what the cases hold: a pass over the same findings
    changes nothing, and one over a store that had no cases yet opens them all.
    """
    rules = rules_on(book, at)
    touch = _Touch(store, found, book, rules, at, by)
    changes = list(touch.changes())
    woken = list(_woken(store, rules, at, by, {one.after.case_id for one, _ in changes}))
    written = [one for one, _ in (*changes, *woken)]
    if not written:
        return AfterPass()
    with store.transaction():
        store.cases.write(written)
        effects: dict[Effect, list[str]] = defaultdict(list)
        for one, effect in (*changes, *woken):
            if one.after.sealed_for is None:
                effects[effect].append(one.after.case_id)
        after = AfterPass({effect: tuple(ids) for effect, ids in effects.items()})
        _tell(store, written, after, at, by)
    return after


def _tell(
    store: Store, written: Sequence[CaseChange], after: AfterPass, at: datetime, by: str
) -> None:
    """Write the act of the ordinary cases, and one for each sealed case that woke."""
    events = [event.event_id for one in written if not one.after.sealed_for for event in one.events]
    if events:
        record = {effect.value: after.count(effect) for effect in Effect}
        record_of_act = {**record, "events": len(events), "digest": digest(events)}
        store.act(PASS_APPLIED, record_of_act, at=at, by=by, reason=PASS_REASON)
    for one in written:
        if one.after.sealed_for is not None:
            store.act(
                "case_woken",
                {"case": one.after.case_id},
                at=at,
                by=by,
                reason=PASS_REASON,
                sealed_for=one.after.sealed_for,
            )
    tell(store, written, at=at)


class _Touch:
    """The cases that a pass touches, one after the other."""

    def __init__(
        self,
        store: Store,
        found: PassFound,
        book: RuleBook,
        rules: CaseRules,
        at: datetime,
        by: str,
    ) -> None:
        self.store = store
        self.found = found
        self.book = book
        self.rules = rules
        self.law = Law(book, found.as_of)
        self.at = at
        self.by = by
        self.owed: dict[str, list[Document]] = defaultdict(list)
        for one in found.obligations:
            self.owed[one["finding"]].append(one)

    def changes(self) -> Iterator[tuple[CaseChange, Effect]]:
        """Yield each case that is opened or changed, with what was done to it."""
        places = self.store.cases.alert_places()
        wanted = {one["id"]: one for one in self.found.findings if self._opens(one)}
        touched = set(self.found.touched)
        by_case: dict[str, list[Document]] = defaultdict(list)
        for name, one in wanted.items():
            place = places.get(name)
            if name in touched or place is None or place.is_gone:
                by_case[self._case_id(one)].append(one)
        gone: dict[str, list[str]] = defaultdict(list)
        for name, place in places.items():
            if not place.is_gone and name not in wanted:
                gone[place.case_id].append(name)
        ids = sorted({*by_case, *gone})
        held = self.store.cases.standing(ids) if places else {}
        for case_id in ids:
            case = held.get(case_id)
            findings = by_case.get(case_id, [])
            if case is None:
                yield self._opened(case_id, findings), Effect.OPENED
                continue
            changed = _Changed(self, case, findings, gone.get(case_id, ())).change()
            if changed is not None:
                yield changed

    def clocks(self, finding: Document) -> tuple[Clock, ...]:
        """Return the clocks of what is owed because of a finding."""
        return clocks_of(finding, self.owed.get(finding["id"], ()), self.book, self.law)

    def _opens(self, finding: Document) -> bool:
        return is_kind(kind_of(finding), self.rules.opens)

    def _case_id(self, finding: Document) -> str:
        jurisdiction = jurisdiction_of(finding["instrument"])
        return case_id_of(self.found.tenant, finding["subject"], jurisdiction)

    def _opened(self, case_id: str, findings: Sequence[Document]) -> CaseChange:
        first = findings[0]
        alerts = tuple(alert_of(one, self.at) for one in findings)
        clocks = tuple(clock for one in findings for clock in self.clocks(one))
        day = legal_day(self.at)
        priority = priority_of(alerts, clocks, day, self.rules)
        own = timing.own_clock(self.rules.own_days[priority], day)
        said = Opened(
            kind=CaseKind.OVERSIGHT,
            title=first["subject_name"],
            subject=first["subject"],
            subject_kind=first["subject_kind"],
            subject_id=first["subject_id"],
            subject_name=first["subject_name"],
            customer_id=first["customer_id"],
            jurisdiction=jurisdiction_of(first["instrument"]),
            priority=priority,
            alerts=alerts,
            clocks=(own, *clocks),
        )
        event = event_of(
            case_id, EventKind.OPENED, said, at=self.at, by=self.by, reason=PASS_REASON
        )
        moment = Moment(self.at, self.by, PASS_REASON)
        return CaseChange(None, follow(case_id, None, EventKind.OPENED, said, moment), (event,))


class _Changed:
    """One case under what a pass found."""

    def __init__(
        self, touch: _Touch, case: Case, findings: Sequence[Document], gone: Iterable[str]
    ) -> None:
        self.touch = touch
        self.case = case
        self.findings = findings
        self.gone = tuple(gone)
        self.held = {one.alert_id: one for one in case.alerts}
        self.alerts = tuple(self._alert(one) for one in findings)
        self.anew = frozenset(
            one.alert_id for one in self.alerts if self._essence(one.alert_id) != one.essence
        )
        """Alerts that are new to the case, or say something else than before."""

    def change(self) -> tuple[CaseChange, Effect] | None:
        """Return the events of the change; None when nothing is different."""
        said = self._found()
        if said == Found():
            return None
        docket = Docket(self.case, self.touch.by, self.touch.at, self.touch.rules)
        docket.write(EventKind.FOUND, said, PASS_REASON)
        effect = self._follow(docket)
        return CaseChange(self.case, docket.case, tuple(docket.events)), effect

    def _follow(self, docket: Docket) -> Effect:
        """Let happen what follows: wake, reopen, or close a case that nobody touched."""
        if self.anew and not self.case.is_open:
            docket.write(EventKind.REOPENED, Plain(), PASS_REASON)
            begin_own_day(docket)
            return Effect.REOPENED
        if self.anew and self.case.snoozed_until is not None:
            docket.write(EventKind.WOKEN, Plain(), PASS_REASON)
            return Effect.WOKEN
        is_empty = all(one.is_gone for one in docket.case.alerts)
        if docket.case.state is State.NEW and is_empty:
            close(docket, PASS_REASON)
            return Effect.CLOSED
        return Effect.CHANGED

    def _found(self) -> Found:
        alerts = tuple(one for one in self.alerts if one != self.held.get(one.alert_id))
        clocks = tuple(self._clocks())
        unsure = self.anew | set(self.gone)
        voided = tuple(
            one.proposal_id for one in self.case.proposals if unsure.intersection(one.alerts)
        )
        name = self.findings[0]["subject_name"] if self.findings else self.case.subject_name
        said = Found(
            alerts=alerts,
            gone=self.gone,
            clocks=clocks,
            voided=voided,
            subject_name="" if name == self.case.subject_name else name,
        )
        return said if said == Found() else self._weighed(said)

    def _weighed(self, said: Found) -> Found:
        """Give what was found the priority that follows, unless a person set one."""
        reopens = bool(self.anew) and not self.case.is_open
        if self.case.is_priority_set and not reopens:
            return said
        moment = Moment(self.touch.at, self.touch.by)
        after = follow(self.case.case_id, self.case, EventKind.FOUND, said, moment)
        day = legal_day(self.touch.at)
        priority = priority_of(after.alerts, after.clocks, day, self.touch.rules)
        if priority is self.case.priority:
            return said
        return Found(said.alerts, said.gone, said.clocks, said.voided, priority, said.subject_name)

    def _alert(self, finding: Document) -> Alert:
        """Return the alert as it is now; a judgement stands while the essence does."""
        now = alert_of(finding, self.touch.at)
        held = self.held.get(now.alert_id)
        if held is None:
            return now
        judgement = held.judgement if held.essence == now.essence else Judgement.NONE
        return Alert(
            alert_id=now.alert_id,
            rule=now.rule,
            question=now.question,
            instrument=now.instrument,
            certainty=now.certainty,
            level=now.level,
            is_enforced=now.is_enforced,
            added_at=held.added_at,
            judgement=judgement,
            essence=now.essence,
        )

    def _essence(self, alert_id: str) -> str | None:
        held = self.held.get(alert_id)
        return None if held is None else held.essence

    def _clocks(self) -> Iterator[Clock]:
        """Yield the clocks that are different now."""
        held = {one.clock_id: one for one in self.case.clocks}
        day = legal_day(self.touch.at)
        present: set[str] = set()
        for finding in self.findings:
            for new in self.touch.clocks(finding):
                present.add(new.clock_id)
                old = held.get(new.clock_id)
                now = new if old is None else self._recounted(old, new)
                if now != old:
                    yield now
        about = {one["id"] for one in self.findings} | set(self.gone)
        for old in self.case.clocks:
            is_left = old.is_live or old.state is ClockState.WAITING
            if old.alert in about and old.clock_id not in present and is_left:
                yield timing.no_longer_found(old, day)

    def _recounted(self, old: Clock, new: Clock) -> Clock:
        if new.alert in self.anew and old.state is ClockState.WITHDRAWN:
            return new
        return timing.recounted(old, new)


def _woken(
    store: Store, rules: CaseRules, at: datetime, by: str, touched: Collection[str]
) -> Iterator[tuple[CaseChange, Effect]]:
    """Yield the cases whose rest has ended, as they wake."""
    ids = [one for one in store.cases.rested(legal_day(at)) if one not in touched]
    for case in store.cases.standing(ids, has_sealed=True).values():
        docket = Docket(case, by, at, rules)
        docket.write(EventKind.WOKEN, Plain(), PASS_REASON)
        yield CaseChange(case, docket.case, tuple(docket.events)), Effect.WOKEN


def wake_rested(store: Store, book: RuleBook, *, at: datetime, by: str) -> int:
    """Wake every case whose rest has ended; return how many. For daily work between passes."""
    woken = [one for one, _ in _woken(store, rules_on(book, at), at, by, ())]
    if woken:
        with store.transaction():
            store.cases.write(woken)
            ids = tuple(one.after.case_id for one in woken if one.after.sealed_for is None)
            _tell(store, woken, AfterPass({Effect.WOKEN: ids}), at, by)
    return len(woken)


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that a person opens.

    `subject` is written as a finding writes it, such as customer:c-1; it may be
    empty for a case about no one subject. `jurisdiction` may be empty too.
    """

    title: str
    reason: str
    subject_kind: str = ""
    subject_id: str = ""
    subject_name: str = ""
    customer_id: str = ""
    jurisdiction: str = ""
    priority: Priority = Priority.NORMAL


class NewCaseError(ValueError):
    """A case that cannot be opened: which field, and what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(f"{field}: {message}")


def new_case_id() -> str:
    """Return a random id of the shape that every case has."""
    return "c-" + secrets.token_hex(8)


def open_case(desk: Desk, new: NewCase, *, book: RuleBook | None = None) -> Case:
    """Open a case by hand.

    Raises:
        NewCaseError: it has no title or no reason.
        RefusedError, NotFoundError: the principal may not, or not in this jurisdiction.
    """
    tenant = desk.principal.tenant
    desk.must(Action.CASE_OPEN, Resource("case", tenant, jurisdiction=new.jurisdiction or None))
    for name in ("title", "reason"):
        if not getattr(new, name).strip():
            raise NewCaseError(name, "is empty; write some words")
    at = desk.now()
    rules = rules_on(book, at)
    own = timing.own_clock(rules.own_days[new.priority], legal_day(at))
    subject = f"{new.subject_kind}:{new.subject_id}" if new.subject_id else ""
    said = Opened(
        kind=CaseKind.MANUAL,
        title=new.title.strip(),
        subject=subject,
        subject_kind=new.subject_kind,
        subject_id=new.subject_id,
        subject_name=new.subject_name,
        customer_id=new.customer_id,
        jurisdiction=new.jurisdiction,
        priority=new.priority,
        clocks=(own,),
    )
    event = event_of(
        new_case_id(), EventKind.OPENED, said, at=at, by=desk.principal.id, reason=new.reason
    )
    change = CaseChange(None, fold(None, event), (event,))
    write(desk.store, change, act="case_opened", at=at, by=desk.principal.id)
    return change.after
