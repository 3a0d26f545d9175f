"""What no worked case can say, written a second time: standing, settings, duties, thresholds.

A case gives the answer of one question. That a text was published on a day of
which no question asks, or that a duty counts from the end of a quarter, is held
in `tests/unit/rules/written_twice.yaml`. Who changes it in a rule file changes
it there as well, on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sluicegate.core.exact import load_yaml
from sluicegate.rules.book import RuleBook
from sluicegate.rules.deadlines import end_of, start_of
from sluicegate.rules.instruments import (
    Instrument,
    Kind,
    ObligationTemplate,
    Parameter,
    ThresholdRule,
)
from sluicegate.rules.law import Law
from sluicegate.rules.moving import MovingRule

FILE = Path(__file__).resolve().parents[1] / "unit" / "rules" / "written_twice.yaml"
CROSSED = date(2028, 2, 29)
"""A day on which a limit is passed, after every first day: months and years end otherwise."""


def told(book: RuleBook, of: str) -> dict[str, Any]:
    """Return what one rule file says of its standing, its duties and its threshold rules."""
    home = book.instrument(of)
    return {
        "published": _day(home.published),
        "standing": standing_of(home),
        "unsettled": {
            parameter.id: f"after {dated.not_before}, by {dated.start}"
            for parameter in home.parameters
            for dated in parameter.values
            if dated.not_before is not None
        },
        "settings": settings_of(home),
        "duties": {duty.id: duty_of(duty, book) for duty in home.obligations},
        "thresholds": {rule.id: threshold_of(rule) for rule in home.thresholds},
        **_told_of_moving(home, book),
    }


def _told_of_moving(home: Instrument, book: RuleBook) -> dict[str, Any]:
    """Return the moving thresholds, and the values that such rules rest on, where there are any."""
    tied = {name for rule in book.moving.values() for name in rule.parameters.values()}
    parts = {
        "moving": {rule.id: moving_of(rule) for rule in home.moving},
        "moved_by": {
            one.id: "; ".join(f"{_day(dated.start)}: {dated.value}" for dated in one.values)
            for one in home.parameters
            if one.id in tied
        },
    }
    return {name: part for name, part in parts.items() if part}


def moving_of(rule: MovingRule) -> str:
    """Return what a moving threshold is tied to."""
    roles = [f"{role.value} {name}" for role, name in rule.parameters.items()]
    kept = [rule.data_set, rule.sense and rule.sense.value, rule.take and rule.take.value]
    words = [*roles, *(one for one in kept if one), *rule.parts]
    return f"{rule.form.value}, {rule.comparator.value}: {', '.join(words)}"


def settings_of(home: Instrument) -> dict[str, str]:
    """Return the settings of a file that is configuration; most are those of a pass."""
    if home.kind is not Kind.CONFIGURATION:
        return {}
    return {
        one.id: f"{one.comparator.value if one.comparator else 'is'} {_values(one)}"
        for one in home.parameters
    }


def _values(one: Parameter) -> str:
    """Return every value of a setting: a list with its members, later ones with their days."""
    texts = [
        " | ".join(dated.value) if isinstance(dated.value, tuple) else str(dated.value)
        for dated in one.values
    ]
    return "; ".join(
        text if place == 0 else f"from {_day(dated.start)} {text}"
        for place, (dated, text) in enumerate(zip(one.values, texts, strict=True))
    )


def _day(day: date | None) -> str:
    return "undated" if day is None else day.isoformat()


def standing_of(home: Instrument) -> list[str]:
    """Return each status: from when, the state of the text, the practice."""
    return [
        f"{_day(status.start)} {status.text.value} {status.enforcement.value}"
        for status in home.statuses
    ]


def duty_of(duty: ObligationTemplate, book: RuleBook) -> str:
    """Return from what a duty counts, for how long, and when it would end."""
    if duty.period is None:
        return f"from {duty.counted_from}, no period"
    period = Law(book, CROSSED).period(duty.period)
    start = start_of(duty.counted_from, CROSSED)
    due = "" if start is None else f", {end_of(period, start)} for {CROSSED}"
    return f"from {duty.counted_from}, {period.amount} {period.unit.value}{due}"


def threshold_of(rule: ThresholdRule) -> dict[str, str]:
    """Return what a threshold rule compares, about whom, and where it is asked."""
    passed = ", ".join(f"{name} is {' or '.join(map(str, values))}" for name, values in rule.passed)
    return {
        "compares": f"{rule.measure} of a {rule.subject} over {rule.window}, {rule.parameter}",
        "approached": str(rule.approach),
        "asked": f"{rule.question} by {rule.fact}: {passed}",
        "owed": " ".join(rule.obligations),
    }


@lru_cache(maxsize=1)
def written() -> Mapping[str, Any]:
    """Return the second writing, by instrument."""
    held: Mapping[str, Any] = load_yaml(FILE.read_text(encoding="utf-8"))
    return held


def differs(book: RuleBook, of: str) -> bool:
    """Say whether a rule file says otherwise than the second writing."""
    return told(book, of) != written().get(of)
