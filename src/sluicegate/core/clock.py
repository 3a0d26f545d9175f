"""The clock is a port: nothing below the adapters asks the machine for the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sluicegate.core.calendars import require_offset


class Clock(Protocol):
    """Tells the present instant, with an offset."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still; for replays, the demo and tests."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        return require_offset(self.instant)
