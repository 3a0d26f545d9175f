"""A data set of invented models, and assumptions of a forecast from it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import TypedDict

from sluicegate.frontier.forecast.assumptions import Assumptions
from sluicegate.frontier.forecast.options import Below, Fixed, Option, Ranked
from sluicegate.frontier.forecast.reading import assumptions_of
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.book import RuleBook
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book

GREATER = Comparator.GREATER_THAN
TODAY = date(2026, 11, 22)


class Free(TypedDict):
    """Changes that set nothing for 2024."""

    known_largest: str
    known_counts: str


FREE: Free = {"known_largest": "none", "known_counts": "none"}


def harbour_models(known_on: date = date(2025, 3, 1)) -> Snapshot:
    """Return invented models of 2019 to 2025, three a year, six times more compute each year."""
    models = [
        RecordedModel(
            f"Invented {year}-{place}",
            (f"Harbour Lab {place} (invented)",),
            date(year, 2 + 3 * place, 11),
            14 * 10**20 * 6 ** (year - 2019) * 10**place,
        )
        for year in range(2019, known_on.year + 1)
        for place in range(3)
    ]
    silent = RecordedModel("Invented, silent", ("Harbour Lab 0 (invented)",), date(2022, 1, 1))
    shown = [one for one in [*models, silent] if one.published and one.published <= known_on]
    return Snapshot("harbour", known_on, tuple(shown), "d" * 64, "invented")


@cache
def law(book: RuleBook | None = None) -> Law:
    """Return the shipped law of a day, or that of another book."""
    return Law(book or shipped_book(), TODAY)


def assumed(scenario: str = "baseline", *, simulations: int = 40, **changes: str) -> Assumptions:
    """Return assumptions for few courses of events."""
    return assumptions_of(law(), scenario, {"simulations": str(simulations), **changes})


def above(flop: int) -> Option:
    """Return a threshold that stays."""
    return Option(f">{flop:.0e}", Fixed(flop), GREATER)


def near(orders: str) -> Option:
    """Return the models near the largest run."""
    rule = Below(Fraction(orders))
    return Option(f"near-{orders}", rule, Comparator.AT_LEAST, is_near=True)


def top(rank: int) -> Option:
    """Return the largest models so far."""
    return Option(f"top-{rank}", Ranked(rank), Comparator.AT_LEAST)
