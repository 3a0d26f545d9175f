"""Matches, allowances and runs of screening of one tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert

from sluicegate.adapters.store.match_documents import (
    document_of,
    read_allowance,
    read_match,
    read_run,
)
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.standing_matches import StandingMatches, keep_standing
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes, digest
from sluicegate.core.exact import load_json
from sluicegate.services.ports.matches import (
    Allowance,
    AllowanceVersion,
    Baseline,
    Cause,
    ListedMatch,
    Match,
    MatchPlace,
    MatchQuery,
    MatchState,
    MatchVersion,
    Outcome,
    ScreeningRun,
)

_CHUNK = 2_000
_PARTY, _LISTED = "party", "listed"
_SCREENED_KINDS = ("customers", "ownership")


class Matches(StandingMatches):
    """Implements `services.ports.matches.MatchStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def matches(
        self,
        *,
        states: Collection[MatchState] = (),
        known_on: datetime | None = None,
    ) -> Sequence[Match]:
        """Return every match as it stands, or those in some states, in order of their ids."""
        rows = table("match_versions")
        query = self._newest(rows, "match_id", known_on)
        if states:
            query = query.where(rows.c.state.in_([one.value for one in states]))
        return [read_match(_read(row.document)) for row in self._all(query)]

    def match(self, match_id: str) -> Match | None:
        """Return a match as it stands, or None."""
        versions = self.match_versions(match_id)
        return versions[-1].match if versions else None

    def page(
        self, wanted: MatchQuery, after: MatchPlace | None, limit: int
    ) -> Sequence[ListedMatch]:
        """Return at most `limit` matches after a place, in the order that the filter names."""
        with self._unit.reading() as connection:
            places = self._places(connection, wanted, after, limit)
            rows = table("match_versions")
            newest = self._newest(rows, "match_id", None, [one[1] for one in places])
            documents = {row.match_id: row.document for row in connection.execute(newest)}
        return [ListedMatch(read_match(_read(documents[one[1]])), one) for one in places]

    def match_versions(self, match_id: str) -> Sequence[MatchVersion]:
        """Return all versions of a match, oldest first."""
        rows = table("match_versions")
        query = self._unit.rows(rows).where(rows.c.match_id == match_id).order_by(rows.c.version)
        return [
            MatchVersion(
                row.version, read_match(_read(row.document)), _at(row), row.recorded_by, row.run_id
            )
            for row in self._all(query)
        ]

    def outcomes(self, match_id: str = "", run_id: str = "") -> Sequence[Outcome]:
        """Return changes of how matches stand, oldest first; of one match, or of one run."""
        rows = table("match_outcomes")
        query = self._unit.rows(rows)
        if match_id:
            query = query.where(rows.c.match_id == match_id)
        if run_id:
            query = query.where(rows.c.run_id == run_id)
        return [
            Outcome(
                match_id=row.match_id,
                before=None if row.before is None else MatchState(row.before),
                after=MatchState(row.after),
                cause=Cause(row.cause),
                cause_id=row.cause_id,
                run_id=row.run_id,
                at=_at(row),
                by=row.recorded_by,
            )
            for row in self._all(query.order_by(rows.c.sequence))
        ]

    def write_matches(
        self, matches: Sequence[Match], *, run_id: str, at: datetime, by: str
    ) -> None:
        """Write new versions of matches, and an outcome for each that stands otherwise now."""
        if not matches:
            return
        stamp = {**self._unit.stamp(at), "recorded_by": by, "run_id": run_id}
        with self._unit.writing() as connection:
            last = self._last(connection, "match_versions", "match_id", "state", matches)
            versions = [
                {
                    **stamp,
                    "match_id": one.match_id,
                    "version": last.get(one.match_id, _NEW)[0] + 1,
                    "state": one.state.value,
                    **_kept(document_of(one)),
                }
                for one in matches
            ]
            connection.execute(insert(table("match_versions")), versions)
            keep_standing(connection, self._unit, matches, self._unit.stamp(at))
            outcomes = [
                {
                    **stamp,
                    "match_id": one.match_id,
                    "before": last.get(one.match_id, _NEW)[1],
                    "after": one.state.value,
                    "cause": one.cause.value,
                    "cause_id": one.cause_id,
                }
                for one in matches
                if last.get(one.match_id, _NEW)[1] != one.state.value
            ]
            if outcomes:
                connection.execute(insert(table("match_outcomes")), outcomes)

    def allowances(self, *, known_on: datetime | None = None) -> Sequence[Allowance]:
        """Return every allowance as it stands, oldest first."""
        rows = table("allowances")
        found = self._all(self._newest(rows, "allowance_id", known_on))
        read = [read_allowance(_read(row.document)) for row in found]
        return sorted(read, key=lambda one: (one.made_at, one.allowance_id))

    def allowance_versions(self, allowance_id: str) -> Sequence[AllowanceVersion]:
        """Return all versions of an allowance, oldest first."""
        rows = table("allowances")
        query = self._unit.rows(rows).where(rows.c.allowance_id == allowance_id)
        return [
            AllowanceVersion(
                row.version, read_allowance(_read(row.document)), _at(row), row.recorded_by
            )
            for row in self._all(query.order_by(rows.c.version))
        ]

    def write_allowances(self, allowances: Sequence[Allowance], *, at: datetime, by: str) -> None:
        """Write new versions of allowances; several of one are written in their order."""
        stamp = {**self._unit.stamp(at), "recorded_by": by}
        with self._unit.writing() as connection:
            last = self._last(connection, "allowances", "allowance_id", "state", allowances)
            numbers = {key: number for key, (number, _) in last.items()}
            rows = []
            for one in allowances:
                numbers[one.allowance_id] = numbers.get(one.allowance_id, 0) + 1
                rows.append(
                    {
                        **stamp,
                        "allowance_id": one.allowance_id,
                        "version": numbers[one.allowance_id],
                        "state": one.state.value,
                        **_kept(document_of(one)),
                    }
                )
            if rows:
                connection.execute(insert(table("allowances")), rows)

    def runs(self, *, limit: int = 50) -> Sequence[ScreeningRun]:
        """Return runs, the newest first."""
        rows = table("screening_runs")
        query = self._unit.rows(rows).order_by(rows.c.sequence.desc()).limit(limit)
        return [_run(row) for row in self._all(query)]

    def run(self, run_id: str) -> ScreeningRun | None:
        """Return a run, or None."""
        rows = table("screening_runs")
        found = self._all(self._unit.rows(rows).where(rows.c.run_id == run_id))
        return _run(found[0]) if found else None

    def add_run(self, run: ScreeningRun) -> None:
        """Keep a run."""
        row = {
            **self._unit.stamp(run.at),
            "recorded_by": run.by,
            "run_id": run.run_id,
            "kind": run.kind.value,
            "document": canonical_bytes(document_of(run)).decode(),
            "cpu_milliseconds": run.cpu_milliseconds,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("screening_runs")), [row])

    def baseline(self) -> Baseline:
        """Return what the last run screened."""
        rows = table("screening_marks")
        query = self._unit.rows(rows, rows.c.mark_id, rows.c.mark)
        marks = {
            side: dict(map(tuple, self._all(query.where(rows.c.side == side))))
            for side in (_PARTY, _LISTED)
        }
        return Baseline(marks[_PARTY], marks[_LISTED])

    def set_baseline(self, before: Baseline, now: Baseline, *, at: datetime) -> None:
        """Keep what a run screened; `before` is what is kept, so that only changes are written."""
        with self._unit.writing() as connection:
            for side, old, new in (
                (_PARTY, before.parties, now.parties),
                (_LISTED, before.listed, now.listed),
            ):
                if old == new:
                    continue
                changed = {key: mark for key, mark in new.items() if old.get(key) != mark}
                left = [key for key in old if key not in new or key in changed]
                self._drop_marks(connection, side, left)
                self._add_marks(connection, side, changed, at)

    def findings_of(self, match_id: str) -> Sequence[str]:
        """Return the ids of the findings of the last pass that rest on a match."""
        rows = table("match_findings")
        query = self._unit.rows(rows, rows.c.finding_id).where(rows.c.match_id == match_id)
        return [row.finding_id for row in self._all(query.order_by(rows.c.finding_id))]

    def set_findings(self, pairs: Collection[tuple[str, str]], *, at: datetime) -> None:
        """Keep which match is behind which finding of a pass, instead of what was kept."""
        rows = table("match_findings")
        stamp = self._unit.stamp(at)
        with self._unit.writing() as connection:
            query = self._unit.rows(rows, rows.c.sequence, rows.c.match_id, rows.c.finding_id)
            held = {(row[1], row[2]): row[0] for row in connection.execute(query)}
            gone = [held[pair] for pair in held.keys() - set(pairs)]
            for start in range(0, len(gone), _CHUNK):
                chosen = delete(rows).where(
                    rows.c.tenant_id == self._unit.tenant,
                    rows.c.sequence.in_(gone[start : start + _CHUNK]),
                )
                connection.execute(chosen)
            new = [
                {**stamp, "match_id": match_id, "finding_id": finding_id}
                for match_id, finding_id in sorted(set(pairs) - held.keys())
            ]
            if new:
                connection.execute(insert(rows), new)

    def registry_changed_at(self) -> datetime | None:
        """Return when customers or their owners were last written; None when never."""
        found = [self._written_at(kind) for kind in _SCREENED_KINDS]
        return max((one for one in found if one is not None), default=None)

    def allowances_changed_at(self) -> datetime | None:
        """Return when an allowance was last written; None when never."""
        return self._written_at("allowances")

    def _written_at(self, name: str) -> datetime | None:
        rows = table(name)
        newest = self._unit.rows(rows, rows.c.recorded_at).order_by(rows.c.sequence.desc())
        with self._unit.reading() as connection:
            at: datetime | None = connection.execute(newest.limit(1)).scalar_one_or_none()
        return at

    def _newest(
        self,
        rows: Table,
        key: str,
        known_on: datetime | None,
        only: Collection[str] | None = None,
    ) -> Select[Any]:
        """Return the last version of each key, or of some only, as known at an instant."""
        newest = self._unit.rows(rows, func.max(rows.c.sequence))
        if only is not None:
            newest = newest.where(rows.c[key].in_(only))
        if known_on is not None:
            newest = newest.where(rows.c.recorded_at <= known_on)
        query = self._unit.rows(rows).where(rows.c.sequence.in_(newest.group_by(rows.c[key])))
        return query.order_by(rows.c[key])

    def _last(
        self,
        connection: Connection,
        name: str,
        key: str,
        column: str,
        written: Iterable[Match | Allowance],
    ) -> dict[str, tuple[int, str | None]]:
        """Return key → the number and a column of its last version."""
        rows = table(name)
        ids = sorted({getattr(one, key) for one in written})
        found: dict[str, tuple[int, str | None]] = {}
        for start in range(0, len(ids), _CHUNK):
            query = (
                self._unit.rows(rows, rows.c[key], rows.c.version, rows.c[column])
                .where(rows.c[key].in_(ids[start : start + _CHUNK]))
                .order_by(rows.c.version)
            )
            for identifier, number, held in connection.execute(query):
                found[identifier] = (number, held)
        return found

    def _drop_marks(self, connection: Connection, side: str, keys: Sequence[str]) -> None:
        rows = table("screening_marks")
        for start in range(0, len(keys), _CHUNK):
            chosen = delete(rows).where(
                rows.c.tenant_id == self._unit.tenant,
                rows.c.side == side,
                rows.c.mark_id.in_(keys[start : start + _CHUNK]),
            )
            connection.execute(chosen)

    def _add_marks(
        self, connection: Connection, side: str, marks: Mapping[str, str], at: datetime
    ) -> None:
        stamp = {**self._unit.stamp(at), "side": side}
        rows = [{**stamp, "mark_id": key, "mark": mark} for key, mark in marks.items()]
        for start in range(0, len(rows), _CHUNK):
            connection.execute(insert(table("screening_marks")), rows[start : start + _CHUNK])

    def _all(self, query: Select[Any]) -> Sequence[Any]:
        with self._unit.reading() as connection:
            return connection.execute(query).all()


_NEW: tuple[int, str | None] = (0, None)


def _kept(document: Mapping[str, Any]) -> dict[str, str]:
    return {"document": canonical_bytes(document).decode(), "digest": digest(document)}


def _read(text: str) -> dict[str, Any]:
    document: dict[str, Any] = load_json(text)
    return document


def _run(row: Any) -> ScreeningRun:
    return read_run(_read(row.document))


def _at(row: Any) -> datetime:
    zone = timezone(timedelta(minutes=row.recorded_offset_minutes))
    at: datetime = row.recorded_at.astimezone(zone)
    return at
