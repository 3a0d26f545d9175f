"""What is asked for when lineages are taken in as long work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.services.ports.work import JobKind
from sluicegate.services.work.kept_file import KeptFile


@dataclass(frozen=True, slots=True)
class LineageJob:
    """Take the lineages of a file into the node; a dry run keeps nothing of them.

    `source` says who states them, `name` what a lineage without a name of its own is called.
    """

    file: KeptFile
    source: str = "default"
    name: str = ""
    reason: str = ""
    is_dry_run: bool = False

    job_kind = JobKind.LINEAGE

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "file": self.file.document(),
            "source": self.source,
            "name": self.name,
            "reason": self.reason,
            "dry_run": self.is_dry_run,
        }

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> LineageJob:
        """Read what `parameters` wrote."""
        return cls(
            KeptFile.of(parameters["file"]),
            parameters["source"],
            parameters["name"],
            parameters["reason"],
            parameters["dry_run"],
        )
