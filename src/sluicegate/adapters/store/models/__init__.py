"""The tables of the store, one module for each part of the house."""

from sluicegate.adapters.store.models import (
    casework,
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
    "identity",
    "passes",
    "present",
    "registry",
    "requests",
    "table",
    "work",
]
