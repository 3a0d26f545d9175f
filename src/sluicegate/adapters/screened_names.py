"""The names that a node screens, kept laid out in a file, so that the next run need not do it.

The file is a cache and holds names as they were screened last, nothing else. It is
readable by the node's owner only, written whole or not at all, and no part of a
backup. A name that is screened no more is gone from it with the next run in which
anything changed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sluicegate.services.ports.matches import WHOLE
from sluicegate.services.screening.engine import Index

if TYPE_CHECKING:
    from sluicegate.screening.prepared import Prepared

_OWNER_ONLY = 0o700


@dataclass
class DiskShortlist:
    """Implements `services.screening.engine.Shortlist` with the names in a file."""

    file: Path
    _prepared: Prepared | None = field(default=None, init=False)

    def ready(self, names: Collection[str]) -> None:
        """Have names ready: from the file as far as it has them; the file then holds just these."""
        from sluicegate.screening.prepared import completed

        self._prepared, is_new = completed(self._read(), names)
        if is_new:
            self._write(self._prepared.to_bytes())

    def may_alert(
        self, index: Index, queries: Sequence[Mapping[str, Any]], threshold: int
    ) -> Sequence[bool]:
        """Say for each query whether it may reach a threshold; all may by another engine."""
        from sluicegate.screening.index import Index as NameIndex
        from sluicegate.screening.second_stage import TwoStages

        if self._prepared is None or not isinstance(index, NameIndex | TwoStages):
            return [True] * len(queries)
        return list(map(bool, index.may_reach(queries, self._prepared, threshold / WHOLE)))

    def _read(self) -> Prepared | None:
        from sluicegate.screening.prepared import Prepared

        try:
            return Prepared.from_bytes(self.file.read_bytes())
        except OSError:
            return None

    def _write(self, content: bytes) -> None:
        """Write the file; where that cannot be done the next run lays all names out again."""
        folder = self.file.parent
        try:
            folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
                place = Path(part.name)
                part.write(content)
        except OSError:
            return
        try:
            place.replace(self.file)
        except OSError:
            place.unlink(missing_ok=True)
