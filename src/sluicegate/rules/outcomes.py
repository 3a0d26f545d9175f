"""The one sentence that says how a question came out, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Formed, Sentence, say
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import Facts
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.showing import member
from sluicegate.rules.specifications import Outcome, Spec

_FORMS = {Kind.FLOP: "sci", Kind.FLOP_PER_SECOND: "sci", Kind.TPP: "sci", Kind.ENUM: "term"}
_UNITS = {
    Kind.FLOP: "FLOP",
    Kind.FLOP_PER_SECOND: "FLOP/s",
    Kind.TPP: "TPP",
    Kind.SHARE: "share",
}
_BOUNDS = {"share": (0, 1)}
"""Figures that any figure of a unit must not be rounded to: a share to nothing or to all."""
NAMED_IN_OUTCOME = 20
"""Entries of a list that the sentence names; the answer's field has all."""


def outcome_of(
    spec: Spec, answer: Mapping[str, Any], facts: Facts, book: RuleBook | None = None
) -> Sentence:
    """Return the sentence of the first outcome whose conditions an answer meets.

    Its places are fields of the answer or, where the answer has none of that
    name, facts. A figure is shown with as many digits as tell it from the other
    figures of its unit in the sentence and, with a book, in the texts that the
    question rests on. Raises TypeError when no outcome fits, which is a bug of the
    question file.
    """
    for outcome in spec.outcomes:
        if _fits(outcome, answer, facts):
            fields = {field.name: field for field in (*spec.facts, *spec.answer)}
            named = [fields[name] for name in outcome.places]
            values = {field.name: _value(field.name, answer, facts) for field in named}
            figures = _Figures.of(named, values, spec, book)
            return Sentence(
                outcome.sentence,
                {
                    field.name: _shown(values[field.name], field.shape, figures.beside(field))
                    for field in named
                },
            )
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


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of a sentence by the name of their field, and those of the texts by unit."""

    units: Mapping[str, str]
    said: Mapping[str, Exact]
    texts: Mapping[str, tuple[Exact, ...]]

    @classmethod
    def of(
        cls,
        fields: Sequence[FieldSpec],
        values: Mapping[str, Any],
        spec: Spec,
        book: RuleBook | None,
    ) -> _Figures:
        """Return the figures beside one another in a sentence."""
        said = {name: value for name, value in values.items() if _is_figure(value)}
        units = {field.name: _unit(field) for field in fields if field.name in said}
        known = {} if book is None else book.figures
        texts = {
            unit: tuple(v for one in spec.instruments for v in known.get((one, unit), ()))
            for unit in set(units.values())
        }
        return cls(units, said, texts)

    def beside(self, field: FieldSpec) -> tuple[Exact, ...]:
        """Return the figures from which that of a field is to be told apart."""
        unit = self.units.get(field.name)
        if unit is None:
            return ()
        others = (
            value
            for name, value in self.said.items()
            if name != field.name and self.units[name] == unit
        )
        return (*others, *self.texts[unit], *_BOUNDS.get(unit, ()))


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _unit(field: FieldSpec) -> str:
    """Return the unit of a figure; a number without one is a share, or a count without digits."""
    kind = field.shape.kind
    return "" if kind is None else _UNITS.get(kind, field.unit or "share")


def _shown(value: Any, shape: Shape, beside: tuple[Exact, ...]) -> Any:
    kind = _innermost(shape)
    form = "" if kind is None else _FORMS.get(kind, "")
    if Kind.COUNTRY in (kind, shape.key):
        value = _by_name(value, shape)
    if not isinstance(value, list | tuple) or len(value) <= NAMED_IN_OUTCOME:
        return Formed(value, form, beside)
    named, left = Formed(value[:NAMED_IN_OUTCOME], form), len(value) - NAMED_IN_OUTCOME
    return say("{named} and {left} more", named=named, left=left)


def _by_name(value: Any, shape: Shape) -> Any:
    """Return the countries of a value by name and code."""
    if value is None:
        return None
    if shape.item is not None and shape.key is None:
        return [_by_name(one, shape.item) for one in value]
    if shape.item is not None:
        is_place = shape.key is Kind.COUNTRY
        return {
            member(key) if is_place else key: _by_name(one, shape.item)
            for key, one in value.items()
        }
    return member(value) if shape.kind is Kind.COUNTRY else value


def _innermost(shape: Shape) -> Kind | None:
    while shape.item is not None:
        shape = shape.item
    return shape.kind
