"""Due days: how each is counted, stopped, run on, extended, and counted again by a pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from case_samples import AT, DAY, alert, opened_case, owed, period_of, rules
from sluicegate.cases import clocks
from sluicegate.cases.case import Case, Clock, ClockState, Priority, State
from sluicegate.cases.commands import (
    Command,
    EnterEvent,
    Extend,
    OverrideDue,
    ReceiveInformation,
    RequestInformation,
)
from sluicegate.cases.deciding import decide
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filters import Filter, FilterError
from sluicegate.cases.folding import fold
from sluicegate.cases.priority import priority_of, raised
from sluicegate.core.phrases import Language
from sluicegate.rules.deadlines import BEFORE_CROSSING, CONTINUOUS

FIFTEENTH = date(2026, 7, 15)


def done(case: Case, command: Command, days: int = 0) -> Case:
    for event in decide(case, command, "user:ada", AT + timedelta(days=days), rules()):
        case = fold(case, event)
    return case


def clock(case: Case, clock_id: str = "k-1") -> Clock:
    return next(one for one in case.clocks if one.clock_id == clock_id)


def told(one: Clock) -> list[str]:
    return [str(step) for step in clocks.calculation_of(one)]


def test_a_period_from_a_quarters_end_shows_its_sum() -> None:
    one = clocks.clock_of(owed(), rules().law)
    assert (one.due, one.state, one.may_stop) == (FIFTEENTH, ClockState.RUNNING, False)
    [step] = told(one)
    assert step.startswith("15 days counted from")
    assert "2026-06-30, end on 2026-07-15 (15 CFR 702.7)" in step


@pytest.mark.parametrize(
    ("counted_from", "given", "words"),
    [
        (BEFORE_CROSSING, {}, "owed before the threshold was passed, on 2026-07-15"),
        (BEFORE_CROSSING, {"is_passed": False}, "projected for 2026-07-15"),
        (BEFORE_CROSSING, {"due": None}, "no day is projected"),
        (CONTINUOUS, {"due": None}, "all the time from 2026-06-02"),
        ("incident_learned", {"due": None}, "which has not been entered"),
        ("placed_on_market", {"due": None, "period": ""}, "names no period"),
    ],
)
def test_every_way_of_counting_is_said_in_both_languages(
    counted_from: str, given: dict[str, Any], words: str
) -> None:
    one = clocks.clock_of(owed(counted_from=counted_from, **given), rules().law)
    assert (one.state is ClockState.WAITING) is (one.due is None)
    [step] = clocks.calculation_of(one)
    assert words in step.text(Language.EN)
    assert step.text(Language.ZH) != step.text(Language.EN)


def test_a_day_set_by_hand_while_a_clock_stands_still_counts_from_then_on() -> None:
    case = opened_case([alert()], [owed()])
    case = done(case, RequestInformation("customer", "invoice", "a ground"))
    case = done(case, OverrideDue("k-1", date(2026, 9, 1), "agreed with them"), 20)
    assert (clock(case).state, clock(case).due) == (ClockState.STOPPED, date(2026, 9, 1))
    case = done(case, ReceiveInformation(case.requests[0].request_id, "came"), 23)
    assert (clock(case).due, clock(case).stopped_days) == (date(2026, 9, 4), 23)
    assert told(clock(case))[-1].startswith("It runs on from")


def test_every_step_has_a_place_for_each_of_its_figures() -> None:
    case = opened_case([alert()], [owed(), owed("2", due=None, counted_from="incident_learned")])
    case = done(case, RequestInformation("customer", "invoice", "a ground"))
    case = done(case, ReceiveInformation(case.requests[0].request_id, "came"), 4)
    case = done(case, Extend("k-1", 3, "agreed"), 4)
    case = done(case, OverrideDue("k-1", DAY, "told so"), 4)
    case = done(case, EnterEvent("k-2", DAY, "learned"), 4)
    for one in case.clocks:
        for step in clocks.calculation_of(one):
            assert "{" not in step.text(Language.EN) + step.text(Language.ZH)
        assert len(clocks.calculation_of(one)) == len(one.calculation)


def test_a_request_stops_the_own_day_and_a_legal_one_only_on_a_ground() -> None:
    case = opened_case([alert()], [owed()])
    asked = done(case, RequestInformation("customer", "the invoice"))
    assert clock(asked, "k-own").state is ClockState.STOPPED
    assert clock(asked).state is ClockState.RUNNING
    assert (asked.state, asked.due) == (State.WAITING, FIFTEENTH)
    grounded = done(case, RequestInformation("customer", "the invoice", "Art. 1"))
    assert clock(grounded).state is ClockState.STOPPED
    assert grounded.due is None


def test_a_request_stops_no_day_that_has_passed() -> None:
    case = opened_case([alert()], [owed()])
    late = (FIFTEENTH - AT.date()).days
    on_the_day = done(case, RequestInformation("x", "y", "Art. 1"), late)
    assert clock(on_the_day).state is ClockState.STOPPED
    after = done(case, RequestInformation("x", "y", "Art. 1"), late + 1)
    assert (clock(after).state, after.due) == (ClockState.RUNNING, FIFTEENTH)


def test_the_days_a_clock_stood_still_are_added() -> None:
    case = done(opened_case([alert()], [owed()]), RequestInformation("x", "y", "Art. 1"))
    case = done(case, ReceiveInformation(case.requests[0].request_id, "came"), 10)
    one = clock(case)
    assert (one.due, one.stopped_days) == (date(2026, 7, 25), 10)
    assert "10 days are added" in told(one)[-1]


def test_a_clock_runs_on_when_the_last_request_that_stops_it_is_answered() -> None:
    case = done(opened_case([alert()], [owed()]), RequestInformation("x", "y", "Art. 1"))
    case = done(case, RequestInformation("x", "z", "Art. 2"), 2)
    first, second = (one.request_id for one in case.requests)
    case = done(case, ReceiveInformation(first, "came"), 5)
    assert clock(case).state is ClockState.STOPPED
    case = done(case, ReceiveInformation(second, "came too"), 7)
    assert clock(case).due == date(2026, 7, 22)
    with pytest.raises(NotAllowedNowError, match="No such request"):
        done(case, ReceiveInformation(second, "twice"), 8)


def test_an_event_lets_a_period_count() -> None:
    waiting = owed("2", due=None, counted_from="incident_learned", period=period_of(15))
    case = done(opened_case([alert()], [waiting]), EnterEvent("k-2", DAY - timedelta(1), "told"))
    one = clock(case, "k-2")
    assert (one.due, one.state) == (date(2026, 7, 14), ClockState.RUNNING)
    assert told(one)[-1].endswith("15 days end on 2026-07-14.")


def test_an_event_of_a_text_without_a_period_gives_no_day() -> None:
    waiting = owed("2", due=None, counted_from="placed_on_market", period="")
    with pytest.raises(NotAllowedNowError, match="gives no period"):
        done(opened_case([alert()], [waiting]), EnterEvent("k-2", DAY, "sold"))
    before = owed("3", due=None, counted_from="before_placing_on_market", period="")
    case = done(opened_case([alert()], [before]), EnterEvent("k-3", FIFTEENTH, "planned"))
    assert clock(case, "k-3").due == FIFTEENTH


def test_a_later_pass_moves_the_counted_day_and_keeps_what_people_added() -> None:
    case = done(opened_case([alert()], [owed()]), Extend("k-1", 5, "agreed"))
    later = clocks.clock_of(owed(due=date(2026, 8, 1)), rules().law)
    again = clocks.recounted(clock(case), later)
    assert (again.due, again.extended_days) == (date(2026, 8, 6), 5)
    assert again.calculation[0] == later.calculation[0]
    assert clocks.recounted(again, later) == again


def test_a_day_set_by_hand_stands_when_a_pass_counts_again() -> None:
    case = done(opened_case([alert()], [owed()]), OverrideDue("k-1", date(2026, 9, 1), "told"))
    later = clocks.clock_of(owed(due=date(2026, 8, 1)), rules().law)
    again = clocks.recounted(clock(case), later)
    assert (again.due, again.is_overridden) == (date(2026, 9, 1), True)
    assert "calculation now gives 2026-08-01" in told(again)[-1]
    assert clocks.recounted(again, later) == again


def test_what_a_pass_did_not_find_runs_again_when_it_does() -> None:
    one = clocks.clock_of(owed(), rules().law)
    gone = clocks.no_longer_found(one, DAY)
    assert gone.state is ClockState.WITHDRAWN
    assert clocks.recounted(gone, one) == one
    dropped = clocks.dropped(one, DAY)
    assert clocks.recounted(dropped, one) == dropped


def test_an_entered_event_stands_when_a_pass_knows_of_none() -> None:
    waiting = owed("2", due=None, counted_from="incident_learned", period=period_of(15))
    case = done(opened_case([alert()], [waiting]), EnterEvent("k-2", DAY, "told"))
    again = clocks.recounted(clock(case, "k-2"), clocks.clock_of(waiting, rules().law))
    assert (again.due, again.state) == (FIFTEENTH, ClockState.RUNNING)


@pytest.mark.parametrize(
    ("certainty", "level", "is_enforced", "due", "expected"),
    [
        ("certain", "passed", True, None, Priority.HIGH),
        ("certain", "passed", True, DAY + timedelta(7), Priority.URGENT),
        ("certain", "passed", True, DAY - timedelta(7), Priority.URGENT),
        ("possible", "passed", True, None, Priority.NORMAL),
        ("possible", "passed", True, DAY + timedelta(30), Priority.HIGH),
        ("possible", "passed", True, DAY + timedelta(31), Priority.NORMAL),
        ("certain", "passed", False, None, Priority.NORMAL),
        ("likely", "passed", False, None, Priority.LOW),
        ("cleared", "approaching", True, None, Priority.LOW),
    ],
)
def test_priority_follows_the_risk_and_the_nearest_binding_day(
    certainty: str, level: str, is_enforced: bool, due: date | None, expected: Priority
) -> None:
    alerts = [alert(certainty=certainty, level=level, is_enforced=is_enforced)]
    duties = [] if due is None else [clocks.clock_of(owed(due=due), rules().law)]
    assert priority_of(alerts, duties, DAY, rules()) is expected
    loose = [replace(one, is_binding=False) for one in duties]
    assert priority_of(alerts, loose, DAY, rules()).value >= expected.value


def test_a_raised_priority_is_one_higher_and_never_above_the_highest() -> None:
    assert [raised(one) for one in Priority] == [
        Priority.URGENT,
        Priority.URGENT,
        Priority.HIGH,
        Priority.NORMAL,
    ]


def test_a_filter_is_a_query_string_and_back() -> None:
    query = {
        "state": "open,pending",
        "priority": "urgent,high",
        "jurisdiction": "US",
        "assignee": "me",
        "due_before": "2026-07-01",
        "escalated": "yes",
        "text": "harrow basin, inc",
        "order": "due",
    }
    assert Filter.from_query(query).as_query() == query
    assert Filter.from_query({}).as_query() == {}
    assert Filter.from_query({"state": "all"}).has_all_states


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"colour": "red"}, "colour: is no part of a filter; give one of state"),
        ({"state": "gone"}, "state: 'gone' is not known; give one of new"),
        ({"priority": "1"}, "priority: '1' is not known"),
        ({"due_before": "soon"}, "due_before: 'soon' is not a day"),
        ({"escalated": "maybe"}, "escalated: 'maybe' is neither yes nor no"),
        ({"order": "soon"}, "order: 'soon' is not known; give one of priority, due"),
        ({"rule": ["a", "b"]}, "rule: is given more than once"),
        ({"text": "a\0"}, "text: has a character that no name has"),
    ],
)
def test_a_filter_that_cannot_be_read_says_what_may_stand_there(
    query: dict[str, str], words: str
) -> None:
    with pytest.raises(FilterError, match=words.replace(".", r"\.")):
        Filter.from_query(query)
