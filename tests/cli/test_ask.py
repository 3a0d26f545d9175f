"""`ask`, `rules test` and `regimes compare`: answers, refusals and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import sluicegate

DAY = ("--as-of", "2025-09-01")
FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}


def ask(facts: object, *words: str, question: str = "eu_systemic_risk") -> list[object]:
    return ["ask", question, "--facts", "-", *words]


def test_an_answer_comes_with_reasons_citations_and_parameters() -> None:
    ran = sluicegate(*ask(FACTS, *DAY, "--format", "json"), stdin=json.dumps(FACTS))
    assert ran.code == 0
    document = ran.json
    assert set(document) >= {
        "question",
        "as_of",
        "answer",
        "readings",
        "reasons",
        "citations",
        "parameters",
    }
    assert document["question"] == "eu_systemic_risk"
    assert document["as_of"] == "2025-09-01"
    assert document["answer"] == {
        "chapter_v_applies": True,
        "presumed_systemic": True,
        "notify_by": "2025-09-15",
    }
    assert all(isinstance(reason, str) for reason in document["reasons"])
    [used] = [p for p in document["parameters"] if p["unit"] == "FLOP"]
    assert used["id"] == "eu.ai_act.systemic_risk.training_compute"


@pytest.mark.parametrize("name", ["facts.json", "facts.yaml"])
def test_facts_come_from_a_file(tmp_path: Path, name: str) -> None:
    text = json.dumps(FACTS) if name.endswith("json") else 'training_compute: "1.2e25"\n'
    (tmp_path / name).write_text(text)
    ran = sluicegate("ask", "eu_systemic_risk", "--facts", tmp_path / name, *DAY)
    assert ran.code == 0
    assert "presumed_systemic" in ran.out
    assert "Why" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    ("facts", "question", "errors"),
    [
        ("{}", "eu_systemic_risk", ["training_compute"]),
        ('{"training_compute": 1e25}', "eu_systemic_risk", ["training_compute"]),
        ('{"training_compute": "1", "odd": 1}', "eu_systemic_risk", ["odd"]),
        ("[]", "eu_systemic_risk", None),
        ("{", "eu_systemic_risk", ["facts"]),
        (json.dumps(FACTS), "eu_systemic_riks", ["question"]),
    ],
)
def test_bad_facts_are_refused_with_the_path_of_each_fault(
    facts: str, question: str, errors: list[str] | None
) -> None:
    ran = sluicegate(*ask(facts, *DAY, "--format", "json", question=question), stdin=facts)
    assert ran.code == 2
    document = ran.json
    assert document["error"] == document["errors"][0]
    assert errors is None or document["errors"] == errors
    assert document["message"]
    assert ran.err != ""


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--as-of", "2025-13-01"), "as_of"),
        ((*DAY, "--reading", "odd=1"), "readings.odd"),
        ((*DAY, "--reading", "odd"), "readings.odd"),
        ((*DAY, "--known-on", "soon"), "known_on"),
    ],
)
def test_bad_options_are_refused_in_the_same_shape(words: tuple[str, ...], error: str) -> None:
    ran = sluicegate(*ask(FACTS, *words, "--format", "json"), stdin=json.dumps(FACTS))
    assert (ran.code, ran.json["error"]) == (2, error)


def test_a_misspelt_question_is_answered_with_the_nearest_one() -> None:
    ran = sluicegate(*ask(FACTS, *DAY, question="eu_systemic_riks"), stdin=json.dumps(FACTS))
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean eu_systemic_risk?" in ran.err


def test_a_facts_file_that_cannot_be_read_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe")
    for name, way_out in (
        ("none.json", "check the name"),
        (".", "check the name"),
        ("odd.yaml", "save the file as UTF-8"),
    ):
        ran = sluicegate("ask", "eu_systemic_risk", "--facts", tmp_path / name, *DAY)
        assert ran.code == 2
        assert way_out in ran.err
        assert "codec" not in ran.err
        assert "Errno" not in ran.err


def test_a_reading_is_chosen_and_echoed() -> None:
    facts = {"operating_in_us": True, "estimate_central": "1e25", "estimate_high": "2e25"}
    answers = {}
    for value in ("range", "central"):
        words = ("--as-of", "2026-06-30", "--reading", f"estimate_used={value}")
        command = ask(facts, *words, "--format", "json", question="kthf_registration")
        document = sluicegate(*command, stdin=json.dumps(facts)).json
        assert document["readings"]["estimate_used"] == value
        answers[value] = document["answer"]["must_register"]
    assert answers == {"range": "may", "central": "no"}


CASE = """\
- id: t1
  question: eu_systemic_risk
  as_of: "2025-09-01"
  facts: {training_compute: "1.2e25"}
  expected: {presumed_systemic: %s}
"""


def test_worked_cases_pass_or_fail_with_what_was_expected_and_got(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(CASE % "true")
    ran = sluicegate("rules", "test", file, "--format", "json")
    assert (ran.code, ran.json) == (0, {"passed": 1, "failed": []})
    file.write_text(CASE % "false")
    ran = sluicegate("rules", "test", file, "--format", "json")
    assert ran.code == 1
    assert ran.json == {
        "passed": 0,
        "failed": [
            {
                "id": "t1",
                "question": "eu_systemic_risk",
                "field": "presumed_systemic",
                "expected": False,
                "got": True,
            }
        ],
    }


def test_a_case_of_a_question_that_is_not_built_fails_on_the_question(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text((CASE % "true").replace("eu_systemic_risk", "not_built"))
    ran = sluicegate("rules", "test", file, "--format", "json")
    assert ran.code == 1
    assert [failed["field"] for failed in ran.json["failed"]] == ["question"]


@pytest.mark.parametrize("text", ["", "just text", "- id: x\n", None])
def test_a_file_that_holds_no_cases_is_a_usage_error(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "cases.yaml"
    if text is not None:
        file.write_text(text)
    ran = sluicegate("rules", "test", file, "--format", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "cases.yaml" in ran.err


def test_regimes_stand_side_by_side(tmp_path: Path) -> None:
    facts = tmp_path / "run.json"
    facts.write_text('{"training_compute": "2e26"}')
    command = ("regimes", "compare", "--facts", facts, "--as-of", "2026-06-30")
    ran = sluicegate(*command, "--format", "json")
    assert ran.code == 0
    rows = {row["rule"]: row for row in ran.json["regimes"]}
    assert ran.json["as_of"] == "2026-06-30"
    row = rows["eu.ai_act.systemic_risk"]
    assert set(row) >= {"status", "trigger", "margin", "passed", "binding", "duties", "recipients"}
    assert set(row) >= {"deadlines", "needs", "reasons"}
    assert (row["passed"], row["binding"], row["margin"]) == (True, True, "20")
    table = sluicegate(*command)
    assert "European" in table.out
    assert max(len(line) for line in table.out.splitlines()) <= 100
    chinese = sluicegate(*command, "--language", "zh", "--format", "json").json["regimes"]
    assert {one["title"] for one in chinese}.isdisjoint(one["title"] for one in rows.values())
    listed = sluicegate(*command, "--format", "csv").csv
    assert {one["rule"] for one in listed} == set(rows)


@pytest.mark.parametrize(
    ("facts", "error"), [("{}", "facts"), ("[]", "facts"), ('{"peak_rate": "x"}', "peak_rate")]
)
def test_regimes_refuse_facts_without_a_measure(facts: str, error: str) -> None:
    command = ("regimes", "compare", "--facts", "-", "--as-of", "2026-06-30", "--format", "json")
    ran = sluicegate(*command, stdin=facts)
    assert (ran.code, ran.json["error"]) == (2, error)


def test_a_language_that_is_not_there_is_refused() -> None:
    command = ("regimes", "compare", "--facts", "-", "--as-of", "2026-06-30", "--language", "fr")
    ran = sluicegate(*command, stdin='{"training_compute": "2e26"}')
    assert (ran.code, ran.out) == (2, "")
    assert "'en'" in ran.err
    assert "'zh'" in ran.err


def test_rules_are_listed_shown_compared_and_checked(tmp_path: Path) -> None:
    listed = sluicegate("rules", "list", "--format", "json")
    assert "eu.ai_act" in {row["id"] for row in listed.json}
    shown = sluicegate("rules", "show", "eu.ai_act.systemic_risk.training_compute")
    assert "10000000000000000000000000" in shown.out.replace(",", "") or "1e25" in shown.out
    assert sluicegate("rules", "show", "eu.no_act").code == 2
    changed = sluicegate("rules", "diff", "2025-08-01", "2025-08-02", "--format", "json")
    assert any(row["id"].startswith("eu.ai_act") for row in changed.json)
    assert sluicegate("rules", "diff", "2025-08-01", "soon").code == 2
    assert sluicegate("rules", "check", "--format", "json").json["faults"] == []
    bad = tmp_path / "bad.yaml"
    bad.write_text("instrument: {id: local.x}\n")
    ran = sluicegate("rules", "check", bad, "--format", "json")
    assert ran.code == 1
    assert {fault["file"] for fault in ran.json["faults"]} == {str(bad)}
    schema = sluicegate("rules", "schema", "eu_systemic_risk").json
    assert "training_compute" in schema["properties"]
    assert sluicegate("rules", "schema", "eu_no_risk").code == 2
    questions = sluicegate("rules", "questions", "--format", "csv").csv
    assert "eu_systemic_risk" in {row["question"] for row in questions}


@pytest.mark.parametrize("content", [b"instrument: {id: local.x}\n", b"\x9f\xff", None])
@pytest.mark.parametrize(
    "words",
    [
        ("rules", "list"),
        ("rules", "show", "eu.ai_act"),
        ("rules", "diff", "2025-01-01", "2026-01-01"),
        ("rules", "test", "cases.yaml"),
        ("ask", "eu_systemic_risk", "--facts", "-", "--as-of", "2026-01-01"),
        ("regimes", "compare", "--facts", "-", "--as-of", "2026-01-01"),
    ],
)
def test_own_rules_that_cannot_be_used_are_a_usage_error(
    node: Path, tmp_path: Path, words: tuple[str, ...], content: bytes | None
) -> None:
    (node / "rules" / "own.yaml").write_bytes(content or b"")
    place = tmp_path / "absent" if content is None else node
    ran = sluicegate(*words, "--node", place, stdin='{"training_compute": "2e26"}')
    assert (ran.code, ran.out) == (2, "")
    assert ("is no node" if content is None else "own.yaml:1") in ran.err


def test_a_rule_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"instrument:\n  id: \xff\n")
    ran = sluicegate("rules", "check", bad, "--format", "json")
    assert ran.code == 1
    [fault] = ran.json["faults"]
    assert (fault["file"], fault["line"]) == (str(bad), 2)
    absent = sluicegate("rules", "check", tmp_path / "absent.yaml")
    assert absent.code == 2
    assert "check the name" in absent.err


def test_whether_a_law_binds_is_open_while_facts_are_missing() -> None:
    command = ("regimes", "compare", "--facts", "-", "--as-of", "2026-06-30", "--format", "json")
    ran = sluicegate(*command, stdin='{"training_compute": "2e26"}')
    rows = {row["rule"]: row for row in ran.json["regimes"]}
    open_law = rows["us_ca.sb53.frontier_developer"]
    assert (open_law["passed"], open_law["binding"]) == (None, None)
    proposal = rows["kthf.oversight.registration"]
    assert (proposal["passed"], proposal["binding"]) == (None, False)
    assert rows["eu.ai_act.systemic_risk"]["binding"] is True


def test_a_file_with_more_facts_is_picked_from_on_request(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    given = {"training_compute": "2e25", "condition_met_on": "2025-09-01", "eccn": "4A090.a"}
    file.write_text(json.dumps(given), encoding="utf-8")
    words = ("ask", "eu_systemic_risk", "--facts", file, "--as-of", "2025-09-01")
    refused = sluicegate(*words)
    assert (refused.code, "--pick" in refused.err) == (2, True)
    taken = sluicegate(*words, "--pick")
    assert (taken.code, "eccn" in taken.err) == (0, True)
