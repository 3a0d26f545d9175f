"""Reading the acts of a tenant, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sluicegate.services.access.principals import Scope


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which acts are asked for; an empty part asks for all.

    `since` and `until` bound the instants, half-open. `text` is an id that the
    act's record names.
    """

    name: str = ""
    by: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act as the audit shows it; `canonical` is its canonical JSON, without personal data."""

    act_id: str
    name: str
    canonical: bytes
    digest: str
    at: datetime
    by: str
    reason: str


class AuditStore(Protocol):
    """The acts of one tenant."""

    def page(
        self, scope: Scope, wanted: ActFilter, *, before: str | None, limit: int
    ) -> Sequence[ActRow]:
        """Return at most `limit` acts, the newest first, after the act `before`.

        Acts about sealed objects of other groups are left out.
        """
        ...

    def act_of(self, scope: Scope, act_id: str) -> ActRow | None:
        """Return one act; None outside the scope, or where there is none."""
        ...
