"""A moving rule asked about on a day: its parameters as known then, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.moving.measures import Level
from sluicegate.frontier.moving.values import Interval, Known, Moving, MovingValue, SnapshotUsed
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.instruments import InForce
from sluicegate.rules.moving import DAYS_OF, Role


class WrongRuleError(ValueError):
    """A moving rule whose parameters cannot give a value, such as a halving time of nothing."""


@dataclass(frozen=True)
class Asked:
    """A moving rule asked about on a day, as known on another; remembers what was used."""

    moving: Moving
    day: date
    known_on: date | None
    known: Known
    used: dict[Role, InForce] = field(default_factory=dict)

    def parameter(self, role: Role) -> InForce | None:
        """Return a parameter with the value that counts; None before its first, or without one."""
        identifier = self.moving.rule.parameters.get(role)
        if identifier is None:
            return None
        parameter = self.moving.book.parameter(identifier)
        dated = parameter.on(self.day, self.known_on)
        if dated is None:
            return None
        unsettled = parameter.unsettled_on(self.day, self.known_on)
        self.used[role] = InForce(parameter, dated, unsettled=unsettled)
        return self.used[role]

    def figure(self, role: Role) -> Exact | None:
        """Return a figure; None where none is known to hold. Raises WrongRuleError."""
        found = self.parameter(role)
        value = None if found is None else found.dated.value
        if value is None or isinstance(value, int | Fraction):
            return value
        raise self._wrong(role, "is no figure")

    def period(self, role: Role) -> Period | None:
        """Return a period; None where none is known to hold. Raises WrongRuleError."""
        found = self.parameter(role)
        value = None if found is None else found.dated.value
        if value is None or isinstance(value, Period):
            return value
        raise self._wrong(role, "is no period")

    def named_day(self, role: Role) -> date | None:
        """Return a day that a rule names; None where none is known. Raises WrongRuleError."""
        found = self.parameter(role)
        value = None if found is None else found.dated.value
        if value is None or isinstance(value, date):
            return value
        raise self._wrong(role, "is no day")

    def halving_days(self, role: Role) -> Fraction | None:
        """Return a halving time in days. Raises WrongRuleError where it is nothing."""
        period = self.period(role)
        if period is None:
            return None
        if period.amount < 1:
            raise self._wrong(role, "is no time in which anything could halve")
        return period.amount * DAYS_OF[period.unit]

    def answer(self, interval: Interval | None, why: Sentence, *notes: Sentence) -> MovingValue:
        """Return a value that rests on no models."""
        return MovingValue(
            self.moving.rule, self.day, self.known_on, interval, why, dict(self.used), notes=notes
        )

    def of_level(
        self, snapshot: Snapshot, level: Level, why: Sentence, *notes: Sentence
    ) -> MovingValue:
        """Return a value that rests on models of a snapshot."""
        return MovingValue(
            self.moving.rule,
            self.day,
            self.known_on,
            level.interval,
            why,
            dict(self.used),
            (SnapshotUsed.of(snapshot),),
            level.models,
            level.considered,
            level.undisclosed,
            notes,
        )

    def nothing_holds(self) -> MovingValue:
        """Return that some parameter of the rule has no value on the day."""
        ids = [
            identifier
            for role, identifier in self.moving.rule.parameters.items()
            if self.parameter(role) is None
        ]
        why = say(
            "No value of {parameters} is known to hold on {day}.", parameters=ids, day=self.day
        )
        return self.answer(None, why)

    def no_snapshot(self) -> MovingValue:
        """Return that no snapshot of the rule's data set was known."""
        name, day = self.moving.rule.data_set, self.known_on
        why = (
            say("No snapshot of the data set {data_set} is there.", data_set=name)
            if day is None
            else say(
                "No snapshot of the data set {data_set} was known on {day}.", data_set=name, day=day
            )
        )
        return self.answer(None, why)

    def _wrong(self, role: Role, problem: str) -> WrongRuleError:
        rule = self.moving.rule
        place = f"{rule.id}.{role.value}"
        return WrongRuleError(f"{place}: {rule.parameters[role]} {problem}; correct the rule file")
