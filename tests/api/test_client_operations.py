"""Every operation of the API can be called by name through the client, or is said why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import signature
from typing import Any, get_args, get_type_hints, is_typeddict

import httpx
import pytest

import write_client_shapes
from client_call import Call
from client_calls import CALLS, WITHOUT
from kyc_things import things_of
from served_api import PUBLIC
from sluicegate.api import openapi_document
from sluicegate.client import Client, ProblemError
from sluicegate.client.acts import CaseActs
from sluicegate.wiring import OpenNode

DOCUMENT = openapi_document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}


FILES = {"application/octet-stream", "application/pdf", "image/svg+xml", "application/x-ndjson"}
"""What the client gives as bytes."""


class Recording(httpx.HTTPTransport):
    """Sends requests and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return super().handle_request(request)


class Made(dict[str, str]):
    """Ids by the names that stand for them; those of screening are made when one is named."""

    def __init__(self, node: OpenNode, known: dict[str, str]) -> None:
        super().__init__(known)
        self._more = things_of(node)

    def __missing__(self, name: str) -> str:
        return self._more[name]


@pytest.fixture(scope="module")
def things(address: str, node: OpenNode) -> Iterator[dict[str, str]]:
    """Something of each kind, by the name that stands for it in the calls."""
    report = node.node.folder.path / "reports" / "2026-06-30"
    report.mkdir(parents=True, exist_ok=True)
    (report / "report.html").write_text("<p>a report</p>", encoding="utf-8")
    with (
        Client(address, "analyst") as analyst,
        Client(address, "engineer") as engineer,
        Client(address, "administrator") as boss,
    ):
        case = analyst.open_case("A look", "asked", customer_id="c-lab")["id"]
        hook = boss.add_webhook(f"https://{PUBLIC}/hook")["id"]
        boss.test_webhook(hook)
        yield Made(
            node,
            {
                "case": case,
                "attachment": analyst.attach(case, "a.txt", b"a")["attachments"][0][
                    "attachment_id"
                ],
                "filing": analyst.draft_filing(case, "training_report")["filing"]["id"],
                "other_filing": analyst.draft_filing(case, "training_report")["filing"]["id"],
                "finding": next(analyst.findings())["id"],
                "group": next(analyst.groups())["group_id"],
                "job": engineer.assess()["id"],
                "other_job": engineer.assess()["id"],
                "webhook": hook,
                "other_webhook": boss.add_webhook(f"https://{PUBLIC}/other")["id"],
                "delivery": next(boss.deliveries(hook))["id"],
            },
        )


def test_every_operation_has_a_call_or_a_reason() -> None:
    assert set(CALLS) | set(WITHOUT) == set(OPERATIONS)
    assert not set(CALLS) & set(WITHOUT)


def test_every_method_of_the_client_is_called() -> None:
    general = {"get", "post", "pages", "close", "acts_on"}
    methods = {name for name in dir(Client) if not name.startswith("_")}
    assert methods - general == {call.name for call in CALLS.values()}


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_a_call_reaches_its_operation(operation: str, address: str, things: dict[str, str]) -> None:
    call, (method, path, said) = CALLS[operation], OPERATIONS[operation]
    sent = Recording()
    with Client(address, call.role, transport=sent) as client:
        found = _called(client, call, things)
    assert found is not None or operation == "next_case"
    pattern = re.sub(r"\\\{[^}]+\\\}", ".+", re.escape(path))
    assert {one.method for one in sent.seen} == {method}
    assert all(re.fullmatch(pattern, one.url.path) for one in sent.seen)
    known = {one["name"] for one in said.get("parameters", ()) if one["in"] == "query"}
    if operation not in ("count_cases", "next_case"):  # these take the filter of the list as well
        assert {name for one in sent.seen for name in one.url.params} <= known


def _called(client: Client, call: Call, things: dict[str, str]) -> Any:
    def filled(value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"\{\w+\}", value):
            return things[value[1:-1]]
        if isinstance(value, dict):
            return {name: filled(part) for name, part in value.items()}
        return [filled(one) for one in value] if isinstance(value, list) else value

    made = getattr(client, call.name)
    if call.refused:
        with pytest.raises(ProblemError) as refused:
            made(*map(filled, call.args), **call.more)
        assert refused.value.kind == call.refused
        return refused
    found = made(*map(filled, call.args), **call.more)
    return list(found) if isinstance(found, Iterator) else found


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_a_call_says_the_shape_that_the_api_answers(operation: str) -> None:
    told = get_type_hints(getattr(Client, CALLS[operation].name))["return"]
    [content] = [
        answer["content"]
        for status, answer in OPERATIONS[operation][2]["responses"].items()
        if status.startswith("2")
    ]
    if told is bytes:
        assert FILES & set(content)
        return
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    if is_typeddict(told):
        assert told.__name__ == name
    elif name and is_typeddict(inner := (get_args(told) or (None,))[0]):
        row = SCHEMAS[name]["properties"].get("items", {}).get("items", schema)
        assert inner.__name__ == row["$ref"].rpartition("/")[2]


def test_every_act_on_a_case_has_a_method_with_its_fields() -> None:
    for part in SCHEMAS["CaseAct"]["oneOf"]:
        shape = SCHEMAS[part["$ref"].rpartition("/")[2]]
        known = signature(getattr(CaseActs, shape["properties"]["act"]["const"])).parameters
        assert set(known) - {"self"} == set(shape["properties"]) - {"act"}
        needed = {name for name, one in known.items() if one.default is one.empty} - {"self"}
        assert needed == set(shape["required"]) - {"act"}


def test_the_filters_of_lists_are_those_of_the_api() -> None:
    for operation, call in CALLS.items():
        wanted = signature(getattr(Client, call.name)).parameters.get("wanted")
        if wanted is None or operation in ("count_cases", "next_case"):
            continue
        hints = get_type_hints(getattr(Client, call.name))["wanted"]
        said = OPERATIONS[operation][2]["parameters"]
        in_query = {one["name"]: one["schema"] for one in said if one["in"] == "query"}
        filters = get_type_hints(get_args(hints)[0])
        assert set(filters) == set(in_query) - {"cursor", "format"}, operation
        for name, hint in filters.items():
            codes = SCHEMAS.get(_name(in_query[name]), {}).get("enum")
            assert codes is None or set(get_args(hint)) == set(codes), (operation, name)


def _name(schema: dict[str, Any]) -> str:
    parts = [schema, *schema.get("anyOf", ()), *schema.get("allOf", ())]
    return next((one["$ref"].rpartition("/")[2] for one in parts if "$ref" in one), "")


def test_the_shapes_are_those_of_the_document() -> None:
    written = write_client_shapes.TARGET.read_text(encoding="utf-8")
    assert written == write_client_shapes.text(), write_client_shapes.COMMAND
