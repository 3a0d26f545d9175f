"""From a pass to a report document: series, thresholds, ownership, coverage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sluicegate import __version__
from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import Exact
from sluicegate.lineage.visitors import SCHEME
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.groups import group_totals
from sluicegate.metering.windows import Window
from sluicegate.rules.instruments import Title
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.measuring import Measure
from sluicegate.services.meter import Dimension, meter, unknown_accelerators
from sluicegate.services.ownership.pictured import ownership_above
from sluicegate.services.passes import Pass
from sluicegate.services.report import (
    Coverage,
    DayPoint,
    Member,
    Ownership,
    RejectedFile,
    Report,
    ReportHeading,
    ReportInputs,
    SourceCoverage,
    SubjectFacts,
    SubjectTotal,
    UnknownAccelerator,
    UnmappedAccount,
    build_report,
)
from sluicegate.services.threshold_lines import threshold_lines
from sluicegate.services.world import World

UNMAPPED = "unmapped:"
LARGEST = 12

TITLE = Title("Compute oversight report", "算力监管报告")


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose report it is and when it is made."""

    node: str
    roles: tuple[str, ...]
    made_at: datetime


def report_of(
    passed: Pass, measure: Measure, heading: Heading, *, notes: tuple[Title, ...] = ()
) -> Report:
    """Build the report of a pass."""
    world = passed.world
    subjects = {str(f.subject): f.subject for f in passed.assessment.findings}
    return build_report(
        ReportInputs(
            heading=ReportHeading(
                TITLE,
                heading.node,
                heading.roles,
                heading.made_at,
                measure.book.files_digest,
                __version__,
            ),
            assessment=passed.assessment,
            total=Estimate.total(world.totals.values()),
            subjects=[
                facts
                for subject in subjects.values()
                if (facts := _facts(subject, world, measure)) is not None
            ],
            largest=_largest(world),
            coverage=_coverage(passed, measure),
            notes=(*(one.title for one in passed.assessment.missing), *notes),
        )
    )


def _facts(subject: Subject, world: World, measure: Measure) -> SubjectFacts | None:
    """Return what is shown of a subject; a cluster has a rate and no amount over time."""
    if subject.kind_name == SubjectKind.CLUSTER.value:
        return None
    days = world.series(subject)
    book = measure.book
    rules = [rule for rule in book.thresholds.values() if rule.subject == subject.kind_name]
    span = (days[0].day, world.as_of) if days else (world.as_of, world.as_of)
    return SubjectFacts(
        subject=subject,
        estimate=_estimate(subject, world),
        series=tuple(cumulative(days)),
        thresholds=threshold_lines(rules, book, span, measure.known_day),
        members=_members(subject, world),
        ownership=_ownership(subject, world),
    )


def _estimate(subject: Subject, world: World) -> Estimate:
    if subject.kind_name == SubjectKind.CUSTOMER.value:
        return world.totals.get(subject.id, Estimate.zero())
    if subject.kind_name == SubjectKind.MODEL.value:
        return next(one.counts[SCHEME].estimate for one in world.models if one.key == subject.id)
    if subject.kind_name == SubjectKind.OUTPUT.value:
        return next(one.estimate for one in world.outputs if one.key == subject.id)
    return Estimate.total(one.estimate for one in world.series(subject))


def cumulative(days: Iterable[DayTotal]) -> Iterable[DayPoint]:
    """Yield the compute up to the end of each day, from daily totals in order of day."""
    low: Exact = 0
    central: Exact = 0
    high: Exact = 0
    ceiling: Exact = 0
    for one in days:
        low += one.estimate.low
        central += one.estimate.central
        high += one.estimate.high
        ceiling += one.estimate.ceiling
        yield DayPoint(one.day, low, central, high, ceiling)


def _grouping(subject: Subject, world: World) -> Mapping[str, str] | None:
    """Return customer → group by the grouping that a subject is a group of."""
    if subject.kind_name == SubjectKind.GROUP.value:
        return world.groups
    return world.linked if subject.kind_name == SubjectKind.LINKED.value else None


def _members(subject: Subject, world: World) -> tuple[Member, ...]:
    grouping = _grouping(subject, world)
    if grouping is None:
        return ()
    return tuple(
        Member(key, world.customer_name(key), world.totals.get(key))
        for key, group in sorted(grouping.items())
        if group == subject.id
    )


def _ownership(subject: Subject, world: World) -> Ownership | None:
    """Return the parties above a subject's customers, and what they hold."""
    grouping = _grouping(subject, world)
    if grouping is not None:
        start = [key for key, group in grouping.items() if group == subject.id]
    elif subject.kind_name == SubjectKind.CUSTOMER.value:
        start = [subject.id]
    else:
        return None
    return ownership_above(world.ownership, start)


def _largest(world: World) -> list[SubjectTotal]:
    """Return the groups and customers with the most compute; a group of one is its customer."""
    members = world.members()
    totals = group_totals(world.totals, world.groups)
    largest = sorted(totals, key=lambda key: totals[key].central, reverse=True)[:LARGEST]
    found = []
    for key in largest:
        if len(members.get(key, ())) > 1:
            name = world.group_names.get(key, key)
            subject = Subject.of(SubjectKind.GROUP, key, name, key)
        else:
            only = next(iter(members.get(key, ())), key)
            subject = Subject.of(SubjectKind.CUSTOMER, only, world.customer_name(only), only)
        found.append(SubjectTotal(subject, totals[key]))
    return found


def _coverage(passed: Pass, measure: Measure) -> Coverage:
    world = passed.world
    settings = measure.settings()
    unmapped = []
    for key, estimate in sorted(world.totals.items()):
        if key.startswith(UNMAPPED):
            source, _, account = key.removeprefix(UNMAPPED).partition(":")
            unmapped.append(UnmappedAccount(source, account, estimate))
    by_type = {
        row.dims["accelerator"]: row.estimate
        for row in meter(
            measure.lake,
            measure.store,
            settings,
            by=[Dimension.ACCELERATOR],
            window=Window.LIFETIME,
            as_of=measure.as_of,
            known_on=measure.known_on,
        )
    }
    unknown = unknown_accelerators(
        measure.lake, measure.store, settings, as_of=measure.as_of, known_on=measure.known_on
    )
    return Coverage(
        sources=tuple(_sources(measure)),
        unmapped=tuple(unmapped),
        unknown_accelerators=tuple(
            UnknownAccelerator(
                one.accelerator.removeprefix("unknown:"),
                one.records,
                by_type.get(one.accelerator, Estimate.zero()),
            )
            for one in unknown
        ),
        rejected=tuple(_rejected(measure)),
    )


def _sources(measure: Measure) -> Iterable[SourceCoverage]:
    for act in measure.store.acts():
        if act.name == "intake":
            record = json.loads(act.canonical)["record"]
            rows = record["accepted"] + record["unchanged"]
            yield SourceCoverage(record["file"], f"{record['kind']}, {record['format']}", rows)


def _rejected(measure: Measure) -> Iterable[RejectedFile]:
    for act in measure.store.acts():
        if act.name == "intake":
            record = json.loads(act.canonical)["record"]
            if record["rejected"]:
                yield RejectedFile(record["file"], record["accepted"], record["rejected"])
