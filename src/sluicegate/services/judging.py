"""From a candidate to a finding: ask its question at every bound, and nothing else.

A detector says which question to ask about which subject, with which facts at
the low, central and high bound. Whether anything was passed is the question's
answer, so `ask` reproduces every finding from the facts it stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import RuleId, TenantId, finding_id
from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import Citation, Sentence
from sluicegate.core.trace import Figure
from sluicegate.frontier.guidance import GuidanceNote, cited
from sluicegate.rules.answers import Asked, facts_json, parameter_json
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Instrument, Status, Title
from sluicegate.rules.law import Law
from sluicegate.rules.questions import Question, ask
from sluicegate.rules.standing import DEAD, asks, is_enforced
from sluicegate.rules.thresholds import Gauge, Level
from sluicegate.services.findings import (
    Certainty,
    Crossing,
    Finding,
    Subject,
    ThresholdInForce,
)
from sluicegate.services.questions import find_question


class Bound(Enum):
    """Which figure of an estimate the facts hold."""

    LOW = "low"
    CENTRAL = "central"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question to be asked about a subject.

    `facts` has the central bound, and low and high where they differ.
    `passed` reads the answer. `assumptions` say which facts nobody stated; with
    `only_possible` the rule applies only if they hold, so that its finding is
    possible at most. `rests_on` is a digest of what a person's judgement about it
    rests on, where that is not what the answer says. `caveats` are said before the
    answer's own reasons.
    """

    subject: Subject
    rule: RuleId
    title: Title
    instrument: str
    question: str
    facts: Mapping[Bound, Mapping[str, Any]]
    passed: Callable[[Mapping[str, Any]], bool]
    obligations: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    gauge: Gauge | None = None
    estimate: Estimate | None = None
    crossing: Crossing = field(default_factory=Crossing)
    monthly_growth: str | None = None
    figures: tuple[Figure, ...] = ()
    window: str = "lifetime"
    only_possible: bool = False
    rests_on: str = ""
    caveats: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Judge:
    """Asks candidates' questions by one book, on one day, for one tenant.

    A finding cites those of the guidance notes that explain what it rests on.
    """

    book: RuleBook
    as_of: date
    tenant: TenantId
    known_on: date | None = None
    notes: tuple[GuidanceNote, ...] = ()

    def judge(self, candidate: Candidate) -> Finding | None:
        """Return the finding, or None when the answer says nothing of note."""
        status = self.book.status(candidate.instrument, self.as_of, self.known_on)
        if status is None or status.text in DEAD:
            return None
        asked = {bound: self._ask(candidate, facts) for bound, facts in candidate.facts.items()}
        passed = {bound: candidate.passed(one.answer) for bound, one in asked.items()}
        certainty = _certainty(passed)
        level = _level(candidate, certainty)
        if level is Level.BELOW:
            return None
        shown = asked[_bound_shown(certainty, passed)]
        if candidate.only_possible and certainty is not Certainty.CLEARED:
            certainty = Certainty.POSSIBLE
        return self._finding(candidate, asked, shown, certainty, level, status)

    def _law(self) -> Law:
        return Law(self.book, self.as_of, self.known_on)

    def _question(self, name: str) -> Question:
        found = find_question(name, self.book)
        if found is None:
            raise LookupError(f"question {name}: neither a room nor the book holds it")
        return found

    def _ask(self, candidate: Candidate, facts: Mapping[str, Any]) -> Asked:
        return ask(
            self._question(candidate.question),
            facts,
            as_of=self.as_of,
            book=self.book,
            known_on=self.known_on,
        )

    def _finding(
        self,
        candidate: Candidate,
        asked: Mapping[Bound, Asked],
        shown: Asked,
        certainty: Certainty,
        level: Level,
        status: Status,
    ) -> Finding:
        instrument = self.book.instrument(candidate.instrument)
        written = level is Level.PASSED and asks(instrument, status)
        if candidate.question == candidate.rule:
            written = bool(shown.answer["as_written"])
        gauge, estimate = candidate.gauge, candidate.estimate
        return Finding(
            id=finding_id(self.tenant, str(candidate.subject), candidate.rule, candidate.window),
            subject=candidate.subject,
            rule=candidate.rule,
            rule_title=candidate.title,
            instrument=instrument.id,
            instrument_title=instrument.title,
            legal_status=legal_status(instrument, status),
            question=candidate.question,
            as_of=self.as_of,
            facts=facts_json(shown.spec.facts, shown.facts),
            facts_by_bound={
                bound.value: facts_json(one.spec.facts, one.facts) for bound, one in asked.items()
            },
            readings=shown.readings,
            answer=shown.answer_json(),
            assumptions=candidate.assumptions,
            level=level,
            certainty=certainty,
            as_written=written,
            as_enforced=written and is_enforced(status),
            reasons=tuple(map(str, (*candidate.caveats, *shown.reasons))),
            sentences=(*candidate.caveats, *shown.reasons),
            citations=tuple(
                {"text": c.text, "mark": c.mark.value}
                for c in (*shown.citations, *self._guidance(candidate, shown))
            ),
            parameters=tuple(parameter_json(used) for used in shown.parameters),
            trace=_trace(candidate, shown),
            rules_digest=self.book.files_digest,
            estimate=estimate,
            threshold=None if gauge is None else _threshold(gauge, self._law()),
            probability=None
            if gauge is None or estimate is None
            else estimate.probability_above(gauge.limit),
            crossing=candidate.crossing,
            monthly_growth=candidate.monthly_growth,
            window=candidate.window,
            rests_on=candidate.rests_on,
        )

    def _guidance(self, candidate: Candidate, shown: Asked) -> Iterator[Citation]:
        """Yield the notes about what a finding rests on: texts, rules, parameters, question."""
        if not self.notes:
            return iter(())
        rests_on = {candidate.instrument, candidate.rule, candidate.question}
        rests_on |= {*candidate.obligations, *(used.id for used in shown.parameters)}
        if candidate.gauge is not None:
            rests_on.add(candidate.gauge.rule.parameter)
        return cited(self.notes, rests_on, self.as_of, self.known_on)


def legal_status(instrument: Instrument, status: Status) -> str:
    """Return what sort of text it is and where it stands, e.g. `law: in_force, enforced`."""
    return f"{instrument.kind.value}: {status.text.value}, {status.enforcement.value}"


def _certainty(passed: Mapping[Bound, bool]) -> Certainty:
    """Return the word for the bounds at which the answer says passed.

    Of an amount against a threshold, what passes at low passes at central and
    high too. An answer that more compute can undo, such as that no account
    crosses alone, is certain only when it holds at every bound.
    """
    if all(passed.values()):
        return Certainty.CERTAIN
    if passed[Bound.CENTRAL]:
        return Certainty.LIKELY
    return Certainty.POSSIBLE if any(passed.values()) else Certainty.CLEARED


def _level(candidate: Candidate, certainty: Certainty) -> Level:
    if certainty is not Certainty.CLEARED:
        return Level.PASSED
    gauge, estimate = candidate.gauge, candidate.estimate
    if gauge is None or estimate is None:
        return Level.BELOW
    near = gauge.level(estimate.high) is Level.APPROACHING
    return Level.APPROACHING if near or candidate.crossing.projected else Level.BELOW


def _bound_shown(certainty: Certainty, passed: Mapping[Bound, bool]) -> Bound:
    """Return the bound whose facts and answer the finding shows: one that passed, if any did."""
    if certainty is not Certainty.POSSIBLE:
        return Bound.CENTRAL
    return Bound.HIGH if passed.get(Bound.HIGH) else Bound.LOW


def _threshold(gauge: Gauge, law: Law) -> ThresholdInForce:
    used = law.parameter(gauge.rule.parameter)
    return ThresholdInForce(
        used.id,
        gauge.limit,
        used.parameter.unit,
        gauge.comparator.value,
        used.dated.reference,
    )


def _trace(candidate: Candidate, shown: Asked) -> Figure:
    """Return the tree behind the finding: the answer, its parameters, its figures."""
    parameters = tuple(
        Figure(
            "parameter",
            ", ".join(used["value"]) if isinstance(used["value"], list) else used["value"],
            used["unit"],
            reference=used["reference"],
            name=str(used["id"]),
        )
        for used in map(parameter_json, shown.parameters)
    )
    threshold = () if candidate.gauge is None else (_limit_figure(candidate.gauge),)
    in_force = (Figure("parameters in force", children=parameters),) if parameters else ()
    return Figure(
        candidate.title.en,
        candidate.subject.name,
        name=str(candidate.subject),
        children=(
            Figure("answer", " ".join(map(str, shown.reasons))),
            *threshold,
            *in_force,
            *candidate.figures,
        ),
    )


def _limit_figure(gauge: Gauge) -> Figure:
    return Figure(
        "threshold",
        f"{gauge.comparator.symbol} {flop_text(gauge.limit)}",
        reference=gauge.rule.parameter,
    )


def estimate_figure(
    label: str, estimate: Estimate, children: Sequence[Figure] = (), name: str | None = None
) -> Figure:
    """Return an estimate with its bounds as part of a trace; `name` says whose it is."""
    bounds = tuple(
        Figure(bound, flop_text(value), "FLOP")
        for bound, value in (
            ("low", estimate.low),
            ("high", estimate.high),
            ("ceiling (peak × time)", estimate.ceiling),
        )
    )
    method = f"{estimate.method.value}, {estimate.convention.value}"
    central = flop_text(estimate.central)
    return Figure(label, central, "FLOP", method, None, (*bounds, *children), name)
