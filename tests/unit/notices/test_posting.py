"""A message goes to the checked address alone, within its time; no redirect is followed."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence

import pytest

from loopback_servers import Received, http_server, slow_server
from sluicegate.adapters.notices.posting import KEPT_CHARACTERS, WebhookPoster
from sluicegate.services.ports.addresses import AddressPolicy


def poster(port: int, seconds: int = 5, answers: Sequence[str] = ("127.0.0.1",)) -> WebhookPoster:
    policy = AddressPolicy(allow_http=True, ports=(port,), networks=("127.0.0.0/8",))
    return WebhookPoster(policy, seconds, resolve=lambda _name, _port: answers)


def post(received: Received, **more: str) -> None:
    answer = poster(received.port)(received.url, {"webhook-id": "e-1", **more}, b"{}")
    assert answer.is_accepted, answer


def test_the_name_is_kept_while_the_connection_goes_to_the_checked_address() -> None:
    with http_server() as received:
        url = f"http://hooks.example:{received.port}/in?a=1"
        answer = poster(received.port)(url, {"webhook-id": "e-1"}, b'{"a":1}')
    assert (answer.status, answer.problem) == (204, "")
    [(path, headers, body)] = received.messages
    assert (path, body) == ("/in?a=1", b'{"a":1}')
    assert headers["host"] == f"hooks.example:{received.port}"
    assert headers["webhook-id"] == "e-1"


def test_a_name_that_leads_elsewhere_the_second_time_is_asked_once() -> None:
    """DNS rebinding: what was checked is what is called."""
    asked: list[str] = []

    def rebinding(name: str, _port: int) -> Sequence[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.66"]

    with http_server() as received:
        policy = AddressPolicy(True, (received.port,), ("127.0.0.1/32",))
        send = WebhookPoster(policy, resolve=rebinding)
        assert send(f"http://rebind.example:{received.port}/", {}, b"").is_accepted
        assert len(received.messages) == len(asked) == 1
        refused = send(f"http://rebind.example:{received.port}/", {}, b"")
    assert refused.problem == "refused_address"
    assert len(received.messages) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    with http_server() as target, http_server() as received:
        received.status = status
        received.headers = {"location": target.url}
        answer = poster(received.port)(received.url, {}, b"{}")
    assert (answer.status, answer.is_accepted) == (status, False)
    assert len(received.messages) == 1
    assert target.messages == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with http_server() as proxy, http_server() as received:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        post(received)
        assert proxy.messages == []


def test_of_an_answer_only_the_first_characters_are_kept() -> None:
    with http_server() as received:
        received.status, received.answer = 500, b"no\x00\x1b[31m\r\n" + b"x" * 100_000
        answer = poster(received.port)(received.url, {}, b"{}")
    assert answer.status == 500
    assert len(answer.text) == KEPT_CHARACTERS
    assert answer.text.startswith("no  [31m  x")


def test_an_answer_that_trickles_ends_at_the_deadline() -> None:
    slow = b"HTTP/1.1 200 OK\r\n" + b"x-pad: a\r\n" * 500
    with slow_server(slow, every_seconds=0.05) as port:
        began = time.monotonic()
        answer = poster(port, seconds=1)(f"http://127.0.0.1:{port}/", {}, b"{}")
        assert time.monotonic() - began < 3
    assert (answer.status, answer.problem) == (None, "timeout")


def test_a_handshake_that_trickles_ends_at_the_deadline() -> None:
    with slow_server(b"\x16\x03\x03\x00\x7a" + b"\x02" * 200, every_seconds=0.05) as port:
        began = time.monotonic()
        answer = poster(port, seconds=1)(f"https://127.0.0.1:{port}/", {}, b"{}")
        assert time.monotonic() - began < 3
    assert answer.status is None
    assert answer.problem in ("timeout", "tls")


def test_a_closed_port_and_a_certificate_of_nobody_are_problems_by_their_codes() -> None:
    with http_server() as received:
        port = received.port
        answer = poster(port)(f"https://127.0.0.1:{port}/", {}, b"{}")
        assert answer.problem in ("tls", "connection")
    assert poster(port)(f"http://127.0.0.1:{port}/", {}, b"{}").problem == "connection"


def test_tls_is_checked_as_the_machine_checks_it() -> None:
    context = WebhookPoster(AddressPolicy()).context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_an_address_that_became_inner_is_refused_when_it_is_called() -> None:
    answer = WebhookPoster(AddressPolicy(), resolve=lambda *_: ["10.0.0.1"])(
        "https://hooks.example/", {}, b"{}"
    )
    assert (answer.status, answer.problem) == (None, "refused_address")
