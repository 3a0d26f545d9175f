"""What a pass found, as parts of a case: alerts from findings, clocks from obligations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sluicegate.cases.case import Alert, Clock
from sluicegate.cases.clocks import Owed, clock_of
from sluicegate.core.canonical import digest
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import ObligationTemplate
from sluicegate.rules.law import Law
from sluicegate.rules.thresholds import Level
from sluicegate.services.assess import ESSENCE

Document = Mapping[str, Any]


def alert_of(finding: Document, at: datetime) -> Alert:
    """Return the alert that a finding's stored document makes."""
    return Alert(
        alert_id=finding["id"],
        rule=finding["rule"],
        question=finding["question"],
        instrument=finding["instrument"],
        certainty=finding["certainty"],
        level=finding["level"],
        is_enforced=finding["as_enforced"],
        added_at=at,
        essence=_essence(finding),
    )


def _essence(finding: Document) -> str:
    """Return a digest of what a decision rests on; plain JSON, as a million are made at once.

    A finding may name that itself: what was confirmed about a match becomes
    certain by it, and must not be judged again for that.
    """
    parts = [finding.get("rests_on")] if finding.get("rests_on") else _said(finding)
    said = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _said(finding: Document) -> list[Any]:
    return [finding.get(part) for part in ESSENCE]


def kind_of(finding: Document) -> str:
    """Return what the risk rules know a finding by, such as passed/certain/enforced."""
    practice = "enforced" if finding["as_enforced"] else "written"
    return f"{finding['level']}/{finding['certainty']}/{practice}"


def clocks_of(
    finding: Document, obligations: Iterable[Document], book: RuleBook, law: Law
) -> tuple[Clock, ...]:
    """Return a clock for each obligation that follows from a finding."""
    return tuple(clock_of(_owed(finding, one, book), law) for one in obligations)


def template_of(obligation: Document, book: RuleBook) -> ObligationTemplate | None:
    """Return the duty of the book from which an obligation's document was made.

    An obligation's id is a digest of its finding and its duty, so the duty is
    recognised by making the id again. None for a duty that the book has no more.
    """
    finding = obligation["finding"]
    for template in _by_words(book).get((obligation["duty"], obligation["reference"]), ()):
        if "o-" + digest([finding, template.id])[:16] == obligation["id"]:
            return template
    return None


class _Books:
    """A book by identity, so that a table is made once for each."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book

    def __hash__(self) -> int:
        return id(self.book)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Books) and other.book is self.book


def _by_words(book: RuleBook) -> Mapping[tuple[str, str], tuple[ObligationTemplate, ...]]:
    return _table(_Books(book))


@lru_cache(maxsize=4)
def _table(held: _Books) -> Mapping[tuple[str, str], tuple[ObligationTemplate, ...]]:
    found: dict[tuple[str, str], tuple[ObligationTemplate, ...]] = {}
    for one in held.book.obligations.values():
        words = (one.duty.en, one.reference)
        found[words] = (*found.get(words, ()), one)
    return found


def _owed(finding: Document, obligation: Document, book: RuleBook) -> Owed:
    template = template_of(obligation, book)
    due = obligation["due"]
    return Owed(
        obligation=obligation["id"],
        alert=finding["id"],
        duty=obligation["duty"],
        due=None if due is None else date.fromisoformat(due),
        is_binding=obligation["binding"],
        reference=obligation["reference"],
        counted_from="" if template is None else template.counted_from,
        period="" if template is None or template.period is None else template.period,
        crossed_on=_crossed(finding),
        is_passed=finding["level"] == Level.PASSED.value and not _is_to_come(finding),
    )


def _is_to_come(finding: Document) -> bool:
    """Say whether the crossing that a finding is about is projected and has not come."""
    days = finding.get("crossing") or {}
    return bool(days.get("projected")) and not any(map(days.get, ("central", "high", "low")))


def _crossed(finding: Document) -> date:
    """Return the day from which a finding's duties count, as `services.obligations` counts."""
    days = finding.get("crossing") or {}
    day = days.get("central") or days.get("high") or days.get("low") or finding["as_of"]
    return date.fromisoformat(day)
