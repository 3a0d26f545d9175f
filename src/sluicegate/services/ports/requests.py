"""Answers kept for idempotency keys, so that a request sent twice is done once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request under a key: who sends it, and the digest of all that it asks for."""

    principal: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Standing(Enum):
    """What a key stands for when a request comes with it and no answer is kept."""

    NEW = "new"
    """Nothing yet; the request goes on, and others with the key wait."""
    RUNNING = "running"
    """The same request, whose answer is not there yet."""
    OTHER = "other"
    """Another request."""


class RequestStore(Protocol):
    """Keys of one tenant with the answers that were given under them."""

    def begin(self, attempt: Attempt, *, at: datetime) -> KeptAnswer | Standing:
        """Return the answer kept for a request, or what its key stands for; a new one is kept."""
        ...

    def keep(self, attempt: Attempt, answer: KeptAnswer, *, at: datetime) -> None:
        """Keep the answer of a request that was begun."""
        ...

    def drop(self, attempt: Attempt) -> None:
        """Forget a request that changed nothing, so that its key can be used again."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Forget every key that is older than an instant; return how many."""
        ...
