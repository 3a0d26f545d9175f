"""The API over a small node, callers of every role, and a way to call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from event_loops import Loop
from principals import OTHER, machine, principal
from sluicegate.api import Api, Parts, application
from sluicegate.core.exact import load_json
from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Principal
from sluicegate.services.access.roles import SHIPPED_ROLES
from sluicegate.services.identity import AccessToken, TokenRefusedError
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.filings import forms_of
from sluicegate.wiring.identity import identities_of, store_of
from sluicegate.wiring.serving import Served
from tiny_world import CLOCK, pass_over, tiny_node

CALLERS: Mapping[str, Principal] = {
    **{role: principal(role) for role in SHIPPED_ROLES},
    "second-analyst": principal("analyst", identifier="user:second"),
    "machine": machine("analyst"),
    "european": principal("analyst", jurisdictions=["EU"], identifier="user:european"),
    "sealed-officer": principal("officer", sealed=["suspicion"], identifier="user:sealed"),
    "other-officer": principal("officer", OTHER),
    "other-auditor": principal("auditor", OTHER),
    "nobody-much": principal((), identifier="user:nothing"),
}
"""Token → whose it is."""

PUBLIC = "93.184.215.14"
"""A public address that a webhook may name; nothing is sent to it."""

SETTINGS = """\
tenant = "self"
roles = ["provider"]
country = "US"

[serve]
tenants = ["other"]

[exchange]
name = "Provider A"
partners = ["Provider B", "Provider C", "Provider D", "Provider E"]
"""


class PlainTokens:
    """Takes the name of a caller for a token, and gives one for the assertion `good`."""

    def exchange(self, assertion: str) -> AccessToken:
        """Return a token for one assertion only."""
        if assertion != "good":
            raise TokenRefusedError(say("This is no token of this node."))
        return AccessToken("machine", 600)

    def principal_of_token(self, token: str) -> Principal:
        """Return the caller of a name."""
        if token not in CALLERS:
            raise TokenRefusedError(say("This is no token of this node."), "invalid_token")
        return CALLERS[token]


@dataclass(frozen=True)
class Answered:
    """What came back: status, headers and body."""

    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()

    def json(self) -> Any:
        """Return the body's document, with exact numbers."""
        return load_json(self.text)


class Caller:
    """Calls an API in this process; several threads may call at once."""

    def __init__(self, api: Any, loop: Loop) -> None:
        self._api = api
        self._loop = loop

    def call(self, method: str, path: str, who: str | None = "analyst", **more: Any) -> Answered:
        """Send a request with the token of a caller; None sends none."""
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {who}"

        async def send() -> Answered:
            transport = httpx.ASGITransport(self._api, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://node.example"
            ) as client:
                got = await client.request(method, path, headers=headers, **more)
                return Answered(got.status_code, got.headers, got.content)

        return self._loop.run(send())

    def get(self, path: str, who: str | None = "analyst", **more: Any) -> Answered:
        """Read something."""
        return self.call("GET", path, who, **more)

    def post(self, path: str, who: str | None = "analyst", **more: Any) -> Answered:
        """Change or ask something."""
        return self.call("POST", path, who, **more)


@contextmanager
def api_node(folder: Path, name: str = "node") -> Iterator[OpenNode]:
    """Give a node of the tiny world after a pass, with a second tenant."""
    target = tiny_node(folder / name)
    (target / "sluicegate.toml").write_text(SETTINGS, encoding="utf-8")
    with opened(target, clock=CLOCK) as node:
        pass_over(node)
        yield node


def api_over(node: OpenNode, **more: Any) -> Api:
    """Return the API of a node with the shipped policies and plain tokens."""
    stores = {tenant: store_of(node, tenant) for tenant in node.node.settings.served_tenants}
    authority = authority_of(node)
    identities = identities_of(node, base_url="http://node.example", authority=authority)
    served = Served(
        node, authority, lambda tenant: stores[tenant], identities, forms=forms_of(node)
    )
    return application(Parts(served, PlainTokens(), **more))
