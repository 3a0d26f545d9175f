"""Threshold rules that are their own question: what a pass knows of their conditions.

A condition whose fact nobody stated is not taken to fail: the finding is made,
names the fact as an assumption, and is possible at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from sluicegate.metering.forecast import DayTotal, crossing_day
from sluicegate.registry.records import Customer
from sluicegate.rules.conditions import applies
from sluicegate.rules.countries import is_country
from sluicegate.rules.instruments import Condition, FactType, ThresholdRule
from sluicegate.rules.law import Law
from sluicegate.rules.standing import asks
from sluicegate.rules.thresholds import Gauge
from sluicegate.services.findings import SubjectKind
from sluicegate.services.world import ClusterPeak

KNOWN_FACTS: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.CUSTOMER: ("country", "customer_kind"),
    SubjectKind.GROUP: ("country", "customer_kind"),
    SubjectKind.RUN: ("country", "customer_kind", "kind"),
    SubjectKind.CLUSTER: ("country",),
}
"""The facts of conditions that a pass can supply, by what the rule is about."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a rule applies to a subject, with the facts of its conditions.

    `applies` is None while it depends on a fact that nobody stated; then
    `assumptions` name it.
    """

    applies: bool | None = True
    facts: Mapping[str, Any] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()


ALWAYS = Relevance()


def known_of_customers(
    customers: Sequence[Customer | None], run_kind: str | None = None
) -> Mapping[str, str]:
    """Return the facts of a customer, of a run's customer, or those that a group agrees on."""
    known = {} if run_kind is None else {"kind": run_kind}
    stated = [one for one in customers if one is not None]
    if stated and len(stated) == len(customers):
        for name, values in (
            ("country", {one.country for one in stated}),
            ("customer_kind", {one.customer_kind.value for one in stated}),
        ):
            if len(values) == 1:
                known[name] = values.pop()
    return known


def known_of_cluster(cluster: ClusterPeak) -> Mapping[str, str]:
    """Return the facts of a cluster: the country of its facility."""
    return {} if cluster.facility is None else {"country": cluster.facility.country}


def relevance(rule: ThresholdRule, known: Mapping[str, str], law: Law) -> Relevance:
    """Say whether a rule applies to a subject of which these facts are known."""
    facts = {one.fact: _usable(one, known.get(one.fact)) for one in rule.conditions}
    relevant = applies(rule.conditions, facts, law)
    unknown = [name for name, value in facts.items() if value is None]
    told = (f"the subject fits the rule's conditions: {', '.join(unknown)}",)
    return Relevance(relevant, facts, told if relevant is None else ())


def day_passed(
    days: Sequence[DayTotal], gauge: Gauge, law: Law, bound: str, rolling_days: int | None
) -> date | None:
    """Return the first day on which a bound stood above the limit of that very day.

    A duty cannot arise before its text asks for it, nor from a figure that does
    not hold yet: what is above a limit on the day it begins passes it on that
    day. A rule with a question of its own room leaves such days to it.
    """
    rule, comparator = gauge.rule, gauge.comparator
    if not rule.asks_itself:
        return crossing_day(days, gauge.limit, comparator, bound, rolling_days=rolling_days)
    asked = _first_asked(rule, law)
    values = law.book.parameter(rule.parameter).known(law.known_on)
    for dated, after in zip_longest(values, values[1:]):
        since = max(asked, dated.start or date.min)
        end = date.max if after is None or after.start is None else after.start
        if since > law.day or not isinstance(dated.value, int | Fraction):
            continue
        day = crossing_day(
            days,
            dated.value,
            comparator,
            bound,
            rolling_days=rolling_days,
            since=None if since == date.min else since,
        )
        if day is not None and day < end:
            return day
    return None


def _first_asked(rule: ThresholdRule, law: Law) -> date:
    """Return the first day on which the rule's text asks for anything; the first of all if none."""
    home = law.book.instrument(rule.instrument)
    starts = [one.start or date.min for one in home.statuses if asks(home, one)]
    return min((start for start in starts if start <= law.day), default=date.min)


def _usable(condition: Condition, value: str | None) -> str | None:
    """Return a known value that is one of the fact's own; anything else is not known."""
    if value is None or condition.type is FactType.BOOLEAN:
        return None
    if condition.type is FactType.ENUM:
        return value if value in condition.choices else None
    if condition.type is FactType.COUNTRY:
        return value if is_country(value) else None
    return value
