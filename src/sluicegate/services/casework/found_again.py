"""One case under what is found about it now: alerts, due days and proposals that follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from sluicegate.cases import clocks as timing
from sluicegate.cases.case import Alert, Case, CaseKind, Clock, ClockState, Judgement, State
from sluicegate.cases.decisions import close
from sluicegate.cases.docket import Docket
from sluicegate.cases.events import EventKind, Found, Opened, Plain
from sluicegate.cases.folding import Moment, follow
from sluicegate.cases.priority import priority_of
from sluicegate.cases.rules import CaseRules, is_kind
from sluicegate.cases.timing import begin_own_day
from sluicegate.core.calendars import legal_day
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.casework.owed import Document, alert_of, clocks_of, kind_of
from sluicegate.services.ports.casework import CaseChange

PASS_REASON = "pass"
"""The reason of what a pass does to a case."""


class Effect(Enum):
    """What a pass did to a case."""

    OPENED = "opened"
    CHANGED = "changed"
    REOPENED = "reopened"
    CLOSED = "closed"
    WOKEN = "woken"


@dataclass(frozen=True)
class Touch:
    """Who comes to a case with findings, when and with which rules.

    `law` is that of the day of which the findings speak; `owed` is finding →
    documents of what is owed because of it.
    """

    book: RuleBook
    rules: CaseRules
    law: Law
    at: datetime
    by: str
    owed: Mapping[str, Sequence[Document]] = field(default_factory=dict)

    def clocks(self, finding: Document) -> tuple[Clock, ...]:
        """Return the clocks of what is owed because of a finding."""
        return clocks_of(finding, self.owed.get(finding["id"], ()), self.book, self.law)

    def opens(self, finding: Document) -> bool:
        """Say whether a pass opens a case for findings of this kind."""
        return is_kind(kind_of(finding), self.rules.opens)

    def alert(self, finding: Document) -> Alert:
        """Return the alert that a finding makes in a case that had none of it."""
        now = alert_of(finding, self.at)
        return now if self.opens(finding) else replace(now, is_by_hand=True)


def opening_of(touch: Touch, findings: Sequence[Document]) -> Opened:
    """Return what opens the case of findings on one subject under one jurisdiction."""
    first = findings[0]
    alerts = tuple(map(touch.alert, findings))
    clocks = tuple(clock for one in findings for clock in touch.clocks(one))
    day = legal_day(touch.at)
    priority = priority_of(alerts, clocks, day, touch.rules)
    own = timing.own_clock(touch.rules.own_days[priority], day)
    return Opened(
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


class ChangedCase:
    """One case under what was found about its subject."""

    def __init__(
        self, touch: Touch, case: Case, findings: Sequence[Document], gone: Iterable[str]
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
        said = self.found()
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

    def found(self) -> Found:
        """Return what is different now; `Found()` when nothing is."""
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
        now = self.touch.alert(finding)
        held = self.held.get(now.alert_id)
        if held is None:
            return now
        return replace(
            now,
            added_at=held.added_at,
            judgement=held.judgement if held.essence == now.essence else Judgement.NONE,
            is_by_hand=held.is_by_hand or now.is_by_hand,
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
