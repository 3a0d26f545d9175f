"""Closing designations by hand when their list carries what they designate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sluicegate.screening.entries import ListEntry
from sluicegate.screening.joining import party_id_of
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.lists.state import ListState, surviving_of
from sluicegate.services.ports.lists import (
    Coming,
    Designation,
    DesignationState,
    Presence,
)

MET = "designation_met"


def meet(parts: ListParts, state: ListState, *, at: datetime) -> tuple[Designation, ...]:
    """Close the designations that their list carries now; the caller holds the transaction."""
    waiting = state.designations
    if not waiting:
        return ()
    surviving = {**state.surviving, **surviving_of(parts.store.lists.unions())}

    def party_of(key: tuple[str, str]) -> str:
        own = party_id_of(key)
        return surviving.get(own, own)

    lists = {one.expected_list for one in waiting}
    carried: dict[tuple[str, str], ListEntry] = {}
    for one in state.entries:
        if one.list_id in lists:
            carried.setdefault((party_of(one.key), one.list_id), one)
    found = []
    for designation in waiting:
        party = party_of(designation.entry.key)
        entry = carried.get((party, designation.expected_list))
        if entry is None:
            continue
        reason = f"{entry.list_id} carries it as {entry.entry_id}"
        met = replace(
            next_version(designation, DesignationState.MET, reason, at, parts.by), met=entry.key
        )
        parts.store.lists.add_designation(met)
        enter_presence(parts, designation.entry, Coming.REMOVED, at.date(), at)
        record = {"designation": met.designation_id, "list": entry.list_id, "entry": entry.entry_id}
        parts.store.act(MET, record, at=at, by=parts.by, reason=reason)
        found.append(met)
    return tuple(found)


def next_version(
    last: Designation, state: DesignationState, reason: str, at: datetime, by: str
) -> Designation:
    """Return the version of a designation that follows its last one."""
    return replace(last, version=last.version + 1, state=state, reason=reason, at=at, by=by)


def enter_presence(
    parts: ListParts, entry: ListEntry, event: Coming, on: date, at: datetime
) -> None:
    """Write down that an entry came or went."""
    came = Presence(entry.key, party_id_of(entry.key), event, on, entry.entry_id, at, parts.by)
    parts.store.lists.add_presence([came])
