"""The one sentence that says how a question came out, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sluicegate.core.reasons import Formed, Sentence
from sluicegate.rules.facts import Facts
from sluicegate.rules.fields import Kind, Shape
from sluicegate.rules.specifications import Outcome, Spec

_FORMS = {Kind.FLOP: "sci", Kind.FLOP_PER_SECOND: "sci", Kind.TPP: "sci", Kind.ENUM: "term"}


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
                name: Formed(_value(name, answer, facts), _form(shapes[name]))
                for name in outcome.places
            }
            return Sentence(outcome.sentence, values)
    if not spec.outcomes:
        return Sentence(spec.title)
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


def _form(shape: Shape) -> str:
    while shape.item is not None:
        shape = shape.item
    return "" if shape.kind is None else _FORMS.get(shape.kind, "")
