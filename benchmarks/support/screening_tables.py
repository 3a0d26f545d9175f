"""The screening benchmark's figures as tables, ours beside the control's, with what to reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening_trial import Found

Figure = Callable[[Found], float]


@dataclass(frozen=True, slots=True)
class Goal:
    """A row: what is measured, how it is read, and what to reach; None where only printed."""

    what: str
    figure: Figure
    form: str = ".3f"
    reach: float | None = None
    is_at_most: bool = False

    def said(self) -> str:
        """Return what to reach in words."""
        if self.reach is None:
            return ""
        return f"{'at most' if self.is_at_most else 'at least'} {self.reach:{self.form}}"

    def verdict(self, ours: float) -> str:
        """Say whether it was reached."""
        if self.reach is None:
            return ""
        is_met = ours <= self.reach if self.is_at_most else ours >= self.reach
        return "reached" if is_met else "**not reached**"


def _fixed(part: str, group: str) -> Figure:
    return lambda one: one.quality[part].fixed[group].found


def _at_one(part: str, group: str) -> Figure:
    return lambda one: one.quality[part].at_one[group].found


GOALS = (
    Goal("US: recall at 1 % false alerts", _fixed("US", "all"), reach=0.77),
    Goal("of these, perturbed names", _fixed("US", "perturbed names"), reach=0.99),
    Goal("of these, aliases", _fixed("US", "aliases"), reach=0.58),
    Goal("false alerts on TEST at that threshold", lambda one: one.quality["US"].false_alerts),
    Goal("US: recall where 1 % of TEST's clean names alert", _at_one("US", "all")),
    Goal("of these, perturbed names", _at_one("US", "perturbed names")),
    Goal("of these, aliases", _at_one("US", "aliases")),
    Goal("EU: recall at 1 % false alerts", _fixed("EU", "all"), reach=0.66),
    Goal("of these, cross-script", _fixed("EU", "cross-script"), reach=0.55),
    Goal("false alerts on TEST at that threshold", lambda one: one.quality["EU"].false_alerts),
    Goal("EU: recall where 1 % of TEST's clean names alert", _at_one("EU", "all")),
    Goal("of these, cross-script", _at_one("EU", "cross-script")),
    Goal(
        "US: right entry among the ten best",
        lambda one: one.quality["US"].fixed["all"].in_ten,
        reach=0.95,
    ),
    Goal(
        "EU: right entry among the ten best",
        lambda one: one.quality["EU"].fixed["all"].in_ten,
        reach=0.90,
    ),
    Goal("US: right entry among all given", lambda one: one.quality["US"].fixed["all"].in_all),
    Goal("EU: right entry among all given", lambda one: one.quality["EU"].fixed["all"].in_all),
    Goal("alert threshold of the side", lambda one: one.alert, ".2f"),
    Goal("US: alerts per 1,000 clean names", lambda one: one.quality["US"].alerts, ".1f"),
    Goal("US: clean names alerted, per 1,000", lambda one: one.quality["US"].alerted, ".1f"),
    Goal("labelled pairs, F1 at that threshold", lambda one: one.pairs["all"].value, reach=0.83),
    Goal("of these, the TEST part", lambda one: one.pairs["test"].value),
    Goal("batch, names per CPU second", lambda one: one.per_second, ",.0f", 740),
    Goal("one name per call, p50, CPU ms", lambda one: one.single_ms(0.5), ".1f"),
    Goal("one name per call, p95, CPU ms", lambda one: one.single_ms(0.95), ".1f", 20, True),
    Goal("list load, CPU s", lambda one: one.build_seconds, ".2f", 3, True),
    Goal("list load, peak MB", lambda one: one.build_mb, ",.0f", 250, True),
    Goal("peak MB after all of it", lambda one: one.peak_mb, ",.0f"),
)


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def goals_table(ours: Found, control: Found | None) -> str:
    """Return every goal: the control's figure, ours, what to reach, and whether it was."""
    rows = []
    for goal in GOALS:
        own = goal.figure(ours)
        other = "–" if control is None else f"{goal.figure(control):{goal.form}}"
        rows.append((goal.what, other, f"{own:{goal.form}}", goal.said(), goal.verdict(own)))
    return table(rows, ("what", "nomenklatura", "ours", "reach", ""))


def kinds_table(ours: Found, control: Found | None) -> str:
    """Return recall by kind of name at the fixed threshold, with one standard error of ours."""
    rows = []
    for part, quality in ours.quality.items():
        for kind, recall in quality.fixed.items():
            other = "–" if control is None else f"{control.quality[part].fixed[kind].found:.3f}"
            own = f"{recall.found:.3f} ± {recall.error:.3f}"
            rows.append((part, kind, str(recall.asked), other, own, f"{recall.in_ten:.3f}"))
    return table(rows, ("part", "kind", "names", "nomenklatura", "ours", "ours, in ten"))


def delta_text(found: Mapping[str, Any]) -> str:
    """Say what a list's change cost by what changed, and in full."""
    ratio = found["full_cpu"] / found["delta_cpu"]
    same = "identical alerts" if found["is_identical"] else f"OTHER ALERTS: {found['differ']}"
    return (
        f"list of 2022-04 to 2023-01: {found['changed']:,} entries new or changed,"
        f" {found['gone']:,} gone; {found['customers']:,} customers\n"
        f"all entries: {found['full_cpu']:.1f} CPU s, {found['alerts']:,} alerts"
        f" ({found['new_alerts']:,} new, {found['closed_alerts']:,} closed)\n"
        f"changed entries only: {found['delta_cpu']:.1f} CPU s, {found['compared']:,} customers"
        f" compared in full, {found['held_bytes'] / 1e6:.1f} MB of names laid out; {same};"
        f" {ratio:.1f} times less, at least 10: {'reached' if ratio >= 10 else 'not reached'}"
    )
