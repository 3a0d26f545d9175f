"""What a pass finds: findings, obligations and changes, as values with a JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import FindingId, RuleId
from sluicegate.core.phrases import Language, term
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.core.reasons import Sentence
from sluicegate.core.trace import Figure
from sluicegate.rules.instruments import Title
from sluicegate.rules.thresholds import Level


class Certainty(Enum):
    """Which bound of an estimate passed the threshold (design 6)."""

    CLEARED = "cleared"
    POSSIBLE = "possible"
    LIKELY = "likely"
    CERTAIN = "certain"

    @property
    def code(self) -> str:
        """The code under which it is labelled: a person clears an alert, figures do not."""
        return "not_passed" if self is Certainty.CLEARED else self.value

    def label(self, language: Language) -> str:
        """Return its label in a language.

        >>> Certainty.CLEARED.label(Language.EN), Certainty.CLEARED.label(Language.ZH)
        ('not passed', '未超过')
        """
        return term(self.code, language)


class SubjectKind(Enum):
    """What a finding is about."""

    CUSTOMER = "customer"
    GROUP = "group"
    LINKED = "linked_group"
    """Customers that links hold together, under more than one control: no group of law."""
    RUN = "run"
    CLUSTER = "cluster"
    MODEL = "model"
    """A model of a kept lineage, with all that was computed for it."""
    OUTPUT = "output"
    """An output of a kept lineage, with the rate from the output before it."""


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What a finding is about: its kind and its id among that kind, with names."""

    kind_name: str
    id: str
    name: str = field(default="", compare=False)
    customer_id: str = field(default="", compare=False)

    @classmethod
    def of(cls, kind: SubjectKind, key: str, name: str = "", customer_id: str = "") -> Subject:
        """Return a subject."""
        return cls(kind.value, key, name or key, customer_id)

    def __str__(self) -> str:
        return f"{self.kind_name}:{self.id}"


@dataclass(frozen=True, slots=True)
class Crossing:
    """The first legal day on which each bound passed, or is projected to pass, a threshold."""

    high: date | None = None
    central: date | None = None
    low: date | None = None
    projected: date | None = None

    def as_json(self) -> dict[str, str | None]:
        """Return the days as ISO text."""
        parts = {
            "high": self.high,
            "central": self.central,
            "low": self.low,
            "projected": self.projected,
        }
        return {name: None if day is None else day.isoformat() for name, day in parts.items()}


@dataclass(frozen=True, slots=True)
class ThresholdInForce:
    """The threshold a subject was compared with, as data for people."""

    parameter: str
    value: Exact
    unit: str
    comparator: str
    reference: str

    def as_json(self) -> dict[str, Any]:
        """Return it with the value as decimal text."""
        return {
            "parameter": self.parameter,
            "value": flop_text(self.value),
            "unit": self.unit,
            "comparator": self.comparator,
            "reference": self.reference,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """A question's answer about a subject that matters, with its trace.

    `facts`, `readings` and `as_of` reproduce `answer` through `ask`;
    `facts_by_bound` holds the facts at low and high where they differ.
    `as_written` and `as_enforced` say whether the text asks for its duties on
    the day, and whether its issuer enforces it. `sentences` are the reasons
    before they were written out; a document keeps them in English. `rests_on` is
    a digest of what a person's judgement rests on, empty where that is the answer.
    """

    id: FindingId
    subject: Subject
    rule: RuleId
    rule_title: Title
    instrument: str
    instrument_title: Title
    legal_status: str
    question: str
    as_of: date
    facts: Mapping[str, Any]
    facts_by_bound: Mapping[str, Mapping[str, Any]]
    readings: Mapping[str, str]
    answer: Mapping[str, Any]
    assumptions: tuple[str, ...]
    level: Level
    certainty: Certainty
    as_written: bool
    as_enforced: bool
    reasons: tuple[str, ...]
    citations: tuple[Mapping[str, str], ...]
    parameters: tuple[Mapping[str, Any], ...]
    trace: Figure
    rules_digest: str
    estimate: Estimate | None = None
    threshold: ThresholdInForce | None = None
    probability: Fraction | None = None
    crossing: Crossing = field(default_factory=Crossing)
    monthly_growth: str | None = None
    window: str = "lifetime"
    sentences: tuple[Sentence, ...] = ()
    rests_on: str = ""

    def why(self, language: Language) -> tuple[str, ...]:
        """Return the reasons in a language, as far as the pass has them as sentences."""
        said = tuple(sentence.text(language) for sentence in self.sentences)
        return said or self.reasons

    def _share_of_threshold(self) -> str | None:
        """Return how far the central figure has come, 1 being the threshold, for display."""
        if self.estimate is None or self.threshold is None or not self.threshold.value:
            return None
        share = Fraction(self.estimate.central) / Fraction(self.threshold.value)
        return flop_text(Fraction(round(share, 4)))

    def as_json(self) -> dict[str, Any]:
        """Return the finding as a document; exact figures are decimal text."""
        estimate = self.estimate
        return {
            "id": self.id,
            "subject": str(self.subject),
            "subject_kind": self.subject.kind_name,
            "subject_id": self.subject.id,
            "subject_name": self.subject.name,
            "customer_id": self.subject.customer_id,
            "rule": self.rule,
            "rule_title": {"en": self.rule_title.en, "zh": self.rule_title.zh},
            "instrument": self.instrument,
            "instrument_title": {"en": self.instrument_title.en, "zh": self.instrument_title.zh},
            "legal_status": self.legal_status,
            "question": self.question,
            "as_of": self.as_of.isoformat(),
            "facts": dict(self.facts),
            "facts_by_bound": {bound: dict(facts) for bound, facts in self.facts_by_bound.items()},
            "readings": dict(self.readings),
            "answer": dict(self.answer),
            "assumptions": list(self.assumptions),
            "level": self.level.value,
            "certainty": self.certainty.value,
            "as_written": self.as_written,
            "as_enforced": self.as_enforced,
            "reasons": list(self.reasons),
            "citations": [dict(citation) for citation in self.citations],
            "parameters": [dict(parameter) for parameter in self.parameters],
            "estimate": None
            if estimate is None
            else {
                "low": flop_text(estimate.low),
                "central": flop_text(estimate.central),
                "high": flop_text(estimate.high),
                "ceiling": flop_text(estimate.ceiling),
                "method": estimate.method.value,
                "convention": estimate.convention.value,
            },
            "threshold": None if self.threshold is None else self.threshold.as_json(),
            "probability": None
            if self.probability is None
            else flop_text(Fraction(round(self.probability, 4))),
            "share_of_threshold": self._share_of_threshold(),
            "crossing": self.crossing.as_json(),
            "monthly_growth": self.monthly_growth,
            "window": self.window,
            "rules_digest": self.rules_digest,
            "trace": self.trace.as_json(),
            **({"rests_on": self.rests_on} if self.rests_on else {}),
        }


@dataclass(frozen=True, slots=True)
class ObligationDue:
    """What is owed to whom by when, because of a finding.

    `due` is None while the event that starts the period has not happened;
    `calculation` says in words how the day was found.
    """

    id: str
    duty: Title
    who: str
    to: Title
    due: date | None
    calculation: str
    finding: FindingId
    subject: Subject
    binding: bool
    reference: str

    def as_json(self) -> dict[str, Any]:
        """Return the obligation as a document."""
        return {
            "id": self.id,
            "duty": self.duty.en,
            "duty_zh": self.duty.zh,
            "who": self.who,
            "to": self.to.en,
            "to_zh": self.to.zh,
            "due": None if self.due is None else self.due.isoformat(),
            "calculation": self.calculation,
            "finding": self.finding,
            "subject": str(self.subject),
            "subject_name": self.subject.name,
            "binding": self.binding,
            "reference": self.reference,
        }


class ChangeKind(Enum):
    """How a finding differs from the last pass."""

    NEW = "new"
    CHANGED = "changed"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding that is new, changed or no longer there."""

    kind: ChangeKind
    finding: FindingId
    subject: str
    rule: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        """Return the change as a document."""
        return {
            "change": self.kind.value,
            "finding": self.finding,
            "subject": self.subject,
            "rule": self.rule,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class MissingFact:
    """What a pass did not look at, so that its silence about it says nothing.

    `fact` and `why` are codes, `said` is for people; `about` are ids, such as of lists.
    """

    fact: str
    why: str
    said: Sentence
    about: tuple[str, ...] = ()

    @property
    def title(self) -> Title:
        """What is missing, in both languages."""
        return Title(self.said.text(Language.EN), self.said.text(Language.ZH))

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        said = self.title
        return {
            "fact": self.fact,
            "why": self.why,
            "about": list(self.about),
            "said": {"en": said.en, "zh": said.zh},
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of one pass."""

    as_of: date
    findings: tuple[Finding, ...]
    obligations: tuple[ObligationDue, ...]
    changes: tuple[FindingChange, ...]
    subjects: Mapping[str, int]
    pass_id: str | None = None
    missing: tuple[MissingFact, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the assessment as `sluicegate assess` prints it."""
        return {
            "as_of": self.as_of.isoformat(),
            "pass": self.pass_id,
            "subjects": dict(self.subjects),
            "missing": [one.as_json() for one in self.missing],
            "findings": [finding.as_json() for finding in self.findings],
            "obligations": [obligation.as_json() for obligation in self.obligations],
            "changes": [change.as_json() for change in self.changes],
        }
