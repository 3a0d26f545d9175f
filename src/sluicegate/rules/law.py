"""What a decision sees of the rule book on a day; it remembers what was used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Beside, Sentence, say
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import (
    Comparator,
    Enforcement,
    InForce,
    Limit,
    Status,
    TextState,
)


class WrongUseError(TypeError):
    """A decision asked a parameter for what it is not; a bug in the room or its rule file."""


@dataclass(frozen=True)
class Law:
    """The book on one day, as known on another, with the readings chosen.

    Parameters are looked up by full id. Before a parameter's first day its
    first value is used for definitions ("what would the text say"), marked as
    early; whether the text binds is `in_force`, asked separately.
    """

    book: RuleBook
    day: date
    known_on: date | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, InForce] = field(default_factory=dict, compare=False)
    statuses: dict[str, Status | None] = field(default_factory=dict, compare=False)

    def reading(self, name: str) -> str:
        """Return the value chosen for a reading."""
        return self.readings[name]

    def parameter(self, identifier: str, on: date | None = None) -> InForce:
        """Return a parameter with its value on a day (the law's own day by default)."""
        parameter = self.book.parameter(identifier)
        dated = parameter.on(on or self.day, self.known_on)
        unsettled = parameter.unsettled_on(on or self.day, self.known_on)
        known = parameter.known(self.known_on)
        found = InForce(parameter, dated or known[0], dated is None, unsettled)
        self.used[identifier] = found
        return found

    def limit(self, identifier: str, on: date | None = None) -> Limit:
        """Return a figure with the comparator of its text."""
        found = self.parameter(identifier, on)
        comparator = found.parameter.comparator
        if comparator is None:
            raise WrongUseError(f"parameter {identifier} has no comparator; use amount()")
        return Limit(found, self._exact(found), comparator)

    def amount(self, identifier: str, on: date | None = None) -> Exact:
        """Return a figure."""
        return self._exact(self.parameter(identifier, on))

    def share(self, identifier: str, on: date | None = None) -> Fraction:
        """Return a share as a quotient."""
        return Fraction(self.amount(identifier, on))

    def period(self, identifier: str, on: date | None = None) -> Period:
        """Return a legal period."""
        value = self.parameter(identifier, on).dated.value
        if not isinstance(value, Period):
            raise WrongUseError(f"parameter {identifier} is no period")
        return value

    def named_day(self, identifier: str, on: date | None = None) -> date:
        """Return a day that a text names."""
        value = self.parameter(identifier, on).dated.value
        if not isinstance(value, date):
            raise WrongUseError(f"parameter {identifier} is no day")
        return value

    def texts(self, identifier: str, on: date | None = None) -> tuple[str, ...]:
        """Return a list of texts, such as sections or lists of parties."""
        value = self.parameter(identifier, on).dated.value
        if not isinstance(value, tuple):
            raise WrongUseError(f"parameter {identifier} is no list")
        return value

    def members(self, identifier: str, on: date | None = None) -> frozenset[str]:
        """Return a list of texts, such as the countries of a group, as a set."""
        return frozenset(self.texts(identifier, on))

    def text(self, identifier: str, on: date | None = None) -> str:
        """Return a text."""
        value = self.parameter(identifier, on).dated.value
        if not isinstance(value, str):
            raise WrongUseError(f"parameter {identifier} is no text")
        return value

    def status(self, instrument: str, on: date | None = None) -> Status | None:
        """Return an instrument's status on a day; None before its first."""
        status = self.book.status(instrument, on or self.day, self.known_on)
        self.statuses[instrument] = status
        return status

    def in_force(self, instrument: str, on: date | None = None) -> bool:
        """Say whether the text of an instrument is in force on a day."""
        status = self.status(instrument, on)
        return status is not None and status.text is TextState.IN_FORCE

    def enforced(self, instrument: str, on: date | None = None) -> bool:
        """Say whether the text is in force and its issuer enforces it."""
        status = self.status(instrument, on)
        return (
            status is not None
            and status.text is TextState.IN_FORCE
            and status.enforcement is Enforcement.ENFORCED
        )

    def enforcement(self, instrument: str, on: date | None = None) -> str:
        """Return the practice of an instrument's issuer, `not_binding` before its first status."""
        status = self.status(instrument, on)
        return (Enforcement.NOT_BINDING if status is None else status.enforcement).value

    def published(self, instrument: str, on: date | None = None) -> bool:
        """Say whether the text had been published by a day, as known on the law's knowledge day."""
        published = self.book.instrument(instrument).published
        day = on or self.day
        if self.known_on is not None:
            day = min(day, self.known_on)
        return published is not None and published <= day

    @staticmethod
    def _exact(found: InForce) -> Exact:
        value = found.dated.value
        if isinstance(value, int | Fraction):
            return value
        raise WrongUseError(f"parameter {found.id} is no figure")


_COMPARISONS = {
    Comparator.GREATER_THAN: (
        "{what} of {amount:sci}{unit} is above {limit:sci}{unit} ({reference}).",
        "{what} of {amount:sci}{unit} is not above {limit:sci}{unit} ({reference}).",
    ),
    Comparator.AT_LEAST: (
        "{what} of {amount:sci}{unit} is at or above {limit:sci}{unit} ({reference}).",
        "{what} of {amount:sci}{unit} is below {limit:sci}{unit} ({reference}).",
    ),
    Comparator.LESS_THAN: (
        "{what} of {amount:sci}{unit} is below {limit:sci}{unit} ({reference}).",
        "{what} of {amount:sci}{unit} is not below {limit:sci}{unit} ({reference}).",
    ),
    Comparator.AT_MOST: (
        "{what} of {amount:sci}{unit} is at or below {limit:sci}{unit} ({reference}).",
        "{what} of {amount:sci}{unit} is above {limit:sci}{unit} ({reference}).",
    ),
}


def comparison(
    what: str | Sentence, amount: Exact, limit: Limit, unit: str | None = None
) -> Sentence:
    """Return the sentence that says how an amount stands to a limit.

    The unit is the parameter's own unless another is given.
    """
    unit = limit.in_force.parameter.unit if unit is None else unit
    held, denied = _COMPARISONS[limit.comparator]
    return say(
        held if limit.passed_by(amount) else denied,
        what=say(what) if isinstance(what, str) else what,
        amount=Beside(amount, limit.value),
        unit=f" {unit}" if unit and unit != "count" else "",
        limit=Beside(limit.value, amount),
        reference=limit.in_force.dated.reference,
    )
