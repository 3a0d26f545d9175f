"""Customers whose use grows month by month, and others with as much use that does not."""

from dataclasses import dataclass
from enum import Enum

from sluicegate.demo.draft import Draft
from sluicegate.demo.draws import whole_flop
from sluicegate.demo.instants import MONTHS, month_spans
from sluicegate.demo.patterns.labs import add_lab_customer
from sluicegate.demo.records import Cluster
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern, Subject, SubjectKind
from sluicegate.demo.work import Job, make_small_runs

_PERCENT = 100
_GROWING_MONTHS = 6
_CLUSTERS_EACH = 3
_ONE_CLUSTER = "4e24"  # a month with less FLOP stays on one cluster


class Shape(Enum):
    """How the use of a customer moves over the year."""

    GROWS = "grows by a steady factor each month"
    FLAT = "flat"
    FELL = "grew, then fell"


@dataclass(frozen=True, slots=True)
class _Plan:
    shape: Shape
    total: tuple[str, str]


_PLANS = (
    *(_Plan(Shape.GROWS, ("3.8e25", "7.2e25")) for _ in range(5)),
    *(_Plan(Shape.FLAT, ("3.6e25", "4.4e25")) for _ in range(2)),
    *(_Plan(Shape.FELL, ("3.8e25", "6e25")) for _ in range(2)),
)


def add_fast_growth(draft: Draft, sites: Sites) -> None:
    """Add customers that grow toward a limit, and look-alikes."""
    for plan in _PLANS:
        customer_id = add_lab_customer(draft, Pattern.FAST_GROWTH)
        percent = draft.draws.whole(152, 215)
        weights = _weights(plan.shape, percent)
        total = draft.draws.flop(*plan.total)
        clusters = draft.draws.some(sites.large, _CLUSTERS_EACH)
        utilisation = draft.utilisation()
        months = []
        for (first, end), weight in zip(month_spans(draft.as_of), weights, strict=True):
            share = total * weight // sum(weights)
            job = Job(customer_id, clusters[0], share, first, end - first, utilisation)
            months.append(_use_in_month(draft, job, clusters))
        detail = {"shape": plan.shape.value, "monthly_flop": " ".join(map(str, months))}
        if plan.shape is Shape.GROWS:
            detail["percent_of_previous_month"] = str(percent)
        draft.add_pattern(
            Pattern.FAST_GROWTH,
            Subject(SubjectKind.CUSTOMER, id=customer_id),
            near_miss=plan.shape is not Shape.GROWS,
            flop=sum(months),
            detail=detail,
        )


def _weights(shape: Shape, percent: int) -> list[int]:
    """The use of twelve months relative to each other, in ten-thousandths of the first.

    >>> _weights(Shape.GROWS, 200)[-3:]
    [160000, 320000, 640000]
    """
    weights = [_PERCENT * _PERCENT]
    for month in range(1, MONTHS):
        factor = _PERCENT
        if shape is Shape.GROWS and month >= MONTHS - _GROWING_MONTHS:
            factor = percent
        elif shape is Shape.FELL:
            rising = month <= MONTHS - _GROWING_MONTHS
            factor = 165 if rising else 45
        weights.append(weights[-1] * factor // _PERCENT)
    return weights


def _use_in_month(draft: Draft, month: Job, clusters: list[Cluster]) -> int:
    """One month's use, shared out over clusters so that no single run becomes large."""
    parts = 1 if month.target_flop < whole_flop(_ONE_CLUSTER) else len(clusters)
    made = 0
    for cluster in clusters[:parts]:
        job = Job(
            customer_id=month.customer_id,
            cluster=cluster,
            target_flop=month.target_flop // parts,
            first_day=month.first_day,
            days=month.days,
            utilisation=month.utilisation,
        )
        made += make_small_runs(draft, job)
    return made
