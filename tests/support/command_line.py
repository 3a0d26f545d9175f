"""Run a command in this process and see its exit code, its data and its talk."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import duckdb
from typer.testing import CliRunner

from sluicegate.cli.application import app
from sluicegate.core.exact import load_json


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str
    data: bytes

    @property
    def json(self) -> Any:
        """Return stdout as JSON; the whole of it has to be one document."""
        return load_json(self.out)

    @property
    def csv(self) -> list[dict[str, str]]:
        """Return stdout as the rows of a CSV file."""
        return list(csv.DictReader(io.StringIO(self.out)))


def sluicegate(*words: object, stdin: str | None = None, **environment: str) -> Ran:
    """Run `sluicegate WORDS`; only an exit ends it, any other exception is a bug and raised."""
    result = CliRunner().invoke(app, [str(word) for word in words], input=stdin, env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    data = result.stdout_bytes
    return Ran(result.exit_code, data.decode("utf-8", errors="replace"), result.stderr, data)


def parquet_rows(path: str) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file."""
    with duckdb.connect() as connection:
        relation = connection.execute("SELECT * FROM read_parquet(?)", [path])
        names = [part[0] for part in relation.description]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
