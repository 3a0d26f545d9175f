"""A form that this console did not make for this session changes nothing."""

from __future__ import annotations

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from console import EVERY_ROLE, SESSION, Running, listening_at
from sluicegate.core.phrases import Language
from sluicegate.web import application
from sluicegate.web.pages import PAGES

ATTEMPTS = 12
POSTS = sorted({one.path for one in PAGES if one.is_post})


def client(console: Running, role: str = EVERY_ROLE) -> httpx.Client:
    cookies = {SESSION: console.tokens[role, Language.EN]}
    return httpx.Client(base_url=console.address, cookies=cookies)


def token_in(text: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", POSTS)
def test_every_form_needs_its_token(console: Running, path: str) -> None:
    with client(console) as browser:
        answer = browser.post(re.sub(r"\{\w+\}", "x", path), data={"login": "x", "state": "x"})
    assert answer.status_code == 403
    assert "This form cannot be accepted" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_token(
    console: Running, headers: dict[str, str]
) -> None:
    with client(console) as browser:
        token = token_in(browser.get("/account").text)
        data = {"csrf": token, "theme": "dark", "next": "/account"}
        assert browser.post("/preferences", data=data).status_code == 303
        assert browser.post("/preferences", data=data, headers=headers).status_code == 403


def test_a_token_of_another_session_is_refused(console: Running) -> None:
    with client(console, "viewer") as other:
        token = token_in(other.get("/account").text)
    with client(console) as browser:
        data = {"csrf": token, "theme": "dark"}
        assert browser.post("/preferences", data=data).status_code == 403


def test_tokens_differ_each_time_and_tell_nothing_of_the_secret(console: Running) -> None:
    with client(console) as browser:
        first, second = (token_in(browser.get("/account").text) for _ in range(2))
    assert first != second


def test_signing_in_is_tied_to_the_browser_that_opened_the_page(console: Running) -> None:
    with (
        httpx.Client(base_url=console.address) as one,
        httpx.Client(base_url=console.address) as two,
    ):
        token = token_in(one.get("/sign-in").text)
        two.get("/sign-in")
        data = {"csrf": token, "login": "analyst.en", "password": "wrong"}
        assert two.post("/sign-in", data=data).status_code == 403
        assert one.post("/sign-in", data=data).status_code == 422


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/", "https://elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_a_form_leads_back_to_this_console_only(console: Running, path: str) -> None:
    with client(console) as browser:
        data = {"csrf": token_in(browser.get("/account").text), "theme": "light", "next": path}
        assert browser.post("/preferences", data=data).headers["location"] == "/"


@pytest.mark.parametrize("path", ["/search?text=%00", "/cases?text=%00", "/cases/%00"])
def test_a_reading_with_a_character_that_no_store_keeps_is_refused(
    console: Running, path: str
) -> None:
    with client(console) as browser:
        assert browser.get(path).status_code == 400


@pytest.mark.parametrize("charset", ["unicode_escape", "idna", "undefined", "utf-7"])
def test_a_form_in_another_writing_than_utf_8_is_refused(console: Running, charset: str) -> None:
    body = '--b\r\nContent-Disposition: form-data; name="next"\r\n\r\n\\ud800\xff\r\n--b--\r\n'
    kind = f'multipart/form-data; boundary=b; charset="{charset}"'
    with client(console) as browser:
        answer = browser.post("/preferences", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400
        token = token_in(browser.get("/account").text)
        data = {"csrf": token, "theme": "dark", "next": "/\x00"}
        assert browser.post("/preferences", data=data).status_code == 400


def test_of_one_address_no_more_sign_ins_are_listened_to_than_the_node_has_time_for(
    console: Running,
) -> None:
    """Each costs the node a password hash, whoever asks and whatever the login."""
    served = console.served
    settings = replace(served.settings, address_rate=1)
    node = replace(served.node, node=replace(served.node.node, settings=settings))
    with (
        listening_at(application(replace(served, node=node))) as address,
        httpx.Client(base_url=address, timeout=60) as browser,
    ):
        token = token_in(browser.get("/sign-in").text)

        def attempt(number: int) -> httpx.Response:
            data = {"csrf": token, "login": f"nobody.{number}", "password": "x"}
            return browser.post("/sign-in", data=data)

        # All at once: one after the other a slow machine would never be asked too often.
        with ThreadPoolExecutor(ATTEMPTS) as pool:
            told = sorted(pool.map(attempt, range(ATTEMPTS)), key=lambda one: one.status_code)
        assert browser.get("/sign-in").status_code == 200
    assert [one.status_code for one in told[:3]] == [422, 422, 422]
    assert told[-1].status_code == 429
    assert int(told[-1].headers["Retry-After"]) >= 1
    assert "Too many attempts" in told[-1].text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(console: Running) -> None:
    with client(console) as browser:
        answer = browser.post("/preferences", data={"next": "x" * 1_100_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("role", ["", "viewer"])
def test_a_large_file_is_refused_before_it_is_read(console: Running, role: str) -> None:
    """Whoever may not send one is told so although the body never comes."""
    cookie = f"{SESSION}={console.tokens[role, Language.EN]}" if role else "x=y"
    head = (
        "POST /sources HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 200000000\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nCookie: {cookie}\r\n\r\n--b\r\n"
    )
    host, _, port = console.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(head.encode())
        answer = line.recv(200).decode()
    assert answer.startswith("HTTP/1.1 403" if role else "HTTP/1.1 303")
