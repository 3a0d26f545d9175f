"""Counts beside each choice of the queue's filters: what another choice would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sluicegate.cases.filters import ME, NOBODY, Filter
from sluicegate.core.calendars import legal_day
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.queue import counts
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import Facets


@dataclass(frozen=True, slots=True)
class Choices:
    """How many cases each choice would give, under all other parts of a filter."""

    total: int
    states: Mapping[str, int]
    priorities: Mapping[str, int]
    jurisdictions: Mapping[str, int]
    subject_kinds: Mapping[str, int]
    assignees: Mapping[str, int]
    rules: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Heap:
    """A ready filter of the queue: its name, what it asks for and how many cases it keeps."""

    name: str
    wanted: Filter
    count: int


def choices(desk: Desk, wanted: Filter) -> Choices:
    """Count under each choice of each filter. Raises RefusedError."""
    here = counts(desk, wanted)

    def other(is_chosen: object, without: Filter) -> Facets:
        return counts(desk, without) if is_chosen else here

    has_states = wanted.states or not wanted.has_all_states
    return Choices(
        total=here.total,
        states=other(has_states, replace(wanted, states=(), has_all_states=True)).states,
        priorities=other(wanted.priorities, replace(wanted, priorities=())).priorities,
        jurisdictions=other(wanted.jurisdictions, replace(wanted, jurisdictions=())).jurisdictions,
        subject_kinds=other(wanted.subject_kind, replace(wanted, subject_kind="")).subject_kinds,
        assignees=other(wanted.assignee, replace(wanted, assignee="")).assignees,
        rules=here.rules,
    )


def heaps(desk: Desk) -> tuple[Heap, ...]:
    """Return the ready filters: all that wants work, mine, nobody's, to check, handed up, late.

    What waits for a check is left out for who may not check. Raises RefusedError.
    """
    found = counts(desk, Filter())
    today = legal_day(desk.now())
    made = [
        Heap("wants_work", Filter(), found.total),
        Heap("mine", Filter(assignee=ME), found.assignees.get(desk.principal.id, 0)),
        Heap("nobodys", Filter(assignee=NOBODY), found.unassigned),
        Heap("late", Filter(due_before=today), found.overdue),
        Heap("handed_up", Filter(is_escalated=True), found.escalated),
    ]
    if desk.may(Action.CASE_CHECK).is_allowed:
        to_check = Filter(is_mine_to_check=True)
        made.append(Heap("to_check", to_check, counts(desk, to_check).total))
    soon = Filter(due_before=today + timedelta(days=_SOON_DAYS))
    made.append(Heap("soon", soon, counts(desk, soon).total))
    return tuple(made)


_SOON_DAYS = 8
"""Due within a week: before the eighth day from now."""
