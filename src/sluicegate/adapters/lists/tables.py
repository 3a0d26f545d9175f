"""Rows of delimited text, with their lines; a file that is cut short is told from a bad row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TextIO

from sluicegate.adapters.lists.notes import AGAIN_WAY_OUT, ROW_WAY_OUT, Notes
from sluicegate.adapters.lists.source import ListFile, ListFileError
from sluicegate.adapters.lists.values import clean

_LONGEST_LINE = 1 << 22
_LONGEST_RECORD = 1 << 17
"""A quotation mark that is never closed takes no more characters of the file than this;
the limit of the module csv is one for the whole process, so it is not relied on."""

_LONG_CELL = 4096
"""Longer cells lose runs of space before patterns are sought in them, which would take long."""

_CLOSING = "\x1a"
"""OFAC ends its files with this sign."""

_NAME = re.compile(r"[^a-z0-9]+")


class Row(NamedTuple):
    """The cells of a row and the line on which it begins."""

    line: int
    cells: list[str]


class _Lines:
    """The lines of a file; one that is not UTF-8 is taken as Windows-1252, and noted once.

    Raises csv.Error when a record, begun by `begin`, grows past what one can hold.
    """

    def __init__(
        self, stream: TextIO, file: ListFile, notes: Notes, longest: int = _LONGEST_RECORD
    ) -> None:
        self._stream, self._file, self._notes, self._longest = stream, file, notes, longest
        self._length = 0
        self.number = 0
        self.record: list[str] = []

    def begin(self) -> None:
        """Begin a record: its lines are kept until the next begins."""
        self.record, self._length = [], 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if not line.isascii():
            line = self._decoded(line)
        if len(line) >= _LONGEST_LINE:
            problem = f"has a line of more than {_LONGEST_LINE} characters, so it is no table"
            raise ListFileError(self._file.name, problem, AGAIN_WAY_OUT, self.number)
        self.record.append(line)
        self._length += len(line)
        if self._length > self._longest:
            raise csv.Error(f"longer than {self._longest} characters")
        return line

    def _decoded(self, line: str) -> str:
        try:
            line.encode()
        except UnicodeEncodeError:
            problem = "is not UTF-8; such lines were read as Windows-1252"
            way_out = "check the names in them, and ask for the file in UTF-8"
            self._notes.once("encoding", self._file.name, self.number, problem, way_out)
            return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        return line


def text_of(file: ListFile) -> TextIO:
    """Open a file as text: UTF-8 with or without mark, UTF-16 with its mark."""
    is_wide = file.head[:2] in (b"\xff\xfe", b"\xfe\xff")
    encoding, errors = ("utf-16", "replace") if is_wide else ("utf-8-sig", "surrogateescape")
    return io.TextIOWrapper(file.open(), encoding, errors, newline="")


def lines_of(file: ListFile, notes: Notes) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text with their numbers, without their ends."""
    with text_of(file) as stream:
        lines = _Lines(stream, file, notes, _LONGEST_LINE)
        for line in lines:
            lines.begin()
            yield lines.number, line


class TableRows:
    """The rows of a delimited file, blank ones left out.

    Every row must have `width` cells (0: as many as the first); a shorter one
    is noted as a problem and left out, or filled up where `may_be_short`.
    Rows above the one that has all columns of `header` are kept in `above`.
    `is_closed` says, when all was read, whether OFAC's closing sign was seen.
    Raises ListFileError when the last row is cut.
    """

    def __init__(
        self,
        file: ListFile,
        notes: Notes,
        *,
        delimiter: str = ",",
        width: int = 0,
        may_be_short: bool = False,
    ) -> None:
        self._file, self._notes, self._delimiter = file, notes, delimiter
        self._width, self._may_be_short = width, may_be_short
        self._short: Row | None = None
        self.header: frozenset[str] = frozenset()
        self.above: list[list[str]] = []
        self.is_closed = False
        self.ends_with_newline = True
        self.rows = 0

    def __iter__(self) -> Iterator[Row]:
        with text_of(self._file) as stream:
            lines = _Lines(stream, self._file, self._notes)
            yield from self._rows(lines)

    def _rows(self, lines: _Lines) -> Iterator[Row]:
        reader = csv.reader(lines, delimiter=self._delimiter)
        begun, record = 1, lines.record
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                self._undivided(begun, lines.number, error)
                begun, record = lines.number + 1, lines.record
                continue
            line, begun, record = begun, lines.number + 1, lines.record
            row = self._checked(Row(line, cells))
            if row is not None:
                self.rows += 1
                yield row
        self._end(record, begun)

    def _checked(self, row: Row) -> Row | None:
        cells = row.cells
        if cells and max(map(len, cells)) > _LONG_CELL:
            cells = [clean(cell) if len(cell) > _LONG_CELL else cell for cell in cells]
            row = Row(row.line, cells)
        if self._short is not None and not self._may_be_short:
            self._refuse(self._short)
        self._short = None
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            return None
        if cells[0].strip() == _CLOSING and not any(map(str.strip, cells[1:])):
            self.is_closed = True
            return None
        if not self._width:
            if not self.header <= set(column_names(cells)):
                self.above.append(cells)
                return None
            self._width = len(cells)
        if len(cells) == self._width:
            return row
        if len(cells) > self._width and not any(map(str.strip, cells[self._width :])):
            return Row(row.line, cells[: self._width])
        if len(cells) > self._width:
            self._refuse(row)
            return None
        self._short = row
        filled = Row(row.line, cells + [""] * (self._width - len(cells)))
        return filled if self._may_be_short else None

    def note(self, line: int, problem: str) -> None:
        """Note what is wrong with the header."""
        way_out = "fetch the file again; it was read without them"
        self._notes.fault(self._file.name, line, "", problem, way_out)

    def _refuse(self, row: Row) -> None:
        problem = f"has {len(row.cells)} fields where {self._width} belong"
        self._notes.fault(self._file.name, row.line, "", problem, ROW_WAY_OUT)

    def _undivided(self, first: int, last: int, error: csv.Error) -> None:
        problem = f"cannot be divided into fields ({error}); lines {first} to {last} were left out"
        self._notes.fault(self._file.name, first, "", problem, "close the quotation marks")

    def _end(self, record: list[str], line: int) -> None:
        text = "".join(record)
        self.ends_with_newline = text.endswith(("\n", "\r", _CLOSING)) or not text
        if text.count('"') % 2 and (len(record) > 1 or not self.ends_with_newline):
            problem = "is cut short: the last field has no closing quotation mark"
            raise ListFileError(self._file.name, problem, AGAIN_WAY_OUT, line - len(record))
        if self._short is None:
            return
        if not self.ends_with_newline:
            found = len(self._short.cells)
            problem = f"is cut short: the last row has {found} fields of {self._width}"
            raise ListFileError(self._file.name, problem, AGAIN_WAY_OUT, self._short.line)
        if not self._may_be_short:
            self._refuse(self._short)


def column_name(text: str) -> str:
    """Return the name of a column in the form in which names are compared.

    >>> column_name("Nationality(/ies)"), column_name(" Name 6")
    ('nationality_ies', 'name_6')
    """
    return _NAME.sub("_", text.casefold()).strip("_")


def column_names(cells: Sequence[str]) -> list[str]:
    """Return the names of a header's columns."""
    return [column_name(cell) for cell in cells]


class Record(dict[str, str]):
    """A row by the names of its columns; a column that the file lacks is blank."""

    def __missing__(self, name: str) -> str:
        return ""


def with_header(
    rows: TableRows, header: frozenset[str], expected: frozenset[str] = frozenset()
) -> Iterator[tuple[int, Record]]:
    """Yield the rows below the header by the names of its columns.

    The header is the first row that has all columns of `header`; columns of
    `expected` that it lacks are noted.
    """
    rows.header = header
    names: list[str] = []
    for line, cells in rows:
        if names:
            yield line, Record(zip(names, cells, strict=True))
            continue
        names = column_names(cells)
        if lacking := sorted(expected.difference(names)):
            rows.note(line, f"lacks the columns {', '.join(lacking)}")
