"""Small parts of ASGI that every middleware here needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from sluicegate.adapters.http.problems import MEDIA_TYPE, HttpProblem
from sluicegate.core.phrases import Language

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: bytes) -> str | None:
    """Return the last header of a name (in lower case), or None."""
    for key, value in reversed(scope["headers"]):
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def language_of(accept_language: str | None) -> Language:
    """Return the language that a request prefers: English unless it asks for Chinese.

    >>> language_of("zh-CN,zh;q=0.9,en;q=0.8"), language_of("en, zh;q=0.5"), language_of(None)
    (<Language.ZH: 'zh'>, <Language.EN: 'en'>, <Language.EN: 'en'>)
    """
    best, chosen = 0.0, Language.EN
    for part in (accept_language or "")[:200].split(","):
        tag, _, rest = part.strip().partition(";")
        weight = _weight(rest)
        primary = tag.strip().lower().partition("-")[0]
        known = {"en": Language.EN, "zh": Language.ZH, "*": Language.EN}.get(primary)
        if known is not None and weight > best:
            best, chosen = weight, known
    return chosen


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


async def answer(
    send: Send,
    status: int,
    body: bytes,
    media_type: str,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Send a whole response."""
    own = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": body})


async def refuse(scope: Scope, send: Send, problem: HttpProblem) -> None:
    """Answer with a problem, in the language that the request prefers."""
    language = language_of(header(scope, b"accept-language"))
    headers = [(name.lower().encode(), text.encode()) for name, text in problem.headers.items()]
    body = problem.body(language)
    headers.append((b"content-language", language.value.encode()))
    await answer(send, problem.kind.status, body, MEDIA_TYPE, headers)
