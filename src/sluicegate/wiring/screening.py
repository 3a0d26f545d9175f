"""Screening of a node, joined to its store, its lists and the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sluicegate.screening.known_lists import known_list
from sluicegate.services.screening.engine import Index, Scoring
from sluicegate.services.screening.node_lists import NodeLists
from sluicegate.services.screening.parts import NodeScreening

if TYPE_CHECKING:
    from sluicegate.wiring.nodes import OpenNode


def screening_of(node: OpenNode) -> NodeScreening:
    """Return what a node screens with, for the tenant of its store."""
    scoring = Scoring(build_index, node.node.settings.screening_threshold)
    return NodeScreening(lists_of(node), scoring)


def lists_of(node: OpenNode) -> NodeLists:
    """Return a node's lists as screening reads them."""
    from sluicegate.adapters.list_files import DiskLists

    files = DiskLists(node.node.folder.lists)
    return NodeLists(node.store, files, known_list, node.clock)


def build_index(entities: Sequence[Mapping[str, Any]]) -> Index:
    """Build the engine's index; it is imported when somebody is screened."""
    from sluicegate.screening import Index as NameIndex

    index: Index = NameIndex.build(entities)
    return index
