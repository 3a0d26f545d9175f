"""Models that were modified so far that the modifier becomes their provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sluicegate.core.identifiers import RuleId
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.trace import Figure
from sluicegate.metering.runs import MeteredRun
from sluicegate.registry.records import DeclaredRun
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.detectors.binding import PLACED_IN_UNION
from sluicegate.services.findings import Subject
from sluicegate.services.judging import Bound, Candidate, estimate_figure
from sluicegate.services.world import World

RULE = RuleId("eu.gpai_guidelines.modifier_provider")
TITLE = Title("Modifier becomes provider of the modified model", "修改者成为修改后模型的提供者")
FINETUNE = "finetune"
UNKNOWN_ORIGINAL = "the training compute of the original model is not known to this node"


@dataclass(frozen=True, slots=True)
class _Original:
    """Training compute of the model that was modified, within bounds."""

    low: Exact
    central: Exact
    high: Exact


def modified_models(world: World, _law: Law) -> Iterator[Candidate]:
    """Yield every metered fine-tuning run; the question compares it with its original."""
    makers = {
        declared.model_id: declared
        for declared in world.declared.values()
        if declared.model_id and declared.kind != FINETUNE
    }
    metered = {run.declared.run_id: run for run in world.runs if run.declared is not None}
    for run in world.runs:
        if run.declared is None or run.declared.kind != FINETUNE:
            continue
        maker = makers.get(run.declared.model_id or "")
        original = None if maker is None else _original(maker, metered.get(maker.run_id))
        yield _candidate(world.run_subject(run), run, run.declared, original)


def _original(maker: DeclaredRun, run: MeteredRun | None) -> _Original | None:
    """Return the original's compute: declared where the meter bears it out, else metered."""
    declared = maker.declared_flop
    if run is None:
        return None if declared is None else _Original(declared, declared, declared)
    low, central, high = run.estimate.low, run.estimate.central, run.estimate.high
    if declared is not None and low <= declared <= high:
        return _Original(low, declared, high)
    return _Original(low, central, high)


def _candidate(
    subject: Subject, run: MeteredRun, declared: DeclaredRun, original: _Original | None
) -> Candidate:
    estimate = run.estimate
    at = {
        Bound.LOW: (estimate.low, None if original is None else original.high),
        Bound.CENTRAL: (estimate.central, None if original is None else original.central),
        Bound.HIGH: (estimate.high, None if original is None else original.low),
    }
    unknown = () if original is not None else (UNKNOWN_ORIGINAL,)
    return Candidate(
        subject=subject,
        rule=RULE,
        title=TITLE,
        instrument="eu.gpai_guidelines",
        question="eu_modifier_provider",
        facts={bound: _facts(*amounts) for bound, amounts in at.items()},
        passed=lambda answer: bool(answer["becomes_provider"]),
        assumptions=(PLACED_IN_UNION, *unknown),
        estimate=estimate,
        figures=(
            estimate_figure("modification of the model", estimate, name=declared.model_id),
            _original_figure(original),
        ),
    )


def _original_figure(original: _Original | None) -> Figure:
    if original is None:
        return Figure("compute of the original model", "not known to this node")
    bounds = (("low", original.low), ("high", original.high))
    return Figure(
        "compute of the original model",
        flop_text(original.central),
        "FLOP",
        "declared where the meter bears it out, else metered",
        children=tuple(Figure(name, flop_text(value), "FLOP") for name, value in bounds),
    )


def _facts(modification: Exact, original: Exact | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"modification_compute": flop_text(modification)}
    if original is not None:
        facts["original_compute"] = flop_text(original)
    return facts
