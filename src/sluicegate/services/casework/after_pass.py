"""What a pass does to the cases: it opens, changes, wakes, reopens and closes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sluicegate.cases.case import Case
from sluicegate.cases.events import EventKind, event_of
from sluicegate.cases.folding import Moment, follow
from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import TenantId
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.casework.announcing import tell
from sluicegate.services.casework.case_ids import case_id_of
from sluicegate.services.casework.found_again import (
    PASS_REASON,
    ChangedCase,
    Effect,
    Touch,
    opening_of,
)
from sluicegate.services.casework.owed import Document
from sluicegate.services.casework.resting import tell_sealed, woken
from sluicegate.services.casework.writing import rules_on
from sluicegate.services.ports import Store
from sluicegate.services.ports.casework import CaseChange

PASS_APPLIED = "cases_after_pass"
"""The act of a pass that opened or changed cases."""


@dataclass(frozen=True)
class PassFound:
    """What a pass found, as stored documents.

    `findings` and `obligations` are all that there are now; `touched` are the
    ids of findings that say something new, or from which something else is owed.
    """

    tenant: TenantId
    as_of: date
    findings: Sequence[Document]
    obligations: Sequence[Document] = ()
    touched: Collection[str] = ()


@dataclass(frozen=True)
class AfterPass:
    """What a pass did to the cases: the ids by effect."""

    cases: Mapping[Effect, tuple[str, ...]] = field(default_factory=dict)

    def count(self, effect: Effect) -> int:
        """Return how many cases it did something to."""
        return len(self.cases.get(effect, ()))


def apply_pass(
    store: Store, found: PassFound, book: RuleBook, *, at: datetime, by: str
) -> AfterPass:
    """Open, change, wake, reopen and close cases after a pass; a part of its transaction.

    What is compared is what the cases hold: a pass over the same findings
    changes nothing, and one over a store that had no cases yet opens them all.
    """
    rules = rules_on(book, at)
    owed: dict[str, list[Document]] = defaultdict(list)
    for one in found.obligations:
        owed[one["finding"]].append(one)
    touch = Touch(book, rules, Law(book, found.as_of), at, by, owed)
    changes = list(_PassOver(store, found, touch).changes())
    touched = {each.after.case_id for each, _ in changes}
    changes += [(each, Effect.WOKEN) for each in woken(store, rules, at, by, touched)]
    written = [each for each, _ in changes]
    if not written:
        return AfterPass()
    with store.transaction():
        store.cases.write(written)
        effects: dict[Effect, list[str]] = defaultdict(list)
        for each, effect in changes:
            if each.after.sealed_for is None:
                effects[effect].append(each.after.case_id)
        after = AfterPass({effect: tuple(ids) for effect, ids in effects.items()})
        _tell(store, written, after, at, by)
    return after


def _tell(
    store: Store, written: Sequence[CaseChange], after: AfterPass, at: datetime, by: str
) -> None:
    """Write the act of the ordinary cases, and one for each sealed case that woke."""
    events = [event.event_id for one in written if not one.after.sealed_for for event in one.events]
    if events:
        record = {effect.value: after.count(effect) for effect in Effect}
        record_of_act = {**record, "events": len(events), "digest": digest(events)}
        store.act(PASS_APPLIED, record_of_act, at=at, by=by, reason=PASS_REASON)
    tell_sealed(store, written, at, by)
    tell(store, written, at=at)


class _PassOver:
    """A pass over the cases of a store, one after the other."""

    def __init__(self, store: Store, found: PassFound, touch: Touch) -> None:
        self.store = store
        self.found = found
        self.touch = touch

    def changes(self) -> Iterator[tuple[CaseChange, Effect]]:
        """Yield each case that is opened or changed, with what was done to it."""
        places = self.store.cases.alert_places()
        opening, other = self._parted()
        by_case: dict[str, list[Document]] = defaultdict(list)
        for name, one in opening.items():
            place = places.get(name)
            if name in self.found.touched or place is None or place.is_gone:
                by_case[self._case_id(one)].append(one)
        left: dict[str, list[str]] = defaultdict(list)
        for name, place in places.items():
            if not place.is_gone and name not in opening:
                left[place.case_id].append(name)
        ids = sorted({*by_case, *left})
        held = self.store.cases.standing(ids) if places else {}
        for case_id in ids:
            case = held.get(case_id)
            if case is None:
                yield self._opened(case_id, by_case[case_id]), Effect.OPENED
                continue
            kept = _kept(case, left.get(case_id, ()), other)
            findings = [*by_case.get(case_id, ()), *(other[name] for name in kept)]
            gone = [name for name in left.get(case_id, ()) if name not in kept]
            changed = ChangedCase(self.touch, case, findings, gone).change()
            if changed is not None:
                yield changed

    def _parted(self) -> tuple[dict[str, Document], dict[str, Document]]:
        """Return id → finding: those of which a pass opens a case, and the others."""
        opening: dict[str, Document] = {}
        other: dict[str, Document] = {}
        for one in self.found.findings:
            (opening if self.touch.opens(one) else other)[one["id"]] = one
        return opening, other

    def _case_id(self, finding: Document) -> str:
        jurisdiction = jurisdiction_of(finding["instrument"])
        return case_id_of(self.found.tenant, finding["subject"], jurisdiction)

    def _opened(self, case_id: str, findings: Sequence[Document]) -> CaseChange:
        touch = self.touch
        said = opening_of(touch, findings)
        event = event_of(
            case_id, EventKind.OPENED, said, at=touch.at, by=touch.by, reason=PASS_REASON
        )
        moment = Moment(touch.at, touch.by, PASS_REASON)
        return CaseChange(None, follow(case_id, None, EventKind.OPENED, said, moment), (event,))


def _kept(case: Case, left: Sequence[str], other: Mapping[str, Document]) -> frozenset[str]:
    """Return what a person took into a case and the pass still finds, though it opens none."""
    chosen = {one.alert_id for one in case.alerts if one.is_by_hand}
    return frozenset(name for name in left if name in chosen and name in other)
