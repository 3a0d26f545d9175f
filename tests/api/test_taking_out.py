"""Views, exports, calendars, documents and rules in the making, over HTTP."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest

from served_api import Caller
from sluicegate.core.canonical import digest


def case(caller: Caller, name: str) -> str:
    body = {"title": name, "reason": "for a test", "subject_name": name, "jurisdiction": "EU"}
    found: str = caller.post("/v1/cases", json=body).json()["id"]
    return found


def test_a_view_is_saved_listed_and_forgotten_by_its_owner(caller: Caller) -> None:
    view = {"name": "Mine", "query": {"assignee": "me"}}
    assert caller.post("/v1/views", json=view).json() == view
    assert view in caller.get("/v1/views").json()["items"]
    assert view not in caller.get("/v1/views", "reviewer").json()["items"]
    assert caller.post("/v1/views/remove", json={"name": "Mine"}).status == 200
    assert caller.post("/v1/views/remove", json={"name": "Mine"}).status == 404
    bad = caller.post("/v1/views", json={"name": "Bad", "query": {"colour": "red"}})
    assert bad.status == 422


def test_an_export_of_the_queue_is_the_view_and_runs_no_formula(caller: Caller) -> None:
    case(caller, "=1+1|cmd")
    listed = caller.get("/v1/cases?limit=500", "officer").json()["items"]
    got = caller.get("/v1/cases/export", "officer")
    rows = list(csv.DictReader(io.StringIO(got.text)))
    assert [row["case_id"] for row in rows] == [row["id"] for row in listed]
    assert "'=1+1|cmd" in {row["subject_name"] for row in rows}
    lines = caller.get("/v1/cases/export?format=ndjson&priority=urgent", "officer").text
    urgent = [row["id"] for row in listed if row["priority"] == "urgent"]
    assert [json.loads(line)["case_id"] for line in lines.splitlines()] == urgent
    assert caller.get("/v1/cases/export", "viewer").status == 403


def test_a_case_is_taken_out_with_the_digest_of_what_it_says(caller: Caller) -> None:
    found = caller.get(f"/v1/cases/{case(caller, 'One')}/export", "officer").json()
    assert found["digest"] == digest(found["document"])
    assert found["document"]["format"] == "sluicegate.case/1"
    assert caller.get("/v1/cases/none/export", "officer").status == 404


@pytest.mark.parametrize("what", ["findings", "obligations"])
def test_an_export_holds_what_the_list_holds(caller: Caller, what: str) -> None:
    listed = caller.get(f"/v1/{what}?limit=500").json()["items"]
    lines = caller.get(f"/v1/{what}/export?format=ndjson").text.splitlines()
    assert listed
    assert [json.loads(line)["id"] for line in lines] == [row["id"] for row in listed]
    rows = list(csv.DictReader(io.StringIO(caller.get(f"/v1/{what}/export").text)))
    assert [row["id"] for row in rows] == [row["id"] for row in listed]
    european = caller.get(f"/v1/{what}/export?format=ndjson", "european").text.splitlines()
    assert {json.loads(line)["jurisdiction"] for line in european} <= {"EU"}


def test_a_calendar_is_one_of_the_callers_own_days(caller: Caller) -> None:
    got = caller.get("/v1/calendar.ics?scope=all")
    assert got.headers["content-type"] == "text/calendar; charset=utf-8"
    assert got.text.startswith("BEGIN:VCALENDAR")
    assert caller.get("/v1/calendar.ics?scope=world").status == 422
    assert caller.get("/v1/calendar.ics", "nobody-much").status == 403


def test_a_filing_is_given_as_page_and_as_data_with_one_digest(caller: Caller) -> None:
    made = caller.post(f"/v1/cases/{case(caller, 'F')}/filings", json={"form": "notification"})
    path = f"/v1/filings/{made.json()['filing']['id']}"
    assert caller.post(f"{path}/propose", json={"reason": "now"}).status == 409
    page, data = (caller.get(f"{path}/document?format={form}") for form in ("html", "json"))
    assert page.text.lower().startswith("<!doctype html>")
    assert "attachment" in page.headers["content-disposition"]
    document = data.json()
    assert document["digest"] in page.text
    before = caller.get(f"{path}/versions").json()["items"]
    fields = caller.get("/v1/forms/notification").json()["fields"]
    field = next(one["field"] for one in fields if one["kind"] == "long_text")
    caller.post(f"{path}/values", json={"values": {field: "What was found."}})
    after = caller.get(f"{path}/versions").json()["items"]
    assert [one["version"] for one in before] == [1]
    assert [one["version"] for one in after] == [1, 2]
    assert after[1]["values"][field] == "What was found."


def test_a_form_says_its_fields_and_the_schema_of_its_document(caller: Caller) -> None:
    forms = caller.get("/v1/forms").json()["items"]
    assert {"notification", "training_report"} <= {one["form"] for one in forms}
    one = caller.get("/v1/forms/notification").json()
    assert one["document_schema"]["type"] == "object"
    assert all(field["label"]["zh"] for field in one["fields"])
    assert caller.get("/v1/forms/none").status == 404


def test_a_rule_is_begun_checked_and_tested_before_a_node_takes_it(caller: Caller) -> None:
    title = {"en": "Harbour Act", "zh": "港口法"}
    made = caller.post("/v1/rules/draft", json={"id": "local.harbour", "title": title}).json()
    files = {"harbour.yaml": made["rule"]}
    checked = caller.post("/v1/rules/check", json={"files": files}).json()
    assert checked["mistakes"] == 0
    tested = caller.post("/v1/rules/test", json={"cases": made["cases"], "files": files}).json()
    assert tested["failed"] == []
    assert tested["passed"] > 0
    covered = caller.post(
        "/v1/rules/coverage", json={"cases": made["cases"], "files": files}
    ).json()
    assert covered["touched"] > 0
    broken = {"harbour.yaml": made["rule"].replace("unit:", "untied:", 1)}
    bad = caller.post("/v1/rules/check", json={"files": broken}).json()
    assert bad["mistakes"] > 0
    assert all(one["line"] for one in bad["faults"])
    refused = caller.post("/v1/rules/test", json={"cases": made["cases"], "files": broken})
    assert refused.status == 422
    assert caller.get("/v1/rules/local.harbour").status == 404, "nothing is kept"


def test_whose_answers_a_change_of_law_changed(caller: Caller) -> None:
    subjects = [
        {"id": "large", "facts": {"training_compute": "2e25", "condition_met_on": "2025-08-02"}},
        {"id": "small", "facts": {"training_compute": "1e20"}},
    ]
    body = {
        "earlier": "2025-08-01",
        "later": "2025-08-20",
        "question": "eu_systemic_risk",
        "subjects": subjects,
    }
    got = caller.post("/v1/rules/diff", json=body).json()
    assert got["asked"] == 2
    by_id = {one["id"]: one for one in got["changed"]}
    assert by_id["large"]["before"] != by_id["large"]["after"]
    same = caller.post("/v1/rules/diff", json={**body, "earlier": "2025-08-20"}).json()
    assert same["changed"] == []
    assert caller.post("/v1/rules/diff", json={**body, "subjects": [1]}).status == 422


def test_estimates_are_exact_and_faults_are_named(caller: Caller) -> None:
    rows = [{"id": "a", "parameters": "70e9", "tokens": "15e12"}, {"id": "b"}]
    got = caller.post("/v1/meter/estimate", json={"rows": rows}).json()
    assert got["items"][0]["central"] == "6300000000000000000000000"
    assert [(one["row"], one["id"]) for one in got["faults"]] == [(2, "b")]


def test_why_can_be_asked_of_others_roles(caller: Caller) -> None:
    path = "/v1/access/why?action=case:check&role="
    assert caller.get(path + "analyst").json()["is_allowed"] is False
    reviewer = caller.get(path + "reviewer").json()
    assert reviewer["is_allowed"] is True
    assert "reviewer" in reviewer["permitted_roles"]
    assert caller.get(path + "reviewer&own=true").json()["is_allowed"] is False
    assert caller.get(path + "king").status == 422
    table = caller.get("/v1/access/roles").json()["items"]
    by_action = {one["action"]: one["roles"] for one in table}
    assert by_action["case:check"] == reviewer["permitted_roles"]


def test_many_answers_and_many_acts_are_long_work(caller: Caller) -> None:
    content = b"id,training_compute\nm-1,1.2e25\n"
    path = "/v1/ask/eu_systemic_risk/jobs?name=m.csv&as_of=2025-09-01"
    got = caller.post(path, content=content)
    assert got.status == 202
    kept = got.json()["parameters"]["file"]
    assert kept["digest"] == hashlib.sha256(content).hexdigest()
    assert caller.post("/v1/ask/none/jobs?name=m.csv", content=content).status == 404
    body = {
        "cases": [case(caller, "Bulk")],
        "act": {"act": "comment", "text": "seen"},
    }
    later = caller.post("/v1/cases/acts/jobs", json=body)
    assert later.status == 202
    assert caller.get(later.headers["Location"]).json()["kind"] == "bulk_acts"
    assert caller.get(later.headers["Location"], "reviewer").status == 404, "it is private"


def test_settings_are_shown_to_who_may_read_them_without_secrets(caller: Caller) -> None:
    assert caller.get("/v1/settings", "analyst").status == 403
    rows = caller.get("/v1/settings", "administrator").json()["items"]
    assert {"tenant", "country"} <= {row["name"].rpartition(".")[2] for row in rows}
