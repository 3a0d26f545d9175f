"""Meter the usage lake: totals by dimension and window, daily series, runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any, Protocol

from sluicegate.core.estimates import Estimate
from sluicegate.metering.accounts import account_relation, account_spans
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.priors import (
    MILLIONTHS,
    KnownPeak,
    Priors,
    RateOn,
    Rates,
    Use,
    from_millionths,
    method_of,
)
from sluicegate.metering.runs import (
    Gang,
    GangRules,
    MeteredRun,
    NamedRun,
    RunUse,
    assemble,
)
from sluicegate.metering.statements import END_DAY, FIRST_DAY, ColumnType, Relation
from sluicegate.metering.windows import Span, Window, day_after, span_of
from sluicegate.registry.catalogue import Catalogue
from sluicegate.registry.records import AccountMapping, DeclaredRun
from sluicegate.services.ports import UsageLake


class Dimension(Enum):
    """What usage can be added up by."""

    CUSTOMER = "customer"
    GROUP = "group"
    RUN = "run"
    CLUSTER = "cluster"
    REGION = "region"
    ACCELERATOR = "accelerator"
    TEAM = "team"
    ACCOUNT = "account"


_COLUMNS = {Dimension.GROUP: "customer_group"}
_KEYS = {
    Dimension.CUSTOMER: ("source", "customer_id", "account"),
    Dimension.GROUP: ("source", "customer_id", "account"),
    Dimension.ACCOUNT: ("account",),
    Dimension.RUN: ("run_id",),
    Dimension.CLUSTER: ("cluster_id",),
    Dimension.REGION: ("cluster_id",),
    Dimension.TEAM: ("team",),
    Dimension.ACCELERATOR: (),
}
_WINDOW_PLACE = 8
_RESULT_START = 9  # Columns of totals: eight dimensions, then the window, then the figures


class BatchList(Protocol):
    """Where the batches of the lake are entered; a store is one."""

    def usage_batches(self, *, known_on: datetime | None = None) -> Sequence[Any]:
        """Return the batches known at an instant, oldest first, each with its `batch`."""
        ...


@dataclass(frozen=True, slots=True)
class MeterSettings:
    """What metering rests on besides the usage: rates, priors and the registry's maps.

    `groups` gives the affiliate group of each customer (itself where missing),
    `regions` the region of each cluster.
    """

    rates: RateOn
    priors: Priors
    accounts: Sequence[AccountMapping] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeterRow:
    """Compute of one combination of dimensions in one window of legal days.

    `dims` is dimension → value, None where the usage does not say. `end` is the
    first day after the window. `records` counts segments of records.
    """

    dims: Mapping[str, str | None]
    start: date
    end: date
    estimate: Estimate
    records: int


@dataclass(frozen=True, slots=True)
class UnknownAccelerator:
    """Hardware that is only bounded: the name as given, its days and segments of records."""

    accelerator: str
    first_day: date
    last_day: date
    records: int


def rates_of(catalogue: Catalogue) -> Rates:
    """Return the meter's rates of a catalogue."""
    return Rates(
        {
            known.id: KnownPeak(known.flop_per_ms_per_bp, known.valid_from, known.data_centre)
            for known in catalogue.accelerators
        }
    )


def meter(
    lake: UsageLake,
    batches: BatchList,
    settings: MeterSettings,
    *,
    by: Sequence[Dimension],
    window: Window = Window.LIFETIME,
    as_of: date | None = None,
    known_on: datetime | None = None,
    customers: Collection[str] | None = None,
) -> Iterator[MeterRow]:
    """Yield totals, exact and the same every time.

    They come in order of the dimensions (as `metering.statements.DIMENSIONS`
    lists them) and of the window. Usage of legal days up to and including
    `as_of` counts; without it, up to the last day of usage, where rolling
    windows then end. `known_on` leaves out the batches entered after that
    instant; `customers` leaves out all others.
    """
    chosen = _batch_ids(batches, known_on)
    of_customers = {Dimension.CUSTOMER} if customers is not None else set()
    keys = tuple(sorted({key for one in {*by, *of_customers} for key in _KEYS[one]}))
    end = END_DAY if as_of is None else day_after(as_of)
    common = {"first_day": _first_day(window, as_of), "end_day": end, "keys": keys}
    used = list(lake.rows("used_accelerators", common, batches=chosen))
    if not used:
        return
    last = as_of if as_of is not None else max(day for day, _, _ in used)
    spans = _spans(window, (day for day, _, _ in used), last)
    parameters = (
        common
        | _maps(settings, {*by, *of_customers}, customers)
        | {
            "dimensions": tuple(_COLUMNS.get(dimension, dimension.value) for dimension in by),
            "rates": _rates_relation(used, spans, settings.rates),
        }
    )
    ends = {span.start: span.end for span in spans.values()}
    places = {dimension.value: _DIMENSION_PLACES[dimension] for dimension in by}
    for row in lake.rows("totals", parameters, batches=chosen):
        dims = {name: row[place] for name, place in places.items()}
        start = row[_WINDOW_PLACE]
        yield MeterRow(dims, start, ends[start], _estimate(row), int(row[-1]))


def _maps(
    settings: MeterSettings, dimensions: Collection[Dimension], customers: Collection[str] | None
) -> dict[str, Any]:
    """Return the priors and the small relations of `totals`; those not needed are empty."""
    text = ColumnType.TEXT
    needs_customer = Dimension.CUSTOMER in dimensions or Dimension.GROUP in dimensions
    groups = settings.groups.items() if Dimension.GROUP in dimensions else ()
    regions = settings.regions.items() if Dimension.REGION in dimensions else ()
    wanted = [(customer,) for customer in sorted(customers or ())]
    return {
        "account_map": account_relation(account_spans(settings.accounts) if needs_customer else ()),
        "customer_groups": Relation.of(sorted(groups), customer=text, group_id=text),
        "cluster_regions": Relation.of(sorted(regions), cluster=text, region=text),
        "wanted_customers": Relation.of(wanted, customer=text),
        "every_customer": 1 if customers is None else 0,
        "low_bp": settings.priors.low,
        "central_bp": settings.priors.central,
        "high_bp": settings.priors.high,
    }


_DIMENSION_PLACES = {
    Dimension.CUSTOMER: 0,
    Dimension.GROUP: 1,
    Dimension.ACCOUNT: 2,
    Dimension.RUN: 3,
    Dimension.CLUSTER: 4,
    Dimension.REGION: 5,
    Dimension.ACCELERATOR: 6,
    Dimension.TEAM: 7,
}


def daily_series(
    lake: UsageLake,
    batches: BatchList,
    settings: MeterSettings,
    *,
    by: Dimension,
    as_of: date | None = None,
    known_on: datetime | None = None,
    customers: Collection[str] | None = None,
) -> dict[str | None, list[DayTotal]]:
    """Return the daily totals of every value of a dimension, in order of day."""
    series: dict[str | None, list[DayTotal]] = {}
    for row in meter(
        lake,
        batches,
        settings,
        by=[by],
        window=Window.DAY,
        as_of=as_of,
        known_on=known_on,
        customers=customers,
    ):
        series.setdefault(row.dims[by.value], []).append(DayTotal(row.start, row.estimate))
    return series


def unknown_accelerators(
    lake: UsageLake,
    batches: BatchList,
    settings: MeterSettings,
    *,
    as_of: date | None = None,
    known_on: datetime | None = None,
) -> list[UnknownAccelerator]:
    """Return the hardware in the lake that the rates only bound, in order of name."""
    end = END_DAY if as_of is None else day_after(as_of)
    parameters = {"first_day": FIRST_DAY, "end_day": end, "keys": ()}
    found: dict[str, UnknownAccelerator] = {}
    for day, name, records in lake.rows(
        "used_accelerators", parameters, batches=_batch_ids(batches, known_on)
    ):
        if settings.rates(name, day).is_known:
            continue
        old = found.get(name, UnknownAccelerator(name, day, day, 0))
        found[name] = UnknownAccelerator(
            name, min(old.first_day, day), max(old.last_day, day), old.records + int(records)
        )
    return [found[name] for name in sorted(found)]


def assemble_runs(
    lake: UsageLake,
    batches: BatchList,
    settings: MeterSettings,
    rules: GangRules,
    declared: Iterable[DeclaredRun] = (),
    *,
    as_of: date | None = None,
    known_on: datetime | None = None,
) -> list[MeteredRun]:
    """Return all runs of the lake: those that usage names, and those assembled from it."""
    days = {"first_day": FIRST_DAY, "end_day": END_DAY if as_of is None else day_after(as_of)}
    mapped = days | {"account_map": account_relation(account_spans(settings.accounts))}
    fold = partial(lake.rows, batches=_batch_ids(batches, known_on))
    named = [
        NamedRun(customer, run, int(start), int(end), int(peak))
        for customer, run, start, end, peak in fold("run_spans", mapped)
    ]
    keys = {"keys": ("source", "customer_id", "account", "run_id", "cluster_id")}
    uses = [
        RunUse(f"{customer}/{run}", cluster, day, accelerator, Use(*map(int, sums)))
        for customer, run, cluster, day, accelerator, *sums in fold("run_usage", mapped | keys)
    ]
    limits = {"gang_millionths": rules.gang_size * MILLIONTHS, "gap_ms": rules.gap_ms}
    found = (Gang.of(*row) for row in fold("gang_spans", mapped | limits))
    gangs = [gang for gang in found if gang.is_run(rules)]
    if gangs:
        uses += [
            RunUse(run, None, day, accelerator, Use(*map(int, sums)))
            for run, day, accelerator, *sums in fold(
                "gang_usage", mapped | {"gangs": _gang_relation(gangs)}
            )
        ]
    return assemble(
        named,
        gangs,
        uses,
        declared,
        settings.rates,
        settings.priors,
        size_factor=rules.size_factor,
    )


def _gang_relation(gangs: Sequence[Gang]) -> Relation:
    rows = [
        (
            gang.run_key,
            gang.customer_id,
            gang.cluster_id,
            gang.start_ms,
            gang.end_ms,
            gang.previous_end_ms,
        )
        for gang in gangs
    ]
    return Relation.of(
        rows,
        run=ColumnType.TEXT,
        customer=ColumnType.TEXT,
        cluster=ColumnType.TEXT,
        start_ms=ColumnType.INTEGER,
        end_ms=ColumnType.INTEGER,
        previous_end_ms=ColumnType.INTEGER,
    )


def _batch_ids(batches: BatchList, known_on: datetime | None) -> list[str]:
    return [one.batch for one in batches.usage_batches(known_on=known_on)]


def _first_day(window: Window, as_of: date | None) -> date:
    """Return the first day that can count, so that older files are not read."""
    if as_of is None or window.rolling_days is None:
        return FIRST_DAY
    span = span_of(window, as_of, first=as_of, as_of=as_of)
    return FIRST_DAY if span is None else span.start


def _spans(window: Window, days: Iterable[date], as_of: date) -> dict[date, Span]:
    """Return day → the span it is in, for the days that count."""
    present = sorted(set(days))
    first = present[0]
    spans = {day: span_of(window, day, first=first, as_of=as_of) for day in present}
    return {day: span for day, span in spans.items() if span is not None}


def _rates_relation(
    used: Sequence[tuple[Any, ...]], spans: Mapping[date, Span], rates: RateOn
) -> Relation:
    rows = []
    for day, accelerator, _ in used:
        if day in spans:
            rate = rates(accelerator, day)
            start = spans[day].start
            rows.append((day, accelerator, start, rate.low, rate.central, rate.high))
    return Relation.of(
        rows,
        day=ColumnType.DAY,
        accelerator=ColumnType.TEXT,
        window_start=ColumnType.DAY,
        flop_low=ColumnType.INTEGER,
        flop_central=ColumnType.INTEGER,
        flop_high=ColumnType.INTEGER,
    )


def _estimate(row: Sequence[Any]) -> Estimate:
    low, central, high, ceiling, time, measured, _ = map(int, row[_RESULT_START:])
    return Estimate(
        from_millionths(low),
        from_millionths(central),
        from_millionths(high),
        from_millionths(ceiling),
        method_of(time, measured),
        source="meter",
    )
