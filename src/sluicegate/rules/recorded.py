"""Facts that record what a decision does with them, so that one answer serves many rows.

A decision is run once with the facts of one row. Every figure and day that it
reads is an ordinary exact value that also writes down each comparison made
with it: the path. A row of other facts that stands to every comparison of the
path as the first row does takes the same path, so the answer is its answer too.

A recorded figure is a linear form of facts: it may be added to others and
multiplied by constants. Whatever else is done with it (a quotient of two facts,
rounding, writing it out, hashing) fixes it: the path then holds for its very
value only. So nothing that a decision does can make the record wrong; it can
only make it narrower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sluicegate.core.quantities import Exact, whole
from sluicegate.rules.facts import Facts
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.paths import Form, Recording, Relation

FIGURES = frozenset({Kind.FLOP, Kind.FLOP_PER_SECOND, Kind.TPP, Kind.NUMBER, Kind.SHARE})
"""The kinds of a fact that are recorded as figures; days are recorded too."""

FIXING = (
    *("numerator", "denominator", "real", "imag", "conjugate", "as_integer_ratio"),
    *("limit_denominator", "is_integer", "__index__", "__int__", "__float__", "__complex__"),
    *("__trunc__", "__floor__", "__ceil__", "__round__", "__floordiv__", "__rfloordiv__"),
    *("__mod__", "__rmod__", "__divmod__", "__rdivmod__", "__pow__", "__rpow__"),
    *("__str__", "__repr__", "__format__", "__reduce__", "__reduce_ex__"),
)
"""What a figure does that fixes the facts it is made of."""

FIXING_DAY = (
    *("year", "month", "day", "__add__", "__radd__", "__sub__", "__rsub__", "__str__"),
    *("__repr__", "__format__", "__reduce__", "__reduce_ex__", "ctime", "isocalendar"),
    *("isoformat", "isoweekday", "replace", "strftime", "timetuple", "toordinal", "weekday"),
)
"""What a day does that fixes the fact it is."""


class RecordedAmount(Fraction):
    """A figure of a row that records comparisons; see the module.

    It is a `Fraction` to every caller. Each method that is not a comparison or
    linear arithmetic fixes the facts it is made of and works on the plain value.
    """

    __slots__ = ("_recording", "form", "plain")

    form: Form
    plain: Exact
    _recording: Recording

    def __new__(cls, form: Form, value: Exact, recording: Recording) -> RecordedAmount:
        """Return a figure with its exact value."""
        self = super().__new__(cls, value)
        self.form, self.plain, self._recording = form, value, recording
        return self

    def fix(self) -> Exact:
        """Fix the facts that this figure is made of; return its plain value."""
        for fact, _ in self.form.terms:
            self._recording.fix(fact)
        return self.plain

    def _sum(self, other: object, factor: int) -> Any:
        """Return this figure and one or minus one times another."""
        right = _form_of(other)
        if right is None:
            return NotImplemented
        value = self.plain + factor * _plain(other)
        return RecordedAmount(self.form.plus(right, factor), value, self._recording)

    def _scaled(self, factor: Exact) -> RecordedAmount:
        value = whole(Fraction(self.plain) * factor)
        return RecordedAmount(self.form.times(factor), value, self._recording)

    def __add__(self, other: Any) -> Any:
        return self._sum(other, 1)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._sum(other, -1)

    def __rsub__(self, other: Any) -> Any:
        return (-self)._sum(other, 1)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, RecordedAmount):
            other = other.fix()
        return self._scaled(other) if isinstance(other, int | Fraction) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, RecordedAmount):
            other = other.fix()
        if not isinstance(other, int | Fraction):
            return NotImplemented
        return self._scaled(1 / Fraction(other))

    def __rtruediv__(self, other: Any) -> Any:
        return Fraction(other) / self.fix() if isinstance(other, int | Fraction) else NotImplemented

    def __neg__(self) -> RecordedAmount:
        return self._scaled(-1)

    def __pos__(self) -> RecordedAmount:
        return self

    def __abs__(self) -> RecordedAmount:
        return -self if self < 0 else self

    def __copy__(self) -> RecordedAmount:
        return self

    def __deepcopy__(self, memo: Any) -> RecordedAmount:
        return self

    def _stands(self, other: object, relation: Relation, factor: int = 1) -> Any:
        """Compare, and record how this figure less the other, times the factor, stands to 0."""
        right = _form_of(other)
        if right is None:
            return self._unlike(other, relation)
        difference = self.form.plus(right, -1).times(factor)
        held = relation.holds((self.plain - _plain(other)) * factor, 0)
        self._recording.compare(difference, relation, held)
        return held

    def _unlike(self, other: object, relation: Relation) -> Any:
        """Compare with what is no exact figure, such as a float or a text."""
        if relation is Relation.EQUAL and isinstance(other, float):
            return self.fix() == other
        return NotImplemented

    def __eq__(self, other: object) -> Any:
        return self._stands(other, Relation.EQUAL)

    def __ne__(self, other: object) -> Any:
        held = self._stands(other, Relation.EQUAL)
        return held if held is NotImplemented else not held

    def __lt__(self, other: Any) -> Any:
        return self._stands(other, Relation.BELOW)

    def __le__(self, other: Any) -> Any:
        return self._stands(other, Relation.AT_MOST)

    def __gt__(self, other: Any) -> Any:
        return self._stands(other, Relation.BELOW, -1)

    def __ge__(self, other: Any) -> Any:
        return self._stands(other, Relation.AT_MOST, -1)

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self.fix())


class RecordedDay(date):
    """A day of a row that records comparisons with days; anything else fixes it."""

    __slots__ = ("_recording", "form", "plain")

    form: Form
    plain: date
    _recording: Recording

    def __new__(cls, form: Form, value: date, recording: Recording) -> RecordedDay:
        """Return a day with its plain value."""
        self = super().__new__(cls, value.year, value.month, value.day)
        self.form, self.plain, self._recording = form, value, recording
        return self

    def fix(self) -> date:
        """Fix the fact that this day is; return its plain value."""
        for fact, _ in self.form.terms:
            self._recording.fix(fact)
        return self.plain

    def _stands(self, other: object, relation: Relation, factor: int = 1) -> Any:
        if not isinstance(other, date) or isinstance(other, datetime):
            return NotImplemented
        plain = other.plain if isinstance(other, RecordedDay) else other
        ordinal = plain.toordinal()
        right = other.form if isinstance(other, RecordedDay) else Form((), ordinal)
        difference = self.form.plus(right, -1).times(factor)
        held = relation.holds((self.plain.toordinal() - ordinal) * factor, 0)
        self._recording.compare(difference, relation, held)
        return held

    def __eq__(self, other: object) -> Any:
        return self._stands(other, Relation.EQUAL)

    def __ne__(self, other: object) -> Any:
        held = self._stands(other, Relation.EQUAL)
        return held if held is NotImplemented else not held

    def __lt__(self, other: date) -> Any:
        return self._stands(other, Relation.BELOW)

    def __le__(self, other: date) -> Any:
        return self._stands(other, Relation.AT_MOST)

    def __gt__(self, other: date) -> Any:
        return self._stands(other, Relation.BELOW, -1)

    def __ge__(self, other: date) -> Any:
        return self._stands(other, Relation.AT_MOST, -1)

    def __hash__(self) -> int:
        return hash(self.fix())


def _form_of(other: object) -> Form | None:
    """Return the form of an exact figure, recorded or plain; None for anything else."""
    if isinstance(other, RecordedAmount):
        return other.form
    return Form((), other) if isinstance(other, int | Fraction) else None


def _plain(other: Any) -> Exact:
    plain: Exact = other.plain if isinstance(other, RecordedAmount) else other
    return plain


def _fixing_property(name: str, kind: type) -> property:
    def read(self: Any) -> Any:
        return getattr(kind(self.fix()) if kind is Fraction else self.fix(), name)

    return property(read)


def _fixing_method(name: str, kind: type) -> Any:
    def call(self: Any, *given: Any, **named: Any) -> Any:
        plain = self.fix()
        bound = getattr(plain, name, None)
        return (bound or getattr(kind(plain), name))(*given, **named)

    call.__name__ = name
    return call


for _kind, _recorded, _names in (
    (Fraction, RecordedAmount, FIXING),
    (date, RecordedDay, FIXING_DAY),
):
    for _name in _names:
        _is_method = callable(getattr(_kind, _name, callable))
        _make = _fixing_method if _is_method else _fixing_property
        setattr(_recorded, _name, _make(_name, _kind))


class RecordedFacts(Facts):
    """The facts of one row, whose reading and comparing is recorded.

    `row` gives typed values; they are taken only when they are read.
    """

    __slots__ = ("_recorded",)

    def __init__(
        self, specs: Mapping[str, FieldSpec], row: Mapping[str, Any], recording: Recording
    ) -> None:
        self._recorded = _RecordedParts(specs, row, recording)
        super().__init__(self._recorded)

    def has(self, name: str) -> bool:
        """Say whether a nullable fact was given; of its value nothing is recorded."""
        return self._recorded.given(name)

    def amount(self, name: str) -> Exact:
        """Return a figure that records comparisons; a whole number too."""
        return self._recorded.figure(name)


class _RecordedParts(Mapping[str, Any]):
    """The values behind recorded facts, by name."""

    def __init__(
        self, specs: Mapping[str, FieldSpec], row: Mapping[str, Any], recording: Recording
    ) -> None:
        self._specs, self._row, self._recording = specs, row, recording

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def given(self, name: str) -> bool:
        is_given = self._row[name] is not None
        if self._specs[name].nullable:
            self._recording.given(name, is_given)
        return is_given

    def figure(self, name: str) -> Exact:
        value = self._row[name]
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise TypeError(f"fact {name} is no figure: {value!r}")
        self.given(name)
        self._recording.values[name] = value
        return RecordedAmount(Form.of(name), value, self._recording)

    def __getitem__(self, name: str) -> Any:
        kind = self._specs[name].shape.kind
        if kind in FIGURES:
            return self.figure(name) if self.given(name) else None
        if kind is not Kind.DATE:
            self._recording.fix(name)
            return self._row[name]
        if not self.given(name):
            return None
        day = self._row[name]
        self._recording.values[name] = day.toordinal()
        return RecordedDay(Form.of(name), day, self._recording)


def fix_inside(values: Iterable[Any]) -> None:
    """Fix the recorded facts that stand inside lists, maps and records, not those beside them."""
    for value in values:
        _fix_below(value, inside=False)


def _fix_below(value: Any, *, inside: bool) -> None:
    if isinstance(value, RecordedAmount | RecordedDay):
        if inside:
            value.fix()
    elif isinstance(value, Mapping):
        for part in value.values():
            _fix_below(part, inside=True)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            _fix_below(part, inside=True)
