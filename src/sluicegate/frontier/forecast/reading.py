"""Reading the assumptions of a forecast from rules, a scenario and what is set by hand.

They are settings (`assess.forecast`); a node that sets one under `local.forecast`
has its own instead, and may add scenarios as `local.forecast.scenario.NAME`.
"""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from sluicegate.core.quantities import Exact, flop_text, parse_decimal, whole
from sluicegate.core.reasons import Citation, say
from sluicegate.frontier.forecast.assumptions import (
    Assumed,
    Assumptions,
    ForecastError,
    KnownCount,
    LargestAt,
    LargestBefore,
    Record,
    ShareLaw,
    Span,
)
from sluicegate.frontier.forecast.checking import check
from sluicegate.rules.instruments import InForce, Title
from sluicegate.rules.law import Law

SHIPPED = "assess.forecast"
OWN = "local.forecast"
BASELINE = "baseline"
TRAINING_SHARE = "training_share"
NONE = "none"
"""Set instead of a list: an empty one."""
_SCENARIO = "scenario."
_YEARS = frozenset({"last_fit_year", "last_year"})
_LIMITS = frozenset(
    {"simulations_most", "models_most", "last_year_most", "paper_ends", "redraws_most"}
)
"""What protects the machine or says where the paper ends; nobody sets it for one forecast."""

_LARGEST = math.isqrt(int(sys.float_info.max))
"""No figure is larger, and none but 0 smaller than its part of one: floats hold their products."""

_E = TypeVar("_E", bound=Enum)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions: what it is called, and what it changes as name=value."""

    name: str
    title: Title
    changes: tuple[str, ...]


def scenarios_of(law: Law) -> Mapping[str, Scenario]:
    """Return the scenarios that the rules hold, by name; the baseline first."""
    found: dict[str, Scenario] = {}
    for home in (SHIPPED, OWN):
        start = f"{home}.{_SCENARIO}"
        for identifier, parameter in law.book.parameters.items():
            if identifier.startswith(start):
                name = identifier.removeprefix(start)
                found[name] = Scenario(name, parameter.title, law.texts(identifier))
    return found


def assumptions_of(
    law: Law, scenario: str = BASELINE, changes: Mapping[str, str] | None = None
) -> Assumptions:
    """Read the assumptions of a day; what is set by hand goes before the scenario.

    Raises ForecastError, naming what cannot be read and what there is.
    """
    return _Reading(law, scenario, changes or {}).made()


class _Reading:
    """Values by name: set by hand, of the scenario, a node's own, or shipped."""

    def __init__(self, law: Law, scenario: str, changes: Mapping[str, str]) -> None:
        self._law = law
        self._scenario = scenario
        by_scenario = dict(map(read_change, self._changes_of(scenario)))
        self._changes = {**by_scenario, **changes}
        for name in self._changes:
            self._require_known(name)

    def _changes_of(self, scenario: str) -> Sequence[str]:
        known = scenarios_of(self._law)
        if scenario not in known:
            raise ForecastError(
                say(
                    "There is no scenario {scenario}; the scenarios are {known}.",
                    scenario=scenario,
                    known=", ".join(known),
                )
            )
        return known[scenario].changes

    def _id(self, name: str) -> str:
        own = f"{OWN}.{name}"
        return own if own in self._law.book.parameters else f"{SHIPPED}.{name}"

    def _require_known(self, name: str) -> None:
        known = {
            one.removeprefix(f"{SHIPPED}.")
            for one in self._law.book.parameters
            if one.startswith(f"{SHIPPED}.") and not one.startswith(f"{SHIPPED}.{_SCENARIO}")
        } - _LIMITS | _YEARS
        if name in known or _share_year(name) is not None:
            return
        near = difflib.get_close_matches(name, sorted(known), n=1)
        raise ForecastError(
            say(
                "There is no assumption {name}; did you mean {near}?",
                name=name,
                near=near[0] if near else min(known),
            )
        )

    def made(self) -> Assumptions:
        """Read everything and check that it fits together."""
        made = self._read()
        most = {
            name: int(self._law.amount(self._id(f"{name}_most")))
            for name in ("simulations", "size_marks", "near_periods")
        }
        check(made, {**most, "last_year": self._day("last_year_most").year})
        return made

    def _read(self) -> Assumptions:
        return Assumptions(
            scenario=self._scenario,
            years_left_out=self._count("years_left_out"),
            last_fit_year=self._year_set("last_fit_year"),
            growth_measured_from=self._day("growth_measured_from"),
            excluded_models=frozenset(self._list("excluded_models")),
            recorded_training_share=self._figure("recorded_training_share"),
            training_shares=self._training_shares(),
            growth_historical=self._figure("growth_historical"),
            growth_stock=self._figure("growth_stock"),
            growth_workload=self._figure("growth_workload"),
            growth_historical_weight=self._figure("growth_historical_weight"),
            growth_sd=self._figure("growth_sd"),
            gradient=self._span("gradient"),
            largest_share=self._span("largest_share"),
            largest_share_law=self._choice(ShareLaw, "largest_share_law"),
            largest_share_span=self._figure("largest_share_span"),
            smallest_size=self._span("smallest_size"),
            size_marks=self._count("size_marks"),
            known_largest=self._known_largest(),
            known_counts=self._known_counts(),
            near_widths=tuple(self._numbers("near_widths")),
            near_periods=self._count("near_periods"),
            near_largest_at=self._choice(LargestAt, "near_largest_at"),
            near_largest_before=self._choice(LargestBefore, "near_largest_before"),
            near_record=self._choice(Record, "near_record"),
            developer_years=self._count("developer_years"),
            developer_orders=self._figure("developer_orders"),
            simulations=self._count("simulations"),
            models_most=int(self._law.amount(self._id("models_most"))),
            redraws_most=int(self._law.amount(self._id("redraws_most"))),
            seed=self._count("seed"),
            quantiles=tuple(sorted(set(self._numbers("quantiles")))),
            last_year=self._year_set("last_year") or self._day("last_year").year,
            paper_ends=self._day("paper_ends").year,
            thresholds=tuple(self._numbers("thresholds")),
            used=tuple(self._used()),
        )

    def _text(self, name: str) -> str | None:
        return self._changes.get(name)

    def _figure(self, name: str) -> Fraction:
        given = self._text(name)
        return self._law.share(self._id(name)) if given is None else read_figure(name, given)

    def _count(self, name: str) -> int:
        figure = self._figure(name)
        if figure.denominator != 1 or figure < 0:
            raise ForecastError(
                say("{name}: {value} is no whole number; give one.", name=name, value=figure)
            )
        return figure.numerator

    def _span(self, name: str) -> Span:
        return Span(self._figure(f"{name}_least"), self._figure(f"{name}_most"))

    def _day(self, name: str) -> date:
        given = self._text(name)
        if given is None or name in _YEARS:
            return self._law.named_day(self._id(name))
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise ForecastError(
                say("{name}: {value} is no day; write e.g. 2017-01-01.", name=name, value=given)
            ) from None

    def _year_set(self, name: str) -> int | None:
        return self._count(name) if name in self._changes else None

    def _list(self, name: str) -> Sequence[str]:
        given = self._text(name)
        if given is None:
            return self._law.texts(self._id(name))
        return () if given == NONE else [one.strip() for one in given.split(",") if one.strip()]

    def _numbers(self, name: str) -> list[Fraction]:
        return [read_figure(name, one) for one in self._list(name)]

    def _choice(self, choices: type[_E], name: str) -> _E:
        given = self._text(name) or self._law.text(self._id(name))
        try:
            return choices(given)
        except ValueError:
            raise ForecastError(
                say(
                    "{name}: {value} is none of {known}; choose one of them.",
                    name=name,
                    value=given,
                    known=", ".join(one.value for one in choices),
                )
            ) from None

    def _training_shares(self) -> Mapping[int, Fraction]:
        """Return shares by first year; from the first year that is set, only what is set holds."""
        parameter = self._law.parameter(self._id(TRAINING_SHARE)).parameter
        shares = {
            dated.start.year: Fraction(dated.value)
            for dated in parameter.values
            if dated.start is not None and isinstance(dated.value, int | Fraction)
        }
        set_by_year = {
            year: read_figure(name, text)
            for name, text in self._changes.items()
            if (year := _share_year(name)) is not None
        }
        if TRAINING_SHARE in self._changes:
            set_by_year.setdefault(min(shares), self._figure(TRAINING_SHARE))
        if not set_by_year:
            return shares
        first = min(set_by_year)
        return {**{year: one for year, one in shares.items() if year < first}, **set_by_year}

    def _known_largest(self) -> Mapping[int, Exact]:
        return {
            _year("known_largest", year): read_figure("known_largest", amount)
            for year, amount in map(_pair, self._list("known_largest"))
        }

    def _known_counts(self) -> tuple[KnownCount, ...]:
        found = []
        for about, count in map(_pair, self._list("known_counts")):
            year, _, threshold = about.partition(" ")
            amount = read_figure("known_counts", threshold)
            counted = int(read_figure("known_counts", count))
            found.append(KnownCount(_year("known_counts", year), amount, counted))
        return tuple(found)

    def _used(self) -> Iterable[Assumed]:
        """Tell every assumption with its value and where it comes from; dated ones by day."""
        start = f"{SHIPPED}."
        for identifier, parameter in self._law.book.parameters.items():
            name = identifier.removeprefix(start)
            if not identifier.startswith(start) or name.startswith(_SCENARIO) or name in _LIMITS:
                continue
            found = self._law.parameter(self._id(name))
            if name == TRAINING_SHARE:
                yield from self._used_shares(found)
                continue
            given = self._text(name)
            stated = found.dated.value
            yield Assumed(
                name,
                _shown(stated.year if isinstance(stated, date) and name in _YEARS else stated)
                if given is None
                else given,
                parameter.title,
                found.citation if given is None else None,
            )

    def _used_shares(self, found: InForce) -> Iterable[Assumed]:
        stated = {one.start.year: one for one in found.parameter.values if one.start is not None}
        for year, share in sorted(self._training_shares().items()):
            dated = stated.get(year)
            is_stated = dated is not None and dated.value == whole(share)
            citation = Citation(dated.reference, dated.mark) if dated and is_stated else None
            name = f"{TRAINING_SHARE}_{year}"
            yield Assumed(name, _shown(share), found.parameter.title, citation)


def read_change(text: str) -> tuple[str, str]:
    """Read `name=value`.

    >>> read_change("growth_sd=0.3")
    ('growth_sd', '0.3')

    Raises ForecastError.
    """
    name, equals, value = text.partition("=")
    if not (equals and name.strip() and value.strip()):
        raise ForecastError(
            say("{text} sets nothing; write name=value, e.g. growth_sd=0.3.", text=text)
        )
    return name.strip(), value.strip()


def read_figure(name: str, text: str) -> Fraction:
    """Read a figure, decimal or as a quotient; it is not negative.

    >>> read_figure("growth_historical_weight", "1/3")
    Fraction(1, 3)

    Raises ForecastError.
    """
    above, slash, below = text.strip().partition("/")
    try:
        figure = Fraction(parse_decimal(above))
        if slash:
            figure /= Fraction(parse_decimal(below))
    except (ValueError, ZeroDivisionError):
        figure = Fraction(-1)
    if figure and not 1 <= figure * _LARGEST <= _LARGEST**2:
        raise ForecastError(
            say("{name}: {value} is no figure; write e.g. 0.3, 1/3 or 1e25.", name=name, value=text)
        )
    return figure


def _pair(text: str) -> tuple[str, str]:
    about, _, value = text.partition("=")
    return about.strip(), value.strip()


def _year(name: str, text: str) -> int:
    figure = read_figure(name, text)
    if figure.denominator != 1:
        raise ForecastError(
            say("{name}: {value} is no year; write e.g. 2027.", name=name, value=text)
        )
    return figure.numerator


def _share_year(name: str) -> int | None:
    """Return the year of a name such as training_share_2027."""
    year = name.removeprefix(f"{TRAINING_SHARE}_")
    return int(year) if year != name and year.isascii() and year.isdigit() else None


def _shown(value: object) -> str:
    if isinstance(value, int | Fraction):
        return flop_text(whole(value))
    return ",".join(value) or NONE if isinstance(value, tuple) else str(value)
