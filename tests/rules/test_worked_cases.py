"""Every worked case passes: our own, and the shared ones where their folder is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sluicegate.rules.cases import read_cases
from sluicegate.services.asking import check_cases
from sluicegate.services.questions import all_questions

OWN = sorted(Path(__file__).parent.glob("*.yaml"))
AREAS = (
    *("kyc", "frontier_reporting", "compute_accounting", "risk_tier", "liability"),
    "institutes",
    "hardware",
    "export",
)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_our_own_cases_pass(path: Path) -> None:
    tested = check_cases({path.name: path.read_text(encoding="utf-8")})
    assert tested.failed == ()
    assert tested.passed > 0


@pytest.mark.parametrize("area", AREAS)
def test_the_shared_cases_pass(area: str, shared_facts: Path) -> None:
    path = shared_facts / "cases" / f"{area}.yaml"
    tested = check_cases({path.name: path.read_text(encoding="utf-8")})
    assert tested.failed == ()
    assert tested.passed > 0


def test_every_question_has_two_cases_of_our_own_and_every_case_its_own_id() -> None:
    cases = [c for path in OWN for c in read_cases(path.name, path.read_text(encoding="utf-8"))]
    ids = [case["id"] for case in cases]
    assert len(set(ids)) == len(ids)
    counts = {name: sum(case["question"] == name for case in cases) for name in all_questions()}
    assert {name: count for name, count in counts.items() if count < 2} == {}


def test_the_shared_specifications_and_ours_name_the_same_fields(shared_facts: Path) -> None:
    from sluicegate.core.exact import load_yaml

    for area in AREAS:
        text = (shared_facts / "questions" / f"{area}.yaml").read_text(encoding="utf-8")
        for raw in load_yaml(text):
            ours = all_questions()[raw["question"]].spec
            assert [spec.name for spec in ours.facts] == list(raw["facts"])
            assert [spec.name for spec in ours.answer] == list(raw["answer"])
            assert [one.name for one in ours.readings] == list(raw.get("readings", {}))
