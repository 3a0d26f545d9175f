"""Identifiers: which kind of thing a text names, and how new ones are made."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

from sluicegate.core.calendars import require_offset
from sluicegate.core.canonical import digest

TenantId = NewType("TenantId", str)
CustomerId = NewType("CustomerId", str)
PartyId = NewType("PartyId", str)
RunId = NewType("RunId", str)
ClusterId = NewType("ClusterId", str)
AcceleratorId = NewType("AcceleratorId", str)
ParameterId = NewType("ParameterId", str)
InstrumentId = NewType("InstrumentId", str)
RuleId = NewType("RuleId", str)
FindingId = NewType("FindingId", str)
Digest = NewType("Digest", str)

DEFAULT_TENANT = TenantId("self")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7(now: datetime, random_bits: int | None = None) -> UUID:
    """Return a UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then random bits.

    >>> from datetime import UTC
    >>> str(uuid7(datetime(2026, 1, 1, tzinfo=UTC), 0))
    '019b76da-a800-7000-8000-000000000000'
    """
    milliseconds = (require_offset(now) - _EPOCH) // timedelta(milliseconds=1)
    bits = secrets.randbits(74) if random_bits is None else random_bits
    high = (milliseconds << 16) | (0x7 << 12) | (bits >> 62)
    low = (0b10 << 62) | (bits & ((1 << 62) - 1))
    return UUID(int=(high << 64) | low)


def finding_id(tenant: TenantId, subject: str, rule: RuleId, window: str) -> FindingId:
    """Return the id of a finding, the same over passes (design 5).

    >>> finding_id(DEFAULT_TENANT, "customer:c-1", RuleId("kyc.trigger"), "lifetime")
    'f-2428eb9c0b9bb237'
    """
    return FindingId("f-" + digest([tenant, subject, rule, window])[:16])
