"""What a request may bring: size, depth, pace, rate; held before anything is parsed."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import event_loops
from served_api import Answered, Caller, api_node, api_over
from sluicegate.adapters.http.bodies import Depth
from sluicegate.api import Rates
from sluicegate.api.parts import limits_of
from sluicegate.services.settings import Settings
from sluicegate.wiring import OpenNode
from sluicegate.wiring.http import BodyGuard, BodyLimits, Message, Rate, Receive, Scope, Send

ASK = "/v1/ask/eu_systemic_risk"
JSON = {"Content-Type": "application/json"}
LIMITS = BodyLimits(
    json_bytes=100, depth=5, upload_bytes=1000, idle_seconds=0.05, total_seconds=0.1
)


def scope_of(path: str = "/x", *headers: tuple[bytes, bytes], query: bytes = b"") -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query,
        "headers": list(headers),
    }


def sent(
    parts: list[bytes], *headers: tuple[bytes, bytes], path: str = "/x", pause: float = 0.0
) -> tuple[int, list[bytes]]:
    """Send a body in parts to a guarded application; return the status and what reached it."""
    reached: list[bytes] = []
    answered: list[Message] = []
    waiting = list(parts)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            reached.append(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Message:
        await asyncio.sleep(pause)
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        answered.append(message)

    guard = BodyGuard(app, LIMITS, lambda scope: 1000 if scope["path"] == "/up" else None)
    event_loops.run(guard(scope_of(path, *headers), receive, send))
    return answered[0]["status"], reached


def test_a_body_is_refused_before_the_application_sees_it() -> None:
    assert sent([b"x" * 60, b"x" * 60]) == (413, [])
    assert sent([b"x"], (b"content-length", b"101")) == (413, [])
    assert sent([b"x"], (b"content-length", b"many")) == (413, [])
    assert sent([b"[[[[[", b"[1"]) == (400, [])
    assert sent([b'["[[[[[[[[', b'[["]']) == (200, [b'["[[[[[[[[[["]'])


def test_a_slow_body_is_given_up() -> None:
    assert sent([b"x"] * 10, pause=0.03) == (408, [])
    status, _ = sent([b"x"] * 3, path="/up", pause=0.2)
    assert status == 408


def test_an_upload_is_cut_off_at_its_own_limit() -> None:
    assert sent([b"x" * 400] * 2, path="/up")[0] == 200
    status, reached = sent([b"x" * 400] * 5, path="/up")
    assert status == 413
    assert sum(map(len, reached)) <= 1000


def deep(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(deep, value.values()), default=0)
    return 1 + max(map(deep, value), default=0) if isinstance(value, list) else 0


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    ),
    st.integers(1, 9),
    st.booleans(),
)
def test_depth_is_counted_whatever_the_parts(value: Any, size: int, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    depth, found = Depth(), 0
    for start in range(0, len(text), size):
        found = depth.read(text[start : start + size])
    assert found == deep(value)


def test_a_deep_or_large_body_never_reaches_a_parser(caller: Caller) -> None:
    got = caller.post(ASK, content=b'{"facts":' + b"[" * 100_000, headers=JSON)
    assert (got.status, got.json()["type"]) == (400, "/problems/bad-request")
    got = caller.post(ASK, content=b'{"facts":"' + b"x" * (1 << 21), headers=JSON)
    assert (got.status, got.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe{}",
        b'{"facts": {"a": "\\u0000"}, "as_of": "2025-09-01"}',
        b'{"facts": {"a": "\\ud800"}, "as_of": "2025-09-01"}',
        b'{"facts": NaN, "as_of": "2025-09-01"}',
        b'{"facts": {}, "facts": {}, "as_of": "2025-09-01"}',
        b'{"facts": ' + b"9" * 5000 + b"}",
        b"",
        b"{",
        "{}".encode("utf-16"),
    ],
)
def test_a_body_that_is_no_sound_document_is_refused(caller: Caller, content: bytes) -> None:
    got = caller.post(ASK, content=content, headers=JSON)
    assert got.status in (400, 422)
    assert got.headers["content-type"] == "application/problem+json"


HOSTILE = [
    "' OR '1'='1",
    '"; DROP TABLE cases; --',
    "%' UNION SELECT canonical FROM acts --",
    "../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "\r\nSet-Cookie: a=b",
    "9" * 400,
    "-1",
    "1e999999999",
    "\u202e\u0000",
    "水闸" * 200,
]
FILTERS = {
    "/v1/findings": ["rule", "instrument", "jurisdiction", "customer", "subject", "text", "cursor",
                     "due_by", "order", "limit"],
    "/v1/obligations": ["rule", "customer", "finding", "due_from", "cursor"],
    "/v1/cases": ["state", "priority", "assignee", "rule", "subject", "customer", "text",
                  "due_before", "cursor", "escalated"],
    "/v1/rules": ["issuer", "jurisdiction", "kind", "text", "as_of", "known_on"],
    "/v1/meter": ["by", "window", "as_of", "format"],
    "/v1/jobs": ["state", "kind", "cursor"],
    "/v1/access/why": ["action", "jurisdiction"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in FILTERS.items() for name in names]
)
def test_hostile_text_in_a_filter_finds_nothing_and_breaks_nothing(
    caller: Caller, path: str, name: str
) -> None:
    everything = caller.get(f"{path}?limit=500").text if path != "/v1/meter" else ""
    for text in HOSTILE:
        got = caller.get(path, params={name: text})
        check_sound(got)
        if text != "-1" and got.status == 200 and everything and '"items"' in got.text:
            assert not got.json()["items"]


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/findings/{}", "/v1/findings/{}/explain", "/v1/cases/{}", "/v1/jobs/{}"),
        *("/v1/jobs/{}/results/a", "/v1/cases/c-1/attachments/{}", "/v1/rules/{}"),
        *("/v1/questions/{}", "/v1/rules/timeline/{}", "/v1/webhooks/{}", "/problems/{}"),
    ],
)
def test_hostile_text_in_an_id_is_not_found(caller: Caller, path: str) -> None:
    from urllib.parse import quote

    for text in HOSTILE:
        got = caller.get(path.format(quote(text, safe="")), "officer")
        check_sound(got)
        assert got.status in (400, 403, 404, 422)


def check_sound(got: Answered) -> None:
    assert got.status < 500, got.text
    assert "set-cookie" not in got.headers
    assert "root:" not in got.text
    if got.status >= 400:
        assert got.headers["content-type"] == "application/problem+json"


def test_a_result_of_a_job_is_no_path(caller: Caller) -> None:
    job = caller.post("/v1/assess", "engineer", json={}).json()["id"]
    for name in ("..%2f..%2f..%2fsluicegate.toml", "..%2fstate.db", "%2fetc%2fpasswd", "%2e%2e"):
        got = caller.get(f"/v1/jobs/{job}/results/{name}", "engineer")
        assert got.status == 404


def test_every_answer_carries_the_headers_that_keep_it_safe(caller: Caller) -> None:
    for got in (caller.get("/v1/me"), caller.get("/v1/none"), caller.get("/v1/me", None)):
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-security-policy"].startswith("default-src 'none'")
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert got.headers["x-frame-options"] == "DENY"
        assert got.headers["x-request-id"]
    given_id = caller.get("/v1/me", headers={"X-Request-Id": "abc-1"})
    assert given_id.headers["x-request-id"] == "abc-1"
    odd = caller.get("/v1/me", headers={"X-Request-Id": "a b\tc"})
    assert odd.headers["x-request-id"] != "a b\tc"


def test_who_asks_too_often_is_told_when_to_come_again(
    node: OpenNode, loop: event_loops.Loop
) -> None:
    rates = Rates(Rate(1, 3), Rate(1, 4), Rate(1, 2))
    caller = Caller(api_over(node, rates=rates), loop)
    assert [caller.get("/v1/me").status for _ in range(4)] == [200, 200, 200, 429]
    second = caller.get("/v1/me", "viewer")
    assert second.status == 200
    third = caller.get("/v1/me", "officer")
    assert (third.status, third.json()["type"]) == (429, "/problems/too-many-requests")
    assert int(third.headers["retry-after"]) >= 1
    assert caller.get("/v1/me", "other-auditor").status == 200
    assert [caller.get("/health/live", None).status for _ in range(3)] == [200, 200, 429]


def test_a_key_for_idempotency_is_plain(caller: Caller) -> None:
    for key in ("", "a b", "x" * 201, "é"):
        got = caller.post(
            "/v1/cases",
            json={"title": "t", "reason": "r"},
            headers={"Idempotency-Key": key.encode("latin-1")},
        )
        assert got.status == 400


def test_limits_and_rates_are_settings(
    tmp_path_factory: pytest.TempPathFactory, loop: event_loops.Loop
) -> None:
    with api_node(tmp_path_factory.mktemp("limits")) as node:
        settings = replace(
            node.node.settings, principal_rate=2, json_kib=1, json_depth=4, many_mib=3, upload_mib=5
        )
        parts = limits_of(settings)
        assert (parts.json_bytes, parts.depth) == (1 << 10, 4)
        assert (parts.bulk_bytes, parts.upload_bytes) == (3 << 20, 5 << 20)
        assert Rates.of(settings) == Rates(Rate(2, 4), Rate(500, 1000), Rate(20, 60))
        caller = Caller(api_over(node, limits=parts), loop)
        ask = "/v1/ask/eu_systemic_risk"
        large = caller.post(ask, json={"facts": {"a": "x" * 1100}, "as_of": "2025-09-01"})
        deep = caller.post(ask, json={"facts": {"a": {"b": {"c": {}}}}, "as_of": "2025-09-01"})
        assert (large.status, deep.status) == (413, 400)
    shown = {one.name for one in Settings("sqlite://").describe()}
    assert {"principal_rate", "tenant_rate", "address_rate", "json_kib", "json_depth"} <= shown


def test_metrics_count_long_work_of_the_own_tenant_and_here_of_all(caller: Caller) -> None:
    caller.post("/v1/assess", "engineer", json={})
    waits = re.compile(r'^sluicegate_jobs\{kind="assess",state="waiting"\} [1-9]', re.MULTILINE)
    assert not waits.search(caller.get("/metrics", "other-auditor").text)
    assert waits.search(caller.get("/metrics", None, headers={"Host": "127.0.0.1"}).text)
    text = caller.get("/metrics", "engineer").text
    assert waits.search(text)
    assert "# TYPE sluicegate_deliveries gauge" in text
    assert "# TYPE sluicegate_notices gauge" in text
    assert text.count("# TYPE sluicegate_jobs gauge") == 1
