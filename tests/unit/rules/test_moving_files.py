"""Moving thresholds in rule files: what is wrong is told with its line and a way out."""

from __future__ import annotations

import pytest

from moving_world import FILE, HOME, MOVING_FILE, moving_book
from rule_text import line_of
from sluicegate.rules.instruments import Severity
from sluicegate.rules.loading import gather, shipped_book
from sluicegate.services.checking import Checked, check_rules

MISTAKE, NOTICE = Severity.MISTAKE, Severity.NOTICE

WRONG = [
    ("form: scheduled", "form: sliding", "form: sliding", "form", "is not known"),
    ("  value: limit\n", "", "- id: planned", "value", "is missing"),
    ("  value: limit\n", "  value: top\n", "  value: top", "planned.value", "names top"),
    ("  value: limit\n", "  value: place\n", "  value: place", "planned.value", "is in count"),
    ("  rank: place\n", "  rank: orders\n", "  rank: orders", "third.rank", "which is no place"),
    ("  base: base\n", "  base: halving\n", "  base: halving", "progress.base", "is in day"),
    ("  factor: twice\n", "  rank: place\n", "  rank: place", "rank", "belongs to another form"),
    ("  data_set: harbour_models\n  rank", "  rank", "- id: third", "data_set", "is missing"),
    ("  sense: at_most\n", "", "- id: few", "sense", "is missing"),
    ("of: [planned, progress]", "of: [planned]", "of: [planned]", "of", "two or more rules"),
    ("of: [planned, progress]", "of: [planned, off]", "  of: [pl", "of.1", "names off"),
    ("of: [planned, progress]", "of: [planned, lowest]", "  of: [pl", "of", "combined from itself"),
    ("- id: planned\n", "- id: limit\n", "- id: limit", "limit", "id of a parameter"),
    ("- id: third_of_late\n", "- id: third\n", "- id: third", "third", "stands twice"),
    ("  floor: least\n", "  floor: base\n", "  floor: base", "floor", "is more than cap"),
    ("value: 100,", "value: 300,", "  halving_low: h", "halving_low", "is more than halving"),
    ("value: 100,", "value: 0,", "  halving_low: h", "halving_low", "is 0"),
    ("  comparator: greater_than\n  value: limit", "  comparator: at_least\n  value: limit",
     "  value: limit", "planned.value", "compared otherwise"),
    ("  data_set: harbour_models\n  rank", "  data_set: harbour_models\n  unit: USD\n  rank",
     "  unit: USD", "third.unit", "no unit of its form"),
    ("  rank: place\n", "  rank: place\n  pace: fast\n", "  pace: fast", "pace", "not a field"),
]  # fmt: skip


def checked(text: str) -> Checked:
    return check_rules(gather([(FILE, text)], base=shipped_book(), local=True))


def test_a_sound_file_has_neither_mistakes_nor_notices() -> None:
    assert [str(fault) for fault in checked(MOVING_FILE).faults] == []
    assert len(moving_book().moving) > len(shipped_book().moving)
    assert moving_book().moving_rule(f"{HOME}.open").never_falls


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "problem"), WRONG, ids=[f"{one[3]} {one[4]}" for one in WRONG]
)
def test_what_is_wrong_is_a_mistake_with_its_line_and_a_way_out(
    old: str, new: str, line: str, path: str, problem: str
) -> None:
    text = MOVING_FILE.replace(old, new, 1)
    assert text != MOVING_FILE
    faults = checked(text).faults
    fitting = [f for f in faults if f.path.endswith(path) and problem in f.problem]
    assert fitting, [str(fault) for fault in faults]
    assert {one.severity for one in fitting} == {MISTAKE}
    lines = text.splitlines()
    assert fitting[0].line is not None
    assert lines[fitting[0].line - 1].lstrip().startswith(line.lstrip()), fitting[0]
    assert fitting[0].way_out


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("form: scheduled", "form: fixed", "is fixed, and its parameter has 2 dated values"),
        (
            '  - {from: 2026-01-01, value: "5e24", reference: s. 2a, mark: found,'
            " known_from: 2025-06-01}\n",
            "",
            "is scheduled, and its parameter has one dated value",
        ),
        (
            "take: max\n  of: [planned, progress]",
            "take: max\n  of: [planned, third]",
            "compares by at_least, and the whole by greater_than",
        ),
        ("  factor: twice\n", "", "no threshold, obligation or provision uses it"),
    ],
)
def test_what_may_not_be_meant_is_a_notice(old: str, new: str, problem: str) -> None:
    text = MOVING_FILE.replace(old, new, 1)
    assert text != MOVING_FILE
    [fault] = [one for one in checked(text).faults if problem in one.problem]
    assert fault.severity is NOTICE
    assert fault.line is not None


def test_a_ring_names_all_that_stand_in_it() -> None:
    text = MOVING_FILE.replace("of: [planned, progress]", "of: [planned, lowest]", 1)
    [fault] = [one for one in checked(text).faults if "combined from itself" in one.problem]
    assert f"{HOME}.highest" in fault.problem
    assert f"{HOME}.lowest" in fault.problem
    assert fault.line == line_of(text, "of: [planned, lowest]")
