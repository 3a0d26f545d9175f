"""The tables of the store, one module for each part of the house."""

from sluicegate.adapters.store.models import (
    casework,
    filings,
    identity,
    passes,
    present,
    registry,
    requests,
    work,
)
from sluicegate.adapters.store.models.base import Base, table

__all__ = [
    "Base",
    "casework",
    "filings",
    "identity",
    "passes",
    "present",
    "registry",
    "requests",
    "table",
    "work",
]
