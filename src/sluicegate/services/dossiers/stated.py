"""What sources state about one entity: all versions, and what holds on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sluicegate.core.identifiers import PartyId
from sluicegate.metering.accounts import AccountSpan, account_spans
from sluicegate.registry.kinds import KINDS, in_force
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import (
    AccountMapping,
    Customer,
    DeclaredRun,
    OwnershipEdge,
    Record,
)
from sluicegate.services.ownership.pictured import MOST_PARTIES
from sluicegate.services.ports import Store

R = TypeVar("R", Customer, OwnershipEdge, DeclaredRun, AccountMapping)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A store as of a legal day and, where one is given, as known at an instant."""

    store: Store
    as_of: date
    known_on: datetime | None = None

    def versions(self, kind: str, column: str, ids: Collection[str], wanted: type[R]) -> list[R]:
        """Return every version about some entities, oldest first."""
        if not ids:
            return []
        found = self.store.histories.versions(kind, column, ids, known_on=self.known_on)
        return [one for one in found if isinstance(one, wanted)]

    def holding(self, kind: str, versions: Iterable[R]) -> list[R]:
        """Return what holds of each entity on the day, of versions oldest first."""
        return list(in_force(KINDS[kind], last_of_chains(versions), self.as_of))

    def ownership_above(
        self, start: Collection[str], most: int | None = MOST_PARTIES
    ) -> OwnershipGraph:
        """Return the graph of holdings above some parties, step by step upward.

        At most about so many parties: more are not shown in one picture. None goes
        all the way, for figures.
        """
        edges, customers = self.stated_above(start, most)
        return OwnershipGraph.of(edges, customers)

    def stated_above(
        self, start: Collection[str], most: int | None = None
    ) -> tuple[list[OwnershipEdge], list[Customer]]:
        """Return the holdings above some parties and what is stated of the parties there."""
        edges: list[OwnershipEdge] = []
        customers: list[Customer] = []
        seen: set[str] = set()
        waiting = set(map(str, start))
        while waiting and (most is None or len(seen) < most):
            found = self.holding(
                "ownership", self.versions("ownership", "owned_id", waiting, OwnershipEdge)
            )
            parties = self.holding(
                "customers", self.versions("customers", "customer_id", waiting, Customer)
            )
            seen |= waiting
            edges += found
            customers += parties
            above = {str(edge.owner_id) for edge in found}
            above |= {str(one.account_of) for one in parties if one.account_of is not None}
            waiting = above - seen
        if waiting:
            customers += self.holding(
                "customers", self.versions("customers", "customer_id", waiting, Customer)
            )
        return edges, customers

    def stated_below(self, party: str) -> tuple[list[OwnershipEdge], list[Customer]]:
        """Return what a party holds, with what is stated of whom it holds.

        Of an owned party that is no customer the name stands in its own holdings,
        which come along.
        """
        held = self.held_by({party})
        owned = {str(edge.owned_id) for edge in held}
        customers = self.versions("customers", "customer_id", {party, *owned}, Customer)
        return [*held, *self.held_by(owned - {party})], self.holding("customers", customers)

    def held_by(self, owners: Collection[str]) -> list[OwnershipEdge]:
        """Return the holdings of some owners themselves."""
        versions = self.versions("ownership", "owner_id", owners, OwnershipEdge)
        return self.holding("ownership", versions)

    def accounts(self, customers: Collection[str]) -> tuple[AccountSpan, ...]:
        """Return the periods in which accounts belonged to some customers."""
        ever = self.versions("account_map", "customer_id", customers, AccountMapping)
        names = {one.account for one in ever}
        entries = self.versions("account_map", "account", names, AccountMapping)
        spans = account_spans(last_of_chains(entries))
        return tuple(span for span in spans if span.customer_id in customers)

    def free_spans(self, source: str, account: str) -> tuple[AccountSpan, ...]:
        """Return the periods in which an account belonged to nobody, under no customer's id."""
        entries = self.versions("account_map", "account", {account}, AccountMapping)
        spans = account_spans(one for one in last_of_chains(entries) if one.source == source)
        starts = [date.min, *(span.end_day for span in spans)]
        ends = [*(span.first_day for span in spans), date.max]
        return tuple(
            AccountSpan(source, account, "", first, end)
            for first, end in zip(starts, ends, strict=True)
            if first < end
        )


def last_of_chains(versions: Iterable[R]) -> list[R]:
    """Return the last version of each statement, in the order in which those were recorded."""
    last: dict[tuple[str, str], R] = {}
    for one in versions:
        version = one.version
        if version is None:
            raise ValueError(f"{one.source}: a record without its version; read it from the store")
        last.pop((version.source, version.key), None)
        last[version.source, version.key] = one
    return list(last.values())


def recorded(record: Record) -> datetime:
    """Return when a version was recorded."""
    version = record.version
    if version is None:
        raise ValueError(f"{record.source}: a record without its version; read it from the store")
    return version.recorded_at


def party_name(graph: OwnershipGraph, party: str) -> str:
    """Return a party's name, its id when nobody states one."""
    return graph.party(PartyId(party)).name or party


def newest_first(versions: Sequence[R]) -> tuple[R, ...]:
    """Return versions as people read a history."""
    return tuple(reversed(versions))
