"""`sluicegate filings`: from a case of a pass to a document, at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import sluicegate
from own_form import BROKEN, BROKEN_LINE, OWN_FORM, write_form

AS_OF = ("--as-of", "2026-06-30")


@pytest.fixture
def node(node: Path) -> Path:
    """Return a node after a pass, of its own."""
    assert sluicegate("assess", "--node", node, *AS_OF).code == 0
    return node


def case_for(node: Path, form: str) -> str:
    cases = sluicegate("cases", "list", "--node", node, "--format", "json", "--limit", 200).json
    for case in cases:
        offered = sluicegate(
            *("filings", "forms", "--case", case["case_id"], "--node", node, "--format", "json")
        ).json
        if form in {one["form"] for one in offered}:
            name: str = case["case_id"]
            return name
    raise AssertionError(f"no case is offered {form}")


def test_forms_and_the_fields_of_one_are_listed() -> None:
    forms = sluicegate("filings", "forms", "--format", "json").json
    assert {one["form"]: one["sealed"] for one in forms}["suspicious_activity"] is True
    fields = sluicegate("filings", "forms", "training_report", "--format", "json").json
    weights = next(one for one in fields if one["field"] == "weights")
    assert weights["clause"] == "Proposed 15 CFR 7.308 (found in the text)"
    chinese = sluicegate(
        *("filings", "forms", "training_report", "--language", "zh", "--format", "json")
    ).json
    assert "权重保护政策" in {one["label"] for one in chinese}
    assert sluicegate("filings", "forms", "nothing").code == 2
    assert sluicegate("filings", "schema", "registration").json["title"].startswith("Registration")


def test_a_draft_is_completed_exported_and_proposed(node: Path, tmp_path: Path) -> None:
    case = case_for(node, "notification")
    trial = sluicegate("filings", "draft", case, "notification", "--node", node, "--dry-run")
    assert "nothing was kept" in trial.err
    assert sluicegate("filings", "list", "--node", node, "--format", "json").json == []

    drafted = sluicegate(
        *("filings", "draft", case, "notification", "--node", node, "--format", "json")
    )
    lacking = [one["field"] for one in drafted.json]
    assert "in_union" in lacking
    (line,) = sluicegate("filings", "list", "--node", node, "--format", "json").json
    name = line["filing_id"]
    assert sluicegate("filings", "check", name, "--node", node).code == 1
    refused = sluicegate("filings", "propose", name, "--reason", "passed", "--node", node)
    assert refused.code == 1
    assert "is not complete" in refused.err

    party = {"name": "Mavoret Compute Ltd", "country": "NO"}
    values = {
        "in_union": True,
        "contact": party,
        "description": "A model.",
        "is_placed": False,
        "condition": "met",
        "is_rebutted": False,
        "model": "Fjord 2",
        "provider": party,
        "known_on": "2026-05-04",
        "compute": "2.5e25",
        "evidence": "As metered.",
        "compute_low": "2e25",
        "compute_high": "3e25",
    }
    file = tmp_path / "values.json"
    file.write_text(json.dumps(values), encoding="utf-8")
    command = ("filings", "set", name, "--node", node, "--format", "json")
    assert sluicegate(*command, "--file", file).json == []
    stale = sluicegate(*command, "--version", 1, "--value", "model=Fjord 3")
    assert stale.code == 3
    unknown = sluicegate(*command, "--value", "shoe=42")
    assert (unknown.code, "shoe" in unknown.err) == (2, True)
    assert sluicegate("filings", "check", name, "--node", node).code == 0

    page = tmp_path / "filing.html"
    assert sluicegate("filings", "export", name, "--file", page, "--node", node).code == 0
    shown = sluicegate("filings", "show", name, "--node", node, "--format", "json").json
    assert shown["digest"] in page.read_text(encoding="utf-8")
    as_json = sluicegate("filings", "export", name, "--as", "json", "--file", "-", "--node", node)
    assert as_json.json == shown

    trial = sluicegate("filings", "propose", name, "--reason", "x", "--node", node, "--dry-run")
    assert trial.code == 0
    done = sluicegate("filings", "propose", name, "--reason", "passed", "--node", node)
    assert f"waits in case {case}" in done.err
    again = sluicegate("filings", "withdraw", name, "--reason", "late", "--node", node)
    assert again.code == 3


def test_a_form_of_the_node_is_offered_and_a_mistake_in_it_named(node: Path) -> None:
    write_form(node)
    forms = sluicegate("filings", "forms", "--node", node, "--format", "json").json
    assert OWN_FORM in {one["form"] for one in forms}
    case = case_for(node, OWN_FORM)
    assert sluicegate("filings", "draft", case, OWN_FORM, "--node", node).code == 0
    write_form(node, BROKEN)
    broken = sluicegate("filings", "forms", "--node", node)
    assert (broken.code, f"note.yaml:{BROKEN_LINE}: " in broken.err) == (2, True)
    (line,) = sluicegate("filings", "list", "--node", node, "--format", "json").json
    shown = sluicegate("filings", "show", line["filing_id"], "--node", node, "--format", "json")
    assert shown.json["form"] == OWN_FORM, "a filing keeps the form it was made with"
