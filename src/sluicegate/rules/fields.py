"""Field specifications of questions: what a fact may be and what an answer holds.

The vocabulary is that of the question files: `{type, unit?, required | default,
values?, minimum?, above?, maximum?, needed_when?, nullable?, fields?, meaning}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sluicegate.core.quantities import Exact, exact
from sluicegate.core.reasons import Named


class Kind(Enum):
    """The innermost type of a field."""

    COUNTRY = "country"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    FLOP = "flop"
    FLOP_PER_SECOND = "flop_per_second"
    TPP = "tpp"
    SHARE = "share"
    ENUM = "enum"
    STRING = "string"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Shape:
    """A type: an innermost kind, a list of a shape, or a map from a kind to a shape."""

    kind: Kind | None = None
    item: Shape | None = None
    key: Kind | None = None

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return self.item is not None and self.key is None

    @property
    def is_map(self) -> bool:
        """Whether this is a map."""
        return self.key is not None

    @classmethod
    def parse(cls, text: str) -> Shape:
        """Read a type such as `list[flop]` or `map[string,list[enum]]`.

        >>> Shape.parse("map[string,list[enum]]").item.item.kind.value
        'enum'
        """
        if match := re.fullmatch(r"list\[(.+)\]", text):
            return cls(item=cls.parse(match[1]))
        if match := re.fullmatch(r"map\[(\w+),(.+)\]", text):
            return cls(item=cls.parse(match[2]), key=Kind(match[1]))
        return cls(Kind(text))

    def __str__(self) -> str:
        if self.kind is not None:
            return self.kind.value
        key = "" if self.key is None else f"{self.key.value},"
        return f"{'map' if self.is_map else 'list'}[{key}{self.item}]"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a question's facts or answer.

    `default` is a literal, or `{parameter: ID}` or `{timeline: ...}`, which the
    rule book fills; `required` fields have none. `titles` holds what people read
    for a value that has no label of its own, such as the id of a duty.
    """

    name: str
    shape: Shape
    meaning: str
    unit: str | None = None
    required: bool = False
    default: Any = None
    nullable: bool = False
    values: tuple[str, ...] = ()
    minimum: Exact | None = None
    above: Exact | None = None
    maximum: Exact | None = None
    needed_when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    fields: tuple[FieldSpec, ...] = ()
    titles: Mapping[str, Named] = field(default_factory=dict)

    @classmethod
    def parse(cls, name: str, raw: Mapping[str, Any]) -> FieldSpec:
        """Read one field of a question file."""

        def bound(key: str) -> Exact | None:
            return None if raw.get(key) is None else exact(raw[key])

        return cls(
            name=name,
            shape=Shape.parse(raw["type"]),
            meaning=raw["meaning"],
            unit=raw.get("unit"),
            required=raw.get("required", False),
            default=raw.get("default"),
            nullable=raw.get("nullable", False) or ("default" in raw and raw["default"] is None),
            values=tuple(raw.get("values", ())),
            minimum=bound("minimum"),
            above=bound("above"),
            maximum=bound("maximum"),
            needed_when={k: tuple(v) for k, v in raw.get("needed_when", {}).items()},
            fields=parse_fields(raw.get("fields", {})),
        )

    def part(self, name: str) -> FieldSpec:
        """Return the specification of a record's part."""
        return next(spec for spec in self.fields if spec.name == name)


def parse_fields(raw: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """Read the fields of a question or record, in their order."""
    return tuple(FieldSpec.parse(name, spec) for name, spec in raw.items())
