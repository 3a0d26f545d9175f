"""Where the figures come from: files taken in, what they cover, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.shared import CustomerSummary, customer_summary
from sluicegate.services.meter import rates_of
from sluicegate.services.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Page,
    filter_digest,
    page_of,
    require_limit,
)
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.audit import ActFilter, ActRow
from sluicegate.services.ports.present_world import Standing, WorldFilter, WorldMark, WorldPart
from sluicegate.services.present.covered import BatchCoverage, coverage_of
from sluicegate.services.present.measured import known_coverage

INTAKE = "intake"
"""The act of taking one file in."""

MOST_NAMED = 100
"""Customers that nobody names, in one summary; the lists of customers give all."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that was taken in: its rows, and what it covers if it held usage.

    `kind` is a native kind such as customers or usage; `batch` names its part
    of the lake.
    """

    act_id: str
    file: str
    kind: str
    format: str
    digest: str
    at: datetime
    by: str
    accepted: int
    unchanged: int
    rejected: int
    batch: str | None
    coverage: BatchCoverage | None


@dataclass(frozen=True, slots=True)
class UnknownHardware:
    """Hardware that the catalogue lacks: its name as given, and segments of records."""

    name: str
    records: int


@dataclass(frozen=True, slots=True)
class SourcesSummary:
    """What the figures rest on.

    `files` counts the readings of files that were kept. `first_day` and
    `last_day` are legal days of usage, `records` counts segments of records (a
    record of two days is two). `future` are those of days after the day on
    which they were taken in. `unnamed` are customers of usage that no customers
    file names, `unmapped` accounts that no account map gives to a customer, as
    the last pass (`measured`) found them; the counts are of all.
    `unread_batches` were taken in after that pass.
    """

    files: int
    batches: int
    records: int
    first_day: date | None
    last_day: date | None
    future: int
    unknown: tuple[UnknownHardware, ...]
    measured: WorldMark | None
    unnamed: tuple[CustomerSummary, ...]
    unnamed_count: int
    unmapped: tuple[CustomerSummary, ...]
    unmapped_count: int
    unread_batches: int


def sources(desk: Desk, parts: NodeParts) -> SourcesSummary:
    """Return what the figures rest on, as of now. Raises RefusedError, LakeError."""
    desk.must(Action.SOURCE_READ)
    parts = parts.of(desk.store)
    mark = parts.store.present.world_mark()
    covered = _covered(parts, mark)
    days = [day for one in covered.values() for day in (one.first_day, one.last_day) if day]
    unknown: dict[str, int] = {}
    for one in covered.values():
        for name, count in one.unknown.items():
            unknown[name] = unknown.get(name, 0) + count
    known = {} if mark is None else mark.coverage
    return SourcesSummary(
        files=parts.store.present.acts_named(INTAKE),
        batches=len(covered),
        records=sum(one.records for one in covered.values()),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        future=sum(one.future for one in covered.values()),
        unknown=tuple(UnknownHardware(name, unknown[name]) for name in sorted(unknown)),
        measured=mark,
        unnamed=_without_name(parts, Standing.UNNAMED),
        unnamed_count=_count(parts, Standing.UNNAMED),
        unmapped=_without_name(parts, Standing.UNMAPPED),
        unmapped_count=_count(parts, Standing.UNMAPPED),
        unread_batches=sum(batch not in known for batch in covered),
    )


def files(
    desk: Desk, parts: NodeParts, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[SourceFile]:
    """Return a page of the files that were taken in, the last in front.

    Raises RefusedError, CursorError, LakeError.
    """
    desk.must(Action.SOURCE_READ)
    made_for = filter_digest({"list": INTAKE})
    before = None if cursor is None else Cursor.decode(cursor, made_for, (str,)).keys[0]
    acts = desk.store.audit.page(
        desk.scope,
        ActFilter(name=INTAKE),
        before=None if before is None else str(before),
        limit=require_limit(limit) + 1,
    )
    parts = parts.of(desk.store)
    covered = _covered(parts, parts.store.present.world_mark())
    page = page_of(acts, limit, lambda act: (act.act_id,), made_for)
    return page.as_rows(lambda act: _file(act, covered))


def _covered(parts: NodeParts, mark: WorldMark | None) -> dict[str, BatchCoverage]:
    """Return what each batch covers; those of after the last pass are read now."""
    batches = parts.store.usage_batches()
    known = {} if mark is None else known_coverage(mark)
    if any(one.batch not in known for one in batches):
        parts.lake.refresh_daily([one.batch for one in batches])
    return coverage_of(parts.lake, batches, rates_of(parts.catalogue), known)


def _file(act: ActRow, covered: Mapping[str, BatchCoverage]) -> SourceFile:
    record = json.loads(act.canonical)["record"]
    batch = record["batch"]
    return SourceFile(
        act_id=act.act_id,
        file=record["file"],
        kind=record["kind"],
        format=record["format"],
        digest=record["digest"],
        at=act.at,
        by=act.by,
        accepted=record["accepted"],
        unchanged=record["unchanged"],
        rejected=record["rejected"],
        batch=batch,
        coverage=None if batch is None else covered.get(batch),
    )


def _without_name(parts: NodeParts, standing: Standing) -> tuple[CustomerSummary, ...]:
    wanted = WorldFilter(standing=standing)
    rows = parts.store.present.world_rows(WorldPart.CUSTOMERS, wanted, None, MOST_NAMED)
    return tuple(map(customer_summary, rows))


def _count(parts: NodeParts, standing: Standing) -> int:
    return parts.store.present.world_count(WorldPart.CUSTOMERS, WorldFilter(standing=standing))
