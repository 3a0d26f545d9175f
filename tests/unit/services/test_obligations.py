"""What is owed because of a finding, to whom, and by which day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.reasons import Mark
from sluicegate.metering.forecast import DayTotal
from sluicegate.rules.book import RuleBook
from sluicegate.rules.deadlines import SEEN_IN_USE
from sluicegate.rules.instruments import DatedValue, ObligationTemplate, Parameter, Title
from sluicegate.services.findings import Crossing, Finding, ObligationDue
from sluicegate.services.obligations import obligations_of
from small_worlds import AS_OF, BOOK, Small, assessed, customer, exactly, limit_of, run

KYC = int(limit_of("assess.kyc.threshold"))
FAR = KYC * 2
PASSED_ON = date(2026, 5, 10)
LAW = "us_ca.sb53"


def owed(small: Small, as_of: date = AS_OF) -> dict[str, ObligationDue]:
    """Return the obligations by what is to be done."""
    return {one.duty.en: one for one in assessed(small, as_of=as_of).obligations}


def finding(as_of: date = AS_OF, day: date = PASSED_ON) -> Finding:
    small = Small(runs=[run("r-1", exactly(FAR), start=day)])
    [one] = [f for f in assessed(small, as_of=as_of, regimes=[LAW]).findings if f.threshold]
    return one


def made(counted_from: str, period: Period | None) -> tuple[RuleBook, str]:
    """Return the shipped book with one duty of our own, and the duty's id."""
    dated = DatedValue(None, period or 0, "a test", Mark.CONFIGURATION, None)
    title = Title("A duty", "义务")
    parameter = Parameter(f"{LAW}.test.period", LAW, title, "day", None, (dated,))
    duty = ObligationTemplate(
        id=f"{LAW}.test_duty",
        instrument=LAW,
        duty=title,
        who="developer",
        to=title,
        period=None if period is None else parameter.id,
        counted_from=counted_from,
        reference="a test",
        mark=Mark.CONFIGURATION,
    )
    home = BOOK.instrument(LAW)
    changed = replace(
        home,
        parameters=(*home.parameters, parameter),
        obligations=(*home.obligations, duty),
    )
    return BOOK.with_instrument(changed), duty.id


def due(counted_from: str, amount: int, unit: str, one: Finding | None = None) -> date | None:
    book, duty = made(counted_from, Period(amount, PeriodUnit(unit)))
    [obligation] = obligations_of(one or finding(), (duty,), book)
    return obligation.due


@pytest.mark.parametrize("event", sorted(SEEN_IN_USE))
def test_a_period_from_an_event_seen_in_the_usage_starts_on_the_day_of_crossing(
    event: str,
) -> None:
    assert due(event, 14, "day") == PASSED_ON + timedelta(days=14)
    assert due(event, 2, "week") == PASSED_ON + timedelta(days=14)
    assert due(event, 1, "month") == date(2026, 6, 10)
    assert due(event, 1, "year") == date(2027, 5, 10)


def test_a_month_from_the_last_of_a_month_ends_on_the_last_of_the_next() -> None:
    late = finding(day=date(2026, 1, 31))
    assert due("crossing", 1, "month", late) == date(2026, 2, 28)


@pytest.mark.parametrize(("hours", "days"), [(1, 1), (24, 1), (25, 2), (48, 2), (72, 3), (73, 4)])
def test_hours_end_on_the_day_they_reach(hours: int, days: int) -> None:
    assert due("crossing", hours, "hour") == PASSED_ON + timedelta(days=days)


@pytest.mark.parametrize(
    ("crossed", "expected"),
    [
        ("2026-01-01", "2026-04-15"),
        ("2026-03-31", "2026-04-15"),
        ("2026-04-01", "2026-07-15"),
        ("2025-12-31", "2026-01-15"),
    ],
)
def test_a_period_after_the_quarter_starts_with_its_last_day(crossed: str, expected: str) -> None:
    one = finding(day=date.fromisoformat(crossed), as_of=date(2026, 6, 30))
    assert due("quarter_end", 15, "day", one) == date.fromisoformat(expected)


def test_an_event_that_the_node_cannot_see_leaves_the_day_open_and_says_so() -> None:
    book, duty = made("incident_discovered", Period(15, PeriodUnit.DAY))
    [obligation] = obligations_of(finding(), (duty,), book)
    assert obligation.due is None
    assert obligation.calculation == "15 days from incident discovered, which has not been entered"


def test_a_duty_without_a_period_has_no_day() -> None:
    book, duty = made("finding", None)
    [obligation] = obligations_of(finding(), (duty,), book)
    assert (obligation.due, obligation.calculation) == (None, "no period; from finding")


@pytest.mark.parametrize(
    ("event", "calculation"),
    [
        ("before_export", "no period; before export"),
        ("incident", "no period; from incident"),
        ("continuous", f"continuous, from {PASSED_ON}"),
    ],
)
def test_a_duty_without_a_period_says_what_it_waits_for(event: str, calculation: str) -> None:
    book, duty = made(event, None)
    [obligation] = obligations_of(finding(), (duty,), book)
    assert (obligation.due, obligation.calculation) == (None, calculation)


def test_the_earliest_bound_that_is_known_dates_a_duty() -> None:
    days = [date(2026, 3, n) for n in (1, 2, 3)]
    one = finding()
    for crossing, expected in [
        (Crossing(days[0], days[1], days[2]), days[1]),
        (Crossing(days[0], None, None), days[0]),
        (Crossing(), AS_OF),
    ]:
        dated = replace(one, crossing=crossing)
        assert due("crossing", 1, "day", dated) == expected + timedelta(days=1)


def test_the_notice_to_the_commission_is_due_when_the_answer_says() -> None:
    """Two ways to the same day: the pass counts it, and so does the question."""
    limit = int(limit_of("eu.ai_act.systemic_risk.training_compute"))
    small = Small(runs=[run("r-1", exactly(limit + 1), start=PASSED_ON)])
    [one] = [f for f in assessed(small).findings if f.rule == "eu.ai_act.systemic_risk"]
    duty = BOOK.obligations["eu.ai_act.notify_commission"].duty
    [notice] = [o for o in assessed(small).obligations if o.duty == duty]
    assert notice.due == date(2026, 5, 24)
    assert one.answer["notify_by"] == notice.due.isoformat()
    assert notice.binding
    assert notice.finding == one.id


def _before_crossing(obligations: Iterable[ObligationDue]) -> list[ObligationDue]:
    """Return what is owed before the threshold: identification, and what is missing for it."""
    return [one for one in obligations if one.duty.en.startswith(("Identify", "Collect"))]


def test_a_customer_that_only_approaches_is_identified_before_it_crosses() -> None:
    days = [DayTotal(AS_OF - timedelta(days=n), exactly(KYC // 100)) for n in reversed(range(40))]
    small = Small(
        customers=[customer("c-1")], totals={"c-1": exactly(KYC // 100 * 40)}, days={"c-1": days}
    )
    done = assessed(small)
    [projected] = [one for one in done.findings if one.rule == "assess.kyc.compute_used"]
    before = _before_crossing(done.obligations)
    assert len(before) == 2
    for owed_before in before:
        assert owed_before.due == projected.crossing.projected
        assert owed_before.due is not None
        assert owed_before.due > AS_OF
        assert not owed_before.binding


def test_what_rests_on_a_paper_binds_nobody_though_the_threshold_was_passed() -> None:
    done = assessed(Small(customers=[customer("c-1")], totals={"c-1": exactly(FAR)}))
    [passed] = [one for one in done.findings if one.rule == "assess.kyc.compute_used"]
    assert passed.as_enforced
    assert done.obligations
    assert not any(one.binding for one in done.obligations)


@pytest.mark.parametrize(
    ("rests_on", "binds"), [(None, True), (LAW, True), ("us.iaas_proposal", False)]
)
def test_a_duty_binds_as_the_text_that_it_rests_on(rests_on: str | None, *, binds: bool) -> None:
    book, duty = made("request", None)
    changed = replace(book.obligations[duty], rests_on=rests_on)
    home = book.instrument(LAW)
    others = tuple(one for one in home.obligations if one.id != duty)
    book = book.with_instrument(replace(home, obligations=(*others, changed)))
    assert finding().as_enforced
    [owed_now] = obligations_of(finding(), (duty,), book)
    assert owed_now.binding is binds


def test_one_near_the_threshold_without_growth_is_identified_on_no_projected_day() -> None:
    small = Small(customers=[customer("c-1")], totals={"c-1": exactly(KYC)})
    before = _before_crossing(assessed(small).obligations)
    assert len(before) == 2
    for identify in before:
        assert identify.due is None
        assert "no day is projected" in identify.calculation


def test_one_that_crossed_was_to_be_identified_by_the_day_it_did() -> None:
    small = Small(customers=[customer("c-1")], totals={"c-1": exactly(KYC + 1)})
    by_duty = owed(small)
    identify = next(one for duty, one in by_duty.items() if duty.startswith("Identify"))
    assert identify.due == AS_OF
    assert len(by_duty) == 4


def test_a_run_that_only_approaches_owes_nothing() -> None:
    small = Small(runs=[run("r-1", exactly(KYC))])
    [near] = assessed(small, regimes=[LAW]).findings
    assert near.level.value == "approaching"
    assert assessed(small, regimes=[LAW]).obligations == ()


def test_duties_of_a_proposal_do_not_bind() -> None:
    small = Small(runs=[run("r-1", exactly(FAR))])
    binding = {o.reference: o.binding for o in assessed(small).obligations}
    assert not any(bound for reference, bound in binding.items() if reference.startswith("Propos"))
    assert any(binding.values())


def test_an_obligation_keeps_its_id_over_days() -> None:
    small = Small(runs=[run("r-1", exactly(FAR))])
    ids = [
        {one.id for one in assessed(small, as_of=day).obligations}
        for day in (AS_OF, AS_OF + timedelta(days=1))
    ]
    assert ids[0] == ids[1]


def test_every_duty_of_a_shipped_threshold_names_an_event_in_words() -> None:
    """An event that is misspelt would leave a due date open for ever."""
    events = {
        BOOK.obligations[duty].counted_from
        for rule in BOOK.thresholds.values()
        for duty in rule.obligations
    }
    dated = SEEN_IN_USE | {"before_crossing", "quarter_end", "continuous"}
    not_seen = {
        *("before_export", "before_placing_on_market", "computation", "deployment", "incident"),
        *("placed_on_market", "decision"),
        "match",
        "questions_received",
        "incident_discovered",
        "incident_learned",
    }
    assert events <= dated | not_seen
