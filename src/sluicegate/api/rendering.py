"""How what a service returns becomes an answer: exact JSON, pages, tags, streams."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from sluicegate.core.cells import harmless
from sluicegate.core.exact import dump_json
from sluicegate.services.paging import Page

Row = TypeVar("Row")

NDJSON = "application/x-ndjson"
CSV = "text/csv; charset=utf-8"
TABLE_TYPES: dict[str, Any] = {
    "text/csv": {"schema": {"type": "string"}},
    NDJSON: {"schema": {"type": "string"}},
}
"""What a stream of rows may be, as the document describes it."""

_VARY = {"Vary": "Accept-Language"}
_VERSION = re.compile(r'"v([0-9]{1,15})\.[0-9a-f]+"')


def body_of(data: Any) -> bytes:
    """Return a document as bytes, every figure with all its digits.

    The compiled writer of the standard library takes a tenth of the time; what
    it does not know, such as an exact decimal, goes the long way.
    """
    try:
        text = json.dumps(data, ensure_ascii=False)
    except TypeError:
        text = dump_json(data)
    return text.encode()


def told(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a document as an answer; every figure stands with all its digits."""
    body = body_of(data)
    return Response(body, status, {**_VARY, **(headers or {})}, "application/json")


class SecretResponse(Response):
    """An answer with a secret that is shown this once: what is kept of it has none."""

    kept_body: bytes = b""


def told_once(data: Mapping[str, Any], secret: str, location: str) -> Response:
    """Return what was made with its secret; given again for an idempotency key, it has none."""
    response = SecretResponse(
        body_of(data), 201, {**_VARY, "Location": location}, "application/json"
    )
    response.kept_body = body_of({**data, secret: None})
    return response


def single(request: Request, data: Any, *, version: int | None = None) -> Response:
    """Return one thing with a strong tag, or 304 when the caller has it already.

    `version` goes into the tag; a change names the version it was made for by
    sending the tag back in `If-Match`.
    """
    body = body_of(data)
    tag = hashlib.sha256(body).hexdigest()[:32]
    etag = f'"{tag}"' if version is None else f'"v{version}.{tag}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", **_VARY}
    given = request.headers.get("if-none-match", "")
    if etag in {one.strip().removeprefix("W/") for one in given.split(",")} or given.strip() == "*":
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/json")


def version_of(if_match: str | None) -> int | None:
    """Return the version that an `If-Match` header names; None where none is sent.

    `*` names none. What is no tag of ours names a version that never is.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = _VERSION.fullmatch(if_match.strip())
    return int(found[1]) if found else -1


def page(request: Request, found: Page[Row], render: Callable[[Row], Any], **more: Any) -> Response:
    """Return a page of rows, with the next page as a cursor and as a link, and further members."""
    headers = {}
    if found.next_cursor is not None:
        others = [(name, text) for name, text in request.query_params.multi_items()]
        query = urlencode(
            [*((n, t) for n, t in others if n != "cursor"), ("cursor", found.next_cursor)]
        )
        headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    items = [render(row) for row in found.rows]
    return told({**more, "items": items, "next": found.next_cursor}, headers=headers)


def csv_cell(value: Any) -> str:
    """Return a value as a cell of CSV; text is harmless to programs for tables.

    >>> csv_cell("=1+1"), csv_cell(-3), csv_cell(None), csv_cell(True)
    ("'=1+1", '-3', '', 'true')
    """
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else dump_json(value)


def csv_lines(columns: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield rows as lines of CSV, the head first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in columns])
    for row in rows:
        writer.writerow([csv_cell(row.get(name)) for name in columns])
        if out.tell() > 16_384:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


class TwoWay(StreamingResponse):
    """An answer that is sent while the body of its request is still read.

    Starlette would listen for the end of the connection meanwhile, and so take
    parts of the body; here a connection that ends shows when a part is sent.
    """

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the parts as they come."""
        await self.stream_response(send)


def every_row(pages: Callable[[str | None], Page[Row]], first: Page[Row]) -> Iterator[Row]:
    """Yield the rows of all pages, of which the first was read already."""
    found = first
    while True:
        yield from found.rows
        if found.next_cursor is None:
            return
        found = pages(found.next_cursor)


def stream(
    rows: Iterable[Mapping[str, Any]], columns: list[str], media_type: str
) -> StreamingResponse:
    """Return rows as they come, as NDJSON or CSV."""
    if media_type == NDJSON:
        return StreamingResponse((dump_json(row) + "\n" for row in rows), media_type=NDJSON)
    return StreamingResponse(csv_lines(columns, rows), media_type=CSV)
