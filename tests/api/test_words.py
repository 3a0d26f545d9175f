"""What is wrong with a request is said in the language that it prefers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from served_api import Caller

ZH = {"Accept-Language": "zh"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ASK = "/v1/ask/eu_systemic_risk"


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"training_compute": "many"},
        {"training_compute": "-1"},
        {"training_compute": "2e25", "condition_met_on": "someday"},
        {"training_compute": None},
    ],
)
def test_bad_facts_are_told_in_chinese(caller: Caller, facts: dict[str, Any]) -> None:
    body = {"facts": facts, "as_of": "2025-09-01"}
    english, chinese = caller.post(ASK, json=body), caller.post(ASK, json=body, headers=ZH)
    assert english.status == chinese.status == 422
    assert english.json()["errors"] == chinese.json()["errors"]
    assert not CHINESE.search(english.text)
    found = chinese.json()
    for said in (found["detail"], found["message"], *(one["problem"] for one in found["faults"])):
        assert CHINESE.search(said), said


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/cases", {"title": "t"}),
        ("/v1/cases", {"title": "t", "reason": "r", "colour": "red"}),
        ("/v1/cases", {"title": 1, "reason": "r"}),
        ("/v1/cases", {"title": "t" * 301, "reason": "r"}),
        ("/v1/cases", {"title": "t", "reason": "r", "priority": "soon"}),
        ("/v1/cases/acts", {"cases": [], "act": {"act": "dance"}}),
        ("/v1/assess", {"as_of": "someday"}),
        ("/v1/regimes/compare", {"facts": {}, "as_of": "2026-01-01", "subject": "cat"}),
    ],
)
def test_bad_fields_are_told_in_chinese(caller: Caller, path: str, body: Any) -> None:
    got = caller.post(path, "engineer" if "assess" in path else "analyst", json=body, headers=ZH)
    assert got.status == 422, got.text
    for one in got.json()["errors"]:
        assert CHINESE.search(one["problem"]), one


def test_a_row_of_many_that_is_refused_says_so_in_chinese(caller: Caller) -> None:
    headers = {**ZH, "Content-Type": "application/x-ndjson"}
    got = caller.post(
        f"{ASK}/many?as_of=2025-09-01", content=b'{"training_compute": "x"}\n', headers=headers
    )
    assert CHINESE.search(got.json()["message"])


def test_a_query_that_is_wrong_is_told_in_chinese(caller: Caller) -> None:
    for query in ("limit=0", "limit=many", "limit=501"):
        got = caller.get(f"/v1/findings?{query}", headers=ZH).json()
        assert all(CHINESE.search(one["problem"]) for one in got["errors"]), got


def test_an_answer_gives_its_reasons_in_chinese(caller: Caller) -> None:
    body = {"facts": {"training_compute": "2e25"}, "as_of": "2025-09-01"}
    english = caller.post(ASK, json=body).json()
    chinese = caller.post(ASK, json=body, headers=ZH).json()
    assert english["answer"] == chinese["answer"]
    assert len(english["reasons"]) == len(chinese["reasons"]) >= 2
    assert not CHINESE.search("".join(english["reasons"]))
    assert [one for one in chinese["reasons"] if not CHINESE.search(one)] == []


def test_what_no_case_touches_is_named_in_chinese(caller: Caller) -> None:
    body = {"cases": "[]", "files": {}}
    english = caller.post("/v1/rules/coverage", json=body)
    chinese = caller.post("/v1/rules/coverage", json=body, headers=ZH)
    assert english.status == chinese.status == 200, english.text
    names = [
        [item["name"] for part in got.json()["about"] for item in part["untouched"]]
        for got in (english, chinese)
    ]
    assert len(names[0]) == len(names[1]) > 100
    outcomes = [
        item["name"]
        for part in chinese.json()["about"]
        for item in part["untouched"]
        if item["kind"] in ("outcome", "status", "level")
    ]
    assert [one for one in outcomes if not CHINESE.search(one)] == []
