"""What is known of a customer that due diligence rests on: registry, owners, use, findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import Exact
from sluicegate.kyc.diligence.behind import Behind
from sluicegate.kyc.diligence.purpose import Use
from sluicegate.registry.records import Customer, DeclaredRun
from sluicegate.rules.law import Law
from sluicegate.services.access.principals import Scope
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.dossiers.usage import usage_of
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.present import FindingFilter
from sluicegate.services.ports.present_world import WorldFilter, WorldPart
from sluicegate.services.present.measured import estimate_of

_TRAINING_KINDS = ("train", "tune", "tuning", "训练", "微调")
"""What the kind of a declared run has in it where the run trains, such as pretraining."""

_MOST_RUNS = 1_000


@dataclass(frozen=True)
class Customers(Behind):
    """What sources state of a customer on a day, who owns it, and where that was read."""

    knowledge: Knowledge

    @classmethod
    def of(
        cls, desk: Desk, law: Law, customer_id: str, known_on: datetime | None = None
    ) -> Customers:
        """Read what is stated of a customer on the day of the law."""
        known = Knowledge(desk.store, law.day, known_on)
        versions = known.versions("customers", "customer_id", [customer_id], Customer)
        holding = known.holding("customers", versions)
        graph = known.ownership_above([customer_id])
        owners = graph.beneficial_owners(
            PartyId(customer_id), Fraction(0), majority=law.share("assess.groups.majority_share")
        )
        holds = holding[0] if holding else None
        return cls(customer_id, law.day, holds, graph, owners, known)


def use_of(desk: Desk, customer_id: str) -> Use:
    """Return what a customer used, as the last pass measured it, and declared."""
    row = desk.store.present.world_row(WorldPart.CUSTOMERS, customer_id)
    total = None if row is None else estimate_of(row.document["estimate"])
    declared = {
        str(one.run_id): one
        for one in desk.store.histories.versions("runs", "customer_id", [customer_id])
        if isinstance(one, DeclaredRun)
    }
    wanted = WorldFilter(owner=customer_id)
    rows = desk.store.present.world_rows(WorldPart.RUNS, wanted, None, _MOST_RUNS)
    training: list[Exact] = []
    for one in rows:
        estimate = estimate_of(one.document["estimate"])
        stated = declared.get(one.document["run_id"] or "")
        if estimate is not None and _trains(stated, is_assembled=one.document["is_assembled"]):
            training.append(estimate.central)
    needed = sum(one.declared_flop or 0 for one in declared.values())
    return Use(total, sum(training, Fraction(0)), len(training), needed)


def central_of(estimate: Estimate | None) -> Exact | None:
    """Return the central figure of an estimate in FLOP; None without one."""
    return None if estimate is None else estimate.central


def open_findings(desk: Desk, customer_id: str, question: str) -> tuple[str, ...]:
    """Return the ids of open findings of a question about a customer, sealed ones never."""
    scope = Scope(desk.principal.tenant, desk.principal.jurisdictions)
    wanted = FindingFilter(customer_id=customer_id, questions=frozenset({question}))
    found = desk.store.present.findings(scope, wanted, None, _MOST_RUNS)
    return tuple(one.finding_id for one in found)


def last_used(parts: NodeParts, customers: Collection[str], day: date) -> Mapping[str, date]:
    """Return the last legal day of use of each customer up to a day; no entry without use.

    Reads the customers' rows of the lake's daily roll-up.
    """
    found: dict[str, date] = {}
    for part in usage_of(parts, Knowledge(parts.store, day), customers):
        found[part.customer] = max(part.day, found.get(part.customer, part.day))
    return found


def _trains(stated: DeclaredRun | None, *, is_assembled: bool) -> bool:
    if stated is None or not stated.kind:
        return is_assembled
    return any(word in stated.kind.casefold() for word in _TRAINING_KINDS)
