"""The measured world of a pass as rows that pages read: customers, groups and runs.

Documents hold exact figures as decimal text. What changes often (a person's
address, a declaration) is not in them; it is read where it was stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sluicegate.core.estimates import Convention, Estimate, Method
from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import Exact, whole
from sluicegate.metering.accounts import UNMAPPED_PREFIX
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.groups import group_totals
from sluicegate.metering.runs import DeclarationGap, MatchedBy, MeteredRun
from sluicegate.registry.affiliates import Affiliation, ControlStep, Ground, GroupRule
from sluicegate.registry.columns import figure_text
from sluicegate.registry.records import DeclaredRun
from sluicegate.rules.law import Law
from sluicegate.services.measuring import Measure
from sluicegate.services.meter import rates_of
from sluicegate.services.ports.present_world import Standing, WorldMark, WorldPart, WorldRow
from sluicegate.services.present.covered import BatchCoverage, coverage_of
from sluicegate.services.present.keys import amount_key
from sluicegate.services.world import World

_BETWEEN = "|"


def keep_world(measure: Measure, world: World, *, at: datetime) -> int:
    """Keep a pass's world for pages; return how many rows changed."""
    law = Law(measure.book, measure.as_of, measure.known_day)
    rule = GroupRule(control_share=law.share("assess.groups.majority_share"))
    mark = WorldMark(world.as_of, at, _coverage(measure))
    rows = {
        WorldPart.CUSTOMERS: tuple(customer_rows(world, world.ownership.affiliation(rule))),
        WorldPart.GROUPS: tuple(group_rows(world)),
        WorldPart.RUNS: tuple(run_rows(world)),
    }
    return measure.store.present.keep_world(mark, rows, at=at)


def _coverage(measure: Measure) -> dict[str, Any]:
    store = measure.store
    mark = store.present.world_mark()
    known = {} if mark is None else known_coverage(mark)
    found = coverage_of(measure.lake, store.usage_batches(), rates_of(measure.catalogue), known)
    return {batch: one.document() for batch, one in found.items()}


def known_coverage(mark: WorldMark) -> dict[str, BatchCoverage]:
    """Return what the batches of a pass cover."""
    return {batch: BatchCoverage.of(one) for batch, one in mark.coverage.items()}


def customer_rows(world: World, affiliation: Affiliation) -> Iterator[WorldRow]:
    """Yield every customer, those that nobody names too."""
    members = world.members()
    for key in sorted({*world.customers, *world.totals}):
        customer = world.customers.get(key)
        group = world.groups.get(key, key)
        together = group if len(members.get(group, ())) > 1 else None
        estimate = world.totals.get(key)
        standing = Standing.NAMED
        if customer is None:
            is_mapped = not key.startswith(UNMAPPED_PREFIX)
            standing = Standing.UNNAMED if is_mapped else Standing.UNMAPPED
        steps = affiliation.path(PartyId(key)) if together else ()
        yield WorldRow(
            id=key,
            name=key if customer is None else customer.name,
            owner=together,
            document={
                "estimate": estimate_document(estimate),
                "kind": None if customer is None else customer.customer_kind.value,
                "group_name": world.group_names.get(group, group) if together else None,
                "steps": [_step_document(step) for step in steps],
            },
            amount_key=amount_key(None if estimate is None else estimate.central),
            standing=standing,
            country=None if customer is None else customer.country,
        )


def group_rows(world: World) -> Iterator[WorldRow]:
    """Yield the groups of two or more customers."""
    totals = group_totals(world.totals, world.groups)
    for group, members in world.members().items():
        if len(members) > 1:
            estimate = totals.get(group)
            party = world.ownership.party(PartyId(group))
            yield WorldRow(
                id=group,
                name=world.group_names.get(group) or party.name or group,
                owner=None,
                document={
                    "estimate": estimate_document(estimate),
                    "kind": party.kind.value,
                    "country": party.country,
                },
                amount_key=amount_key(None if estimate is None else estimate.central),
                members=len(members),
            )


def run_rows(world: World) -> Iterator[WorldRow]:
    """Yield the metered runs, and the declared ones that no usage bears out."""
    metered: dict[str, WorldRow] = {}
    matched: set[str] = set()
    for run in world.runs:
        if run.declared is not None:
            matched.add(str(run.declared.run_id))
        metered[run.run_key] = _metered_row(run)
    yield from metered.values()
    for declared in world.declared.values():
        key = f"{declared.customer_id}/{declared.run_id}"
        if str(declared.run_id) not in matched and key not in metered:
            yield _declared_row(key, declared)


def _metered_row(run: MeteredRun) -> WorldRow:
    declared = None if run.declared is None else str(run.declared.run_id)
    return WorldRow(
        id=run.run_key,
        name=run.run_id or declared or run.run_key.partition("/")[2],
        owner=run.customer_id,
        document={
            "run_id": run.run_id,
            "declared": declared,
            "clusters": list(run.cluster_ids),
            "start": run.start.isoformat(),
            "end": run.end.isoformat(),
            "accelerators_peak": figure_text(run.accelerators_peak),
            "is_assembled": run.is_assembled,
            "estimate": estimate_document(run.estimate),
            "gap": None if run.gap is None else _gap_document(run.gap),
            "days": [_day_text(one) for one in run.days],
        },
        amount_key=amount_key(run.estimate.central),
        started=run.start,
    )


def _declared_row(key: str, declared: DeclaredRun) -> WorldRow:
    return WorldRow(
        id=key,
        name=str(declared.run_id),
        owner=str(declared.customer_id),
        document={
            "run_id": str(declared.run_id),
            "declared": str(declared.run_id),
            "clusters": [],
            "start": None,
            "end": None,
            "accelerators_peak": None,
            "is_assembled": False,
            "estimate": None,
            "gap": None,
            "days": [],
        },
        amount_key=amount_key(None),
        started=declared.planned_start,
    )


def estimate_document(estimate: Estimate | None) -> dict[str, str] | None:
    """Return an estimate as text, exact."""
    if estimate is None:
        return None
    return {
        "low": figure_text(estimate.low),
        "central": figure_text(estimate.central),
        "high": figure_text(estimate.high),
        "ceiling": figure_text(estimate.ceiling),
        "method": estimate.method.value,
        "convention": estimate.convention.value,
    }


def estimate_of(document: Mapping[str, Any] | None) -> Estimate | None:
    """Return the estimate that `estimate_document` wrote."""
    if document is None:
        return None
    return Estimate(
        read_figure(document["low"]),
        read_figure(document["central"]),
        read_figure(document["high"]),
        read_figure(document["ceiling"]),
        Method(document["method"]),
        Convention(document["convention"]),
        "meter",
    )


def steps_of(document: Mapping[str, Any]) -> tuple[ControlStep, ...]:
    """Return the steps of control from a customer to the top of its group."""
    return tuple(
        ControlStep(
            PartyId(one["controlled"]),
            PartyId(one["controller"]),
            Ground(one["ground"]),
            Fraction(one["share"]),
            tuple(map(PartyId, one["holders"])),
        )
        for one in document["steps"]
    )


def _step_document(step: ControlStep) -> dict[str, Any]:
    return {
        "controlled": step.controlled,
        "controller": step.controller,
        "ground": step.ground.value,
        "share": str(step.share),
        "holders": list(step.holders),
    }


def gap_of(document: Mapping[str, Any] | None) -> DeclarationGap | None:
    """Return a run's declared amount beside the metered one."""
    if document is None:
        return None
    return DeclarationGap(
        MatchedBy(document["matched_by"]),
        _figure(document["declared_flop"]),
        _figure(document["parameters_tokens_flop"]),
        _figure(document["metered_share"]),
        document["is_within_bounds"],
    )


def _gap_document(gap: DeclarationGap) -> dict[str, Any]:
    return {
        "matched_by": gap.matched_by.value,
        "declared_flop": _text(gap.declared_flop),
        "parameters_tokens_flop": _text(gap.parameters_tokens_flop),
        "metered_share": _text(gap.metered_share),
        "is_within_bounds": gap.is_within_bounds,
    }


def days_of(document: Mapping[str, Any]) -> tuple[DayTotal, ...]:
    """Return a run's daily totals in order of day."""
    return tuple(map(_day_total, document["days"]))


def _day_text(one: DayTotal) -> str:
    """Return a day as one text: a long run has hundreds, and each value of a document costs."""
    estimate = one.estimate
    figures = (estimate.low, estimate.central, estimate.high, estimate.ceiling)
    return _BETWEEN.join(
        [
            one.day.isoformat(),
            *map(figure_text, figures),
            estimate.method.value,
            estimate.convention.value,
        ]
    )


def _day_total(text: str) -> DayTotal:
    day, low, central, high, ceiling, method, convention = text.split(_BETWEEN)
    estimate = Estimate(
        read_figure(low),
        read_figure(central),
        read_figure(high),
        read_figure(ceiling),
        Method(method),
        Convention(convention),
        "meter",
    )
    return DayTotal(date.fromisoformat(day), estimate)


def read_figure(text: str) -> Exact:
    """Return a figure as `registry.columns.figure_text` wrote it."""
    return whole(Fraction(text))


def _text(figure: Exact | None) -> str | None:
    return None if figure is None else figure_text(figure)


def _figure(text: str | None) -> Exact | None:
    return None if text is None else read_figure(text)
