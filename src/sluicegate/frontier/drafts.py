"""Drafts of a threshold or a guidance note: what each version says, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.quantities import Exact, exact, flop_text
from sluicegate.rules.instruments import Comparator, Title


@dataclass(frozen=True, slots=True)
class Terms:
    """What a drafted threshold says.

    `rule` is the id of the rule file that it becomes, under `local.`. With `subject`
    and `measure` a pass holds that kind of subject against it. `review_months` is
    how often it is to be reviewed; None says nothing. `issuer` is what the authority
    is called.
    """

    rule: str
    unit: str
    comparator: Comparator
    value: Exact
    is_binding: bool
    subject: str = ""
    measure: str = ""
    review_months: int | None = None
    issuer: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the terms as JSON values; the figure is decimal text with all its digits."""
        return {
            "rule": self.rule,
            "unit": self.unit,
            "comparator": self.comparator.value,
            "value": flop_text(self.value),
            "is_binding": self.is_binding,
            "subject": self.subject,
            "measure": self.measure,
            "review_months": self.review_months,
            "issuer": self.issuer,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Terms:
        """Return the terms that JSON values stand for."""
        read = {"comparator": Comparator(data["comparator"]), "value": exact(data["value"])}
        return cls(**{**data, **read})


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of what is consulted on.

    The text is made of passages, its paragraphs, numbered from 1. `starts` is the
    first day on which it would apply; None is the day on which it is issued.
    `explains` are ids of rules, parameters, questions or texts that a guidance note
    is about. `change` says what is other than in the version before, and `led_by`
    which comments led to it.
    """

    version: int
    title: Title
    text: str
    starts: date | None
    terms: Terms | None
    explains: tuple[str, ...]
    change: str
    led_by: tuple[str, ...]
    at: datetime
    by: str

    @property
    def passages(self) -> tuple[str, ...]:
        """The paragraphs of the text, in order."""
        return passages_of(self.text)

    @property
    def digest(self) -> str:
        """The SHA-256 of everything that this version says."""
        return digest({**said(self), "version": self.version})


def said(draft: Draft) -> dict[str, Any]:
    """Return what a version says, as JSON values: all but who wrote it, when and why."""
    return {
        "title": {"en": draft.title.en, "zh": draft.title.zh},
        "text": draft.text,
        "starts": None if draft.starts is None else draft.starts.isoformat(),
        "terms": None if draft.terms is None else draft.terms.as_json(),
        "explains": list(draft.explains),
    }


def passages_of(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text: what blank lines part, without spaces around it.

    >>> passages_of("First.\\n\\n  Second,\\nstill second. ")
    ('First.', 'Second,\\nstill second.')
    """
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return tuple("\n".join(lines) for lines in found if lines)


def day_of(text: str | None) -> date | None:
    """Return a day from its text as an event holds it."""
    return None if text is None else date.fromisoformat(text)


class Side(Enum):
    """Where a line of a comparison stands."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Line:
    """A passage in a comparison of two versions, with its number in each that has it."""

    side: Side
    text: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that differs between two versions, as text on both sides."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions of a draft: its fields, and its passages in order."""

    earlier: int
    later: int
    fields: tuple[Changed, ...]
    lines: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two say the same."""
        return not self.fields and all(one.side is Side.BOTH for one in self.lines)


def compare(earlier: Draft, later: Draft) -> Difference:
    """Return what differs between two versions, passage by passage."""
    before, after = dict(_fields(earlier)), dict(_fields(later))
    names = dict.fromkeys((*before, *after))
    fields = tuple(
        Changed(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )
    lines = tuple(_lines(earlier.passages, later.passages))
    return Difference(earlier.version, later.version, fields, lines)


def _fields(draft: Draft) -> Iterator[tuple[str, str]]:
    document = said(draft)
    yield "title", draft.title.en
    yield "title_zh", draft.title.zh
    yield "starts", document["starts"] or ""
    yield "explains", ", ".join(draft.explains)
    for name, value in (document["terms"] or {}).items():
        yield name, _shown(value)


def _lines(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Line]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            for number in range(b - a):
                yield Line(Side.BOTH, before[a + number], a + number + 1, c + number + 1)
            continue
        for number in range(a, b):
            yield Line(Side.BEFORE, before[number], number + 1, None)
        for number in range(c, d):
            yield Line(Side.AFTER, after[number], None, number + 1)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
