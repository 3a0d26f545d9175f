"""The rule book: every instrument of a node, looked up by day and by knowledge day."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from sluicegate.core.canonical import digest
from sluicegate.core.quantities import Exact
from sluicegate.rules.instruments import (
    DatedValue,
    Instrument,
    ObligationTemplate,
    Parameter,
    Status,
    ThresholdRule,
)
from sluicegate.rules.moving import MovingRule
from sluicegate.rules.provisions import Provision


class UnknownRuleError(LookupError):
    """An id that no rule file holds."""


@dataclass(frozen=True)
class RuleBook:
    """All instruments by id, with their parameters, thresholds and duties.

    A book is a value: changing a parameter gives another book (`with_values`),
    which is how a test or the policy lab asks "what if".
    """

    instruments: Mapping[str, Instrument]
    files_digest: str = ""
    parameters: Mapping[str, Parameter] = field(init=False)
    thresholds: Mapping[str, ThresholdRule] = field(init=False)
    obligations: Mapping[str, ObligationTemplate] = field(init=False)
    provisions: Mapping[str, Provision] = field(init=False)
    moving: Mapping[str, MovingRule] = field(init=False)

    def __post_init__(self) -> None:
        def joined(part: str) -> dict[str, object]:
            return {item.id: item for i in self.instruments.values() for item in getattr(i, part)}

        for part in ("parameters", "thresholds", "obligations", "provisions", "moving"):
            object.__setattr__(self, part, joined(part))

    @classmethod
    def of(cls, instruments: Iterable[Instrument], files_digest: str = "") -> RuleBook:
        """Return a book of these instruments."""
        return cls({one.id: one for one in instruments}, files_digest)

    @cached_property
    def figures(self) -> Mapping[tuple[str, str], tuple[Exact, ...]]:
        """Every figure of any day, by instrument and unit."""
        found: dict[tuple[str, str], dict[Exact, None]] = {}
        for one in self.parameters.values():
            known = found.setdefault((one.instrument, one.unit), {})
            values = (dated.value for dated in one.values)
            known.update((v, None) for v in values if isinstance(v, int | Fraction))
        return {key: tuple(values) for key, values in found.items()}

    def parameter(self, identifier: str) -> Parameter:
        """Return a parameter by its full id."""
        try:
            return self.parameters[identifier]
        except KeyError:
            raise UnknownRuleError(_unknown("parameter", identifier, self.parameters)) from None

    def instrument(self, identifier: str) -> Instrument:
        """Return an instrument by its id."""
        try:
            return self.instruments[identifier]
        except KeyError:
            raise UnknownRuleError(_unknown("instrument", identifier, self.instruments)) from None

    def moving_rule(self, identifier: str) -> MovingRule:
        """Return a moving threshold by its full id."""
        try:
            return self.moving[identifier]
        except KeyError:
            raise UnknownRuleError(_unknown("moving rule", identifier, self.moving)) from None

    def instrument_of(self, rule_id: str) -> Instrument:
        """Return the instrument that a parameter, threshold or duty id belongs to."""
        longest = max(
            (i for i in self.instruments if rule_id == i or rule_id.startswith(i + ".")),
            key=len,
            default=None,
        )
        if longest is None:
            raise UnknownRuleError(f"{rule_id}: belongs to no instrument of the book")
        return self.instruments[longest]

    def with_values(self, parameter: str, values: Iterable[DatedValue]) -> RuleBook:
        """Return a book in which one parameter has other dated values."""
        old = self.parameter(parameter)
        new = replace(old, values=tuple(values))
        home = self.instruments[old.instrument]
        others = tuple(new if p.id == parameter else p for p in home.parameters)
        return self.with_instrument(replace(home, parameters=others))

    def with_statuses(self, instrument: str, statuses: Iterable[Status]) -> RuleBook:
        """Return a book in which one instrument has other statuses."""
        return self.with_instrument(replace(self.instrument(instrument), statuses=tuple(statuses)))

    def with_instrument(self, instrument: Instrument) -> RuleBook:
        """Return a book with one instrument put in or replaced."""
        changed = {**self.instruments, instrument.id: instrument}
        return RuleBook(changed, digest([self.files_digest, repr(instrument)]))

    def status(self, instrument: str, day: date, known_on: date | None = None) -> Status | None:
        """Return an instrument's status on a day."""
        return self.instrument(instrument).status_on(day, known_on)


def _unknown(kind: str, identifier: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(identifier[:100], known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"{kind} {identifier}: no rule file holds it; {hint}`sluicegate rules list` shows all"
