"""Whether a node's lists are in order: whole files, none too old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sluicegate.services.lists.checking import ages
from sluicegate.services.lists.parts import Catalogue
from sluicegate.services.node import Check, CheckState
from sluicegate.services.ports import Store
from sluicegate.services.ports.lists import ListFiles

UNCHECKED = Check("lists", CheckState.OK, "not checked: see the check of the store")
_NAMED = 5


def check_lists(store: Store, files: ListFiles, catalogue: Catalogue, today: date) -> Check:
    """Look over the files of every version, and the age of those in use."""
    versions = store.lists.versions()
    if not versions:
        return Check("lists", CheckState.OK, "no list is loaded; no name is screened")
    faults = [
        f"{one.about.list_id} {one.about.version}: {fault}"
        for one in versions
        for fault in files.faults(one)
    ]
    if faults:
        way_out = "restore lists/ from a backup, or import the list again"
        return Check("lists", CheckState.FAILED, _some(faults), way_out)
    found = ages(store, catalogue, today)
    stale = [
        f"{one.list_id} is {one.days} days old, {one.greatest} allowed"
        for one in found
        if one.is_stale
    ]
    if stale:
        way_out = "run: sluicegate lists fetch, or import the newest files"
        return Check("lists", CheckState.WARNING, _some(stale), way_out)
    finding = f"{len(found)} lists in {len(versions)} versions, all files there and none too old"
    return Check("lists", CheckState.OK, finding)


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - _NAMED
    shown = "; ".join(texts[:_NAMED])
    return f"{shown}; and {more} more" if more > 0 else shown
