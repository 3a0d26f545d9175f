"""The beginning of a file, read as columns: what detection looks at."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb

from sluicegate.adapters.formats.prescan import Scan
from sluicegate.adapters.formats.reading import Sample, Shape
from sluicegate.core.problems import Problem, ProblemsError

_DELIMITERS = ",;\t|"


def sample_of(file: Path, scan: Scan) -> Sample:
    """Return the sample of a scanned file; raise ProblemsError when it has no columns."""
    if scan.is_parquet:
        return Sample(file, Shape.PARQUET, _parquet_columns(file), "", "")
    head = scan.head.decode("utf-8", errors="surrogateescape")
    first = head.lstrip()[:1]
    if first in "{[":
        return _json_sample(file, head)
    if first == "#" or _is_exposition(head):
        return Sample(file, Shape.EXPOSITION, (), "", head)
    line = next(csv.reader(head.splitlines()[:1]), [])
    if not "".join(line).strip():
        raise ProblemsError([Problem(str(file), 1, "", "has no header", "give a header line")])
    delimiter = max(_DELIMITERS, key=lambda mark: head.splitlines()[0].count(mark))
    columns = next(csv.reader([_header_text(head)], delimiter=delimiter))
    columns = [column.strip() for column in columns]
    _refuse_twice(file, columns)
    return Sample(file, Shape.DELIMITED, tuple(columns), delimiter, head)


def _header_text(head: str) -> str:
    return head.splitlines()[0]


def _refuse_twice(file: Path, columns: list[str]) -> None:
    lower = [column.lower() for column in columns if column]
    twice = sorted({column for column in lower if lower.count(column) > 1})
    if twice:
        problem = f"the header names {', '.join(twice)} twice"
        raise ProblemsError([Problem(str(file), 1, twice[0], problem, "rename or remove one")])


def _is_exposition(head: str) -> bool:
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    return bool(lines) and all(line.startswith(("#", "DCGM_")) for line in lines)


def _json_sample(file: Path, head: str) -> Sample:
    line = next((line for line in head.splitlines() if line.strip()), "")
    document: Any = None
    try:
        document = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        document = None
    if isinstance(document, dict) and "resultType" not in str(document.get("data", ""))[:200]:
        return Sample(file, Shape.JSON_LINES, _keys(head), "", head)
    return Sample(file, Shape.JSON, (), "", head)


def _keys(head: str) -> tuple[str, ...]:
    """Return the keys of the whole lines in a head; optional ones may come late."""
    keys: dict[str, None] = {}
    lines = head.splitlines()
    for line in lines[:-1] or lines:
        try:
            document = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(document, dict):
            keys.update(dict.fromkeys(document))
    return tuple(keys)


def _parquet_columns(file: Path) -> tuple[str, ...]:
    try:
        path = str(file).replace("'", "''")
        with duckdb.connect(":memory:") as connection:
            rows = connection.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
        return tuple(row[0] for row in rows)
    except duckdb.Error as error:
        text = str(error).splitlines()[0]
        problem = Problem(
            str(file), None, "", f"is damaged Parquet: {text}", "copy or write the file again"
        )
        raise ProblemsError([problem]) from error
