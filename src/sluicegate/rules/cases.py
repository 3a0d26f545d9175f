"""Worked cases: facts with the answer that a text gives, run against the questions.

Equality goes by the type of the answer's field; only the fields under
`expected` are checked. `expected: {error: PATH}` checks the first fault,
`errors` all of them, `readings` the echo.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from sluicegate.core.calendars import parse_instant
from sluicegate.core.exact import ExactTextError, load_yaml
from sluicegate.core.quantities import parse_decimal
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.questions import Question, ask

_TOLERANCE = {
    Kind.NUMBER: Fraction(1, 200),
    Kind.FLOP: Fraction(1, 10**5),
    Kind.FLOP_PER_SECOND: Fraction(1, 10**5),
}
_SHARE_TOLERANCE = Fraction(1, 1000)
LARGEST = 10_000_000
"""Bytes of the largest file of cases that is read."""
_TPP_PLACES = 6


class CaseFileError(ValueError):
    """A file that holds no worked cases."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One field of one case that came out otherwise."""

    id: str
    question: str
    field: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class Tested:
    """How a file of cases went."""

    passed: int
    failed: tuple[Failure, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the result as `rules test` prints it."""
        failed = [
            {
                "id": f.id,
                "question": f.question,
                "field": f.field,
                "expected": f.expected,
                "got": f.got,
            }
            for f in self.failed
        ]
        return {"passed": self.passed, "failed": failed}


def read_case_text(path: Path) -> str:
    """Return the text of a file of cases; raise CaseFileError when it cannot be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise CaseFileError(f"{path}: holds more than {LARGEST} bytes; split it")
        return raw.decode("utf-8")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}; check the name"
        raise CaseFileError(message) from error
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{path}: is not UTF-8 text; save the file as UTF-8") from error


def read_cases(name: str, text: str) -> list[Mapping[str, Any]]:
    """Read a file of cases; raise CaseFileError with file and line."""
    try:
        cases = load_yaml(text)
    except ExactTextError as error:
        raise CaseFileError(f"{name}:{error.line or 1}: {error}") from error
    if not isinstance(cases, list):
        raise CaseFileError(f"{name}: is no list of cases; begin each with `- {{id: ...`")
    for number, case in enumerate(cases, 1):
        for part in ("id", "question", "as_of", "facts", "expected"):
            if not isinstance(case, Mapping) or part not in case:
                raise CaseFileError(f"{name}: case {number}: {part} is missing; see the guide")
    return cases


def run_cases(
    cases: list[Mapping[str, Any]], find: Callable[[str], Question | None], book: RuleBook
) -> Tested:
    """Run cases; `find` gives a question by name, or None when it is not built."""
    failures: list[Failure] = []
    passed = 0
    for case in cases:
        found = run_case(case, find, book)
        failures.extend(found)
        passed += not found
    return Tested(passed, tuple(failures))


def run_case(
    case: Mapping[str, Any], find: Callable[[str], Question | None], book: RuleBook
) -> list[Failure]:
    """Run one case; return the fields that came out otherwise."""
    expected = case["expected"]
    question = find(case["question"])

    def failure(field: str, wanted: Any, got: Any) -> Failure:
        return Failure(str(case["id"]), str(case["question"]), field, wanted, got)

    if not isinstance(expected, Mapping):
        return [failure("expected", expected, "an object of fields is needed")]
    if question is None:
        if expected.get("error", "question") == "question" and _is_refusal(expected):
            return []
        return [failure("question", case["question"], None)]
    try:
        asked = ask(
            question,
            case["facts"],
            as_of=case["as_of"],
            book=book,
            readings=case.get("readings") or {},
        )
    except BadFactsError as error:
        return _compare_refusal(expected, error, failure)
    return _compare_answer(expected, asked, failure)


def _is_refusal(expected: Mapping[str, Any]) -> bool:
    return "error" in expected or "errors" in expected


def _compare_refusal(
    expected: Mapping[str, Any],
    error: BadFactsError,
    failure: Callable[[str, Any, Any], Failure],
) -> list[Failure]:
    if not _is_refusal(expected):
        return [failure(name, wanted, f"error: {error}") for name, wanted in expected.items()][:1]
    found = []
    if "error" in expected and expected["error"] != error.paths[0]:
        found.append(failure("error", expected["error"], error.paths[0]))
    if "errors" in expected and set(expected["errors"]) != set(error.paths):
        found.append(failure("errors", expected["errors"], error.paths))
    return found


def _compare_answer(
    expected: Mapping[str, Any], asked: Asked, failure: Callable[[str, Any, Any], Failure]
) -> list[Failure]:
    specs = {spec.name: spec for spec in asked.spec.answer}
    shown = asked.answer_json()
    found = []
    for name, wanted in expected.items():
        if name in ("error", "errors"):
            found.append(failure(name, wanted, None))
        elif name == "readings":
            known = isinstance(wanted, Mapping) and wanted.items() <= asked.readings.items()
            if not known:
                found.append(failure(name, wanted, dict(asked.readings)))
        elif name not in specs:
            found.append(failure(name, wanted, None))
        elif not matches(specs[name], specs[name].shape, wanted, shown[name]):
            found.append(failure(name, wanted, shown[name]))
    return found


def matches(spec: FieldSpec, shape: Shape, expected: Any, got: Any) -> bool:
    """Say whether a JSON answer value equals an expected one, by its type."""
    if expected is None or got is None:
        return expected is None and got is None
    if shape.is_list and shape.item is not None:
        return _same_items(spec, shape.item, expected, got)
    if shape.is_map and shape.item is not None:
        if not isinstance(expected, Mapping):
            return False
        wanted = {str(key): value for key, value in expected.items()}
        item = shape.item
        return wanted.keys() == got.keys() and all(
            matches(spec, item, value, got[key]) for key, value in wanted.items()
        )
    if shape.kind is Kind.RECORD:
        return isinstance(expected, Mapping) and all(
            matches(spec.part(k), spec.part(k).shape, v, got[k]) for k, v in expected.items()
        )
    if shape.kind is Kind.DATETIME:
        return _instant(expected) == parse_instant(str(got))
    return _same_scalar(shape.kind, expected, got)


def _same_items(spec: FieldSpec, item: Shape, expected: Any, got: Any) -> bool:
    if not isinstance(expected, list):
        return False
    if item.kind is Kind.ENUM:
        return set(expected) == set(got)
    rest = list(got)
    for wanted in expected:
        place = next((i for i, g in enumerate(rest) if matches(spec, item, wanted, g)), None)
        if place is None:
            return False
        rest.pop(place)
    return not rest


def _same_scalar(kind: Kind | None, expected: Any, got: Any) -> bool:
    if kind in (Kind.NUMBER, Kind.FLOP, Kind.FLOP_PER_SECOND, Kind.SHARE, Kind.TPP):
        wanted, value = _figure(expected), _figure(got)
        if wanted is None or value is None:
            return False
        if wanted == 0:
            return value == 0
        if kind is Kind.TPP:
            return round(wanted, _TPP_PLACES) == round(value, _TPP_PLACES)
        if kind is Kind.SHARE:
            return abs(wanted - value) <= _SHARE_TOLERANCE
        return abs(wanted - value) <= _TOLERANCE[kind] * abs(wanted)
    return bool(expected == got) and isinstance(expected, bool) == isinstance(got, bool)


def _instant(value: Any) -> datetime | None:
    try:
        return parse_instant(str(value))
    except ValueError:
        return None


def _figure(value: Any) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return Fraction(parse_decimal(value))
        except ValueError:
            return None
    if isinstance(value, int | Decimal | Fraction):
        return Fraction(value)
    return None
