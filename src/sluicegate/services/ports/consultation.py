"""What is kept of consultations and of the register of thresholds: events that only grow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sluicegate.frontier.consultation import Event, Happening
from sluicegate.frontier.threshold_register import Reviewing


class ConsultationChangedError(RuntimeError):
    """Somebody else wrote in the consultation meanwhile."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A document that was attached, whole."""

    digest: str
    name: str
    content: bytes


class ConsultationStore(Protocol):
    """Consultations of one tenant."""

    def add(self, event: Event) -> None:
        """Write an event; what it says apart goes into a table of its own.

        Raises:
            ConsultationChangedError: an event of its number is there already.
        """
        ...

    def events(
        self,
        consultation: str,
        *,
        with_apart: bool = False,
        known_on: datetime | None = None,
    ) -> Sequence[Event]:
        """Return what happened in a consultation, in order; `with_apart` reads what is apart."""
        ...

    def every(
        self,
        *,
        with_apart: bool = False,
        known_on: datetime | None = None,
        only: Collection[Happening] = (),
    ) -> Mapping[str, Sequence[Event]]:
        """Return consultation → what happened in it, in the order of their first events.

        `only` leaves out every other kind of event.
        """
        ...

    def keep_file(self, consultation: str, file: KeptFile, *, at: datetime, by: str) -> None:
        """Keep a document of a consultation; one that is there already stays."""
        ...

    def file(self, consultation: str, digest: str) -> KeptFile | None:
        """Return a document of a consultation by its SHA-256."""
        ...

    def add_reviewing(self, entry: Reviewing) -> None:
        """Write an entry of the register of thresholds."""
        ...

    def reviewings(self, *, known_on: datetime | None = None) -> Sequence[Reviewing]:
        """Return every entry of the register, the oldest first."""
        ...
