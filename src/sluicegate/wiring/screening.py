"""Screening of a node, joined to its store, its lists and the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sluicegate.core.canonical import digest
from sluicegate.core.clock import Clock
from sluicegate.screening.known_lists import known_list
from sluicegate.services.node import Check, CheckState
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.condition import check_screening, condition_of
from sluicegate.services.screening.engine import Index, Scoring, Shortlist
from sluicegate.services.screening.node_lists import NodeLists
from sluicegate.services.screening.parts import NodeScreening

if TYPE_CHECKING:
    from sluicegate.adapters.node import Node


def screening_of(node: Node, store: Store, clock: Clock) -> NodeScreening:
    """Return what a node screens with, for the tenant of a store."""
    scoring = Scoring(build_index, node.settings.screening_threshold, shortlist_of(node))
    return NodeScreening(lists_of(node, store, clock), scoring)


def shortlist_of(node: Node) -> Shortlist:
    """Return what spares a run most comparisons; each tenant's names have a file of their own."""
    from sluicegate.adapters.screened_names import DiskShortlist

    own = digest(node.settings.tenant)[:16]
    return DiskShortlist(node.folder.cache / f"screened_names_{own}.bin")


def lists_of(node: Node, store: Store, clock: Clock) -> NodeLists:
    """Return a node's lists as screening reads them."""
    from sluicegate.adapters.list_files import DiskLists

    return NodeLists(store, DiskLists(node.folder.lists), known_list, clock)


def check_screening_of(node: Node, clock: Clock) -> Check:
    """Look over the screening of a node; a store of another version is not opened."""
    from sluicegate.adapters.node import DiskNode

    store = DiskNode(node, clock, lambda _folder: ()).store()
    if store.fault is not None or store.revision != store.newest_revision:
        return Check("screening", CheckState.OK, "not checked: see the check of the store")
    with node.open_store(clock) as opened:
        lists = lists_of(node, opened, clock)
        found = condition_of(
            opened, lists.versions(), lists.stale(), node.settings, now=clock.now()
        )
        return check_screening(found)


def build_index(entities: Sequence[Mapping[str, Any]]) -> Index:
    """Build the engine's index; it is imported when somebody is screened."""
    from sluicegate.screening import Index as NameIndex

    index: Index = NameIndex.build(entities)
    return index
