"""The id of each request, and the headers that go with every answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from sluicegate.adapters.http.messages import App, Message, Receive, Scope, Send, header

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""What an answer that is no page may load: nothing."""

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", STRICT_POLICY.encode()),
    (b"cache-control", b"no-store"),
)
_HTTPS = (b"strict-transport-security", b"max-age=31536000")


class Headers:
    """Gives each request an id, and each answer the headers it does not set itself.

    The id is the caller's `X-Request-Id` where that is plain, else a new one;
    it stands in `scope["state"]["request_id"]`. A page sets its own policy of
    what it may load.
    """

    def __init__(self, app: App, *, is_https: bool = False) -> None:
        self._app = app
        self._headers: tuple[tuple[bytes, bytes], ...] = (*_ALWAYS, _HTTPS) if is_https else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = header(scope, b"x-request-id")
        request_id = given if given and _ID.fullmatch(given) else secrets.token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                own += self._missing(name for name, _ in own)
                message["headers"] = [*own, (b"x-request-id", request_id.encode())]
            await send(message)

        await self._app(scope, receive, completed)

    def _missing(self, names: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
        there = {name.lower() for name in names}
        return [one for one in self._headers if one[0] not in there]
