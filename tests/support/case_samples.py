"""Cases as tests make them: rules of the shipped book, findings as a pass stores them, commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from hypothesis import strategies as st

from sluicegate.cases.case import Alert, Case, CaseKind, DecisionKind, Priority
from sluicegate.cases.clocks import Owed, clock_of, own_clock
from sluicegate.cases.commands import (
    Assign,
    Attach,
    Check,
    Command,
    Comment,
    EnterEvent,
    Escalate,
    Extend,
    Lapse,
    Link,
    Meet,
    OverrideDue,
    Prioritise,
    Propose,
    ReceiveInformation,
    Reopen,
    RequestInformation,
    Snooze,
    TakeBack,
    Wake,
    Withdraw,
)
from sluicegate.cases.events import EventKind, Opened, event_of
from sluicegate.cases.folding import fold
from sluicegate.cases.rules import CaseRules
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.ports.casework import CaseChange

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
DAY = AT.date()
PEOPLE = ("user:ada", "user:bo", "user:chen")
NOTIFY = "eu.ai_act.notification"
INSTRUMENTS = {"US": "us.nprm_702", "EU": "eu.ai_act"}


@lru_cache(maxsize=1)
def rules() -> CaseRules:
    """Return the shipped rules of casework on the day."""
    return CaseRules.of(Law(shipped_book(), DAY))


def alert(
    name: str = "f-1",
    *,
    level: str = "passed",
    certainty: str = "certain",
    is_enforced: bool = True,
    essence: str = "e",
) -> Alert:
    """Return an alert; of the weightiest kind unless told."""
    return Alert(
        alert_id=name,
        rule="us.nprm_702.run",
        question="us_quarterly",
        instrument=INSTRUMENTS["US"],
        certainty=certainty,
        level=level,
        is_enforced=is_enforced,
        added_at=AT,
        essence=essence,
    )


def owed(name: str = "1", *, due: date | None = date(2026, 7, 15), **given: Any) -> Owed:
    """Return what is owed because of alert f-1: 15 days from a quarter's end unless told."""
    values: dict[str, Any] = {
        "obligation": f"o-{name}",
        "alert": "f-1",
        "duty": "Notify",
        "due": due,
        "is_binding": True,
        "reference": "15 CFR 702.7",
        "counted_from": "quarter_end",
        "period": period_of(15),
        "crossed_on": date(2026, 6, 2),
        "is_passed": True,
    }
    return Owed(**{**values, **given})


@cache
def period_of(days: int) -> str:
    """Return the id of a parameter that is a period of so many days."""
    for template in shipped_book().obligations.values():
        if template.period is not None and str(rules().law.period(template.period)) == (
            f"{days} days"
        ):
            return template.period
    raise LookupError(f"no duty has a period of {days} days")


def opened_case(alerts: Sequence[Alert] = (), duties: Sequence[Owed] = (), **given: Any) -> Case:
    """Return a case just opened, with the clocks of what is owed."""
    clocks = tuple(clock_of(one, rules().law) for one in duties)
    values: dict[str, Any] = {
        "kind": CaseKind.OVERSIGHT,
        "title": "Harrow Basin Models",
        "subject": "customer:c-1",
        "subject_kind": "customer",
        "subject_id": "c-1",
        "subject_name": "Harrow Basin Models",
        "customer_id": "c-1",
        "jurisdiction": "US",
        "priority": Priority.NORMAL,
        "alerts": tuple(alerts),
        "clocks": (own_clock(rules().own_days[Priority.NORMAL], DAY), *clocks),
    }
    said = Opened(**{**values, **given})
    return fold(None, event_of("c-1", EventKind.OPENED, said, at=AT, by="user:ada"))


def finding(name: str = "f-1", **given: Any) -> dict[str, Any]:
    """Return a finding's document as a pass stores it."""
    values: dict[str, Any] = {
        "id": name,
        "subject": "customer:c-1",
        "subject_kind": "customer",
        "subject_id": "c-1",
        "subject_name": "Harrow Basin Models",
        "customer_id": "c-1",
        "rule": "us.nprm_702.run",
        "instrument": INSTRUMENTS["US"],
        "question": "us_quarterly",
        "as_of": DAY.isoformat(),
        "level": "passed",
        "certainty": "certain",
        "as_written": True,
        "as_enforced": True,
        "legal_status": "law: in_force, enforced",
        "threshold": None,
        "assumptions": [],
        "crossing": {"central": "2026-06-02"},
    }
    return {**values, **given}


def obligation(finding_id: str = "f-1", name: str = "1", **given: Any) -> dict[str, Any]:
    """Return an obligation's document as a pass stores it, of a duty that no book holds."""
    values: dict[str, Any] = {
        "id": f"o-{finding_id}-{name}",
        "duty": "Notify",
        "duty_zh": "通知",
        "who": "provider",
        "to": "office",
        "due": "2026-07-15",
        "calculation": "",
        "finding": finding_id,
        "binding": True,
        "reference": "15 CFR 702.7",
    }
    return {**values, **given}


TEXTS = st.sampled_from(["why not", "因为如此", "  ", "a <b>"])
DAYS = st.integers(-40, 200).map(lambda days: DAY + timedelta(days=days))


@st.composite
def commands(draw: st.DrawFn, case: Case) -> Command:
    """Draw any command, mostly about parts that the case has."""
    reason = draw(TEXTS)
    clock = draw(st.sampled_from([one.clock_id for one in case.clocks] or ["k-0"]))
    proposal = draw(st.sampled_from([one.proposal_id for one in case.proposals] or ["p-0"]))
    request = draw(st.sampled_from([one.request_id for one in case.requests] or ["q-0"]))
    alerts = draw(st.sampled_from([(), *((one.alert_id,) for one in case.alerts)]))
    decision = draw(st.sampled_from(DecisionKind))
    is_judging = decision in (DecisionKind.CONFIRM, DecisionKind.CLEAR)
    filing = draw(st.sampled_from(["g-1", "g-2"])) if decision is DecisionKind.FILE else ""
    propose = Propose(decision, reason, alerts if is_judging else (), filing)
    wanted: list[Command] = [
        Assign(draw(st.sampled_from([None, *PEOPLE])), reason),
        Prioritise(draw(st.sampled_from(Priority)), reason),
        Comment(reason),
        Attach("a-1", "x.txt", "text/plain", 4, "0" * 64),
        Snooze(draw(DAYS), reason),
        Wake(reason),
        Escalate("officer", reason),
        RequestInformation("customer", "the invoice", draw(st.sampled_from(["", "law"]))),
        ReceiveInformation(request, reason),
        EnterEvent(clock, draw(DAYS), reason),
        Extend(clock, draw(st.integers(-1, 30)), reason),
        Lapse(clock, reason),
        Withdraw(clock, reason),
        Meet(clock, draw(DAYS), reason),
        OverrideDue(clock, draw(DAYS), reason),
        propose,
        propose,
        propose,
        Check(proposal, draw(st.booleans()), reason),
        Check(proposal, True, reason),
        TakeBack(proposal, reason),
        Reopen(reason),
        Link("c-2", draw(st.booleans()), reason),
    ]
    return draw(st.sampled_from(wanted))


def opening(name: str, **given: Any) -> CaseChange:
    """Return a case to write; its jurisdiction, priority and the rest as told."""
    due = given.get("due", date(2026, 7, 15))
    sample = opened_case([alert(f"f-{name}")], [owed(name, alert=f"f-{name}", due=due)])
    said = Opened(
        kind=given.get("kind", CaseKind.OVERSIGHT),
        title=name,
        subject=given.get("subject", f"customer:{name}"),
        subject_kind=given.get("subject_kind", "customer"),
        subject_id=name,
        subject_name=given.get("subject_name", f"Harrow Basin {name}"),
        customer_id=given.get("customer_id", name),
        jurisdiction=given.get("jurisdiction", "US"),
        priority=given.get("priority", Priority.NORMAL),
        alerts=sample.alerts if given.get("has_alerts", True) else (),
        clocks=sample.clocks if due else (),
        sealed_for=given.get("sealed_for"),
    )
    told = event_of(f"c-{name}", EventKind.OPENED, said, at=AT, by="local:op")
    return CaseChange(None, fold(None, told), (told,))
