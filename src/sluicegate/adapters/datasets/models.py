"""A row of a table as a model; what is wrong in it is told, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from sluicegate.adapters.datasets.columns import Columns, Part
from sluicegate.adapters.datasets.rows import Row
from sluicegate.core.quantities import Exact, parse_decimal
from sluicegate.frontier.records import RecordedModel

Told = Callable[[Part, str, str], None]
"""Takes the part, the problem, and the way out."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES = frozenset({"yes", "true", "1"})
_NO = frozenset({"no", "false", "0"})
_OPEN_WEIGHTS = "open weights"


class _BadCellError(ValueError):
    """A cell without which the row says nothing that can be used."""


def model_of(row: Row, columns: Columns, told: Told) -> RecordedModel | None:
    """Return the model of a row, or None where a figure, day or name in it is wrong.

    Bounds that do not enclose the figure are told and left out; the row is kept.
    """
    cells = row.cells
    try:
        name = columns.text(cells, Part.NAME)
        if not name:
            told(Part.NAME, "is blank", "give the model's name; the row was left out")
            return None
        compute = _figure(cells, columns, Part.COMPUTE, told)
        low = _figure(cells, columns, Part.LOW, told)
        high = _figure(cells, columns, Part.HIGH, told)
        published = _day(cells, columns, told)
    except _BadCellError:
        return None
    low, high = _enclosing(compute, low, high, told)
    if compute is None and low is None:
        low = _estimated_over(cells, columns)
    return RecordedModel(
        name=name,
        developers=_several(columns.text(cells, Part.DEVELOPERS)),
        published=published,
        compute=compute,
        low=low,
        high=high,
        is_open=_is_open(cells, columns),
        countries=_several(columns.text(cells, Part.COUNTRIES)),
        confidence=columns.text(cells, Part.CONFIDENCE) or None,
        is_notable=_is_notable(columns.text(cells, Part.NOTABLE)),
        base_model=columns.text(cells, Part.BASE) or None,
        cost_usd=_cost(cells, columns, told),
        is_frontier=_frontier(cells, columns),
        line=row.line,
    )


def _figure(cells: Sequence[str], columns: Columns, part: Part, told: Told) -> Exact | None:
    text = columns.text(cells, part)
    if not text:
        return None
    try:
        value = parse_decimal(text)
    except ValueError:
        told(part, f"{text[:60]!r} is no number", "write it as 1.5e26; the row was left out")
        raise _BadCellError from None
    if value < 0:
        told(part, f"{text[:60]!r} is negative", "correct it; the row was left out")
        raise _BadCellError
    return value


def _cost(cells: Sequence[str], columns: Columns, told: Told) -> Exact | None:
    """Return the cost; one that is no figure is told, and the row is read without it."""
    text = columns.text(cells, Part.COST)
    try:
        return parse_decimal(text) if text else None
    except ValueError:
        told(Part.COST, f"{text[:60]!r} is no number", "correct it; the row was read without it")
        return None


def _day(cells: Sequence[str], columns: Columns, told: Told) -> date | None:
    text = columns.text(cells, Part.PUBLISHED)
    if not text:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        way_out = "write it as 2026-07-23; the row was left out"
        told(Part.PUBLISHED, f"{text[:60]!r} is no day", way_out)
        raise _BadCellError from None


def _enclosing(
    compute: Exact | None, low: Exact | None, high: Exact | None, told: Told
) -> tuple[Exact | None, Exact | None]:
    """Return the bounds that enclose the figure and one another; others are told and left out."""
    way_out = "correct the bound; the row was read without it"
    if low is not None and compute is not None and low > compute:
        told(Part.LOW, "is above the compute it should bound", way_out)
        low = None
    if high is not None and compute is not None and high < compute:
        told(Part.HIGH, "is below the compute it should bound", way_out)
        high = None
    if low is not None and high is not None and low > high:
        told(Part.HIGH, "is below the lower bound", "correct both; the row was read without them")
        return None, None
    return low, high


def _estimated_over(cells: Sequence[str], columns: Columns) -> Exact | None:
    """Return the figure over which compute without a figure is estimated, where it is sure."""
    said = {(how, figure) for how, figure, place in columns.over if _yes(cells[place])}
    sure = [parse_decimal(figure) for how, figure in said if how == "estimated"]
    doubted = {parse_decimal(figure) for how, figure in said if how == "maybe"}
    return max((one for one in sure if one not in doubted), default=None)


def _several(text: str) -> tuple[str, ...]:
    """Return the names of a cell, each once; Epoch parts them by commas, the house by `;`.

    >>> _several("China,China"), _several("Example Labs, Inc.; Second Example Lab")
    (('China',), ('Example Labs, Inc.', 'Second Example Lab'))
    """
    parts = text.split(";" if ";" in text else ",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _is_open(cells: Sequence[str], columns: Columns) -> bool | None:
    stated = columns.text(cells, Part.OPEN)
    if stated:
        return _yes_or_no(stated)
    access = columns.text(cells, Part.ACCESS).casefold()
    return access.startswith(_OPEN_WEIGHTS) if access else None


def _frontier(cells: Sequence[str], columns: Columns) -> bool | None:
    """Return the data set's own mark; a blank cell in a table that marks models says no."""
    if not columns.has(Part.FRONTIER):
        return None
    return _yes(columns.text(cells, Part.FRONTIER))


def _is_notable(text: str) -> bool:
    """Say whether a row tells a reason for which the model is notable, or says yes."""
    return bool(text) and text.casefold() not in _NO


def _yes(text: str) -> bool:
    return text.strip().casefold() in _YES


def _yes_or_no(text: str) -> bool | None:
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None
