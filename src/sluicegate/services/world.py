"""The measured world that detectors look at: who there is, and what they computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import say
from sluicegate.core.trace import Figure
from sluicegate.kyc.diligence.file import DiligenceFile
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.runs import MeteredRun
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import Customer, DeclaredRun, Facility
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.kept_words import UNDECLARED_RUN
from sluicegate.services.lineage.accounted import AccountedModel
from sluicegate.services.lineage.rated import RatedOutput
from sluicegate.services.linkage.finding import Linked
from sluicegate.services.ports.exchange import JointKept
from sluicegate.services.ports.matches import Match


@dataclass(frozen=True, slots=True)
class ClusterPeak:
    """A cluster with its aggregate dense peak, exact, in the meter's format."""

    cluster_id: str
    facility: Facility | None
    facility_id: str
    accelerator: str
    accelerator_count: int
    flop_per_second: Exact
    numeric_format: str
    fabric_id: str | None
    gbit_per_second: Exact | None
    known_accelerator: bool


@dataclass(frozen=True, slots=True)
class ListedOn:
    """That a party of the registry was matched with one listed party.

    `lists` are codes of the lists that the question ownership_50_percent knows:
    sdn, sdn_specified, entity_list, meu_list. `is_confirmed` says that a person
    confirmed the match; without that it is a score and proves no identity.
    `licence_policies` are what the Entity List says of it, word for word.
    """

    lists: frozenset[str]
    is_confirmed: bool
    match_ids: tuple[str, ...]
    licence_policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """Everything of one node as known on a day, measured up to it.

    `groups` gives the controlling party of each customer. `linked` gives the
    group of customers that links hold together under more than one control
    (no group of law), `linkage` what joins them. `series` gives a
    subject's daily totals in order of day, `figures` the parts its estimate was
    made from; both read the lake when asked, for the few subjects that matter.
    `listed` gives for customers and owners the listed parties that they match,
    `matches` the matches themselves: open ones and confirmed ones. `joint` says
    which groups cross together with another provider, by the last comparison with it.
    `files` are the files of due diligence of the customers that have one. `models`
    are those of kept lineages that come near a threshold on training compute, `outputs`
    those whose inference compute rate comes near the cap.
    """

    as_of: date
    country: str
    customers: Mapping[str, Customer]
    ownership: OwnershipGraph
    groups: Mapping[str, str]
    group_names: Mapping[str, str]
    totals: Mapping[str, Estimate]
    accounts: Mapping[str, Mapping[str, Estimate]]
    runs: Sequence[MeteredRun]
    declared: Mapping[str, DeclaredRun]
    clusters: Sequence[ClusterPeak]
    series: Callable[[Subject], Sequence[DayTotal]]
    figures: Callable[[Subject], tuple[Figure, ...]]
    listed: Mapping[PartyId, tuple[ListedOn, ...]] = field(default_factory=dict)
    matches: Sequence[Match] = ()
    linked: Mapping[str, str] = field(default_factory=dict)
    linkage: Linked | None = None
    joint: Sequence[JointKept] = ()
    files: Mapping[str, DiligenceFile] = field(default_factory=dict)
    models: Sequence[AccountedModel] = ()
    outputs: Sequence[RatedOutput] = ()

    def customer_name(self, customer_id: str) -> str:
        """Return a customer's name, or its id when nobody stated one."""
        customer = self.customers.get(customer_id)
        return customer_id if customer is None else customer.name

    def run_subject(self, run: MeteredRun) -> Subject:
        """Return a run as the subject of a finding, named by its customer and id or start."""
        customer = self.customer_name(run.customer_id)
        if run.run_id:
            name = f"{customer}: {run.run_id}"
        else:
            name = str(say(UNDECLARED_RUN, customer=customer, day=run.start))
        return Subject.of(SubjectKind.RUN, run.run_key, name, run.customer_id)

    def linked_members(self) -> Mapping[str, list[str]]:
        """Return the customers of each group of linked customers, in order."""
        members: dict[str, list[str]] = {}
        for customer_id in sorted(self.linked):
            members.setdefault(self.linked[customer_id], []).append(customer_id)
        return members

    def members(self) -> Mapping[str, list[str]]:
        """Return the customers of each group, in order, groups of one included."""
        members: dict[str, list[str]] = {}
        for customer_id in sorted(self.groups):
            members.setdefault(self.groups[customer_id], []).append(customer_id)
        return members
