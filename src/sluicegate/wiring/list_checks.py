"""Looking over a node's lists; a part of looking over the node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sluicegate.core.clock import Clock
from sluicegate.screening.known_lists import known_list
from sluicegate.services.lists.condition import UNCHECKED, check_lists
from sluicegate.services.node import Check

if TYPE_CHECKING:
    from sluicegate.adapters.node import Node


def check_lists_of(node: Node, clock: Clock) -> Check:
    """Look over the lists of a node; a store of another version is not opened."""
    from sluicegate.adapters.list_files import DiskLists
    from sluicegate.adapters.node import DiskNode

    store = DiskNode(node, clock, lambda _folder: ()).store()
    if store.fault is not None or store.revision != store.newest_revision:
        return UNCHECKED
    with node.open_store(clock) as opened:
        files = DiskLists(node.folder.lists)
        return check_lists(opened, files, known_list, clock.now().date())
