"""Screening of a node, joined to its store, its lists and the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sluicegate.core.canonical import digest
from sluicegate.core.clock import Clock
from sluicegate.screening.known_lists import known_list
from sluicegate.services.node import Check, CheckState
from sluicegate.services.ports.matches import WHOLE
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.condition import check_screening, condition_of
from sluicegate.services.screening.engine import Engine, Index, Scoring, Shortlist
from sluicegate.services.screening.method import threshold_in_force
from sluicegate.services.screening.node_lists import NodeLists
from sluicegate.services.screening.parts import NodeScreening

if TYPE_CHECKING:
    from sluicegate.adapters.names_to_screen import NamesRead
    from sluicegate.adapters.node import Node


def screening_of(node: Node, store: Store, clock: Clock) -> NodeScreening:
    """Return what a node screens with, for the tenant of a store."""
    threshold = threshold_in_force(store, node.settings.screening_threshold)
    command, seconds = (
        node.settings.screening_second_stage,
        node.settings.screening_second_stage_seconds,
    )
    engine = build_index if command is None else two_stages(command, seconds, threshold)
    scoring = Scoring(engine, threshold, shortlist_of(node))
    return NodeScreening(lists_of(node, store, clock), scoring)


def shortlist_of(node: Node) -> Shortlist:
    """Return what spares a run most comparisons; each tenant's names have a file of their own."""
    from sluicegate.adapters.screened_names import DiskShortlist

    return DiskShortlist(
        node.folder.cache / f"screened_names_{digest(node.settings.tenant)[:16]}.bin"
    )


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


def read_names(file: Path) -> NamesRead:
    """Read the names of a file that are to be screened.

    Raises:
        ProblemsError: the file, or a row of it, cannot be used.
    """
    from sluicegate.adapters import names_to_screen

    return names_to_screen.read_names(file)


def build_index(entities: Sequence[Mapping[str, Any]]) -> Index:
    """Build the engine's index; it is imported when somebody is screened."""
    from sluicegate.screening import Index as NameIndex

    index: Index = NameIndex.build(entities)
    return index


def two_stages(command: str, seconds: int, threshold: int | None = None) -> Engine:
    """Return an engine whose alerts a command scores again; `threshold` as in `Scoring`.

    One process of the command serves every index of the engine, as long as one is there.
    """
    from sluicegate.adapters.second_stage import CommandScorer

    second = CommandScorer(command, seconds)

    def build(entities: Sequence[Mapping[str, Any]]) -> Index:
        from sluicegate.screening import Index as NameIndex
        from sluicegate.screening.second_stage import TwoStages

        first = NameIndex.build(entities)
        floor = first.alert_threshold if threshold is None else threshold / WHOLE
        schemas = {str(one["id"]): str(one.get("schema") or "") for one in entities}
        index: Index = TwoStages(first, second, schemas, floor)
        return index

    return build
