"""What happened in due diligence: one event each, whose personal parts can be erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sluicegate.core.canonical import digest


class About(Enum):
    """What an event is about: each kind of thing has a history of its own."""

    CUSTOMER = "customer"
    HOLD = "hold"
    PRODUCTION = "production"


class Kind(Enum):
    """What happened."""

    COLLECTED = "collected"
    DROPPED = "dropped"
    VERIFIED = "verified"
    CONTRACTED = "contracted"
    PURPOSE_STATED = "purpose_stated"
    RATED = "rated"
    REVIEWED = "reviewed"
    SERVED = "served"
    """Compute was provided or denied."""
    PROPOSED = "proposed"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"
    DECIDED = "decided"
    DISPOSED = "disposed"
    HELD = "held"
    RELEASED = "released"
    REQUESTED = "requested"
    APPROVED = "approved"
    DELIVERED = "delivered"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"diligence_{self.value}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as it is kept.

    `subject` names the customer, hold or production; `version` counts its
    events from 1. `data` holds codes, days, ids and figures as JSON values and
    stays. `private` holds what people wrote and what may describe a human
    being; it is None where there was none or where it was erased, which
    `is_erased` tells. `private_digest` is salted, so that it says nothing once
    the salt is erased with the rest. `content_sha256` is that of a document,
    which stays when the document is erased.
    """

    event_id: str
    about: About
    subject: str
    version: int
    kind: Kind
    at: datetime
    by: str
    data: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, str] | None = None
    is_erased: bool = False
    private_digest: str | None = None
    content_sha256: str | None = None

    @property
    def reason(self) -> str:
        """Why, as a person wrote it; empty where it was erased."""
        return (self.private or {}).get("reason", "")

    @property
    def digest(self) -> str:
        """What an act says of the event: the same before and after an erasure."""
        return digest(
            {
                "event": self.event_id,
                "about": self.about.value,
                "subject": self.subject,
                "version": self.version,
                "kind": self.kind.value,
                "at": self.at.isoformat(),
                "by": self.by,
                "data": self.data,
                "private": self.private_digest,
                "content": self.content_sha256,
            }
        )


def salted(salt: str, private: Mapping[str, str]) -> str:
    """Return the digest of private parts under a salt.

    >>> salted("00", {"reason": "a"}) == salted("01", {"reason": "a"})
    False
    """
    return digest({"salt": salt, "private": dict(private)})
