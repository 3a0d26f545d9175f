"""The one sentence that says how a question came out, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sluicegate.core.reasons import Formed, Sentence, say
from sluicegate.rules.facts import Facts
from sluicegate.rules.fields import Kind, Shape
from sluicegate.rules.specifications import Outcome, Spec

_FORMS = {Kind.FLOP: "sci", Kind.FLOP_PER_SECOND: "sci", Kind.TPP: "sci", Kind.ENUM: "term"}
NAMED_IN_OUTCOME = 20
"""Entries of a list that the sentence names; the answer's field has all."""


def outcome_of(spec: Spec, answer: Mapping[str, Any], facts: Facts) -> Sentence:
    """Return the sentence of the first outcome whose conditions an answer meets.

    Its places are fields of the answer or, where the answer has none of that
    name, facts. Raises TypeError when no outcome fits, which is a bug of the
    question file.
    """
    for outcome in spec.outcomes:
        if _fits(outcome, answer, facts):
            shapes = {field.name: field.shape for field in (*spec.facts, *spec.answer)}
            values = {
                name: _shown(_value(name, answer, facts), _form(shapes[name]))
                for name in outcome.places
            }
            return Sentence(outcome.sentence, values)
    raise TypeError(f"question {spec.name}: no outcome of its file fits {dict(answer)}")


def _fits(outcome: Outcome, answer: Mapping[str, Any], facts: Facts) -> bool:
    return all(
        (_comparable(_value(name, answer, facts)) in wanted) is among
        for name, wanted, among in outcome.when
    )


def _value(name: str, answer: Mapping[str, Any], facts: Facts) -> Any:
    return answer[name] if name in answer else facts[name]


def _comparable(value: Any) -> Any:
    """Return a value as a question file writes it; an empty list or map is `[]`."""
    if isinstance(value, list | tuple | dict) and not value:
        return []
    return value


def _shown(value: Any, form: str) -> Formed | Sentence:
    if not isinstance(value, list | tuple) or len(value) <= NAMED_IN_OUTCOME:
        return Formed(value, form)
    named, left = Formed(value[:NAMED_IN_OUTCOME], form), len(value) - NAMED_IN_OUTCOME
    return say("{named} and {left} more", named=named, left=left)


def _form(shape: Shape) -> str:
    while shape.item is not None:
        shape = shape.item
    return "" if shape.kind is None else _FORMS.get(shape.kind, "")
