"""Whom screening covers, with which lists, and when it ran, as parts of a pack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Scope
from sluicegate.services.lists.checking import ages
from sluicegate.services.lists.parts import Catalogue
from sluicegate.services.lists.state import carriers_of, current_versions
from sluicegate.services.ports.audit import ActFilter, ActRow
from sluicegate.services.ports.matches import ScreeningRun
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.condition import LATE_AFTER
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.scheduling import ALARM
from sluicegate.services.screening.validation import completeness
from sluicegate.services.screening.validation.completeness import Completeness, RecordCovered
from sluicegate.services.screening.validation.sections import Coded, Column, Section

_RUNS = 200
_PAGE = 500
_RECORD = (
    Column("kind", say("Kind of record")),
    Column("source", say("Source")),
    Column("party", say("Party")),
    Column("owned", say("Holds")),
    Column("name", say("Name")),
    Column("coverage", say("Screened")),
    Column("fault", say("What is wrong with the name")),
)


def rejected_rows(store: Store, scope: Scope) -> dict[str, int]:
    """Return file → rows that intake refused, from the acts of intake."""
    found: dict[str, int] = {}
    for act in _acts(store, scope, "intake"):
        record: Mapping[str, Any] = json.loads(act.canonical)["record"]
        if record.get("kind") in ("customers", "ownership") and record.get("rejected"):
            file = str(record["file"])
            found[file] = found.get(file, 0) + int(record["rejected"])
    return found


def _acts(store: Store, scope: Scope, name: str) -> list[ActRow]:
    found: list[ActRow] = []
    wanted = ActFilter(name=name)
    while True:
        before = found[-1].act_id if found else None
        page = store.audit.page(scope, wanted, before=before, limit=_PAGE)
        found += page
        if len(page) < _PAGE:
            return found


def completeness_sections(found: Completeness) -> list[Section]:
    """Return of every record whether it is screened, and the names that are not in order."""
    faults = found.faults()
    told = [
        say(
            "{records} records of customers and owners were followed to {screened} parties that "
            "are screened.",
            records=len(found.records),
            screened=found.screened,
        ),
        say(
            "{waiting} parties came or changed since the last run; {unknown} are screened that no "
            "record states.",
            waiting=len(found.waiting),
            unknown=len(found.unknown),
        ),
        say(
            "Intake refused {rows} rows of {files} files; they are on no list of customers.",
            rows=sum(found.rejected.values()),
            files=len(found.rejected),
        ),
    ]
    counts = [
        {"source": source, "kind": kind, "coverage": _coded(coverage), "records": count}
        for (source, kind, coverage), count in found.counts().items()
    ]
    columns = {one.name: one for one in _RECORD}
    return [
        Section(
            "completeness",
            say("From source to screened"),
            tuple(told),
            (
                columns["source"],
                columns["kind"],
                columns["coverage"],
                Column("records", say("Records")),
            ),
            counts,
        ),
        Section(
            "name_faults",
            say("Names that no engine can find"),
            (
                say(
                    "{count} records have a name that is empty, a placeholder or damaged. They "
                    "are screened as they stand where they have any text, and find nothing.",
                    count=len(faults),
                ),
            ),
            _RECORD,
            [_record_row(one) for one in faults],
        ),
        Section(
            "rejected_rows",
            say("Rows that intake refused"),
            (),
            (Column("file", say("File")), Column("rows", say("Rows"))),
            [{"file": file, "rows": rows} for file, rows in found.rejected.items()],
        ),
        Section(
            "records",
            say("Every record"),
            (),
            _RECORD,
            [_record_row(one) for one in found.records],
            on_page=False,
        ),
    ]


def _coded(value: completeness.Coverage | completeness.NameFault) -> Coded:
    return Coded(value.value, completeness.words_of(value))


def _record_row(one: RecordCovered) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "source": one.source,
        "party": one.party_id,
        "owned": one.owned_id,
        "name": one.name,
        "coverage": _coded(one.coverage),
        "fault": None if one.fault is None else _coded(one.fault),
    }


@dataclass(frozen=True)
class Watch:
    """What lists and runs are held against: what is known of lists, and the hours of a schedule."""

    catalogue: Catalogue
    hours: int


def lists_section(
    store: Store, watch: Watch, replayed: Mapping[str, str], now: datetime
) -> Section:
    """Return the lists in use with their versions, ages and checksums.

    `replayed` is checksum → the activated proposal in which a file was replayed
    before it was taken in.
    """
    carriers = carriers_of(current_versions(store.lists.versions()))
    rows = []
    for age in ages(store, watch.catalogue, now.date()):
        version = carriers[age.list_id]
        about = version.about
        rows.append(
            {
                "list": age.list_id,
                "version": about.version,
                "published": about.published,
                "loaded": about.loaded_at,
                "entries": dict(about.counts).get(age.list_id, 0),
                "days": age.days,
                "greatest": age.greatest,
                "stale": age.is_stale,
                "unread": version.problems,
                "checksum": about.checksum,
                "source": about.source,
                "replayed": replayed.get(about.checksum, ""),
            }
        )
    return Section(
        "lists",
        say("Lists in use"),
        (),
        (
            Column("list", say("List")),
            Column("version", say("Version")),
            Column("published", say("Published")),
            Column("loaded", say("Loaded")),
            Column("entries", say("Entries")),
            Column("days", say("Age in days")),
            Column("greatest", say("Days allowed")),
            Column("stale", say("Too old")),
            Column("unread", say("Rows not read")),
            Column("checksum", say("SHA-256")),
            Column("source", say("Source")),
            Column("replayed", say("Replayed before use in")),
        ),
        rows,
    )


def run_sections(store: Store, scope: Scope, watch: Watch, now: datetime) -> list[Section]:
    """Return the runs of screening, the times without one, and the alarms."""
    runs = store.matches.runs(limit=_RUNS)
    gaps = _gaps(runs, timedelta(hours=watch.hours * LATE_AFTER), now)
    alarms = _acts(store, scope, ALARM)
    return [
        Section(
            "runs",
            say("Runs of screening"),
            (say("The last {count} runs.", count=len(runs)),),
            (
                Column("run", say("Run")),
                Column("at", say("At")),
                Column("kind", say("Compared")),
                Column("trigger", say("For")),
                Column("algorithm", say("Algorithm")),
                Column("threshold", say("Score of an alert")),
                Column("screened", say("Screened parties")),
                Column("listed", say("Listed parties")),
                Column("alerts", say("Alerts")),
                Column("gained", say("Gained")),
                Column("lost", say("Lost")),
                Column("stale", say("Too old")),
                Column("cpu_milliseconds", say("CPU milliseconds")),
            ),
            [_run_row(one) for one in runs],
        ),
        Section(
            "gaps",
            say("Times without a run that were longer than they may be"),
            (
                say(
                    "A run is due every {hours} hours; it is late after {late}.",
                    hours=watch.hours,
                    late=watch.hours * LATE_AFTER,
                ),
            ),
            (Column("from", say("From")), Column("until", say("Until"))),
            gaps,
        ),
        Section(
            "alarms",
            say("Alarms"),
            (),
            (
                Column("at", say("At")),
                Column("late", say("Late")),
                Column("stale", say("Too old")),
                Column("told", say("People told")),
            ),
            [_alarm_row(one) for one in alarms],
        ),
    ]


def _run_row(run: ScreeningRun) -> dict[str, Any]:
    return {
        "run": run.run_id,
        "at": run.at,
        "kind": run.kind.value,
        "trigger": run.trigger.value,
        "algorithm": run.algorithm,
        "threshold": score_text(run.threshold),
        "screened": run.screened,
        "listed": run.listed,
        "alerts": run.alerts,
        "gained": len(run.gained),
        "lost": len(run.lost),
        "stale": list(run.stale),
        "cpu_milliseconds": run.cpu_milliseconds,
    }


def _gaps(runs: Sequence[ScreeningRun], most: timedelta, now: datetime) -> list[dict[str, Any]]:
    ends = [now, *(one.at for one in runs)]
    return [
        {"from": before, "until": after}
        for after, before in pairwise(ends)
        if after - before > most
    ]


def _alarm_row(act: ActRow) -> dict[str, Any]:
    record = json.loads(act.canonical)["record"]
    return {"at": act.at, **{name: record.get(name) for name in ("late", "stale", "told")}}
