"""A form for the facts of any question: made from its specification, read into literals.

A control is named by the path of its fact: `f.owners.0.share` is the share of
the first owner. What is left blank is not given. Nothing is decided here: what
was typed goes to the question as a literal, and the question says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from sluicegate.core.phrases import Language, term
from sluicegate.core.quantities import DECIMAL
from sluicegate.core.reasons import Term, shown
from sluicegate.rules.facts import BadFact
from sluicegate.rules.fields import FieldSpec, Kind, Shape

PREFIX = "f"
MOST_ROWS = 100
_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.SHARE, Kind.TPP})
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_YES, _NO = "yes", "no"

Given = Mapping[str, Sequence[str]]
"""What was typed: name of a control → its values."""


class Control(Enum):
    """How a fact is asked for."""

    LINE = "line"
    CHOICE = "choice"
    TICKS = "ticks"
    LINES = "lines"
    PAIRS = "pairs"
    RECORD = "record"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One fact as the form shows it.

    `values` are what was typed. `parts` are the fields of a record; `rows` the
    records of a list. `faults` are messages for people, in order. `kind` is the
    innermost type, by which an example is given.
    """

    name: str
    spec: FieldSpec
    label: str
    control: Control
    kind: Kind
    values: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()
    parts: tuple[FieldShown, ...] = ()
    rows: tuple[tuple[FieldShown, ...], ...] = ()

    @property
    def id(self) -> str:
        """The id of the control in the page."""
        return self.name.replace(".", "-")

    @property
    def value(self) -> str:
        """What was typed into a control of one value."""
        return self.values[0] if self.values else ""

    @property
    def is_needed(self) -> bool:
        """Whether the fact has to be given."""
        return self.spec.required


@dataclass(frozen=True, slots=True)
class FactsForm:
    """The facts of a question as a form, in a language."""

    specs: tuple[FieldSpec, ...]
    language: Language

    def fields(
        self,
        given: Given,
        faults: Sequence[BadFact] = (),
        *,
        more: str = "",
        said: Mapping[BadFact, str] | None = None,
    ) -> tuple[FieldShown, ...]:
        """Return the fields with what was typed; `more` names the list that gets another row."""
        texts = said or {}
        by_path: dict[str, list[str]] = {}
        for fault in faults:
            by_path.setdefault(fault.path, []).append(texts.get(fault, fault.message))
        return self._fields(self.specs, PREFIX, "", given, by_path, more)

    def literals(self, given: Given) -> dict[str, Any]:
        """Return what was typed as literals that a question reads."""
        return _record(self.specs, PREFIX, given)

    def _fields(
        self,
        specs: Sequence[FieldSpec],
        prefix: str,
        path: str,
        given: Given,
        faults: Mapping[str, Sequence[str]],
        more: str,
    ) -> tuple[FieldShown, ...]:
        return tuple(
            self._field(spec, f"{prefix}.{spec.name}", f"{path}{spec.name}", given, faults, more)
            for spec in specs
        )

    def _field(
        self,
        spec: FieldSpec,
        name: str,
        path: str,
        given: Given,
        faults: Mapping[str, Sequence[str]],
        more: str,
    ) -> FieldShown:
        control = control_of(spec)
        parts: tuple[FieldShown, ...] = ()
        rows: tuple[tuple[FieldShown, ...], ...] = ()
        mine = list(faults.get(path, ()))
        if control is Control.RECORD:
            parts = self._fields(spec.fields, name, f"{path}.", given, faults, more)
        elif control is Control.ROWS:
            # A fault of a row does not say of which one: it is told above the rows.
            mine += [
                f"{term(part.name, self.language)}: {text}"
                for part in spec.fields
                for text in faults.get(f"{path}.{part.name}", ())
            ]
            count = min(max(rows_given(name, given), 1) + (more == name), MOST_ROWS)
            rows = tuple(
                self._fields(spec.fields, f"{name}.{number}", f"{path}.{number}.", given, {}, more)
                for number in range(count)
            )
        return FieldShown(
            name=name,
            spec=spec,
            label=term(spec.name, self.language),
            control=control,
            kind=_innermost(spec.shape),
            values=tuple(given.get(name, ())),
            options=self._options(spec, control),
            faults=tuple(mine),
            parts=parts,
            rows=rows,
        )

    def _options(self, spec: FieldSpec, control: Control) -> tuple[tuple[str, str], ...]:
        if control not in (Control.CHOICE, Control.TICKS):
            return ()
        if _innermost(spec.shape) is Kind.BOOLEAN:
            return ((_YES, term(_YES, self.language)), (_NO, term(_NO, self.language)))
        return tuple((value, self._value_label(spec, value)) for value in spec.values)

    def _value_label(self, spec: FieldSpec, value: str) -> str:
        title = spec.titles.get(value)
        return term(value, self.language) if title is None else shown(Term(title), self.language)


def control_of(spec: FieldSpec) -> Control:
    """Return how a fact is asked for."""
    shape = spec.shape
    if shape.is_map:
        return Control.PAIRS
    if shape.is_list and shape.item is not None:
        if shape.item.kind is Kind.RECORD:
            return Control.ROWS
        return Control.TICKS if spec.values else Control.LINES
    if shape.kind is Kind.RECORD:
        return Control.RECORD
    is_choice = shape.kind is Kind.BOOLEAN or (shape.kind is Kind.ENUM and spec.values)
    return Control.CHOICE if is_choice else Control.LINE


def rows_given(name: str, given: Given) -> int:
    """Return how many rows of a list were in the form."""
    start = f"{name}."
    numbers = [
        int(head)
        for key in given
        if key.startswith(start) and (head := key[len(start) :].split(".")[0]).isdecimal()
    ]
    return min(max(numbers, default=-1) + 1, MOST_ROWS)


def _innermost(shape: Shape) -> Kind:
    while shape.item is not None:
        shape = shape.item
    assert shape.kind is not None
    return shape.kind


def _record(specs: Sequence[FieldSpec], prefix: str, given: Given) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spec in specs:
        value = _value(spec, f"{prefix}.{spec.name}", given)
        if value is not None:
            found[spec.name] = value
    return found


def _value(spec: FieldSpec, name: str, given: Given) -> Any:
    """Return the literal that was typed for a fact, or None when nothing was."""
    texts = [text.strip() for text in given.get(name, ())]
    match control_of(spec):
        case Control.RECORD:
            return _record(spec.fields, name, given) or None
        case Control.ROWS:
            rows = [
                row
                for number in range(rows_given(name, given))
                if (row := _record(spec.fields, f"{name}.{number}", given))
            ]
            return rows or ([] if spec.required else None)
        case Control.TICKS:
            return texts or ([] if spec.required else None)
        case Control.LINES:
            kind = _innermost(spec.shape)
            items = [_literal(kind, line.strip()) for line in _split(texts)]
            return items or ([] if spec.required else None)
        case Control.PAIRS:
            return _pairs(spec, texts)
        case _:
            return _literal(_innermost(spec.shape), texts[0]) if texts and texts[0] else None


def _split(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in text.splitlines() if line.strip()]


def _pairs(spec: FieldSpec, texts: Sequence[str]) -> Any:
    """Return a map typed as lines `key: value`; a line without a value goes in as it stands."""
    kind = _innermost(spec.shape)
    found: dict[str, Any] = {}
    for line in _split(texts):
        key, separator, value = line.rpartition(":")
        if not separator:
            return line.strip()
        found[key.strip()] = _literal(kind, value.strip())
    return found or ({} if spec.required else None)


def _literal(kind: Kind, text: str) -> Any:
    """Return a text as the literal of a kind; one that is none stands as it was typed.

    >>> _literal(Kind.SHARE, "25 %"), _literal(Kind.NUMBER, "1.5"), _literal(Kind.FLOP, "1e26")
    (Decimal('0.25'), Decimal('1.5'), '1e26')
    """
    if kind is Kind.BOOLEAN:
        return {_YES: True, _NO: False, "true": True, "false": False}.get(text.lower(), text)
    if kind is Kind.COUNTRY:
        return text.upper()
    if kind not in _NUMBERS:
        return text
    if kind is Kind.SHARE and (found := _PERCENT.fullmatch(text)):
        return Decimal(found[1]) / 100
    if _WHOLE.fullmatch(text) and len(text) < MOST_ROWS:
        return int(text)
    return Decimal(text) if DECIMAL.fullmatch(text) and len(text) < MOST_ROWS else text
