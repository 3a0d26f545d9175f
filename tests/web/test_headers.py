"""Every answer carries its safe headers, and a page with data is kept nowhere."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

import event_loops
from console import EVERY_ROLE, SESSION, Running
from console_paths import OPEN_PATHS, PATHS, filled
from sluicegate.core.phrases import Language
from sluicegate.web import application
from sluicegate.web.assets import asset_url

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def get(console: Running, path: str) -> httpx.Response:
    cookies = {SESSION: console.tokens[EVERY_ROLE, Language.EN]}
    return httpx.get(console.address + path, cookies=cookies)


@pytest.mark.parametrize("path", [*PATHS, *OPEN_PATHS, "/nowhere", "/audit.csv"])
def test_every_answer_has_the_policy_and_is_not_kept(console: Running, path: str) -> None:
    answer = get(console, filled(path, console))
    parts = answer.headers["content-security-policy"].split("; ")
    assert dict(part.split(" ", 1) for part in parts) == POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "server" not in answer.headers or "uvicorn" in answer.headers["server"]


@pytest.mark.parametrize("name", ["console.css", "console.js", "pictures.css", "htmx-4.min.js"])
def test_a_file_is_kept_under_a_name_that_holds_its_digest(console: Running, name: str) -> None:
    answer = httpx.get(console.address + asset_url(name))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/static/../__init__.py", "/static/%2e%2e/security.py", "/static/x"]
)
def test_no_other_file_is_served(console: Running, path: str) -> None:
    assert httpx.get(console.address + path).status_code == 404


async def _answer(app: object, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://node.example") as client:
        return await client.get(path)


def test_over_https_cookies_are_bound_to_the_host(console: Running) -> None:
    served = replace(console.served, public_url="https://node.example")
    answer = event_loops.run(_answer(application(served), "/sign-in"))
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-sluicegate-visitor=")
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_cookies_are_out_of_reach_of_scripts(console: Running) -> None:
    answer = httpx.get(f"{console.address}/sign-in")
    assert all("httponly" in one.lower() for one in answer.headers.get_list("set-cookie"))
