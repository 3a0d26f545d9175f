"""Guessing is slowed down: attempts are counted before they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sluicegate.services.identity.parts import NODE, IdentityParts
from sluicegate.services.identity.values import value_digest

FREE = 5
"""Attempts in a row before a pause begins."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)


def pause_after(failed: int) -> timedelta:
    """Return how long nothing is listened to after so many failures in a row.

    >>> [int(pause_after(failed).total_seconds()) for failed in (4, 5, 6, 7, 60)]
    [0, 30, 60, 120, 900]
    """
    if failed < FREE:
        return timedelta(0)
    longer: int = 2 ** min(failed - FREE, 10)
    return min(FIRST_PAUSE * longer, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to prove something: what is tried, by the digest of its name."""

    key: str
    account_id: str | None

    @classmethod
    def of(cls, what: str, name: str, account_id: str | None) -> Try:
        """Name an attempt; the store sees the digest of the name only."""
        return cls(value_digest(f"{what}:{name}"), account_id)

    def is_listened_to(self, parts: IdentityParts) -> bool:
        """Count the attempt, and say whether it is looked at.

        It counts as failed until `succeeded` is called: of many attempts made
        at the same moment no more are looked at than of many in a row.
        """
        accounts, now = parts.store.accounts, parts.now()
        with parts.store.transaction():
            failed = accounts.count_failure(self.key, at=now)
            if failed is None:
                return False
            pause = pause_after(failed)
            if pause:
                accounts.block(self.key, until=now + pause)
                self._tell(parts, failed)
        return True

    def succeeded(self, parts: IdentityParts) -> None:
        """Begin to count from nought."""
        parts.store.accounts.forget_attempts(self.key)

    def _tell(self, parts: IdentityParts, failed: int) -> None:
        """Write the pause as an act; attempts at a login that does not exist leave none."""
        if self.account_id is not None:
            parts.store.act(
                "account.attempts_paused",
                {"account": self.account_id, "attempts": failed},
                at=parts.now(),
                by=NODE,
                reason="too many attempts in a row",
            )
