"""The report document puts what is known in the order in which people read it."""

from __future__ import annotations

from datetime import date

import pytest

from sluicegate.core.reasons import Mark
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import (
    Comparator,
    DatedValue,
    Enforcement,
    Instrument,
    Kind,
    Parameter,
    Status,
    TextState,
    ThresholdRule,
    Title,
)
from sluicegate.rules.loading import shipped_book
from sluicegate.services.report import Report, StepState
from sluicegate.services.threshold_lines import threshold_lines

TITLE = Title("Large training", "大规模训练")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_the_gravest_finding_comes_first(report: Report) -> None:
    assert [finding.id for finding in report.findings] == [
        *("f-aurora-1", "f-aurora-2", "f-run", "f-split", "f-harbour", "f-small", "f-lantern"),
    ]


def test_the_nearest_due_date_comes_first_and_an_open_one_last(report: Report) -> None:
    days = [one.due for one in report.obligations]
    assert days == [date(2026, 4, 24), date(2026, 12, 1), date(2026, 12, 24), None]


def test_subjects_follow_their_gravest_finding_with_all_findings(report: Report) -> None:
    assert [(one.subject.id, len(one.findings)) for one in report.subjects] == [
        ("c-0001", 2),
        ("run-2026-04-aurora-large-v2", 1),
        ("g-17", 2),
        ("c-1999", 1),
        ("c-0420", 1),
    ]


def test_the_largest_users_come_first(report: Report) -> None:
    used = [one.estimate.central for one in report.largest]
    assert used == sorted(used, reverse=True)
    assert report.largest[0].subject.name == "Aurora Model Works"


def book(
    kind: Kind, statuses: list[Status], values: list[DatedValue], unit: str = "FLOP"
) -> RuleBook:
    parameter = Parameter("x.act.limit", "x.act", TITLE, unit, Comparator.AT_LEAST, tuple(values))
    rule = ThresholdRule(
        "x.act.large",
        "x.act",
        TITLE,
        "run",
        "training_compute",
        "x.act.limit",
        None,
        "q",
        "f",
        (),
        (),
    )
    return RuleBook.of(
        [
            Instrument(
                *("x.act", TITLE, TITLE, "Act 1", kind, None, tuple(statuses), (parameter,)),
                thresholds=(rule,),
            )
        ]
    )


def status(start: date | None, text: TextState, enforcement: Enforcement) -> Status:
    return Status(start, text, enforcement, "s. 9", Mark.FOUND, None)


def value(start: date | None, amount: int) -> DatedValue:
    return DatedValue(start, amount, f"s. {amount}", Mark.FOUND, None)


def steps(of: RuleBook) -> list[tuple[date | None, date | None, object, StepState]]:
    lines = threshold_lines(of.thresholds.values(), of, YEAR)
    return [(s.start, s.end, s.value, s.state) for line in lines for s in line.steps]


IN_FORCE = status(date(2026, 3, 1), TextState.IN_FORCE, Enforcement.ENFORCED)


def test_a_law_stands_from_the_day_it_is_in_force_to_the_day_it_is_revoked() -> None:
    published = status(date(2025, 1, 1), TextState.PUBLISHED, Enforcement.NOT_YET_DUE)
    suspended = status(date(2026, 6, 1), TextState.IN_FORCE, Enforcement.SUSPENDED)
    revoked = status(date(2026, 9, 1), TextState.REVOKED, Enforcement.NOT_BINDING)
    law = book(Kind.LAW, [published, IN_FORCE, suspended, revoked], [value(None, 7)])
    assert steps(law) == [
        (date(2026, 3, 1), date(2026, 6, 1), 7, StepState.IN_FORCE),
        (date(2026, 6, 1), date(2026, 9, 1), 7, StepState.NOT_ENFORCED),
    ]


def test_a_step_that_began_before_the_days_shown_keeps_its_first_day() -> None:
    early = status(date(2024, 2, 3), TextState.IN_FORCE, Enforcement.ENFORCED)
    law = book(Kind.LAW, [early], [value(date(2023, 1, 1), 7)])
    assert steps(law) == [(date(2024, 2, 3), None, 7, StepState.IN_FORCE)]
    undated = status(None, TextState.PROPOSED, Enforcement.NOT_BINDING)
    assert steps(book(Kind.BILL, [undated], [value(None, 7)])) == [
        (None, None, 7, StepState.NOT_LAW)
    ]


def test_a_changed_value_is_a_step_on_its_first_day() -> None:
    law = book(Kind.LAW, [IN_FORCE], [value(None, 7), value(date(2026, 5, 4), 3)])
    assert steps(law) == [
        (date(2026, 3, 1), date(2026, 5, 4), 7, StepState.IN_FORCE),
        (date(2026, 5, 4), None, 3, StepState.IN_FORCE),
    ]


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.LAW])
def test_what_is_no_law_is_never_shown_as_one(kind: Kind) -> None:
    assert steps(book(kind, [IN_FORCE], [value(None, 7)])) == [
        (date(2026, 3, 1), None, 7, StepState.NOT_LAW)
    ]


def test_a_threshold_that_is_no_count_of_operations_has_no_place_on_the_axis() -> None:
    assert steps(book(Kind.LAW, [IN_FORCE], [value(None, 7)], "FLOP/s")) == []


def test_a_value_not_known_on_a_day_is_not_shown_for_it() -> None:
    late = DatedValue(None, 3, "s. 2", Mark.FOUND, date(2026, 8, 1))
    law = book(Kind.LAW, [IN_FORCE], [value(None, 7), late])
    rules = law.thresholds.values()
    known = threshold_lines(rules, law, YEAR, known_on=date(2026, 7, 1))
    assert [step.value for step in known[0].steps] == [7]
    assert [step.value for step in threshold_lines(rules, law, YEAR)[0].steps] == [3]


def test_every_shipped_threshold_in_flop_gives_steps_in_order() -> None:
    shipped = shipped_book()
    days = (date(2020, 1, 1), date(2035, 1, 1))
    lines = threshold_lines(shipped.thresholds.values(), shipped, days)
    assert lines
    for line in lines:
        for before, after in zip(line.steps, line.steps[1:], strict=False):
            assert before.end is not None
            assert after.start is not None
            assert before.end <= after.start
