"""Runs that may be pieces of one, and use whose speed tells of a split that totals do not.

A run can be split over time, over the accounts of one owner, and over linked
customers. That the pieces are one run is a surmise, so such a finding is
possible at most. A speed is measured: what it says is as sure as its figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import RuleId
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.trace import Figure
from sluicegate.kyc.pieces import Fit, Piece, Whole, wholes
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.runs import MeteredRun
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.rules.standing import DEAD
from sluicegate.services.detectors.structuring import (
    INSTRUMENT,
    LINKED_ACT_AS_ONE,
    SECONDS_PER_DAY,
    THIS_NODE,
    asked_of,
)
from sluicegate.services.detectors.thresholds import gauges
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate, estimate_figure
from sluicegate.services.world import World

PIECES = RuleId("assess.kyc.split_run")
SPEED = RuleId("assess.kyc.fast_use")
TITLES: Mapping[str, Title] = {
    PIECES: Title("Runs that may be pieces of one", "可能属于同一次训练的多次运行"),
    SPEED: Title("Speed at which a run may be split", "速率显示可能拆分训练"),
}
OBLIGATIONS = ("assess.kyc.identify_and_verify",)
SPEED_INSTRUMENT = "paper.heim_2024"
ONE_RUN = "the runs are pieces of one training run"
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class _Together:
    """Customers looked at together, and as what: one alone, a group of law, or linked ones."""

    kind: SubjectKind
    key: str
    customers: Sequence[str]

    def subject(self, world: World, of: Sequence[str]) -> Subject:
        """Return who a finding about some of them is about: one customer, or all together."""
        first = of[0]
        if len(of) == 1:
            return Subject.of(SubjectKind.CUSTOMER, first, world.customer_name(first), first)
        name = world.group_names.get(self.key) or world.customer_name(first)
        return Subject.of(self.kind, self.key, name, first)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What has to hold for them to be one."""
        return (LINKED_ACT_AS_ONE,) if self.kind is SubjectKind.LINKED else ()


def _groupings(world: World) -> Iterator[_Together]:
    for key, members in world.members().items():
        yield _Together(SubjectKind.GROUP, key, members)
    for key, members in world.linked_members().items():
        yield _Together(SubjectKind.LINKED, key, members)


def split_runs(world: World, law: Law) -> Iterator[Candidate]:
    """Yield runs that fit together as pieces and may cross a threshold on runs that none does."""
    limits = run_limits(law)
    fit = fit_of(law)
    runs: dict[str, list[MeteredRun]] = {}
    for run in world.runs:
        runs.setdefault(run.customer_id, []).append(run)
    for together in _groupings(world):
        own = {run.run_key: run for key in together.customers for run in runs.get(key, ())}
        if not limits or sum(run.estimate.high for run in own.values()) <= min(limits):
            continue
        pieces = [_piece(world, run, Bound.HIGH) for run in own.values()]
        for one in wholes(pieces, fit):
            if together.kind is SubjectKind.LINKED and _is_one_group(world, one):
                continue
            limit = _crossed_together(one, own, limits)
            if limit is not None:
                yield _candidate(world, law, together, [own[p.run] for p in one.pieces], limit)


def run_limits(law: Law) -> tuple[Exact, ...]:
    """Return the thresholds on runs that pieces are held against, the greatest first."""
    least = law.amount("assess.kyc.pieces.least_threshold")
    found = set()
    for gauge in gauges(law, SubjectKind.RUN, ("training_compute", "compute_used")):
        status = law.status(gauge.rule.instrument)
        if status is not None and status.text not in DEAD and gauge.limit >= least:
            found.add(gauge.limit)
    return tuple(sorted(found, reverse=True))


def fit_of(law: Law) -> Fit:
    """Return what makes runs fit together, by the settings of the day."""
    setting = "assess.kyc.pieces"
    return Fit(
        gap=law.period(f"{setting}.gap").amount,
        start_window=law.period(f"{setting}.start_window").amount,
        window=law.period(f"{setting}.window").amount,
        duration_tolerance=law.share(f"{setting}.duration_tolerance"),
        size_tolerance=law.share(f"{setting}.size_tolerance"),
    )


def _crossed_together(
    one: Whole, runs: Mapping[str, MeteredRun], limits: Iterable[Exact]
) -> Exact | None:
    """Return the greatest limit that the pieces may cross together and none does by itself."""
    estimates = [runs[piece.run].estimate for piece in one.pieces]
    total = Estimate.total(estimates)
    largest = max(part.central for part in estimates)
    return next((limit for limit in limits if total.high > limit >= largest), None)


def _is_one_group(world: World, one: Whole) -> bool:
    return len({world.groups.get(account, account) for account in one.accounts}) < 2


def _candidate(
    world: World, law: Law, together: _Together, runs: Sequence[MeteredRun], limit: Exact
) -> Candidate:
    customers = sorted({run.customer_id for run in runs})
    return Candidate(
        subject=together.subject(world, customers),
        rule=PIECES,
        title=TITLES[PIECES],
        instrument=INSTRUMENT,
        question="split_run",
        facts={bound: _facts(world, law, runs, limit, bound) for bound in Bound},
        passed=lambda answer: bool(answer["split"]),
        obligations=OBLIGATIONS,
        assumptions=(ONE_RUN, *together.assumptions),
        estimate=Estimate.total(run.estimate for run in runs),
        figures=tuple(_figure(world, run) for run in runs),
        window=f"pieces from {runs[0].run_key}",
        only_possible=True,
    )


def _facts(
    world: World, law: Law, runs: Sequence[MeteredRun], limit: Exact, bound: Bound
) -> dict[str, Any]:
    fit = fit_of(law)
    pieces = [_piece(world, run, bound) for run in runs]
    return {
        "threshold": flop_text(limit),
        "gap_days": fit.gap,
        "start_window_days": fit.start_window,
        "window_days": fit.window,
        "duration_tolerance": fit.duration_tolerance,
        "size_tolerance": fit.size_tolerance,
        "runs": [
            {
                "run": one.run,
                "account": one.account,
                "start": one.start.isoformat(),
                "end": one.end.isoformat(),
                "hardware": one.hardware,
                "accelerators": one.accelerators,
                "compute": flop_text(one.compute),
                "started": None if one.started is None else one.started.isoformat(),
                "ended": None if one.ended is None else one.ended.isoformat(),
            }
            for one in pieces
        ],
    }


def _piece(world: World, run: MeteredRun, bound: Bound) -> Piece:
    return Piece(
        run=run.run_key,
        account=run.customer_id,
        start=run.start,
        end=run.end,
        hardware=_hardware(world, run),
        accelerators=run.accelerators_peak,
        compute=getattr(run.estimate, bound.value),
        started=run.begins,
        ended=run.ends,
    )


def _hardware(world: World, run: MeteredRun) -> str:
    """Return the models of accelerator that a run was at work on, as far as they are known."""
    models = {one.cluster_id: str(one.accelerator) for one in world.clusters}
    named = {models.get(cluster, cluster) for cluster in run.cluster_ids}
    return " + ".join(sorted(named)) or NOT_STATED


def _figure(world: World, run: MeteredRun) -> Figure:
    parts = (
        Figure("days", f"{run.start} – {run.end}", method="first day, day after the last"),
        Figure("accelerators at once, at most", flop_text(run.accelerators_peak)),
        Figure("on accelerator", _hardware(world, run)),
    )
    return estimate_figure("run", run.estimate, parts, run.run_key)


def fast_use(world: World, law: Law) -> Iterator[Candidate]:
    """Yield use as fast as the alert whose total is not above the threshold for checks.

    The customers of a group are looked at together where none of them is as
    fast alone: that is how a run split over accounts looks while it is at work.
    """
    threshold, alert = law.amount("assess.kyc.threshold"), law.amount("assess.kyc.rate_alert")
    days = _days_of_runs(world.runs)
    busiest = {
        key: max(own, key=lambda one: (one.estimate.high, one.day))
        for key, own in days.items()
        if key in world.totals
    }
    least = alert * SECONDS_PER_DAY
    fast = {key: one for key, one in busiest.items() if one.estimate.high >= least}
    alone = partial(_fast_candidate, world, law)
    for key, one in fast.items():
        if world.totals[key].central <= threshold:
            yield alone(_Together(SubjectKind.CUSTOMER, key, [key]), {key: one}, one.day)
    for together in _groupings(world):
        using = [key for key in together.customers if key in days and key in world.totals]
        total = sum(world.totals[key].central for key in using)
        if len(using) < 2 or total > threshold or any(key in fast for key in using):
            continue
        day, parts = _busiest(days, using)
        if sum(part.estimate.high for part in parts.values()) >= least:
            yield alone(together, parts, day)


def _days_of_runs(runs: Iterable[MeteredRun]) -> dict[str, list[DayTotal]]:
    """Return what the runs of each customer did on each legal day."""
    found: dict[str, dict[date, Estimate]] = {}
    for run in runs:
        own = found.setdefault(run.customer_id, {})
        for one in run.days:
            own[one.day] = own[one.day].plus(one.estimate) if one.day in own else one.estimate
    return {key: [DayTotal(day, own[day]) for day in sorted(own)] for key, own in found.items()}


def _busiest(
    days: Mapping[str, Sequence[DayTotal]], customers: Sequence[str]
) -> tuple[date, dict[str, DayTotal]]:
    """Return the day on which customers did the most together, and what each did on it."""
    by_day: dict[date, dict[str, DayTotal]] = {}
    for key in customers:
        for one in days[key]:
            by_day.setdefault(one.day, {})[key] = one

    def done(day: date) -> Exact:
        return sum(one.estimate.high for one in by_day[day].values())

    day = max(by_day, key=lambda one: (done(one), one))
    return day, by_day[day]


def _fast_candidate(
    world: World, law: Law, together: _Together, parts: Mapping[str, DayTotal], day: date
) -> Candidate:
    used = Estimate.total(world.totals[key] for key in together.customers if key in world.totals)
    subject = together.subject(world, sorted(parts))
    return Candidate(
        subject=subject,
        rule=SPEED,
        title=TITLES[SPEED],
        instrument=SPEED_INSTRUMENT,
        question="structuring",
        facts={bound: _speed(law, subject.id, used, parts, bound) for bound in Bound},
        passed=lambda answer: subject.id in answer["rate_alert_accounts"],
        obligations=OBLIGATIONS,
        assumptions=together.assumptions,
        estimate=used,
        figures=tuple(
            estimate_figure("compute", one.estimate, (Figure("days", f"{day}"),), key)
            for key, one in sorted(parts.items())
        ),
        only_possible=together.kind is SubjectKind.LINKED,
    )


def _speed(
    law: Law, key: str, used: Estimate, parts: Mapping[str, DayTotal], bound: Bound
) -> dict[str, Any]:
    """Return the facts about accounts as one: what they used, and their mean speed on the day."""
    done = sum(Fraction(getattr(one.estimate, bound.value)) for one in parts.values())
    account = {
        "account": key,
        "provider": THIS_NODE,
        "beneficial_owner": key,
        "compute": flop_text(getattr(used, bound.value)),
        "rate": flop_text(int(done // SECONDS_PER_DAY)),
    }
    return asked_of(law, [account], is_shared=False)
