"""Packs, sampled pairs and proposals of validation, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.services.ports.validation import (
    ChangeKind,
    GivenVerdict,
    PackKept,
    Proposal,
    ProposalChangedError,
    ProposalState,
    ReplayedMoment,
    SampledPair,
    SampleVerdict,
    Shift,
)

_CHUNK = 2_000


class Validation:
    """Implements `services.ports.validation.ValidationStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add_pack(self, pack: PackKept, samples: Sequence[SampledPair]) -> None:
        """Keep that a pack was made, with its sample."""
        stamp = self._stamp(pack.at, pack.by)
        rows = [
            {**stamp, "sample": one.sample_id, "pack": one.pack_id, "document": _text(one)}
            for one in samples
        ]
        with self._unit.writing() as connection:
            row = {**stamp, "pack": pack.pack_id, "document": _text(pack)}
            connection.execute(insert(table("validation_packs")), [row])
            for start in range(0, len(rows), _CHUNK):
                chunk = rows[start : start + _CHUNK]
                connection.execute(insert(table("validation_samples")), chunk)

    def packs(self) -> Sequence[PackKept]:
        """Return every pack, the newest first."""
        found = [
            PackKept(
                **{
                    **document,
                    "as_of": date.fromisoformat(document["as_of"]),
                    "at": datetime.fromisoformat(document["at"]),
                }
            )
            for document in self._documents("validation_packs")
        ]
        return tuple(reversed(found))

    def samples(self, pack_id: str | None = None) -> Sequence[SampledPair]:
        """Return sampled pairs in the order they were drawn, of one pack or of all."""
        found = (SampledPair(**document) for document in self._documents("validation_samples"))
        return tuple(one for one in found if pack_id in (None, one.pack_id))

    def verdicts(self) -> Sequence[GivenVerdict]:
        """Return every verdict, the oldest first."""
        rows = table("validation_verdicts")
        with self._unit.reading() as connection:
            return tuple(
                GivenVerdict(
                    row.sample,
                    SampleVerdict(row.verdict),
                    row.reason,
                    row.recorded_at.astimezone(
                        timezone(timedelta(minutes=row.recorded_offset_minutes))
                    ),
                    row.recorded_by,
                )
                for row in connection.execute(self._unit.rows(rows).order_by(rows.c.sequence))
            )

    def add_verdict(self, verdict: GivenVerdict) -> None:
        """Keep what a reviewer said."""
        row = {
            **self._stamp(verdict.at, verdict.by),
            "sample": verdict.sample_id,
            "verdict": verdict.verdict.value,
            "reason": verdict.reason,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("validation_verdicts")), [row])

    def proposals(self) -> Sequence[Proposal]:
        """Return each proposal at its last version, the last proposed first."""
        last: dict[str, Proposal] = {}
        for one in self._proposals():
            last[one.proposal_id] = one
        return tuple(last[name] for name in reversed(last))

    def proposal_versions(self, proposal_id: str) -> Sequence[Proposal]:
        """Return all versions of a proposal, the oldest first."""
        return tuple(one for one in self._proposals() if one.proposal_id == proposal_id)

    def add_proposal(self, proposal: Proposal) -> None:
        """Keep a version of a proposal."""
        row = {
            **self._stamp(proposal.at, proposal.by),
            "proposal": proposal.proposal_id,
            "version": proposal.version,
            "kind": proposal.kind.value,
            "state": proposal.state.value,
            "document": _text(proposal),
        }
        try:
            with self._unit.writing() as connection:
                connection.execute(insert(table("validation_proposals")), [row])
        except IntegrityError as error:
            raise ProposalChangedError(proposal.proposal_id) from error

    def activated(self) -> Proposal | None:
        """Return the change of algorithm or threshold that was activated last, or None."""
        found = [one for one in self._proposals(ProposalState.ACTIVATED) if one.is_method]
        return found[-1] if found else None

    def _proposals(self, state: ProposalState | None = None) -> list[Proposal]:
        rows = table("validation_proposals")
        query = self._unit.rows(rows, rows.c.document).order_by(rows.c.sequence)
        if state is not None:
            query = query.where(rows.c.state == state.value)
        with self._unit.reading() as connection:
            return [_proposal(load_json(text)) for text in connection.execute(query).scalars()]

    def _documents(self, name: str) -> list[dict[str, Any]]:
        rows = table(name)
        query = self._unit.rows(rows, rows.c.document).order_by(rows.c.sequence)
        with self._unit.reading() as connection:
            return [load_json(text) for text in connection.execute(query).scalars()]

    def _stamp(self, at: datetime, by: str) -> Mapping[str, Any]:
        return {**self._unit.stamp(self._unit.instant(at)), "recorded_by": by}


def _text(value: PackKept | SampledPair | Proposal) -> str:
    return canonical_bytes(_plain(value)).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


def _proposal(document: Mapping[str, Any]) -> Proposal:
    return Proposal(
        **{
            **document,
            "kind": ChangeKind(document["kind"]),
            "state": ProposalState(document["state"]),
            "moments": tuple(map(_moment, document["moments"])),
            "proposed_at": datetime.fromisoformat(document["proposed_at"]),
            "at": datetime.fromisoformat(document["at"]),
        }
    )


def _moment(document: Mapping[str, Any]) -> ReplayedMoment:
    return ReplayedMoment(
        **{
            **document,
            "at": datetime.fromisoformat(document["at"]),
            "as_of": date.fromisoformat(document["as_of"]),
            "gained": tuple(map(_shift, document["gained"])),
            "lost": tuple(map(_shift, document["lost"])),
        }
    )


def _shift(document: Mapping[str, Any]) -> Shift:
    return Shift(**{**document, "lists": tuple(document["lists"])})
