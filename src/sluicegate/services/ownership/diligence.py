"""Records of diligence into ownership: opened by passes, worked and closed by people.

One record a party. A pass opens it, writes down when what calls for it has
changed, and opens it anew when something else calls for it after it was closed.
It never closes one: what was open stays on somebody's desk until a person says
why it need not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import PartyId, TenantId
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.ports import Store
from sluicegate.services.ports.ownership_diligence import (
    DiligenceState,
    Gap,
    OwnershipDiligence,
)

KIND = "diligence"
PASS_APPLIED = "ownership_diligence_after_pass"
"""The act of a pass that opened or changed records."""
WRITTEN = "ownership_diligence"
"""The act of a person who wrote in a record."""

_OPENED = say("What is known of the ownership leaves something open.")
_CHANGED = say("What is left open has changed.")
_REOPENED = say("Something else than at the closing is left open.")
_OF_A_PASS = {str(one): one for one in (_OPENED, _CHANGED, _REOPENED)}
"""Reasons that a pass writes; people write their own."""

MOST_CHARACTERS = 20_000


class DiligenceError(ValueError):
    """What was asked of a record cannot be done; `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes in a record; a part left None stands as it was."""

    searched: str | None = None
    found: str | None = None
    left_open: str | None = None


def diligence_id(tenant: TenantId, party: PartyId) -> str:
    """Return the id of a party's record, the same over passes.

    >>> diligence_id(TenantId("self"), PartyId("c-1"))
    'd-7d375d8c0e08da3b'
    """
    return "d-" + digest([tenant, "ownership_diligence", party])[:16]


def reason_text(record: OwnershipDiligence, language: Language) -> str:
    """Return the reason of a version: that of a pass in a language, that of a person as written."""
    told = _OF_A_PASS.get(record.reason)
    return record.reason if told is None else told.text(language)


def open_after_pass(
    store: Store,
    gaps: Mapping[PartyId, Sequence[Gap]],
    *,
    tenant: TenantId,
    at: datetime,
    by: str,
) -> tuple[OwnershipDiligence, ...]:
    """Open and change records after a pass, a part of its transaction; return what was written.

    A pass that finds the same gaps again writes nothing.
    """
    held = {one.party_id: one for one in store.ownership_diligence.last()}
    written = list(_written(held, gaps, tenant, at, by))
    if not written:
        return ()
    with store.transaction():
        for one in written:
            store.ownership_diligence.add(one)
        record = {
            "records": {one.diligence_id: one.version for one in written},
            "digest": digest([_digest(one) for one in written]),
        }
        store.act(PASS_APPLIED, record, at=at, by=by, reason="pass")
    return tuple(written)


def _written(
    held: Mapping[str, OwnershipDiligence],
    gaps: Mapping[PartyId, Sequence[Gap]],
    tenant: TenantId,
    at: datetime,
    by: str,
) -> Iterator[OwnershipDiligence]:
    for party in sorted({*gaps, *map(PartyId, held)}):
        now = tuple(gaps.get(party, ()))
        last = held.get(party)
        if last is None:
            yield OwnershipDiligence(
                diligence_id=diligence_id(tenant, party),
                version=1,
                party_id=party,
                state=DiligenceState.OPEN,
                gaps=now,
                searched="",
                found="",
                left_open="",
                reason=str(_OPENED),
                at=at,
                by=by,
            )
            continue
        is_open = last.state is DiligenceState.OPEN
        if now != last.gaps if is_open else set(now) - set(last.gaps):
            yield replace(
                last,
                version=last.version + 1,
                state=DiligenceState.OPEN,
                gaps=now,
                reason=str(_CHANGED if is_open else _REOPENED),
                at=at,
                by=by,
            )


def listed(desk: Desk, state: DiligenceState | None = None) -> Sequence[OwnershipDiligence]:
    """Return the last version of every record that may be seen, in order of ids."""
    desk.must(Action.DILIGENCE_READ)
    return desk.store.ownership_diligence.last(state)


def shown(desk: Desk, identifier: str) -> Sequence[OwnershipDiligence]:
    """Return all versions of a record, the oldest first; the reading is an act.

    Raises:
        NotFoundError: there is none of this id.
    """
    versions = desk.store.ownership_diligence.versions(identifier)
    if not versions:
        desk.must(Action.DILIGENCE_READ)
        raise NotFoundError(KIND, identifier)
    desk.read(Action.DILIGENCE_READ, _resource(desk, identifier))
    return versions


def note(desk: Desk, identifier: str, written: Written, *, reason: str = "") -> OwnershipDiligence:
    """Write down what was searched, found and left open, as a new version.

    Raises:
        NotFoundError: there is none of this id.
        DiligenceError: the record is closed, or nothing was written.
    """
    last = _found(desk, identifier)
    if last.state is DiligenceState.CLOSED:
        raise DiligenceError(
            say(
                "Record {record} is closed; the next pass opens it when something else is left"
                " open.",
                record=identifier,
            )
        )
    parts = {name: getattr(written, name) for name in ("searched", "found", "left_open")}
    given = {name: text.strip() for name, text in parts.items() if text is not None}
    if not any(given.values()):
        raise DiligenceError(
            say(
                "Nothing was written in record {record}; give what was searched, found or left"
                " open.",
                record=identifier,
            )
        )
    _check_length(identifier, [*given.values(), reason])
    return _write(desk, replace(last, **given, reason=reason))


def close(desk: Desk, identifier: str, *, reason: str) -> OwnershipDiligence:
    """Close a record, with the reason why nothing more needs to be known.

    Raises:
        NotFoundError: there is none of this id.
        DiligenceError: the record is closed already, or no reason was given.
    """
    last = _found(desk, identifier)
    if last.state is DiligenceState.CLOSED:
        raise DiligenceError(
            say("Record {record} is closed already; read its last version.", record=identifier)
        )
    if not reason.strip():
        raise DiligenceError(
            say("Closing record {record} needs a reason; give one.", record=identifier)
        )
    _check_length(identifier, [reason])
    return _write(desk, replace(last, state=DiligenceState.CLOSED, reason=reason.strip()))


def _found(desk: Desk, identifier: str) -> OwnershipDiligence:
    last = desk.store.ownership_diligence.find(identifier)
    if last is None:
        desk.must(Action.DILIGENCE_WORK)
        raise NotFoundError(KIND, identifier)
    desk.must(Action.DILIGENCE_WORK, _resource(desk, identifier))
    return last


def _write(desk: Desk, after: OwnershipDiligence) -> OwnershipDiligence:
    version = after.version + 1
    after = replace(after, version=version, at=desk.now(), by=desk.principal.id)
    with desk.store.transaction():
        desk.store.ownership_diligence.add(after)
        record = {
            "diligence": after.diligence_id,
            "version": version,
            "state": after.state.value,
            "digest": _digest(after),
        }
        reason = DiligenceState.CLOSED.value if after.state is DiligenceState.CLOSED else "note"
        desk.store.act(WRITTEN, record, at=after.at, by=after.by, reason=reason)
    return after


def _digest(one: OwnershipDiligence) -> str:
    """Return a digest of what a version says; what people wrote enters no act."""
    gaps = [[gap.ground, gap.regime, gap.share, list(gap.owners)] for gap in one.gaps]
    told = [one.searched, one.found, one.left_open, one.reason]
    return digest([one.diligence_id, one.version, one.state.value, gaps, told])


def _check_length(identifier: str, texts: Sequence[str]) -> None:
    longest = max(map(len, texts))
    if longest > MOST_CHARACTERS:
        raise DiligenceError(
            say(
                "A text of {length} characters is too long for record {record}; give at most"
                " {most}, and attach the rest to a case.",
                record=identifier,
                length=longest,
                most=MOST_CHARACTERS,
            )
        )


def _resource(desk: Desk, identifier: str) -> Resource:
    return Resource(KIND, desk.principal.tenant, identifier)
