"""What the endpoints answer: values, problems, tags, pages, keys."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import pytest

from served_api import CALLERS, PUBLIC, Caller
from sluicegate.api.models.commands import KINDS, CaseAct, command_of
from sluicegate.cases.case import Priority
from sluicegate.cases.commands import Command, Prioritise, Propose, Snooze
from sluicegate.cases.trying import command_name
from sluicegate.core.phrases import Language
from sluicegate.services.asking import ask_question
from tiny_world import AS_OF

FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}
ASK = "/v1/ask/eu_systemic_risk"


def new_case(caller: Caller, who: str = "analyst", **more: str) -> str:
    body = {"title": "A look at one customer", "reason": "asked by phone", **more}
    got = caller.post("/v1/cases", who, json=body)
    assert got.status == 201, got.text
    identifier: str = got.json()["id"]
    assert got.headers["location"] == f"/v1/cases/{identifier}"
    return identifier


def test_an_answer_is_the_one_of_the_library(caller: Caller) -> None:
    for language in Language:
        got = caller.post(
            ASK,
            json={"facts": FACTS, "as_of": "2025-09-01"},
            headers={"Accept-Language": language.value},
        )
        asked = ask_question("eu_systemic_risk", FACTS, as_of="2025-09-01")
        assert got.status == 200
        assert json.loads(got.text) == json.loads(json.dumps(asked.as_json(language)))


def test_bad_facts_come_back_in_order(caller: Caller) -> None:
    body = {"facts": {"odd": 1, "training_compute": 1.5}, "as_of": "2025-09-01"}
    got = caller.post(ASK, json=body)
    assert got.status == 422
    assert got.headers["content-type"] == "application/problem+json"
    document = got.json()
    assert document["type"] == "/problems/bad-facts"
    assert document["errors"] == ["odd", "training_compute"]
    assert document["error"] == "odd"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"facts": FACTS, "as_of": "2025-02-30"}, "as_of"),
        ({"facts": FACTS, "as_of": 20250901}, "as_of"),
        ({"facts": FACTS, "as_of": "2025-09-01", "readings": {"x": "y"}}, "readings.x"),
        ({"facts": FACTS, "as_of": "2025-09-01", "known_on": "soon"}, "known_on"),
        ({"facts": FACTS, "as_of": "2025-09-01", "language": "fr"}, "language"),
        ({"facts": [], "as_of": "2025-09-01"}, "facts"),
    ],
)
def test_what_is_asked_wrongly_is_named(caller: Caller, body: dict[str, Any], path: str) -> None:
    got = caller.post(ASK, json=body)
    assert got.status == 422
    assert got.json()["error"] == path


def test_an_unknown_question_is_not_found(caller: Caller) -> None:
    got = caller.post("/v1/ask/no_such", json={"facts": {}, "as_of": "2025-09-01"})
    assert got.status == 404


def test_many_subjects_are_answered_row_by_row(caller: Caller) -> None:
    lines = [{"id": str(n), "facts": {"training_compute": f"{n}e24"}} for n in range(1, 21)]
    content = "".join(json.dumps(line) + "\n" for line in lines) + "{\n" + '{"odd": 1}\n'
    got = caller.post(
        f"{ASK}/many?as_of=2025-09-01",
        content=content.encode(),
        headers={"Content-Type": "application/x-ndjson"},
    )
    rows = [json.loads(line) for line in got.text.splitlines()]
    assert [row["row"] for row in rows] == list(range(1, 23))
    for line, row in zip(lines, rows, strict=False):
        asked = ask_question("eu_systemic_risk", line["facts"], as_of="2025-09-01")
        assert row["id"] == line["id"]
        assert row["answer"] == asked.answer_json()
        assert row["outcome"] == asked.outcome.text()
    assert [row["error"] for row in rows[20:]] == ["facts", "odd"]


def test_a_table_is_answered_as_a_table(caller: Caller) -> None:
    got = caller.post(
        f"{ASK}/many?as_of=2025-09-01",
        content=b"id,training_compute\na,1.2e25\nb,x\n",
        headers={"Content-Type": "text/csv"},
    )
    head, first, second = got.text.splitlines()
    assert head.startswith("id,chapter_v_applies,presumed_systemic")
    assert first.startswith("a,true,true")
    assert "training_compute" in second


def test_many_subjects_need_a_day_and_a_form(caller: Caller) -> None:
    headers = {"Content-Type": "application/x-ndjson"}
    got = caller.post(f"{ASK}/many?as_of=never", content=b"{}\n", headers=headers)
    assert (got.status, got.json()["error"]) == (422, "as_of")
    got = caller.post(f"{ASK}/many?as_of=2025-09-01", content=b"{}\n")
    assert got.status == 415


def test_a_single_thing_has_a_tag(caller: Caller) -> None:
    got = caller.get("/v1/rules/eu.ai_act")
    again = caller.get("/v1/rules/eu.ai_act", headers={"If-None-Match": got.headers["etag"]})
    assert (got.status, again.status, again.content) == (200, 304, b"")
    other = caller.get("/v1/rules/eu.ai_act", headers={"If-None-Match": '"other"'})
    assert other.status == 200


def test_pages_hold_every_row_once(caller: Caller) -> None:
    whole = caller.get("/v1/findings?limit=500").json()
    assert whole["next"] is None
    assert len(whole["items"]) > 5
    found, path = [], "/v1/findings?limit=2"
    while path:
        got = caller.get(path)
        found += got.json()["items"]
        link = got.headers.get("link", "")
        path = link.partition("<")[2].partition(">")[0]
        assert bool(path) == (got.json()["next"] is not None)
    assert found == whole["items"]


def test_a_cursor_of_another_filter_is_refused(caller: Caller) -> None:
    cursor = caller.get("/v1/findings?limit=1").json()["next"]
    got = caller.get(f"/v1/findings?limit=1&certainty=likely&cursor={cursor}")
    assert (got.status, got.json()["type"]) == (400, "/problems/bad-cursor")


def test_a_finding_is_shown_explained_and_owed(caller: Caller) -> None:
    row = caller.get("/v1/findings?limit=1").json()["items"][0]
    shown = caller.get(f"/v1/findings/{row['id']}").json()
    assert shown["id"] == row["id"]
    assert shown["is_open"] is True
    tree = caller.get(f"/v1/findings/{row['id']}/explain?records=2").json()
    assert tree["root"]["children"]
    owed = caller.get(f"/v1/obligations?finding={row['id']}").json()["items"]
    assert owed == shown["obligations"]
    counted = caller.get("/v1/findings/counts").json()
    assert counted["total"] == len(caller.get("/v1/findings?limit=500").json()["items"])


def test_the_meter_gives_exact_text_in_three_forms(caller: Caller) -> None:
    rows = caller.get("/v1/meter?by=cluster").json()["items"]
    assert rows
    assert all(row["central"].isdigit() for row in rows)
    text = caller.get("/v1/meter?by=cluster&format=csv").text
    assert text.splitlines()[0].startswith("cluster,start,end,low,central")
    lines = caller.get("/v1/meter?by=cluster&format=ndjson").text.splitlines()
    assert [json.loads(line)["central"] for line in lines] == [row["central"] for row in rows]
    assert caller.get("/v1/meter?by=shoe").json()["errors"][0]["field"] == "by"


def test_several_who_ask_for_figures_at_once_each_get_their_own(caller: Caller) -> None:
    found = caller.get("/v1/findings").json()["items"][0]["id"]
    looks = [f"/v1/meter?by=customer,team&as_of=2026-{month:02}-28" for month in range(1, 7)]
    looks += ["/v1/customers/c-lab", "/v1/runs/c-lab/r-lab", "/v1/sources"]
    looks.append(f"/v1/findings/{found}/explain")
    alone = [caller.get(path, "auditor").json() for path in looks]
    with ThreadPoolExecutor(4) as threads:
        together = threads.map(lambda path: caller.get(path, "auditor"), looks * 3)
        answers = [(one.status, one.json()) for one in together]
    assert answers == [(200, one) for one in alone] * 3
    assert len({str(one) for one in alone}) > 6


def test_an_act_is_done_once_under_a_key(caller: Caller) -> None:
    case = new_case(caller)
    headers = {"Idempotency-Key": f"note-{case}"}
    path, body = f"/v1/cases/{case}/acts", {"act": "comment", "text": "looked at it"}
    first = caller.post(path, json=body, headers=headers)
    again = caller.post(path, json=body, headers=headers)
    assert (first.status, again.status) == (200, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.content == first.content
    assert caller.get(f"/v1/cases/{case}").json()["case"]["version"] == 2
    other = caller.post(path, json={**body, "text": "another"}, headers=headers)
    assert (other.status, other.json()["type"]) == (422, "/problems/key-reused")
    someone = caller.post(path, "second-analyst", json=body, headers=headers)
    assert someone.status == 200
    assert "idempotency-replayed" not in someone.headers


def test_a_refused_request_leaves_its_key_free(caller: Caller) -> None:
    case = new_case(caller)
    headers = {"Idempotency-Key": f"rest-{case}"}
    path = f"/v1/cases/{case}/acts"
    refused = caller.post(
        path, json={"act": "snooze", "until": "2026-07-20", "reason": ""}, headers=headers
    )
    assert refused.status == 409
    done = caller.post(
        path, json={"act": "snooze", "until": "2026-07-20", "reason": "leave"}, headers=headers
    )
    assert (done.status, done.json()["state"]) == (200, "snoozed")


def test_a_case_that_changed_meanwhile_is_not_acted_on(caller: Caller) -> None:
    case = new_case(caller)
    path = f"/v1/cases/{case}"
    tag = caller.get(path).headers["etag"]
    body = {"act": "assign", "to": "user:analyst"}
    assert caller.post(f"{path}/acts", json=body, headers={"If-Match": tag}).status == 200
    late = caller.post(f"{path}/acts", json=body, headers={"If-Match": tag})
    assert (late.status, late.json()["type"]) == (412, "/problems/changed-meanwhile")
    odd = caller.post(f"{path}/acts", json=body, headers={"If-Match": '"mine"'})
    assert odd.status == 412


def test_one_act_on_many_cases_says_what_was_not_done(caller: Caller) -> None:
    cases = [new_case(caller) for _ in range(3)]
    body = {"cases": [*cases, "c-none"], "act": {"act": "assign", "to": "user:analyst"}}
    got = caller.post("/v1/cases/acts", json=body)
    assert got.json()["done"] == cases
    assert got.json()["proposed"] == []
    assert [one["case"] for one in got.json()["refused"]] == ["c-none"]


def test_every_command_can_be_sent_and_keeps_its_name() -> None:
    named = {
        kind: command_name(object.__new__(kind)) for kind in KINDS.values() if kind is not Propose
    }
    assert all(KINDS[name] is kind for kind, name in named.items())
    assert len(KINDS) == len(named) + 1 == len(get_args(Command)) - 1
    snooze = command_of(
        CaseAct.model_validate({"act": "snooze", "until": "2026-07-20", "reason": "leave"})
    )
    assert isinstance(snooze, Snooze)
    prioritise = command_of(
        CaseAct.model_validate({"act": "prioritise", "priority": "high", "reason": "soon due"})
    )
    assert prioritise == Prioritise(Priority.HIGH, "soon due")


def test_a_file_goes_in_and_comes_back_with_its_digest(caller: Caller) -> None:
    case, content = new_case(caller), b"\x00\xffnot a page<script>"
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    path = f"/v1/cases/{case}/attachments?name=../../memo.html"
    headers = {"Content-Type": "text/html", "Content-Digest": f"sha-256=:{digest}:"}
    got = caller.post(path, content=content, headers=headers)
    assert got.status == 201
    (file,) = got.json()["attachments"]
    assert file["name"] == "memo.html"
    back = caller.get(f"/v1/cases/{case}/attachments/{file['attachment_id']}")
    assert back.content == content
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["content-disposition"].startswith("attachment;")
    assert back.headers["content-digest"] == f"sha-256=:{digest}:"
    wrong = caller.post(path, content=b"other", headers=headers)
    assert (wrong.status, wrong.json()["errors"][0]["field"]) == (422, "Content-Digest")


def test_long_work_is_asked_for_seen_and_cancelled(caller: Caller) -> None:
    got = caller.post("/v1/assess", "engineer", json={"as_of": AS_OF.isoformat()})
    assert got.status == 202
    path = got.headers["location"]
    assert caller.get(path, "engineer").json()["state"] == "waiting"
    assert caller.post(f"{path}/cancel", "engineer").json()["state"] == "cancelled"
    listed = caller.get("/v1/jobs?state=cancelled&kind=assess", "engineer").json()["items"]
    assert path.rpartition("/")[2] in [job["id"] for job in listed]


def test_a_viewer_asks_about_many_and_sees_their_own_work_alone(caller: Caller) -> None:
    facts = b"id,training_compute,condition_met_on\na,1.2e25,2025-09-01\n"
    asked = caller.post(f"{ASK}/jobs?name=facts.csv", "viewer", content=facts)
    assert asked.status == 202, asked.text
    own = asked.headers["location"]
    other = caller.post("/v1/assess", "engineer", json={}).headers["location"]
    assert caller.get(own, "viewer").json()["state"] == "waiting"
    listed = [job["id"] for job in caller.get("/v1/jobs", "viewer").json()["items"]]
    assert listed == [own.rpartition("/")[2]]
    refused = caller.get(other, "viewer")
    assert (refused.status, refused.json()["reasons"][0][:22]) == (403, "This needs one of the ")
    assert caller.post(f"{other}/cancel", "analyst").status == 403
    assert caller.get(own, "administrator").status == 404, "it may name what is sealed"
    assert caller.get(other, "administrator").status == 200
    assert caller.get(f"{other}/results/rejects.csv", "administrator").status == 403
    assert caller.post(f"{own}/cancel", "viewer").json()["state"] == "cancelled"
    assert caller.post(f"{other}/cancel", "administrator").json()["state"] == "cancelled"


def test_a_file_is_taken_in_as_a_job(caller: Caller) -> None:
    got = caller.post("/v1/intake?name=u.csv", "engineer", content=b"source,record_id\n")
    assert got.status == 202
    (file,) = got.json()["parameters"]["files"]
    assert file["digest"] == hashlib.sha256(b"source,record_id\n").hexdigest()


def test_a_webhook_tells_its_secret_once(caller: Caller) -> None:
    body = {"url": f"https://{PUBLIC}/hook", "events": ["case.opened"]}
    got = caller.post("/v1/webhooks", "administrator", json=body)
    assert got.status == 201, got.text
    assert got.json()["secret"].startswith("whsec_")
    path = got.headers["location"]
    assert "secret" not in caller.get(path, "administrator").json()
    assert caller.post(f"{path}/test", "administrator").status == 200
    (delivery,) = caller.get(f"{path}/deliveries", "administrator").json()["items"]
    assert delivery["kind"] == "webhook.test"
    tries = caller.get(f"{path}/deliveries/{delivery['id']}", "administrator")
    assert tries.json() == {"items": []}
    assert caller.post(f"{path}/replay", "administrator", json={}).json() == {"deliveries": 0}
    rotated = caller.post(f"{path}/rotate", "administrator", json={"keep_old_hours": 2})
    assert rotated.status == 201, rotated.text
    assert rotated.json()["secret"].startswith("whsec_")
    assert rotated.json()["secret"] != got.json()["secret"]
    shown = caller.get(path, "administrator").json()
    assert shown == {name: one for name, one in rotated.json().items() if name != "secret"}
    assert got.json()["old_secret_until"] is None
    assert shown["old_secret_until"] is not None
    too_long = caller.post(f"{path}/rotate", "administrator", json={"keep_old_hours": 721})
    assert too_long.status == 422
    assert caller.post(f"{path}/remove", "administrator").status == 200
    assert caller.get(path, "administrator").status == 404


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://{PUBLIC}/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/"),
        *(f"https://user.example@{PUBLIC}/", "https://2130706433/", "ftp://93.184.215.14/"),
    ],
)
def test_a_webhook_goes_to_no_private_address(caller: Caller, url: str) -> None:
    got = caller.post("/v1/webhooks", "administrator", json={"url": url})
    assert (got.status, got.json()["errors"][0]["field"]) == (422, "url")


def test_the_audit_lists_the_newest_first_and_is_an_act_itself(caller: Caller) -> None:
    case = new_case(caller)
    acts = caller.get(f"/v1/audit?about={case}", "auditor").json()["items"]
    assert [act["name"] for act in acts] == ["case_opened"]
    listed = caller.get("/v1/audit?by=user:auditor&name=read", "auditor").json()["items"]
    assert "audit:read" in {act["reason"] for act in listed}
    ids = [act["id"] for act in caller.get("/v1/audit?limit=500", "auditor").json()["items"]]
    assert ids == sorted(ids, reverse=True)


def test_cases_come_by_due_day_page_by_page(caller: Caller) -> None:
    for number in range(4):
        new_case(caller, priority=("low", "urgent")[number % 2])

    def paged(query: str) -> list[Any]:
        found, cursor = [], ""
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = caller.get(f"/v1/cases?limit=3{query}{more}", "analyst").json()
            found += page["items"]
            cursor = page["next"]
        return found

    by_day, usual = paged("&order=due"), paged("")
    days = [one["due"] or "9999-12-31" for one in by_day]
    assert days == sorted(days)
    assert len(set(days)) > 1
    assert {one["id"] for one in by_day} == {one["id"] for one in usual}
    assert [one["id"] for one in by_day] != [one["id"] for one in usual]
    following = caller.get(f"/v1/cases/next?order=due&after={by_day[0]['id']}", "analyst").json()
    assert following["case"] == by_day[1]["id"]
    cursor = caller.get("/v1/cases?limit=1", "analyst").json()["next"]
    other = caller.get(f"/v1/cases?limit=1&order=due&cursor={cursor}", "analyst")
    assert (other.status, other.json()["type"]) == (400, "/problems/bad-cursor")
    assert caller.get("/v1/cases?order=soon", "analyst").status == 422


def test_who_asks_is_told_and_why_not(caller: Caller) -> None:
    me = caller.get("/v1/me", "viewer").json()
    assert me["roles"] == ["viewer"]
    assert "case:read" not in me["actions"]
    why = caller.get("/v1/access/why?action=case:check", "viewer").json()
    assert why["is_allowed"] is False
    assert why["reasons"]
    zh = caller.get(
        "/v1/access/why?action=case:check", "viewer", headers={"Accept-Language": "zh"}
    ).json()
    assert zh["reasons"] != why["reasons"]


def test_a_refusal_names_its_reasons_in_either_language(caller: Caller) -> None:
    got = caller.get("/v1/cases", "viewer")
    assert got.status == 403
    document = got.json()
    assert document["action"] == "case:read"
    assert document["reasons"]
    zh = caller.get("/v1/cases", "viewer", headers={"Accept-Language": "zh-CN"})
    assert zh.headers["content-language"] == "zh"
    assert zh.json()["title"] == "不得进行此操作"


def test_without_a_token_nothing_is_told(caller: Caller) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}):
        got = caller.get("/v1/me", None, headers=headers)
        assert got.status == 401
        assert got.headers["www-authenticate"].startswith("Bearer")
    assert caller.get("/v1/me", "no-such-token").status == 401


def test_a_token_is_given_for_a_good_assertion_only(caller: Caller) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": "good",
    }
    got = caller.post("/oauth/token", None, data=form)
    assert got.json() == {"access_token": "machine", "token_type": "Bearer", "expires_in": 600}
    assert got.headers["cache-control"] == "no-store"
    bad = caller.post("/oauth/token", None, data={**form, "client_assertion": "none"})
    assert (bad.status, bad.json()["error"]) == (401, "invalid_client")
    other = caller.post("/oauth/token", None, data={**form, "grant_type": "password"})
    assert (other.status, other.json()["error"]) == (400, "unsupported_grant_type")


def test_health_and_metrics_ask_for_no_token(caller: Caller) -> None:
    assert caller.get("/health/live", None).json() == {"status": "ok"}
    assert caller.get("/health/ready", None).json() == {"status": "ok"}
    assert caller.get("/v1/cases/c-none").status == 404
    text = caller.get("/metrics", None, headers={"Host": "localhost:8400"}).text
    assert caller.get("/metrics", None).status == 401, "a name that a page may have made up"
    assert 'route="/v1/cases/{case}"' in text
    assert not any(token in text for token in CALLERS)


def test_what_is_sealed_and_what_is_not_there_are_answered_alike(caller: Caller) -> None:
    body = {"group": "suspicion", "reason": "odd payments", "subject_kind": "customer",
            "subject_id": "c-lab", "subject_name": "Alder Reach Labs"}  # fmt: skip
    got = caller.post("/v1/cases/sealed", "sealed-officer", json=body)
    assert got.status == 201, got.text
    sealed = got.json()["id"]
    for who in ("officer", "auditor", "other-officer"):
        for below in ("", "/attachments/a-1"):
            there = caller.get(f"/v1/cases/{sealed}{below}", who)
            none = caller.get(f"/v1/cases/c-0123456789abcdef{below}", who)
            assert (there.status, there.content) == (none.status, none.content)
            assert there.status == 404
        act = {"act": "comment", "text": "x"}
        there = caller.post(f"/v1/cases/{sealed}/acts", who, json=act)
        none = caller.post("/v1/cases/c-0123456789abcdef/acts", who, json=act)
        assert (there.status, there.content) == (none.status, none.content)
        assert sealed not in caller.get("/v1/cases?state=all&limit=500", who).text
    assert sealed not in caller.get("/v1/audit?limit=500", "auditor").text
    assert caller.get(f"/v1/cases/{sealed}", "sealed-officer").status == 200


def test_another_tenant_and_another_place_see_nothing(caller: Caller) -> None:
    case = new_case(caller, jurisdiction="US")
    assert caller.get(f"/v1/cases/{case}", "other-officer").status == 404
    assert caller.get(f"/v1/cases/{case}", "european").status == 404
    assert caller.get("/v1/findings", "other-officer").json()["items"] == []
    rows = caller.get("/v1/findings?limit=500", "european").json()["items"]
    assert {row["jurisdiction"] for row in rows} <= {"EU"}
    audit = caller.get("/v1/audit?limit=500", "other-auditor").json()["items"]
    assert {act["by"] for act in audit} == {"user:auditor"}
    assert case not in str(audit)
