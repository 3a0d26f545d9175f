"""Cases that a machine opens about a finding."""

from __future__ import annotations

from typing import Any

from served_api import Caller


def findings(caller: Caller, **query: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in {**query, "limit": "500"}.items())
    found: list[dict[str, Any]] = caller.get(f"/v1/findings?{asked}").json()["items"]
    return found


def case_of(caller: Caller, finding: dict[str, Any]) -> str:
    """Return the id of the case that holds a finding."""
    place, subject = finding["jurisdiction"], finding["subject"]
    got = caller.get(f"/v1/cases?state=all&jurisdiction={place}&subject={subject}").json()
    name: str = got["items"][0]["id"]
    return name


def fields(problem: dict[str, Any]) -> list[str]:
    """Return the fields that a problem names."""
    return [one["field"] for one in problem["errors"]]


def sent(finding: str, **more: str) -> dict[str, str]:
    return {"finding": finding, "reason": "It grows faster than it said.", **more}


def test_a_finding_whose_case_is_open_is_refused_with_the_name_of_the_case(caller: Caller) -> None:
    finding = findings(caller)[0]
    got = caller.post("/v1/cases", json=sent(finding["id"]))
    assert got.status == 422
    assert case_of(caller, finding) in got.text
    assert fields(got.json()) == ["finding"]


def test_a_finding_that_is_not_there_is_not_found(caller: Caller) -> None:
    assert caller.post("/v1/cases", json=sent("f-none")).status == 404


def test_what_a_finding_does_not_say_is_named(caller: Caller) -> None:
    finding = findings(caller)[0]["id"]
    got = caller.post("/v1/cases", json=sent(finding, subject_id="c-other"))
    assert (got.status, fields(got.json())) == (422, ["subject_id"])


def test_without_a_finding_a_title_is_needed(caller: Caller) -> None:
    got = caller.post("/v1/cases", json={"reason": "asked by phone"})
    assert (got.status, fields(got.json())) == (422, ["title"])


def test_a_closed_case_is_opened_again_about_its_finding(caller: Caller) -> None:
    finding = next(
        one for one in findings(caller, jurisdiction="PROPOSAL") if not one["as_enforced"]
    )
    case = case_of(caller, finding)
    for decision in ("clear", "close"):
        act = {"act": "propose", "decision": decision, "reason": "a test run"}
        got = caller.post(f"/v1/cases/{case}/acts", "reviewer", json=act)
        assert got.status == 200, got.text
    assert caller.get(f"/v1/cases/{case}").json()["case"]["state"] == "closed"
    got = caller.post("/v1/cases", json=sent(finding["id"], priority="high"))
    assert got.status == 201, got.text
    assert (got.json()["id"], got.json()["priority"]) == (case, "high")
    shown = caller.get(f"/v1/cases/{case}").json()
    assert shown["case"]["state"] == "open"
    reopened = next(one for one in shown["timeline"] if one["kind"] == "reopened")
    assert reopened["reason"] == "It grows faster than it said."
