"""How a request is read and done once: exact numbers, and idempotency keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from sluicegate.api.parts import Parts
from sluicegate.api.problems import (
    PROBLEMS,
    ProblemError,
    UnreadableError,
    problem_of,
    respond,
)
from sluicegate.api.rendering import SecretResponse
from sluicegate.core.canonical import digest
from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Principal
from sluicegate.services.ports.requests import Attempt, KeptAnswer, RequestStore, Standing
from sluicegate.wiring.http import HttpProblem, ProblemKind

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

KEY_HEADER = "idempotency-key"
REPLAYED = "Idempotency-Replayed"
CONTENT_DIGEST = "content-digest"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_NUL = re.compile(r"\\u0000")
_KEPT_HEADERS = frozenset({"content-type", "location", "etag", "link"})


class ExactRequest(Request):
    """A request whose JSON is read with exact decimals."""

    async def json(self) -> Any:
        """Return the body's document; a float stands as the decimal that was written."""
        body = await self.body()
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _unreadable("is not UTF-8") from error
        if "\x00" in text or _NUL.search(text):
            raise _unreadable("holds a NUL character; leave it out")
        try:
            return load_json(text)
        except ExactTextError as error:
            raise _unreadable(str(error)) from error


def _unreadable(why: str) -> UnreadableError:
    return UnreadableError(HttpProblem(ProblemKind.BAD_REQUEST, f"body: {why}"))


class ExactRoute(APIRoute):
    """A route that reads exact numbers."""

    def get_route_handler(self) -> Handler:
        """Return the handler of requests."""
        handle = super().get_route_handler()
        takes_json = _takes_json(self)

        async def exact(request: Request) -> Response:
            if takes_json:
                _require_json(request)
            own = ExactRequest(request.scope, request.receive)
            return await handle(own)

        return exact


def _takes_json(route: APIRoute) -> bool:
    field = route.body_field
    return field is not None and not isinstance(field.field_info, Form)


def _require_json(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        why = say("Send application/json.")
        raise ProblemError(HttpProblem(ProblemKind.WRONG_MEDIA_TYPE, why))


class ChangingRoute(APIRoute):
    """A route that changes something: a request with a key is done once.

    The answer is kept for a day under the principal and the key. Only an answer
    that says that something was done is kept: after a refusal the key is free.
    """

    def get_route_handler(self) -> Handler:
        """Return the handler of requests."""
        handle = super().get_route_handler()
        takes_json = _takes_json(self)

        async def once(request: Request) -> Response:
            if takes_json:
                _require_json(request)
            own = ExactRequest(request.scope, request.receive)
            key = own.headers.get(KEY_HEADER)
            principal: Principal | None = own.scope.get("state", {}).get("principal")
            if key is None or principal is None:
                return await handle(own)
            if not _KEY.fullmatch(key):
                why = say("An idempotency key has 1 to 200 visible ASCII characters.")
                raise ProblemError(HttpProblem(ProblemKind.BAD_REQUEST, why))
            attempt = Attempt(principal.id, key, await _fingerprint(own, principal, self.path))
            return await _once(own, attempt, principal, handle)

        return once


async def _fingerprint(request: Request, principal: Principal, path: str) -> str:
    """Return the digest of all that a request asks for, and of the rights behind it.

    A body that is passed on as it comes is stood for by its `Content-Digest`.
    """
    if path in STREAMED:
        content = request.headers.get(CONTENT_DIGEST)
        if content is None:
            why = say("With an idempotency key an upload needs the header Content-Digest.")
            raise ProblemError(HttpProblem(ProblemKind.BAD_REQUEST, why))
    else:
        content = hashlib.sha256(await request.body()).hexdigest()
    jurisdictions = principal.jurisdictions
    return digest(
        [
            request.method,
            request.url.path,
            request.url.query,
            content,
            request.headers.get("if-match"),
            sorted(principal.roles),
            None if jurisdictions is None else sorted(jurisdictions),
            sorted(principal.sealed_groups),
        ]
    )


STREAMED: set[str] = set()
"""Paths of routes whose body is passed on as it comes."""


async def _once(
    request: Request, attempt: Attempt, principal: Principal, handle: Handler
) -> Response:
    parts: Parts = request.app.state.parts
    store = parts.served.store_of(principal.tenant).requests
    clock = parts.served.clock
    kept = await run_in_threadpool(store.begin, attempt, at=clock.now())
    if isinstance(kept, KeptAnswer):
        headers = {**dict(kept.headers), REPLAYED: "true"}
        return Response(kept.body, kept.status, headers)
    if kept is Standing.OTHER:
        why = say(
            "The key was used for another request, or with other rights; make a new key for this"
            " one."
        )
        raise ProblemError(HttpProblem(ProblemKind.KEY_REUSED, why))
    if kept is Standing.RUNNING:
        why = say("A request with this key is still under way; wait and send it again.")
        headers = {"Retry-After": "2"}
        raise ProblemError(HttpProblem(ProblemKind.IN_PROGRESS, why, headers=headers))
    return await _done(request, attempt, store, handle)


def _kept_body(response: Response) -> bytes:
    """Return what the store keeps of an answer: no secret."""
    if isinstance(response, SecretResponse):
        return response.kept_body
    return bytes(response.body)


async def _done(
    request: Request, attempt: Attempt, store: RequestStore, handle: Handler
) -> Response:
    """Carry a request out and keep what it gave."""
    parts: Parts = request.app.state.parts
    is_kept = False
    try:
        try:
            response = await handle(request)
        except tuple(PROBLEMS) as error:
            response = respond(request, problem_of(error))
        if 200 <= response.status_code < 300 and not isinstance(response, StreamingResponse):
            told = tuple(
                (name, text) for name, text in response.headers.items() if name in _KEPT_HEADERS
            )
            answer = KeptAnswer(response.status_code, told, _kept_body(response))
            await run_in_threadpool(store.keep, attempt, answer, at=parts.served.clock.now())
            is_kept = True
        return response
    finally:
        if not is_kept:
            await run_in_threadpool(store.drop, attempt)
