"""Coverage: what of the rules worked cases touch, and what none of them does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from own_rule import CLUSTER, COMPANY, CUSTOMER, RUN, own_book
from sluicegate.core.phrases import Language
from sluicegate.rules.cases import read_cases
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.coverage import Coverage, Covered, WatchedBook, coverage
from sluicegate.services.questions import all_questions

BOOK = own_book()
CASES = Path(__file__).resolve().parents[2] / "rules"
OWN = "local.harbour"


def case(question: str, as_of: str, /, **facts: Any) -> dict[str, Any]:
    return {"id": "c", "question": question, "as_of": as_of, "facts": facts, "expected": {}}


def own(*cases: Mapping[str, Any]) -> Covered:
    [part] = coverage(cases, BOOK, own=True).parts
    return part


def left(part: Covered, kind: str) -> list[str]:
    return [item.name for item in part.untouched if item.kind == kind]


def of(report: Coverage, about: str) -> Covered:
    return next(part for part in report.parts if part.about == about)


def test_without_cases_nothing_is_touched() -> None:
    part = own()
    assert (part.about, part.touched, part.as_json()["percent"]) == (OWN, 0, "0 %")
    assert left(part, "value") == [
        "limit from 2025-07-01",
        "limit from 2026-07-01",
        "rate from 2025-07-01",
        "near undated",
        "partners from 2025-07-01",
        "partners from 2026-01-01",
        "report_period from 2025-07-01",
        "clock from 2025-07-01",
    ]
    assert len(left(part, "status")) == 4
    assert left(part, "level")[:3] == ["customer below", "customer approaching", "customer passed"]
    assert "run approaching" not in left(part, "level")
    assert len(left(part, "conditions")) == 6


def test_a_case_touches_what_its_answer_rests_on_and_nothing_else() -> None:
    part = own(case(CUSTOMER, "2025-12-01", compute_used="1e24"))
    assert "limit from 2025-07-01" not in left(part, "value")
    assert "limit from 2026-07-01" in left(part, "value")
    assert "near undated" not in left(part, "value")
    assert left(part, "level")[:2] == ["customer below", "customer passed"]
    assert not any(name.startswith("in force, enforced") for name in left(part, "status"))
    assert "clock from 2025-07-01" in left(part, "value"), "nothing was owed"


def test_a_period_is_touched_where_a_duty_is_dated() -> None:
    facts = {"compute_used": "2e24", "passed_on": "2025-12-01"}
    part = own(case(CUSTOMER, "2025-12-01", **facts))
    assert not {"report_period from 2025-07-01", "clock from 2025-07-01"} & set(left(part, "value"))


def test_a_value_used_before_its_first_day_is_not_touched() -> None:
    part = own(case(CUSTOMER, "2025-06-30", compute_used="1e24"))
    assert "limit from 2025-07-01" in left(part, "value")


@pytest.mark.parametrize(
    ("facts", "touched"),
    [
        ({"customer_kind": "entity", "country": "US"}, {"company applies"}),
        ({"customer_kind": "individual"}, {"company does not apply"}),
        ({}, set()),
    ],
)
def test_a_case_touches_one_way_in_which_a_rule_may_apply(
    facts: dict[str, Any], touched: set[str]
) -> None:
    part = own(case(COMPANY, "2025-12-01", compute_used="2e24", **facts))
    assert set(left(own(), "conditions")) - set(left(part, "conditions")) == touched


def test_enough_cases_touch_everything() -> None:
    cases = [
        case(CUSTOMER, "2025-02-01", compute_used="0"),
        case(CUSTOMER, "2025-08-01", compute_used="1e24"),
        case(CUSTOMER, "2026-07-01", compute_used="1e24", passed_on="2026-07-01"),
        case(CUSTOMER, "2027-01-01", compute_used="1e24"),
        case(COMPANY, "2025-12-01", compute_used="0", customer_kind="entity", country="US"),
        case(COMPANY, "2026-02-01", compute_used="1e24", customer_kind="entity", country="NO"),
        case(COMPANY, "2025-12-01", compute_used="2e24"),
        case(RUN, "2026-02-01", training_compute="0", kind="pretrain"),
        case(RUN, "2026-02-01", training_compute="2e24", kind="probe"),
        case(CLUSTER, "2026-02-01", peak_rate="0", country="US"),
        case(CLUSTER, "2026-02-01", peak_rate="1e18", country="NO"),
    ]
    part = own(*cases)
    assert part.untouched == ()
    assert part.as_json() == {
        "about": OWN,
        "touched": part.of,
        "of": part.of,
        "percent": "100 %",
        "untouched": [],
    }
    for number in range(len(cases)):
        assert own(*cases[:number], *cases[number + 1 :]).untouched, f"case {number} adds nothing"


def test_a_case_that_is_refused_touches_nothing_and_is_named() -> None:
    cases = [
        {**case(CUSTOMER, "2025-12-01", compute_used="-1"), "id": "bad"},
        {**case("no_such_question", "2025-12-01"), "id": "odd"},
        {**case(CUSTOMER, "soon", compute_used="1"), "id": "when"},
    ]
    report = coverage(cases, BOOK, own=True)
    assert (report.cases, report.refused, report.touched) == (3, ("bad", "odd", "when"), 0)


def shipped(*cases: Mapping[str, Any]) -> Coverage:
    return coverage(cases, shipped_book())


def test_of_the_shipped_rules_questions_count_too() -> None:
    report = shipped()
    assert report.touched == 0
    assert {part.about for part in report.parts} == {
        *shipped_book().instruments,
        *(name for name, one in all_questions().items() if _has_branches(one.spec)),
    }


def _has_branches(spec: Any) -> bool:
    return bool(spec.outcomes or spec.readings or any(f.values or f.fields for f in spec.answer))


def test_a_question_s_outcomes_values_and_readings_are_touched_one_by_one() -> None:
    facts = {"compute_used": "1", "threshold": "10", "approach_share": 1}
    part = of(shipped(case("kyc_trigger", "2026-01-01", **facts)), "kyc_trigger")
    assert "state = below" not in left(part, "answer")
    assert {"state = approaching", "state = crossed"} <= set(left(part, "answer"))
    outcomes = len(all_questions()["kyc_trigger"].spec.outcomes)
    assert len(left(part, "outcome")) == max(outcomes - 1, 0)


@pytest.mark.parametrize(
    ("amount", "level"), [("1e25", "approaching"), ("1.1e25", "passed"), ("1", "below")]
)
def test_a_named_question_touches_the_level_of_its_rule(amount: str, level: str) -> None:
    facts = {"training_compute": amount, "condition_met_on": "2025-09-01"}
    report = shipped(case("eu_systemic_risk", "2025-09-01", **facts))
    levels = {"below", "approaching", "passed"} - {level}
    touched = set(left(of(report, "eu.ai_act"), "level"))
    assert touched == {f"systemic_risk {word}" for word in levels}


def test_a_question_that_used_another_limit_touches_no_level() -> None:
    runs = [{"role": "base", "compute": "1e27"}]
    for rule, touched in (("us_4e091", 1), ("kthf", 0)):
        report = shipped(case("training_compute", "2026-01-01", counting_rule=rule, runs=runs))
        assert len(left(of(report, "us.eccn_4e091"), "level")) == 3 - touched


def test_each_day_of_a_value_that_an_answer_used_is_seen() -> None:
    """A law remembers the last use of a parameter; the report sees each."""
    book = WatchedBook(BOOK.instruments)
    law = Law(book, date(2026, 1, 1))
    for dated in BOOK.parameter("local.harbour.limit").values:
        law.amount("local.harbour.limit", on=dated.start)
    names = {item.name for item in book.seen.items if item.kind == "value"}
    assert names == {"limit from 2025-07-01", "limit from 2026-07-01"}


def all_cases() -> Sequence[Mapping[str, Any]]:
    return [
        one
        for path in sorted(CASES.glob("*.yaml"))
        for one in read_cases(path.name, path.read_text(encoding="utf-8"))
    ]


def test_our_own_cases_touch_most_of_the_shipped_rules() -> None:
    report = shipped(*all_cases())
    assert report.touched * 5 > report.of * 4
    document = report.as_json()
    assert document["touched"] == sum(part["touched"] for part in document["about"])
    assert document["of"] == sum(part["of"] for part in document["about"])


def test_a_watched_book_answers_as_the_book_does() -> None:
    for parameter in BOOK.parameters.values():
        for dated in parameter.values:
            if dated.start is not None:
                watched = WatchedBook(BOOK.instruments).parameter(parameter.id)
                assert watched.on(dated.start) == parameter.on(dated.start)


def test_what_was_not_touched_is_named_in_chinese() -> None:
    document = own().as_json(Language.ZH)
    names = [item["name"] for item in document["untouched"]]
    assert names[:4] == [
        "limit，自2025-07-01起",
        "limit，自2026-07-01起",
        "rate，自2025-07-01起",
        "near，无日期",
    ]
    assert {"customer：临近", "company：适用", "company：不适用"} <= set(names)
    assert [name for name in names if " from " in name or "undated" in name] == []


def test_kinds_of_items_are_told_in_the_language_of_the_reader() -> None:
    shipped = coverage([], BOOK)
    items = [item for part in (own(), *shipped.parts) for item in part.untouched]
    kinds = {item.kind: item.text(Language.ZH).split(" ")[0] for item in items}
    assert kinds == {
        "value": "数值",
        "status": "状态",
        "level": "档位",
        "conditions": "条件",
        "outcome": "结论",
        "answer": "答案",
        "reading": "解读",
    }
