"""Registration and pause: figures and days at their edges, estimates, and properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import flop_text
from sluicegate.oversight import QUESTIONS
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.instruments import Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
CASES = Path(__file__).parents[2] / "rules" / "compute_accounting.yaml"
OURS = [c for c in read_cases(CASES.name, CASES.read_text()) if c["question"] in BY_NAME]
DAY = date(2026, 3, 1)
ONE = timedelta(days=1)


def moved(parameter: str, value: Value) -> RuleBook:
    values = BOOK.parameter(parameter).values
    return BOOK.with_values(parameter, [replace(dated, value=value) for dated in values])


def spread(low: int | None, central: int, high: int | None) -> dict[str, Any]:
    return {
        "estimate_low": None if low is None else flop_text(low),
        "estimate_central": flop_text(central),
        "estimate_high": None if high is None else flop_text(high),
    }


def registered(
    estimates: Mapping[str, Any],
    on: date = DAY,
    book: RuleBook = BOOK,
    reading: str = "range",
    **others: Any,
) -> Mapping[str, Any]:
    facts = {"operating_in_us": True, **estimates, **others}
    question = BY_NAME["kthf_registration"]
    return ask(question, facts, as_of=on, book=book, readings={"estimate_used": reading}).answer


def paused(
    estimates: Mapping[str, Any],
    on: date = DAY,
    book: RuleBook = BOOK,
    ties: tuple[bool, bool, bool] = (True, False, False),
    **others: Any,
) -> Mapping[str, Any]:
    facts = {
        "headquartered_in_us": ties[0],
        "does_business_in_us": ties[1],
        "uses_us_made_chips": ties[2],
        "run_started": "2026-02-01",
        **estimates,
        **others,
    }
    return ask(BY_NAME["kthf_pause"], facts, as_of=on, book=book).answer


@pytest.mark.parametrize("case", OURS, ids=lambda case: case["id"])
def test_worked_case(case: Mapping[str, Any]) -> None:
    assert run_case(case, BY_NAME.get, BOOK) == []


def test_the_threshold_decides_exactly_at_its_value_and_moves_with_the_book() -> None:
    name = "kthf.oversight.registration.training_compute"
    old = BOOK.parameter(name).first().value
    assert isinstance(old, int)
    for value, book in ((old, BOOK), (3 * old, moved(name, 3 * old))):
        got = [registered(spread(None, value + step, None), book=book) for step in (-1, 0, 1)]
        assert [one["must_register"] for one in got] == ["no", "no", "yes"]
        assert registered(spread(value, value + 1, None), book=book)["must_register"] == "may"
        assert registered(spread(None, value, value + 1), book=book)["must_register"] == "may"


def test_the_cap_decides_exactly_at_its_value_and_moves_with_the_book() -> None:
    name = "kthf.oversight.training_cap"
    old = BOOK.parameter(name).first().value
    assert isinstance(old, int)
    for value, book in ((old, BOOK), (3 * old, moved(name, 3 * old))):
        got = [paused(spread(None, value + step, None), book=book) for step in (-1, 0, 1)]
        assert [one["halted"] for one in got] == ["no", "no", "yes"]
        assert paused(spread(1, 2, value + 1), book=book)["halted"] == "may_exceed"


@pytest.mark.parametrize("reading", ["range", "central"])
def test_the_first_day_of_registration_comes_from_the_book(reading: str) -> None:
    name = "kthf.oversight.registration.from"
    other = moved(name, date(2030, 5, 5))
    for start, book in ((BOOK.parameter(name).first().value, BOOK), (date(2030, 5, 5), other)):
        assert isinstance(start, date)
        for day, expected in ((start - ONE, (False, "no")), (start, (True, "yes"))):
            got = registered(spread(None, 10**30, None), day, book, reading)
            assert (got["in_force"], got["must_register"]) == expected


def test_the_first_day_of_the_pause_comes_from_the_book() -> None:
    estimates = spread(None, 10**30, None)
    assert paused(estimates, run_started="2026-01-01")["halted"] == "yes"
    assert not paused(estimates, run_started="2025-12-31")["new_run"]
    other = moved("kthf.oversight.pause.from", date(2026, 2, 2))
    assert paused(estimates, book=other)["halted"] == "no"
    assert paused(estimates, book=other, run_started="2026-02-02")["halted"] == "yes"
    assert paused(estimates, date(2026, 1, 1), run_started="2026-01-01")["halted"] == "yes"
    assert paused(estimates, date(2025, 12, 31), run_started="2026-01-01")["halted"] == "no"


@pytest.mark.parametrize("ties", [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)])
def test_one_tie_is_enough(ties: tuple[int, int, int]) -> None:
    got = paused(spread(None, 10**30, None), ties=(bool(ties[0]), bool(ties[1]), bool(ties[2])))
    assert len(got["ties"]) == sum(ties)
    assert got["halted"] == ("yes" if any(ties) else "no")


@pytest.mark.parametrize(
    ("on", "started", "lifted", "halted"),
    [
        ("2026-03-31", "2026-02-01", "2026-04-01", "yes"),
        ("2026-04-01", "2026-02-01", "2026-04-01", "no"),
        ("2026-03-31", "2026-04-01", "2026-04-01", "yes"),
        ("2026-03-31", "2026-03-31", "2026-04-01", "yes"),
        ("2026-01-01", "2026-01-01", "2026-01-01", "no"),
        ("2040-01-01", "2026-01-01", None, "yes"),
    ],
)
def test_the_pause_ends_before_the_day_of_lifting(
    on: str, started: str, lifted: str | None, halted: str
) -> None:
    got = paused(
        spread(None, 10**30, None),
        date.fromisoformat(on),
        run_started=started,
        lifted_on=lifted,
    )
    assert got["halted"] == halted


ESTIMATES = st.lists(st.integers(0, 10**28), min_size=3, max_size=3).map(sorted)
ORDER = {"no": 0, "may": 1, "may_exceed": 1, "yes": 2}


@given(estimates=ESTIMATES, more=st.integers(0, 10**28))
def test_more_compute_never_undoes_a_duty(estimates: list[int], more: int) -> None:
    less, grown = spread(*estimates), spread(*(one + more for one in estimates))
    assert ORDER[registered(grown)["must_register"]] >= ORDER[registered(less)["must_register"]]
    assert ORDER[paused(grown)["halted"]] >= ORDER[paused(less)["halted"]]


@given(estimates=ESTIMATES)
def test_the_central_reading_is_settled_and_agrees_where_the_range_is(estimates: list[int]) -> None:
    by_range = registered(spread(*estimates))["must_register"]
    by_central = registered(spread(*estimates), reading="central")["must_register"]
    assert by_central in ("yes", "no")
    assert by_range in (by_central, "may")
