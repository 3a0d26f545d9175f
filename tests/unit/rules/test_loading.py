"""Rule files: what they hold, and every mistake with its file, line and way out."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_text import RULE, line_of
from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.reasons import Mark
from sluicegate.rules.instruments import RuleFault
from sluicegate.rules.loading import (
    RuleFilesError,
    read_book,
    read_folder,
    read_instrument,
    shipped_book,
)

FILE = "harbour.yaml"


def faults_of(text: str) -> tuple[RuleFault, ...]:
    with pytest.raises(RuleFilesError) as caught:
        read_book([(FILE, text)], base=shipped_book(), local=True)
    return caught.value.faults


def test_a_rule_file_is_read_whole() -> None:
    instrument, faults = read_instrument(FILE, RULE)
    assert faults == ()
    assert instrument is not None
    assert (instrument.title.en, instrument.title.zh) == ("Harbour compute order", "港口算力令")
    limit, near, period = instrument.parameters
    assert [dated.value for dated in limit.values] == [10**24, 5 * 10**23]
    assert limit.values[0].known_from == date(2025, 1, 10)
    assert limit.values[1].known_from == date(2026, 2, 1)
    assert near.first().value == Fraction(4, 5)
    assert near.first().start is None
    assert period.first().value == Period(30, PeriodUnit.DAY)
    assert instrument.obligations[0].period == "local.harbour.period"
    assert instrument.obligations[0].mark is Mark.FOUND
    assert instrument.thresholds[0].passed == (("presumed_systemic", (True,)),)
    assert instrument.notes[0].mark is Mark.SECOND_HAND


LIMIT_VALUE = 'value: "1e24"'
MISTAKES = [
    # (what stands in the file, what is written instead, where the fault points, path, problem)
    ("  id: local.harbour\n", "", "instrument", "instrument.id", "is missing"),
    ("en: Harbour Board, zh: 港务局", "en: Harbour Board", "  issuer", "issuer.zh", "is missing"),
    ("kind: law", "kind: lore", "kind: lore", "instrument.kind", "'lore' is not known"),
    ("published: 2025-01-10", "published: soon", "published", "published", "is not a day"),
    ("citation: Harbour order 7", "citation: ''", "citation", "citation", "is empty"),
    ("citation: Harbour", "cites: Harbour", "cites", "instrument.cites", "is not a field"),
    ("text: published", "text: printed", "2025-01-10, text", "status.0.text", "is not known"),
    ("{from: 2025-07-01, text", "{from: 2025-01-10, text", "  status", "status", "in order"),
    ("{from: 2025-07-01, text", "{from: 2024-01-10, text", "  status", "status", "in order"),
    ("unit: FLOP\n", "unit: flops\n", "unit: flops", "parameters.0.unit", "is not known"),
    ("comparator: greater_than", "comparator: over", "comparator", "comparator", "is not known"),
    ("unit: day\n", "unit: day\n  comparator: at_most\n", "at_most", "comparator", "not compared"),
    (LIMIT_VALUE, "value: 1.5e+", LIMIT_VALUE[:6], "values.0.value", "is not decimal text"),
    (LIMIT_VALUE, 'value: "-1"', 'value: "-1"', "values.0.value", "out of range"),
    (LIMIT_VALUE, "value: true", "value: true", "values.0.value", "no figure"),
    (LIMIT_VALUE, "value: [1]", "value: [1]", "values.0.value", "no figure"),
    (LIMIT_VALUE, 'value: "1/0"', 'value: "1/0"', "values.0.value", "Fraction(1, 0)"),
    ('value: "0.8"', 'value: "1.8"', 'value: "1.8"', "parameters.1.values.0.value", "out of range"),
    ("value: 30", "value: 30.5", "value: 30.5", "parameters.2.values.0.value", "no whole number"),
    ("{from: 2026-07-01, value", "{from: 2025-07-01, value", "  values", "values", "the same day"),
    ("{from: 2026-07-01, value", "{from: 2024-07-01, value", "  values", "values", "not in order"),
    ("{from: 2026-07-01, value", "{from: 1 July, value", "1 July", "values.1.from", "not a day"),
    ("reference: s. 3, mark: found", "mark: found", "1e24", "values.0.reference", "is missing"),
    ("reference: s. 3, mark: found", "reference: s. 3", "1e24", "values.0.mark", "is missing"),
    ("known_from: 2026", "known_form: 2026", "known_form", "values.1.known_form", "not a field"),
    ("who: developer", "whom: developer", "- id: report", "obligations.0.who", "is missing"),
    ("  period: period", "  period: time", "period: time", "report.period", "holds"),
    ("subject: run", "subject: planet", "planet", "thresholds.0.subject", "is not known"),
    ("measure: training", "measure: trained", "measure", "thresholds.0.measure", "is not known"),
    ("parameter: limit", "parameter: near", "parameter: near", "run.parameter", "no comparator"),
    ("parameter: limit", "parameter: top", "parameter: top", "run.parameter", "local.harbour.top"),
    (
        "approach: local.harbour.near",
        "approach: near",
        "approach: near",
        "run.approach",
        "names near",
    ),
    ("question: eu_sys", "question: sys", "question: sys", "run.question", "does not exist"),
    ("fact: training_compute", "fact: size", "fact: size", "run.fact", "size is no fact"),
    (
        "{presumed_systemic: true}",
        "{big: true}",
        "{big: true}",
        "run.passed.big",
        "big is no answer",
    ),
    ("passed: {presumed_systemic: true}", "passed: {}", "passed", "0.passed", "says nothing"),
    ("[report]", "[tell]", "[tell]", "run.obligations.0", "local.harbour.tell"),
    ("[report]", "report", "obligations: report", "0.obligations", "not a list"),
    ("- id: near", "- id: limit", "- id: limit\n  title: {en: Near", "harbour.limit", "twice"),
    ("mark: second_hand", "mark: rumour", "- {id: fine", "notes.0.mark", "'rumour' is not known"),
    ("notes:", "remarks:", "remarks", "remarks", "is not a field"),
    ("parameters:\n", "parameters:\n- 7\n", "- 7", "parameters.0", "is not a block"),
]


@pytest.mark.parametrize(("old", "new", "mark", "path", "problem"), MISTAKES)
def test_a_mistake_is_reported_with_its_line_and_a_way_out(
    old: str, new: str, mark: str, path: str, problem: str
) -> None:
    assert old in RULE
    text = RULE.replace(old, new, 1)
    faults = faults_of(text)
    fitting = [f for f in faults if f.path.endswith(path) and problem in f.problem]
    assert fitting, faults
    assert (fitting[0].file, fitting[0].line) == (FILE, line_of(text, mark))
    assert fitting[0].way_out
    assert str(fitting[0]).startswith(f"{FILE}:{fitting[0].line}: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("instrument: [1", 2),
        ("a: 1\na: 2", 2),
        ("x: !!python/object/apply:os.getcwd []", 1),
        (RULE.replace("s. 9", "!local s. 9"), line_of(RULE, "s. 9")),
        ("[" * 500 + "]" * 500, 1),
    ],
)
def test_a_file_that_is_no_yaml_or_carries_tags_is_one_fault(text: str, line: int) -> None:
    (fault,) = faults_of(text)
    assert (fault.file, fault.line, fault.path) == (FILE, line, "file")


@pytest.mark.parametrize("text", ["", "7", "[]", "instrument: 3", "instrument:\n  id: [x]"])
def test_a_file_without_an_instrument_is_refused(text: str) -> None:
    assert any("instrument" in fault.path or fault.path == "file" for fault in faults_of(text))


def test_every_mistake_of_every_file_is_reported_at_once() -> None:
    bad = RULE.replace("kind: law", "kind: lore").replace("mark: second_hand", "mark: rumour")
    other = RULE.replace("local.harbour", "local.quay").replace("unit: share", "unit: pint")
    with pytest.raises(RuleFilesError) as caught:
        read_book([("a.yaml", bad), ("b.yaml", other)], base=shipped_book(), local=True)
    places = {(fault.file, fault.path) for fault in caught.value.faults}
    assert {("a.yaml", "instrument.kind"), ("a.yaml", "notes.0.mark")} <= places
    assert ("b.yaml", "parameters.1.unit") in places
    assert len(str(caught.value).splitlines()) == len(caught.value.faults)


def test_a_node_adds_rules_under_local_and_keeps_the_shipped_ones() -> None:
    book = read_book([(FILE, RULE)], base=shipped_book(), local=True)
    assert book.parameter("local.harbour.limit").first().value == 10**24
    assert set(shipped_book().instruments) < set(book.instruments)
    assert book.files_digest != shipped_book().files_digest


def test_a_node_may_not_take_an_id_outside_local() -> None:
    text = RULE.replace("local.harbour", "harbour")
    assert any("under local." in fault.problem for fault in faults_of(text))


def test_no_file_shadows_an_instrument_that_is_there() -> None:
    shipped = shipped_book()
    taken = RULE.replace("local.harbour", "eu.ai_act")
    assert any("is taken by" in fault.problem for fault in faults_of(taken))
    with pytest.raises(RuleFilesError, match="is taken by"):
        read_book([("one.yaml", RULE), ("two.yaml", RULE)], base=shipped, local=True)


@given(cut=st.integers(0, len(RULE)), text=st.sampled_from(["", ":", "- ", "{", "\n", "0", "*a"]))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(cut: int, text: str) -> None:
    damaged = RULE[:cut] + text + RULE[cut + 1 :]
    instrument, faults = read_instrument(FILE, damaged)
    assert (instrument is None) == bool(faults)


def test_the_digest_follows_every_character_of_every_file() -> None:
    shipped = shipped_book()
    digests = {
        read_book([(name, text)], base=shipped, local=True).files_digest
        for name, text in [(FILE, RULE), ("other.yaml", RULE), (FILE, RULE + "\n")]
    }
    assert len(digests) == 3
    again = read_book([(FILE, RULE)], base=shipped, local=True)
    assert again.files_digest in digests


def test_files_below_a_folder_are_read_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "harbour.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a rule", encoding="utf-8")
    assert read_folder(tmp_path) == [("deep/harbour.yaml", RULE)]
