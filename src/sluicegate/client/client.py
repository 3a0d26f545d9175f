"""Calls to a node, each with its types; anything else goes through `get` and `post`."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from sluicegate.client.errors import ProblemError
from sluicegate.client.tokens import FixedToken, TokenSource
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.phrases import Language

Document = dict[str, Any]
TIMEOUT_SECONDS = 30.0
_NDJSON = "application/x-ndjson"


class Client:
    """A node as a program sees it.

    Answers are documents whose figures are exact (`decimal.Decimal`, `int`, or
    decimal text for compute). A change is sent with a new idempotency key, so
    that it can be sent again after a lost connection: `retries` times here.

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

    def __enter__(self) -> Client:
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

    def ask(
        self,
        question: str,
        facts: Mapping[str, Any],
        *,
        as_of: date,
        readings: Mapping[str, str] | None = None,
        known_on: date | None = None,
    ) -> Document:
        """Answer a question; the facts are literals as `sluicegate ask` takes them."""
        body = {
            "facts": facts,
            "as_of": as_of.isoformat(),
            "readings": dict(readings or {}),
            "known_on": None if known_on is None else known_on.isoformat(),
        }
        return self._document("POST", f"/v1/ask/{_part(question)}", content=_json(body))

    def ask_many(
        self, question: str, rows: Iterable[Mapping[str, Any]], *, as_of: date
    ) -> Iterator[Document]:
        """Answer a question for many rows, as they are ready; a row is facts, or id and facts."""
        lines = (dump_json(row).encode() + b"\n" for row in rows)
        headers = {**self._headers(), "Content-Type": _NDJSON}
        path = f"/v1/ask/{_part(question)}/many"
        asked = {"as_of": as_of.isoformat()}
        with self._http.stream(
            "POST", path, params=asked, content=lines, headers=headers
        ) as answer:
            if answer.is_error:
                answer.read()
                raise _problem(answer)
            for line in answer.iter_lines():
                document: Document = load_json(line)
                yield document

    def findings(self, **filters: str) -> Iterator[Document]:
        """Yield what the last pass found, page after page."""
        return self.pages("/v1/findings", **filters)

    def finding(self, finding_id: str) -> Document:
        """Return one finding."""
        return self.get(f"/v1/findings/{_part(finding_id)}")

    def obligations(self, **filters: str) -> Iterator[Document]:
        """Yield what is owed, by due day."""
        return self.pages("/v1/obligations", **filters)

    def cases(self, **filters: str) -> Iterator[Document]:
        """Yield cases; without a filter, what wants work now."""
        return self.pages("/v1/cases", **filters)

    def case(self, case_id: str) -> Document:
        """Return a case with its timeline and what may be done now."""
        return self.get(f"/v1/cases/{_part(case_id)}")

    def act(self, case_id: str, act: str, *, version: int | None = None, **fields: Any) -> Document:
        """Do something to a case, such as `act(id, "comment", text=...)`.

        With `version` only to that version; else ProblemError `changed-meanwhile`.
        """
        headers = {} if version is None else {"If-Match": f'"v{version}.0"'}
        path = f"/v1/cases/{_part(case_id)}/acts"
        return self.post(path, {"act": act, **fields}, headers=headers)

    def attach(self, case_id: str, name: str, content: bytes) -> Document:
        """Attach a file to a case; its digest is checked on the way."""
        path = f"/v1/cases/{_part(case_id)}/attachments"
        return self._upload(path, {"name": name}, content)

    def intake(self, name: str, content: bytes, **options: str) -> Document:
        """Send a file to be taken in; return the job."""
        return self._upload("/v1/intake", {"name": name, **options}, content)

    def job(self, job_id: str) -> Document:
        """Return how far a job is."""
        return self.get(f"/v1/jobs/{_part(job_id)}")

    def get(self, path: str, **query: str) -> Document:
        """Read one thing."""
        return self._document("GET", path, params=query)

    def pages(self, path: str, **query: str) -> Iterator[Document]:
        """Yield the items of a list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, **({**query, "cursor": cursor} if cursor else query))
            yield from page["items"]
            cursor = page["next"]

    def post(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Document:
        """Change something, once, however often it has to be sent."""
        key = {"Idempotency-Key": secrets.token_hex(16), **(headers or {})}
        return self._document("POST", path, content=_json(body), headers=key)

    def _upload(self, path: str, query: Mapping[str, str], content: bytes) -> Document:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Digest": f"sha-256=:{digest}:",
            "Idempotency-Key": secrets.token_hex(16),
        }
        return self._document("POST", path, params=query, content=content, headers=headers)

    def _document(self, method: str, path: str, **parts: Any) -> Document:
        headers = {"Content-Type": "application/json", **parts.pop("headers", {})}
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
        document: Document = load_json(answer.text)
        return document

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.token(self._http)}"}


def _part(text: str) -> str:
    return quote(text, safe="")


def _json(body: Mapping[str, Any]) -> bytes:
    return dump_json(body).encode()


def _problem(answer: httpx.Response) -> ProblemError:
    try:
        document = answer.json()
    except json.JSONDecodeError:
        document = {"detail": answer.text[:200]}
    return ProblemError(answer.status_code, document if isinstance(document, dict) else {})
