"""An instrument or a parameter as a document: its dates, references and marks."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sluicegate.rules.answers import value_text
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.instruments import DatedValue, Instrument, Parameter, Status, Title
from sluicegate.rules.moving import MovingRule


@dataclass(frozen=True, slots=True)
class LawView:
    """The day looked at and the day as known on which; None for a look at everything.

    `today` stands in for the day when only the knowledge is bounded.
    """

    today: date
    as_of: date | None = None
    known_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is left out and nothing is said to hold."""
        return self.as_of is None and self.known_on is None

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.as_of or self.today

    def knows(self, one: Status | DatedValue) -> bool:
        """Say whether a status or value was known on the day."""
        return self.known_on is None or one.known_from is None or one.known_from <= self.known_on

    def dates(self, one: Status | DatedValue, holds: bool) -> dict[str, Any]:
        """Return what both have: from when, how sure, known from when, and whether it holds."""
        shown: dict[str, Any] = {
            "reference": one.reference,
            "mark": one.mark.value,
            "known_from": None if one.known_from is None else one.known_from.isoformat(),
        }
        return shown if self.is_open else {**shown, "holds": holds}


def law_document(book: RuleBook, identifier: str, view: LawView) -> dict[str, Any]:
    """Return an instrument or a parameter by its id.

    Raises UnknownRuleError with the nearest id that there is.
    """
    if identifier in book.parameters:
        return _parameter(book.parameters[identifier], view)
    if identifier in book.moving:
        return _moving(book.moving[identifier], book, view)
    if identifier not in book.instruments:
        near = difflib.get_close_matches(
            identifier[:100], [*book.instruments, *book.parameters, *book.moving], n=1
        )
        hint = f"did you mean {near[0]}?" if near else "`sluicegate rules list` shows all"
        problem = "no instrument, parameter or moving threshold has this id"
        raise UnknownRuleError(f"{identifier}: {problem}; {hint}")
    return _instrument(book.instrument(identifier), view)


def title_document(title: Title) -> dict[str, str]:
    """Return a title in both languages."""
    return {"en": title.en, "zh": title.zh}


def _from(start: date | None) -> str:
    return "undated" if start is None else start.isoformat()


def _parameter(parameter: Parameter, view: LawView) -> dict[str, Any]:
    holding = parameter.on(view.day, view.known_on)
    return {
        "id": parameter.id,
        "title": title_document(parameter.title),
        "unit": parameter.unit,
        "comparator": None if parameter.comparator is None else parameter.comparator.value,
        "values": [
            {
                "from": _from(dated.start),
                **({} if dated.not_before is None else {"not_before": _from(dated.not_before)}),
                "value": value_text(dated.value, parameter.unit),
                **view.dates(dated, dated is holding),
            }
            for dated in parameter.values
            if view.knows(dated)
        ],
    }


def _moving(rule: MovingRule, book: RuleBook, view: LawView) -> dict[str, Any]:
    """Return a moving threshold with the parameters it rests on."""
    return {
        "id": rule.id,
        "title": {"en": rule.title.en, "zh": rule.title.zh},
        "form": rule.form.value,
        "unit": rule.unit,
        "comparator": rule.comparator.value,
        "data_set": rule.data_set,
        "reference": rule.reference,
        "mark": rule.mark.value,
        "known_from": None if rule.known_from is None else rule.known_from.isoformat(),
        "parts": list(rule.parts),
        "parameters": [
            {"role": role.value, **_parameter(book.parameters[name], view)}
            for role, name in rule.parameters.items()
        ],
    }


def _instrument(one: Instrument, view: LawView) -> dict[str, Any]:
    holding = one.status_on(view.day, view.known_on)
    return {
        "id": one.id,
        "title": title_document(one.title),
        "issuer": title_document(one.issuer),
        "kind": one.kind.value,
        "citation": one.citation,
        "published": None if one.published is None else one.published.isoformat(),
        "status": [
            {
                "from": _from(status.start),
                "text": status.text.value,
                "enforcement": status.enforcement.value,
                **view.dates(status, status is holding),
            }
            for status in one.statuses
            if view.knows(status)
        ],
        "parameters": [_parameter(parameter, view) for parameter in one.parameters],
        "thresholds": [
            {
                "id": t.id,
                "title": title_document(t.title),
                "subject": t.subject,
                "question": t.question,
            }
            for t in one.thresholds
        ],
        "moving": [
            {
                "id": m.id,
                "title": {"en": m.title.en, "zh": m.title.zh},
                "form": m.form.value,
                "comparator": m.comparator.value,
                "reference": m.reference,
                "mark": m.mark.value,
            }
            for m in one.moving
        ],
        "obligations": [
            {
                "id": o.id,
                "duty": title_document(o.duty),
                "to": title_document(o.to),
                "reference": o.reference,
            }
            for o in one.obligations
        ],
        "notes": [
            {
                "id": n.id,
                "text": title_document(n.text),
                "reference": n.reference,
                "mark": n.mark.value,
            }
            for n in one.notes
        ],
        "file": one.file,
    }
