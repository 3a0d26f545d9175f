"""The machine's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo


@dataclass(frozen=True)
class SystemClock:
    """Tells the machine's time, in a given zone or at the machine's own offset."""

    zone: tzinfo | None = None

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC).astimezone(self.zone)
