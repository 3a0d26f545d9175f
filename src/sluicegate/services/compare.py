"""The regimes side by side: one subject under every regime on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.exact import decimal_text
from sluicegate.core.quantities import Exact, flop_text, parse_decimal, scientific
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.instruments import Instrument, TextState, ThresholdRule
from sluicegate.rules.law import Law
from sluicegate.rules.questions import Question, ask
from sluicegate.rules.thresholds import Gauge
from sluicegate.services.judging import legal_status
from sluicegate.services.questions import find_question

MEASURES = ("training_compute", "compute_used", "peak_rate")


@dataclass(frozen=True, slots=True)
class RegimeRow:
    """One regime's say about the subject.

    `margin` is the amount as a share of the trigger; `passed` is None when
    facts are missing, which `needs` names, and so is `binding` under a text in
    force that is enforced.
    """

    rule: str
    instrument: str
    title: str
    status: str
    trigger: str
    trigger_value: str
    margin: str | None
    passed: bool | None
    binding: bool | None
    duties: tuple[str, ...]
    recipients: tuple[str, ...]
    deadlines: tuple[str, ...]
    needs: tuple[str, ...]
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the row as a document."""
        lists = ("duties", "recipients", "deadlines", "needs", "reasons")
        return {
            "rule": self.rule,
            "instrument": self.instrument,
            "title": self.title,
            "status": self.status,
            "trigger": self.trigger,
            "trigger_value": self.trigger_value,
            "margin": self.margin,
            "passed": self.passed,
            "binding": self.binding,
            **{name: list(getattr(self, name)) for name in lists},
        }


def compare(
    facts: Mapping[str, Any], *, as_of: date, book: RuleBook, language: str = "en"
) -> list[RegimeRow]:
    """Put one subject under every threshold rule whose measure the facts give.

    Facts carry the common names `training_compute`, `compute_used` and
    `peak_rate`, and any fact of a question under its own name. Raises
    BadFactsError for a measure that is negative or no decimal text, and for
    facts that hold no measure.
    """
    if not isinstance(facts, Mapping):
        raise BadFactsError([BadFact("facts", "are no object of fields")])
    amounts = dict(_amounts(facts))
    if not amounts:
        names = ", ".join(MEASURES)
        raise BadFactsError([BadFact("facts", f"give at least one of {names}")])
    rules = sorted(book.thresholds.values(), key=lambda rule: rule.id)
    return [
        _row(rule, amounts[rule.measure], facts, Law(book, as_of), language)
        for rule in rules
        if rule.measure in amounts and find_question(rule.question, book) is not None
    ]


def _amounts(facts: Mapping[str, Any]) -> Iterator[tuple[str, Exact]]:
    for name in MEASURES:
        if name in facts:
            try:
                amount = parse_decimal(str(facts[name]))
            except ValueError as error:
                raise BadFactsError([BadFact(name, str(error))]) from error
            if amount < 0:
                raise BadFactsError([BadFact(name, "is negative; give 0 or more")])
            yield name, amount


def _row(
    rule: ThresholdRule, amount: Exact, facts: Mapping[str, Any], law: Law, language: str
) -> RegimeRow:
    gauge = Gauge.of(rule, law)
    instrument = law.book.instrument(rule.instrument)
    status = law.status(rule.instrument)
    asked, needs = _ask(rule, amount, facts, law)
    passed = None
    if asked is not None:
        passed = all(asked.answer[name] == value for name, value in rule.passed)
    duties = [law.book.obligations[name] for name in rule.obligations]
    unit = law.book.parameters[rule.parameter].unit
    return RegimeRow(
        rule=rule.id,
        instrument=_text(instrument.title, language),
        title=_text(rule.title, language),
        status="none yet" if status is None else legal_status(instrument, status),
        trigger=f"{gauge.comparator.symbol} {scientific(gauge.limit)} {unit}",
        trigger_value=flop_text(gauge.limit),
        margin=decimal_text(Fraction(amount) / Fraction(gauge.limit), 4) if gauge.limit else None,
        passed=passed,
        binding=passed if law.enforced(rule.instrument) and _alive(instrument, law) else False,
        duties=tuple(_text(duty.duty, language) for duty in duties),
        recipients=tuple(dict.fromkeys(_text(duty.to, language) for duty in duties)),
        deadlines=tuple(
            f"{law.period(duty.period)} from {duty.counted_from.replace('_', ' ')}"
            for duty in duties
            if duty.period is not None
        ),
        needs=needs,
        reasons=() if asked is None else tuple(map(str, asked.reasons)),
    )


def _alive(instrument: Instrument, law: Law) -> bool:
    status = law.status(instrument.id)
    return status is not None and status.text is TextState.IN_FORCE


def _text(title: Any, language: str) -> str:
    return str(title.zh if language == "zh" else title.en)


def _ask(
    rule: ThresholdRule, amount: Exact, facts: Mapping[str, Any], law: Law
) -> tuple[Asked | None, tuple[str, ...]]:
    question = find_question(rule.question, law.book)
    if question is None:
        raise LookupError(f"question {rule.question}: neither a room nor the book holds it")
    given = _facts_for(question, rule, amount, facts, law)
    try:
        asked = ask(question, given, as_of=law.day, book=law.book)
    except BadFactsError as error:
        return None, tuple(error.paths)
    unknown = dict.fromkeys(c.fact for c in rule.conditions if not asked.facts.has(c.fact))
    if rule.asks_itself and asked.answer["applies"] is None:
        return None, tuple(unknown)
    return asked, ()


def _facts_for(
    question: Question, rule: ThresholdRule, amount: Exact, facts: Mapping[str, Any], law: Law
) -> dict[str, Any]:
    """Return the question's own facts: those given by name, and the measure where it belongs."""
    names = {spec.name for spec in question.spec.facts}
    given = {name: value for name, value in facts.items() if name in names}
    if rule.question == "governor_requirement":
        given.setdefault("clusters", [{"cluster": "the subject", "rate": flop_text(amount)}])
    elif rule.fact in names:
        given.setdefault(rule.fact, flop_text(amount))
    if rule.question == "kyc_trigger":
        given.setdefault("threshold", flop_text(law.amount(rule.parameter)))
        given.setdefault("approach_share", law.share(rule.approach or rule.parameter))
    if rule.question == "training_compute":
        given.setdefault("counting_rule", "us_4e091")
        given["runs"] = facts.get("runs", [{"role": "base", "compute": flop_text(amount)}])
    return given
