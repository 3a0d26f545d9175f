"""A file that was given for a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was given for a job: its name as given, and the SHA-256 of its bytes."""

    name: str
    digest: str
    bytes: int

    def document(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"name": self.name, "digest": self.digest, "bytes": self.bytes}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> KeptFile:
        """Read what `document` wrote."""
        return cls(document["name"], document["digest"], document["bytes"])
