"""The read model of findings and obligations: made in the transaction that writes versions.

Findings that share every facet (rule, certainty, enforcement and so on) form a
cell; there are some hundred cells, whatever the number of findings. Each row
names its cell, and an index begins with it: a page under any filter of facets
is merged from the first rows of the cells that fit, and a count is a sum over
cells. Nothing is scanned.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, insert, update

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.ports.present import Facets
from sluicegate.services.present.keys import NOTHING, amount_key, day_key, name_key

FINDING = "finding"
OBLIGATION = "obligation"

_CHUNK = 2_000
_RANK = {"certain": 0, "likely": 1, "possible": 2, "cleared": 3}
_LAST_RANK = 4
_NO_FINDING = Facets()


class Version(NamedTuple):
    """The newest version of a document, None when it is closed, with its row and instant."""

    document: Mapping[str, Any] | None
    sequence: int
    at: datetime
    pass_id: str


class PassMark(NamedTuple):
    """The pass that writes."""

    pass_id: str
    sequence: int
    at: datetime


@dataclass
class Cells:
    """The cells of one part: known by facets, counted up and down, written once at the end."""

    unit: Unit
    connection: Connection
    part: str
    at: datetime

    def __post_init__(self) -> None:
        cells = table("present_cells")
        query = self.unit.rows(cells, cells.c.sequence, cells.c.facets)
        rows = self.connection.execute(query.where(cells.c.part == self.part))
        self._numbers = {read_facets(text): number for number, text in rows}
        self._changes: dict[int, int] = defaultdict(int)

    def enter(self, facets: Facets) -> int:
        """Count one row more in the cell of facets; return its number."""
        number = self._numbers.get(facets)
        if number is None:
            text = canonical_bytes(asdict(facets)).decode()
            row = {**self.unit.stamp(self.at), "part": self.part, "facets": text, "count": 0}
            made = self.connection.execute(insert(table("present_cells")).values(row))
            assert made.inserted_primary_key is not None
            number = self._numbers[facets] = int(made.inserted_primary_key[0])
        self._changes[number] += 1
        return number

    def leave(self, number: int) -> None:
        """Count one row less in a cell."""
        self._changes[number] -= 1

    def write(self) -> None:
        """Write the counts that changed."""
        cells = table("present_cells")
        changes = [
            {"number": number, "change": change}
            for number, change in self._changes.items()
            if change
        ]
        if changes:
            self.connection.execute(
                update(cells)
                .where(cells.c.sequence == bindparam("number"))
                .values(count=cells.c.count + bindparam("change")),
                changes,
            )


@lru_cache(maxsize=4096)
def read_facets(text: str) -> Facets:
    """Return the facets of a cell as it is written."""
    return Facets(**json.loads(text))


def facets_of(document: Mapping[str, Any]) -> Facets:
    """Return the facets of a finding's document."""
    instrument = _text(document, "instrument")
    return Facets(
        jurisdiction=jurisdiction_of(instrument) if instrument else "",
        instrument=instrument,
        rule=_text(document, "rule"),
        question=_text(document, "question"),
        subject_kind=_text(document, "subject_kind"),
        certainty=_text(document, "certainty"),
        level=_text(document, "level"),
        is_written=document.get("as_written") is True,
        is_enforced=document.get("as_enforced") is True,
    )


def obligation_facets(finding: Facets, is_binding: bool) -> Facets:
    """Return the facets that an obligation is counted by: those that say whose rule it is."""
    return Facets(
        jurisdiction=finding.jurisdiction,
        instrument=finding.instrument,
        rule=finding.rule,
        question=finding.question,
        subject_kind=finding.subject_kind,
        is_enforced=is_binding,
    )


def weight_of(facets: Facets) -> int:
    """Return the place of facets in order of gravity: certain and enforced first."""
    return 2 * _RANK.get(facets.certainty, _LAST_RANK) + (not facets.is_enforced)


class Projection:
    """Writes the rows of findings and obligations that a pass, or a rebuild, touches."""

    def __init__(self, unit: Unit, connection: Connection, at: datetime) -> None:
        self._unit = unit
        self._connection = connection
        self._stamp = unit.stamp(at)
        self._findings = Cells(unit, connection, FINDING, at)
        self._obligations = Cells(unit, connection, OBLIGATION, at)
        self._before: Mapping[int, Facets] | None = None

    def apply(
        self,
        findings: Mapping[str, Version],
        obligations: Mapping[str, Version],
        by: PassMark | None = None,
    ) -> None:
        """Bring the rows up to new versions; with `by`, note what that pass changed.

        `findings` and `obligations` are id → the version just written.
        """
        owed = self._by_finding(obligations)
        touched = sorted({*findings, *owed})
        for start in range(0, len(touched), _CHUNK):
            self._apply_chunk(touched[start : start + _CHUNK], findings, owed, by)
        self._findings.write()
        self._obligations.write()

    def _by_finding(self, obligations: Mapping[str, Version]) -> dict[str, dict[str, Version]]:
        """Return finding → its obligations that have a new version; a closing names it no more."""
        owed: dict[str, dict[str, Version]] = {}
        closed = [name for name, version in obligations.items() if version.document is None]
        rows = table("present_obligations")
        for chunk in _chunks(closed):
            query = self._unit.rows(rows, rows.c.obligation_id, rows.c.finding_id)
            found = self._connection.execute(query.where(rows.c.obligation_id.in_(chunk)))
            for name, finding in found:
                owed.setdefault(finding, {})[name] = obligations[name]
        for name, version in obligations.items():
            if version.document is not None:
                finding = _text(version.document, "finding")
                owed.setdefault(finding, {})[name] = version
        return owed

    def _apply_chunk(
        self,
        touched: Sequence[str],
        findings: Mapping[str, Version],
        owed: Mapping[str, Mapping[str, Version]],
        by: PassMark | None,
    ) -> None:
        before = {row.finding_id: row for row in self._rows("present_findings", touched)}
        owing: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in touched}
        for kept in self._rows("present_obligations", touched):
            owing[kept.finding_id][kept.obligation_id] = _kept(kept)
            self._obligations.leave(kept.cell)
        written: list[dict[str, Any]] = []
        obligations: list[dict[str, Any]] = []
        changes: list[dict[str, Any]] = []
        for name in touched:
            old, version = before.get(name), findings.get(name)
            self._owe(owing[name], owed.get(name, {}))
            due = min((one["due_key"] for one in owing[name].values()), default=NOTHING)
            facets = self._facets_after(old, version)
            made = None if facets is None else self._finding_row(name, old, version, facets, due)
            if made is not None:
                written.append(made)
            if old is not None:
                self._findings.leave(old.cell)
            obligations += self._obligation_rows(name, facets, made, owing[name])
            if by is not None and version is not None:
                changes.append(_change(self._stamp, by, name, old, made))
        self._replace("present_findings", touched, written)
        self._replace("present_obligations", touched, obligations)
        if changes:
            self._connection.execute(insert(table("present_changes")), changes)

    def _facets_after(self, old: Row[Any] | None, version: Version | None) -> Facets | None:
        """Return a finding's facets from now on, None when it is closed or was never there."""
        if version is not None:
            return None if version.document is None else facets_of(version.document)
        return None if old is None else self._known()[old.cell]

    def _finding_row(
        self, name: str, old: Row[Any] | None, version: Version | None, facets: Facets, due: str
    ) -> dict[str, Any] | None:
        """Return the row of a finding that is open: of its new version, else as it was."""
        if version is None or version.document is None:
            if old is None:
                return None
            return {**_kept(old), "cell": self._findings.enter(facets), "due_key": due}
        document = version.document
        estimate, threshold = document.get("estimate"), document.get("threshold")
        amount = _text(estimate, "central") if isinstance(estimate, Mapping) else None
        limit = threshold if isinstance(threshold, Mapping) else {}
        subject = _text(document, "subject_name")
        return {
            **self._stamp,
            "finding_id": name,
            "cell": self._findings.enter(facets),
            "weight": weight_of(facets),
            "subject": _text(document, "subject"),
            "subject_id": _text(document, "subject_id"),
            "subject_name": subject,
            "name_key": name_key(subject),
            "customer_id": _text(document, "customer_id"),
            "amount": amount or None,
            "amount_key": amount_key(amount),
            "threshold": limit.get("value"),
            "threshold_unit": limit.get("unit"),
            "share_of_threshold": document.get("share_of_threshold"),
            "due_key": due,
            "as_of": _text(document, "as_of"),
            "opened_at": version.at if old is None else old.opened_at,
            "changed_at": version.at,
            "pass_id": version.pass_id,
            "version": version.sequence,
            "changed_key": -version.sequence,
        }

    def _owe(self, owed: dict[str, dict[str, Any]], versions: Mapping[str, Version]) -> None:
        """Bring a finding's obligations up to their new versions."""
        for name, version in versions.items():
            document = version.document
            if document is None:
                owed.pop(name, None)
                continue
            owed[name] = {
                **self._stamp,
                "obligation_id": name,
                "is_binding": document.get("binding") is True,
                "due_key": day_key(document.get("due")),
                "version": version.sequence,
            }

    def _obligation_rows(
        self,
        finding: str,
        facets: Facets | None,
        row: Mapping[str, Any] | None,
        owed: Mapping[str, Mapping[str, Any]],
    ) -> Iterator[dict[str, Any]]:
        customer = "" if row is None else row["customer_id"]
        for one in owed.values():
            cell = self._obligations.enter(
                obligation_facets(facets or _NO_FINDING, one["is_binding"])
            )
            yield {**one, "finding_id": finding, "customer_id": customer, "cell": cell}

    def _rows(self, name: str, findings: Sequence[str]) -> Sequence[Row[Any]]:
        rows = table(name)
        query = self._unit.rows(rows).where(rows.c.finding_id.in_(findings))
        return self._connection.execute(query).all()

    def _known(self) -> Mapping[int, Facets]:
        """Return the facets of the cells that were there before this writing."""
        if self._before is None:
            cells = table("present_cells")
            query = self._unit.rows(cells, cells.c.sequence, cells.c.facets)
            rows = self._connection.execute(query.where(cells.c.part == FINDING)).all()
            self._before = {number: read_facets(text) for number, text in rows}
        return self._before

    def _replace(
        self, name: str, findings: Sequence[str], written: Sequence[Mapping[str, Any]]
    ) -> None:
        rows = table(name)
        self._connection.execute(
            delete(rows).where(
                rows.c.tenant_id == self._unit.tenant, rows.c.finding_id.in_(findings)
            )
        )
        if written:
            self._connection.execute(insert(rows), written)


def _change(
    stamp: Mapping[str, Any],
    by: PassMark,
    name: str,
    old: Row[Any] | None,
    row: Mapping[str, Any] | None,
) -> dict[str, Any]:
    told: Mapping[str, Any] = {}
    if row is not None:
        told = row
    elif old is not None:
        told = _kept(old)
    return {
        **stamp,
        "pass_sequence": by.sequence,
        "pass_id": by.pass_id,
        "finding_id": name,
        "subject": told.get("subject", ""),
        "subject_name": told.get("subject_name", ""),
        "customer_id": told.get("customer_id", ""),
        "before_cell": None if old is None else old.cell,
        "after_cell": None if row is None else row["cell"],
    }


def _kept(row: Row[Any]) -> dict[str, Any]:
    """Return a row to be written again; its sequence is given anew."""
    return {name: value for name, value in row._mapping.items() if name != "sequence"}


def _text(document: Mapping[str, Any], name: str) -> str:
    found = document.get(name)
    return found if isinstance(found, str) else ""


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
