"""Measure a node's world: join the registry with what the meter says, for one pass."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeVar

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import Exact, whole
from sluicegate.kyc.diligence.events import About
from sluicegate.kyc.diligence.file import DiligenceFile
from sluicegate.kyc.diligence.folding import fold
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.groups import group_totals
from sluicegate.metering.priors import Priors
from sluicegate.metering.runs import GangRules, MeteredRun
from sluicegate.metering.windows import Window
from sluicegate.registry.affiliates import GroupRule
from sluicegate.registry.catalogue import Catalogue
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import (
    AccountMapping,
    Cluster,
    Customer,
    DeclaredRun,
    Facility,
    OwnershipEdge,
)
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.detectors.lineage_compute import model_floors
from sluicegate.services.detectors.output_rates import rate_floor
from sluicegate.services.detectors.thresholds import customer_floor
from sluicegate.services.exchange.found import joint_found
from sluicegate.services.lineage.accounted import AccountedModel, accounted_models
from sluicegate.services.lineage.rated import RatedOutput, rated_outputs
from sluicegate.services.linkage.finding import Linked, Registry, find_linked, signals_of
from sluicegate.services.meter import (
    Dimension,
    MeterRow,
    MeterSettings,
    assemble_runs,
    meter,
    rates_of,
)
from sluicegate.services.ports import Store, UsageLake
from sluicegate.services.screening.parts import NodeScreening
from sluicegate.services.screening.standing import ALERTS, listed_on
from sluicegate.services.subject_details import SubjectDetails
from sluicegate.services.world import ClusterPeak, World

MILLISECONDS_PER_HOUR = 3_600_000

R = TypeVar("R")


@dataclass(frozen=True)
class Measure:
    """What measuring needs: the node's store and lake, the catalogue and the rules.

    `progress` is told the name of each step as it begins. `screening` is what
    parties are screened with before they are measured; None screens nobody.
    """

    store: Store
    lake: UsageLake
    catalogue: Catalogue
    book: RuleBook
    country: str
    as_of: date
    known_on: datetime | None = None
    progress: Callable[[str], None] = lambda _step: None
    screening: NodeScreening | None = None

    @property
    def known_day(self) -> date | None:
        """The last day whose knowledge of the law counts; an instant at midnight ends a day."""
        if self.known_on is None:
            return None
        return (self.known_on - timedelta(microseconds=1)).date()

    def world(self) -> World:
        """Return the world as known, measured up to and including the legal day `as_of`."""
        self.progress("registry")
        customers = {str(one.customer_id): one for one in self._records("customers", Customer)}
        ownership = self._ownership(customers)
        groups = self._groups(ownership, customers)
        self.progress("links")
        linked = self._linked(ownership, customers)
        settings = self.settings(groups)
        self.progress("roll-up")
        self.lake.refresh_daily([one.batch for one in self.store.usage_batches()])
        self.progress("totals")
        totals = self._totals(settings)
        by_group = group_totals(totals, groups)
        names = {group: _party_name(ownership, group) for group in by_group}
        self.progress("runs")
        declared = {str(one.run_id): one for one in self._records("runs", DeclaredRun)}
        runs = assemble_runs(
            self.lake,
            self.store,
            settings,
            gang_rules(self._law()),
            declared.values(),
            as_of=self.as_of,
            known_on=self.known_on,
        )
        self.progress("daily totals")
        matches = self.store.matches.matches(states=ALERTS, known_on=self.known_on)
        details = self._details(settings, totals, groups, linked.group_of, runs)
        files = self._files()
        models, outputs = self._lineages()
        return World(
            as_of=self.as_of,
            country=self.country,
            customers=customers,
            ownership=ownership,
            groups={key: groups.get(key, key) for key in {*customers, *totals}},
            group_names=names,
            totals=totals,
            accounts=details.accounts,
            runs=runs,
            declared=declared,
            clusters=self._clusters(),
            series=details.series,
            figures=details.figures,
            listed=listed_on(matches),
            matches=matches,
            linked=linked.group_of,
            linkage=linked,
            joint=joint_found(self.store, known_on=self.known_on),
            files=files,
            models=models,
            outputs=outputs,
        )

    def settings(self, groups: Mapping[str, str] | None = None) -> MeterSettings:
        """Return what metering rests on, from the registry and the rules of the day."""
        facilities = {one.facility_id: one for one in self._records("facilities", Facility)}
        regions = {
            str(one.cluster_id): place.region or place.country
            for one in self._records("clusters", Cluster)
            if (place := facilities.get(one.facility_id)) is not None
        }
        return MeterSettings(
            rates=rates_of(self.catalogue),
            priors=priors(self._law()),
            accounts=self._records("account_map", AccountMapping, every_period=True),
            groups=groups or {},
            regions=regions,
        )

    def groups(self) -> dict[str, str]:
        """Return customer → affiliate group on the day."""
        customers = {str(one.customer_id): one for one in self._records("customers", Customer)}
        return self._groups(self._ownership(customers), customers)

    def linked(self) -> Linked:
        """Return what links customers on the day, and the groups that it makes."""
        customers = {str(one.customer_id): one for one in self._records("customers", Customer)}
        return self._linked(self._ownership(customers), customers)

    def _linked(self, ownership: OwnershipGraph, customers: Mapping[str, Customer]) -> Linked:
        signals = signals_of(self.store, self.as_of, self.known_on)
        return find_linked(
            Registry(customers, ownership, signals),
            self.store,
            self._law(),
            as_of=self.as_of,
            known_on=self.known_on,
        )

    def _ownership(self, customers: Mapping[str, Customer]) -> OwnershipGraph:
        return OwnershipGraph.of(self._records("ownership", OwnershipEdge), customers.values())

    def _law(self) -> Law:
        return Law(self.book, self.as_of, self.known_day)

    def _records(self, kind: str, wanted: type[R], *, every_period: bool = False) -> list[R]:
        as_of = None if every_period else self.as_of
        found = self.store.records(kind, as_of=as_of, known_on=self.known_on)
        return [one for one in found if isinstance(one, wanted)]

    def _groups(
        self, ownership: OwnershipGraph, customers: Mapping[str, Customer]
    ) -> dict[str, str]:
        rule = GroupRule(control_share=self._law().share("assess.groups.majority_share"))
        found = ownership.attributed().affiliate_groups(map(PartyId, customers), rule)
        return {str(customer): str(group) for customer, group in found.items()}

    def _lineages(self) -> tuple[Sequence[AccountedModel], Sequence[RatedOutput]]:
        """Return the models and outputs of kept lineages that come near a threshold, as known."""
        self.progress("lineages")
        law, store = self._law(), self.store.lineages
        floors, least = model_floors(law), rate_floor(law)
        models: list[AccountedModel] = []
        outputs: list[RatedOutput] = []
        if not floors and least is None:
            return models, outputs
        for version in store.current(known_on=self.known_on):
            lineage = store.read(version)
            models += accounted_models(version.lineage_id, lineage, law, floors)
            if least is not None:
                outputs += rated_outputs(version.lineage_id, lineage, law, least)
        return models, outputs

    def _files(self) -> dict[str, DiligenceFile]:
        """Return the file of due diligence of each customer that has one, as known."""
        found = {}
        for customer_id, events in self.store.diligence.every(About.CUSTOMER).items():
            known = [one for one in events if self.known_on is None or one.at <= self.known_on]
            if known:
                found[customer_id] = fold(customer_id, known)
        return found

    def _totals(self, settings: MeterSettings) -> dict[str, Estimate]:
        rows = self._meter(settings, [Dimension.CUSTOMER])
        return {row.dims["customer"] or "": row.estimate for row in rows}

    def _meter(
        self,
        settings: MeterSettings,
        by: Sequence[Dimension],
        window: Window = Window.LIFETIME,
        customers: Collection[str] | None = None,
    ) -> Iterator[MeterRow]:
        return meter(
            self.lake,
            self.store,
            settings,
            by=by,
            window=window,
            as_of=self.as_of,
            known_on=self.known_on,
            customers=customers,
        )

    def _clusters(self) -> list[ClusterPeak]:
        facilities = {one.facility_id: one for one in self._records("facilities", Facility)}
        peaks = []
        for one in self._records("clusters", Cluster):
            found = self.catalogue.resolve(one.accelerator, on=self.as_of)
            known = found.accelerator
            unit = known or self.catalogue.bound_for_unknown(self.as_of)
            each = Fraction(unit.metering_peak) * (found.count if known else 1)
            peaks.append(
                ClusterPeak(
                    cluster_id=one.cluster_id,
                    facility=facilities.get(one.facility_id),
                    facility_id=one.facility_id,
                    accelerator=one.accelerator,
                    accelerator_count=one.accelerator_count,
                    flop_per_second=whole(each * one.accelerator_count),
                    numeric_format=unit.metering_format.value,
                    fabric_id=one.fabric_id,
                    gbit_per_second=one.fabric_gbit_per_second,
                    known_accelerator=known is not None,
                )
            )
        return peaks

    def _details(
        self,
        settings: MeterSettings,
        totals: Mapping[str, Estimate],
        groups: Mapping[str, str],
        linked: Mapping[str, str],
        runs: Sequence[MeteredRun],
    ) -> SubjectDetails:
        """Read the daily totals of the few customers that come near any threshold.

        A customer comes near alone, with its affiliate group, or with those it
        is linked to.
        """
        floor = customer_floor(self._law())
        near = {key for key, one in totals.items() if one.high >= floor}
        for grouping in (groups, linked):
            together = group_totals(totals, grouping)
            near |= {key for key in totals if together[grouping.get(key, key)].high >= floor}
        daily: dict[str, list[DayTotal]] = {}
        parts: dict[str, dict[str, Estimate]] = {}
        accounts: dict[str, dict[str, Estimate]] = {}
        if near:
            customer = Dimension.CUSTOMER
            for row in self._meter(settings, [customer], Window.DAY, near):
                day = DayTotal(row.start, row.estimate)
                daily.setdefault(str(row.dims["customer"]), []).append(day)
            for row in self._meter(settings, [customer, Dimension.ACCELERATOR], customers=near):
                name = row.dims["accelerator"] or "unknown"
                parts.setdefault(str(row.dims["customer"]), {})[name] = row.estimate
            for row in self._meter(settings, [customer, Dimension.ACCOUNT], customers=near):
                key = str(row.dims["customer"])
                accounts.setdefault(key, {})[row.dims["account"] or key] = row.estimate
        members: dict[str, list[str]] = {}
        for key in near:
            members.setdefault(groups.get(key, key), []).append(key)
            if key in linked:
                members.setdefault(linked[key], []).append(key)
        return SubjectDetails(
            daily,
            parts,
            {key: found for key, found in accounts.items() if len(found) > 1},
            members,
            {run.run_key: run for run in runs},
            settings.priors,
        )


def _party_name(ownership: OwnershipGraph, party: str) -> str:
    return ownership.party(PartyId(party)).name or party


def priors(law: Law) -> Priors:
    """Return the utilisation priors in force."""
    names = ("low", "central", "high")
    return Priors.of_shares(*(law.share(f"assess.metering.utilisation_{name}") for name in names))


def gang_rules(law: Law) -> GangRules:
    """Return what makes an assembled run, as in force."""
    gap = law.period("assess.runs.gap")
    size: Exact = law.amount("assess.runs.gang_size")
    return GangRules(
        gang_size=int(size),
        gap_ms=gap.amount * MILLISECONDS_PER_HOUR,
        steadiness=law.share("assess.runs.steadiness"),
        size_factor=int(law.amount("assess.runs.size_factor")),
    )
