"""`sluicegate ask` for many subjects: a CSV or Parquet file of facts, a subject a row."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sluicegate.cli.output import Exit, Format, leave, say, write_rows
from sluicegate.cli.working import steps
from sluicegate.core.phrases import Language
from sluicegate.rules.book import RuleBook
from sluicegate.services.asking import question_named
from sluicegate.services.bulk import Asking
from sluicegate.services.bulk.files import (
    FactRows,
    Layout,
    Tally,
    UnwritableError,
    answer_file,
)
from sluicegate.wiring import fact_rows

SHOWN = 100
"""Rows of a table on a screen; a file takes all."""

_YES_NO: Mapping[object, object] = {"true": "是", "false": "否"}


@dataclass(frozen=True)
class Output:
    """Where the answers go and in which form; `ids` are the columns that go along.

    `outcomes` is the language of the outcome in a sentence, None for none.
    """

    form: Format
    out: Path | None
    ids: tuple[str, ...] = ()
    outcomes: Language | None = None
    language: Language = Language.EN

    def layout(self) -> Layout | None:
        """Return the form of the file, None for a table on the screen.

        A file is written in the form that its name says when none is asked for.
        """
        if self.form is not Format.TABLE:
            return Layout(self.form.value)
        if self.out is None:
            return None
        known = {f".{layout.value}": layout for layout in Layout}
        if self.out.suffix.lower() not in known:
            problem = "give --format csv, parquet or json, or a name that ends so"
            leave(Exit.USAGE, f"--out {self.out}: {problem}")
        return known[self.out.suffix.lower()]


@dataclass(frozen=True)
class Asked:
    """What is asked of every row: the question, the day of rows without one, the law."""

    question: str
    as_of: str
    book: RuleBook
    readings: Mapping[str, str]
    known_on: date | None


def ask_file(file: Path, asked: Asked, output: Output) -> None:
    """Answer a question for every row of a file; refused rows carry their fault.

    Ends with exit code 2 when no row was answered. Raises BadFactsError when
    the file as a whole cannot be used.
    """
    one = question_named(asked.question, asked.book)
    asking = Asking(asked.as_of, asked.book, asked.readings, asked.known_on, output.outcomes)
    layout = output.layout()
    if layout is Layout.PARQUET and output.out is None:
        leave(Exit.USAGE, "parquet is binary and needs a file; name one with --out")
    opened = fact_rows(
        file,
        one.spec,
        layout=layout or Layout.CSV,
        ids=output.ids,
        outcomes=asking.outcomes is not None,
    )
    with opened as rows:
        with steps() as tell:
            tally = answer_file(one, rows, asking, _counting(rows.size, tell))
        _write(rows, layout, output)
    _conclude(file, tally)


def _counting(size: int, tell: Callable[[str], None]) -> Callable[[int], None]:
    """Return what shows the rows done, at most a hundred times."""
    last = -1

    def count(done: int) -> None:
        nonlocal last
        if size and done * 100 // size != last:
            last = done * 100 // size
            tell(f"{done:,} of {size:,} rows")

    return count


def _write(rows: FactRows, layout: Layout | None, output: Output) -> None:
    out = output.out
    if layout is None:
        shown = rows.first(SHOWN)
        if output.language is Language.ZH:
            shown = [{name: _YES_NO.get(text, text) for name, text in row.items()} for row in shown]
        columns = list(shown[0]) if shown else []
        write_rows(shown, columns, Format.TABLE, language=output.language)
        if rows.size > SHOWN:
            say(f"{SHOWN} of {rows.size:,} rows are shown; --out FILE takes all")
        return
    try:
        if out is not None:
            rows.write(out)
            return
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "rows"
            rows.write(target)
            with target.open(encoding="utf-8", newline="") as stream:
                shutil.copyfileobj(stream, sys.stdout)
    except UnwritableError as error:
        leave(Exit.USAGE, str(error))


def _conclude(file: Path, tally: Tally) -> None:
    """Say on stderr how many rows were answered; leave with 2 when none was."""
    say(f"{file}: {tally.rows:,} rows, {tally.answered:,} answered, {tally.refused:,} refused")
    if tally.first is not None:
        say(f"first refused row {tally.first_row}: {tally.first.message}")
    if not tally.answered:
        leave(Exit.USAGE)
