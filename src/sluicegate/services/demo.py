"""The demo's check: what a pass found, compared with the truth of its synthetic world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sluicegate.core.calendars import legal_day, parse_instant
from sluicegate.core.quantities import Exact
from sluicegate.demo.truth import Pattern, PatternTruth, RunTruth, SubjectKind, Truth
from sluicegate.metering.runs import MeteredRun
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.law import Law
from sluicegate.rules.thresholds import Level
from sluicegate.services.detectors import (
    approaching,
    high_risk,
    listed_ownership,
    modification,
    ownership,
    split_runs,
    structuring,
)
from sluicegate.services.findings import Certainty, Finding
from sluicegate.services.ownership.fifty_percent import Regime
from sluicegate.services.screening import decisions
from sluicegate.services.world import World

SYSTEMIC = "eu.ai_act.systemic_risk"
FRONTIER = "us_ca.sb53.frontier_developer"
KYC = "assess.kyc.compute_used"
GROUP_KYC = "assess.kyc.group_compute_used"
REGISTRATION = "kthf.oversight.registration"
INFERENCE = "kthf.oversight.inference_rate"
GOVERNOR = "kthf.oversight.cluster_verification"
CLUSTER_REPORT = "us.nprm_702.cluster"

RULES_OF: Mapping[Pattern, tuple[str, ...]] = {
    Pattern.RUN_ABOVE_1E25: (SYSTEMIC,),
    Pattern.RUN_ABOVE_1E26: (FRONTIER,),
    Pattern.SPLIT_CUSTOMER: (structuring.RULE, GROUP_KYC),
    Pattern.SPLIT_ACCOUNTS: (structuring.RULE,),
    Pattern.LINKED_CUSTOMERS: (structuring.RULE,),
    Pattern.FOREIGN_OWNER: (ownership.RULE,),
    Pattern.LISTED_PARTY: (decisions.RULE,),
    Pattern.OWNED_BY_BLOCKED: (listed_ownership.RULES[Regime.OFAC],),
    Pattern.OWNED_BY_ENTITY_LISTED: (listed_ownership.RULES[Regime.BIS_AFFILIATES],),
    Pattern.FINE_TUNER: (modification.RULE,),
    Pattern.FAST_GROWTH: (KYC, approaching.RULE),
    Pattern.RUN_IN_PIECES: (split_runs.PIECES,),
    Pattern.FAST_USE: (split_runs.SPEED,),
    Pattern.HIGH_RISK: (high_risk.RULE,),
    Pattern.CLUSTER_ABOVE_1E18: (GOVERNOR,),
    Pattern.CLUSTER_ABOVE_1E20: (CLUSTER_REPORT,),
    Pattern.JOINED_CLUSTERS: (GOVERNOR,),
    Pattern.MODEL_WITH_CAUSES: (REGISTRATION,),
    Pattern.DISTILLED_MODEL: (REGISTRATION,),
    Pattern.FAST_OUTPUT: (INFERENCE,),
}
"""The rules by each of which a pattern has to be found."""

_OF_PATTERNS = frozenset({
    structuring.RULE,
    ownership.RULE,
    modification.RULE,
    decisions.RULE,
    *listed_ownership.RULES.values(),
})  # fmt: skip
"""Rules that are right where the truth has their pattern, and nowhere else."""

_TEXTS: Mapping[str, str] = {
    structuring.RULE: structuring.INSTRUMENT,
    split_runs.PIECES: structuring.INSTRUMENT,
    split_runs.SPEED: split_runs.SPEED_INSTRUMENT,
    high_risk.RULE: high_risk.INSTRUMENT,
}
"""Rule → the text that describes what it looks for, where its settings stand elsewhere."""

_BEGINS = {REGISTRATION: "kthf.oversight.registration.from"}
"""Rules that ask for nothing before a day that their text sets, though it is there."""

_OF_LOOKS = frozenset({split_runs.PIECES, split_runs.SPEED, high_risk.RULE})
"""Rules that other customers may meet as well, and that are wrong about a look-alike."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How the findings stand to the truth; each entry names a subject and a rule."""

    found: tuple[str, ...]
    missed: tuple[str, ...]
    false_certain: tuple[str, ...]
    false_other: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was missed and nothing falsely certain."""
        return not self.missed and not self.false_certain

    def as_json(self) -> dict[str, Any]:
        """Return the result as `sluicegate demo` prints it."""
        return {
            "found": len(self.found),
            "missed": list(self.missed),
            "false_certain": list(self.false_certain),
            "false_other": list(self.false_other),
        }


def check(truth: Truth, world: World, findings: Sequence[Finding], book: RuleBook) -> Checked:
    """Compare a pass with the truth.

    A pattern is missed when one of its rules has no finding about its subject; a
    rule of a text that was not yet there on the day finds nothing. A
    finding is false when the truth does not pass the threshold it names, or
    when its subject has not the pattern that its rule looks for.
    """
    checker = _Checker(truth, world)
    by_key: dict[tuple[str, str], Finding] = {
        (finding.rule, str(finding.subject)): finding for finding in findings
    }
    found: list[str] = []
    missed: list[str] = []
    for pattern in truth.patterns:
        if pattern.near_miss or pattern.pattern not in RULES_OF:
            continue
        keys = checker.subjects(pattern)
        for rule in _written(RULES_OF[pattern.pattern], book, truth.as_of):
            name = f"{pattern.pattern.value}: {', '.join(keys) or pattern.subject} by {rule}"
            hit = any((rule, key) in by_key for key in keys)
            (found if hit else missed).append(name)
    false = [finding for finding in findings if checker.is_false(finding)]
    certain = [f for f in false if f.certainty is Certainty.CERTAIN]
    other = [f for f in false if f.certainty is not Certainty.CERTAIN]
    return Checked(tuple(found), tuple(missed), _names(certain), _names(other))


def _written(rules: Sequence[str], book: RuleBook, day: date) -> list[str]:
    """Return the rules whose text was there on a day, be it only proposed."""
    there = [rule for rule in rules if book.status(_text_of(rule, book), day) is not None]
    law = Law(book, day)
    return [rule for rule in there if rule not in _BEGINS or law.named_day(_BEGINS[rule]) <= day]


def _text_of(rule: str, book: RuleBook) -> str:
    return _TEXTS.get(rule) or book.instrument_of(rule).id


def _names(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(f"{one.subject} by {one.rule} ({one.certainty.value})" for one in findings)


class _Checker:
    """Joins the subjects of the truth with those of the measured world."""

    def __init__(self, truth: Truth, world: World) -> None:
        self._truth = truth
        self._world = world
        self._use = {one.customer_id: one.flop for one in truth.customers}
        self._members = world.members()
        self._linked = world.linked_members()
        self._runs = {run.run_key: run for run in world.runs}
        self._true_runs: dict[str, list[RunTruth]] = {}
        for one in truth.runs:
            self._true_runs.setdefault(one.customer_id, []).append(one)
        self._has_pattern = self._keys(near_miss=False)
        self._looks_alike = self._keys(near_miss=True) - self._has_pattern

    def _keys(self, *, near_miss: bool) -> set[tuple[str, str]]:
        """Return rule and subject of every pattern, or of every near-miss."""
        return {
            (rule, key)
            for one in self._truth.patterns
            if one.near_miss is near_miss
            for rule in RULES_OF.get(one.pattern, ())
            for key in self.subjects(one)
        }

    def subjects(self, pattern: PatternTruth) -> list[str]:
        """Return the subjects of findings that a pattern of the truth is about."""
        subject = pattern.subject
        if subject.kind is SubjectKind.RUN:
            return [f"run:{run.run_key}" for run in self._metered(pattern)]
        if subject.kind is SubjectKind.CLUSTER:
            return self._clusters(pattern)
        if subject.kind in (SubjectKind.MODEL, SubjectKind.OUTPUT):
            world = self._world
            keys = [one.key for one in world.models] + [one.key for one in world.outputs]
            return [
                f"{subject.kind.value}:{key}"
                for key in keys
                if key.rpartition("/")[2] == subject.id
            ]
        keys = [f"customer:{subject.id}"] if subject.id else []
        members = {*subject.members} or {subject.id or ""}
        keys += [f"group:{group}" for group, found in self._members.items() if members & {*found}]
        keys += [
            f"linked_group:{group}" for group, found in self._linked.items() if members & {*found}
        ]
        return keys

    def _metered(self, pattern: PatternTruth) -> Iterator[MeteredRun]:
        subject = pattern.subject
        for run in self._world.runs:
            if subject.id is not None:
                if run.declared is not None and run.declared.run_id == subject.id:
                    yield run
            elif (
                run.customer_id == subject.customer_id
                and subject.cluster_id in run.cluster_ids
                and subject.start is not None
                and run.start <= legal_day(parse_instant(subject.start)) <= run.end
            ):
                yield run

    def _clusters(self, pattern: PatternTruth) -> list[str]:
        ids = {pattern.subject.id, *pattern.subject.members} - {None}
        fabrics = {c.fabric_id for c in self._world.clusters if c.cluster_id in ids}
        return [f"cluster:{one}" for one in sorted(filter(None, ids | fabrics))]

    def is_false(self, finding: Finding) -> bool:
        """Say whether the truth contradicts a finding; approaching ones state no passing."""
        if finding.level is not Level.PASSED:
            return False
        if finding.rule in _OF_PATTERNS:
            return (finding.rule, str(finding.subject)) not in self._has_pattern
        if finding.subject.kind_name in (SubjectKind.MODEL.value, SubjectKind.OUTPUT.value):
            # The truth holds what the scheme counts; other texts count other parts of it.
            is_scheme = finding.rule in (REGISTRATION, INFERENCE)
            return is_scheme and (finding.rule, str(finding.subject)) not in self._has_pattern
        looks = finding.rule in _OF_LOOKS
        if looks or finding.subject.kind_name == SubjectKind.CLUSTER.value:
            return (finding.rule, str(finding.subject)) in self._looks_alike
        amount = self._true_amount(finding)
        threshold = finding.threshold
        if amount is None or threshold is None:
            return amount is None
        return not Comparator(threshold.comparator).holds(amount, threshold.value)

    def _true_amount(self, finding: Finding) -> Exact | None:
        subject = finding.subject
        if subject.kind_name == "customer":
            return self._use.get(subject.id)
        if subject.kind_name == "group":
            return sum(self._use.get(member, 0) for member in self._members[subject.id])
        if subject.kind_name == "linked_group":
            return sum(self._use.get(member, 0) for member in self._linked[subject.id])
        run = self._runs[subject.id]
        true = self._true_runs.get(run.customer_id, ())
        parts = [one.flop for one in true if _is_part(one, run)]
        # The truth names the runs of patterns; another job is at most its customer's whole use.
        return sum(parts) if parts else self._use.get(run.customer_id)


def _is_part(true: RunTruth, metered: MeteredRun) -> bool:
    if true.run_id is not None and metered.declared is not None:
        return true.run_id == metered.declared.run_id
    return (
        true.cluster_id in metered.cluster_ids
        and _day(true.start) <= metered.end
        and _day(true.end) >= metered.start
    )


def _day(text: str) -> date:
    return legal_day(parse_instant(text))
