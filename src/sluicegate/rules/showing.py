"""Values of facts, answers and parameters as people read them, in either language.

What is shown is exact: a figure is shortened only by writing its zeros as a power of ten. Of a
fact or an answer, a quotient that no decimal gives is shown with few digits, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import Period
from sluicegate.core.exact import decimal_text
from sluicegate.core.phrases import Language, term
from sluicegate.core.quantities import Exact, scientific, whole
from sluicegate.core.reasons import Formed, Term, shown
from sluicegate.core.trace import Figure
from sluicegate.rules.answers import value_text
from sluicegate.rules.countries import country_names
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.instruments import PERIOD_UNITS, Parameter, Title, Value

_SHORT = 7
_FEW_ZEROS = 3
_WORDLESS = frozenset({"count", "share", "date", "text", "list", *PERIOD_UNITS})
_PERCENT_DIGITS = 6
_DIGITS = 8
_ABOUT = "≈ "
_ENTRIES = {Language.EN: "; ", Language.ZH: "；"}


def titled(title: Title, language: Language) -> str:
    """Return a title in a language."""
    return title.zh if language is Language.ZH else title.en


def exact_words(value: Exact) -> str:
    """Write a figure with all its digits, many zeros at its end as a power of ten.

    >>> [exact_words(one) for one in (131 * 10**24, 10**25, 949_500_000, 4800, Fraction(1, 3))]
    ['1.31e26', '1e25', '9.495e8', '4800', '1/3']
    """
    value = whole(value)
    if isinstance(value, Fraction):
        words = str(value_text(value, ""))
        is_all = "/" in words or Fraction(words) == value
        return words if is_all else f"{value.numerator}/{value.denominator}"
    digits = str(value)
    kept = digits.rstrip("0")
    if len(digits) <= _SHORT or len(digits) - len(kept) <= _FEW_ZEROS or value < 0:
        return digits
    rest = f".{kept[1:]}" if len(kept) > 1 else ""
    return f"{kept[0]}{rest}e{len(digits) - 1}"


def figure_words(value: Exact) -> str:
    """Write a figure of a fact or an answer: one with too many digits is rounded, and marked so.

    >>> [figure_words(one) for one in (Fraction(1, 4), Fraction(7916, 407), Fraction(10**23, 3))]
    ['0.25', '≈ 19.449631', '≈ 3.3333333e22']
    """
    value = whole(value)
    if not isinstance(value, Fraction):
        return exact_words(value)
    words = exact_words(value)
    return words if "/" not in words else f"{_ABOUT}{scientific(value, _DIGITS)}"


def share_words(share: Exact) -> str:
    """Write a share as percent where that is exact, else as a quotient.

    >>> share_words(Fraction(1, 4)), share_words(Fraction(1, 3))
    ('25 %', '1/3')
    """
    scaled = Fraction(share) * 100
    percent = decimal_text(scaled, _PERCENT_DIGITS)
    return f"{percent} %" if Fraction(percent) == scaled else exact_words(share)


def share_figure_words(share: Exact) -> str:
    """Write a share of a fact or an answer: as percent, rounded and marked so where it must be.

    >>> share_figure_words(Fraction(1, 4)), share_figure_words(Fraction(2, 3))
    ('25 %', '≈ 66.666667 %')
    """
    words = share_words(share)
    if words.endswith("%"):
        return words
    percent = Fraction(share) * 100
    rounded = decimal_text(percent, _DIGITS)
    return f"{'' if Fraction(rounded) == percent else _ABOUT}{rounded} %"


def unit_words(unit: str | None) -> str:
    """Return the unit that stands behind a figure; "" where the value says it itself."""
    return "" if unit is None or unit in _WORDLESS else unit


def member(code: str) -> Term | Formed:
    """Return an entry of a list for a sentence: a country by name and code, a code by label."""
    name = country_names().get(code)
    if name is None:
        return Formed(code, "term")
    return Term(Title(f"{name.en} ({code})", f"{name.zh}（{code}）"))


def members(codes: Iterable[str]) -> list[Term | Formed]:
    """Return entries of a list for a sentence, each as `member` does."""
    return [member(code) for code in codes]


def spoken(value: Value, unit: str) -> Any:
    """Return a parameter's value with its unit for a sentence."""
    if isinstance(value, tuple):
        return members(value)
    if isinstance(value, str):
        return Formed(value, "term")
    if isinstance(value, date | Period):
        return value
    if unit == "share":
        return share_words(value)
    return f"{exact_words(value)} {unit_words(unit)}".rstrip()


def value_words(value: Value, unit: str, language: Language) -> str:
    """Write a parameter's value with its unit."""
    return shown(spoken(value, unit), language)


def limit_words(parameter: Parameter, value: Value, language: Language) -> str:
    """Write a parameter's value with its unit and the comparator of its text."""
    words = value_words(value, parameter.unit, language)
    if parameter.comparator is None:
        return words
    return f"{term(parameter.comparator.value, language)} {words}"


def field_words(spec: FieldSpec, shape: Shape, value: Any, language: Language) -> str:
    """Write the value of a fact or an answer field."""
    if value is None or isinstance(value, bool):
        return shown(value, language)
    if shape.item is not None:
        item = shape.item
        if isinstance(value, Mapping):
            parts = [
                f"{_key(shape, key, language)}: {field_words(spec, item, one, language)}"
                for key, one in value.items()
            ]
            return _ENTRIES[language].join(parts) or shown(None, language)
        words = [field_words(spec, item, one, language) for one in value]
        return shown(words, language)
    match shape.kind:
        case Kind.ENUM:
            title = spec.titles.get(value)
            return term(str(value), language) if title is None else shown(Term(title), language)
        case Kind.COUNTRY:
            return shown(member(value), language)
        case Kind.SHARE:
            return share_figure_words(value)
        case Kind.RECORD:
            return _ENTRIES[language].join(
                f"{term(part.name, language)}: "
                + field_words(part, part.shape, value[part.name], language)
                for part in spec.fields
            )
        case _:
            is_figure = isinstance(value, int | Fraction)
            return figure_words(value) if is_figure else shown(value, language)


def _key(shape: Shape, key: Any, language: Language) -> str:
    return term(key, language) if shape.key is Kind.ENUM else str(key)


def field_figure(spec: FieldSpec, value: Any, language: Language) -> Figure:
    """Return a fact or an answer field as part of a tree; each record of a list is a child."""
    label = term(spec.name, language)
    is_records = spec.shape.item is not None and spec.shape.item.kind is Kind.RECORD
    if is_records and value and not isinstance(value, Mapping):
        entries = tuple(
            Figure(
                f"{number}",
                children=tuple(
                    field_figure(part, one[part.name], language) for part in spec.fields
                ),
            )
            for number, one in enumerate(value, 1)
        )
        return Figure(label, name=spec.name, children=entries)
    words = field_words(spec, spec.shape, value, language)
    has_unit = isinstance(value, int | Fraction) and not isinstance(value, bool)
    unit = _UNITS.get(spec.shape.kind, spec.unit) if has_unit else None
    if unit is not None and language is Language.ZH:
        unit = _UNITS_ZH.get(unit, unit)
    return Figure(label, words, unit, name=spec.name)


_UNITS_ZH = {
    "calendar days": "个日历日",
    "d": "天",
    "h": "小时",
    "s": "秒",
    "TPP per mm2": "TPP/mm2",
    "GB/s per mm2": "GB/s/mm2",
    "TOPS or TFLOPS": "TOPS或TFLOPS",
}
"""Units of facts and answers that Chinese writes in another way."""

_UNITS: Mapping[Kind | None, str] = {
    Kind.FLOP: "FLOP",
    Kind.FLOP_PER_SECOND: "FLOP/s",
    Kind.TPP: "TPP",
}
