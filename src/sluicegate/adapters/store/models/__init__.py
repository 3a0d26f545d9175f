"""The tables of the store, one module for each part of the house."""

from sluicegate.adapters.store.models import (
    casework,
    diligence,
    exchange,
    filings,
    identity,
    links,
    lists,
    matches,
    ownership_diligence,
    passes,
    present,
    registry,
    requests,
    validation,
    work,
)
from sluicegate.adapters.store.models.base import Base, table

__all__ = [
    "Base",
    "casework",
    "diligence",
    "exchange",
    "filings",
    "identity",
    "links",
    "lists",
    "matches",
    "ownership_diligence",
    "passes",
    "present",
    "registry",
    "requests",
    "table",
    "validation",
    "work",
]
