"""Rows of any table: delimited text, JSON lines, Parquet. Text in, line numbers kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import duckdb

from sluicegate.adapters.formats.prescan import LONGEST_LINE, open_bytes
from sluicegate.adapters.formats.reading import Rejected, Row, Sample, Shape
from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.native import Fault

_FETCH = 5_000


def table_rows(sample: Sample) -> Iterator[Row | Rejected]:
    """Yield each row with its own columns as text; a row of the wrong shape is rejected."""
    match sample.shape:
        case Shape.DELIMITED:
            yield from _delimited(sample)
        case Shape.JSON_LINES:
            yield from _json_lines(sample.file)
        case Shape.PARQUET:
            yield from _parquet(sample)
        case Shape.JSON | Shape.EXPOSITION:
            raise _refused(sample.file, None, "is no table", "give CSV, Parquet or JSON lines")


def _delimited(sample: Sample) -> Iterator[Row | Rejected]:
    csv.field_size_limit(LONGEST_LINE)
    columns = sample.columns
    with open_bytes(sample.file) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text, delimiter=sample.delimiter, strict=True)
        next(reader, None)
        before = reader.line_num
        while True:
            line = before + 1
            try:
                fields = next(reader, None)
            except csv.Error as error:
                yield Rejected(line, {}, (_broken(error),))
                before = reader.line_num
                continue
            if fields is None:
                return
            before = reader.line_num
            if fields:
                yield _shaped(line, columns, fields)


def _shaped(line: int, columns: tuple[str, ...], fields: list[str]) -> Row | Rejected:
    if len(fields) != len(columns):
        problem = f"has {len(fields)} fields, the header {len(columns)}"
        original = dict(zip(columns, fields, strict=False))
        way_out = "put quotes around a field that holds the delimiter, or add the missing field"
        return Rejected(line, original, (Fault("", problem, way_out),))
    values = dict(zip(columns, fields, strict=True))
    for name, value in values.items():
        if not value.isascii() and not _is_utf8(value):
            way_out = "convert the file, e.g. iconv -f LATIN1 -t UTF-8"
            fault = Fault(name, "holds bytes that are not UTF-8", way_out)
            return Rejected(line, values, (fault,))
    return Row(line, values, values)


def _is_utf8(value: str) -> bool:
    return not any("\udc80" <= sign <= "\udcff" for sign in value)


def _broken(error: csv.Error) -> Fault:
    way_out = 'close every quote, and write a quote inside a field as ""'
    return Fault("", f"cannot be divided into fields: {error}", way_out)


def _json_lines(file: Path) -> Iterator[Row | Rejected]:
    with open_bytes(file) as stream:
        for number, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            yield _json_row(number, raw)


def _json_row(number: int, raw: bytes) -> Row | Rejected:
    way_out = "give one JSON object with text, numbers or booleans on each line"
    try:
        document = load_json(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ExactTextError, ValueError) as error:
        original = {"": raw.decode("utf-8", errors="replace").rstrip()}
        return Rejected(number, original, (Fault("", str(error), way_out),))
    if not isinstance(document, Mapping):
        return Rejected(number, {"": str(document)}, (Fault("", "is no JSON object", way_out),))
    values = {}
    for name, value in document.items():
        text = _plain_text(value)
        if text is None:
            original = {key: str(part) for key, part in document.items()}
            return Rejected(number, original, (Fault(name, "holds an object", way_out),))
        values[name] = text
    return Row(number, values, values)


def _plain_text(value: object) -> str | None:
    """Return a JSON value as text: a list's parts are joined by ; and null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 40 else str(value)
    if isinstance(value, list):
        parts = [_plain_text(part) for part in value]
        return ";".join(part for part in parts if part) if None not in parts else None
    return str(value) if isinstance(value, str | int) else None


def _parquet(sample: Sample) -> Iterator[Row | Rejected]:
    listed = ", ".join(f'"{name}"::VARCHAR' for name in sample.columns)
    path = str(sample.file).replace("'", "''")
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute("SET TimeZone = 'UTC'")
            cursor = connection.execute(f"SELECT {listed} FROM read_parquet('{path}')")
            line = 0
            while rows := cursor.fetchmany(_FETCH):
                for fields in rows:
                    line += 1
                    texts = ("" if field is None else field for field in fields)
                    values = dict(zip(sample.columns, texts, strict=True))
                    yield Row(line, values, values)
        except duckdb.Error as error:
            text = str(error).splitlines()[0]
            problem = f"is damaged Parquet: {text}"
            raise _refused(sample.file, None, problem, "copy or write the file again") from error


def _refused(file: Path, line: int | None, problem: str, way_out: str) -> ProblemsError:
    return ProblemsError([Problem(str(file), line, "", problem, way_out)])
