"""Bodies that are files: kept for a job, or read whole, with their digest checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from sluicegate.api.parts import Parts
from sluicegate.api.problems import ProblemError, bad_field
from sluicegate.api.routing import CONTENT_DIGEST
from sluicegate.core.reasons import say
from sluicegate.services.work.kinds import KeptFile
from sluicegate.wiring.http import HttpProblem, ProblemKind
from sluicegate.wiring.works import work_files

BYTES: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string"}}}
UPLOAD: dict[str, Any] = {"requestBody": {"required": True, "content": BYTES}}
FILE: Mapping[int | str, dict[str, Any]] = {200: {"content": BYTES}}
_IN_MEMORY = 1 << 20
_BLOCK = 1 << 16


async def whole_body(request: Request, most: int) -> bytes:
    """Return the whole body of a request; refuse one of more bytes."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > most:
            why = say("The file is larger than {limit} bytes.", limit=most)
            raise ProblemError(HttpProblem(ProblemKind.TOO_LARGE, why))
    require_digest(request, hashlib.sha256(content).digest())
    return bytes(content)


async def kept_body(request: Request, parts: Parts, name: str) -> KeptFile:
    """Keep the body of a request as a file of a job."""
    with SpooledTemporaryFile(_IN_MEMORY) as spool:
        digest = hashlib.sha256()
        async for part in request.stream():
            digest.update(part)
            spool.write(part)
        require_digest(request, digest.digest())
        spool.seek(0)
        files = work_files(parts.served.node)
        return await run_in_threadpool(files.keep, name, _blocks(spool))


def require_digest(request: Request, found: bytes) -> None:
    """Refuse a body whose digest is not the one that its header gives."""
    given = request.headers.get(CONTENT_DIGEST)
    if given is None:
        return
    for part in given.split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() != "sha-256":
            continue
        try:
            is_same = base64.b64decode(value.strip(":"), validate=True) == found
        except (binascii.Error, ValueError):
            is_same = False
        if is_same:
            return
    raise bad_field("Content-Digest", "is not the SHA-256 of the body; send the file again")


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block
