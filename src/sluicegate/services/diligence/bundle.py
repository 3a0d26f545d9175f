"""What a production holds: files of a customer's records, an index of digests, a cover page, a zip.

Everything is made from what was known at one instant, in a fixed order and
with fixed dates inside the zip, so that the same request gives the same bytes.
Sealed files are never read: every reading is as of somebody in no group.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.cells import harmless
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language, term
from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.events import About, Event, Kind
from sluicegate.kyc.diligence.production import Asked, Part
from sluicegate.registry.kinds import KINDS
from sluicegate.registry.records import Record
from sluicegate.services.access.principals import Scope
from sluicegate.services.desk import Desk
from sluicegate.services.ports.present import FindingFilter

INDEX = "index.json"
COVER = "cover.txt"
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_MOST_FINDINGS = 10_000
_STATED: Mapping[Part, tuple[str, str]] = {
    Part.IDENTITY: ("customers", "customer_id"),
    Part.OWNERSHIP: ("ownership", "owned_id"),
    Part.RUNS: ("runs", "customer_id"),
}
"""Part → the kind of registry record and the column that names the customer."""


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file of a bundle by its name in the zip; `rows` counts records, None for a document."""

    name: str
    content: bytes
    rows: int | None

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Bundle:
    """The files of a production, and the digest of their index."""

    files: tuple[BundleFile, ...]

    @property
    def index(self) -> list[dict[str, Any]]:
        """Every file with its digest, size and rows, in order of name."""
        return [
            {"name": one.name, "sha256": one.sha256, "bytes": len(one.content), "rows": one.rows}
            for one in self.files
        ]

    @property
    def digest(self) -> str:
        """The SHA-256 of the index in canonical form: what is released and what acts name."""
        return digest(self.index)


def gather(desk: Desk, asked: Asked, known_on: datetime) -> Bundle:
    """Return the files that a request covers, as known at an instant, and nothing beside them."""
    files: list[BundleFile] = []
    for part in Part:
        if part in asked.parts:
            files += _files_of(desk, part, asked.customers, known_on)
    return Bundle(tuple(sorted(files, key=lambda one: one.name)))


def zipped(bundle: Bundle, production_id: str, asked: Asked, language: Language) -> bytes:
    """Return the bundle as a zip with its index and cover page; the same bytes each time."""
    index = {
        "format": "sluicegate.production/1",
        "production": production_id,
        "digest": bundle.digest,
        "files": bundle.index,
    }
    files = [
        BundleFile(COVER, cover(bundle, production_id, asked, language).encode(), None),
        BundleFile(INDEX, (dump_json(index, indent=2) + "\n").encode(), None),
        *bundle.files,
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            entry = zipfile.ZipInfo(one.name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # as on Unix, whatever the machine is
            entry.external_attr = _READABLE
            archive.writestr(entry, one.content)
    return out.getvalue()


def cover(bundle: Bundle, production_id: str, asked: Asked, language: Language) -> str:
    """Return the cover page: who asked, on what ground, by when, and what is in it."""
    parts = [term(one.code, language) for one in asked.parts]
    lines = [
        say("Production {id}", id=production_id),
        say("Requested by: {requester}", requester=asked.requester),
        say("Legal ground: {ground}", ground=asked.ground),
        say("Received on {day}, due on {due}.", day=asked.received, due=asked.due),
        say("Customers: {customers}", customers=list(asked.customers)),
        say("Records: {parts}", parts=parts),
        say(
            "Files: {count}; digest of their index: {digest}",
            count=len(bundle.files),
            digest=bundle.digest,
        ),
        say("The index gives the SHA-256 of every file. Nothing else was taken out."),
    ]
    return "\n".join(one.text(language) for one in lines) + "\n"


def _files_of(
    desk: Desk, part: Part, customers: Sequence[str], known_on: datetime
) -> Iterator[BundleFile]:
    if part in _STATED:
        yield from _tables(part.value, _stated(desk, part, customers, known_on))
    elif part is Part.DILIGENCE:
        yield from _tables(part.value, _happened(desk, customers, known_on))
    elif part is Part.FINDINGS:
        yield from _tables(part.value, _found(desk, customers))
    else:
        yield from _documents(desk, customers, known_on)


def _stated(
    desk: Desk, part: Part, customers: Sequence[str], known_on: datetime
) -> Iterator[dict[str, Any]]:
    kind, column = _STATED[part]
    found = desk.store.histories.versions(kind, column, customers, known_on=known_on)
    for one in found:
        yield _record(kind, one)


def _record(kind: str, record: Record) -> dict[str, Any]:
    version = record.version
    said = KINDS[kind].content(record)
    if version is None:
        return said
    return {
        **said,
        "version_id": version.version_id,
        "recorded_at": version.recorded_at.isoformat(),
    }


def _happened(desk: Desk, customers: Sequence[str], known_on: datetime) -> Iterator[dict[str, Any]]:
    for customer_id in customers:
        for one in desk.store.diligence.events(About.CUSTOMER, customer_id, known_on=known_on):
            yield {
                "customer_id": customer_id,
                "event_id": one.event_id,
                "kind": one.kind.value,
                "at": one.at.isoformat(),
                "by": one.by,
                "data": dict(one.data),
                "words": dict(one.private or {}),
                "is_erased": one.is_erased,
                "digest": one.digest,
            }


def _found(desk: Desk, customers: Sequence[str]) -> Iterator[dict[str, Any]]:
    scope = Scope(desk.principal.tenant, desk.principal.jurisdictions)
    for customer_id in customers:
        wanted = FindingFilter(customer_id=customer_id)
        for row in desk.store.present.findings(scope, wanted, None, _MOST_FINDINGS):
            document = desk.store.finding(row.finding_id)
            if document is not None:
                yield {"id": row.finding_id, **document}


def _documents(desk: Desk, customers: Sequence[str], known_on: datetime) -> Iterator[BundleFile]:
    for customer_id in customers:
        for one in desk.store.diligence.events(About.CUSTOMER, customer_id, known_on=known_on):
            content = _content(desk, one)
            if content is not None:
                yield BundleFile(f"evidence/{one.event_id}.bin", content, None)


def _content(desk: Desk, event: Event) -> bytes | None:
    if event.kind is not Kind.VERIFIED or event.content_sha256 is None:
        return None
    return desk.store.diligence.content(event.event_id)


def _tables(name: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[BundleFile]:
    """Yield rows as JSON and as CSV; a value that is no text is JSON within its cell."""
    kept = list(rows)
    yield BundleFile(f"{name}.json", (dump_json(kept, indent=2) + "\n").encode(), len(kept))
    columns = list(dict.fromkeys(column for row in kept for column in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in kept:
        writer.writerow([_cell(row.get(column)) for column in columns])
    yield BundleFile(f"{name}.csv", out.getvalue().encode(), len(kept))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return harmless(value if isinstance(value, str) else dump_json(value))
