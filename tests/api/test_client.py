"""The client in the package, over a served API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from sluicegate.client import Client, MachineKey, ProblemError
from sluicegate.client.tokens import Key
from sluicegate.services.asking import ask_question

FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}
DAY = date(2025, 9, 1)


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address, "analyst") as found:
        yield found


def test_it_asks_one_and_many(client: Client) -> None:
    expected = ask_question("eu_systemic_risk", FACTS, as_of=DAY).answer_json()
    assert client.ask("eu_systemic_risk", FACTS, as_of=DAY)["answer"] == expected
    rows = [{"id": str(number), "facts": FACTS} for number in range(5000)]
    answers = list(client.ask_many("eu_systemic_risk", rows, as_of=DAY))
    assert [one["id"] for one in answers] == [row["id"] for row in rows]
    assert all(one["answer"] == expected for one in answers)


def test_a_refusal_is_an_error_with_its_parts(client: Client) -> None:
    with pytest.raises(ProblemError) as refused:
        client.ask("eu_systemic_risk", {"odd": 1}, as_of=DAY)
    assert (refused.value.status, refused.value.kind) == (422, "bad-facts")
    assert refused.value.errors[0] == "odd"
    with pytest.raises(ProblemError) as many:
        list(client.ask_many("no_such_question", [], as_of=DAY))
    assert many.value.kind == "not-found"


def test_it_works_a_case_and_attaches_a_file(client: Client) -> None:
    case = client.open_case("A look", "asked")
    after = client.act(case["id"], "comment", version=case["version"], text="seen")
    with pytest.raises(ProblemError) as late:
        client.act(case["id"], "comment", version=case["version"], text="again")
    assert late.value.kind == "changed-meanwhile"
    assert client.attach(case["id"], "memo.txt", b"words")["attachments"][0]["name"] == "memo.txt"
    assert client.case(case["id"])["case"]["version"] == after["version"] + 1
    assert case["id"] in [one["id"] for one in client.cases(state="all", limit=2)]


def test_acts_go_on_from_the_version_that_was_read(client: Client) -> None:
    case = client.open_case("A look", "asked", priority="low")
    acts = client.acts_on(case["id"], version=case["version"])
    acts.prioritise("high", "it grew")
    acts.snooze(date(2026, 9, 1), "waits for the summer")
    acts.wake()
    asked = acts.request_information("the customer", "who owns it")
    acts.receive_information(asked["requests"][0]["request_id"], "nobody else")
    client.act(case["id"], "comment", text="meanwhile")
    with pytest.raises(ProblemError) as late:
        acts.comment("late")
    assert late.value.kind == "changed-meanwhile"
    after = client.acts_on(case["id"]).propose("close", "nothing in it")
    kinds = [one["kind"] for one in client.case(case["id"])["timeline"]]
    assert after["priority"] == "high"
    assert {"prioritised", "snoozed", "woken", "answered"} <= set(kinds)


def test_an_export_is_the_list_in_one_answer(client: Client) -> None:
    assert list(client.export_findings()) == list(client.findings())
    assert list(client.export_obligations()) == list(client.obligations())
    assert sum(client.finding_counts()["by"]["rule"].values()) == len(list(client.findings()))


def test_lists_come_page_after_page(client: Client) -> None:
    assert list(client.findings(limit=3)) == list(client.findings(limit=500))
    assert client.finding(next(client.findings())["id"])["is_open"] is True


def test_a_lost_answer_is_asked_for_again_and_done_once(address: str) -> None:
    class Losing(httpx.HTTPTransport):
        lost = 0

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            if request.url.path.endswith("/acts") and not self.lost:
                self.lost += 1
                raise httpx.ReadError("lost")
            return answer

    with Client(address, "analyst", transport=Losing()) as client:
        case = client.open_case("A look", "asked")
        client.act(case["id"], "comment", text="once")
        assert client.case(case["id"])["case"]["version"] == 2


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ECKey.generate_key("P-256"), "ES256"),
        (OKPKey.generate_key("Ed25519"), "Ed25519"),
        (RSAKey.generate_key(2048), "PS256"),
    ],
    ids=["P-256", "Ed25519", "RSA"],
)
def test_a_machine_signs_for_its_token_and_keeps_it_while_it_holds(
    key: Key, algorithm: str
) -> None:
    seen: list[dict[str, Any]] = []
    clock = [1_000_000.0]

    def node(request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        signed = jwt.decode(form["client_assertion"], key, algorithms=[algorithm])
        assert signed.header["alg"] == algorithm
        seen.append(signed.claims)
        return httpx.Response(200, json={"access_token": f"t{len(seen)}", "expires_in": 600})

    with httpx.Client(base_url="https://n.example", transport=httpx.MockTransport(node)) as http:
        source = MachineKey("m-1", key, audience="https://n.example", now=lambda: clock[0])
        assert [source.token(http), source.token(http)] == ["t1", "t1"]
        clock[0] += 600
        assert source.token(http) == "t2"
    assert {one["iss"] for one in seen} == {one["sub"] for one in seen} == {"m-1"}
    assert seen[0]["jti"] != seen[1]["jti"]
    assert seen[0]["exp"] - seen[0]["iat"] <= 300
