"""A form that a node adds is listed, offered, drafted and completed over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from event_loops import Loop
from own_form import OWN_FORM, write_form
from served_api import Caller, api_over
from sluicegate.wiring import opened
from tiny_world import CLOCK, pass_over, tiny_node


@pytest.fixture
def caller(tmp_path_factory: pytest.TempPathFactory, loop: Loop) -> Iterator[Caller]:
    folder = tiny_node(tmp_path_factory.mktemp("forms") / "node")
    write_form(folder)
    with opened(folder, clock=CLOCK) as node:
        pass_over(node)
        yield Caller(api_over(node), loop)


def case_offered(caller: Caller) -> str:
    for case in caller.get("/v1/cases").json()["items"]:
        offered = caller.get(f"/v1/cases/{case['id']}/forms").json()["items"]
        if OWN_FORM in {one["form"] for one in offered}:
            name: str = case["id"]
            return name
    raise AssertionError(f"no case is offered {OWN_FORM}")


def test_a_form_of_the_node_is_filed_over_the_api(caller: Caller) -> None:
    assert OWN_FORM in {one["form"] for one in caller.get("/v1/forms").json()["items"]}
    shown = caller.get(f"/v1/forms/{OWN_FORM}").json()
    assert [one["field"] for one in shown["fields"]] == ["what"]
    case = case_offered(caller)
    made = caller.post(f"/v1/cases/{case}/filings", json={"form": OWN_FORM})
    assert made.status == 201, made.text
    assert [one["path"] for one in made.json()["missing"]] == ["what"]
    filing = made.json()["filing"]["id"]
    body = {"values": {"what": "Told at the meeting of June."}}
    filled = caller.post(f"/v1/filings/{filing}/values", json=body)
    assert (filled.status, filled.json()["missing"]) == (200, [])
    [listed] = caller.get("/v1/filings", params={"form": OWN_FORM}).json()["items"]
    assert listed["id"] == filing
    page = caller.get(f"/v1/filings/{filing}/document")
    assert "Note to the board" in page.text
    unknown = caller.post(f"/v1/cases/{case}/filings", json={"form": "local.other"})
    assert unknown.status == 404
