"""Mutants of the question files: an outcome said of other answers, a default that is another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rule_mutants import Changed, Mutant
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.specifications import Outcome, Reading, Spec

HUGE = "1e30"
"""A figure above every limit, for a default that is nothing."""


def question_mutants(spec: Spec) -> Iterator[Mutant]:
    """Yield every mutant of one question: its outcomes' conditions and its defaults."""

    def mutant(kind: Changed, how: str, **changes: Any) -> Mutant:
        return Mutant(
            spec.name,
            kind,
            f"{spec.name} {how}",
            spec.name,
            question=lambda one: replace(one, spec=replace(one.spec, **changes)),
        )

    for number, outcome in enumerate(spec.outcomes):
        for how, other in _other_outcomes(outcome):
            outcomes = (*spec.outcomes[:number], other, *spec.outcomes[number + 1 :])
            yield mutant(Changed.OUTCOME, f"outcome {number + 1} {how}", outcomes=outcomes)
    for number, field in enumerate(spec.facts):
        for value in _other_defaults(field):
            facts = (
                *spec.facts[:number],
                replace(field, default=value),
                *spec.facts[number + 1 :],
            )
            yield mutant(Changed.DEFAULT, f"{field.name} by default {value}", facts=facts)
    for number, reading in enumerate(spec.readings):
        for choice in reading.values:
            if choice != reading.default:
                readings: list[Reading] = list(spec.readings)
                readings[number] = replace(reading, default=choice)
                yield mutant(
                    Changed.DEFAULT,
                    f"reading {reading.name} by default {choice}",
                    readings=tuple(readings),
                )


def _other_outcomes(outcome: Outcome) -> Iterator[tuple[str, Outcome]]:
    """Yield the outcome with one condition turned, left out, or with one value less."""
    for at, (name, values, among) in enumerate(outcome.when):
        before, after = outcome.when[:at], outcome.when[at + 1 :]

        def changed(*condition: Any, b: Any = before, a: Any = after) -> Outcome:
            return replace(outcome, when=(*b, *condition, *a))

        yield f"turns {name}", changed((name, values, not among))
        yield f"asks not for {name}", changed()
        if len(values) > 1:
            for value in values:
                left = tuple(one for one in values if one != value)
                yield f"leaves out {name} {value}", changed((name, left, among))


def _other_defaults(field: FieldSpec) -> list[Any]:
    """Return other literals for a default that is a literal; one of the rules is none."""
    default, kind = field.default, field.shape.kind
    if field.required:
        return []
    if isinstance(default, bool):
        return [not default]
    if isinstance(default, str) and field.values:
        return [value for value in field.values if value != default][:2]
    if isinstance(default, list) and not default and field.shape.item is not None:
        return [list(field.values)] if field.values else []
    if kind in (Kind.FLOP, Kind.FLOP_PER_SECOND) and isinstance(default, str):
        return [HUGE]
    if default is None and kind is Kind.BOOLEAN:
        return [True, False]
    if default is None and field.values and kind is Kind.ENUM:
        return [field.values[0]]
    if isinstance(default, int | Decimal):
        if default == 0:
            return [Decimal("0.5") if kind is Kind.SHARE else int(Decimal(HUGE))]
        return [Decimal(default) / 2 if field.maximum is not None else default * 2]
    return []
