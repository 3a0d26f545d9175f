"""What a few customers used, day by day, priced as the meter prices it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.quantities import whole
from sluicegate.metering.accounts import UNMAPPED_PREFIX, AccountSpan, account_relation
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.priors import Use, bounded
from sluicegate.metering.statements import FIRST_DAY, ColumnType, Relation
from sluicegate.metering.windows import day_after
from sluicegate.rules.law import Law
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.measuring import priors
from sluicegate.services.meter import rates_of
from sluicegate.services.parts import NodeParts

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class UsePart:
    """Compute of one customer on one legal day with one accelerator in one place.

    `account`, `cluster` and `run` are None where the usage does not say.
    `records` counts segments of records.
    """

    customer: str
    day: date
    account: str | None
    cluster: str | None
    run: str | None
    accelerator: str
    estimate: Estimate
    records: int


def usage_of(parts: NodeParts, known: Knowledge, customers: Collection[str]) -> list[UsePart]:
    """Return what customers used up to and including the day, in order of customer and day.

    Only their own rows of the lake's daily roll-up are read. A customer may be
    an account that nobody mapped (`unmapped:SOURCE:ACCOUNT`).
    """
    batches = [one.batch for one in parts.store.usage_batches(known_on=known.known_on)]
    if not batches:
        return []
    parts.lake.refresh_daily([one.batch for one in parts.store.usage_batches()])
    named = sorted(one for one in customers if not one.startswith(UNMAPPED_PREFIX))
    parameters = {
        "first_day": FIRST_DAY,
        "end_day": day_after(known.as_of),
        "wanted_customers": Relation.of([(one,) for one in named], customer=ColumnType.TEXT),
        "account_map": account_relation(
            [*known.accounts(named), *_unmapped_spans(known, customers)]
        ),
    }
    rates = rates_of(parts.catalogue)
    assumed = priors(Law(parts.book, known.as_of))
    return [
        UsePart(
            customer,
            day,
            account,
            cluster,
            run,
            accelerator,
            bounded(Use(*map(int, sums)), rates(accelerator, day), assumed),
            int(records),
        )
        for customer, day, account, cluster, run, accelerator, *sums, records in parts.lake.rows(
            "usage_of_customers", parameters, batches=batches
        )
    ]


def _unmapped_spans(known: Knowledge, customers: Collection[str]) -> Iterable[AccountSpan]:
    """Yield the periods in which the accounts that nobody mapped were nobody's."""
    for one in sorted(customers):
        if one.startswith(UNMAPPED_PREFIX):
            source, _, account = one.removeprefix(UNMAPPED_PREFIX).partition(":")
            for span in known.free_spans(source, account):
                yield replace(span, customer_id=one)


def totals_by(used: Iterable[UsePart], key: Callable[[UsePart], K | None]) -> dict[K, Estimate]:
    """Return the total under each key, the largest first; parts without a key are left out."""
    found: dict[K, list[Estimate]] = {}
    for part in used:
        under = key(part)
        if under is not None:
            found.setdefault(under, []).append(part.estimate)
    totals = {under: _total(parts) for under, parts in found.items()}
    return dict(sorted(totals.items(), key=lambda one: -one[1].central))


def _total(parts: list[Estimate]) -> Estimate:
    """Return `Estimate.total` of parts of the meter: a dossier has thousands, so each bound
    is added up at once."""
    methods = {part.method for part in parts if part.ceiling}
    return Estimate(
        whole(sum(part.low for part in parts)),
        whole(sum(part.central for part in parts)),
        whole(sum(part.high for part in parts)),
        whole(sum(part.ceiling for part in parts)),
        methods.pop() if len(methods) == 1 else Method.MIXED if methods else parts[-1].method,
        source="meter",
    )


def days_by(used: Iterable[UsePart]) -> list[DayTotal]:
    """Return the daily totals in order of day."""
    totals = totals_by(used, lambda part: part.day)
    return [DayTotal(day, totals[day]) for day in sorted(totals)]
