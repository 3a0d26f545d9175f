"""What a moving threshold comes to on a day, with everything it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import InForce
from sluicegate.rules.moving import MovingRule, Role


@dataclass(frozen=True, slots=True)
class Moving:
    """A moving rule with the book that holds its parameters and its parts."""

    rule: MovingRule
    book: RuleBook

    @classmethod
    def of(cls, book: RuleBook, identifier: str) -> Moving:
        """Return the moving rule with an id. Raises UnknownRuleError."""
        return cls(book.moving_rule(identifier), book)

    def part(self, identifier: str) -> Moving:
        """Return another moving rule of the same book. Raises UnknownRuleError."""
        return Moving.of(self.book, identifier)


@dataclass(frozen=True, slots=True)
class SnapshotUsed:
    """Which snapshot of a data set a value rests on."""

    name: str
    known_on: date
    digest: str
    source: str

    @classmethod
    def of(cls, snapshot: Snapshot) -> SnapshotUsed:
        """Return what a value says of a snapshot."""
        return cls(snapshot.name, snapshot.known_on, snapshot.digest, snapshot.source)


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """A model that a value rests on, with its place from the largest; figures in FLOP."""

    place: int
    model: RecordedModel

    @property
    def central(self) -> Exact | None:
        """What counts as its compute: the stated figure, else the low bound."""
        return central_of(self.model)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with bounds, in the unit of its rule: low <= value <= high.

    `high` None: no upper bound is known, as models without compute could lie
    above. `high_stated` is the upper bound from the stated figures alone.
    """

    value: Exact
    low: Exact
    high: Exact | None
    high_stated: Exact

    @classmethod
    def exactly(cls, value: Exact) -> Interval:
        """Return a figure without uncertainty."""
        return cls(value, value, value, value)


@dataclass(frozen=True, slots=True)
class MovingValue:
    """What a moving threshold comes to on a day, as known on another.

    `interval` None: the rule has no value then, and `why` says for what reason.
    `parameters` are what the value was computed with, by role; `snapshots`,
    `models` and `undisclosed` (models considered that state no compute) what of
    the data set it rests on; `parts` the values that a combination chose from,
    `chosen` the part that it took.
    """

    rule: MovingRule
    day: date
    known_on: date | None
    interval: Interval | None
    why: Sentence
    parameters: Mapping[Role, InForce] = field(default_factory=dict)
    snapshots: tuple[SnapshotUsed, ...] = ()
    models: tuple[ModelUsed, ...] = ()
    considered: int = 0
    undisclosed: int = 0
    notes: tuple[Sentence, ...] = ()
    parts: tuple[MovingValue, ...] = ()
    chosen: str | None = None

    @property
    def value(self) -> Exact | None:
        """The limit on the day, in the unit of the rule; None where there is none."""
        return None if self.interval is None else self.interval.value

    @property
    def low(self) -> Exact | None:
        """The lower bound; None where there is no value."""
        return None if self.interval is None else self.interval.low

    @property
    def high(self) -> Exact | None:
        """The upper bound; None where there is no value or no bound."""
        return None if self.interval is None else self.interval.high

    @property
    def is_certain(self) -> bool:
        """Whether the value has no uncertainty: both bounds are the value."""
        return self.interval is not None and self.low == self.value == self.high

    def passed_by(self, amount: Exact) -> bool:
        """Say whether an amount meets the rule's comparator; exact, False without a value."""
        return self.value is not None and self.rule.comparator.holds(amount, self.value)


def central_of(model: RecordedModel) -> Exact | None:
    """Return what counts as a model's compute: the stated figure, else the low bound."""
    return model.low if model.compute is None else model.compute


def low_of(model: RecordedModel) -> Exact | None:
    """Return the least that a model's compute may be; None where nothing is stated."""
    return model.compute if model.low is None else model.low


def high_of(model: RecordedModel) -> Exact | None:
    """Return the most that a model's compute may be; None where no bound is stated."""
    return model.compute if model.high is None else model.high


class Known:
    """Snapshots of named data sets, by name and by the day on which they were known.

    `instead` names the data set that stands in for every other, such as a
    file that somebody tries a rule on.
    """

    def __init__(self, snapshots: Iterable[Snapshot], instead: str | None = None) -> None:
        self._by_name: dict[str, list[Snapshot]] = {}
        self._instead = instead
        for one in sorted(snapshots, key=lambda one: one.known_on):
            self._by_name.setdefault(one.name, []).append(one)

    def until(self, name: str, known_on: date | None) -> Sequence[Snapshot]:
        """Return the snapshots of a data set known by a day (None: all), earliest first."""
        found = self._by_name.get(self._instead or name, [])
        return [one for one in found if known_on is None or one.known_on <= known_on]

    def latest(self, name: str, known_on: date | None) -> Snapshot | None:
        """Return the snapshot of a data set that was the newest known on a day."""
        found = self.until(name, known_on)
        return found[-1] if found else None

    @property
    def names(self) -> tuple[str, ...]:
        """The data sets of which there is a snapshot, in order of names."""
        return tuple(sorted(self._by_name))
