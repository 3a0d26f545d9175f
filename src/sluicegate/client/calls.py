"""How a node is called: with a token, once however often it is sent, page after page."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import quote

import httpx

from sluicegate.client.errors import ProblemError
from sluicegate.client.tokens import FixedToken, TokenSource
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.phrases import Language

Document = dict[str, Any]
Query = Mapping[str, object]
Shape = TypeVar("Shape")

NDJSON = "application/x-ndjson"
TIMEOUT_SECONDS = 30.0
_BYTES = "application/octet-stream"


class Calls:
    """The connection to a node. What a program may not call by name goes through these.

    Raises ProblemError for what the node refuses, httpx.TransportError when it
    cannot be reached.
    """

    def __init__(
        self,
        address: str,
        token: TokenSource | str,
        *,
        language: Language = Language.EN,
        transport: httpx.BaseTransport | None = None,
        retries: int = 2,
    ) -> None:
        self._tokens = FixedToken(token) if isinstance(token, str) else token
        self._retries = retries
        self._http = httpx.Client(
            base_url=address,
            headers={"Accept-Language": language.value},
            timeout=TIMEOUT_SECONDS,
            transport=transport,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def get(self, path: str, **query: object) -> Document:
        """Read one thing."""
        return self._read(Document, path, query)

    def pages(self, path: str, **query: object) -> Iterator[Document]:
        """Yield the items of a list, page after page."""
        return self._every(Document, path, query)

    def post(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Document:
        """Change something, once, however often it has to be sent."""
        key = {"Idempotency-Key": secrets.token_hex(16), **(headers or {})}
        return cast("Document", self._document("POST", path, content=body_of(body), headers=key))

    # -- what the calls by name are made of: each says the shape of the answer

    def _read(self, _shape: type[Shape], path: str, query: Query | None = None) -> Shape:
        """Read one thing of a shape."""
        return cast("Shape", self._document("GET", path, params=told(query or {})))

    def _items(self, _shape: type[Shape], path: str, query: Query | None = None) -> list[Shape]:
        """Return the items of a list that comes as a whole."""
        return cast("list[Shape]", self._read(Document, path, query)["items"])

    def _every(self, _shape: type[Shape], path: str, query: Query | None = None) -> Iterator[Shape]:
        """Yield the items of a list, page after page."""
        asked = dict(query or {})
        while True:
            page = self._read(Document, path, asked)
            yield from page["items"]
            if page["next"] is None:
                return
            asked["cursor"] = page["next"]

    def _ask_for(self, _shape: type[Shape], path: str, body: Mapping[str, Any]) -> Shape:
        """Ask something that needs a body and changes nothing."""
        return cast("Shape", self._document("POST", path, content=body_of(body)))

    def _change(
        self,
        _shape: type[Shape],
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
    ) -> Shape:
        """Change something, once; with `version` only while it still has that version."""
        headers = {} if version is None else {"If-Match": f'"v{version}.0"'}
        return cast("Shape", self.post(path, body or {}, headers=headers))

    def _upload(self, _shape: type[Shape], path: str, query: Query, content: bytes) -> Shape:
        """Send a file, once; its digest is checked on the way."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        headers = {
            "Content-Type": _BYTES,
            "Content-Digest": f"sha-256=:{digest}:",
            "Idempotency-Key": secrets.token_hex(16),
        }
        sent = {"params": told(query), "content": content, "headers": headers}
        return cast("Shape", self._document("POST", path, **sent))

    def _file(self, path: str, query: Query | None = None) -> bytes:
        """Return the content of a file."""
        return self._answer("GET", path, params=told(query or {})).content

    def _rows(self, _shape: type[Shape], path: str, query: Query) -> Iterator[Shape]:
        """Yield the rows of an export as they come; nothing is asked for again."""
        return cast(
            "Iterator[Shape]", self._lines("GET", path, params=told({**query, "format": "ndjson"}))
        )

    def _answers(
        self, _shape: type[Shape], path: str, query: Query, rows: Iterable[Mapping[str, Any]]
    ) -> Iterator[Shape]:
        """Send rows and yield what comes back for each, as it is ready."""
        lines = (body_of(row) + b"\n" for row in rows)
        headers = {"Content-Type": NDJSON}
        found = self._lines("POST", path, params=told(query), content=lines, headers=headers)
        return cast("Iterator[Shape]", found)

    def _lines(self, method: str, path: str, **parts: Any) -> Iterator[Document]:
        headers = {**parts.pop("headers", {}), **self._headers()}
        with self._http.stream(method, path, headers=headers, **parts) as answer:
            if answer.is_error:
                answer.read()
                raise _problem(answer)
            for line in answer.iter_lines():
                document: Document = load_json(line)
                yield document

    def _document(self, method: str, path: str, **parts: Any) -> Any:
        headers = {"Content-Type": "application/json", **parts.pop("headers", {})}
        return load_json(self._answer(method, path, headers=headers, **parts).text)

    def _answer(self, method: str, path: str, **parts: Any) -> httpx.Response:
        headers = parts.pop("headers", {})
        for left in reversed(range(self._retries + 1)):
            try:
                answer = self._http.request(
                    method, path, headers={**headers, **self._headers()}, **parts
                )
            except httpx.TransportError:
                if not left:
                    raise
                continue
            break
        if answer.is_error:
            raise _problem(answer)
        return answer

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.token(self._http)}"}


def part(text: str) -> str:
    """Return a text as one part of a path."""
    return quote(text, safe="")


def body_of(body: Mapping[str, Any]) -> bytes:
    """Return a body as JSON; days and instants are ISO text."""
    return dump_json({name: _plain(value) for name, value in body.items()}).encode()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def told(query: Query) -> dict[str, list[str]]:
    """Return a query as texts; what is None is left out.

    >>> told({"level": ["passed"], "as_enforced": True, "subject": None, "limit": 5})
    {'level': ['passed'], 'as_enforced': ['true'], 'limit': ['5']}
    """
    found = {}
    for name, value in query.items():
        is_many = isinstance(value, Sequence | frozenset | set) and not isinstance(value, str)
        values = cast("Iterable[object]", value) if is_many else [value]
        texts = [_text(one) for one in values if one is not None]
        if texts:
            found[name] = texts
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_plain(value))


def _problem(answer: httpx.Response) -> ProblemError:
    try:
        document = answer.json()
    except json.JSONDecodeError:
        document = {"detail": answer.text[:200]}
    return ProblemError(answer.status_code, document if isinstance(document, dict) else {})
