"""A form: its sections and fields, whose duty it serves, and where each field is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sluicegate.core.reasons import Mark
from sluicegate.rules.instruments import Title


class FieldKind(Enum):
    """What is entered in a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DAY = "day"
    INSTANT = "instant"
    """A day and an hour with the offset from UTC."""
    FLOP = "flop"
    """A whole number of operations as exact text, such as 1.31e26."""
    MONEY = "money"
    """An amount with its ISO 4217 currency."""
    PARTY = "party"
    """A person or organisation: name, country and how to reach it."""
    COUNTRY = "country"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PARTS = "parts"
    """A list whose entries have fields of their own."""
    ATTACHMENT = "attachment"
    """A file of the case, by its id; its name and digest are kept with it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A place in an instrument that asks for a field, and how certain the reading is."""

    instrument: str
    reference: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice."""

    code: str
    label: Title


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of another field for a field to be required.

    With `values` the other field has one of them; with `is_given` it has any
    value, or none. The other field is one of the same level.
    """

    field: str
    values: tuple[str | bool, ...] = ()
    is_given: bool | None = None

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Say whether the condition holds of values that have been read."""
        value = values.get(self.field)
        if self.is_given is not None:
            return (value is not None) is self.is_given
        return value is not None and value in self.values


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `clauses` say who asks for it. `required_when` holds conditions all of which
    must hold; it is empty where `is_required` decides. `not_below` names a
    field of the same level whose value this one may not be below. `prefill` is
    the path of a source of the case. `parts` are the fields of an entry.
    """

    id: str
    label: Title
    kind: FieldKind
    clauses: tuple[Clause, ...]
    is_required: bool = False
    required_when: tuple[Condition, ...] = ()
    help: Title | None = None
    options: tuple[Option, ...] = ()
    parts: tuple[Field, ...] = ()
    not_below: str | None = None
    prefill: str | None = None
    example: Title | None = None

    def option(self, code: str) -> Option | None:
        """Return an option by its code."""
        return next((one for one in self.options if one.code == code), None)

    def clause_for(self, instrument: str) -> Clause:
        """Return the clause of an instrument, or the first of another."""
        return next((one for one in self.clauses if one.instrument == instrument), self.clauses[0])

    def requires(self, values: Mapping[str, Any]) -> tuple[Condition, ...] | None:
        """Return the conditions that make the field required; None when it is not.

        The tuple is empty for a field that is always required.
        """
        if self.is_required:
            return ()
        if self.required_when and all(one.holds(values) for one in self.required_when):
            return self.required_when
        return None


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    id: str
    title: Title
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as its file describes it.

    `duties` are the full ids of the duties that filing it meets, the main one
    first; `deadlines` are the parameters of their periods. `rules` are threshold
    rules under whose findings it is offered although none of its duties follows
    from them; `subjects` are the kinds of subject it is about, all when empty.
    `is_sealed` says that it can stand in a sealed case only. `notes`
    are ids of notes of its instruments that describe its content. `text` is the
    file, kept with each filing; `digest` is its SHA-256.
    """

    id: str
    title: Title
    instruments: tuple[str, ...]
    duties: tuple[str, ...]
    deadlines: tuple[str, ...]
    sections: tuple[Section, ...]
    is_sealed: bool = False
    rules: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    text: str = field(default="", repr=False)
    digest: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields of the first level, in order."""
        return tuple(one for section in self.sections for one in section.fields)

    def field(self, identifier: str) -> Field | None:
        """Return a field of the first level by its id."""
        return next((one for one in self.fields if one.id == identifier), None)

    def every_field(self) -> Iterator[tuple[str, Field]]:
        """Yield path and field of every field, those of entries below their list."""
        for one in self.fields:
            yield one.id, one
            for part in one.parts:
                yield f"{one.id}.{part.id}", part
