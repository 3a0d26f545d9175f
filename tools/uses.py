"""What rests on each parameter and text, as far as worked cases and their variants show it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from moved_parameters import users, worked_probes
from sluicegate.rules.instruments import ObligationTemplate, ThresholdRule
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.moving import MovingRule
from sluicegate.rules.specifications import specifications


@dataclass(frozen=True)
class Uses:
    """The names of questions by parameter and by instrument, and parameters by question."""

    by_parameter: Mapping[str, tuple[str, ...]]
    by_instrument: Mapping[str, tuple[str, ...]]
    of_question: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def uses() -> Uses:
    """Ask every worked case and return what its answer rested on.

    An instrument that a question file names counts as well, also where no case
    asks for its status.
    """
    parameters: dict[str, set[str]] = {}
    instruments: dict[str, set[str]] = {}
    questions: dict[str, set[str]] = {}
    for use in users():
        if use.question in specifications():
            parameters.setdefault(use.parameter, set()).add(use.question)
            questions.setdefault(use.question, set()).add(use.parameter)
    for spec in specifications().values():
        for name in spec.instruments:
            instruments.setdefault(name, set()).add(spec.name)
    for probe in worked_probes():
        asked = probe.ask(shipped_book())
        for standing in asked.texts if asked and asked.question in specifications() else ():
            instruments.setdefault(standing.instrument.id, set()).add(probe.question.name)
    return Uses(_sorted(parameters), _sorted(instruments), _sorted(questions))


def _sorted(found: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(names)) for name, names in found.items()}


def threshold_rules(parameter: str) -> tuple[ThresholdRule, ...]:
    """Return the threshold rules that compare with a parameter, or look at it otherwise."""
    return tuple(
        rule
        for rule in shipped_book().thresholds.values()
        if parameter in (rule.parameter, rule.approach)
        or any(condition.parameter == parameter for condition in rule.conditions)
    )


def moving_rules(parameter: str) -> tuple[MovingRule, ...]:
    """Return the moving thresholds that rest on a parameter."""
    found = shipped_book().moving.values()
    return tuple(rule for rule in found if parameter in rule.parameters.values())


def duties(parameter: str) -> tuple[ObligationTemplate, ...]:
    """Return the duties whose period a parameter is."""
    found = shipped_book().obligations.values()
    return tuple(duty for duty in found if duty.period == parameter)
