"""Rows of a CSV file with their lines; one bad row never takes good ones with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

_MOST_ATTEMPTS = 1_000
"""A file that is broken in more places than this is no table."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a record and the line on which it begins, counted from 1."""

    line: int
    cells: Sequence[str]


@dataclass
class _Feed:
    """The lines of a text from a place on, counting what was taken."""

    lines: Sequence[str]
    next: int = field(default=0)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.next >= len(self.lines):
            raise StopIteration
        self.next += 1
        return self.lines[self.next - 1]


def rows_of(text: str, note: Callable[[int, str], None]) -> Iterator[Row]:
    """Yield the records of a text, blank ones left out.

    A record that cannot be divided into cells, as after a quotation mark that is
    never closed, is told to `note` with its line; reading goes on with the line
    after the one on which it began.
    """
    feed = _Feed(io.StringIO(text, newline="").readlines())
    for _ in range(_MOST_ATTEMPTS):
        begun = feed.next
        reader = csv.reader(feed, strict=True)
        try:
            for cells in reader:
                line, begun = begun + 1, feed.next
                if any(map(str.strip, cells)):
                    yield Row(line, cells)
        except csv.Error as error:
            note(begun + 1, f"cannot be divided into cells ({error})")
            feed.next = begun + 1
            continue
        return
    note(feed.next, f"is the last of {_MOST_ATTEMPTS} broken lines; the rest was not read")
