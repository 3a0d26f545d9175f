"""Rows of a case: what is written of it beside its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.adapters.store.case_tallies import Cell, cells_of, due_key, sole_maker
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.case import Alert, Case, CaseEvent, Judgement, State
from sluicegate.core.canonical import digest
from sluicegate.services.ports.casework import CaseChange

IN_QUEUE = (State.NEW, State.OPEN, State.WAITING, State.PENDING)
"""States of a case that wants work now."""

_WEIGHTS = {"certain": 0, "likely": 1, "possible": 2}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to insert, and rows to change."""

    new: tuple[dict[str, Any], ...] = ()
    changed: tuple[dict[str, Any], ...] = ()


def case_values(case: Case, numbers: Mapping[Cell, int]) -> dict[str, Any]:
    """Return the columns of a case that stand for it in the queue; `numbers` are of cells."""
    live = [one for one in case.alerts if not one.is_gone]
    lead = min(live, key=_weight, default=None)
    key = f"{case.subject_name}\n{case.subject_id}\n{case.customer_id}\n{case.title}"
    return {
        "case_id": case.case_id,
        "cell": numbers[next(cells_of(case))],
        "kind": case.kind.value,
        "state": case.state.value,
        "in_queue": case.state in IN_QUEUE,
        "priority": case.priority.value,
        "due_key": due_key(case.due),
        "assignee": case.assignee,
        "jurisdiction": case.jurisdiction,
        "title": case.title,
        "subject": case.subject,
        "subject_kind": case.subject_kind,
        "subject_id": case.subject_id,
        "subject_name": case.subject_name,
        "name_key": key.casefold(),
        "customer_id": case.customer_id,
        "is_escalated": case.escalated_to is not None,
        "escalated_to": case.escalated_to,
        "snoozed_until": case.snoozed_until,
        "outcome": None if case.outcome is None else case.outcome.value,
        "opened_at": case.opened_at,
        "changed_at": case.changed_at,
        "version": case.version,
        "alert_count": len(live),
        "lead_rule": "" if lead is None else lead.rule,
        "proposed_by": sole_maker(case),
        "sealed_for": case.sealed_for,
    }


def rule_rows(case: Case, numbers: Mapping[Cell, int]) -> list[dict[str, Any]]:
    """Return one row for each rule that the case has an alert under that is not gone."""
    shared = {
        "case_id": case.case_id,
        "jurisdiction": case.jurisdiction,
        "sealed_for": case.sealed_for,
    }
    cells = (cell for cell in cells_of(case) if cell.rule)
    return [{**shared, "rule": cell.rule, "cell": numbers[cell]} for cell in cells]


def alert_rows(change: CaseChange) -> Rows:
    """Return which findings came into a case, and which are gone or back."""
    before = {} if change.before is None else _gone(change.before)
    after = _gone(change.after)
    case_id = change.after.case_id
    rows = [
        (name in before, {"finding_id": name, "case_id": case_id, "is_gone": gone})
        for name, gone in after.items()
        if before.get(name) is not gone
    ]
    return _parted(rows)


def block_rows(change: CaseChange) -> Rows:
    """Return the blocks that were placed and released."""
    held = () if change.before is None else change.before.blocks
    before = {one.block_id: one.released_at for one in held}
    case = change.after
    rows = [
        (
            one.block_id in before,
            {
                "block_id": one.block_id,
                "case_id": case.case_id,
                "customer_id": one.customer_id,
                "placed_at": one.at,
                "placed_by": one.by,
                "released_at": one.released_at,
                "jurisdiction": case.jurisdiction,
                "sealed_for": case.sealed_for,
            },
        )
        for one in case.blocks
        if one.block_id not in before or before[one.block_id] != one.released_at
    ]
    return _parted(rows)


def event_row(unit: Unit, case: Case, event: CaseEvent, version: int) -> dict[str, Any]:
    """Return the row of an event, with the digest that the log holds of it."""
    return {
        **unit.stamp(event.at),
        "recorded_by": event.by,
        "event_id": event.event_id,
        "case_id": event.case_id,
        "version": version,
        "kind": event.kind,
        "reason": event.reason,
        "data": event.data,
        "digest": event_digest(event),
        "sealed_for": case.sealed_for,
    }


def event_digest(event: CaseEvent) -> str:
    """Return the digest by which the log knows an event, words of people included."""
    return digest([event.event_id, event.kind, event.reason, event.data])


def _parted(rows: list[tuple[bool, dict[str, Any]]]) -> Rows:
    return Rows(
        tuple(row for was_there, row in rows if not was_there),
        tuple(row for was_there, row in rows if was_there),
    )


def _gone(case: Case) -> dict[str, bool]:
    return {one.alert_id: one.is_gone for one in case.alerts}


def _weight(alert: Alert) -> tuple[bool, bool, bool, int, str]:
    return (
        alert.judgement is Judgement.CLEARED,
        alert.level != "passed",
        not alert.is_enforced,
        _WEIGHTS.get(alert.certainty, len(_WEIGHTS)),
        alert.rule,
    )
