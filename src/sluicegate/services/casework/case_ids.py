"""Ids of cases: a digest where a finding says what the case is about, random elsewhere."""

from __future__ import annotations

import secrets

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import TenantId


def case_id_of(tenant: TenantId, subject: str, jurisdiction: str) -> str:
    """Return the id of the case of a subject under a jurisdiction, the same over passes.

    >>> from sluicegate.core.identifiers import DEFAULT_TENANT
    >>> case_id_of(DEFAULT_TENANT, "customer:c-1", "US")
    'c-cac7e90bad2d7e87'
    """
    return "c-" + digest([tenant, subject, jurisdiction])[:16]


def new_case_id() -> str:
    """Return a random id of the shape that every case has."""
    return "c-" + secrets.token_hex(8)
