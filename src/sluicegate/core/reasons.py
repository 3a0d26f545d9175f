"""Reasons and citations: why an answer is what it is, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Protocol

from sluicegate.core.calendars import Period
from sluicegate.core.exact import decimal_text
from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.quantities import Exact, flop_text, percent, scientific

PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")
"""A place for a figure in a template: its name and, maybe, its form."""
_PERIOD_UNITS = {"hour": "小时", "day": "日", "week": "周", "month": "个月", "year": "年"}
_COMMA = {Language.EN: ", ", Language.ZH: "、"}
_NONE = {Language.EN: "none", Language.ZH: "无"}
_YES = {Language.EN: "yes", Language.ZH: "是"}
_NO = {Language.EN: "no", Language.ZH: "否"}
_SHOWN_DIGITS = 6
_FEW_DIGITS = 3
_MANY_DIGITS = 30


class Mark(Enum):
    """How certain it is that an encoded figure says what the text says."""

    FOUND = "found"
    SECOND_HAND = "second_hand"
    RECALLED_HIGH = "recalled_high"
    RECALLED_MEDIUM = "recalled_medium"
    RECALLED_LOW = "recalled_low"
    DERIVED = "derived"
    HYPOTHETICAL = "hypothetical"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a text."""

    text: str
    mark: Mark = Mark.FOUND


class Named(Protocol):
    """A text in both languages, such as a title of a rule."""

    @property
    def en(self) -> str:
        """The English text."""

    @property
    def zh(self) -> str:
        """The Chinese text."""


def _in(text: Named, language: Language) -> str:
    return text.zh if language is Language.ZH else text.en


@dataclass(frozen=True, slots=True)
class Term:
    """A text in both languages as a value of a sentence."""

    text: Named


@dataclass(frozen=True, slots=True)
class Formed:
    """A value with the form in which a sentence shows it unless its place says another.

    A figure is told apart from those `beside` it that differ from it, as `Beside` is.
    """

    value: Any
    form: str
    beside: tuple[Exact, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure shown beside another: with few digits, or as many as tell the two apart.

    The form is that of its place or, where that has none, its own; "" is a plain number.

    >>> str(say("{a:percent} of {b}", a=Beside(Fraction(99_999, 100_000), 1), b=Beside(10**25, 1)))
    '99.999 % of 1e25'
    """

    value: Exact
    other: Exact
    form: str = "sci"

    def __str__(self) -> str:
        return _told_apart(self.value, (self.other,), self.form)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a template with its figures; it is written out when someone reads it.

    A place is `{name}` or `{name:form}`; forms are `sci` (few digits),
    `percent` and `term` (a code by its label). Without a form the value's type
    decides. A template without values is shown as it stands. A template in one
    language is translated by the phrase catalogue; one in both needs none.
    """

    template: str | Named
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: Language = Language.EN) -> str:
        """Write the sentence out in a language."""
        if isinstance(self.template, str):
            template = phrase(self.template, language)
        else:
            template = _in(self.template, language)
        if not self.values:
            return template
        return PLACE.sub(
            lambda place: shown(self.values[place[1]], language, place[2] or ""), template
        )

    def __str__(self) -> str:
        return self.text()


def say(template: str, /, **values: Any) -> Sentence:
    """Return a sentence.

    >>> str(say("{share:percent} of {flop:sci} FLOP counts.", share=Fraction(1, 4), flop=10**25))
    '25 % of 1e25 FLOP counts.'
    """
    return Sentence(template, values)


def shown(value: Any, language: Language, form: str = "") -> str:
    """Return a value as a sentence shows it."""
    if value is None:
        return _NONE[language]
    if isinstance(value, list | tuple | set | frozenset):
        return _COMMA[language].join(shown(one, language, form) for one in value) or _NONE[language]
    if isinstance(value, Sentence):
        return value.text(language)
    if isinstance(value, Term):
        return _in(value.text, language)
    if isinstance(value, Formed):
        form = form or value.form
        if value.beside and form in _ROUNDED and isinstance(value.value, int | Fraction):
            return _told_apart(value.value, value.beside, form)
        return shown(value.value, language, form)
    if isinstance(value, Beside):
        return _told_apart(value.value, (value.other,), form or value.form)
    if isinstance(value, Mapping):
        parts = (
            f"{shown(key, language)} {shown(part, language, form)}" for key, part in value.items()
        )
        return _COMMA[language].join(parts) or _NONE[language]
    match form:
        case "sci":
            return scientific(value)
        case "percent":
            return percent(value)
        case "term":
            return term(str(value), language)
        case _:
            return _plain(value, language)


def _plain(value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return (_YES if value else _NO)[language]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period) and language is Language.ZH:
        return f"{value.amount}{_PERIOD_UNITS[value.unit.value]}"
    if isinstance(value, Fraction):
        return decimal_text(value, _SHOWN_DIGITS)
    return str(value)


def _sci(value: Exact, digits: int) -> str:
    return scientific(value, digits)


def _percent(value: Exact, digits: int) -> str:
    return percent(value, digits - _FEW_DIGITS + 1)


def _decimal(value: Exact, digits: int) -> str:
    if isinstance(value, int):
        return str(value)
    return decimal_text(value, digits - _FEW_DIGITS + _SHOWN_DIGITS)


_ROUNDED: Mapping[str, Callable[[Exact, int], str]] = {
    "": _decimal,
    "sci": _sci,
    "percent": _percent,
}
"""The forms that round a figure; more digits are shown where others would round to the same."""


def _told_apart(value: Exact, others: tuple[Exact, ...], form: str) -> str:
    """Return a figure with few digits, but so many that no other that differs looks the same."""
    written = _ROUNDED[form]
    near = [one for one in others if one != value and _is_near(value, one)]
    shared = max((_shared_digits(value, one, form) for one in near), default=_FEW_DIGITS)
    for digits in range(min(max(shared, _FEW_DIGITS), _MANY_DIGITS - 1), _MANY_DIGITS):
        said = written(value, digits)
        read = _read(said)
        if all(_read(written(one, digits)) != read for one in near):
            return said
    return said if form == "percent" else flop_text(value)


def _is_near(value: Exact, other: Exact) -> bool:
    """Say whether two figures may look the same in few digits."""
    gap = abs(Fraction(other) - Fraction(value)) * 100
    return gap <= abs(Fraction(value)) or gap <= 1


def _shared_digits(value: Exact, other: Exact, form: str) -> int:
    """Return about how many digits two figures share, counted as their form counts them."""
    whole = 1 if form == "percent" else abs(Fraction(value))
    shared = len(str(int(whole / abs(Fraction(other) - Fraction(value))))) - 1
    return shared if form else shared - _SHOWN_DIGITS + _FEW_DIGITS


def _read(said: str) -> Fraction:
    """Return the figure that a text shows."""
    return Fraction(said.removesuffix(" %"))
