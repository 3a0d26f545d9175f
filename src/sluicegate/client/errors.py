"""A refusal or a failure that a node answered with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ProblemError(Exception):
    """A problem document (RFC 9457): `kind` is the end of its type, such as `not-found`."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.document = document
        self.kind = str(document.get("type", "")).rpartition("/")[2]
        super().__init__(f"{status} {self.kind}: {document.get('detail', '')}")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why something may not be done."""
        return tuple(map(str, self.document.get("reasons", ())))

    @property
    def errors(self) -> tuple[Any, ...]:
        """The fields that are wrong, or the paths of bad facts."""
        return tuple(self.document.get("errors", ()))
