"""Limits on what a request brings: size, depth and pace, held while it is read.

A JSON body is read whole before the application sees the request, so that
nothing is parsed of one that is too large or too deep. The body of an upload
is passed on as it comes and is cut off at its own limit.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from sluicegate.adapters.http.messages import App, Message, Receive, Scope, Send, header, refuse
from sluicegate.adapters.http.problems import HttpProblem, ProblemKind
from sluicegate.core.reasons import say

_TOKEN = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much a request may bring.

    `json_bytes` and `depth` hold for what is read whole; `upload_bytes` for
    what is passed on as it comes. `idle_seconds` is the longest wait for the
    next part, `total_seconds` the longest for a body that is read whole.
    """

    json_bytes: int = 1 << 20
    depth: int = 64
    upload_bytes: int = 1 << 28
    bulk_bytes: int = 1 << 26
    idle_seconds: float = 20.0
    total_seconds: float = 60.0
    query_bytes: int = 8192
    header_bytes: int = 32768


class TooLargeError(Exception):
    """A body that passed its limit while an application was reading it."""


class TooSlowError(Exception):
    """A body of which no further part came in time."""


class Depth:
    """Counts how deep the brackets of a JSON text go, part by part.

    >>> depth = Depth()
    >>> depth.read(b'{"a": ["[[["'), depth.read(b']}')
    (2, 2)
    """

    def __init__(self) -> None:
        self._level = 0
        self._deepest = 0
        self._in_text = False
        self._is_escaped = False

    def read(self, part: bytes) -> int:
        """Take the next part; return the deepest level so far."""
        start = 0
        if self._is_escaped and part:
            start, self._is_escaped = 1, False
        for token in _TOKEN.finditer(part, start):
            sign = token.group()
            if sign == b'"':
                self._in_text = not self._in_text
            elif self._in_text or len(sign) > 1:
                continue
            elif sign in b"[{":
                self._level += 1
                self._deepest = max(self._deepest, self._level)
            else:
                self._level -= 1
        if self._in_text:
            tail = len(part) - len(part[start:].rstrip(b"\\")) - start
            self._is_escaped = tail % 2 == 1
        return self._deepest


class BodyGuard:
    """Holds every request to the limits before and while an application reads it.

    `limit_of` gives the limit in bytes of a request whose body is passed on as
    it comes, or None for one that is read whole.
    """

    def __init__(
        self, app: App, limits: BodyLimits, limit_of: Callable[[Scope], int | None]
    ) -> None:
        self._app = app
        self._limits = limits
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = self._odd(scope)
        if problem is not None:
            await refuse(scope, send, problem)
            return
        upload = self._limit_of(scope)
        limit = self._limits.json_bytes if upload is None else upload
        declared = header(scope, b"content-length")
        if declared is not None and (not _is_count(declared) or int(declared) > limit):
            await refuse(scope, send, _too_large(limit))
            return
        if scope["method"] in _BODILESS and declared is None:
            await self._app(scope, receive, send)
        elif upload is None:
            await self._whole(scope, receive, send, limit)
        else:
            await self._passing(scope, receive, send, limit)

    def _odd(self, scope: Scope) -> HttpProblem | None:
        """Return what is wrong with the address or the headers."""
        if len(scope["query_string"]) > self._limits.query_bytes:
            return HttpProblem(ProblemKind.BAD_REQUEST, say("The address is too long."))
        size = sum(len(name) + len(value) for name, value in scope["headers"])
        if size > self._limits.header_bytes:
            return HttpProblem(ProblemKind.BAD_REQUEST, say("The headers are too long."))
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            why = say("A NUL character stands in the address; leave it out.")
            return HttpProblem(ProblemKind.BAD_REQUEST, why)
        return None

    async def _whole(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                body = await self._read(receive, limit)
        except TimeoutError:
            await refuse(scope, send, _too_slow())
            return
        if isinstance(body, HttpProblem):
            await refuse(scope, send, body)
            return
        if body is None:
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive, limit: int) -> bytes | HttpProblem | None:
        """Return the whole body, what is wrong with it, or None when the client left."""
        parts: list[bytes] = []
        size, depth = 0, Depth()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part: bytes = message.get("body", b"")
            size += len(part)
            if size > limit:
                return _too_large(limit)
            if depth.read(part) > self._limits.depth:
                return _too_deep(self._limits.depth)
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    async def _passing(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        size, is_started = 0, False

        async def counted() -> Message:
            nonlocal size
            try:
                async with asyncio.timeout(self._limits.idle_seconds):
                    message = await receive()
            except TimeoutError as error:
                raise TooSlowError from error
            size += len(message.get("body", b""))
            if size > limit:
                raise TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal is_started
            is_started = is_started or message["type"] == "http.response.start"
            # From its first byte on an answer is the application's; a client that
            # then waits for it sends nothing, which is not slowness.
            await send(message)

        async def reading() -> Message:
            return await (receive() if is_started and size == 0 else counted())

        try:
            await self._app(scope, reading, noted)
        except TooLargeError:
            if is_started:
                raise
            await refuse(scope, send, _too_large(limit))
        except TooSlowError:
            if is_started:
                raise
            await refuse(scope, send, _too_slow())


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _too_large(limit: int) -> HttpProblem:
    why = say("The body is larger than {limit} bytes; send less at once.", limit=limit)
    return HttpProblem(ProblemKind.TOO_LARGE, why, headers={"Connection": "close"})


def _too_deep(depth: int) -> HttpProblem:
    why = say("The body is nested more than {depth} deep.", depth=depth)
    return HttpProblem(ProblemKind.BAD_REQUEST, why)


def _too_slow() -> HttpProblem:
    why = say("The body did not come in time; send it again.")
    return HttpProblem(ProblemKind.TOO_SLOW, why, headers={"Connection": "close"})
