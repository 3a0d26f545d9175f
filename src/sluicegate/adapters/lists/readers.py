"""What a reader of lists is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.source import HEAD, ListFile
from sluicegate.adapters.lists.tables import column_names
from sluicegate.adapters.lists.trees import root_of
from sluicegate.screening.entries import ListEntry


@dataclass(frozen=True)
class Head:
    """The beginning of a file, by which readers know theirs."""

    name: str
    start: bytes

    @cached_property
    def text(self) -> str:
        """It as text, as far as it is text."""
        wide = self.start[:2] in (b"\xff\xfe", b"\xfe\xff")
        return self.start.decode("utf-16" if wide else "utf-8-sig", "replace")

    @cached_property
    def root(self) -> str:
        """The name of the root element, nothing when it is no XML."""
        return root_of(self.start)

    @cached_property
    def delimiter(self) -> str:
        """What divides the fields: the sign that the first line has most, a comma if none."""
        line = self._lines[0] if self._lines else ""
        return max(",;\t|", key=line.count) if any(map(line.count, ",;\t|")) else ","

    @cached_property
    def _lines(self) -> list[str]:
        lines = self.text.splitlines()
        return lines if len(self.start) < HEAD else lines[:-1]

    @cached_property
    def rows(self) -> list[list[str]]:
        """The first rows of a delimited file."""
        try:
            return list(csv.reader(self._lines[:5], delimiter=self.delimiter))
        except csv.Error:
            return []

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names of the columns in the first row."""
        return frozenset(column_names(self.rows[0])) if self.rows else frozenset()

    @cached_property
    def later_columns(self) -> frozenset[str]:
        """The names of columns in any of the first rows, for files with a line above them."""
        return frozenset(name for row in self.rows for name in column_names(row))


@dataclass(frozen=True)
class Part:
    """What a reader is given: the files of one list, and the id that was asked for."""

    files: tuple[ListFile, ...]
    list_id: str = ""

    @property
    def file(self) -> ListFile:
        """The first file, which is the only one of most formats."""
        return self.files[0]


Read = Callable[[Part, Notes], Iterator[ListEntry]]
Together = Callable[[ListFile, Sequence[ListFile], bool], tuple[ListFile, ...]]


def alone(file: ListFile, _others: Sequence[ListFile], _was_given: bool) -> tuple[ListFile, ...]:
    """Say that a file is a list by itself."""
    return (file,)


@dataclass(frozen=True)
class Reader:
    """A format: how it is known, how it is read, and which files belong together.

    `default_list` is the list of its entries where nobody names another and the
    file's name tells none (`list_by_name`). `together` says which files make
    one list with a file, of those beside it; its last argument says whether the
    file was given by itself, not with its folder.
    """

    name: str
    default_list: str
    title: str
    knows: Callable[[Head], bool]
    read: Read
    together: Together = alone
    list_by_name: Callable[[str], str] | None = None

    def list_of(self, file: ListFile) -> str:
        """Return the id of the list in a file."""
        named = self.list_by_name(file.short_name) if self.list_by_name else ""
        return named or self.default_list
