"""The lists of a served node with their index, kept in memory for who screens names."""

from __future__ import annotations

from datetime import date
from threading import Lock

from sluicegate.screening.known_lists import known_list
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.lists.checking import require_fresh
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.names import AtHand
from sluicegate.wiring.nodes import OpenNode
from sluicegate.wiring.screening import screening_of


class NamesAtHand:
    """The lists of a node with their index, kept for each tenant until one of them changes.

    Building them costs seconds, asking milliseconds.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, AtHand]] = {}
        self._building = Lock()

    def at(self, node: OpenNode, desk: Desk, *, allow_stale: bool = False) -> AtHand:
        """Return what names are screened with now, for the tenant of a desk.

        Raises:
            StaleListError: there is no list, or one is too old and that is not allowed.
            ListFilesError: files of a list are missing or damaged.
            RefusedError: the principal may not.
        """
        desk.must(Action.LIST_READ)
        today = desk.now().date()
        require_fresh(desk.store, known_list, today, allow_stale=allow_stale)
        screening = screening_of(node.node, desk.store, desk.clock)
        mark, tenant = _mark(desk.store, today), str(desk.principal.tenant)
        with self._building:
            kept = self._kept.get(tenant)
            if kept is not None and kept[0] == mark:
                return kept[1]
            lists = screening.lists.in_use(on=today)
            assert lists is not None, "lists that are fresh are there"
            made = AtHand(lists, screening.scoring.index(lists.parties.values()))
            self._kept[tenant] = (mark, made)
            return made


def _mark(store: Store, today: date) -> object:
    """Return what tells whether the lists are still the same: versions and what people said."""
    lists = store.lists
    return (
        today,
        tuple(one.version_id for one in lists.versions()),
        tuple((one.designation_id, one.version) for one in lists.designations()),
        len(lists.judged()),
    )
