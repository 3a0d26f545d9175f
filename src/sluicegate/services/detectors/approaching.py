"""Customers who come near the threshold and are not fully identified yet.

A customer comes near by what it used, by where its growth leads, or with its
affiliate group. What is missing of it is named before it crosses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import PartyId, RuleId
from sluicegate.core.quantities import flop_text
from sluicegate.core.trace import Figure
from sluicegate.kyc.diligence.behind import Behind
from sluicegate.kyc.diligence.file import DiligenceFile
from sluicegate.kyc.diligence.items import held_items
from sluicegate.metering.forecast import crossing_day, project
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.rules.thresholds import Gauge, Level
from sluicegate.services.asking import ask_question
from sluicegate.services.findings import Crossing, Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate, estimate_figure
from sluicegate.services.world import World

RULE = RuleId("assess.kyc.full_identification")
INSTRUMENT = "assess.kyc"
TITLE = Title("Near the threshold and not fully identified", "临近阈值而身份识别不全")
OBLIGATIONS = ("assess.kyc.complete_identification",)


@dataclass(frozen=True, slots=True)
class _Near:
    """A customer with what brings it near: its own use or its group's, and where that leads."""

    customer_id: str
    measured: Subject
    used: Estimate
    projected: date | None


def approaching(world: World, law: Law) -> Iterator[Candidate]:
    """Yield each customer near or above the threshold, with what identification lacks."""
    gauge = Gauge.of(law.book.thresholds["assess.kyc.compute_used"], law)
    seen: set[str] = set()
    for near in (*_alone(world, law, gauge), *_with_group(world, law, gauge)):
        customer = world.customers.get(near.customer_id)
        is_open = customer is None or customer.closed is None or customer.closed > world.as_of
        if near.customer_id not in seen and is_open:
            seen.add(near.customer_id)
            yield _candidate(world, law, gauge, near)


def _alone(world: World, law: Law, gauge: Gauge) -> Iterator[_Near]:
    for customer_id, used in world.totals.items():
        subject = Subject.of(SubjectKind.CUSTOMER, customer_id)
        near, projected = _leads(world, law, gauge, subject, used)
        if near:
            yield _Near(customer_id, subject, used, projected)


def _with_group(world: World, law: Law, gauge: Gauge) -> Iterator[_Near]:
    for group, members in world.members().items():
        using = [one for one in members if one in world.totals]
        if len(using) > 1:
            subject = Subject.of(SubjectKind.GROUP, group)
            used = Estimate.total(world.totals[one] for one in using)
            near, projected = _leads(world, law, gauge, subject, used)
            if near:
                yield from (_Near(one, subject, used, projected) for one in using)


def _leads(
    world: World, law: Law, gauge: Gauge, subject: Subject, used: Estimate
) -> tuple[bool, date | None]:
    """Say whether use is or comes near the threshold, and the day its growth is to cross."""
    if used.high < gauge.limit * law.share("assess.growth.least_share"):
        return False, None
    horizon = law.period("assess.approach_horizon")
    growth = project(world.series(subject), gauge.limit, as_of=world.as_of, horizon=horizon)
    is_above = gauge.level(used.central) is Level.PASSED
    projected = None if is_above else growth.crossing
    return gauge.level(used.high) is not Level.BELOW or projected is not None, projected


def _candidate(world: World, law: Law, gauge: Gauge, near: _Near) -> Candidate:
    days = world.series(near.measured)
    crossed = {one: crossing_day(days, gauge.limit, gauge.comparator, one.value) for one in Bound}
    held = _held(world, law, near.customer_id)
    key = near.customer_id
    return Candidate(
        subject=Subject.of(SubjectKind.CUSTOMER, key, world.customer_name(key), key),
        rule=RULE,
        title=TITLE,
        instrument=INSTRUMENT,
        question="kyc_full_identification",
        facts={bound: {**held, **_amounts(law, gauge, near, bound)} for bound in Bound},
        passed=_is_wanting,
        obligations=OBLIGATIONS,
        estimate=near.used,
        crossing=Crossing(
            crossed[Bound.HIGH], crossed[Bound.CENTRAL], crossed[Bound.LOW], near.projected
        ),
        figures=(_figure(world, near),),
    )


def _is_wanting(answer: Mapping[str, Any]) -> bool:
    return bool(answer["identification_required"]) and not answer["complete"]


def _amounts(law: Law, gauge: Gauge, near: _Near, bound: Bound) -> dict[str, Any]:
    return {
        "compute_used": flop_text(getattr(near.used, bound.value)),
        "threshold": flop_text(gauge.limit),
        "approach_share": law.share("assess.kyc.approach_share"),
        "projected_crossing": None if near.projected is None else near.projected.isoformat(),
    }


def _held(world: World, law: Law, customer_id: str) -> dict[str, Any]:
    """Return what is held of a customer, as facts: the registry's, and what people entered."""
    file = world.files.get(customer_id, DiligenceFile(customer_id))
    graph = world.ownership
    owners = graph.beneficial_owners(
        PartyId(customer_id), Fraction(0), majority=law.share("assess.groups.majority_share")
    )
    customer = world.customers.get(customer_id)
    behind = Behind(customer_id, world.as_of, customer, graph, owners)
    named = _beneficial_owners(behind, law)
    all_named = behind.all_named(named, law.amount("assess.groups.beneficial_share"))
    held = held_items(customer, all_named, file.items)
    return {
        "customer_kind": behind.kind.value,
        "collected": [one.item.value for one in held],
        "identity_verified": not behind.unverified(file, named, world.as_of),
    }


def _beneficial_owners(behind: Behind, law: Law) -> Sequence[str]:
    facts = {"regime": "iaas_proposal", "holders": behind.holders()}
    asked = ask_question("beneficial_owners", facts, as_of=law.day, book=law.book)
    return tuple(asked.answer_json()["beneficial_owners"])


def _figure(world: World, near: _Near) -> Figure:
    parts = world.figures(near.measured)
    return estimate_figure("compute", near.used, parts, str(near.measured))
