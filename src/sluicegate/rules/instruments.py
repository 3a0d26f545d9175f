"""What a rule file holds: an instrument, its dated parameters, duties and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Citation, Mark
from sluicegate.rules.comparators import Comparator as Comparator
from sluicegate.rules.moving import MovingRule
from sluicegate.rules.provisions import Effect, Provision, Topic

Value = Exact | date | str | tuple[str, ...] | Period
"""A parameter's value: a figure, a day, a text, a list of texts or a period."""


@dataclass(frozen=True, slots=True)
class Title:
    """A text for people in both languages of the product."""

    en: str
    zh: str


class Kind(Enum):
    """What sort of text an instrument is; `body` is an institution with its names and powers."""

    LAW = "law"
    PROPOSAL = "proposal"
    BILL = "bill"
    GUIDANCE = "guidance"
    PAPER = "paper"
    BODY = "body"
    HYPOTHETICAL = "hypothetical"
    CONFIGURATION = "configuration"


class TextState(Enum):
    """Where the text stands on a day."""

    PUBLISHED = "published"
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REVOKED = "revoked"
    NEVER_IN_FORCE = "never_in_force"


class Enforcement(Enum):
    """Whether the issuer enforces the text on a day."""

    ENFORCED = "enforced"
    NOT_YET_DUE = "not_yet_due"
    SUSPENDED = "suspended"
    NOT_BINDING = "not_binding"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from a day on; `start` None means that the text sets no day.

    With `not_before` the day of the change is not known: it lies after that
    day and no later than `start`, and until `start` the earlier value is used.
    """

    start: date | None
    value: Value
    reference: str
    mark: Mark
    known_from: date | None
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value that a decision rests on; `id` begins with its instrument's id."""

    id: str
    instrument: str
    title: Title
    unit: str
    comparator: Comparator | None
    values: tuple[DatedValue, ...]

    def on(self, day: date, known_on: date | None = None) -> DatedValue | None:
        """Return the value in force on a day as known on another, or None before the first."""
        chosen = None
        for dated in self.values:
            if known_on is not None and dated.known_from and dated.known_from > known_on:
                continue
            if dated.start is None or dated.start <= day:
                chosen = dated
        return chosen

    def unsettled_on(self, day: date, known_on: date | None = None) -> DatedValue | None:
        """Return a later value that may hold on a day already, as its day is not known."""
        for dated in self.values:
            if known_on is not None and dated.known_from and dated.known_from > known_on:
                continue
            after, latest = dated.not_before, dated.start
            if after is not None and latest is not None and after < day < latest:
                return dated
        return None

    def known(self, known_on: date | None = None) -> tuple[DatedValue, ...]:
        """Return the values known by a day; where none was yet, the earliest alone."""
        if known_on is None:
            return self.values
        found = tuple(
            dated
            for dated in self.values
            if dated.known_from is None or dated.known_from <= known_on
        )
        return found or self.values[:1]

    def first(self) -> DatedValue:
        """Return the earliest value."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class Status:
    """From a day on: where the text stands and whether it is enforced."""

    start: date | None
    text: TextState
    enforcement: Enforcement
    reference: str
    mark: Mark
    known_from: date | None


@dataclass(frozen=True, slots=True)
class ObligationTemplate:
    """A duty that follows from a finding: who owes what to whom, by when.

    `rests_on` is the text that asks for it where that is not the instrument
    itself, such as the paper behind a check of this node: the duty binds only
    where that text binds.
    """

    id: str
    instrument: str
    duty: Title
    who: str
    to: Title
    period: str | None
    counted_from: str
    reference: str
    mark: Mark
    rests_on: str | None = None


class FactType(Enum):
    """What the fact of a condition may be."""

    ENUM = "enum"
    STRING = "string"
    BOOLEAN = "boolean"
    COUNTRY = "country"


class Relation(Enum):
    """How a condition compares its fact with one value, or with a list."""

    IS = "is"
    IN = "in"
    NOT_IN = "not_in"


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact of the subject that must hold for a threshold rule to apply.

    The fact is compared with `values`, or with what `parameter` (a full id)
    holds on the day. `choices` are all values of an enum.
    """

    fact: str
    type: FactType
    relation: Relation
    values: tuple[str | bool, ...] = ()
    parameter: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThresholdRule:
    """One comparison of a measured amount with a parameter, about one kind of subject.

    `question` and `fact` name the decision that settles it; `passed` gives for
    fields of its answer the values by which the threshold is passed. A rule that names
    no question is one itself: then `question` is its own id. `conditions` must
    all hold for it to apply. `topic` and `effect` say with which provisions of
    other texts it is compared.
    """

    id: str
    instrument: str
    title: Title
    subject: str
    measure: str
    parameter: str
    approach: str | None
    question: str
    fact: str
    passed: tuple[tuple[str, tuple[object, ...]], ...]
    obligations: tuple[str, ...]
    window: str = "lifetime"
    conditions: tuple[Condition, ...] = ()
    topic: Topic | None = None
    effect: Effect = Effect.REQUIRES

    @property
    def asks_itself(self) -> bool:
        """Whether the rule is its own question."""
        return self.question == self.id

    def is_passed(self, answer: Mapping[str, object]) -> bool:
        """Say whether an answer of the rule's question says that the threshold is passed."""
        return all(answer[name] in values for name, values in self.passed)


@dataclass(frozen=True, slots=True)
class Note:
    """A fact of an instrument that no decision rests on, such as a penalty."""

    id: str
    text: Title
    reference: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, proposal, paper or configuration with everything encoded of it."""

    id: str
    issuer: Title
    title: Title
    citation: str
    kind: Kind
    published: date | None
    statuses: tuple[Status, ...]
    parameters: tuple[Parameter, ...] = ()
    obligations: tuple[ObligationTemplate, ...] = ()
    thresholds: tuple[ThresholdRule, ...] = ()
    notes: tuple[Note, ...] = ()
    file: str = ""
    jurisdiction: str = ""
    provisions: tuple[Provision, ...] = ()
    moving: tuple[MovingRule, ...] = ()

    def status_on(self, day: date, known_on: date | None = None) -> Status | None:
        """Return the status on a day as known on another, or None before the first."""
        chosen = None
        for status in self.statuses:
            if known_on is not None and status.known_from and status.known_from > known_on:
                continue
            if status.start is None or status.start <= day:
                chosen = status
        return chosen


@dataclass(frozen=True, slots=True)
class InForce:
    """A parameter with the value that counts on a day.

    `early` is true when the day lies before the first value, so that the
    definition is used although it did not hold yet. `unsettled` is a later
    value that may hold already, as the day of the change is not known.
    """

    parameter: Parameter
    dated: DatedValue
    early: bool = False
    unsettled: DatedValue | None = None

    @property
    def id(self) -> str:
        """The parameter's full id."""
        return self.parameter.id

    @property
    def citation(self) -> Citation:
        """Where the value stands."""
        return Citation(self.dated.reference, self.dated.mark)


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure with its comparator, ready to compare with."""

    in_force: InForce
    value: Exact
    comparator: Comparator

    def passed_by(self, amount: Exact) -> bool:
        """Say whether an amount meets the text's comparator; exact."""
        return self.comparator.holds(amount, self.value)

    def times(self, share: Exact) -> Exact:
        """Return a part of the limit, such as the level from which one approaches it."""
        return Fraction(self.value) * share


UNITS = frozenset(
    {
        *("FLOP", "FLOP/s", "Gbit/s", "USD", "EUR", "KRW", "share", "bp", "count"),
        *("TPP", "TPP/mm2", "GB/s", "GB/s/mm2", "km/ms"),
        *("hour", "day", "week", "month", "year", "date", "text", "list"),
    }
)
"""Units a parameter may have; hour to year make a period."""

FIGURE_UNITS = UNITS - {"hour", "day", "week", "month", "year", "date", "text", "list"}

PERIOD_UNITS = frozenset({"hour", "day", "week", "month", "year"})


class Severity(Enum):
    """How much is wrong: a mistake fails a check, a notice is worth a look."""

    MISTAKE = "mistake"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What is wrong in a rule file, with its place and a way out."""

    file: str
    line: int | None
    path: str
    problem: str
    way_out: str = field(default="see the guide on rule files")
    severity: Severity = Severity.MISTAKE

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.path}: {self.problem}; {self.way_out}"
