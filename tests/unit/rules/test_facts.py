"""Facts are read by type and refused with the path of each fault, in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_text import RULE, spec_of
from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer, facts_json
from sluicegate.rules.facts import BadFact, BadFactsError, Facts, read_facts
from sluicegate.rules.fields import FieldSpec, Shape
from sluicegate.rules.law import Law
from sluicegate.rules.loading import read_book
from sluicegate.rules.questions import Question, ask, default_of
from sluicegate.rules.specifications import Spec

HARBOUR = read_book([("harbour.yaml", RULE)])
RECORD = {
    "type": "list[record]",
    "default": [],
    "fields": {
        "name": {"type": "string", "required": True, "meaning": "Name"},
        "share": {"type": "share", "required": True, "meaning": "Share"},
        "role": {"type": "enum", "values": ["x", "y"], "default": "x", "meaning": "Role"},
    },
}


def read(facts: Mapping[str, Any], raw: Any) -> Facts:
    return read_facts(spec_of(facts).facts, raw, lambda field: field.default)


def paths(facts: Mapping[str, Any], raw: Any) -> list[str]:
    with pytest.raises(BadFactsError) as caught:
        read(facts, raw)
    return [fault.path for fault in caught.value.faults]


RIGHT: list[tuple[str, Any, Any]] = [
    ("country", "NO", "NO"),
    ("country", "XK", "XK"),
    ("date", "2024-02-29", date(2024, 2, 29)),
    ("datetime", "2026-04-01T10:00:00Z", datetime(2026, 4, 1, 10, tzinfo=UTC)),
    ("boolean", False, False),
    ("integer", -7, -7),
    ("integer", 10**30, 10**30),
    ("number", Decimal("0.10"), Fraction(1, 10)),
    ("number", -3, -3),
    ("flop", "1.5e26", 15 * 10**25),
    ("flop", "0", 0),
    ("flop", "0.5", Fraction(1, 2)),
    ("flop_per_second", "1e20", 10**20),
    ("tpp", Decimal("4800.5"), Fraction(9601, 2)),
    ("tpp", 4800, 4800),
    ("share", 0, 0),
    ("share", 1, 1),
    ("share", Decimal("0.25"), Fraction(1, 4)),
    ("string", "", ""),
    ("list[integer]", [], []),
    ("list[date]", ["2026-01-01"], [date(2026, 1, 1)]),
    ("list[list[boolean]]", [[True], []], [[True], []]),
    ("map[string,flop]", {"a": "1e3"}, {"a": 1000}),
    ("map[integer,share]", {"2024": Decimal("0.5"), -1: 1}, {2024: Fraction(1, 2), -1: 1}),
    ("map[enum,integer]", {"x": 1}, {"x": 1}),
    ("map[country,list[string]]", {"FR": ["a"]}, {"FR": ["a"]}),
    ("map[date,boolean]", {"2026-01-01": True}, {date(2026, 1, 1): True}),
]


@pytest.mark.parametrize(("kind", "raw", "value"), RIGHT)
def test_a_literal_of_the_right_type_is_read_exactly(kind: str, raw: Any, value: Any) -> None:
    got = read({"fact": {"type": kind, "required": True}}, {"fact": raw})["fact"]
    assert got == value
    assert not isinstance(got, float | Decimal)


WRONG: list[tuple[str, list[Any]]] = [
    ("country", ["no", "UK", "ZZ", "USA", "", 1, False, None, ["US"]]),
    ("date", ["2026-02-30", "2026-1-1", "2026-01-01T00:00", 20260101, date(2026, 1, 1), None]),
    ("datetime", ["2026-01-01", "2026-01-01T10:00:00", "soon", 0, None]),
    ("boolean", ["true", 0, 1, "no", None, []]),
    ("integer", ["12", True, Decimal("1.5"), 1.0, None, [1]]),
    ("number", ["12", True, 0.5, Decimal("NaN"), Decimal("Infinity"), Decimal("1e5000"), None]),
    ("flop", [26, "1e", "-1", "", "1,000", "nan", "1/2", Decimal(1), 1e26, None, "1e5000"]),
    ("flop_per_second", [1, "x", "-1e20", None]),
    ("tpp", ["4800", -1, Decimal("-0.5"), True, None]),
    ("share", ["0.5", -1, Decimal("1.0001"), 2, True, 0.5, None]),
    ("string", [1, None, True, ["a"], {}]),
    ("list[integer]", [1, "a", {"a": 1}, None, ["1"], [True], [None], [[1]]]),
    ("map[string,flop]", [[], "a", None, {1: "1"}, {"a": 1}, {"a": None}]),
    ("map[integer,share]", [{"x": 1}, {"1.5": 1}, {True: 1}, {"1": 2}]),
    ("map[country,integer]", [{"UK": 1}, {"FR": "1"}]),
]


@pytest.mark.parametrize(("kind", "raw"), [(kind, raw) for kind, raws in WRONG for raw in raws])
def test_a_literal_of_another_type_is_refused_at_its_field(kind: str, raw: Any) -> None:
    assert paths({"fact": {"type": kind, "required": True}}, {"fact": raw}) == ["fact"]


@pytest.mark.parametrize(
    ("limits", "refused", "read_as"),
    [
        ({"minimum": 2}, [1, Decimal("1.999")], [2, Decimal("2.001")]),
        ({"above": 2}, [2, 1], [Decimal("2.001")]),
        ({"maximum": 2}, [3, Decimal("2.001")], [2]),
        ({"minimum": 1, "maximum": 2}, [0, 3], [1, 2]),
    ],
)
def test_limits_hold_exactly_at_their_edge(
    limits: dict[str, int], refused: list[Any], read_as: list[Any]
) -> None:
    spec = {"fact": {"type": "number", "required": True, **limits}}
    assert all(paths(spec, {"fact": raw}) == ["fact"] for raw in refused)
    assert [read(spec, {"fact": raw})["fact"] for raw in read_as] == [Fraction(r) for r in read_as]
    inner = {"fact": {"type": "list[number]", "required": True, **limits}}
    assert paths(inner, {"fact": [*read_as, refused[0]]}) == ["fact"]


def test_values_hold_for_the_innermost_type() -> None:
    spec = {"fact": {"type": "map[string,list[enum]]", "values": ["x", "y"], "required": True}}
    assert read(spec, {"fact": {"x": ["y", "y"]}})["fact"] == {"x": ["y", "y"]}
    assert paths(spec, {"fact": {"a": ["z"]}}) == ["fact"]


def test_null_is_allowed_where_the_field_says_so() -> None:
    nullable = {"fact": {"type": "date", "default": None}}
    assert not read(nullable, {"fact": None}).has("fact")
    assert not read(nullable, {}).has("fact")
    flagged = {"fact": {"type": "date", "required": True, "nullable": True}}
    assert read(flagged, {"fact": None}).maybe_day("fact") is None
    assert paths(flagged, {}) == ["fact"]
    assert paths({"fact": {"type": "date", "default": "2026-01-01"}}, {"fact": None}) == ["fact"]


NEEDED = {
    "method": {"type": "enum", "values": ["tokens", "hardware"], "required": True},
    "tokens": {"type": "integer", "default": None, "needed_when": {"method": ["tokens"]}},
    "hours": {"type": "number", "default": None, "needed_when": {"method": ["hardware"]}},
    "last": {"type": "boolean", "default": False},
}


def test_a_field_that_the_chosen_method_needs_may_not_be_missing_or_null() -> None:
    assert paths(NEEDED, {"method": "tokens"}) == ["tokens"]
    assert paths(NEEDED, {"method": "tokens", "tokens": None, "hours": 1}) == ["tokens"]
    assert paths(NEEDED, {"method": "hardware", "tokens": 1}) == ["hours"]
    assert read(NEEDED, {"method": "tokens", "tokens": 1})["hours"] is None


def test_a_needed_field_takes_its_place_in_the_order() -> None:
    assert paths(NEEDED, {"last": 1, "method": "tokens", "hours": "x"}) == [
        *("tokens", "hours", "last")
    ]
    assert paths(NEEDED, {"method": "tokens", "tokens": "x"}) == ["tokens"]


def test_a_field_is_needed_for_a_boolean_too() -> None:
    spec = {
        "open": {"type": "boolean", "default": True},
        "day": {"type": "date", "default": None, "needed_when": {"open": [True]}},
    }
    assert paths(spec, {}) == ["day"]
    assert read(spec, {"open": False})["day"] is None


ORDER = {
    "first": {"type": "integer", "required": True},
    "parts": RECORD,
    "second": {"type": "share", "required": True},
}


def test_faults_come_as_unknown_fields_then_in_the_order_of_the_specification() -> None:
    raw = {
        "second": 2,
        "zebra": 1,
        "parts": [
            {"share": 3, "name": "a", "role": "z", "age": 1},
            {"role": 1, "name": 2},
        ],
        "apple": 1,
    }
    assert paths(ORDER, raw) == [
        *("zebra", "apple", "first"),
        *("parts.age", "parts.share", "parts.role"),
        *("parts.name", "parts.share", "parts.role", "second"),
    ]


def test_an_unknown_field_is_told_the_nearest_name_or_to_be_left_out() -> None:
    with pytest.raises(BadFactsError) as caught:
        read(ORDER, {"first": 1, "secnd": 1, "zebra": 1})
    messages = [fault.message for fault in caught.value.faults]
    assert messages[0].endswith("did you mean second?")
    assert messages[1].endswith("leave it out")


def test_a_refusal_names_each_path_once() -> None:
    error = BadFactsError([BadFact("a", "x"), BadFact("b", "y"), BadFact("a", "z")])
    assert error.as_json() == {"error": "a", "errors": ["a", "b"], "message": "a: x; b: y; a: z"}


@pytest.mark.parametrize("raw", [None, [], "x", 7, [("first", 1)]])
def test_facts_that_are_no_object_are_refused(raw: Any) -> None:
    assert paths(ORDER, raw) == ["facts"]


def test_a_message_stays_short_and_shows_figures_as_written() -> None:
    with pytest.raises(BadFactsError, match=r"^fact: 1\.40 is above 1; give a share"):
        read({"fact": {"type": "share", "required": True}}, {"fact": Decimal("1.40")})
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    for raw in (deep, "x" * 10**6, list(range(10**5)), {"a": deep}):
        with pytest.raises(BadFactsError) as caught:
            read({"fact": {"type": "number", "required": True}}, {"fact": raw})
        assert len(str(caught.value)) < 400


def test_a_lone_surrogate_is_no_text() -> None:
    assert paths({"fact": {"type": "string", "required": True}}, {"fact": "\ud800"}) == ["fact"]


def test_a_getter_for_another_type_is_a_bug_and_raises() -> None:
    facts = Facts({"text": "x", "flag": True, "day": date(2026, 1, 1), "amount": 3})
    wrong = [
        *((facts.amount, "flag"), (facts.whole, "flag"), (facts.flag, "amount")),
        *((facts.day, "text"), (facts.instant, "day"), (facts.text, "day")),
        (facts.mapping, "text"),
    ]
    for getter, name in wrong:
        with pytest.raises(TypeError, match=name):
            getter(name)


ASKED_FACTS = {
    "amount": {"type": "flop", "required": True},
    "cap": {"type": "flop", "default": {"parameter": "local.harbour.limit"}},
    "days": {"type": "integer", "default": {"parameter": "local.harbour.period"}},
    "caps": {
        "type": "list[record]",
        "default": {"timeline": {"date": "since", "top": "local.harbour.limit"}},
        "fields": {
            "since": {"type": "date", "required": True, "meaning": "Since"},
            "top": {"type": "flop", "required": True, "meaning": "Top"},
        },
    },
}
ASKED = spec_of(
    ASKED_FACTS,
    {"passed": {"type": "boolean"}, "twice": {"type": "flop"}},
    readings={"counting": ["all", "new"], "scope": ["wide", "narrow"]},
    first_recorded=date(2025, 1, 1),
)


def decide(facts: Facts, law: Law) -> Answer:
    passed = law.limit("local.harbour.limit").passed_by(facts.amount("amount"))
    return Answer({"passed": passed, "twice": 2 * facts.amount("amount")}, [say("Compared.")])


def refuse(facts: Facts, law: Law) -> list[BadFact]:
    zero = [] if facts.amount("amount") else [BadFact("amount", "is zero")]
    return [*zero, *([BadFact("cap", "is zero")] if not facts.amount("cap") else [])]


TOY = Question(ASKED, decide, refuse)


def refused(facts: Any, as_of: Any = "2026-01-01", **readings: str) -> list[str]:
    with pytest.raises(BadFactsError) as caught:
        ask(TOY, facts, as_of=as_of, book=HARBOUR, readings=readings)
    return caught.value.paths


def test_an_answer_carries_readings_parameters_and_citations() -> None:
    asked = ask(TOY, {"amount": "1e25"}, as_of="2026-01-01", book=HARBOUR)
    shown = asked.as_json()
    assert shown["answer"] == {"passed": True, "twice": "2" + "0" * 25}
    assert shown["readings"] == {"counting": "all", "scope": "wide"}
    assert [used["id"] for used in shown["parameters"]] == [
        "local.harbour.limit",
        "local.harbour.period",
    ]
    assert {"text": "s. 3", "mark": "found"} in shown["citations"]


def test_chosen_readings_are_echoed_with_the_defaults() -> None:
    asked = ask(
        TOY, {"amount": "1"}, as_of="2026-01-01", book=HARBOUR, readings={"scope": "narrow"}
    )
    assert asked.readings == {"counting": "all", "scope": "narrow"}


def test_a_default_of_law_follows_the_day() -> None:
    early, late = (
        ask(TOY, {"amount": "1"}, as_of=day, book=HARBOUR).facts
        for day in ("2026-06-30", "2026-07-01")
    )
    assert (early["cap"], late["cap"]) == (10**24, 5 * 10**23)
    assert early["days"] == 30
    assert [(row["since"], row["top"]) for row in early["caps"]] == [
        (date(2025, 7, 1), 10**24),
        (date(2026, 7, 1), 5 * 10**23),
    ]


def test_faults_of_day_readings_and_facts_come_in_this_order() -> None:
    assert refused({"x": 1}, "2024-12-31", scope="none", colour="red") == [
        *("as_of", "readings.colour", "readings.scope", "x", "amount")
    ]


@pytest.mark.parametrize("day", ["2026-02-30", "", "today", datetime(2026, 1, 1), 20260101, None])  # noqa: DTZ001
def test_a_date_that_is_none_is_refused(day: Any) -> None:
    assert refused({"amount": "1"}, day) == ["as_of"]


def test_conditions_on_facts_are_tested_only_when_nothing_else_is_wrong() -> None:
    assert refused({"amount": "0", "cap": "0"}) == ["amount", "cap"]
    assert refused({"amount": "0", "cap": 0}) == ["cap"]
    assert refused({"amount": "0"}, scope="none") == ["readings.scope"]
    ask(TOY, {"amount": "1"}, as_of=date(2025, 1, 1), book=HARBOUR)
    assert refused({"amount": "1"}, date(2024, 12, 31)) == ["as_of"]


@given(amount=st.integers(1, 10**30), day=st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_facts_written_out_are_read_again_as_the_same(amount: int, day: date) -> None:
    asked = ask(TOY, {"amount": str(amount)}, as_of=day, book=HARBOUR)
    again = ask(TOY, facts_json(ASKED.facts, asked.facts), as_of=day, book=HARBOUR)
    assert again.facts == asked.facts
    assert again.as_json()["answer"] == asked.as_json()["answer"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"passed": True}, "differ in"),
        ({"passed": True, "twice": 1, "more": 2}, "differ in"),
        ({"passed": None, "twice": 1}, "null but not nullable"),
        ({"passed": True, "twice": 1.0}, "binary float"),
    ],
)
def test_an_answer_that_breaks_its_specification_is_a_bug(
    values: dict[str, Any], problem: str
) -> None:
    broken = Question(ASKED, lambda facts, law: Answer(values, []))
    with pytest.raises(TypeError, match=problem):
        ask(broken, {"amount": "1"}, as_of="2026-01-01", book=HARBOUR)


@pytest.mark.parametrize(
    "text", ["list[map[string,list[enum]]]", "map[integer,flop]", "list[record]", "tpp"]
)
def test_a_type_is_written_as_it_was_read(text: str) -> None:
    assert str(Shape.parse(text)) == text


@pytest.mark.parametrize("text", ["flops", "list[]", "list[x]", "map[string]", "", "list(date)"])
def test_an_unknown_type_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Kind"):
        Shape.parse(text)


def test_a_default_without_a_parameter_is_its_literal() -> None:
    field = FieldSpec.parse("a", {"type": "integer", "default": 3, "meaning": "A"})
    assert default_of(field, Law(HARBOUR, date(2026, 1, 1))) == 3
    assert isinstance(ASKED, Spec)
