"""The objects of a JSON file, each with the line on which it begins.

A file is an array of objects, or one object a line (JSON lines). Numbers are
exact; a file that breaks off is told with the place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.core.problems import Problem, ProblemsError

MOST_BYTES = 512 * 2**20
"""A file of statements is read as a whole, because statements name one another."""

_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder(parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Element:
    """An object of a file and the line on which it begins, from 1; a fault instead of a value."""

    line: int
    value: Any
    fault: str = ""


def text_of(file: Path) -> str:
    """Return the text of a file; raise ProblemsError when it is none."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise _refused(file, None, f"is larger than {MOST_BYTES >> 20} MiB", "divide the file")
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _refused(
            file, None, f"cannot be opened ({error.strerror})", "give a file that is there"
        ) from error
    except UnicodeDecodeError as error:
        raise _refused(
            file, None, "holds bytes that are not UTF-8", "write the file as UTF-8"
        ) from error


def elements(file: Path, text: str) -> Iterator[Element]:
    """Yield the objects of a JSON array or of JSON lines; a line that is no JSON is told apart.

    Raises:
        ProblemsError: the file is empty, no array, or an array that breaks off.
    """
    start = _next(text, 0)
    if start == len(text):
        raise _refused(file, 1, "is empty", "give a file with statements")
    if text[start] == "[":
        yield from _of_array(file, text, start + 1)
    elif text[start] == "{":
        yield from _of_lines(text)
    else:
        raise _refused(file, 1, "is neither a JSON array nor JSON lines", "give statements as JSON")


def _of_array(file: Path, text: str, at: int) -> Iterator[Element]:
    line, counted = 1, 0
    at = _next(text, at)
    while at < len(text) and text[at] != "]":
        line += text.count("\n", counted, at)
        counted = at
        try:
            _, end = _DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            place = getattr(error, "lineno", line)
            why = getattr(error, "msg", "nested too deeply")
            raise _refused(
                file, place, f"is not JSON: {why}", "give the file whole, as its maker wrote it"
            ) from error
        yield _element(line, text[at:end])
        at = _next(text, end)
        if at < len(text) and text[at] == ",":
            at = _next(text, at + 1)
        elif at < len(text) and text[at] != "]":
            place = text.count("\n", 0, at) + 1
            raise _refused(file, place, "is not JSON: a comma is missing", "correct the file")
    if at >= len(text):
        place = text.count("\n") + 1
        raise _refused(file, place, "breaks off before its end", "get the file again, whole")
    if _next(text, at + 1) < len(text):
        place = text.count("\n", 0, at + 1) + 1
        raise _refused(file, place, "goes on after the end of its array", "correct the file")


def _of_lines(text: str) -> Iterator[Element]:
    for line, part in enumerate(text.split("\n"), 1):
        if part.strip():
            yield _element(line, part)


def _element(line: int, text: str) -> Element:
    try:
        return Element(line, load_json(text))
    except ExactTextError as error:
        return Element(line, None, str(error))


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _refused(file: Path, line: int | None, problem: str, way_out: str) -> ProblemsError:
    return ProblemsError([Problem(str(file), line, "", problem, way_out)])
