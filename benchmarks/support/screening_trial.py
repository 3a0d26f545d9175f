"""One side of the screening benchmark measured: quality by part, speed, memory, labelled pairs."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from screening_measures import (
    F1,
    Match,
    Recall,
    alerts_per_thousand,
    f1_of,
    quantile,
    recall_by,
    share_alerted,
    threshold_of,
)
from screening_perturbed import KINDS
from screening_sets import Pair, Part, Query, Split
from screening_sides import Side, asked, taken

CONTROL_ALERT = 0.70
"""The score at which nomenklatura's own service, yente, calls a result a match by default."""
CALL = 1000
"""Names a call."""
LIMIT = 75
"""Matches asked for where quality is measured: as many as the control's blocker gives."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: names, names a timed call, repeats, names alone, customers."""

    clean: int
    positives: int
    batch: int
    times: int
    single_ours: int
    single_control: int
    customers: int


WHOLE = Size(100_000, 100_000, 1000, 3, 1000, 40, 100_000)
SMALL = Size(400, 250, 200, 1, 100, 5, 3_000)


@dataclass(frozen=True, slots=True)
class Quality:
    """What a side finds in one part.

    `fixed` is recall at the threshold that one clean name of DEV in a hundred
    reaches, `false_alerts` the share of clean names of the reported split that
    reach it. `at_one` is recall at the threshold that one of these in a hundred
    reaches. `alerts` counts entries at or above the alert threshold for a
    thousand clean names, `alerted` the names that have any.
    """

    threshold: float
    false_alerts: float
    fixed: dict[str, Recall]
    at_one: dict[str, Recall]
    alerts: float
    alerted: float


@dataclass(frozen=True, slots=True)
class Found:
    """All that was measured of one side; CPU seconds, and MB at the peak."""

    name: str
    about: str
    alert: float
    build_seconds: float
    build_mb: float
    quality: dict[str, Quality]
    per_second: float
    single: tuple[float, ...]
    pairs: dict[str, F1]
    peak_mb: float

    def single_ms(self, share: float) -> float:
        """Return the CPU milliseconds that a share of single calls stays below."""
        return 1000 * quantile(self.single, share)


@dataclass(frozen=True, slots=True)
class Trial:
    """What one part's names were given, for a look at what went wrong."""

    part: Part
    threshold: float
    positives: tuple[tuple[Query, list[Match]], ...]
    clean: tuple[tuple[Query, list[Match]], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured on every side."""

    parts: tuple[Part, ...]
    pairs: tuple[Pair, ...]
    split: Split
    size: Size


def groups_of(part: Part) -> dict[str, Sequence[str]]:
    """Return what is reported: all, the groups that the goals name, and each kind."""
    kinds = sorted({one.kind for one in part.positives})
    if part.name == "US":
        named = {"perturbed names": list(KINDS), "aliases": ["added later", "held out"]}
    else:
        named = {"cross-script": [kind for kind in kinds if " to " in kind]}
    return {"all": kinds, **named, **{kind: [kind] for kind in kinds}}


def measure(
    start: Callable[[], Side], plan: Plan, *, alert: float | None, single: int
) -> tuple[Found, list[Trial]]:
    """Measure one side. `alert` is its alert threshold, or None where it says so itself."""
    first = plan.parts[0]
    builds = []
    for _ in range(plan.size.times):
        with start() as side:
            builds.append(side.load(first.parties))
    threshold = alert if alert is not None else float(builds[0]["alert_threshold"])
    with start() as side:
        side.load(first.parties)
        per_second = _speed(side, first, plan.size)
        alone = side.ask({"do": "each", "queries": asked(_timed_names(first, 0)[-single:])})
        quality, trials = {}, []
        for part in plan.parts:
            side.load(part.parties)
            quality[part.name], trial = _quality(side, part, plan, threshold)
            trials.append(trial)
        scores = side.compare(plan.pairs)
        peak = taken(side.ask({"do": "hello"})).peak_mb
        versions = ", ".join(f"{name} {number}" for name, number in side.about["versions"].items())
        found = Found(
            name=side.about["name"],
            about=f"{builds[0].get('algorithm', side.about['name'])} ({versions})",
            alert=threshold,
            build_seconds=statistics.median(one["cpu_seconds"] for one in builds),
            build_mb=statistics.median(one["peak_mb"] for one in builds),
            quality=quality,
            per_second=per_second,
            single=tuple(alone["cpu"]),
            pairs=_pairs(plan.pairs, scores, threshold),
            peak_mb=peak,
        )
    return found, trials


def some(queries: Sequence[Query], count: int) -> Sequence[Query]:
    """Return about so many names, of all kinds alike."""
    return queries[:: max(1, len(queries) // count)]


def _in_calls(side: Side, queries: Sequence[Query]) -> list[list[Match]]:
    found: list[list[Match]] = []
    for at in range(0, len(queries), CALL):
        found += side.screen(queries[at : at + CALL], limit=LIMIT).matches
    return found


def _quality(side: Side, part: Part, plan: Plan, alert: float) -> tuple[Quality, Trial]:
    """Fix the threshold on clean names of DEV, then measure the names of the plan's split."""
    dev = some(part.clean_of(Split.DEV), plan.size.clean)
    clean = some(part.clean_of(plan.split), plan.size.clean)
    positives = some(part.positives_of(plan.split), plan.size.positives)
    threshold = threshold_of(_in_calls(side, dev))
    given_clean, given = _in_calls(side, clean), _in_calls(side, positives)
    quality = Quality(
        threshold=threshold,
        false_alerts=share_alerted(given_clean, threshold),
        fixed=recall_by(positives, given, threshold, groups_of(part)),
        at_one=recall_by(positives, given, threshold_of(given_clean), groups_of(part)),
        alerts=alerts_per_thousand(given_clean, alert),
        alerted=1000 * share_alerted(given_clean, alert),
    )
    trial = Trial(
        part,
        threshold,
        tuple(zip(positives, given, strict=True)),
        tuple(zip(clean, given_clean, strict=True)),
    )
    return quality, trial


def _timed_names(part: Part, repeat: int) -> list[Query]:
    """Return names to time, nine of ten clean: others for each repeat, in no order of kinds."""
    clean = part.clean_of(Split.TRAIN)
    drawn = [*clean, *part.positives_of(Split.TRAIN)[: len(clean) // 9]]
    drawn.sort(key=lambda one: (one.text[::-1], one.schema))
    return drawn[repeat::4]


def _speed(side: Side, part: Part, size: Size) -> float:
    speeds = []
    for repeat in range(1, size.times + 1):
        names = _timed_names(part, repeat)[: size.batch]
        speeds.append(len(names) / side.screen(names, limit=10).taken.cpu_seconds)
    return statistics.median(speeds)


def _pairs(pairs: Sequence[Pair], scores: Sequence[float], threshold: float) -> dict[str, F1]:
    def of(kept: Iterable[Split]) -> F1:
        splits = set(kept)
        both = [(p, s) for p, s in zip(pairs, scores, strict=True) if p.split in splits]
        return f1_of([pair for pair, _ in both], [score for _, score in both], threshold)

    return {"all": of(Split), "test": of([Split.TEST])}
