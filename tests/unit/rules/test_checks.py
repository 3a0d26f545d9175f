"""Checks of rule files: every mistake and notice with its file, line and way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from own_rule import FILE, OWN_RULE
from rule_text import RULE, line_of
from sluicegate.core.exact import load_yaml
from sluicegate.rules.book import RuleBook
from sluicegate.rules.checks import check_book
from sluicegate.rules.instruments import RuleFault, Severity
from sluicegate.rules.loading import gather, shipped_book, shipped_files
from sluicegate.services.checking import Checked, check_rules

MISTAKE, NOTICE = Severity.MISTAKE, Severity.NOTICE
CASES = load_yaml((Path(__file__).parent / "rule_mistakes.yaml").read_text("utf-8"))


def checked(text: str, *more: str) -> Checked:
    files = [(FILE, text), *((f"more{n}.yaml", other) for n, other in enumerate(more))]
    return check_rules(gather(files, base=shipped_book(), local=True))


def changed(old: str, new: str) -> str:
    assert OWN_RULE.count(old) >= 1, old
    return OWN_RULE.replace(old, new, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['path']}: {case['problem']}")
def test_what_is_wrong_is_found_with_its_line_and_a_way_out(case: dict[str, str]) -> None:
    text = changed(case["old"], case["new"])
    faults = checked(text).faults
    fitting = [f for f in faults if f.path.endswith(case["path"]) and case["problem"] in f.problem]
    assert fitting, [str(fault) for fault in faults]
    assert fitting[0].severity is Severity(case["severity"])
    assert (fitting[0].file, fitting[0].line) == (FILE, line_of(text, case["line_at"]))
    assert fitting[0].way_out


def test_a_sound_file_has_neither_mistakes_nor_notices() -> None:
    assert checked(OWN_RULE).faults == ()
    assert checked(OWN_RULE).book.thresholds["local.harbour.run"].conditions


def test_the_shipped_files_have_no_mistakes_and_no_notices() -> None:
    found = check_rules(gather(shipped_files()))
    assert [str(fault) for fault in found.faults] == []


@pytest.mark.parametrize(
    ("status", "severity", "problem"),
    [
        ("  status: []\n", MISTAKE, "has no status"),
        ("", MISTAKE, "has no status"),
        (
            "  status:\n  - {from: 2025-01-10, text: never_in_force, enforcement: not_binding,"
            " reference: s. 1, mark: found}\n",
            MISTAKE,
            "never in force from its first day",
        ),
        (
            "  status:\n  - {from: 2025-01-10, text: published, enforcement: not_yet_due,"
            " reference: s. 1, mark: found}\n",
            NOTICE,
            "is a law that is never in force",
        ),
    ],
)
def test_a_text_that_never_asks_is_found(status: str, severity: Severity, problem: str) -> None:
    before, rest = OWN_RULE.split("  status:\n", 1)
    text = before + status + rest[rest.index("parameters:") :]
    [fault] = [one for one in checked(text).faults if problem in one.problem]
    assert fault.severity is severity
    assert fault.line == line_of(text, "  status:" if status else "instrument:")


def test_a_question_that_a_pass_cannot_ask_is_a_mistake() -> None:
    text = RULE.replace("question: eu_systemic_risk", "question: theoretical_compute").replace(
        "fact: training_compute", "fact: peak_rate"
    )
    text = text.replace("passed: {presumed_systemic: true}", "passed: {upper_bound: '1'}")
    [fault] = [one for one in checked(text).faults if one.severity is MISTAKE]
    assert fault.path == "local.harbour.run.question"
    assert "which a pass does not know" in fault.problem
    assert fault.line == line_of(text, "question: theoretical_compute")


def test_two_instruments_may_not_give_the_same_full_id() -> None:
    inner = OWN_RULE.replace("id: local.harbour\n", "id: local.harbour.ask\n")
    inner = inner.replace("local.harbour.near", "local.harbour.ask.near")
    inner = inner.replace("local.harbour.partners", "local.harbour.ask.partners")
    clash = inner.replace("- id: keep\n", "- id: leave\n").replace(
        "answer, keep]", "answer, leave]"
    )
    assert checked(OWN_RULE, inner).faults == ()
    faults = checked(OWN_RULE, clash).faults
    assert {(one.path, one.problem) for one in faults} == {
        ("local.harbour.ask.leave", "stands twice")
    }
    assert {one.file for one in faults} == {FILE, "more0.yaml"}


def test_files_that_can_be_read_are_checked_beside_one_that_cannot() -> None:
    broken = OWN_RULE.replace("local.harbour", "local.quay").replace("kind: law", "kind: lore")
    zero = changed('value: "1e24"', 'value: "0"')
    faults = checked(zero, broken).faults
    assert {(one.file, one.path) for one in faults} == {
        (FILE, "local.harbour.limit.values.0.value"),
        ("more0.yaml", "instrument.kind"),
    }


def test_faults_come_in_order_of_file_and_line() -> None:
    text = changed('value: "1e24"', 'value: "0"').replace("  counted_from: continuous\n", "")
    faults = checked(text).faults
    assert [one.line for one in faults] == sorted(one.line or 0 for one in faults)
    assert (checked(text).count(MISTAKE), checked(text).count(NOTICE)) == (3, 1)


def test_only_the_files_given_are_checked() -> None:
    book: RuleBook = gather([(FILE, OWN_RULE)], base=shipped_book(), local=True).book
    assert check_book(book, {}) == []


def test_a_fault_without_a_line_still_names_its_file() -> None:
    fault = RuleFault("a.yaml", None, "x", "is odd", "mend it")
    assert str(fault) == "a.yaml: x: is odd; mend it"


@pytest.mark.parametrize(
    ("old", "new", "way_out"),
    [
        ("parameter: limit", "parameter: limt", "did you mean local.harbour.limit?"),
        ("thresholds:", "tresholds:", "did you mean thresholds?"),
        ("unit: day", "unit: share", "a quarter is '0.25'"),
    ],
)
def test_a_slip_is_told_what_was_meant(old: str, new: str, way_out: str) -> None:
    assert way_out in " ".join(fault.way_out for fault in checked(changed(old, new)).faults)


def test_an_unknown_unit_is_one_mistake() -> None:
    faults = checked(changed("unit: FLOP\n", "unit: flops\n")).faults
    assert [fault.path for fault in faults] == ["parameters.0.unit"]
