"""Calling every route as every caller, and what the policies say must come of it."""

from __future__ import annotations

import hashlib
import os
import random
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

import sluicegate
from event_loops import Loop
from leak_hows import How, RouteId
from leak_routes import EVERY, entries
from leak_world import LeakWorld, Where, Who
from principals import GROUP
from sluicegate.api import Parts, Rates, application
from sluicegate.core.reasons import say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import Policies, Verdict
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource, Scope
from sluicegate.services.identity import AccessToken, TokenRefusedError
from sluicegate.services.identity.values import csrf_secret
from sluicegate.web import application as console_application
from sluicegate.web.security import form_token
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.http import Rate

BASE = "http://node.example"
VISITOR = "a-visitor-of-the-sign-in-page"
UNHURRIED = Rates(Rate(10**6, 10**6), Rate(10**6, 10**6), Rate(10**6, 10**6))
IS_LONG = os.environ.get("SLUICEGATE_LONG") == "1"

_TOKEN_OF_FORM = re.compile(r"[0-9a-f]{32}\.[0-9a-f]{64}")


class Swapped:
    """An authority whose policies a test replaces while the applications stand."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        """Say what the policies of the moment say."""
        return self.policies.decide(principal, action, resource)

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that the policies of the moment know."""
        return self.policies.roles

    def permitted_roles(self, action: Action, resource: Resource) -> tuple[str, ...]:
        """Return the roles that the policies of the moment permit an action."""
        return self.policies.permitted_roles(action, resource)


class NamedTokens:
    """Takes the name of a caller for a token; an assertion never holds."""

    def __init__(self, callers: Mapping[str, Who]) -> None:
        self._callers = callers

    def exchange(self, assertion: str) -> AccessToken:
        """Refuse."""
        raise TokenRefusedError(say("This is no token of this node."))

    def principal_of_token(self, token: str) -> Principal:
        """Return the caller of a name."""
        who = self._callers.get(token)
        if who is None or who.principal is None:
            raise TokenRefusedError(say("This is no token of this node."), "invalid_token")
        return who.principal


@dataclass(frozen=True)
class Answer:
    """What came back, without what differs from one answer to the next by chance."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    @property
    def location(self) -> str:
        """Where the answer leads."""
        return dict(self.headers).get("location", "")

    @property
    def whole(self) -> str:
        """Headers and body as one text."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers) + "\n" + self.text


@dataclass(frozen=True)
class Cell:
    """One call: who, by which entry of the tables, on whose thing."""

    route: RouteId
    name: str
    who: str
    where: Where | None
    how: How = field(compare=False)

    def __str__(self) -> str:
        about = "" if self.where is None else f" on what is {self.where.value}"
        return f"{self.route.face} {self.name} by {self.who}{about}"


@dataclass
class Calls:
    """Both applications over the world, and a way to call them that leaves no trace."""

    world: LeakWorld
    loop: Loop
    authority: Swapped = field(init=False)

    def __post_init__(self) -> None:
        self.authority = Swapped(authority_of(self.world.node))
        served = replace(self.world.served, authority=self.authority)
        self.world.served = served
        tokens = NamedTokens(self.world.callers)
        parts = Parts(served, tokens, rates=UNHURRIED, is_loopback_trusted=False)
        self._apps = {
            "API": application(parts),
            "console": parts.metrics.wrap(console_application(served)),
        }
        self._clients = {
            face: httpx.AsyncClient(
                transport=httpx.ASGITransport(app, raise_app_exceptions=False),  # type: ignore[arg-type]
                base_url=BASE,
            )
            for face, app in self._apps.items()
        }
        self._file = self.world.node.node.folder.path / "state.db"
        self._kept = sqlite3.connect(":memory:")
        with sqlite3.connect(self._file) as source:
            source.backup(self._kept)

    def close(self) -> None:
        """Close the clients."""
        for client in self._clients.values():
            self.loop.run(client.aclose())
        self._kept.close()

    def restore(self) -> None:
        """Put the store back as it was."""
        target = sqlite3.connect(self._file)
        self._kept.backup(target)
        target.close()

    def call(self, cell: Cell) -> Answer:
        """Make the call of a cell; what it changed is undone."""
        method, path = cell.route.method, self.path(cell)
        answer = self.send(cell.route.face, method, path, cell.who, **self._body(cell))
        if method == "POST" and answer.status < 400:
            self.restore()
        return answer

    def path(self, cell: Cell) -> str:
        """Return the path of a cell with its parts filled in."""

        def filled(found: re.Match[str]) -> str:
            part = found[1]
            kind = cell.how.path.get(part, part)
            if kind.startswith("="):
                return kind[1:]
            return self._thing(kind, cell.where)

        return re.sub(r"\{(\w+)(?::path)?\}", filled, cell.route.path)

    def _thing(self, kind: str, where: Where | None) -> str:
        things = self.world.things
        assert where is not None, f"{kind}: say in the entry what the route is about (on=…)"
        return things.get((kind, where)) or things[kind, Where.NONE]

    def _body(self, cell: Cell) -> dict[str, Any]:
        how = cell.how

        def told(value: Any) -> Any:
            if isinstance(value, str) and re.fullmatch(r"\{\w+\}", value):
                return self._thing(value[1:-1], cell.where)
            if isinstance(value, dict):
                return {key: told(one) for key, one in value.items()}
            if isinstance(value, list):
                return [told(one) for one in value]
            return value

        given: dict[str, Any] = {"params": dict(how.query), "headers": dict(how.headers)}
        if how.json is not None:
            given["json"] = told(how.json)
        if how.content is not None:
            given["content"] = how.content
        if how.form is not None:
            given["data"] = told(dict(how.form))
        return given

    def send(self, face: str, method: str, path: str, who: str | None, **more: Any) -> Answer:
        """Send a request as a caller, with a form's token where it needs one."""
        headers = dict(more.pop("headers", {}))
        caller = None if who is None else self.world.callers[who]
        if face == "API":
            if caller is not None and caller.is_signed_in:
                headers.setdefault("Authorization", f"Bearer {caller.name}")
        else:
            session = None if caller is None else caller.session
            cookie = f"visitor={VISITOR}" if session is None else f"session={session}"
            headers.setdefault("Cookie", f"sluicegate-{cookie}")
            if method == "POST":
                secret = VISITOR if session is None else csrf_secret(session)
                more["data"] = {"csrf": form_token(secret), **more.get("data", {})}

        async def sent() -> Answer:
            got = await self._clients[face].request(method, path, headers=headers, **more)
            self._clients[face].cookies.clear()
            return Answer(got.status_code, tuple(got.headers.multi_items()), got.text)

        return self.loop.run(sent())


_BY_CHANCE = frozenset({"x-request-id", "set-cookie", "content-length"})


def alike(answer: Answer, *identifiers: str) -> tuple[int, str, str]:
    """Return an answer without ids that were sent, tokens of forms and ids of requests."""
    text = _TOKEN_OF_FORM.sub("TOKEN", answer.text)
    headers = "\n".join(f"{n}: {v}" for n, v in answer.headers if n not in _BY_CHANCE)
    for one in sorted(identifiers, key=len, reverse=True):
        text, headers = text.replace(one, "ID"), headers.replace(one, "ID")
        text = text.replace(quote(one, safe=""), "ID")
    return answer.status, headers, text


REFUSED, MISSING, UNAUTHENTICATED, ELSEWHERE = 403, 404, 401, 303


def expected(world: LeakWorld, policies: Policies, cell: Cell) -> frozenset[int]:
    """Return the statuses that a call may give, by asking the policies."""
    how, who = cell.how, world.callers[cell.who].principal
    if how.is_open:
        return frozenset(how.good)
    if who is None:
        return frozenset({UNAUTHENTICATED if cell.route.face == "API" else ELSEWHERE})
    if how.is_step:
        return frozenset(how.good)
    wanted = () if how.action is None else (how.action, *how.then)
    is_refused = any(
        not policies.decide(who, one, Resource(one.noun, who.tenant)).is_allowed for one in wanted
    )
    is_refused = is_refused or (how.is_whole and who.jurisdictions is not None)
    if how.is_hidden and is_refused:
        return frozenset({REFUSED, MISSING})
    if how.is_sealing and GROUP not in Scope.of(who).sealed_groups:
        return frozenset({REFUSED, MISSING} if is_refused else {MISSING})
    if how.on is None:
        return frozenset({REFUSED} if is_refused else how.good)
    assert cell.where is not None
    thing = world.resources[how.on, cell.where]
    is_there = cell.where is not Where.NONE and is_seen(policies, who, how, thing)
    if not is_there or (_is_unbounded(how) and who.jurisdictions is not None):
        return frozenset({REFUSED, MISSING} if is_refused else {MISSING})
    for one in wanted:
        if not policies.decide(who, one, replace(thing, kind=one.noun)).is_allowed:
            is_refused = True
    return frozenset({REFUSED} if is_refused else how.good)


def _is_unbounded(how: How) -> bool:
    """Say whether a thing is hidden from callers of some jurisdictions; webhooks tell of all."""
    return how.is_unbounded or how.on == "webhook"


def is_seen(policies: Policies, who: Principal, how: How, thing: Resource) -> bool:
    """Say whether a thing lies within someone's sight, by the policies alone.

    The policies are asked as for a holder of every role, so that only what
    hides things decides.
    """
    every = frozenset(policies.roles)
    kind = PrincipalKind.PERSON if who.kind is PrincipalKind.MACHINE else who.kind
    holder = replace(who, kind=kind, roles=every | who.roles)
    action = Action.CASE_READ if how.action is None else how.action
    seen = Action.CASE_READ if action in (Action.CASE_CHECK, Action.SEALED_OPEN) else action
    return policies.decide(holder, seen, replace(thing, kind=seen.noun)).is_allowed


def cells_of(world: LeakWorld, route: RouteId) -> Iterator[Cell]:
    """Yield every cell of a route: its entries × callers × whose thing it is about."""
    for name, how in entries(route).items():
        places: list[Where | None] = [None]
        if how.on is not None:
            places = [where for kind, where in world.resources if kind == how.on]
        for who, caller in world.callers.items():
            if route.face == "console" and caller.is_signed_in and caller.session is None:
                continue
            for where in places:
                yield Cell(route, name, who, where, how)


@lru_cache(maxsize=1)
def source_digest() -> str:
    """Return the digest of the source, by which samples are drawn: another source, another one."""
    total = hashlib.sha256()
    root = Path(sluicegate.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".cedar", ".html"):
            total.update(path.read_bytes())
    return total.hexdigest()


def sample(cells: list[Cell], kinds: Mapping[Cell, object], most: int) -> list[Cell]:
    """Return some cells, at least one of each kind first; all of them in the long run."""
    if IS_LONG:
        return cells
    drawn = random.Random(f"{source_digest()} {cells[0].route if cells else ''}")
    shuffled = list(cells)
    drawn.shuffle(shuffled)
    firsts: dict[object, Cell] = {}
    for cell in shuffled:
        firsts.setdefault(kinds[cell], cell)
    if any(cell.how.is_slow for cell in cells):
        return shuffled[:2]
    chosen = list(firsts.values())
    rest = [cell for cell in shuffled if cell not in chosen]
    return (chosen + rest)[: max(most, len(firsts))]


def unknown_entries(routes: list[RouteId]) -> list[str]:
    """Return entries of the tables that no route has any more."""
    known = {str(one) for one in routes}
    return [
        f"{face} {name}"
        for face, table in EVERY.items()
        for name in table
        if f"{face} {name.partition(': ')[0]}" not in known
    ]


def caller_of(calls: Calls, app: Any) -> Any:
    """Return a way to call another application."""

    def call(method: str, path: str, **more: Any) -> Answer:
        async def sent() -> Answer:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                got = await client.request(method, path, **more)
            return Answer(got.status_code, tuple(got.headers.multi_items()), got.text)

        return calls.loop.run(sent())

    return call
