"""A part of a validation pack: a title, sentences and one table, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from operator import attrgetter
from typing import Any

from sluicegate.core.exact import decimal_text
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.screening.validation.shares import Share

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, its heading, and how its cell is read of what a row is about.

    Without `of` the cell is the field of the column's own name. What is not
    `on_page` stands in the files alone.
    """

    name: str
    heading: Sentence
    of: Callable[[Any], Any] | None = None
    on_page: bool = True

    def cell(self, one: Any) -> Any:
        """Return the cell of what a row is about."""
        return attrgetter(self.name)(one) if self.of is None else self.of(one)


@dataclass(frozen=True, slots=True)
class Coded:
    """A value that files write as a code and pages as words."""

    code: str
    words: Sentence


def row_of(columns: Iterable[Column], one: Any) -> dict[str, Any]:
    """Return the cells of one row by the names of their columns."""
    return {column.name: column.cell(one) for column in columns}


@dataclass(frozen=True)
class Section:
    """A part of a pack; `name` names its file. What is not `on_page` stands in its file alone."""

    name: str
    title: Sentence
    told: tuple[Sentence, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, Any]]
    on_page: bool = True

    @classmethod
    def of(
        cls,
        name: str,
        title: Sentence,
        columns: tuple[Column, ...],
        about: Iterable[Any],
        *told: Sentence,
        on_page: bool = True,
    ) -> Section:
        """Return the part that has a row for each of what it is about."""
        rows = [row_of(columns, one) for one in about]
        return cls(name, title, told, columns, rows, on_page)

    def document(self) -> dict[str, Any]:
        """Return it as JSON, in English; of what is not on the page the number of rows alone."""
        return {
            "title": self.title.text(),
            "said": [one.text() for one in self.told],
            "columns": {one.name: one.heading.text() for one in self.columns},
            "rows": self.cells() if self.on_page else len(self.rows),
        }

    def cells(self) -> list[dict[str, str]]:
        """Return the rows as text for files."""
        return [
            {one.name: for_files(row.get(one.name)) for one in self.columns} for row in self.rows
        ]


def for_files(value: Any) -> str:
    """Return a cell as text for programs.

    >>> for_files(Fraction(1, 3)), for_files(True), for_files(None), for_files(["a", "b"])
    ('0.3333', 'true', '', 'a; b')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Coded):
        return value.code
    if isinstance(value, Fraction):
        return decimal_text(value, _DIGITS)
    if isinstance(value, list | tuple):
        return "; ".join(map(for_files, value))
    return _dated(value)


def for_page(value: Any, language: Language) -> str:
    """Return a cell for people."""
    if isinstance(value, Coded):
        return value.words.text(language)
    if isinstance(value, Sentence):
        return value.text(language)
    if isinstance(value, list | tuple):
        return "; ".join(for_page(one, language) for one in value)
    if isinstance(value, bool):
        return (say("yes") if value else say("no")).text(language)
    return for_files(value)


def _dated(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def share_columns(share: Callable[[Any], Share]) -> tuple[Column, ...]:
    """Return the columns of a share that was measured, read of what a row is about."""

    def bound(at: int) -> Callable[[Any], Fraction | None]:
        def read(one: Any) -> Fraction | None:
            bounds = share(one).bounds
            return None if bounds is None else bounds[at]

        return read

    return (
        Column("hits", say("Hits"), lambda one: share(one).hits),
        Column("of", say("Of"), lambda one: share(one).of),
        Column("share", say("Share"), lambda one: share(one).value),
        Column("low", say("At least (95 %)"), bound(0)),
        Column("high", say("At most (95 %)"), bound(1)),
    )
