"""What the pages of a customer, a group and a run show alike: compute over time, cases, days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from sluicegate.cases.filters import Filter
from sluicegate.core.quantities import Exact
from sluicegate.rules.showing import titled
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.opening import open_cases_about
from sluicegate.services.casework.queue import queue
from sluicegate.services.dossiers.shared import Series
from sluicegate.services.findings import SubjectKind
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.casework import CaseRow
from sluicegate.services.ports.present import FindingRow
from sluicegate.services.ports.present_world import WorldFilter, WorldPart
from sluicegate.services.report import DayPoint, Ownership, StepState, ThresholdLine
from sluicegate.web.dossier_parts import amount, asked_day, times
from sluicegate.web.visit import Visit
from sluicegate.wiring.dossier_pictures import (
    Course,
    Words,
    course_picture,
    holdings_picture,
    marks_of,
)

MOST_CASES = 20
"""Cases on the page of a subject; the queue has all."""

_MOST_MARKED = 12
"""Findings whose days of passing are marked in a picture."""

_MOST_MEMBERS = 500
"""Members of a group whose usage records are shown behind a finding."""


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture with its sentences."""

    svg: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthShown:
    """Compute up to the last day of use in a month, and the central estimate of the month alone."""

    day: date
    point: DayPoint
    alone: Exact


@dataclass(frozen=True, slots=True)
class LimitShown:
    """One step of a threshold, and how often it goes into the compute at the end of it.

    `state` is how it stands: in force, not enforced, no law.
    """

    rule: str
    instrument: str
    comparator: str
    value: Exact
    state: str
    start: date | None
    end: date | None
    times: str
    reference: str


@dataclass(frozen=True, slots=True)
class CourseShown:
    """Compute of a subject over time: the picture, and its two tables."""

    picture: PictureShown
    months: tuple[MonthShown, ...]
    limits: tuple[LimitShown, ...]


def own_parts(visit: Visit) -> NodeParts:
    """Return the node's parts over the store of who asks."""
    return replace(visit.served.node.parts, store=visit.desk.store)


def names_of_customers(visit: Visit, ids: Iterable[str]) -> Mapping[str, str]:
    """Return id → name as the last pass knew them; an id without a name stands for itself."""
    present = visit.desk.store.present
    found = {}
    for key in dict.fromkeys(ids):
        row = present.world_row(WorldPart.CUSTOMERS, key)
        found[key] = key if row is None else row.name or key
    return found


def members_of(visit: Visit, document: Mapping[str, Any]) -> Mapping[str, str]:
    """Return customer → group for the members of the group that a finding is about.

    A group of linked customers has the members that the finding counted: links
    that were cut since do not change what it says.
    """
    key = document["subject_id"]
    if document["subject_kind"] == SubjectKind.LINKED.value:
        return {one["account"]: key for one in document["facts"].get("accounts", ())}
    if document["subject_kind"] != SubjectKind.GROUP.value:
        return {}
    wanted = WorldFilter(owner=key)
    rows = visit.desk.store.present.world_rows(WorldPart.CUSTOMERS, wanted, None, _MOST_MEMBERS)
    return {row.id: key for row in rows}


def known_at(visit: Visit) -> datetime | None:
    """Return the instant that ends the day of knowledge in the address. Raises BadQueryError."""
    day = asked_day(visit, "known_on")
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), UTC)


def course_of(
    visit: Visit, name: str, series: Series, found: Sequence[FindingRow], as_of: date
) -> CourseShown | None:
    """Return compute over time beside the thresholds; None where nothing was used.

    `found` are the findings about this very subject.
    """
    if not series.points:
        return None
    documents = _documents(visit, found)
    sentences = (_total(visit, series, as_of), *_passed(visit, documents, as_of))
    title = visit._("Cumulative compute of %(name)s against thresholds", name=name)
    course = Course(series.points, series.thresholds, marks_of(documents, as_of), as_of)
    svg = course_picture(course, Words(title, " ".join(sentences), visit.language))
    return CourseShown(
        PictureShown(svg, sentences),
        tuple(_months(series.points)),
        tuple(_limits(visit, series)),
    )


def _documents(visit: Visit, found: Iterable[FindingRow]) -> list[Mapping[str, Any]]:
    wanted = [row.finding_id for row in found][:_MOST_MARKED]
    read = (visit.desk.store.finding(one) for one in wanted)
    return [one for one in read if one is not None]


def _total(visit: Visit, series: Series, as_of: date) -> str:
    total = series.total
    if amount(total.low) == amount(total.high):
        return visit._(
            "About %(central)s FLOP up to %(day)s, and at most %(ceiling)s.",
            central=amount(total.central),
            day=_plain_day(visit, as_of),
            ceiling=amount(total.ceiling),
        )
    return visit._(
        "About %(central)s FLOP up to %(day)s, between %(low)s and %(high)s, and at most "
        "%(ceiling)s.",
        central=amount(total.central),
        day=_plain_day(visit, as_of),
        low=amount(total.low),
        high=amount(total.high),
        ceiling=amount(total.ceiling),
    )


def _passed(visit: Visit, documents: Sequence[Mapping[str, Any]], as_of: date) -> list[str]:
    """Say of each finding when its threshold was passed, or that it is not yet."""
    said = []
    for document in documents:
        limit, crossing = document["threshold"], document["crossing"]
        if limit is None:
            continue
        names = {
            "rule": document["rule_title"][visit.language.value],
            "limit": f"{amount(limit['value'])} {limit['unit']}",
        }
        days = {bound: _past(crossing.get(bound), as_of) for bound in ("low", "central", "high")}
        ahead = _ahead(crossing, as_of)
        if days["low"] is not None:
            text = visit._("%(rule)s: %(limit)s was passed on %(day)s for certain.")
        elif days["central"] is not None:
            text = visit._("%(rule)s: %(limit)s was likely passed on %(day)s.")
        elif days["high"] is not None:
            text = visit._("%(rule)s: %(limit)s was possibly passed on %(day)s.")
        elif ahead is not None:
            text = visit._("%(rule)s: %(limit)s is passed about %(day)s if growth goes on as now.")
        else:
            continue
        day = days["low"] or days["central"] or days["high"] or ahead
        said.append(text % {**names, "day": "" if day is None else _plain_day(visit, day)})
    return said


def _past(text: str | None, as_of: date) -> date | None:
    day = None if text is None else date.fromisoformat(text)
    return day if day is not None and day <= as_of else None


def _ahead(crossing: Mapping[str, str | None], as_of: date) -> date | None:
    days = [date.fromisoformat(one) for one in (crossing.get("projected"),) if one]
    return next((day for day in days if day > as_of), None)


def _plain_day(visit: Visit, day: date) -> str:
    """Write a day for a sentence, without markup."""
    return visit.words.plain_day(day)


def _months(points: Sequence[DayPoint]) -> list[MonthShown]:
    """Return the last day of use in each month, the last month first."""
    last: dict[tuple[int, int], DayPoint] = {}
    for point in points:
        last[point.day.year, point.day.month] = point
    found: list[MonthShown] = []
    before: Exact = 0
    for point in last.values():
        found.append(MonthShown(point.day, point, point.central - before))
        before = point.central
    return found[::-1]


def _limits(visit: Visit, series: Series) -> list[LimitShown]:
    return [one for line in series.thresholds for one in _steps(visit, line, series)]


def _steps(visit: Visit, line: ThresholdLine, series: Series) -> list[LimitShown]:
    states = {
        StepState.IN_FORCE: visit._("in force"),
        StepState.NOT_ENFORCED: visit._("in force, not enforced"),
        StepState.NOT_LAW: visit._("no law: proposal, guidance or own setting"),
    }
    return [
        LimitShown(
            line.rule,
            titled(line.instrument_title, visit.language),
            line.comparator.value,
            step.value,
            states[step.state],
            step.start,
            step.end,
            times(_until(series.points, step.end), step.value),
            step.reference,
        )
        for step in line.steps
    ]


def _until(points: Sequence[DayPoint], end: date | None) -> Exact:
    """Return the central estimate at the end of a step."""
    found = [point.central for point in points if end is None or point.day < end]
    return found[-1] if found else Fraction(0)


def holdings_of(visit: Visit, name: str, held: Ownership | None) -> PictureShown | None:
    """Return the picture of who owns whom; None where nobody holds anything."""
    if held is None:
        return None
    said = visit._(
        "%(nodes)s parties and %(edges)s holdings. Owners stand above what they own.",
        nodes=len(held.nodes),
        edges=len(held.edges),
    )
    title = visit._("Who owns whom around %(name)s", name=name)
    return PictureShown(holdings_picture(held, Words(title, said, visit.language)), (said,))


def cases_about(visit: Visit, wanted: Filter) -> tuple[CaseRow, ...]:
    """Return the first cases of a filter, as far as the reader sees cases."""
    if not visit.may(Action.CASE_READ):
        return ()
    return queue(visit.desk, wanted, None, MOST_CASES).rows


@dataclass(frozen=True, slots=True)
class OpeningShown:
    """Where a case about a subject is opened; "" where it is not: `standing` are open already."""

    address: str
    standing: tuple[CaseRow, ...]


def opening_about(visit: Visit, subject: str) -> OpeningShown:
    """Return the open cases about a subject, or else where the reader may open one."""
    standing: tuple[CaseRow, ...] = ()
    if visit.may(Action.CASE_READ):
        standing = tuple(open_cases_about(visit.desk, subject))
    may_open = visit.may(Action.CASE_OPEN) and not standing
    return OpeningShown(
        f"/cases/new?subject={quote(subject, safe='')}" if may_open else "", standing
    )
