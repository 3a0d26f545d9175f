"""Designations by hand: screened at once, and taken over by their list when it catches up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import say
from sluicegate.screening.entries import Identifier, ListedName, ListEntry, NameKind, Schema
from sluicegate.screening.joining import Join, party_id_of
from sluicegate.screening.known_lists import DESIGNATED
from sluicegate.services.lists.meeting import enter_presence, meet, next_version
from sluicegate.services.lists.parts import (
    ListParts,
    ListRefusedError,
    UnknownListError,
)
from sluicegate.services.lists.state import load_state, surviving_of
from sluicegate.services.lists.uniting import unite
from sluicegate.services.ports.lists import (
    Coming,
    Designation,
    DesignationState,
)

ENTERED = "designation_entered"
WITHDRAWN = "designation_withdrawn"


@dataclass(frozen=True, slots=True)
class NewDesignation:
    """A designation as a person enters it.

    The first name is the one by which it is shown. `expected_list` is the list
    that will carry it. `document` names the source and `dated` is its day.
    """

    names: tuple[str, ...]
    schema: Schema
    expected_list: str
    document: str
    dated: date
    url: str = ""
    weak_names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Designated:
    """A designation that was entered, and the party as which it is screened."""

    designation: Designation
    party_id: str
    joins: tuple[Join, ...]


def designate(parts: ListParts, new: NewDesignation) -> Designated:
    """Enter a designation; from now on it is screened like an entry of a list.

    One that a list carries already is joined with it at once and closed.

    Raises:
        ListRefusedError: it has no name, no source or no list.
    """
    _check(new)
    at = parts.clock.now()
    name = str(uuid7(at))
    entry = _entry(name, new)
    made = Designation(
        designation_id=name,
        version=1,
        state=DesignationState.ENTERED,
        entry=entry,
        expected_list=new.expected_list.strip(),
        document=new.document.strip(),
        url=new.url.strip(),
        dated=new.dated,
        met=None,
        reason=new.reason.strip() or new.document.strip(),
        at=at,
        by=parts.by,
    )
    with parts.store.transaction():
        parts.store.lists.add_designation(made)
        enter_presence(parts, entry, Coming.ADDED, new.dated, at)
        state = load_state(parts.store, parts.files)
        united = unite(state, parts.store, at=at, by=parts.by)
        record = {"designation": name, "list": made.expected_list, "merged": len(united.merged)}
        parts.store.act(ENTERED, record, at=at, by=parts.by, reason=made.reason)
        met = meet(parts, state, at=at)
        surviving = surviving_of(parts.store.lists.unions())
    own = party_id_of(entry.key)
    last = next((one for one in met if one.designation_id == name), made)
    return Designated(last, surviving.get(own, own), united.joins)


def withdraw(parts: ListParts, designation_id: str, reason: str) -> Designation:
    """Take a designation back; it is kept, and screened no more.

    Raises:
        UnknownListError: there is no such designation.
        ListRefusedError: it is no longer in force, or no reason is given.
    """
    if not reason.strip():
        raise ListRefusedError(say("No reason is given; say why, it is kept."))
    with parts.store.transaction():
        versions = parts.store.lists.designation_versions(designation_id)
        if not versions:
            sentence = "{designation}: no such designation was entered; see: sluicegate lists list"
            raise UnknownListError(say(sentence, designation=designation_id))
        last = versions[-1]
        if last.state is not DesignationState.ENTERED:
            sentence = "{designation}: is no longer in force; nothing is to be withdrawn."
            raise ListRefusedError(say(sentence, designation=designation_id))
        at = parts.clock.now()
        gone = next_version(last, DesignationState.WITHDRAWN, reason.strip(), at, parts.by)
        parts.store.lists.add_designation(gone)
        enter_presence(parts, last.entry, Coming.REMOVED, at.date(), at)
        record = {"designation": designation_id}
        parts.store.act(WITHDRAWN, record, at=at, by=parts.by, reason=gone.reason)
    return gone


def list_designations(parts: ListParts) -> Sequence[Designation]:
    """Return every designation that was entered, at its last version."""
    return parts.store.lists.designations()


def _check(new: NewDesignation) -> None:
    if not any(one.strip() for one in new.names):
        raise ListRefusedError(say("The designation has no name; give at least one."))
    if not new.document.strip():
        raise ListRefusedError(
            say("The designation has no source; name the document that published it.")
        )
    if not new.expected_list.strip() or new.expected_list.strip() == DESIGNATED:
        raise ListRefusedError(
            say("The designation has no list; name the one that will carry it, e.g. us_sdn.")
        )


def _entry(name: str, new: NewDesignation) -> ListEntry:
    first, *others = [one.strip() for one in new.names if one.strip()]
    names = [ListedName(first, NameKind.PRIMARY)]
    names += [ListedName(one) for one in others]
    names += [ListedName(one.strip(), NameKind.WEAK) for one in new.weak_names if one.strip()]
    return ListEntry(
        list_id=DESIGNATED,
        entry_id=name,
        schema=new.schema,
        names=tuple(names),
        countries=new.countries,
        birth_dates=new.birth_dates,
        identifiers=new.identifiers,
        addresses=new.addresses,
        programmes=(new.expected_list.strip(),),
        since=new.dated,
        reference=new.document.strip(),
        source_url=new.url.strip(),
    )
