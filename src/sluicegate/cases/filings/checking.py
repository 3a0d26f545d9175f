"""What a form still lacks: every field that is missing or malformed, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sluicegate.cases.filings.form import Clause, Condition, Field, FieldKind, Form
from sluicegate.cases.filings.values import BadValueError, is_below, is_blank, read_value
from sluicegate.core.reasons import Named, Sentence, Term, say

MOST_ENTRIES = 200
"""Entries that a list of parts may have."""

_EXAMPLES = {
    FieldKind.DAY: "2026-01-31",
    FieldKind.INSTANT: "2026-01-31T14:30:00+01:00",
    FieldKind.FLOP: "2.5e24",
    FieldKind.MONEY: "12500.00 USD",
    FieldKind.COUNTRY: "NO",
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field that is missing or malformed.

    `path` names it for machines, entries counted from 0 (`owners.0.party`);
    `label` for people, entries counted from 1. `why` says who asks for it and
    on which condition, `example` what may be entered.
    """

    path: str
    label: Sentence
    problem: Sentence
    why: Sentence
    example: Sentence
    clause: Clause
    is_missing: bool

    @property
    def sentence(self) -> Sentence:
        """The fault in one line: field, problem, reason, example."""
        return say(
            "{label}: {problem} {why} Example: {example}.",
            label=self.label,
            problem=self.problem,
            why=self.why,
            example=self.example,
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """Values in their written form, malformed ones left out, and every fault in form order."""

    values: Mapping[str, Any]
    faults: tuple[FieldFault, ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing or malformed."""
        return not self.faults


def check(form: Form, entered: Mapping[str, Any], instrument: str = "") -> Checked:
    """Read everything that was entered; `instrument` prefers the clauses of one text."""
    return _Level(form.fields, instrument or form.instruments[0]).check(entered)


@dataclass
class _Level:
    """The fields of a form, or of an entry of a list."""

    fields: Sequence[Field]
    instrument: str
    path: str = ""
    above: Sentence | None = None
    number: int = 0
    faults: list[tuple[int, FieldFault]] = field(default_factory=list)

    def check(self, entered: Mapping[str, Any]) -> Checked:
        """Return the values and faults of this level and those below it."""
        values: dict[str, Any] = {}
        malformed: set[str] = set()
        for place, one in enumerate(self.fields):
            raw = entered.get(one.id)
            if is_blank(raw):
                continue
            before = len(self.faults)
            value = self._read(place, one, raw)
            if len(self.faults) > before:
                malformed.add(one.id)
            if value is not None:
                values[one.id] = value
        for place, one in enumerate(self.fields):
            if one.id in values or one.id in malformed:
                self._compare(place, one, values)
                continue
            conditions = one.requires(values)
            if conditions is not None:
                self._missing(place, one, conditions, values)
        ordered = tuple(fault for _, fault in sorted(self.faults, key=lambda item: item[0]))
        return Checked(values, ordered)

    def _read(self, place: int, one: Field, raw: Any) -> Any:
        if one.kind is FieldKind.PARTS:
            return self._entries(place, one, raw)
        try:
            return read_value(one, raw)
        except BadValueError as error:
            self._malformed(place, one, error.problem, error.part)
            return None

    def _entries(self, place: int, one: Field, raw: Any) -> Any:
        if not isinstance(raw, list) or not all(isinstance(part, Mapping) for part in raw):
            self._malformed(place, one, say("What is entered is no list of entries."))
            return None
        if len(raw) > MOST_ENTRIES:
            problem = say(
                "There are {count} entries; {most} is the most.", count=len(raw), most=MOST_ENTRIES
            )
            self._malformed(place, one, problem)
            return None
        found = []
        for number, part in enumerate(raw):
            if is_blank(part):
                continue
            path = f"{self._path(one)}.{number}."
            level = _Level(one.parts, self.instrument, path, _titled(one.label), number + 1)
            checked = level.check(part)
            found.append(checked.values)
            self.faults.extend((place, fault) for fault in checked.faults)
        return found

    def _compare(self, place: int, one: Field, values: Mapping[str, Any]) -> None:
        if one.not_below is None or one.id not in values or one.not_below not in values:
            return
        if is_below(one.kind, values[one.id], values[one.not_below]):
            other = next(other for other in self.fields if other.id == one.not_below)
            problem = say(
                "{value} is below “{other}”, which is {limit}.",
                value=values[one.id],
                other=Term(other.label),
                limit=values[one.not_below],
            )
            self._malformed(place, one, problem)

    def _malformed(self, place: int, one: Field, problem: Sentence, part: str = "") -> None:
        why = say("What is entered goes into the document as it stands.")
        self._keep(place, one, problem, why, part=part, is_missing=False)

    def _missing(
        self,
        place: int,
        one: Field,
        conditions: tuple[Condition, ...],
        values: Mapping[str, Any],
    ) -> None:
        reference = one.clause_for(self.instrument).reference
        if conditions:
            why = say(
                "{reference} asks for it, as {conditions}.",
                reference=reference,
                conditions=[self._condition(each, values) for each in conditions],
            )
        else:
            why = say("{reference} asks for it.", reference=reference)
        self._keep(place, one, say("Nothing is entered."), why, is_missing=True)

    def _condition(self, condition: Condition, values: Mapping[str, Any]) -> Sentence:
        other = next(one for one in self.fields if one.id == condition.field)
        label = Term(other.label)
        if condition.is_given is None:
            value = values[condition.field]
            option = other.option(value) if isinstance(value, str) else None
            shown = value if option is None else Term(option.label)
            return say("“{field}” is “{value}”", field=label, value=shown)
        if condition.is_given:
            return say("“{field}” is filled in", field=label)
        return say("“{field}” is not filled in", field=label)

    def _path(self, one: Field) -> str:
        return f"{self.path}{one.id}"

    def _keep(
        self,
        place: int,
        one: Field,
        problem: Sentence,
        why: Sentence,
        *,
        is_missing: bool,
        part: str = "",
    ) -> None:
        label = _titled(one.label)
        if self.above is not None:
            label = say(
                "{list}, entry {number}, {field}", list=self.above, number=self.number, field=label
            )
        path = self._path(one) + (f".{part}" if part else "")
        clause = one.clause_for(self.instrument)
        fault = FieldFault(path, label, problem, why, example_of(one), clause, is_missing)
        self.faults.append((place, fault))


def _titled(text: Named) -> Sentence:
    return say("{text}", text=Term(text))


def example_of(one: Field) -> Sentence:
    """Return what may be entered in a field."""
    if one.example is not None:
        return _titled(one.example)
    if one.kind in _EXAMPLES:
        return say("{example}", example=_EXAMPLES[one.kind])
    match one.kind:
        case FieldKind.CHOICE:
            return say("one of {options}", options=[Term(each.label) for each in one.options])
        case FieldKind.YES_NO:
            return say("yes or no")
        case FieldKind.PARTS:
            return say("one entry or more")
        case FieldKind.ATTACHMENT:
            return say("a file of the case")
        case FieldKind.PARTY:
            return say("a name and a country")
        case FieldKind.LONG_TEXT:
            return say("a few sentences")
        case _:
            return say("one line of text")
