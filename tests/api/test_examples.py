"""Every endpoint has an example, and what comes back for it is as the document says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema
import pytest

from filled_forms import filled as filled_form
from kyc_things import things_of
from served_api import PUBLIC, Answered, Caller
from sluicegate.api import openapi_document
from sluicegate.api.example import Example
from sluicegate.api.examples import EXAMPLES
from sluicegate.core.exact import dump_json
from sluicegate.services.casework.forms import shipped_forms
from sluicegate.wiring import OpenNode
from sluicegate.wiring.works import work_files

DOCUMENT: dict[str, Any] = json.loads(dump_json(openapi_document()))
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
CALLER_OF = {
    "intake": "engineer",
    "metrics": "engineer",
    "get_job": "engineer",
    "get_job_result": "engineer",
    "cancel_job": "engineer",
    "assess": "engineer",
    "make_report": "engineer",
    "list_acts": "auditor",
    "open_sealed_case": "sealed-officer",
    "erase_attachment": "officer",
    "export_cases": "officer",
    "export_case": "officer",
    "intake_columns": "engineer",
    "list_settings": "administrator",
    "act_on_cases_later": "analyst",
    "import_list": "engineer",
    "fetch_lists": "engineer",
    "import_ownership": "engineer",
    "check_allowance": "reviewer",
    "check_screening_change": "officer",
    "check_customer_decision": "reviewer",
    "release_production": "reviewer",
    **dict.fromkeys(("plan_disposal", "dispose", "add_hold", "release_hold"), "officer"),
    **dict.fromkeys(
        ("propose_comparison", "receive_offer", "approve_comparison", "finish_comparison"),
        "officer",
    ),
    "withdraw_comparison": "officer",
    "issue_consultation": "officer",
}


class Things:
    """Ids of things on the node, made when an example names them."""

    def __init__(self, caller: Caller, node: OpenNode) -> None:
        self._caller = caller
        self._node = node
        self._known: dict[str, str] = {}
        self._kyc = things_of(node)

    def __getitem__(self, name: str) -> str:
        if name in self._kyc:
            return self._kyc[name]
        if name not in self._known:
            self._known[name] = getattr(self, f"_{name}")()
        return self._known[name]

    def _finding(self) -> str:
        found: str = self._caller.get("/v1/findings?limit=1").json()["items"][0]["id"]
        return found

    def _customer(self) -> str:
        return self._first("/v1/customers?limit=1", "id")

    def _group(self) -> str:
        return self._first("/v1/groups?limit=1", "group_id")

    def _run(self) -> str:
        return self._first("/v1/runs?limit=1", "run_key")

    def _report(self) -> str:
        folder = self._node.node.folder.path / "reports" / "2026-06-30"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text("{}", encoding="utf-8")
        return folder.name

    def _first(self, path: str, field: str) -> str:
        found: str = self._caller.get(path).json()["items"][0][field]
        return found

    def _case(self) -> str:
        body = {"title": "An example", "reason": "for the examples"}
        found: str = self._caller.post("/v1/cases", json=body).json()["id"]
        return found

    def _attachment(self) -> str:
        path = f"/v1/cases/{self['case']}/attachments?name=memo.txt"
        found: str = self._caller.post(path, content=b"x").json()["attachments"][-1][
            "attachment_id"
        ]
        return found

    def _filing(self) -> str:
        body = EXAMPLES["draft_filing"].body
        got = self._caller.post(f"/v1/cases/{self['case']}/filings", json=body)
        found: str = got.json()["filing"]["id"]
        return found

    _other_filing = _filing

    def _full_filing(self) -> str:
        """Return a filing in which nothing is missing any more."""
        body = {"title": "A case to file", "reason": "for the examples", "jurisdiction": "EU"}
        case: str = self._caller.post("/v1/cases", json=body).json()["id"]
        path = f"/v1/cases/{case}/attachments?name=log.txt"
        file = self._caller.post(path, content=b"x").json()["attachments"][-1]["attachment_id"]
        form = {"form": "notification"}
        got: str = self._caller.post(f"/v1/cases/{case}/filings", json=form).json()["filing"]["id"]
        text = dump_json(filled_form(shipped_forms()["notification"])).replace("a-1", file)
        values = {"values": json.loads(text)}
        after = self._caller.post(f"/v1/filings/{got}/values", json=values).json()
        assert after["missing"] == []
        return got

    def _view(self) -> str:
        body = {"name": "An example", "query": {"state": "open"}}
        found: str = self._caller.post("/v1/views", json=body).json()["name"]
        return found

    def _user(self) -> str:
        number = len(self._known)
        body = {**EXAMPLES["add_user"].body, "login": f"someone.{number}"}
        got = self._caller.post("/v1/users", "administrator", json=body)
        found: str = got.json()["user"]["id"]
        return found

    _other_user = _user

    def _client(self) -> str:
        body = EXAMPLES["add_client"].body
        found: str = self._caller.post("/v1/clients", "administrator", json=body).json()["id"]
        return found

    _other_client = _client

    def _job(self) -> str:
        found: str = self._caller.post("/v1/assess", "engineer", json={}).json()["id"]
        made = work_files(self._node).results(found) / "answers.csv"
        made.write_text("id\n", encoding="utf-8")
        return found

    _other_attachment = _attachment

    def _webhook(self) -> str:
        body = {"url": f"https://{PUBLIC}/hook"}
        got = self._caller.post("/v1/webhooks", "administrator", json=body).json()
        self._caller.post(f"/v1/webhooks/{got['id']}/test", "administrator")
        found: str = got["id"]
        return found

    _other_webhook = _webhook

    def _delivery(self) -> str:
        path = f"/v1/webhooks/{self['webhook']}/deliveries"
        found: str = self._caller.get(path, "administrator").json()["items"][0]["id"]
        return found


@pytest.fixture(scope="module")
def things(caller: Caller, node: OpenNode) -> Things:
    return Things(caller, node)


def filled(value: Any, things: Things) -> Any:
    """Return a part of an example with `{name}` replaced by the id of such a thing."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda place: things[place[1]], value)
    if isinstance(value, Mapping):
        return {name: filled(one, things) for name, one in value.items()}
    return [filled(one, things) for one in value] if isinstance(value, list) else value


def send(caller: Caller, name: str, example: Example, things: Things) -> Answered:
    method, path, _ = OPERATIONS[name]
    values = {key: filled(value, things) for key, value in example.values.items()}
    for place in re.findall(r"\{(\w+)\}", path):
        path = path.replace(f"{{{place}}}", quote(values.pop(place), safe=""))
    more: dict[str, Any] = {"headers": {**example.headers}}
    if isinstance(example.body, str):
        more["content"] = filled(example.body.replace("=JWT", "=good"), things).encode()
        more["headers"]["Content-Type"] = example.media_type
    elif example.body is not None:
        text = dump_json(filled(example.body, things)).replace("receiver.example", PUBLIC)
        more["content"] = text.encode()
        more["headers"]["Content-Type"] = "application/json"
    query = f"?{urlencode(values)}" if values else ""
    who = CALLER_OF.get(name, _usual(path))
    return caller.call(method.upper(), path + query, who, **more)


def _usual(path: str) -> str:
    is_theirs = re.match(r"/v1/(webhooks|users|clients)", path)
    return "administrator" if is_theirs else "analyst"


def schema_of(operation: Mapping[str, Any], got: Answered) -> Any:
    """Return the schema of an answer, or None where it is no JSON."""
    response = operation["responses"].get(str(got.status))
    assert response is not None, f"{got.status} is not described: {got.text[:500]}"
    media_type = got.headers.get("content-type", "").partition(";")[0]
    assert media_type in response.get("content", {}), (media_type, list(response["content"]))
    if media_type != "application/json":
        return None
    return {**response["content"][media_type]["schema"], "components": DOCUMENT["components"]}


def test_every_endpoint_has_an_example() -> None:
    assert set(EXAMPLES) == set(OPERATIONS)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_example_works_as_it_is_described(name: str, caller: Caller, things: Things) -> None:
    got = send(caller, name, EXAMPLES[name], things)
    assert got.status < 400, got.text
    schema = schema_of(OPERATIONS[name][2], got)
    if schema is not None:
        jsonschema.Draft202012Validator(schema).validate(json.loads(got.text))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_endpoint_is_told_in_a_sentence(name: str) -> None:
    _, path, operation = OPERATIONS[name]
    assert operation["description"].split("\n")[0].rstrip().endswith(".")
    assert operation["tags"]
    if path.startswith("/v1/"):
        assert operation["security"] == [{"token": []}]


def test_the_document_is_openapi_3_1_without_addresses_elsewhere() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert (
        re.findall(r'https?://(?!json-schema\.org|[\w.-]*\.example)[^"\s]+', json.dumps(DOCUMENT))
        == []
    )


def test_every_request_that_changes_something_takes_a_key() -> None:
    keyless = {
        *("ask", "ask_many", "compare_regimes", "token", "estimate"),
        *("check_rules", "test_rules", "cover_rules", "draft_rule", "diff_answers", "screen_names"),
    }
    for name, (method, _, operation) in OPERATIONS.items():
        names = {one["name"] for one in operation.get("parameters", ())}
        assert ("Idempotency-Key" in names) == (method == "post" and name not in keyless), name
