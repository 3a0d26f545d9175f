"""The lists of a node as screening needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sluicegate.core.clock import Clock
from sluicegate.screening.known_lists import known_list
from sluicegate.screening.parties import ListedParty
from sluicegate.services.lists.checking import ages
from sluicegate.services.lists.parties import listed_parties, surviving_ids, versions_in_use
from sluicegate.services.lists.parts import Catalogue
from sluicegate.services.ports.lists import ListFiles
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.engine import ListsInUse

_SHOWN_OF_CHECKSUM = 12


@dataclass(frozen=True)
class NodeLists:
    """Implements `services.screening.engine.Lists` over a node's store and files."""

    store: Store
    files: ListFiles
    catalogue: Catalogue
    clock: Clock

    def in_use(self, *, on: date) -> ListsInUse | None:
        """Return what there is to screen against on a day; None where the node has no list.

        A party that stands in registers alone, such as that of legal entity
        identifiers, is accused of nothing and left out.
        """
        return self.known(on=on, known_on=None)

    def known(self, *, on: date, known_on: datetime | None) -> ListsInUse | None:
        """Return what there was to screen against on a day, as known at an instant."""
        versions = self.versions(known_on)
        if not versions:
            return None
        parties = listed_parties(self.store, self.files, on=on, known_on=known_on)
        return ListsInUse(
            parties={one.party_id: one for one in parties if not _is_registered_only(one)},
            versions=versions,
            survivors=surviving_ids(self.store, known_on=known_on),
            stale=self.stale(),
        )

    def versions(self, known_on: datetime | None = None) -> dict[str, str]:
        """Return list → the version in use, with the start of its checksum; no file is read."""
        return {
            name: f"{one.version} ({one.checksum[:_SHOWN_OF_CHECKSUM]})"
            if not one.checksum.startswith(one.version)
            else one.version
            for name, one in versions_in_use(self.store, known_on=known_on).items()
        }

    def stale(self) -> tuple[str, ...]:
        """Return the lists that are older than they may be."""
        today = self.clock.now().date()
        return tuple(one.list_id for one in ages(self.store, self.catalogue, today) if one.is_stale)


def _is_registered_only(party: ListedParty) -> bool:
    return all(known_list(name).is_register for name in party.lists)
