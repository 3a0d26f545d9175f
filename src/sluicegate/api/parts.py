"""What every endpoint rests on: the served node, who asks, and in which language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request

from sluicegate.api.problems import ProblemError
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.services.identity import AccessToken
from sluicegate.services.settings import Settings
from sluicegate.wiring.http import (
    BodyLimits,
    HttpMetrics,
    HttpProblem,
    ProblemKind,
    Rate,
    language_of,
)
from sluicegate.wiring.serving import Served


class Tokens(Protocol):
    """Gives short tokens to machines, and reads them."""

    def exchange(self, assertion: str) -> AccessToken:
        """Return a token for a signed assertion (RFC 7523). Raises TokenRefusedError."""
        ...

    def principal_of_token(self, token: str) -> Principal:
        """Return whose token it is. Raises TokenRefusedError for one that does not hold."""
        ...


@dataclass(frozen=True, slots=True)
class Rates:
    """How many requests a principal, a tenant and an address without a token may make."""

    principal: Rate = field(default_factory=lambda: Rate(200, 400))
    tenant: Rate = field(default_factory=lambda: Rate(500, 1000))
    address: Rate = field(default_factory=lambda: Rate(20, 60))

    @classmethod
    def of(cls, settings: Settings) -> Rates:
        """Return the rates that a node's settings give; some more may come at once."""
        return cls(
            Rate(settings.principal_rate, 2 * settings.principal_rate),
            Rate(settings.tenant_rate, 2 * settings.tenant_rate),
            Rate(settings.address_rate, 3 * settings.address_rate),
        )


def limits_of(settings: Settings) -> BodyLimits:
    """Return how much a request may bring, by a node's settings."""
    return BodyLimits(
        json_bytes=settings.json_kib << 10,
        depth=settings.json_depth,
        bulk_bytes=settings.many_mib << 20,
        upload_bytes=settings.upload_mib << 20,
    )


@dataclass(frozen=True)
class Parts:
    """A served node with what the API adds to it.

    `is_loopback_trusted` lets this machine read the metrics without a token;
    behind a proxy every request seems to come from it.
    """

    served: Served
    tokens: Tokens
    metrics: HttpMetrics = field(default_factory=HttpMetrics)
    limits: BodyLimits = field(default_factory=BodyLimits)
    rates: Rates = field(default_factory=Rates)
    is_loopback_trusted: bool = True

    @classmethod
    def of(cls, served: Served, *, is_loopback_trusted: bool = True) -> Parts:
        """Return a served node with its own machines, and limits as its settings say."""
        return cls(
            served,
            served.identities,
            limits=limits_of(served.settings),
            rates=Rates.of(served.settings),
            is_loopback_trusted=is_loopback_trusted,
        )


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
