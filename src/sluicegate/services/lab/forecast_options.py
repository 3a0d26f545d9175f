"""Options of a forecast as people name them: thresholds, widths, ranks and moving rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from sluicegate.core.quantities import Exact, flop_text, parse_decimal, scientific, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.forecast.assumptions import Assumptions, ForecastError
from sluicegate.frontier.forecast.options import (
    Below,
    Bounded,
    Chosen,
    Dated,
    Fixed,
    LevelRule,
    Option,
    Ranked,
)
from sluicegate.frontier.forecast.reading import read_figure
from sluicegate.frontier.moving import Known, Moving, value_on
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.moving import OF_MODELS, MovingForm, Role, Take

COMPARATORS = (Comparator.GREATER_THAN, Comparator.AT_LEAST)
MOST_OPTIONS = 16
_MOST_RANK = 200
_FLOP = "FLOP"


@dataclass(frozen=True, slots=True)
class Tried:
    """What is set side by side, as people write it.

    `thresholds` are amounts of FLOP, `near` orders of magnitude below the largest run,
    `ranks` places from the largest model, `moving` ids of moving rules.
    """

    thresholds: tuple[str, ...] = ()
    comparator: Comparator = Comparator.GREATER_THAN
    near: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is named."""
        return not (self.thresholds or self.near or self.ranks or self.moving)


@dataclass
class Options:
    """Options ready to forecast, and what must be said of them."""

    options: list[Option] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


def options_of(
    tried: Tried, book: RuleBook, snapshot: Snapshot, assumed: Assumptions, first_year: int
) -> Options:
    """Return the options of a forecast; the paper's own when none is named.

    Raises ForecastError when one cannot be read or cannot be forecast.
    """
    found = Options()
    if tried.is_empty:
        found.options += [fixed_option(one, tried.comparator) for one in assumed.thresholds]
        found.options += [_near(one) for one in assumed.near_widths]
    found.options += [
        fixed_option(read_figure("threshold", one), tried.comparator) for one in tried.thresholds
    ]
    found.options += [_near(read_figure("near", one)) for one in tried.near]
    found.options += [_ranked(one) for one in tried.ranks]
    making = _Making(book, snapshot, assumed, first_year, found.notes)
    found.options += [making.option(one) for one in tried.moving]
    if len(found.options) > MOST_OPTIONS:
        raise ForecastError(
            say("At most {most} options are forecast at once; name fewer.", most=MOST_OPTIONS)
        )
    return found


def fixed_option(value: Exact, comparator: Comparator) -> Option:
    """Return a threshold that stays. Raises ForecastError.

    >>> fixed_option(10**26, Comparator.GREATER_THAN).id
    '>1e26'
    """
    amount = whole(value)
    if amount <= 0 or comparator not in COMPARATORS:
        raise ForecastError(
            say("A forecast counts what is above a threshold of more than 0 FLOP; name one.")
        )
    short = scientific(amount)
    name = short if parse_decimal(short) == amount else flop_text(amount)
    return Option(f"{comparator.symbol}{name}", Fixed(amount), comparator)


def _near(orders: Fraction) -> Option:
    name = f"near-{flop_text(orders)}"
    return Option(name, Below(orders), Comparator.AT_LEAST, is_near=True)


def _ranked(text: str) -> Option:
    rank = read_figure("rank", text)
    if rank.denominator != 1 or not 1 <= rank <= _MOST_RANK:
        raise ForecastError(
            say(
                "A rank of {value} cannot be forecast; give a whole number from 1 to {most}.",
                value=text,
                most=_MOST_RANK,
            )
        )
    return Option(f"top-{rank}", Ranked(int(rank)), Comparator.AT_LEAST)


@dataclass
class _Making:
    """Moving rules turned into levels for courses of events.

    What is tied to dates is computed for each period; what is tied to the largest
    models is computed in each course of events; what the courses do not tell, such
    as which weights are published, is held at its value on the day of the data.
    """

    book: RuleBook
    snapshot: Snapshot
    assumed: Assumptions
    first_year: int
    notes: list[Sentence]

    def option(self, identifier: str) -> Option:
        """Return the option of a moving rule. Raises ForecastError."""
        try:
            moving = Moving.of(self.book, identifier)
        except UnknownRuleError as error:
            raise ForecastError(
                say(
                    "There is no moving threshold {rule}; look at those there are.", rule=identifier
                )
            ) from error
        if moving.rule.unit != _FLOP:
            raise ForecastError(
                say(
                    "{rule} is in {unit}; only a threshold of training compute in FLOP can be"
                    " forecast.",
                    rule=identifier,
                    unit=moving.rule.unit,
                )
            )
        rule = moving.rule
        return Option(identifier, self._rule(moving), rule.comparator, title=rule.title)

    def _rule(self, moving: Moving) -> LevelRule:
        rule = moving.rule
        if rule.form is MovingForm.COMBINATION:
            parts = [self._rule(moving.part(one)) for one in rule.parts]
            return self._bounded(moving, Chosen(parts, rule.take is Take.MAX))
        if rule.form in (MovingForm.RANK, MovingForm.RELATIVE):
            if Role.WINDOW in rule.parameters:
                raise ForecastError(
                    say(
                        "{rule} looks back over a window of time, which a forecast does not"
                        " follow; name a rule without one.",
                        rule=rule.id,
                    )
                )
            if rule.form is MovingForm.RANK:
                return self._bounded(moving, Ranked(int(self._figure(moving, Role.RANK))))
            return self._bounded(moving, Below(Fraction(self._figure(moving, Role.ORDERS))))
        if rule.form in OF_MODELS:
            day = self.snapshot.known_on
            note = say(
                "{rule} is held at its value on {day}: the courses of events do not tell which"
                " weights are published, nor who exceeds what.",
                rule=rule.id,
                day=day,
            )
            self.notes.append(note)
            return Dated({at: self._value(moving, day) for at, _ in self._periods()})
        return Dated({at: self._value(moving, day) for at, day in self._periods()})

    def _value(self, moving: Moving, day: date) -> Exact | None:
        known = Known([self.snapshot], instead=self.snapshot.name)
        return value_on(moving, day, None, known).value

    def _figure(self, moving: Moving, role: Role) -> Exact:
        """Return a figure of a rule as it stands on the first day forecast."""
        parameter = self.book.parameter(moving.rule.parameters[role])
        dated = parameter.on(date(self.first_year, 1, 1)) or parameter.first()
        assert isinstance(dated.value, int | Fraction)
        return dated.value

    def _bounded(self, moving: Moving, inner: LevelRule) -> LevelRule:
        """Put a floor and a cap around a rule where it has them."""
        floor, cap = (
            self._figure(moving, role) if role in moving.rule.parameters else None
            for role in (Role.FLOOR, Role.CAP)
        )
        return inner if floor is None and cap is None else Bounded(inner, floor, cap)

    def _periods(self) -> Iterator[tuple[tuple[int, int], date]]:
        """Yield every period of the forecast with its first day."""
        many = self.assumed.near_periods
        for year in range(self.first_year, self.assumed.last_year + 1):
            first = date(year, 1, 1)
            days = (date(year + 1, 1, 1) - first).days
            for period in range(many):
                yield (year, period), first + timedelta(days * period // many)
