"""A case as people read it: why it is here, what happened, what may be done now.

Reading a case is a privileged read: who looked, at what, when is an act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.cases.case import Case, CaseEvent, Clock
from sluicegate.cases.clocks import calculation_of
from sluicegate.cases.commands import Check, Propose
from sluicegate.cases.events import EventKind, Happening, said_by
from sluicegate.cases.four_eyes import second_person
from sluicegate.cases.rules import CaseRules
from sluicegate.cases.trying import Trial, act_code, trials
from sluicegate.core.reasons import Sentence
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.acting import action_of, maker_of
from sluicegate.services.casework.own_hand import only_own_hand
from sluicegate.services.casework.writing import found, resource_of, rules_on
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseRow


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline: what happened, with who, when and why in `event`."""

    event: CaseEvent
    kind: EventKind
    said: Happening


@dataclass(frozen=True, slots=True)
class Ability:
    """Something that could be done, and whether this principal may do it to this case now.

    `name` is the command's, or the decision's for a proposal; `reasons` say why
    not. `second` says why another person would have to check it; None where
    nobody must.
    """

    name: str
    is_allowed: bool
    reasons: tuple[Sentence, ...] = ()
    second: Sentence | None = None

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return act_code(self.name)


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock with its calculation as sentences."""

    clock: Clock
    calculation: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that a principal sees of a case.

    `findings` are the documents of its alerts by id, the latest of each, gone
    ones too; `obligations` those of its clocks. `related` are other cases of the
    same subject or customer, and linked ones, as far as the principal sees them.
    """

    case: Case
    timeline: tuple[Entry, ...]
    clocks: tuple[ClockShown, ...]
    findings: Mapping[str, Mapping[str, Any]]
    obligations: Mapping[str, Mapping[str, Any]]
    related: Sequence[CaseRow]
    abilities: tuple[Ability, ...]

    def ability(self, name: str) -> Ability:
        """Return whether something may be done, by its name."""
        return next(one for one in self.abilities if one.name == name)


def read_case(desk: Desk, case_id: str, *, book: RuleBook | None = None) -> CaseFile:
    """Return a case as it stands, with its timeline and what may be done now.

    Raises:
        NotFoundError: there is none that the principal may know of.
        RefusedError: the principal may read no cases.
    """
    case = found(desk, case_id)
    desk.read(Action.CASE_READ, resource_of(case, desk.principal.tenant))
    cases = desk.store.cases
    return CaseFile(
        case=case,
        timeline=tuple(map(_entry, cases.events(case_id, desk.scope))),
        clocks=tuple(ClockShown(one, calculation_of(one)) for one in case.clocks),
        findings=cases.findings([one.alert_id for one in case.alerts]),
        obligations=cases.obligations([one.obligation for one in case.clocks if one.obligation]),
        related=cases.related(case, desk.scope),
        abilities=abilities(desk, case, book=book),
    )


def abilities(desk: Desk, case: Case, *, book: RuleBook | None = None) -> tuple[Ability, ...]:
    """Say of everything that could be done whether this principal may, now, and why not."""
    at = desk.now()
    rules = rules_on(book, at)
    tried = trials(case, desk.principal.id, at, rules)
    return tuple(_ability(desk, case, one, rules) for one in tried)


def _ability(desk: Desk, case: Case, trial: Trial, rules: CaseRules) -> Ability:
    resource = resource_of(case, desk.principal.tenant, maker=maker_of(case, trial.command))
    verdict = desk.may(action_of(trial.command), resource)
    reasons = list(verdict.reasons)
    refusal = trial.refusal or only_own_hand(desk, case, trial.command)
    if refusal is not None and not (isinstance(trial.command, Check) and reasons):
        reasons.append(refusal)
    second = None
    if isinstance(trial.command, Propose):
        alerts = [one.alert_id for one in case.alerts]
        second = second_person(case, trial.command.decision, alerts, rules)
    is_allowed = verdict.is_allowed and refusal is None
    return Ability(trial.name, is_allowed, tuple(reasons), second)


def _entry(event: CaseEvent) -> Entry:
    return Entry(event, EventKind(event.kind), said_by(event))
