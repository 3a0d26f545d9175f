"""Reading a table of models as a snapshot: plain CSV or CSV in gzip."""

from __future__ import annotations

import calendar
import gzip
import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sluicegate.adapters.datasets.columns import Columns, Part
from sluicegate.adapters.datasets.models import model_of
from sluicegate.adapters.datasets.rows import Row, rows_of
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.services.ports.datasets import TableRead

_GZIP = b"\x1f\x8b"
_LARGEST = 1 << 28
"""A table of models of more bytes than this, unpacked, is none."""

_DATED = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?(?![0-9])")


def read_snapshot(
    path: Path, name: str | None = None, known_on: date | None = None, source: str = ""
) -> TableRead:
    """Read a table of models from a file.

    `name` is the data set's, the file's name without its date where not given;
    `known_on` is the day on which the data was known, the one in the file's name
    where not given (of a month without a day, its last).

    Raises:
        ProblemsError: the file cannot be read, is no table of models, holds no
            model, or nothing says when it was known.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(str(path), f"cannot be read ({error.strerror})", "check the path") from error
    return read_bytes(raw, path.name, name, known_on, source)


def read_bytes(
    raw: bytes,
    file: str,
    name: str | None = None,
    known_on: date | None = None,
    source: str = "",
) -> TableRead:
    """Read a table of models from the bytes of a file; else as `read_snapshot`."""
    day = known_on or day_in(file)
    if day is None:
        way_out = "say it with --known-on, or in the name, as models_2026-07-23.csv"
        raise _refused(file, "does not say on which day it was known", way_out)
    notes = _Notes(file)
    rows = list(rows_of(_text(raw, file), notes.row))
    columns = _columns(rows, file)
    models = [_model(row, columns, notes) for row in rows[1:]]
    kept = tuple(one for one in models if one is not None)
    if not kept:
        raise (
            ProblemsError(notes.problems)
            if notes.problems
            else _refused(file, "holds no model", "give a table with a row for each model")
        )
    _tell_repeated(kept, notes)
    found = Snapshot(name or name_in(file), day, kept, hashlib.sha256(raw).hexdigest(), source)
    left_out = len(models) - len(kept) + notes.undivided
    return TableRead(found, tuple(notes.problems), len(models) + notes.undivided, left_out)


class _Notes:
    """What was wrong in a file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.undivided = 0

    def row(self, line: int, problem: str) -> None:
        """Note a row that could not be divided."""
        self.undivided += 1
        self.problems.append(
            Problem(self.file, line, "", problem, "close the quotation mark; it was left out")
        )

    def cell(self, line: int, part: Part, problem: str, way_out: str) -> None:
        """Note what is wrong in a cell."""
        self.problems.append(Problem(self.file, line, part.value, problem, way_out))


def _model(row: Row, columns: Columns, notes: _Notes) -> RecordedModel | None:
    if len(row.cells) != columns.width:
        notes.problems.append(
            Problem(
                notes.file,
                row.line,
                "",
                f"has {len(row.cells)} cells where {columns.width} belong",
                "correct the row; it was left out",
            )
        )
        return None
    return model_of(
        row,
        columns,
        lambda part, problem, way_out: notes.cell(row.line, part, problem, way_out),
    )


def _tell_repeated(models: Sequence[RecordedModel], notes: _Notes) -> None:
    """Tell of rows that say the same of a model of one name and day; they stay."""
    seen = Counter((one.name, one.developers, one.published, one.compute) for one in models)
    for one in models:
        key = (one.name, one.developers, one.published, one.compute)
        if seen[key] > 1:
            problem = f"{one.name} stands {seen[key]} times with the same day and compute"
            notes.cell(one.line, Part.NAME, problem, "take the others out; all were read")
            seen[key] = 1


def _text(raw: bytes, file: str) -> str:
    if raw.startswith(_GZIP):
        try:
            with gzip.open(io.BytesIO(raw)) as stream:
                raw = stream.read(_LARGEST + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise _refused(file, f"cannot be unpacked ({error})", "fetch it again") from error
    if len(raw) > _LARGEST:
        raise _refused(file, f"is larger than {_LARGEST} bytes", "give a table of models")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(file, "is not UTF-8", "save it as CSV in UTF-8", line) from error


def _columns(rows: Sequence[Row], file: str) -> Columns:
    if not rows:
        raise _refused(file, "is empty", "give a table with a header and a row for each model")
    columns = Columns(rows[0].cells)
    if columns.missing:
        needed = ", ".join(columns.missing)
        way_out = "give a table of Epoch AI, or one with name, developers, published and flop"
        raise _refused(file, f"lacks the columns {needed}", way_out, rows[0].line)
    return columns


def day_in(file: str) -> date | None:
    """Return the day in the name of a file; of a month, its last day.

    >>> day_in("notable_2026-07-23.csv.gz"), day_in("all_2025-04.csv")
    (datetime.date(2026, 7, 23), datetime.date(2025, 4, 30))
    """
    found = _DATED.search(file)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, int(found[3]) if found[3] else last)
    except ValueError:
        return None


def name_in(file: str) -> str:
    """Return the name of a data set by its file's name.

    >>> name_in("notable_ai_models_2026-07-23.csv.gz")
    'notable_ai_models'
    """
    stem = re.sub(r"\.(?:csv|gz|tsv|txt)(?=\.|$)", "", file)
    return _DATED.sub("", stem).strip("_-. ") or "models"


def _refused(file: str, problem: str, way_out: str, line: int | None = None) -> ProblemsError:
    return ProblemsError([Problem(file, line, "", problem, way_out)])
