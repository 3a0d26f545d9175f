"""What every endpoint rests on: the served node, who asks, and in which language."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request

from sluicegate.api.problems import ProblemError
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.wiring.http import (
    BodyLimits,
    HttpMetrics,
    HttpProblem,
    ProblemKind,
    Rate,
    language_of,
)
from sluicegate.wiring.serving import Served


class TokenReader(Protocol):
    """Reads the token that a machine or a person's program brings."""

    def principal_of_token(self, token: str) -> Principal | None:
        """Return whose token it is; None for one that is not valid now."""
        ...


@dataclass(frozen=True, slots=True)
class Granted:
    """A short token, and for how many seconds it holds."""

    access_token: str
    expires_in: int


class TokenRefusedError(Exception):
    """An assertion that gives no token; `reason` is safe to show."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TokenGiver(Protocol):
    """Exchanges the signed assertion of a machine for a short token (RFC 7523)."""

    def exchange(self, assertion: str) -> Granted:
        """Return a token. Raises TokenRefusedError."""
        ...


@dataclass(frozen=True, slots=True)
class Rates:
    """How many requests a principal, a tenant and an address without a token may make."""

    principal: Rate = field(default_factory=lambda: Rate(200, 400))
    tenant: Rate = field(default_factory=lambda: Rate(500, 1000))
    address: Rate = field(default_factory=lambda: Rate(20, 60))


@dataclass(frozen=True)
class Parts:
    """A served node with what the API adds to it.

    One engine folds the lake of a node, one request at a time: `lake_lock` is
    held while it works. `is_loopback_trusted` lets this machine read the metrics
    without a token; behind a proxy every request seems to come from it.
    """

    served: Served
    tokens: TokenReader
    giver: TokenGiver | None = None
    metrics: HttpMetrics = field(default_factory=HttpMetrics)
    limits: BodyLimits = field(default_factory=BodyLimits)
    rates: Rates = field(default_factory=Rates)
    is_loopback_trusted: bool = True
    lake_lock: threading.Lock = field(default_factory=threading.Lock)


async def parts_of(request: Request) -> Parts:
    """Return what the application was made with."""
    parts: Parts = request.app.state.parts
    return parts


async def principal_of(request: Request) -> Principal:
    """Return who asks; refuse a request without a valid token."""
    principal: Principal | None = request.scope.get("state", {}).get("principal")
    if principal is None:
        why = say("Send a valid token: Authorization: Bearer TOKEN.")
        headers = {"WWW-Authenticate": 'Bearer realm="sluicegate"'}
        raise ProblemError(HttpProblem(ProblemKind.UNAUTHENTICATED, why, headers=headers))
    return principal


async def desk_of(request: Request) -> Desk:
    """Return the desk of who asks."""
    principal = await principal_of(request)
    parts: Parts = request.app.state.parts
    return parts.served.desk(principal)


async def language(request: Request) -> Language:
    """Return the language that the request prefers."""
    return language_of(request.headers.get("accept-language"))


PartsOf = Annotated[Parts, Depends(parts_of)]
DeskOf = Annotated[Desk, Depends(desk_of)]
LanguageOf = Annotated[Language, Depends(language)]
