"""Counting compute: each role under each rule, generators, edges, and properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import flop_text
from sluicegate.lineage import QUESTIONS
from sluicegate.lineage.counting import RULES
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.instruments import Comparator, Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
CASES = Path(__file__).parents[2] / "rules" / "compute_accounting.yaml"
DAY = date(2028, 3, 1)
ROLES = next(
    spec.part("role").values for spec in BY_NAME["training_compute"].spec.facts if spec.fields
)
OURS = [c for c in read_cases(CASES.name, CASES.read_text()) if c["question"] in BY_NAME]


def count(rule: str, *runs: Mapping[str, Any], book: RuleBook = BOOK) -> Mapping[str, Any]:
    facts = {"counting_rule": rule, "runs": list(runs)}
    return ask(BY_NAME["training_compute"], facts, as_of=DAY, book=book).answer


def run(role: str, compute: int, **parts: Any) -> dict[str, Any]:
    return {"role": role, "compute": flop_text(compute), **parts}


def data(generator: str, share: str | None, compute: int, **parts: Any) -> dict[str, Any]:
    literal = None if share is None else Decimal(share)
    given_parts = {"generator": generator, "share_of_training": literal, **parts}
    return run("synthetic_data_generation", compute, **given_parts)


def moved(parameter: str, value: Value) -> RuleBook:
    values = BOOK.parameter(parameter).values
    return BOOK.with_values(parameter, [replace(dated, value=value) for dated in values])


@pytest.mark.parametrize("case", OURS, ids=lambda case: case["id"])
def test_worked_case(case: Mapping[str, Any]) -> None:
    assert run_case(case, BY_NAME.get, BOOK) == []


# c counted, o left out, u not addressed; in the order of ROLES; a share above the figure.
TREATMENTS = {
    "kthf": "cccccccoc",
    "us_4e091": "cccoooouu",
    "sb53": "cccuuuuuu",
    "eu_ai_act": "cccuuocou",
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("place", range(len(ROLES)))
def test_each_role_is_treated_as_the_rule_says(rule: str, place: int) -> None:
    got = count(rule, run(ROLES[place], 7))
    if rule == "us_4e091" and ROLES[place] == "synthetic_data_generation":
        assert (got["counted_compute"], got["unaddressed_compute"]) == (0, 7)  # no share given
        return
    expected = {"c": (7, 0), "o": (0, 0), "u": (0, 7)}[TREATMENTS[rule][place]]
    assert (got["counted_compute"], got["unaddressed_compute"]) == expected


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("role", ROLES)
def test_a_human_rewrite_cuts_only_under_kthf_and_never_training_itself(
    rule: str, role: str
) -> None:
    plain = count(rule, run(role, 7))
    rewritten = count(rule, run(role, 7, human_substantial_rewrite=True))
    if rule == "kthf" and role not in ("base", "finetune", "student"):
        assert rewritten["counted_compute"] == 0
        assert rewritten["unaddressed_compute"] == 0
    else:
        assert rewritten == plain


@pytest.mark.parametrize("rule", RULES)
def test_the_threshold_decides_exactly_at_its_value_and_moves_with_the_book(rule: str) -> None:
    parameter = BOOK.parameter(RULES[rule].threshold)
    old = parameter.first().value
    assert isinstance(old, int)
    at = "yes" if parameter.comparator is Comparator.AT_LEAST else "no"
    for value, book in ((old, BOOK), (3 * old, moved(parameter.id, 3 * old))):
        got = [count(rule, run("base", value + step), book=book) for step in (-1, 0, 1)]
        assert [one["over_threshold"] for one in got] == ["no", at, "yes"]
        assert {one["threshold"] for one in got} == {value}


@pytest.mark.parametrize("rule", ["us_4e091", "sb53", "eu_ai_act"])
def test_unaddressed_runs_leave_the_result_open_only_where_they_matter(rule: str) -> None:
    parameter = BOOK.parameter(RULES[rule].threshold)
    value = parameter.first().value
    assert isinstance(value, int)
    enough = 0 if parameter.comparator is Comparator.AT_LEAST else 1
    trial = run("discarded_trial_automatic", 10)
    for base, expected in ((-11, "no"), (-10 + enough, "undetermined"), (enough, "yes")):
        assert count(rule, run("base", value + base), trial)["over_threshold"] == expected
    just_short = count(rule, run("base", value - 11 + enough), trial)
    assert just_short["over_threshold"] == "no"


@pytest.mark.parametrize(
    ("runs", "added"),
    [
        ([data("G", "0.1", 5), run("teacher_training", 100, generator="G")], 0),
        ([data("G", "0.1000001", 5), run("teacher_training", 100, generator="G")], 105),
        ([data("G", "0.06", 5), data("G", "0.04", 6)], 0),
        ([data("G", "0.06", 5), data("G", "0.0400001", 6)], 11),
        ([data("G", "0.06", 5), data("H", "0.06", 6)], 0),
        ([data("G", "0.5", 5, published=True), run("teacher_training", 100, generator="G")], 0),
        ([data("G", "0.5", 5), run("teacher_training", 100, generator="G", published=True)], 5),
        (
            [
                data("G", "0.5", 5),
                run("teacher_training", 100, generator="G"),
                run("teacher_training", 30, generator="G"),
                run("teacher_training", 7, generator="G", published=True),
            ],
            135,
        ),
        (
            [
                data("G", "0.2", 5),
                run("teacher_training", 100, generator="G"),
                data("H", "0.2", 6),
                run("teacher_training", 200, generator="H"),
                data("K", "0.1", 7),
                run("teacher_training", 900, generator="K"),
            ],
            211,
        ),
        ([run("teacher_training", 100, generator="G")], 0),
        ([data("G", "0.5", 5), data("G", None, 6)], 11),
    ],
)
def test_synthetic_data_is_added_by_generator(runs: list[dict[str, Any]], added: int) -> None:
    got = count("us_4e091", run("base", 1000), *runs)
    assert got["counted_compute"] == 1000 + added
    assert got["unaddressed_compute"] == 0


def test_a_share_not_given_leaves_open_what_hangs_on_it() -> None:
    known = [data("G", "0.2", 5), run("teacher_training", 100, generator="G")]
    larger = [data("H", None, 6), run("teacher_training", 130, generator="H")]
    smaller = [data("H", None, 6), run("teacher_training", 70, generator="H")]
    for unknown, apart in ((larger, 6 + 30), (smaller, 6)):
        got = count("us_4e091", run("base", 1000), *known, *unknown)
        assert (got["counted_compute"], got["unaddressed_compute"]) == (1105, apart)


def test_the_share_comes_from_the_book() -> None:
    other = moved("us.eccn_4e091.synthetic_data.share", Fraction(1, 4))
    runs = [run("base", 10), data("G", "0.25", 5)]
    assert count("us_4e091", *runs)["counted_compute"] == 15
    assert count("us_4e091", *runs, book=other)["counted_compute"] == 10


@pytest.mark.parametrize(
    "parameter",
    [
        name
        for rule in RULES.values()
        for name in (rule.counted, rule.left_out, rule.unless_published, rule.cut_by_rewrite)
        if name is not None
    ],
)
def test_each_list_of_roles_comes_from_the_book(parameter: str) -> None:
    rule = next(
        name
        for name, one in RULES.items()
        if parameter in (one.counted, one.left_out, one.unless_published, one.cut_by_rewrite)
    )
    value = BOOK.parameter(parameter).first().value
    assert isinstance(value, tuple)
    for role in value:
        book = moved(parameter, tuple(other for other in value if other != role))
        one = run(role, 7, human_substantial_rewrite=parameter.endswith("rewrite"))
        if parameter.endswith("counted_unless_published"):
            one["published"] = True
        assert count(rule, one, book=book) != count(rule, one)


RUNS = st.lists(
    st.builds(
        run,
        st.sampled_from(ROLES),
        st.integers(0, 10**27),
        generator=st.sampled_from([None, "G", "H"]),
        published=st.booleans(),
        share_of_training=st.sampled_from([None, Decimal("0.05"), Decimal("0.1"), Decimal("0.3")]),
        human_substantial_rewrite=st.booleans(),
    ),
    max_size=7,
)
ORDER = {"no": 0, "undetermined": 1, "yes": 2}


@given(rule=st.sampled_from(sorted(RULES)), runs=RUNS, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_runs_changes_nothing(rule: str, runs: list[Any], shuffled: Any) -> None:
    other = list(runs)
    shuffled.shuffle(other)
    assert count(rule, *runs) == count(rule, *other)


@given(rule=st.sampled_from(sorted(RULES)), runs=RUNS, more=st.integers(0, 10**27))
def test_more_base_training_never_undoes_a_pass(rule: str, runs: list[Any], more: int) -> None:
    before, after = count(rule, *runs), count(rule, *runs, run("base", more))
    assert after["counted_compute"] == before["counted_compute"] + more
    assert ORDER[after["over_threshold"]] >= ORDER[before["over_threshold"]]


@given(rule=st.sampled_from(sorted(RULES)), runs=RUNS)
def test_nothing_is_counted_twice(rule: str, runs: list[Any]) -> None:
    got = count(rule, *runs)
    total = sum(int(one["compute"]) for one in runs)
    assert got["counted_compute"] + got["unaddressed_compute"] <= total


def rate(facts: Mapping[str, Any], book: RuleBook = BOOK) -> Mapping[str, Any]:
    return ask(BY_NAME["inference_rate"], facts, as_of=DAY, book=book).answer


def test_the_cap_decides_exactly_at_its_value_and_moves_with_the_book() -> None:
    parameter = BOOK.parameter("kthf.oversight.inference_cap")
    old = parameter.first().value
    assert isinstance(old, int)
    for value, book in ((old, BOOK), (3 * old, moved(parameter.id, 3 * old))):
        got = [
            rate({"method": "steady_cluster", "cluster_rate": flop_text(value + step)}, book)
            for step in (-1, 0, 1)
        ]
        assert [one["over_cap"] for one in got] == [False, False, True]


@given(
    compute=st.integers(0, 10**24), milliseconds=st.integers(1, 10**7), cap=st.integers(1, 10**22)
)
def test_a_rate_is_the_exact_quotient(compute: int, milliseconds: int, cap: int) -> None:
    facts = {
        "method": "per_output",
        "compute_for_next_output": flop_text(compute),
        "seconds_between_outputs": Decimal(milliseconds) / 1000,
        "cap": flop_text(cap),
    }
    got = rate(facts)
    assert got["rate"] * milliseconds == compute * 1000
    assert got["over_cap"] is (compute * 1000 > cap * milliseconds)
