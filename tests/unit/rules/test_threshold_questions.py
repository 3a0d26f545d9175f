"""A threshold rule asked by its own id: level, standing of the text, conditions, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from own_rule import CLUSTER, COMPANY, CUSTOMER, RUN, own_book
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask
from sluicegate.rules.schema import answer_schema, facts_schema
from sluicegate.rules.threshold_questions import threshold_question
from sluicegate.rules.thresholds import Gauge, Level
from sluicegate.services.asking import ask_question
from sluicegate.services.questions import find_question, questions_of

BOOK = own_book()
ENFORCED = date(2025, 12, 1)
LIMIT = 10**24
AMOUNTS = st.integers(0, 10**26) | st.integers(-3, 3).map(lambda step: LIMIT + step)


def answer(rule: str, amount: Exact, on: date = ENFORCED, /, **facts: Any) -> Asked:
    fact = BOOK.thresholds[rule].measure
    return ask_question(rule, {fact: flop_text(amount), **facts}, as_of=on, book=BOOK)


def level(rule: str, amount: Exact, on: date = ENFORCED) -> Any:
    return answer(rule, amount, on).answer["level"]


def due(asked: Asked) -> dict[str, str | None]:
    return {one["duty"]: one["due"] for one in asked.answer_json()["due"]}


@given(amount=AMOUNTS, on=st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_the_question_gives_the_level_that_sql_and_gauge_give(amount: int, on: date) -> None:
    for rule in (CUSTOMER, COMPANY, RUN, CLUSTER):
        gauge = Gauge.of(BOOK.thresholds[rule], Law(BOOK, on))
        asked = answer(rule, amount, on)
        assert asked.answer["level"] == gauge.level(amount).value
        assert asked.answer["limit"] == gauge.limit
        assert asked.answer["approach_level"] == gauge.approach


@given(amount=AMOUNTS, more=st.integers(0, 10**25), on=st.sampled_from(["2025-08-01", ENFORCED]))
def test_more_compute_never_undoes_a_level(amount: int, more: int, on: Any) -> None:
    order = [one.value for one in Level]
    before, after = (level(CUSTOMER, used, on) for used in (amount, amount + more))
    assert order.index(before) <= order.index(after)


def edges(book: RuleBook) -> Iterator[tuple[str, date]]:
    """Yield every threshold rule with each day on which its limit changes."""
    for rule in book.thresholds.values():
        for dated in book.parameter(rule.parameter).values:
            yield rule.id, dated.start or date(2026, 1, 1)


@pytest.mark.parametrize(("rule", "on"), sorted(edges(BOOK), key=str))
def test_every_rule_of_the_book_sits_exactly_at_its_limit(rule: str, on: date) -> None:
    one = BOOK.thresholds[rule]
    limit = Law(BOOK, on).limit(one.parameter)
    below, at, above = (answer(rule, limit.value + step, on).answer for step in (-1, 0, 1))
    reaches = limit.comparator is Comparator.AT_LEAST
    assert not below["passed"]
    assert at["passed"] is reaches
    assert above["passed"]
    assert at["level"] == ("passed" if reaches else "approaching" if one.approach else "below")


def test_exactly_at_the_approach_level_one_approaches() -> None:
    near = LIMIT * 3 // 4
    assert [level(CUSTOMER, near + step) for step in (-1, 0)] == ["below", "approaching"]
    assert answer(CUSTOMER, near).answer["approach_level"] == Fraction(near)
    assert level(RUN, LIMIT) == "below"
    assert answer(RUN, LIMIT).answer["approach_level"] is None


@pytest.mark.parametrize(
    ("on", "written", "enforced", "outcome"),
    [
        ("2024-06-01", False, False, "no text asks for anything"),
        ("2025-06-30", False, False, "no text asks for anything"),
        ("2025-07-01", True, False, "not enforced"),
        ("2025-09-30", True, False, "not enforced"),
        ("2025-10-01", True, True, "in force and enforced"),
        ("2026-12-31", True, True, "in force and enforced"),
        ("2027-01-01", False, False, "no text asks for anything"),
    ],
)
def test_what_is_passed_is_asked_as_the_text_stands(
    on: str, written: bool, enforced: bool, outcome: str
) -> None:
    asked = answer(CUSTOMER, LIMIT * 2, date.fromisoformat(on))
    assert asked.answer["passed"] is True
    assert (asked.answer["as_written"], asked.answer["as_enforced"]) == (written, enforced)
    assert outcome in str(asked.outcome)
    assert bool(asked.answer["due"]) is written


def test_what_is_not_passed_is_not_asked() -> None:
    for amount in (0, LIMIT):
        asked = answer(CUSTOMER, amount).answer
        assert (asked["passed"], asked["as_written"], asked["as_enforced"]) == (False,) * 3


def test_a_limit_that_has_not_begun_asks_for_nothing() -> None:
    """The text asks from 1 July; the limit of this book begins in September."""
    book = own_book()
    old = book.parameter("local.harbour.limit").values
    late = book.with_values(
        "local.harbour.limit",
        [type(old[0])(date(2025, 12, 2), 10**24, "s. 3", old[0].mark, None)],
    )
    facts = {"compute_used": "9e24"}
    asked = [
        ask_question(CUSTOMER, facts, as_of=on, book=late) for on in ("2025-12-01", "2025-12-02")
    ]
    assert [one.answer["as_written"] for one in asked] == [False, True]
    assert any("begins on 2025-12-02 only" in str(reason) for reason in asked[0].reasons)
    assert asked[0].answer["due"] == []


def test_each_duty_is_due_from_the_event_that_its_text_names() -> None:
    asked = answer(CUSTOMER, LIMIT * 2, passed_on="2025-11-10")
    assert due(asked) == {
        "report": "2025-12-10",
        "call": "2025-11-12",
        "sum_up": "2026-01-30",
        "ask.leave": "2025-11-10",
        "answer": None,
        "keep": None,
    }
    said = " ".join(map(str, asked.reasons))
    assert "Owed by 2025-12-10, 30 days from" in said
    assert "Owed before the limit is passed: Ask for leave." in said
    assert "Owed as long as the limit is passed: Keep watch." in said
    owed = "Owed within 30 days from the request, a day that is not given: Answer the Board."
    assert owed in said


def test_without_the_day_on_which_it_was_passed_nothing_has_a_day() -> None:
    assert set(due(answer(CUSTOMER, LIMIT * 2)).values()) == {None}


def test_one_who_approaches_owes_what_comes_before_and_nothing_else() -> None:
    assert due(answer(CUSTOMER, LIMIT)) == {"ask.leave": None}
    assert due(answer(CUSTOMER, LIMIT, passed_on="2026-02-01")) == {"ask.leave": "2026-02-01"}
    assert due(answer(CUSTOMER, 1)) == {}


def test_a_day_at_the_end_of_the_calendar_gives_an_answer() -> None:
    asked = answer(CUSTOMER, LIMIT * 2, passed_on="9999-12-31")
    assert due(asked)["report"] == due(asked)["sum_up"] == "9999-12-31"


@pytest.mark.parametrize(
    ("facts", "on", "applies"),
    [
        ({"customer_kind": "entity", "country": "US"}, "2025-12-01", True),
        ({"customer_kind": "individual", "country": "US"}, "2025-12-01", False),
        ({"customer_kind": "entity", "country": "FR"}, "2025-12-01", False),
        ({"customer_kind": "entity", "country": "NO"}, "2025-12-31", True),
        ({"customer_kind": "entity", "country": "NO"}, "2026-01-01", False),
        ({"customer_kind": "entity"}, "2025-12-01", None),
        ({"country": "US"}, "2025-12-01", None),
        ({"country": "FR"}, "2025-12-01", False),
        ({"customer_kind": "individual"}, "2025-12-01", False),
        ({"customer_kind": None, "country": None}, "2025-12-01", None),
        ({}, "2025-12-01", None),
    ],
)
def test_a_rule_applies_when_all_its_conditions_hold(
    facts: dict[str, Any], on: str, applies: bool | None
) -> None:
    asked = answer(COMPANY, LIMIT * 2, date.fromisoformat(on), **facts)
    assert asked.answer["applies"] is applies
    assert asked.answer["level"] == "passed"
    assert asked.answer["passed"] is (applies is not False)
    assert asked.answer["as_enforced"] is (applies is not False)
    assert bool(asked.answer["due"]) is (applies is not False)
    outcome = {True: "enforced", False: "does not apply", None: "whether the rule applies"}
    assert outcome[applies] in str(asked.outcome)


@pytest.mark.parametrize(("kind", "applies"), [("pretrain", True), ("probe", False)])
def test_a_condition_may_name_several_values(kind: str, applies: bool) -> None:
    asked = answer(RUN, LIMIT * 2, kind=kind)
    assert asked.answer["applies"] is applies
    assert any(
        f"pretrain, finetune, {'and' if applies else 'but'} it is" in str(r) for r in asked.reasons
    )


def test_a_rule_without_conditions_always_applies() -> None:
    assert answer(CUSTOMER, 0).answer["applies"] is True


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({}, "compute_used"),
        ({"compute_used": "-1"}, "compute_used"),
        ({"compute_used": 10**24}, "compute_used"),
        ({"compute_used": "1e24", "customer_kind": "person"}, "customer_kind"),
        ({"compute_used": "1e24", "country": "XX"}, "country"),
        ({"compute_used": "1e24", "passed_on": "soon"}, "passed_on"),
        ({"compute_used": "1e24", "colour": "red"}, "colour"),
    ],
)
def test_bad_facts_are_refused_with_their_path(facts: dict[str, Any], path: str) -> None:
    with pytest.raises(BadFactsError) as caught:
        ask_question(COMPANY, facts, as_of=ENFORCED, book=BOOK)
    assert caught.value.paths == [path]


def test_an_answer_names_the_places_it_rests_on_and_how_sure_they_are() -> None:
    asked = answer(COMPANY, LIMIT * 2, date(2026, 8, 1), customer_kind="entity", country="US")
    marks = {citation.text: citation.mark.value for citation in asked.citations}
    assert marks["s. 3a"] == "second_hand"
    assert marks["s. 6a"] == "found"
    assert marks["Harbour order 7: s. 2a"] == "found"
    assert {used.id for used in asked.parameters} >= {"local.harbour.limit", "local.harbour.near"}
    assert any("s. 3a" in str(caveat) for caveat in asked.caveats())


def test_every_sentence_is_told_in_chinese() -> None:
    for facts in ({}, {"customer_kind": "individual", "country": "FR"}):
        asked = answer(COMPANY, LIMIT * 2, **facts)
        told = [asked.outcome, *asked.reasons]
        assert all(one.text(Language.ZH) != one.text(Language.EN) for one in told)
    for amount in (0, LIMIT, LIMIT * 2):
        assert "阈值" in answer(CUSTOMER, amount).outcome.text(Language.ZH)


def test_every_threshold_rule_of_every_book_is_a_question() -> None:
    for rule in shipped_book().thresholds.values():
        found = find_question(rule.id)
        assert found is not None
        assert found.name == rule.id
    assert find_question(CUSTOMER) is None
    assert find_question(CUSTOMER, BOOK) is not None
    assert set(BOOK.thresholds) < set(questions_of(BOOK))
    with pytest.raises(BadFactsError, match=r"did you mean local\.harbour\.customer\?"):
        ask_question("local.harbour.custom", {}, as_of=ENFORCED, book=BOOK)


def test_the_fields_of_a_rule_have_a_schema() -> None:
    spec = threshold_question(BOOK.thresholds[COMPANY], BOOK).spec
    facts, told = facts_schema(spec), answer_schema(spec)
    assert facts["required"] == ["compute_used"]
    assert set(facts["properties"]) == {"compute_used", "passed_on", "customer_kind", "country"}
    assert told["properties"]["level"]["enum"] == [one.value for one in Level]
    due_item = told["properties"]["due"]["items"]
    assert due_item["properties"]["duty"]["enum"] == ["report"]


def test_what_was_not_known_yet_is_not_used() -> None:
    """The newer limit is part of the order of January; a status known later is not seen before."""
    question = threshold_question(BOOK.thresholds[CUSTOMER], BOOK)
    asked = ask(
        question, {"compute_used": "2e24"}, as_of=ENFORCED, book=BOOK, known_on=date(2025, 1, 9)
    )
    assert asked.answer["as_written"] is False
