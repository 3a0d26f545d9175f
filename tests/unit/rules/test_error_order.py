"""Wrong facts of every shape: an answer, or the paths that the README asks for, in its order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import error_order
from drawn_facts import right_facts
from fitting_answers import misfits
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.phrases import Language
from sluicegate.rules.answers import Asked
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question
from sluicegate.services.asking import ask_question
from sluicegate.services.questions import all_questions, questions_of

BOOK = shipped_book()
QUESTIONS = questions_of(BOOK)
"""Every question, and every threshold rule as a question of its own."""
ANY = st.sampled_from([QUESTIONS[name] for name in sorted(QUESTIONS)])
DAYS = st.sampled_from(["2024-06-01", "2025-01-12", "2025-01-13", "2026-11-21", "2027-03-31"])
BAD_DAYS: list[Any] = [
    "",
    "2026-02-30",
    "2026-1-1",
    "tomorrow",
    "2026-01-01T00:00:00Z",
    "0000-01-01",
]
WRONG: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 7, 2**70, Decimal("0.5"), Decimal("-0.5"), Decimal("1.0")),
        *(Decimal("1e-9"), Decimal("1.0000001"), Decimal("NaN"), Decimal("Infinity")),
        *("", " ", "x", "1", "-1", "1e26", "1e", "NaN", "0x1", "NO", "ZZ", "no", "true", "\n"),
        *("2026-02-30", "2026-01-01", "2026-01-01T10:00:00", "2026-01-01T10:00:00+02:00"),
        *("水闸", "\u202eabc", "e\u0301", "\x00", "x" * 400, "𝔘", "١٢"),
        *([], {}, [None], [[]], {"": None}, {"x": {"y": 1}}, ["a", 1], [{}], {"CN": 1}, {"1": 1}),
    ]
)
NAMES = st.sampled_from(["colour", "", "as_of", "水", "a.b", "readings"])


def _choices(spec: FieldSpec) -> list[Any]:
    """Return values that are wrong by little: beside a limit, of a set but another's."""
    near: list[Any] = [value + "x" for value in spec.values[:1]]
    for bound in (spec.minimum, spec.above, spec.maximum):
        if isinstance(bound, int):
            near += [bound - 1, bound, bound + 1]
    if spec.shape.kind in (Kind.FLOP, Kind.FLOP_PER_SECOND):
        near += ["-1", "0", "0.0", "1e-3", "1e26 ", "+1e26"]
    return near or ["x"]


@st.composite
def spoilt(draw: st.DrawFn, specs: tuple[FieldSpec, ...], facts: dict[str, Any]) -> dict[Any, Any]:
    """Return facts with one to three things wrong, in records too."""
    told: dict[Any, Any] = dict(facts)
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(["wrong", "near", "drop", "unknown", "inside", "null"]))
        spec = draw(st.sampled_from(specs)) if specs else None
        if spec is None or way == "unknown":
            told = {**told, draw(NAMES): draw(WRONG)}
        elif way == "drop":
            told.pop(spec.name, None)
        elif way == "null":
            told[spec.name] = None
        elif way == "near":
            told[spec.name] = draw(st.sampled_from(_choices(spec)))
        elif way == "inside" and spec.fields:
            told[spec.name] = draw(_spoilt_records(spec))
        else:
            told[spec.name] = draw(WRONG)
    return dict(draw(st.permutations(list(told.items()))))


@st.composite
def _spoilt_records(draw: st.DrawFn, spec: FieldSpec) -> Any:
    records = [
        draw(spoilt(spec.fields, draw(right_facts(spec.fields))))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return records if spec.shape.item is not None else records[0]


@st.composite
def spoilt_readings(draw: st.DrawFn, question: Question) -> dict[str, Any]:
    names = [reading.name for reading in question.spec.readings]
    right = {one.name: draw(st.sampled_from(one.values)) for one in question.spec.readings}
    wrong = {
        name: draw(st.sampled_from(["x", "", "AIA"]))
        for name in draw(st.lists(st.sampled_from([*names, "mood", "scale"]), max_size=2))
    }
    return {**right, **wrong}


def outcome(question: str, facts: Any, as_of: Any, readings: Any) -> Asked | list[str]:
    try:
        return ask_question(question, facts, as_of=as_of, readings=readings, book=BOOK)
    except BadFactsError as refused:
        return refused.paths if all(one.message for one in refused.faults) else ["no message"]


def assert_as_reckoned(question: Question, facts: Any, as_of: Any, readings: Any) -> None:
    """Check the product's paths against the reference, in their order."""
    wanted = error_order.faults(question.spec, facts, as_of, readings)
    got = outcome(question.name, facts, as_of, readings)
    if wanted:
        assert got == wanted
    elif isinstance(got, list):
        assert_listed(question, got)
    else:
        assert_told(got)


def assert_listed(question: Question, paths: list[str]) -> None:
    """Check that paths are those of `bad_input`, in the order listed there."""
    listed = [path for path, _ in question.spec.bad_input]
    places = [listed.index(path) for path in paths]
    assert places == sorted(places)


def assert_told(asked: Asked) -> None:
    """Check that an answer fits its fields, is the same after JSON, and is told in both tongues."""
    assert misfits(asked) == []
    for language in Language:
        shown = asked.as_json(language)
        text = dump_json(shown)
        assert dump_json(load_json(text)) == text
        assert shown["outcome"]
        assert shown["reasons"]
        assert all(isinstance(text, str) and text for text in [shown["outcome"], *shown["reasons"]])
    assert asked.outcome.text(Language.ZH) != asked.outcome.text(Language.EN)


@given(data=st.data(), question=ANY, as_of=DAYS)
@settings(max_examples=10 * settings().max_examples)
def test_wrong_facts_give_the_paths_of_the_reference_in_its_order(
    data: st.DataObject, question: Question, as_of: str
) -> None:
    right = data.draw(right_facts(question.spec.facts))
    facts = data.draw(spoilt(question.spec.facts, right))
    assert_as_reckoned(question, facts, as_of, {})


@given(data=st.data(), question=ANY)
@settings(max_examples=10 * settings().max_examples)
def test_a_wrong_day_and_wrong_readings_come_before_wrong_facts(
    data: st.DataObject, question: Question
) -> None:
    as_of = data.draw(DAYS | st.sampled_from(BAD_DAYS) | st.just("2001-01-01"))
    readings = data.draw(spoilt_readings(question))
    right = data.draw(right_facts(question.spec.facts))
    facts = data.draw(st.just(right) | spoilt(question.spec.facts, right))
    assert_as_reckoned(question, facts, as_of, readings)


@given(data=st.data(), question=ANY, as_of=DAYS)
@settings(max_examples=10 * settings().max_examples)
def test_right_facts_are_never_refused_by_their_types(
    data: st.DataObject, question: Question, as_of: str
) -> None:
    assert_as_reckoned(question, data.draw(right_facts(question.spec.facts)), as_of, {})


@given(question=ANY, facts=st.sampled_from([None, 7, "x", [], [{}], True, Decimal(1)]))
def test_facts_that_are_no_object_are_refused_as_facts(question: Question, facts: Any) -> None:
    assert outcome(question.name, facts, "2026-11-21", {}) == ["facts"]


@pytest.mark.parametrize("name", ["", "x", "eu_systemic_risk ", "EU_SYSTEMIC_RISK", "水闸", "a.b"])
def test_an_unknown_question_comes_before_everything(name: str) -> None:
    assert outcome(name, {"colour": 1}, "never", {"mood": "x"}) == ["question"]


EXTREMES = ["0", "1e-30", "1e-3", "9" * 60, "1e300"]


@pytest.mark.parametrize("name", sorted(all_questions()))
@pytest.mark.parametrize("size", [0, 1, 200])
def test_a_question_takes_empty_and_long_lists_and_extreme_figures(name: str, size: int) -> None:
    """Every list as long as that, every figure as large or as small as its field allows."""
    question = QUESTIONS[name]
    for number, amount in enumerate(EXTREMES):
        facts = {
            spec.name: _extreme(spec, size, amount, number)
            for spec in question.spec.facts
            if spec.required or number % 2
        }
        assert_as_reckoned(question, facts, "2026-11-21", {})


def _extreme(spec: FieldSpec, size: int, amount: str, number: int) -> Any:
    shape = spec.shape
    if shape.key is not None and shape.item is not None:
        kind = shape.item.kind
        return {key: _scalar(spec, kind, amount, number) for key in _keys(shape.key, size)}
    if shape.is_list and shape.item is not None:
        kind = shape.item.kind
        return [_scalar(spec, kind, amount, number + n) for n in range(size)]
    return _scalar(spec, shape.kind, amount, number)


def _keys(kind: Kind, size: int) -> list[Any]:
    """Return as many keys of a map, or all that there are."""
    if kind is Kind.COUNTRY:
        return ["BR", "CN", "DE", "HK", "US"][:size]
    return list(range(1, size + 1)) if kind is Kind.INTEGER else [f"k{n}" for n in range(size)]


def _scalar(spec: FieldSpec, kind: Kind | None, amount: str, number: int) -> Any:
    match kind:
        case Kind.RECORD:
            return {part.name: _extreme(part, 1, amount, number) for part in spec.fields}
        case Kind.BOOLEAN:
            return number % 2 == 0
        case Kind.COUNTRY:
            return ("HK", "US", "MO", "XK")[number % 4]
        case Kind.DATE:
            return ("0001-01-01", "9999-12-31", "2024-02-29")[number % 3]
        case Kind.DATETIME:
            return ("0001-01-02T00:00:00+14:00", "9999-12-30T23:59:59-12:00")[number % 2]
        case Kind.FLOP | Kind.FLOP_PER_SECOND:
            return amount
        case Kind.INTEGER | Kind.NUMBER | Kind.TPP | Kind.SHARE:
            return _figure(spec, kind, amount)
        case _:
            return spec.values[number % len(spec.values)] if spec.values else f"水闸 {number}"


def _figure(spec: FieldSpec, kind: Kind, amount: str) -> Any:
    value = Decimal(amount)
    if kind is Kind.SHARE:
        return min(value, Decimal(1))
    if kind is not Kind.INTEGER:
        return value
    least = int(spec.minimum or 0)
    return max(least, min(int(value), int(spec.maximum or 10**6)))
