"""What a provision's question is given of the facts of a subject, and what it still needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sluicegate.core.quantities import Exact, flop_text
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.instruments import ThresholdRule
from sluicegate.rules.law import Law
from sluicegate.rules.provisions import Provision, Relates, SubjectKind, Trigger, Wanted
from sluicegate.rules.questions import Question, ask
from sluicegate.services.questions import find_question

_SUBJECTS: Mapping[str, tuple[SubjectKind, ...]] = {
    "run": (SubjectKind.RUN, SubjectKind.MODEL),
    "cluster": (SubjectKind.RUN,),
    "customer": (SubjectKind.CUSTOMER,),
    "group": (SubjectKind.CUSTOMER,),
}
_RECORDS: Mapping[str, Mapping[str, Any]] = {
    "clusters": {"cluster": "the subject", "rate": None},
    "runs": {"role": "base", "compute": None},
}
"""Facts that are lists of records, made of one amount: it stands where None does."""

_FIXED: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "training_compute": (("counting_rule", "us_4e091"),),
    "inference_rate": (("method", "steady_cluster"),),
}
"""Facts by which a question that serves several texts answers for a threshold's text."""


def provisions_of(book: RuleBook) -> list[Provision]:
    """Return every provision of a book, its threshold rules included, by id."""
    found = [*book.provisions.values(), *map(provision_of, book.thresholds.values())]
    return sorted(found, key=lambda one: one.id)


def provision_of(rule: ThresholdRule) -> Provision:
    """Return a threshold rule as a provision of its subject."""
    parameters: tuple[tuple[str, str], ...] = ()
    if rule.question == "kyc_trigger":
        approach = rule.approach or rule.parameter
        parameters = (("threshold", rule.parameter), ("approach_share", approach))
    return Provision(
        id=rule.id,
        instrument=rule.instrument,
        title=rule.title,
        subjects=_SUBJECTS[rule.subject],
        topic=rule.topic,
        effect=rule.effect,
        question=rule.question,
        applies=tuple(Wanted(name, Relates.IS, values) for name, values in rule.passed),
        trigger=Trigger(rule.fact, rule.parameter),
        obligations=rule.obligations,
        facts=_FIXED.get(rule.question, ()),
        from_fact=() if rule.fact == rule.measure else ((rule.fact, rule.measure),),
        from_parameter=parameters,
        needs=(rule.fact,),
    )


@dataclass(frozen=True, slots=True)
class Given:
    """The literals that a question is given, which facts they come from, and what is missing.

    `sources` names the subject's fact behind each field that has one. `closed`
    is a field whose earlier answer is none of its values, with that answer.
    """

    literals: Mapping[str, Any]
    sources: Mapping[str, str]
    missing: tuple[str, ...]
    closed: tuple[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's answer, or what it needs or refuses."""

    question: Question | None
    given: Given
    asked: Asked | None
    needs: tuple[str, ...] = ()
    refused: tuple[BadFact, ...] = ()


@dataclass(frozen=True)
class Subject:
    """The facts of one subject under one book, on a day as known on another."""

    facts: Mapping[str, Any]
    book: RuleBook
    as_of: date
    known_on: date | None = None
    _chain: dict[str, Asked | None] = field(default_factory=dict, compare=False)

    @property
    def law(self) -> Law:
        """The book on the day."""
        return Law(self.book, self.as_of, self.known_on)

    def judge(self, one: Provision) -> Judged:
        """Ask a provision's question with what the facts give it."""
        question = find_question(one.question, self.book)
        if question is None:
            raise LookupError(f"question {one.question}: neither a room nor the book holds it")
        given = self._given(one, question)
        if given.missing or given.closed is not None:
            return Judged(question, given, None, given.missing)
        try:
            asked = ask(
                question,
                given.literals,
                as_of=self.as_of,
                book=self.book,
                known_on=self.known_on,
            )
        except BadFactsError as error:
            heads = [(fault, fault.path.split(".")[0]) for fault in error.faults]
            names = dict.fromkeys(
                _source(one, head)
                for _, head in heads
                if head not in given.literals and head != "as_of"
            )
            refused = tuple(f for f, head in heads if head in given.literals or head == "as_of")
            return Judged(question, given, None, tuple(names), refused)
        return Judged(question, given, asked)

    def _given(self, one: Provision, question: Question) -> Given:
        literals: dict[str, Any] = {}
        sources: dict[str, str] = {}
        closed = None
        aliases = dict(one.from_fact)
        fixed = dict(one.facts)
        parameters = dict(one.from_parameter)
        chain = {name: (earlier, answer) for name, earlier, answer in one.from_answer}
        for spec in question.spec.facts:
            name = spec.name
            if name in fixed:
                literals[name] = fixed[name]
            elif name in self.facts and not _is_claimed(one, name):
                literals[name], sources[name] = _shaped(spec, self.facts[name]), name
            elif aliases.get(name) in self.facts:
                literals[name] = _shaped(spec, self.facts[aliases[name]])
                sources[name] = aliases[name]
            elif name in parameters:
                literals[name] = _literal(spec, self.law.amount(parameters[name]))
            elif name in chain:
                value = self._earlier(*chain[name])
                if value is not None and spec.values and value not in spec.values:
                    closed = (name, value)
                elif value is not None:
                    literals[name] = value
        wanted = {spec.name for spec in question.spec.facts if spec.required} | set(one.needs)
        if one.trigger is not None:
            wanted |= {one.trigger.field} & {spec.name for spec in question.spec.facts}
        held = {*literals, *([closed[0]] if closed else [])}
        names = [s.name for s in question.spec.facts if s.name in wanted and s.name not in held]
        missing = dict.fromkeys(_source(one, name) for name in names)
        return Given(literals, sources, tuple(missing), closed)

    def _earlier(self, question: str, answer: str) -> Any:
        """Return a field of the answer of a question that another rests on, None without one."""
        if question not in self._chain:
            self._chain[question] = None
            for one in provisions_of(self.book):
                if one.question == question:
                    self._chain[question] = self.judge(one).asked
                    break
        asked = self._chain[question]
        return None if asked is None else asked.answer_json()[answer]


def _is_claimed(one: Provision, name: str) -> bool:
    """Say whether a field is known by another name only, as its own means something else."""
    return name in CLAIMED and name in dict(one.from_fact)


CLAIMED = frozenset({"kind", "event", "hq", "country"})
"""Names too general to be facts of a subject; provisions take them from clearer ones."""


def _source(one: Provision, name: str) -> str:
    """Return the name under which the subject's facts give a field."""
    alias = dict(one.from_fact).get(name)
    return name if alias is None else alias


def _shaped(spec: FieldSpec, value: Any) -> Any:
    """Return a fact in the shape of a field: an amount becomes the one record of a list.

    A count or rate that is written as a number, not as text, is taken as well.
    """
    amounts = spec.shape.kind in (Kind.FLOP, Kind.FLOP_PER_SECOND) or spec.name in _RECORDS
    if amounts and isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    record = _RECORDS.get(spec.name)
    if record is None or not spec.shape.is_list or isinstance(value, list):
        return value
    return [{name: value if part is None else part for name, part in record.items()}]


def _literal(spec: FieldSpec, value: Exact) -> Any:
    if spec.shape.kind in (Kind.FLOP, Kind.FLOP_PER_SECOND):
        return flop_text(value)
    return Fraction(value)
