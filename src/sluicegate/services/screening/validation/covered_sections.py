"""Whom screening covers, with which lists, and when it ran, as parts of a pack."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Scope
from sluicegate.services.lists.checking import ListAge, ages
from sluicegate.services.lists.parts import Catalogue
from sluicegate.services.lists.state import carriers_of, current_versions
from sluicegate.services.ports.audit import ActFilter, ActRow
from sluicegate.services.ports.lists import KeptVersion
from sluicegate.services.ports.matches import RunKind, ScreeningRun, Trigger
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.condition import LATE_AFTER
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.scheduling import ALARM
from sluicegate.services.screening.validation import completeness
from sluicegate.services.screening.validation.completeness import Completeness
from sluicegate.services.screening.validation.sections import Coded, Column, Section

_RUNS = 200
_PAGE = 500


def _coded(value: completeness.Coverage | completeness.NameFault | None) -> Coded | None:
    return None if value is None else Coded(value.value, completeness.words_of(value))


_SOURCE = Column("source", say("Source"))
_KIND = Column("kind", say("Kind of record"))
_COVERAGE = Column("coverage", say("Screened"), lambda one: _coded(one.coverage))
_RECORD = (
    _KIND,
    _SOURCE,
    Column("party", say("Party"), lambda one: one.party_id),
    Column("owned", say("Holds"), lambda one: one.owned_id),
    Column("name", say("Name")),
    _COVERAGE,
    Column("fault", say("What is wrong with the name"), lambda one: _coded(one.fault)),
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


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many records of a kind and source are covered in one way."""

    source: str
    kind: str
    coverage: completeness.Coverage
    records: int


@dataclass(frozen=True, slots=True)
class _Refused:
    """How many rows of a file intake refused."""

    file: str
    rows: int


def completeness_sections(found: Completeness) -> list[Section]:
    """Return of every record whether it is screened, and the names that are not in order."""
    faults = found.faults()
    return [
        Section.of(
            "completeness",
            say("From source to screened"),
            (_SOURCE, _KIND, _COVERAGE, Column("records", say("Records"))),
            [_Counted(*key, count) for key, count in found.counts().items()],
            say(
                "{records} records of customers and owners were followed to {screened} parties "
                "that are screened.",
                records=len(found.records),
                screened=found.screened,
            ),
            say(
                "{missed} records should be screened and are not; {waiting} parties came or "
                "changed since the last run; {unknown} are screened that no record states.",
                missed=found.missed,
                waiting=len(found.waiting),
                unknown=len(found.unknown),
            ),
            say(
                "Intake refused {rows} rows of {files} files; they are on no list of customers.",
                rows=sum(found.rejected.values()),
                files=len(found.rejected),
            ),
        ),
        Section.of(
            "name_faults",
            say("Names that no engine can find"),
            _RECORD,
            faults,
            say(
                "{count} records have a name that is empty, a placeholder or damaged. They "
                "are screened as they stand where they have any text, and find nothing.",
                count=len(faults),
            ),
        ),
        Section.of(
            "rejected_rows",
            say("Rows that intake refused"),
            (Column("file", say("File")), Column("rows", say("Rows"))),
            [_Refused(*item) for item in found.rejected.items()],
        ),
        Section.of("records", say("Every record"), _RECORD, found.records, on_page=False),
    ]


@dataclass(frozen=True)
class Watch:
    """What lists and runs are held against: what is known of lists, and the hours of a schedule."""

    catalogue: Catalogue
    hours: int


@dataclass(frozen=True, slots=True)
class _InUse:
    """A list in use: its age, the version that holds it, and the replay before its use."""

    age: ListAge
    version: KeptVersion
    replayed: str


_LIST = (
    Column("list", say("List"), lambda one: one.age.list_id),
    Column("version", say("Version"), lambda one: one.version.about.version),
    Column("published", say("Published"), lambda one: one.version.about.published),
    Column("loaded", say("Loaded"), lambda one: one.version.about.loaded_at),
    Column(
        "entries",
        say("Entries"),
        lambda one: dict(one.version.about.counts).get(one.age.list_id, 0),
    ),
    Column("since", say("Age counted from"), lambda one: one.age.since),
    Column("days", say("Age in days"), lambda one: one.age.days),
    Column("greatest", say("Days allowed"), lambda one: one.age.greatest),
    Column("stale", say("Too old"), lambda one: one.age.is_stale),
    Column("unread", say("Rows not read"), lambda one: one.version.problems),
    Column("checksum", say("SHA-256"), lambda one: one.version.about.checksum),
    Column("source", say("Source"), lambda one: one.version.about.source),
    Column("replayed", say("Replayed before use in")),
)


def lists_section(
    store: Store, watch: Watch, replayed: Mapping[str, str], now: datetime
) -> Section:
    """Return the lists in use with their versions, ages and checksums.

    `replayed` is checksum → the activated proposal in which a file was replayed
    before it was taken in.
    """
    carriers = carriers_of(current_versions(store.lists.versions()))
    held = [
        _InUse(age, version, replayed.get(version.about.checksum, ""))
        for age in ages(store, watch.catalogue, now.date())
        for version in (carriers[age.list_id],)
    ]
    return Section.of(
        "lists",
        say("Lists in use"),
        _LIST,
        held,
        say(
            "The age counts from the issuer's day of the version in use, or from the last day on "
            "which the issuer's own address gave the same version. Above the days allowed a list "
            "is too old, and the node says so until a newer one is there. Rows not read are rows "
            "of the file that nobody could read; nothing is screened against them."
        ),
    )


_RUN = (
    Column("run", say("Run"), lambda one: one.run_id),
    Column("at", say("At")),
    Column("kind", say("Compared"), lambda one: _worded(one.kind)),
    Column("trigger", say("For"), lambda one: _worded(one.trigger)),
    Column("algorithm", say("Algorithm")),
    Column("threshold", say("Score of an alert"), lambda one: score_text(one.threshold)),
    Column("screened", say("Screened parties")),
    Column("listed", say("Listed parties")),
    Column("alerts", say("Alerts")),
    Column("gained", say("Gained"), lambda one: len(one.gained)),
    Column("lost", say("Lost"), lambda one: len(one.lost)),
    Column("stale", say("Too old"), lambda one: list(one.stale)),
    Column("cpu_milliseconds", say("CPU milliseconds")),
)


def _worded(value: RunKind | Trigger) -> Coded:
    return Coded(value.value, say("{code:term}", code=value.code))


@dataclass(frozen=True, slots=True)
class _Gap:
    """A time without a run."""

    start: datetime
    end: datetime


def _of_act(name: str) -> Callable[[ActRow], Any]:
    return lambda act: json.loads(act.canonical)["record"].get(name)


def run_sections(store: Store, scope: Scope, watch: Watch, now: datetime) -> list[Section]:
    """Return the runs of screening, the times without one, and the alarms."""
    runs = store.matches.runs(limit=_RUNS)
    return [
        Section.of(
            "runs",
            say("Runs of screening"),
            _RUN,
            runs,
            say("The last {count} runs.", count=len(runs)),
        ),
        Section.of(
            "gaps",
            say("Times without a run that were longer than they may be"),
            (
                Column("from", say("From"), lambda one: one.start),
                Column("until", say("Until"), lambda one: one.end),
            ),
            _gaps(runs, timedelta(hours=watch.hours * LATE_AFTER), now),
            say(
                "A run is due every {hours} hours; it is late after {late}.",
                hours=watch.hours,
                late=watch.hours * LATE_AFTER,
            ),
        ),
        Section.of(
            "alarms",
            say("Alarms"),
            (
                Column("at", say("At")),
                Column("late", say("Late"), _of_act("late")),
                Column("stale", say("Too old"), _of_act("stale")),
                Column("told", say("People told"), _of_act("told")),
            ),
            _acts(store, scope, ALARM),
            say("The node raises an alarm when a run is late or a list is too old."),
        ),
    ]


def _gaps(runs: Sequence[ScreeningRun], most: timedelta, now: datetime) -> list[_Gap]:
    ends = [now, *(one.at for one in runs)]
    return [_Gap(before, after) for after, before in pairwise(ends) if after - before > most]
