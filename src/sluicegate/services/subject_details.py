"""Subjects that come near a threshold: their compute by day, and the parts it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import flop_text
from sluicegate.core.trace import Figure
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.priors import Priors
from sluicegate.metering.runs import MeteredRun
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import estimate_figure

RUN_DAYS = "days"
"""Label of the figure that says from when to when a run was at work."""

_GROUPS = (SubjectKind.GROUP.value, SubjectKind.LINKED.value)


@dataclass(frozen=True)
class SubjectDetails:
    """Daily totals, parts and accounts of the customers that come near a threshold.

    `members` is group → its customers among them.
    """

    daily: Mapping[str, Sequence[DayTotal]]
    parts: Mapping[str, Mapping[str, Estimate]]
    accounts: Mapping[str, Mapping[str, Estimate]]
    members: Mapping[str, Sequence[str]]
    runs: Mapping[str, MeteredRun]
    priors: Priors

    def series(self, subject: Subject) -> Sequence[DayTotal]:
        """Return a subject's daily totals in order of day."""
        if subject.kind_name == SubjectKind.RUN.value:
            return self.runs[subject.id].days
        if subject.kind_name in _GROUPS:
            return _joined([self.daily.get(key, ()) for key in self.members.get(subject.id, ())])
        return self.daily.get(subject.id, ())

    def figures(self, subject: Subject) -> tuple[Figure, ...]:
        """Return the parts that a subject's estimate was made from."""
        if subject.kind_name == SubjectKind.RUN.value:
            return self._run_figures(self.runs[subject.id])
        if subject.kind_name in _GROUPS:
            members = sorted(self.members.get(subject.id, ()))
            return tuple(Figure("customer", children=self._parts(key), name=key) for key in members)
        return self._parts(subject.id)

    def _parts(self, customer: str) -> tuple[Figure, ...]:
        found = self.parts.get(customer, {})
        return (
            *(
                estimate_figure("on accelerator", part, name=name)
                for name, part in sorted(found.items())
            ),
            self._prior_figure(),
        )

    def _run_figures(self, run: MeteredRun) -> tuple[Figure, ...]:
        figures = [
            Figure(RUN_DAYS, f"{run.start} – {run.end}", method="first day, day after the last"),
            Figure("accelerators at once, at most", flop_text(run.accelerators_peak)),
            Figure("clusters", ", ".join(run.cluster_ids) or "not stated"),
            self._prior_figure(),
        ]
        if run.gap is not None:
            figures.append(_gap_figure(run))
        return tuple(figures)

    def _prior_figure(self) -> Figure:
        shown = ", ".join(
            f"{bound / 100:g} %"
            for bound in (self.priors.low, self.priors.central, self.priors.high)
        )
        return Figure(
            "utilisation assumed where none was measured",
            shown,
            method="low, central, high; share of the dense peak",
            reference="assess.metering.utilisation_low, _central, _high",
        )


def _gap_figure(run: MeteredRun) -> Figure:
    gap = run.gap
    assert gap is not None
    children = []
    if gap.declared_flop is not None:
        children.append(Figure("declared", flop_text(gap.declared_flop), "FLOP"))
    if gap.parameters_tokens_flop is not None:
        text = flop_text(gap.parameters_tokens_flop)
        children.append(Figure("6 × parameters × tokens, as declared", text, "FLOP"))
    if gap.metered_share is not None:
        share = flop_text(Fraction(round(Fraction(gap.metered_share), 3)))
        children.append(Figure("metered (central) over declared", share))
    within = {True: "within the metered bounds", False: "outside the metered bounds", None: "open"}
    return Figure(
        "declared beside metered",
        within[gap.is_within_bounds],
        method=f"joined by {gap.matched_by.value.replace('_', ' ')}",
        children=tuple(children),
    )


def _joined(series: Sequence[Sequence[DayTotal]]) -> list[DayTotal]:
    by_day: dict[date, Estimate] = {}
    for one in series:
        for total in one:
            old = by_day.get(total.day)
            by_day[total.day] = total.estimate if old is None else old.plus(total.estimate)
    return [DayTotal(day, by_day[day]) for day in sorted(by_day)]
