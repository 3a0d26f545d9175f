"""Conditions of a threshold rule: facts of the subject that must hold for it to apply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sluicegate.rules.fields import FieldSpec, Shape
from sluicegate.rules.instruments import Condition, Relation
from sluicegate.rules.law import Law

TEXT, LIST = "text", "list"
"""Units of a parameter that a condition may name: for one value, and for several."""


def wanted_by(condition: Condition, law: Law) -> tuple[str | bool, ...]:
    """Return the values that a condition compares with on the law's day."""
    if condition.parameter is None:
        return condition.values
    if condition.relation is Relation.IS:
        return (law.text(condition.parameter),)
    return law.texts(condition.parameter)


def holds(condition: Condition, value: str | bool | None, law: Law) -> bool | None:
    """Say whether a fact meets a condition; None while the fact is not known."""
    if value is None:
        return None
    return (value in wanted_by(condition, law)) is (condition.relation is not Relation.NOT_IN)


def applies(conditions: tuple[Condition, ...], facts: Mapping[str, Any], law: Law) -> bool | None:
    """Say whether a rule applies: all its conditions hold.

    One that fails settles it, whatever is not known of the others. None means
    that it depends on a fact that is not known. Every condition is looked at,
    so that the answer does not depend on their order.
    """
    found = [holds(one, facts.get(one.fact), law) for one in conditions]
    if False in found:
        return False
    return None if None in found else True


def condition_facts(conditions: tuple[Condition, ...]) -> tuple[FieldSpec, ...]:
    """Return the facts that conditions ask for, each once; one left out is not known."""
    found: dict[str, FieldSpec] = {}
    for one in conditions:
        found.setdefault(
            one.fact,
            FieldSpec(
                name=one.fact,
                shape=Shape.parse(one.type.value),
                meaning=f"Fact on which the rule's conditions rest; left out, {one.fact} is not"
                " known",
                nullable=True,
                values=one.choices,
            ),
        )
    return tuple(found.values())
