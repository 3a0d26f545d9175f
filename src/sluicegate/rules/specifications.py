"""Specifications of questions: their fields, readings and outcomes, as the files give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sluicegate.core.calendars import parse_day
from sluicegate.core.exact import load_yaml
from sluicegate.core.reasons import PLACE
from sluicegate.rules.fields import FieldSpec, parse_fields
from sluicegate.rules.instruments import Title


@dataclass(frozen=True, slots=True)
class Reading:
    """A named option of interpretation with its values and default."""

    name: str
    values: tuple[str, ...]
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sentence that says how a question came out, for answers of one kind.

    `when` names fields of the answer or facts with the values they may have;
    `{not: x}` is every other value, and an empty list an empty list or map. The
    first outcome whose conditions all hold is the answer's.
    """

    when: tuple[tuple[str, tuple[Any, ...], bool], ...]
    sentence: Title
    places: tuple[str, ...]

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Outcome:
        """Read an outcome of a question file."""
        conditions = []
        for name, wanted in raw.get("when", {}).items():
            denied = isinstance(wanted, Mapping)
            value = wanted["not"] if denied else wanted
            values = tuple(value) if isinstance(value, list) and value else (value,)
            conditions.append((name, values, not denied))
        sentence = Title(raw["en"], raw["zh"])
        places = (place[1] for text in (sentence.en, sentence.zh) for place in PLACE.finditer(text))
        return cls(tuple(conditions), sentence, tuple(dict.fromkeys(places)))


@dataclass(frozen=True, slots=True)
class Spec:
    """The fields of one question, as its question file gives them.

    `page` is the name of that file, and of the page on the question below
    `docs/rules`; an area may have several.
    """

    name: str
    area: str
    title: Title
    citations: tuple[str, ...]
    instruments: tuple[str, ...]
    source_status: str
    first_recorded: date | None
    notes: str
    readings: tuple[Reading, ...]
    facts: tuple[FieldSpec, ...]
    answer: tuple[FieldSpec, ...]
    bad_input: tuple[tuple[str, str], ...]
    outcomes: tuple[Outcome, ...] = ()
    page: str = ""


@lru_cache(maxsize=1)
def specifications() -> Mapping[str, Spec]:
    """Return the specification of every question in the question files."""
    found: dict[str, Spec] = {}
    folder = files("sluicegate") / "data" / "questions"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        for raw in load_yaml(path.read_text(encoding="utf-8")):
            spec = _spec(raw, path.name.removesuffix(".yaml"))
            if spec.name in found:
                raise ValueError(f"{path.name}: question {spec.name} stands twice; keep one")
            found[spec.name] = spec
    return found


def _spec(raw: Mapping[str, Any], page: str) -> Spec:
    first = raw.get("first_recorded")
    return Spec(
        name=raw["question"],
        area=raw["area"],
        title=Title(raw["title"]["en"], raw["title"]["zh"]),
        citations=tuple(raw["citation"]),
        instruments=tuple(raw["instruments"]),
        source_status=raw.get("source_status", ""),
        first_recorded=None if first is None else parse_day(first),
        notes=raw.get("notes", ""),
        readings=tuple(
            Reading(name, tuple(r["values"]), r["default"], r["meaning"])
            for name, r in raw.get("readings", {}).items()
        ),
        facts=parse_fields(raw["facts"]),
        answer=parse_fields(raw["answer"]),
        bad_input=tuple((b["field"], b["when"]) for b in raw.get("bad_input", ())),
        outcomes=tuple(Outcome.parse(one) for one in raw.get("outcome", ())),
        page=page,
    )
