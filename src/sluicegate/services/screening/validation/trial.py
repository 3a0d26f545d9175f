"""A file of a list on trial: what would be screened against if it were taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sluicegate.services.lists.importing import ImportOptions, import_list
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.ports.lists import (
    KeptEntries,
    KeptFile,
    KeptVersion,
    ListFiles,
    ListRead,
)
from sluicegate.services.screening.engine import ListsInUse
from sluicegate.services.screening.node_lists import NodeLists


@dataclass
class TrialFiles:
    """Implements `ListFiles` over a node's files; what is written stays in memory."""

    files: ListFiles
    written: dict[str, KeptEntries] = field(default_factory=dict)

    def keep(self, files: Sequence[Path]) -> tuple[KeptFile, ...]:
        """Name files without keeping them."""
        return tuple(KeptFile(one.name, "", 0) for one in files)

    def write_entries(self, version_id: str, entries: KeptEntries) -> str:
        """Remember entries."""
        self.written[version_id] = entries
        return ""

    def read_entries(self, version: KeptVersion) -> KeptEntries:
        """Return remembered entries, else those on the node."""
        held = self.written.get(version.version_id)
        return self.files.read_entries(version) if held is None else held

    def faults(self, version: KeptVersion) -> Sequence[str]:
        """Say which files are missing or are not what they were."""
        return () if version.version_id in self.written else self.files.faults(version)


class _LetGoError(Exception):
    """Ends a trial, so that nothing of it is kept."""


def lists_on_trial(
    parts: ListParts, read: ListRead, options: ImportOptions, *, on: date
) -> ListsInUse:
    """Return what would be screened against if a file were taken in; nothing is kept.

    Raises:
        ListRefusedError: the file would not be taken in.
        ListFilesError: the entries of a current version cannot be read.
    """
    files = TrialFiles(parts.files)
    trial: ListsInUse | None = None
    try:
        with parts.store.transaction():
            import_list(replace(parts, files=files), read, options)
            trial = NodeLists(parts.store, files, parts.catalogue, parts.clock).in_use(on=on)
            raise _LetGoError
    except _LetGoError:
        pass
    return trial or ListsInUse({})
