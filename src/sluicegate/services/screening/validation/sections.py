"""A part of a validation pack: a title, sentences and one table, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sluicegate.core.exact import decimal_text
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.screening.validation.shares import Share

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, and its heading."""

    name: str
    heading: Sentence


@dataclass(frozen=True, slots=True)
class Coded:
    """A value that files write as a code and pages as words."""

    code: str
    words: Sentence


@dataclass(frozen=True)
class Section:
    """A part of a pack; `name` names its file. What is not `on_page` stands in its file alone."""

    name: str
    title: Sentence
    told: tuple[Sentence, ...]
    columns: tuple[Column, ...] = ()
    rows: Sequence[Mapping[str, Any]] = ()
    on_page: bool = True

    def cells(self) -> list[dict[str, str]]:
        """Return the rows as text for files."""
        return [
            {one.name: for_files(row.get(one.name)) for one in self.columns} for row in self.rows
        ]


def for_files(value: Any) -> str:
    """Return a cell for programs.

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
    if isinstance(value, bool):
        return (say("yes") if value else say("no")).text(language)
    return for_files(value)


def _dated(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


SHARE = (
    Column("hits", say("Hits")),
    Column("of", say("Of")),
    Column("share", say("Share")),
    Column("low", say("At least (95 %)")),
    Column("high", say("At most (95 %)")),
)
"""The columns of a share that was measured."""


def share_cells(share: Share) -> dict[str, Any]:
    """Return the cells of a share."""
    low, high = share.bounds or (None, None)
    return {"hits": share.hits, "of": share.of, "share": share.value, "low": low, "high": high}
