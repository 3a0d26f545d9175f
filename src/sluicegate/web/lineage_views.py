"""What pages show of a target of a lineage: its account, its picture, thresholds, every rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sluicegate.core.quantities import scientific
from sluicegate.lineage.accounting import Account, Options, account
from sluicegate.lineage.comparing import Comparison, Row, compare
from sluicegate.lineage.document import Lineage, Quantity, Query
from sluicegate.lineage.tallying import AS_THE_SCHEME, Ground
from sluicegate.lineage.unknowns import Unknown, unknowns
from sluicegate.lineage.visitors import VISITORS
from sluicegate.rules.law import Law
from sluicegate.rules.showing import titled
from sluicegate.services.lineage.asking import account_all, usual_quantity
from sluicegate.services.lineage.bounding import refuse_too_much, within_bounds
from sluicegate.services.lineage.captions import sentences_of
from sluicegate.services.lineage.distances import Distance, distances
from sluicegate.services.lineage.drawing import (
    DrawnLineage,
    discard_code,
    kind_code,
)
from sluicegate.services.lineage.pictured import AS_A_PICTURE, Limits, drawn
from sluicegate.services.lineage.tree import figure
from sluicegate.web.dossier_parts import amount, times
from sluicegate.web.dossier_views import PictureShown
from sluicegate.web.visit import Visit
from sluicegate.wiring.lineage_pictures import lineage_svg

RULES = tuple(VISITORS)
"""Counting rules in the order in which pages offer them, the scheme's own first."""
ON_A_PAGE = Limits(AS_A_PICTURE.depth, 4)
"""What a picture shows on a page, where a wider one would be too small to read."""
_MOST_UNKNOWN = 50
"""Unknowns on a page, the largest; the command line gives all."""


@dataclass(frozen=True, slots=True)
class TargetShown:
    """An account of one target with its picture and its distances to thresholds."""

    account: Account
    drawn: DrawnLineage
    picture: PictureShown
    distances: Sequence[Distance]
    unknowns: Sequence[Unknown]


@dataclass(frozen=True, slots=True)
class RateShown:
    """The inference compute rate up to an output, with its distance to the cap."""

    account: Account
    distances: Sequence[Distance]


def law_of(visit: Visit) -> Law:
    """Return the rules as they stand on the day."""
    return Law(visit.served.book, visit.desk.now().date())


def rule_chosen(given: str) -> str:
    """Return the counting rule that is asked for; the scheme's own for what is none."""
    return given if given in VISITORS else RULES[0]


def target_shown(
    visit: Visit,
    lineage: Lineage,
    query: Query,
    options: Options,
    limits: Limits = ON_A_PAGE,
) -> TargetShown:
    """Account for a target and draw it. Raises as `account` does, and TooMuchBehindError."""
    refuse_too_much(lineage, [query], options)
    law = law_of(visit)
    found = account(lineage, query, law, options)
    shown = drawn(Ground(lineage, law, query.counting_rule, options), found, limits)
    svg = lineage_svg(found, shown, visit.language, stands_alone=False)
    told = tuple(one.text(visit.language) for one in sentences_of(found, shown))
    return TargetShown(
        found,
        shown,
        PictureShown(svg, told),
        distances(found, law),
        unknowns(lineage, query, law, options)[:_MOST_UNKNOWN],
    )


def rates_shown(visit: Visit, lineage: Lineage, target: str, shown: Account) -> Sequence[RateShown]:
    """Return the rates over the intervals that end with a target, counted as it is shown."""
    law, options = law_of(visit), Options(presume=shown.presumption)
    queries = [
        replace(one.query(), counting_rule=shown.counting_rule)
        for one in lineage.intervals
        if one.later == target
    ]
    found = account_all(lineage, within_bounds(lineage, queries, options), law, options)
    return [RateShown(one, distances(one, law)) for one in found]


def compared_of(
    visit: Visit, lineage: Lineage, target: str, options: Options = AS_THE_SCHEME
) -> Comparison:
    """Return a target under every counting rule; of an output its output compute.

    Raises TooMuchBehindError.
    """
    refuse_too_much(lineage, [Query((target,), Quantity.OUTPUT_COMPUTE)], options)
    law = law_of(visit)
    if usual_quantity(lineage, target) is Quantity.TRAINING_COMPUTE:
        return compare(lineage, target, law, options)
    rows = []
    for rule in RULES:
        query = Query((target,), Quantity.OUTPUT_COMPUTE, rule)
        rows.append(Row(rule, account(lineage, query, law, options), ()))
    return Comparison(target, tuple(rows), None, {}, ())


def bounds_shown(one: Account) -> str:
    """Write the bounds of an account; one without an upper bound is open."""
    low = scientific(one.low)
    if one.high is None:
        return f"≥ {low}"
    return low if one.low == one.high else f"{low} – {scientific(one.high)}"


def lineage_words(visit: Visit) -> dict[str, Any]:
    """Return what names and writes things on every page of lineages."""
    book = visit.served.book

    def threshold(identifier: str) -> str:
        return titled(book.parameter(identifier).title, visit.language)

    return {
        "amount": amount,
        "times": times,
        "bounds": bounds_shown,
        "figure": figure,
        "threshold_title": threshold,
        "kind_code": kind_code,
        "discard_code": discard_code,
        "rules": RULES,
        "unit": unit_of,
        "undisclosed": _undisclosed,
    }


def unit_of(one: Account) -> str:
    """Return the unit of an account's amount."""
    return "FLOP/s" if one.is_rate else "FLOP"


def _undisclosed(lineage: Lineage) -> frozenset[str]:
    """Return the ids of nodes whose compute nobody disclosed."""
    return frozenset(
        node.id
        for node in lineage.nodes
        if node.compute is not None and node.compute.central is None
    )
