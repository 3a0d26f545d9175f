"""Check rule files: what cannot be read, cannot be meant, or cannot be asked by a pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sluicegate.rules.book import RuleBook
from sluicegate.rules.checks import check_gathered, located
from sluicegate.rules.instruments import (
    Condition,
    FactType,
    Instrument,
    RuleFault,
    Severity,
    ThresholdRule,
)
from sluicegate.rules.loading import Gathered
from sluicegate.rules.places import Spot, Spotted
from sluicegate.services.detectors.binding import UnaskableRuleError, require_askable
from sluicegate.services.detectors.own_rules import KNOWN_FACTS
from sluicegate.services.findings import SubjectKind

TYPES_OF = {"country": {FactType.COUNTRY}, "customer_kind": {FactType.ENUM, FactType.STRING}}
"""The types in which a pass supplies what it knows."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The book that rule files make, with everything found in them, in order of file and line."""

    book: RuleBook
    files: tuple[str, ...]
    faults: tuple[RuleFault, ...]

    @property
    def parameters(self) -> int:
        """How many parameters the files hold, those left out that cannot be read."""
        homes = self.book.instruments.values()
        return sum(len(one.parameters) for one in homes if one.file in self.files)

    def count(self, severity: Severity) -> int:
        """Return how many faults are mistakes, or notices."""
        return sum(fault.severity is severity for fault in self.faults)


def check_rules(gathered: Gathered) -> Checked:
    """Check rule files that have been gathered, with all that a pass asks of them."""
    faults = check_gathered(gathered)
    if not gathered.faults:
        found = [
            problem
            for home in gathered.book.instruments.values()
            if home.file in gathered.texts
            for rule in home.thresholds
            for problem in _of_rule(home, rule)
        ]
        faults += located(found, gathered.texts)
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line or 0))
    return Checked(gathered.book, tuple(gathered.texts), tuple(ordered))


def _of_rule(home: Instrument, rule: ThresholdRule) -> Iterator[Spotted]:
    try:
        require_askable(rule)
    except UnaskableRuleError as error:
        spot = Spot(home, "thresholds", rule.id, ("question",))
        problem = str(error).removeprefix(f"rule {rule.id}: ")
        way_out = "or leave question, fact and passed out"
        yield Spotted(spot, Severity.MISTAKE, problem, way_out)
    for number, one in enumerate(rule.conditions):
        problem = _unknown_to_a_pass(rule, one)
        if problem:
            spot = Spot(home, "thresholds", rule.id, ("conditions", number, "fact"))
            way_out = "its findings are possible at most; `ask` takes any fact"
            yield Spotted(spot, Severity.NOTICE, problem, way_out)


def _unknown_to_a_pass(rule: ThresholdRule, one: Condition) -> str:
    known = KNOWN_FACTS[SubjectKind(rule.subject)]
    if one.fact not in known:
        return f"a pass does not know {one.fact} of a {rule.subject}, only {', '.join(known)}"
    if one.type not in TYPES_OF.get(one.fact, {FactType.ENUM, FactType.STRING}):
        return f"a pass knows {one.fact}, but not as {one.type.value}"
    return ""
