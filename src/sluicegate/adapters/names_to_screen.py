"""Names to screen from a file: a CSV with a column `name`, or text with one name a line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from sluicegate.adapters.lists.values import countries_in, days_in
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.screening.index import SCHEMAS

_NAME_WAY_OUT = "give a CSV with a header that has it, or a .txt with one name a line"
_LEFT_OUT = "the name is screened without it"


@dataclass(frozen=True, slots=True)
class NamesRead:
    """Queries as the engine takes them, in the order of the file, and what was left out of them."""

    queries: tuple[Mapping[str, str | list[str]], ...]
    problems: tuple[Problem, ...]


def read_names(file: Path) -> NamesRead:
    """Read the names of a file in UTF-8.

    Of a CSV the columns `id`, `schema`, `birth_date` and `country` are read too. A
    country or a date that nobody can read is told, and left out.

    Raises:
        ProblemsError: the file cannot be read, has no column `name`, or names a
            schema that is not known: every row with its line.
    """
    text = _text(file)
    if file.suffix.lower() != ".csv":
        lines = (line.strip() for line in text.splitlines())
        return NamesRead(tuple({"query": line} for line in lines if line), ())
    left_out: list[Problem] = []
    refused: list[Problem] = []
    queries = []
    for line, row in _rows(file, text):
        query: dict[str, str | list[str]] = {"query": row.get("name") or ""}
        if given := (row.get("id") or "").strip():
            query["id"] = given
        if given := (row.get("schema") or "").strip():
            schema = _SCHEMAS.get(given.casefold())
            if schema is None:
                refused.append(_unknown_schema(file, line, given))
            else:
                query["schema"] = schema
        query |= _known(file, line, row, left_out)
        queries.append(query)
    if refused:
        raise ProblemsError(refused)
    return NamesRead(tuple(queries), tuple(left_out))


_SCHEMAS = {name.casefold(): name for name in SCHEMAS if name}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unread(file, f"is no UTF-8 at byte {error.start}", "save it as UTF-8") from error
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise _unread(file, problem, "check the path and the permissions") from error


def _unread(file: Path, problem: str, way_out: str) -> ProblemsError:
    return ProblemsError([Problem(str(file), None, "", problem, way_out)])


def _rows(file: Path, text: str) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    """Yield each row with the line on which it ends."""
    reader = csv.DictReader(StringIO(text, newline=""))
    try:
        if "name" not in (reader.fieldnames or ()):
            raise _unread(file, "has no column name", _NAME_WAY_OUT)
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise _unread(file, f"is no CSV: {error}", _NAME_WAY_OUT) from error


def _known(
    file: Path, line: int, row: Mapping[str, str | None], left_out: list[Problem]
) -> dict[str, str | list[str]]:
    """Return the country and the birth date of a row, as codes and ISO days."""
    found: dict[str, str | list[str]] = {}
    country = (row.get("country") or "").strip()
    if countries := _countries(country):
        found["countries"] = list(countries)
    elif country:
        problem = f"{country[:80]!r} is no country that is known"
        left_out.append(Problem(str(file), line, "country", problem, _LEFT_OUT))
    birth = (row.get("birth_date") or "").strip()
    if days := days_in(birth):
        found["birth_dates"] = list(days)
    elif birth:
        problem = f"{birth[:80]!r} is no date that can be read"
        left_out.append(Problem(str(file), line, "birth_date", problem, _LEFT_OUT))
    return found


def _countries(text: str) -> Iterable[str]:
    """Return codes; two letters that stand for no country of today, such as SU, stay."""
    found = countries_in(text)
    is_code = len(text) == 2 and text.isascii() and text.isalpha()
    return found or ((text.upper(),) if is_code else ())


def _unknown_schema(file: Path, line: int, given: str) -> Problem:
    known = ", ".join(_SCHEMAS.values())
    return Problem(
        str(file), line, "schema", f"{given[:80]!r} is not known", f"give one of {known}"
    )
