"""The search for duplicates, joined to the adapter that does it."""

from __future__ import annotations

from sluicegate.services.ports.links import DuplicateFinder


def duplicate_finder() -> DuplicateFinder:
    """Return what looks for duplicates; that its extra is missing is said when it is used."""
    from sluicegate.adapters.linkage.duplicates import SplinkDuplicates

    return SplinkDuplicates()
