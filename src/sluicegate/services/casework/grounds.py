"""Why a case is here: what its findings say, in sentences of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.cases.case import Alert
from sluicegate.core.reasons import Sentence
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.services.candidates import as_candidate
from sluicegate.services.casework.reading import CaseFile
from sluicegate.services.explain import asked_again


@dataclass(frozen=True, slots=True)
class Ground:
    """One alert of a case with what its finding says.

    `asked` is the finding's question, asked again from the facts that the finding
    keeps; None where the rules have changed since the pass. Then `recorded` holds
    the sentences that the pass wrote, in English.
    """

    alert: Alert
    document: Mapping[str, Any]
    asked: Asked | None
    recorded: tuple[str, ...]

    @property
    def outcome(self) -> Sentence | str:
        """What it comes to, in a sentence."""
        if self.asked is not None:
            return as_candidate(self.asked.outcome, self.document)
        return " ".join(self.recorded)

    @property
    def reasons(self) -> tuple[Sentence | str, ...]:
        """Why, in sentences that the outcome does not say."""
        if self.asked is None:
            return ()
        return tuple(one for one in self.asked.reasons if one != self.asked.outcome)


def grounds(file: CaseFile, book: RuleBook) -> tuple[Ground, ...]:
    """Return why a case is here: its alerts, those that still stand first, the gravest in front."""
    found = [_ground(one, file, book) for one in file.case.alerts]
    return tuple(sorted(found, key=_weight))


def _ground(alert: Alert, file: CaseFile, book: RuleBook) -> Ground:
    document = file.findings.get(alert.alert_id, {})
    asked = asked_again(document, book) if document else None
    return Ground(alert, document, asked, tuple(document.get("reasons", ())))


def _weight(one: Ground) -> tuple[bool, bool, bool, str]:
    alert = one.alert
    return alert.is_gone, alert.level != "passed", not alert.is_enforced, alert.rule
