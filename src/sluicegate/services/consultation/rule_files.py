"""The rule file of a threshold: what a draft would become, and what was issued."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import say
from sluicegate.frontier.consultation import Consultation, Stage
from sluicegate.frontier.drafts import Draft, Terms
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Severity
from sluicegate.rules.loading import LOCAL_PREFIX, gather
from sluicegate.rules.thresholds import REVIEW_PERIOD
from sluicegate.services.access.actions import Action
from sluicegate.services.checking import check_rules
from sluicegate.services.consultation.writing import (
    BadEntryError,
    held,
    need,
    resource_of,
)
from sluicegate.services.desk import Desk

LIMIT = "limit"
WRITTEN = "consultation.rule_written"
MADE_FROM = "# Made from Consultation "
"""How the first line of a file begins that comes of a consultation."""


@dataclass(frozen=True, slots=True)
class RuleFileMade:
    """A rule file by its name within a node's folder of rules, and its text."""

    rule: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a threshold with the days that are known of it."""

    draft: Draft
    terms: Terms
    consultation: str
    issued_on: date
    first_day: date

    @property
    def reference(self) -> str:
        return reference_of(self.consultation, self.draft.version)


def reference_of(consultation: str, version: int) -> str:
    """Return how a version of a consultation is cited."""
    return f"Consultation {consultation}, version {version}"


def rule_file(desk: Desk, consultation: str) -> RuleFileMade:
    """Return the rule file of an issued threshold, with the values it takes the place of.

    Raises:
        NotFoundError: there is no such consultation.
        RefusedError: it may not be read.
        ConsultationError: it is about guidance, or was never issued.
    """
    desk.must(Action.CONSULTATION_READ, resource_of(desk, consultation))
    one = held(desk, consultation)
    if one.draft.terms is None:
        need(say("{consultation}: is about guidance; it gives no rule.", consultation=consultation))
    if one.issued is None:
        need(
            say(
                "{consultation}: nothing was issued; a rule file comes of an issued threshold.",
                consultation=consultation,
            )
        )
    values = list(_values(desk, one))
    return _file(values, one)


def _values(desk: Desk, last: Consultation) -> Iterator[_Value]:
    """Yield the issued values of a threshold, the earliest first."""
    chain: list[Consultation] = []
    seen: set[str] = set()
    here: Consultation | None = last
    while here is not None and here.consultation_id not in seen:
        seen.add(here.consultation_id)
        chain.append(here)
        here = held(desk, here.supersedes) if here.supersedes else None
    for one in reversed(chain):
        if one.issued is not None:
            draft = one.drafts[one.issued.version - 1]
            assert draft.terms is not None
            yield _Value(
                draft, draft.terms, one.consultation_id, one.issued.on, one.issued.first_day
            )


def write_rule(desk: Desk, made: RuleFileMade, consultation: str, keep: Callable[[], None]) -> None:
    """Have a rule file written among the node's own, with an act that names its digest.

    Raises:
        RefusedError: the principal may not work on consultations.
    """
    desk.must(Action.CONSULTATION_WORK, resource_of(desk, consultation))
    sha = hashlib.sha256(made.text.encode()).hexdigest()
    record = {"consultation": consultation, "rule": made.rule, "digest": sha}
    with desk.store.transaction():
        by = desk.principal.id
        desk.store.act(WRITTEN, record, at=desk.now(), by=by, reason=WRITTEN)
        keep()


def check_terms(
    book: RuleBook, draft: Draft, consultation: str, older: Consultation | None, today: date
) -> None:
    """Refuse terms that make no rule file that a node can use.

    Raises:
        BadEntryError: with the first fault that a check of the file finds.
    """
    assert draft.terms is not None
    first = draft.starts or today
    made = _file([_Value(draft, draft.terms, consultation, min(first, today), first)], None)
    base = book
    if older is not None and older.draft.terms is not None:
        if older.draft.terms.rule != draft.terms.rule:
            why = "{rule}: the threshold that it takes the place of is {older}; give the same id."
            raise BadEntryError(say(why, rule=draft.terms.rule, older=older.draft.terms.rule))
        base = without(book, draft.terms.rule)
    checked = check_rules(gather([(made.name, made.text)], base=base, local=True))
    faults = [one for one in checked.faults if one.severity is Severity.MISTAKE]
    if faults:
        raise BadEntryError(
            say(
                "{path}: {problem}; {way_out}",
                path=faults[0].path,
                problem=faults[0].problem,
                way_out=faults[0].way_out,
            )
        )


def without(book: RuleBook, rule: str) -> RuleBook:
    """Return a book without one text."""
    kept = [one for one in book.instruments.values() if one.id != rule]
    return RuleBook.of(kept, book.files_digest)


def _file(values: Sequence[_Value], last: Consultation | None) -> RuleFileMade:
    rule = values[-1].terms.rule
    name = rule.removeprefix(LOCAL_PREFIX).replace(".", "_") + ".yaml"
    return RuleFileMade(rule, name, "\n".join(_lines(values, last)) + "\n")


def _lines(values: Sequence[_Value], last: Consultation | None) -> Iterator[str]:
    """Yield the lines of a rule file; what people wrote stands as quoted JSON."""
    newest = values[-1]
    draft, terms = newest.draft, newest.terms
    issuer = terms.issuer or f"Issuer of {draft.title.en}"
    yield f"{MADE_FROM}{newest.consultation}, version {newest.draft.version}."
    yield "instrument:"
    yield f"  id: {terms.rule}"
    yield f"  issuer: {_quoted({'en': issuer, 'zh': terms.issuer or issuer})}"
    yield f"  title: {_title(draft)}"
    yield f"  citation: {_quoted(newest.reference)}"
    yield f"  kind: {'law' if terms.is_binding else 'guidance'}"
    yield f"  published: {values[0].issued_on}"
    yield "  status:"
    yield from (f"  - {_quoted(one)}" for one in _statuses(values, last))
    yield "parameters:"
    yield f"- id: {LIMIT}"
    yield f"  title: {_title(draft)}"
    yield f"  unit: {terms.unit}"
    yield f"  comparator: {terms.comparator.value}"
    yield "  values:"
    for one in _in_days(values):
        yield f"  - {_quoted(_dated(one, flop_text(one.terms.value)))}"
    if terms.review_months is not None:
        yield f"- id: {LIMIT}.{REVIEW_PERIOD}"
        yield '  title: {"en": "How often the threshold is reviewed", "zh": "阈值复审周期"}'
        yield "  unit: month"
        yield "  values:"
        yield f"  - {_quoted(_dated(newest, terms.review_months))}"
    if terms.subject:
        yield "thresholds:"
        yield f"- id: {terms.subject}"
        yield f"  title: {_title(draft)}"
        yield f"  subject: {terms.subject}"
        yield f"  measure: {terms.measure}"
        yield f"  parameter: {LIMIT}"


def _in_days(values: Sequence[_Value]) -> list[_Value]:
    """Return the values in order of their first days; of one day the one issued last stays."""
    by_day = {one.first_day: one for one in values}
    return [by_day[day] for day in sorted(by_day)]


def _dated(one: _Value, value: Any) -> dict[str, Any]:
    return {
        "from": one.first_day.isoformat(),
        "value": value,
        "reference": one.reference,
        "mark": "found",
        "known_from": one.issued_on.isoformat(),
    }


def _statuses(values: Sequence[_Value], last: Consultation | None) -> Iterator[Mapping[str, str]]:
    """Yield where the text stands from which day on."""
    first, newest = values[0], values[-1]

    def status(day: date, text: str, enforcement: str, known: date) -> dict[str, str]:
        return {
            "from": day.isoformat(),
            "text": text,
            "enforcement": enforcement,
            "reference": newest.reference,
            "mark": "found",
            "known_from": known.isoformat(),
        }

    starts = first.first_day
    if not newest.terms.is_binding:
        yield status(first.issued_on, "published", "not_binding", first.issued_on)
        starts = first.issued_on
    else:
        if first.issued_on < starts:
            yield status(first.issued_on, "published", "not_yet_due", first.issued_on)
        yield status(starts, "in_force", "enforced", first.issued_on)
    if last is not None and last.stage is Stage.WITHDRAWN and last.ended_on is not None:
        known = last.end_known_on or last.ended_on
        ends = max(last.ended_on, starts + timedelta(days=1))
        yield status(ends, "revoked", "not_binding", known)


def _title(draft: Draft) -> str:
    return _quoted({"en": draft.title.en, "zh": draft.title.zh})


def _quoted(value: Any) -> str:
    """Return a value as JSON on one line, which YAML reads as it stands."""
    return json.dumps(value, ensure_ascii=False)
