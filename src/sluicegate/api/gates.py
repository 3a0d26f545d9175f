"""Before any endpoint: whose token it is, and whether they may ask so often."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool

from sluicegate.api.parts import Parts
from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Principal
from sluicegate.services.identity import TokenRefusedError
from sluicegate.wiring.http import (
    App,
    Buckets,
    HttpProblem,
    ProblemKind,
    Receive,
    Scope,
    Send,
    header,
    refuse,
)

_SCHEME = "bearer "
_LONGEST = 8192


class TokenGate:
    """Puts the principal of a valid token into `scope["state"]["principal"]`."""

    def __init__(self, app: App, parts: Parts) -> None:
        self._app = app
        self._tokens = parts.tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; endpoints refuse one without a principal themselves."""
        if scope["type"] == "http":
            given = header(scope, b"authorization")
            principal = None if given is None else await self._read(given)
            scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, receive, send)

    async def _read(self, given: str) -> Principal | None:
        token = given[len(_SCHEME) :].strip()
        if given[: len(_SCHEME)].lower() != _SCHEME or not token or len(token) > _LONGEST:
            return None
        try:
            return await run_in_threadpool(self._tokens.principal_of_token, token)
        except TokenRefusedError:
            return None  # as without a token: the endpoint says what to send


class RateGate:
    """Refuses requests that come too often: of a principal, a tenant, or an address.

    An address counts only while nobody is signed in, so that a proxy in front of
    many callers is no bottleneck.
    """

    def __init__(self, app: App, parts: Parts) -> None:
        self._app = app
        self._principals = Buckets(parts.rates.principal)
        self._tenants = Buckets(parts.rates.tenant)
        self._addresses = Buckets(parts.rates.address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say when to come again."""
        if scope["type"] == "http":
            wait = self._wait(scope)
            if wait:
                why = say("Too many requests; come again in {seconds} s.", seconds=wait)
                headers = {"Retry-After": str(wait)}
                problem = HttpProblem(ProblemKind.TOO_MANY_REQUESTS, why, headers=headers)
                await refuse(scope, send, problem)
                return
        await self._app(scope, receive, send)

    def _wait(self, scope: Scope) -> int:
        principal: Principal | None = scope["state"]["principal"]
        if principal is None:
            client = scope.get("client")
            return self._addresses.take(client[0] if client else "")
        return self._principals.take(f"{principal.tenant}\n{principal.id}") or self._tenants.take(
            principal.tenant
        )
