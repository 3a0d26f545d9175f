"""Measured worlds made by hand: a few customers, owners, runs and clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.identifiers import (
    DEFAULT_TENANT,
    AcceleratorId,
    ClusterId,
    CustomerId,
    PartyId,
    RunId,
)
from sluicegate.core.quantities import Exact, Flop
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.runs import MeteredRun
from sluicegate.registry.affiliates import GroupRule
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import Customer, CustomerKind, DeclaredRun, OwnershipEdge
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.assess import Scope, assess
from sluicegate.services.detectors import DETECTORS
from sluicegate.services.findings import Assessment, Finding, Subject, SubjectKind
from sluicegate.services.lineage.accounted import AccountedModel
from sluicegate.services.lineage.rated import RatedOutput
from sluicegate.services.ports.exchange import JointKept
from sluicegate.services.world import ClusterPeak, World

AS_OF = date(2026, 6, 30)
BOOK = shipped_book()


def limit_of(parameter: str, on: date = AS_OF) -> Exact:
    """Return the figure of a parameter on a day."""
    return Law(BOOK, on).amount(parameter)


def exactly(flop: Exact) -> Estimate:
    """Return an amount that is known exactly."""
    return Estimate(flop, flop, flop, flop, Method.TELEMETRY)


def between(low: Exact, central: Exact, high: Exact) -> Estimate:
    """Return an amount that is known within bounds."""
    return Estimate(low, central, high, high * 2, Method.HARDWARE)


def customer(
    key: str, country: str = "US", *, individual: bool = False, account_of: str | None = None
) -> Customer:
    """Return a customer called after its key."""
    return Customer(
        source="crm",
        customer_id=CustomerId(key),
        name=f"Name of {key}",
        customer_kind=CustomerKind.INDIVIDUAL if individual else CustomerKind.ENTITY,
        country=country,
        account_of=None if account_of is None else CustomerId(account_of),
    )


def holds(
    owner: str,
    owned: str,
    share: str | None = None,
    *,
    country: str | None = "US",
    individual: bool = True,
    control: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> OwnershipEdge:
    """Return a holding; `share` is text such as 0.25."""
    return OwnershipEdge(
        source="register",
        owner_id=PartyId(owner),
        owned_id=PartyId(owned),
        owner_name=f"Name of {owner}",
        owner_kind=CustomerKind.INDIVIDUAL if individual else CustomerKind.ENTITY,
        owner_country=country,
        share=None if share is None else Fraction(share),
        substantial_control=control,
        valid_from=since,
        valid_to=until,
    )


def declared(run_id: str, owner: str = "c-1", **parts: Any) -> DeclaredRun:
    """Return a declared run; `declared_flop` is a count."""
    if "declared_flop" in parts:
        parts["declared_flop"] = Flop(parts["declared_flop"])
    return DeclaredRun(source="crm", run_id=RunId(run_id), customer_id=CustomerId(owner), **parts)


def run(
    run_id: str,
    estimate: Estimate,
    owner: str = "c-1",
    *,
    start: date = date(2026, 5, 10),
    declaration: DeclaredRun | None = None,
) -> MeteredRun:
    """Return a run of one legal day that usage named."""
    return MeteredRun(
        run_key=f"{owner}/{run_id}",
        customer_id=owner,
        cluster_ids=(),
        start=start,
        end=start + timedelta(days=1),
        accelerators_peak=1024,
        estimate=estimate,
        declared=declaration,
        days=(DayTotal(start, estimate),),
        run_id=run_id,
    )


def cluster(
    key: str, rate: Exact, *, fabric: str | None = None, gbit: Exact | None = 400
) -> ClusterPeak:
    """Return a cluster with a peak rate in FLOP per second."""
    return ClusterPeak(
        cluster_id=ClusterId(key),
        facility=None,
        facility_id="hall",
        accelerator=AcceleratorId("chip"),
        accelerator_count=1,
        flop_per_second=rate,
        numeric_format="bf16",
        fabric_id=fabric,
        gbit_per_second=gbit,
        known_accelerator=True,
    )


@dataclass
class Small:
    """What is put into a world; `days` gives a customer's daily totals, else one day holds all."""

    customers: Sequence[Customer] = ()
    edges: Iterable[OwnershipEdge] = ()
    totals: Mapping[str, Estimate] = field(default_factory=dict)
    accounts: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    runs: Sequence[MeteredRun] = ()
    declared: Sequence[DeclaredRun] = ()
    clusters: Sequence[ClusterPeak] = ()
    days: Mapping[str, Sequence[DayTotal]] = field(default_factory=dict)
    joint: Sequence[JointKept] = ()
    country: str = "US"
    linked: Mapping[str, str] = field(default_factory=dict)
    models: Sequence[AccountedModel] = ()
    outputs: Sequence[RatedOutput] = ()

    def world(self, as_of: date = AS_OF) -> World:
        """Return the world on a day; holdings that are not in force on it do not count."""
        graph = OwnershipGraph.of(self.edges, self.customers, on=as_of)
        rule = GroupRule(Law(BOOK, as_of).share("assess.groups.majority_share"))
        keys = [PartyId(str(one.customer_id)) for one in self.customers]
        groups = {str(k): str(g) for k, g in graph.affiliate_groups(keys, rule).items()}
        groups |= {key: key for key in self.totals if key not in groups}
        return World(
            as_of=as_of,
            country=self.country,
            customers={str(one.customer_id): one for one in self.customers},
            ownership=graph,
            groups=groups,
            group_names={group: f"Name of {group}" for group in groups.values()},
            totals=self.totals,
            accounts=self.accounts,
            runs=self.runs,
            declared={str(one.run_id): one for one in self.declared},
            clusters=self.clusters,
            series=lambda subject: self._series(subject, groups, as_of),
            figures=lambda _subject: (),
            linked=self.linked,
            joint=self.joint,
            models=self.models,
            outputs=self.outputs,
        )

    def _series(
        self, subject: Subject, groups: Mapping[str, str], as_of: date
    ) -> Sequence[DayTotal]:
        if subject.kind_name == SubjectKind.RUN.value:
            return next(one.days for one in self.runs if one.run_key == subject.id)
        if subject.kind_name == SubjectKind.CUSTOMER.value:
            return self._days(subject.id, as_of)
        members = [key for key, group in groups.items() if group == subject.id]
        by_day: dict[date, Estimate] = {}
        for key in members:
            for one in self._days(key, as_of):
                old = by_day.get(one.day, Estimate.zero())
                by_day[one.day] = old.plus(one.estimate)
        return [DayTotal(day, by_day[day]) for day in sorted(by_day)]

    def _days(self, key: str, as_of: date) -> Sequence[DayTotal]:
        if key in self.days:
            return self.days[key]
        return [DayTotal(as_of, self.totals[key])] if key in self.totals else []


def assessed(
    small: Small,
    *,
    as_of: date = AS_OF,
    detectors: Sequence[str] | None = None,
    regimes: Sequence[str] = (),
    book: RuleBook = BOOK,
    previous: Mapping[str, Mapping[str, Any]] | None = None,
) -> Assessment:
    """Assess a world on a day, with all detectors when none are named."""
    chosen = None if detectors is None else {name: DETECTORS[name] for name in detectors}
    return assess(
        small.world(as_of),
        book,
        tenant=DEFAULT_TENANT,
        previous=previous or {},
        scope=Scope(regimes, chosen),
    )


def found(small: Small, rule: str, **options: Any) -> list[Finding]:
    """Return the findings of one rule."""
    return [one for one in assessed(small, **options).findings if one.rule == rule]
