"""What a change of law changed: the book on two dates, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sluicegate.rules.answers import value_text
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import DatedValue, Parameter, Status


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter or status that differs between two dates."""

    id: str
    title: str
    what: str
    before: str
    after: str
    since: date | None
    reference: str

    def __str__(self) -> str:
        since = "" if self.since is None else f" since {self.since}"
        return f"{self.title} ({self.id}): {self.what} {self.before} → {self.after}{since}"


def differences(
    book: RuleBook, earlier: date, later: date, known_on: date | None = None
) -> Iterator[Change]:
    """Yield what holds differently on two dates, instruments in order of id."""
    for identifier in sorted(book.instruments):
        instrument = book.instruments[identifier]
        old, new = (instrument.status_on(day, known_on) for day in (earlier, later))
        if _status_text(old) != _status_text(new) and new is not None:
            yield Change(
                identifier,
                instrument.title.en,
                "status",
                _status_text(old),
                _status_text(new),
                new.start,
                new.reference,
            )
        for parameter in instrument.parameters:
            before, after = (parameter.on(day, known_on) for day in (earlier, later))
            if before != after and after is not None:
                yield Change(
                    parameter.id,
                    parameter.title.en,
                    "value",
                    _value_text(parameter, before),
                    _value_text(parameter, after),
                    after.start,
                    after.reference,
                )


def _status_text(status: Status | None) -> str:
    return "none" if status is None else f"{status.text.value}, {status.enforcement.value}"


def _value_text(parameter: Parameter, dated: DatedValue | None) -> str:
    if dated is None:
        return "none"
    shown = value_text(dated.value, parameter.unit)
    text = ", ".join(shown) if isinstance(shown, list) else shown
    return f"{text} {parameter.unit}"
