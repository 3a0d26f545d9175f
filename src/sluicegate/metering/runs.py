"""Training runs as the meter sees them: named by usage, or assembled from it.

Usage with a run id makes that customer's run. Usage without one is searched for
gangs: many accelerators of one customer at work at once in one cluster, steadily
and for a time. That is how a large run that nobody declared stands out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from functools import reduce

from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import Exact, whole
from sluicegate.metering.estimates import parameters_tokens_flop
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.priors import Priors, RateOn, Use, bounded, from_millionths
from sluicegate.registry.records import DeclaredRun

NO_PREVIOUS_MS = -(2**62)
"""Stands for "no run before this one" in the relation `gangs`."""


@dataclass(frozen=True, slots=True)
class GangRules:
    """What makes an assembled run; the values are rule data (`assess.runs`).

    `gang_size`: fewest accelerators at once. `gap_ms`: longest pause inside one
    run. `steadiness`: least share that the mean size has of the peak.
    `size_factor`: how far a declared amount may lie outside the metered bounds
    for the two to be taken for the same run, when no run id joins them.
    """

    gang_size: int
    gap_ms: int
    steadiness: Fraction
    size_factor: int

    def __post_init__(self) -> None:
        if self.gang_size < 1 or self.gap_ms < 0 or not 0 <= self.steadiness <= 1:
            raise ValueError(
                f"gang size {self.gang_size}, gap {self.gap_ms} ms, steadiness {self.steadiness}: "
                "give at least 1 accelerator, no negative gap and a share from 0 to 1"
            )


@dataclass(frozen=True, slots=True)
class NamedRun:
    """A run that usage names: its customer, its id, when it was at work, its peak.

    Times are UTC in milliseconds since 1970, the peak in millionths.
    """

    customer_id: str
    run_id: str
    start_ms: int
    end_ms: int
    peak_millionths: int

    @property
    def run_key(self) -> str:
        """Return the key by which findings know the run."""
        return f"{self.customer_id}/{self.run_id}"


@dataclass(frozen=True, slots=True)
class Gang:
    """A stretch of usage without a run id at or above the gang size (see `gang_spans`)."""

    customer_id: str
    cluster_id: str
    start_ms: int
    end_ms: int
    peak_millionths: int
    gang_ms: int
    gang_time: int
    previous_end_ms: int

    @classmethod
    def of(
        cls,
        customer: str,
        cluster: str,
        start_ms: int,
        end_ms: int,
        peak: int,
        gang_ms: int,
        gang_time: int,
        previous_end_ms: int | None,
    ) -> Gang:
        """Return a gang from a row of `gang_spans`."""
        before = NO_PREVIOUS_MS if previous_end_ms is None else int(previous_end_ms)
        figures = (int(start_ms), int(end_ms), int(peak), int(gang_ms), int(gang_time))
        return cls(customer, cluster, *figures, before)

    @property
    def run_key(self) -> str:
        """Return the key by which findings know the run: customer, cluster, first instant."""
        start = _instant(self.start_ms)
        return f"{self.customer_id}/{self.cluster_id}@{start:%Y-%m-%dT%H:%MZ}"

    def is_run(self, rules: GangRules) -> bool:
        """Say whether the gang is steady enough to be a run; exact."""
        steady = rules.steadiness * self.peak_millionths * self.gang_ms
        return self.gang_time >= steady


@dataclass(frozen=True, slots=True)
class RunUse:
    """Sums of one run on one legal day with one accelerator."""

    run_key: str
    cluster_id: str | None
    day: date
    accelerator: str
    use: Use


class MatchedBy(Enum):
    """What joined a metered run with a declared one."""

    RUN_ID = "run_id"
    TIME_AND_SIZE = "time_and_size"


@dataclass(frozen=True, slots=True)
class DeclarationGap:
    """Declared against metered.

    `declared_flop` as declared; `parameters_tokens_flop` is 6·N·D of what was
    declared. `metered_share` is central metered over the declared amount (6·N·D
    where none was declared); `is_within_bounds` says whether that amount lies
    from low to high. None where nothing was declared to compare with.
    """

    matched_by: MatchedBy
    declared_flop: Exact | None
    parameters_tokens_flop: Exact | None
    metered_share: Exact | None
    is_within_bounds: bool | None


@dataclass(frozen=True, slots=True)
class MeteredRun:
    """A run as metered, over legal days from `start` to before `end`.

    `days` are its daily totals; their sum is `estimate`. `is_assembled` says
    that usage did not name the run. `begins` and `ends` are the instants of its
    first and its last use, in UTC.
    """

    run_key: str
    customer_id: str
    cluster_ids: tuple[str, ...]
    start: date
    end: date
    accelerators_peak: Exact
    estimate: Estimate
    declared: DeclaredRun | None = None
    gap: DeclarationGap | None = None
    days: tuple[DayTotal, ...] = ()
    is_assembled: bool = False
    run_id: str | None = None
    begins: datetime | None = None
    ends: datetime | None = None


def assemble(
    named: Sequence[NamedRun],
    gangs: Sequence[Gang],
    uses: Iterable[RunUse],
    declared: Iterable[DeclaredRun],
    rates: RateOn,
    priors: Priors,
    *,
    size_factor: int,
) -> list[MeteredRun]:
    """Return all runs in order of key, matched with the declared ones.

    `uses` hold the sums of the named runs and the gangs.
    """
    by_run: dict[str, list[RunUse]] = {}
    for one in uses:
        by_run.setdefault(one.run_key, []).append(one)
    runs = [
        _run(by_run[run.run_key], run.customer_id, (), run.peak_millionths, rates, priors)
        for run in named
        if run.run_key in by_run
    ]
    by_key = {run.run_key: run for run in named}
    runs = [
        _timed(replace(run, run_id=by_key[run.run_key].run_id), by_key[run.run_key]) for run in runs
    ]
    for gang in gangs:
        if gang.run_key in by_run:
            clusters = (gang.cluster_id,) if gang.cluster_id else ()
            parts = by_run[gang.run_key]
            peak = gang.peak_millionths
            run = _run(parts, gang.customer_id, clusters, peak, rates, priors)
            runs.append(_timed(replace(run, is_assembled=True), gang))
    runs.sort(key=lambda run: run.run_key)
    return match_declared(runs, declared, size_factor=size_factor)


def _timed(run: MeteredRun, span: NamedRun | Gang) -> MeteredRun:
    return replace(run, begins=_instant(span.start_ms), ends=_instant(span.end_ms))


def _instant(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _run(
    uses: Sequence[RunUse],
    customer_id: str,
    clusters: tuple[str, ...],
    peak_millionths: int,
    rates: RateOn,
    priors: Priors,
) -> MeteredRun:
    by_day: dict[date, Estimate] = {}
    for one in sorted(uses, key=lambda use: (use.day, use.accelerator, use.cluster_id or "")):
        part = bounded(one.use, rates(one.accelerator, one.day), priors)
        by_day[one.day] = by_day[one.day].plus(part) if one.day in by_day else part
    total = reduce(Estimate.plus, by_day.values())
    found = {one.cluster_id for one in uses if one.cluster_id}
    return MeteredRun(
        uses[0].run_key,
        customer_id,
        clusters or tuple(sorted(found)),
        min(by_day),
        max(by_day) + timedelta(days=1),
        from_millionths(peak_millionths),
        total,
        days=tuple(DayTotal(day, by_day[day]) for day in sorted(by_day)),
    )


def match_declared(
    runs: Sequence[MeteredRun], declared: Iterable[DeclaredRun], *, size_factor: int
) -> list[MeteredRun]:
    """Join metered runs with declared ones; each declared run at most once.

    First by customer and run id. Then, of what is left, by customer, overlapping
    time and comparable size, the closest in size first: the declared amount
    (6·N·D where none is declared) lies in the metered bounds widened by
    `size_factor`. A declaration without an amount or a start matches by id only.
    """
    open_runs: dict[str, dict[str, MeteredRun]] = {}
    for run in runs:
        open_runs.setdefault(run.customer_id, {})[run.run_key] = run
    by_id: dict[tuple[str, str], DeclaredRun] = {
        (one.customer_id, one.run_id): one for one in declared
    }
    joined: dict[str, MeteredRun] = {}
    for run in runs:
        known = by_id.pop((run.customer_id, run.run_id), None) if run.run_id else None
        if known is not None:
            del open_runs[run.customer_id][run.run_key]
            joined[run.run_key] = _joined(run, known, MatchedBy.RUN_ID)
    pairs = [
        (_distance(run, one), run.run_key, name)
        for name, one in by_id.items()
        for run in open_runs.get(one.customer_id, {}).values()
        if _is_comparable(run, one, size_factor)
    ]
    for _, key, name in sorted(pairs):
        if key not in joined and name in by_id:
            run = open_runs[name[0]][key]
            joined[key] = _joined(run, by_id.pop(name), MatchedBy.TIME_AND_SIZE)
    return [joined.get(run.run_key, run) for run in runs]


def declared_amount(declared: DeclaredRun) -> Exact | None:
    """Return what was declared: the amount, else 6·N·D, else None."""
    if declared.declared_flop is not None:
        return declared.declared_flop
    return _six_nd(declared)


def _six_nd(declared: DeclaredRun) -> Exact | None:
    parameters = declared.active_parameters or declared.parameters
    if parameters is None or declared.tokens is None:
        return None
    return parameters_tokens_flop(parameters, declared.tokens)


def _is_comparable(run: MeteredRun, declared: DeclaredRun, size_factor: int) -> bool:
    amount, start = declared_amount(declared), declared.planned_start
    if not amount or start is None:
        return False
    overlaps = start < run.end and (
        declared.planned_end is None or run.start <= declared.planned_end
    )
    low, high = run.estimate.low, run.estimate.high
    return overlaps and low <= amount * size_factor and amount <= high * size_factor


def _distance(run: MeteredRun, declared: DeclaredRun) -> Fraction:
    """Return how many times the larger of the two amounts holds the smaller."""
    amount = Fraction(declared_amount(declared) or 1)
    central = Fraction(run.estimate.central) or Fraction(1)
    return max(amount / central, central / amount)


def _joined(run: MeteredRun, declared: DeclaredRun, by: MatchedBy) -> MeteredRun:
    amount = declared_amount(declared)
    estimate = run.estimate
    gap = DeclarationGap(
        by,
        declared.declared_flop,
        _six_nd(declared),
        whole(Fraction(estimate.central) / amount) if amount else None,
        None if amount is None else estimate.low <= amount <= estimate.high,
    )
    return replace(run, declared=declared, gap=gap)
