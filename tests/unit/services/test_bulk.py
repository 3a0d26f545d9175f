"""Many rows at once: every answer and every refusal equals that of `ask` for the row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_facts import right_facts, wrong_facts
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, BadFactsError, Facts
from sluicegate.rules.fields import parse_fields
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question, ask
from sluicegate.rules.specifications import Outcome
from sluicegate.services.bulk import (
    NOT_GIVEN,
    OUTCOME,
    Answers,
    Asking,
    Column,
    FactTable,
    answer_rows,
)
from sluicegate.services.questions import questions_of

QUESTIONS = questions_of(shipped_book())
EXAMPLES = settings().max_examples // 5
DAYS = st.sampled_from([date(2024, 6, 1), date(2025, 9, 1), date(2026, 11, 21), date(2027, 3, 1)])


def bulk(name: str, rows: Sequence[object], asking: Asking) -> Answers:
    """Answer rows that are facts as `ask` takes them."""
    one = QUESTIONS[name]
    return answer_rows(one, FactTable.of(one.spec.facts, rows), asking)


def alone(one: Question, facts: object, asking: Asking) -> tuple[str, str, str]:
    """Return what `ask` says of one row: its answer, or its first fault and its message."""
    try:
        asked = ask(
            one,
            facts,
            as_of=asking.as_of,
            book=asking.book,
            readings=asking.readings,
            known_on=asking.known_on,
        )
    except BadFactsError as error:
        return "", error.paths[0], str(error)
    said = {} if asking.outcomes is None else {OUTCOME: asked.outcome.text(asking.outcomes)}
    return dump_json({**asked.answer_json(), **said}), "", ""


def in_bulk(answers: Answers, row: int) -> tuple[str, str, str]:
    """Return the same of one row of many."""
    refusal = answers.refusal(row)
    if refusal is not None:
        return "", refusal.path, refusal.message
    return dump_json(answers.answer(row)), "", ""


@st.composite
def alike_rows(draw: st.DrawFn, name: str) -> list[object]:
    """Draw rows of which many share literals, so that they fall into groups."""
    specs = QUESTIONS[name].spec.facts
    rows: list[object] = list(draw(st.lists(right_facts(specs), min_size=2, max_size=4)))
    pools: dict[str, list[Any]] = {}
    for row in rows:
        assert isinstance(row, Mapping)
        for field, literal in row.items():
            pools.setdefault(field, []).append(literal)
    mixed = st.fixed_dictionaries(
        {s.name: st.sampled_from(pools[s.name]) for s in specs if s.required},
        optional={
            s.name: st.sampled_from(pools[s.name])
            for s in specs
            if not s.required and s.name in pools
        },
    )
    rows += draw(st.lists(mixed, min_size=4, max_size=16))
    if specs:
        rows += draw(st.lists(wrong_facts(specs), max_size=3))
    return draw(st.permutations(rows))


@pytest.mark.parametrize("name", sorted(QUESTIONS))
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_every_row_is_answered_as_if_it_were_asked_alone(name: str, data: st.DataObject) -> None:
    rows = data.draw(alike_rows(name))
    one = QUESTIONS[name]
    readings = {
        reading.name: data.draw(st.sampled_from(reading.values)) for reading in one.spec.readings
    }
    first = one.spec.first_recorded
    days = DAYS if first is None else DAYS.filter(lambda day: day >= first)
    outcomes = data.draw(st.sampled_from([None, Language.EN, Language.ZH]))
    asking = Asking(data.draw(days), shipped_book(), readings, None, outcomes)
    answers = bulk(name, rows, asking)
    for number, row in enumerate(rows):
        assert in_bulk(answers, number) == alone(one, row, asking), row


TEXTS = {"threshold": "10000000000000000000000000", "above": "10000000000000000000000001"}
EDGES = [
    "1e25",
    TEXTS["threshold"],
    TEXTS["above"],
    "9999999999999999999999999",
    "10000000000000000000000000.0000000001",
    "9999999999999999999999999.9999999999",
    "+1e25",
    "100e23",
    "0",
    "0.0",
    "1e-999",
    "1e999",
    "1e24",
    "1.1e25",
    "00010e24",
]
PLAIN = Asking("2026-06-30", shipped_book())


def same_as_alone(name: str, rows: Sequence[object], asking: Asking = PLAIN) -> Answers:
    """Answer rows at once and hold each against `ask`."""
    answers = bulk(name, rows, asking)
    for number, row in enumerate(rows):
        assert in_bulk(answers, number) == alone(QUESTIONS[name], row, asking), row
    return answers


@pytest.mark.parametrize("name", ["eu_systemic_risk", "eu_gpai_duties", "raise_duties"])
def test_the_last_digit_decides_at_a_threshold(name: str) -> None:
    others = {"generates_language_or_images": True, "provider_in_eu": False}
    asked = {spec.name for spec in QUESTIONS[name].spec.facts}
    facts = {key: value for key, value in others.items() if key in asked}
    rows = [{**facts, "training_compute": text} for text in EDGES * 3]
    answers = same_as_alone(name, rows)
    assert len({in_bulk(answers, row) for row in range(len(rows))}) > 1


def test_sums_of_amounts_are_compared_exactly() -> None:
    """The original run and the modification count together, above 1e26 by one or not at all."""
    pairs = [
        *(("1e26", "0"), ("1e26", "1"), ("99999999999999999999999999", "1")),
        *(("99999999999999999999999999", "2"), ("0.5e26", "0.5e26"), ("0", "1e26")),
        *(("1", "1e26"), ("3e25", "7e25"), ("3e25", "70000000000000000000000001")),
    ]
    rows = [
        {
            "original_run_compute": first,
            "developer_modification_compute": second,
            "revenue_previous_year": Decimal("5e8"),
        }
        for first, second in pairs * 3
    ]
    answers = same_as_alone("sb53_duties", rows)
    said = {answers.answer(row)["frontier_developer"] for row in range(len(rows))}
    assert said == {True, False}


class Counted:
    """A question that counts how often its decision is run."""

    def __init__(self, name: str) -> None:
        self.runs = 0
        self._one = QUESTIONS[name]
        self.question = Question(self._one.spec, self._decide, self._one.refuse)

    def _decide(self, facts: Facts, law: Law) -> Answer:
        self.runs += 1
        return self._one.decide(facts, law)

    def answers(self, columns: Mapping[str, list[str]]) -> Answers:
        size = len(next(iter(columns.values())))
        made = {name: Column.of_texts(cells, lambda cell: cell) for name, cells in columns.items()}
        return answer_rows(self.question, FactTable(size, made), PLAIN)


def test_a_decision_runs_once_for_each_path_and_not_for_each_row() -> None:
    counted = Counted("eu_systemic_risk")
    amounts = [f"{number}.25e20" for number in range(1, 10_001)]
    answers = counted.answers({"training_compute": [*amounts, "1e25", TEXTS["above"]]})
    assert counted.runs == 2
    presumed = answers.column("presumed_systemic", lambda value: value)
    assert presumed.tolist() == [False] * 10_000 + [False, True]


def test_two_days_of_each_row_do_not_make_each_row_its_own_path() -> None:
    counted = Counted("eu_systemic_risk")
    days = [date.fromordinal(739_000 + number).isoformat() for number in range(50)]
    pairs = [(one, two) for one in days for two in days]
    columns = {
        "training_compute": ["1e26"] * len(pairs),
        "condition_met_on": [one for one, _ in pairs],
        "known_it_will_be_met_on": [two for _, two in pairs],
    }
    counted.answers(columns)
    assert counted.runs < 3 * len(days)


def test_a_decision_that_uses_the_very_amount_is_asked_for_each() -> None:
    counted = Counted("location_bound")
    times = [Decimal(number) / 100 for number in range(1, 40)] * 2
    column = Column.of(times, lambda cell: cell, str)
    answers = answer_rows(counted.question, FactTable(78, {"round_trip_ms": column}), PLAIN)
    assert counted.runs <= 39
    assert answers.answer(3) == answers.answer(42)
    assert answers.answer(3) != answers.answer(4)


def test_each_row_may_have_its_own_day() -> None:
    days = ["2025-08-01", "2025-08-02", NOT_GIVEN, "2025-02-30", "soon"] * 4
    amounts = ["2e25", "1e24", "x", "3e25"] * 5
    columns = {"training_compute": Column.of(amounts, lambda cell: cell, str)}
    days_column = Column.of(days, lambda cell: cell, str)
    table = FactTable(20, columns, days_column)
    one = QUESTIONS["eu_systemic_risk"]
    answers = answer_rows(one, table, PLAIN)
    for row, (day, amount) in enumerate(zip(days, amounts, strict=True)):
        asking = PLAIN if day is NOT_GIVEN else Asking(str(day), shipped_book())
        assert in_bulk(answers, row) == alone(one, {"training_compute": amount}, asking)


@pytest.mark.parametrize(
    ("asking", "path"),
    [
        (Asking("2026-02-30", shipped_book()), "as_of"),
        (Asking("2026-06-30", shipped_book(), {"odd": "1"}), "readings.odd"),
    ],
)
def test_what_is_wrong_for_every_row_is_refused_at_once(asking: Asking, path: str) -> None:
    with pytest.raises(BadFactsError) as refused:
        bulk("eu_systemic_risk", [{"training_compute": "1"}], asking)
    assert refused.value.paths == [path]


def test_rows_that_are_no_facts_are_refused_among_the_others() -> None:
    rows: list[object] = [
        *([{"training_compute": "1e26"}] * 5),
        *(None, [], "text", {7: 1}, {"training_compute": "1", "colour": 1}, {}),
        *({"training_compute": one} for one in ("-1", True, None, 1, "1e26 ", "x" * 99)),
    ]
    answers = same_as_alone("eu_systemic_risk", rows)
    assert len(answers.refused_rows) == 12
    assert answers.refusals(lambda refusal: refusal.path).tolist()[5:10] == [
        *("facts", "facts", "facts", "7", "colour")
    ]
    assert answers.column("presumed_systemic", str).tolist()[4:6] == ["True", None]
    with pytest.raises(LookupError):
        answers.answer(7)


def test_literals_that_python_holds_equal_are_not_mixed_up() -> None:
    figures: list[Any] = [1, True, Decimal("1.0"), Decimal("1.00"), 1.0, "1", Fraction(1)] * 3
    rows = [{"original_run_compute": "1e25", "revenue_previous_year": figure} for figure in figures]
    assert len(same_as_alone("sb53_duties", rows).refused_rows) == 9


def test_a_fact_that_another_needs_is_missed_as_in_one_question() -> None:
    rows = [
        {"method": method, **given}
        for method in ("steady_cluster", "per_output", "odd")
        for given in ({}, {"cluster_rate": "1e20"}, {"compute_for_next_output": "1e20"}) * 2
    ]
    rows += [{**row, "cap": "x"} for row in rows]
    assert len(same_as_alone("inference_rate", rows).refused_rows) > 18


def test_the_lines_of_the_page_run_as_they_stand() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "ask-many.md"
    [lines] = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    *before, last = lines.strip().splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(before), names)
    assert eval(last, names) == (True, False)


def test_no_rows_are_no_work() -> None:
    answers = bulk("eu_systemic_risk", [], PLAIN)
    assert (answers.size, len(answers.refused_rows)) == (0, 0)
    assert answers.column("notify_by", str).tolist() == []


def test_progress_is_told_up_to_the_last_row() -> None:
    told: list[int] = []
    one = QUESTIONS["eu_systemic_risk"]
    rows = [{"training_compute": text} for text in ["1", "2", "x", "1e26"] * 3]
    answer_rows(one, FactTable.of(one.spec.facts, rows), PLAIN, told.append)
    assert told == sorted(told)
    assert told[-1] == 12


def test_a_column_whose_cells_mostly_differ_is_not_searched_for_repeats() -> None:
    cells = [str(number) for number in range(5000)]
    unlike = Column.of_texts([*cells, "0"], lambda cell: cell)
    assert (len(unlike.literals), unlike.cell(5000), unlike.cell(0)) == (5001, "0", "0")
    alike = Column.of_texts(["a", "b", "a"] * 2000, lambda cell: cell)
    assert (len(alike.literals), alike.cell(2)) == (2, "a")
    assert alike.taken(np.array([1, 4])).literals == ["b"]
    assert np.array_equal(Column.constant("x", 3).codes, [0, 0, 0])


ODD_FACTS = parse_fields(
    {
        "first": {"type": "flop", "required": True, "meaning": "A count"},
        "second": {"type": "number", "default": 2, "above": 0, "meaning": "A figure"},
        "third": {"type": "share", "default": None, "meaning": "A share"},
        "many": {"type": "integer", "default": 1, "minimum": 0, "meaning": "A whole number"},
        "day": {"type": "date", "default": None, "meaning": "A day"},
        "words": {"type": "list[string]", "default": [], "meaning": "Words"},
    }
)
ODD_ANSWER = parse_fields(
    {
        "side": {"type": "string", "meaning": "Where the sum lies"},
        "parts": {"type": "list[flop]", "meaning": "The figures, in a list"},
        "named": {"type": "map[string,number]", "meaning": "The figures, by name"},
        "total": {"type": "flop", "nullable": True, "meaning": "A sum"},
        "part": {"type": "number", "meaning": "A part of the first"},
        "day": {"type": "date", "nullable": True, "meaning": "The day again"},
    }
)


def refuse_odd(facts: Facts, _law: Law) -> list[BadFact]:
    first, second = facts.amount("first"), facts.amount("second")
    if first + second > 10**27:
        return [BadFact("first", f"with {second} comes to {first + second}")]
    return []


def decide_odd(facts: Facts, law: Law) -> Answer:
    """Do with figures all that a room may do: compare, add, give back, round, put into lists."""
    first, second, many = facts.amount("first"), facts.amount("second"), facts.amount("many")
    share = facts.maybe_amount("third")
    day = facts.maybe_day("day")
    total = first + second * 3
    if share is not None and first * share > 10**20:
        side = "shared"
    elif first < second * 3:
        side = "smaller"
    elif round(second) == 2 and many > 3:
        side = f"{many} times"
    else:
        side = "late" if day is not None and day > law.day else ",".join(facts.texts("words"))
    inside = first > 10**24
    return Answer(
        {
            "side": side,
            "parts": [first, second] if inside else [],
            "named": {"second": second} if inside else {},
            "total": total if many < 5 else None,
            "part": first / 4 if isinstance(first, Fraction) else Fraction(first, 4),
            "day": day,
        },
        [],
    )


ODD = Question(
    replace(
        QUESTIONS["eu_systemic_risk"].spec,
        name="odd",
        facts=ODD_FACTS,
        answer=ODD_ANSWER,
        outcomes=(
            Outcome.parse(
                {
                    "when": {"side": {"not": "smaller"}},
                    "en": "{side}: {total:sci} of {first}, {day}.",
                    "zh": "{side}：{first}中的{total:sci}，{day}。",
                }
            ),
            Outcome.parse({"en": "{part} and {parts}.", "zh": "{part}与{parts}。"}),
        ),
    ),
    decide_odd,
    refuse_odd,
)
ODD_ROWS = st.fixed_dictionaries(
    {
        "first": st.sampled_from(
            ["1e10", "10000000000.01", "1e24", "1000000000000000000000001", "5e26", "1e27", "3"]
        )
    },
    optional={
        "second": st.sampled_from([2, 1, Decimal("2.5"), Decimal("1.5"), 0, 10**26]),
        "third": st.sampled_from([None, Decimal("0.5"), Decimal("1e-4"), 1]),
        "many": st.sampled_from([0, 3, 4, 5, -1]),
        "day": st.sampled_from([None, "2026-06-30", "2026-07-01", "2025-01-01"]),
        "words": st.sampled_from([[], ["a"], ["a", "b"]]),
    },
)


@given(
    st.lists(ODD_ROWS, min_size=5, max_size=40),
    st.sampled_from([None, Language.EN, Language.ZH]),
)
def test_whatever_a_decision_does_with_its_figures_rows_are_as_if_asked_alone(
    rows: list[dict[str, Any]], outcomes: Language | None
) -> None:
    asking = Asking("2026-06-30", shipped_book(), {}, None, outcomes)
    answers = answer_rows(ODD, FactTable.of(ODD_FACTS, rows), asking)
    for number, row in enumerate(rows):
        assert in_bulk(answers, number) == alone(ODD, row, asking), row


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1e10", "1e23", "1000000000000000000000001", "7", "100.5", "1e26"]),
            st.sampled_from([2, 1, Decimal("2.5"), Decimal("1e-7"), 3 * 10**22]),
            st.sampled_from(["2025-01-01", "2026-06-30", "2026-09-09"]),
        ),
        min_size=30,
        max_size=80,
    ),
    st.sampled_from([Language.EN, Language.ZH]),
)
def test_a_sentence_shows_the_figures_of_its_row_told_apart_as_if_asked_alone(
    drawn: list[tuple[str, Any, str]], language: Language
) -> None:
    rows = [{"first": first, "second": second, "day": day} for first, second, day in drawn]
    asking = Asking("2026-06-30", shipped_book(), {}, None, language)
    answers = answer_rows(ODD, FactTable.of(ODD_FACTS, rows), asking)
    for number, row in enumerate(rows):
        assert in_bulk(answers, number) == alone(ODD, row, asking), row


def test_figures_too_small_for_a_float_are_compared_exactly() -> None:
    """Floats of this size have few digits left, and three of one may pass for another."""
    pairs = [(2007377882, 669125961), (1094266687, 364755562), (998135545, 332711848)]
    rows = [
        {"first": f"{first + more}e-324", "second": Decimal(f"{second}e-324")}
        for first, second in pairs * 2
        for more in (-1, 0, 1)
    ]
    answers = answer_rows(ODD, FactTable.of(ODD_FACTS, rows), PLAIN)
    for number, row in enumerate(rows):
        assert in_bulk(answers, number) == alone(ODD, row, PLAIN), row
    assert {answers.answer(row)["side"] for row in range(len(rows))} == {"smaller", ""}
