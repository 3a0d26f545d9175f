"""The columns of a file of facts: which are facts, which only go along, and how each is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sluicegate.adapters.parquet import too_many_rows
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.fields import Kind
from sluicegate.rules.specifications import Spec

AS_OF = "as_of"
ROW = "row"
ERROR, MESSAGE = "error", "message"
KEPT = ("id", "subject")
"""Columns that go along without being named; so does every column whose name ends in `_id`."""

_NESTED = ("list", "struct", "map", "array")
_INEXACT = ("DOUBLE", "FLOAT", "REAL")


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of a column: which sort of type, and the type as SQL writes it."""

    sort: str
    shown: str

    @property
    def is_nested(self) -> bool:
        """Whether its values are lists, structs or maps."""
        return self.sort in _NESTED


@dataclass(frozen=True, slots=True)
class Source:
    """A file as the engine reads it: a FROM clause and the type of each column."""

    clause: str
    types: dict[str, ColumnType]


@dataclass(frozen=True, slots=True)
class Roles:
    """What the columns of a file are for: facts, the day of the row, and what goes along."""

    facts: tuple[str, ...]
    day: bool
    kept: tuple[str, ...]

    @classmethod
    def of(cls, columns: Sequence[str], spec: Spec, named: Iterable[str]) -> Roles:
        """Divide the columns; raise BadFactsError with every column that has no place."""
        facts = [field.name for field in spec.facts]
        named = tuple(named)
        day = AS_OF in columns and AS_OF not in facts
        kept = [
            name
            for name in columns
            if name not in facts
            and (name in named or name in KEPT or name.endswith("_id") or (day and name == AS_OF))
        ]
        faults = [
            BadFact(name, "is no column of the file; name one with --id that is")
            for name in named
            if name not in columns
        ]
        taken = {field.name for field in spec.answer} | {ROW, ERROR, MESSAGE, "outcome"}
        for name in columns:
            if name in kept and name in taken:
                way_out = "the answer has a field of this name; rename the column"
                faults.append(BadFact(name, f"cannot go along: {way_out}"))
            elif name not in facts and name not in kept:
                way_out = "leave it out, or let it go along with --id"
                faults.append(BadFact(name, f"is not a field of this question; {way_out} {name}"))
        if faults:
            raise BadFactsError(faults)
        return cls(tuple(name for name in facts if name in columns), day, tuple(kept))


def source_of(engine: duckdb.DuckDBPyConnection, file: Path) -> Source:
    """Return how a file is read; raise BadFactsError when it cannot be."""
    if file.is_dir():
        raise unreadable(file, "it is a folder; name a file in it")
    if not file.is_file():
        raise unreadable(file, "there is no such file")
    path = quoted("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file)))
    if file.suffix.lower() == ".parquet":
        _need_weight(file)
        clause = f"read_parquet({path})"
    else:
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in _header(file))
        shape = "auto_detect=false, header=true, delim=',', quote='\"', escape='\"'"
        clause = f"read_csv({path}, {shape}, columns={{{columns}}})"
    try:
        relation = engine.sql(f"SELECT * FROM {clause}")
    except duckdb.Error as error:
        raise unreadable(file, explained(error)) from error
    types = [ColumnType(str(one.id), str(one)) for one in relation.types]
    return Source(clause, dict(zip(relation.columns, types, strict=True)))


def _need_weight(file: Path) -> None:
    """Refuse a file made to keep the machine busy: few bytes that stand for very many rows."""
    try:
        rows = too_many_rows(file)
    except duckdb.Error as error:
        raise unreadable(file, explained(error)) from error
    if rows is not None:
        raise unreadable(
            file, f"its few bytes stand for {rows} rows; give each row that differs once"
        )


def _header(file: Path) -> list[str]:
    """Return the names of the columns of a CSV file."""
    try:
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            names = next(csv.reader(stream), [])
        "".join(names).encode()
    except UnicodeEncodeError as error:
        raise unreadable(file, "the first line is not UTF-8") from error
    except (OSError, csv.Error) as error:
        raise unreadable(file, str(error)) from error
    if not names:
        raise unreadable(file, "it is empty; the first line names the columns")
    if "" in names:
        raise unreadable(file, f"column {names.index('') + 1} has no name in the first line")
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise BadFactsError([BadFact(name, "names two columns; keep one") for name in twice])
    return names


def text_of(name: str, kind: Kind | None, column: ColumnType) -> str:
    """Return the expression that gives a column as text; raise ValueError for a binary float.

    Lists, structs and maps become JSON; an instant with a time zone is written
    at +00:00, as the file does not hold the offset it came with; a timestamp at
    midnight is a day where the fact is one.
    """
    if any(word in column.shown for word in _INEXACT) and kind is not Kind.STRING:
        raise ValueError(
            f"is of type {column.shown}, a binary float, which does not hold 0.1 or 1e26 exactly;"
            " write it as DECIMAL, as a whole number or as text"
        )
    me = identifier(name)
    if column.is_nested:
        return f"CAST(to_json({me}) AS VARCHAR)"
    if column.sort == "timestamp with time zone":
        return f"strftime(make_timestamp(epoch_us({me})), '%Y-%m-%dT%H:%M:%S.%f+00:00')"
    if column.sort.startswith("timestamp"):
        whole = f"strftime({me}, '%Y-%m-%dT%H:%M:%S.%f')"
        if kind is not Kind.DATE:
            return whole
        midnight = f"{me} = date_trunc('day', {me})"
        return f"CASE WHEN {midnight} THEN strftime({me}, '%Y-%m-%d') ELSE {whole} END"
    return f"CAST({me} AS VARCHAR)"


def unreadable(file: Path, why: str) -> BadFactsError:
    """Return the refusal of a whole file."""
    return BadFactsError([BadFact("facts", f"{file} cannot be read: {why}")])


def explained(error: duckdb.Error) -> str:
    """Return what an error of the engine says, without its settings."""
    told = str(error).split("Possible", 1)[0]
    return "; ".join(line.strip() for line in told.splitlines() if line.strip())


def identifier(name: str) -> str:
    """Quote the name of a column."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"
