"""One pass: the measured world against the rules in force on a date.

Findings are versions: a pass stores only what differs from the pass before,
and lists it. Re-running a pass changes nothing that has not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.identifiers import FindingId, TenantId
from sluicegate.frontier.guidance import GuidanceNote
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.detectors import DETECTORS, Detector
from sluicegate.services.findings import (
    Assessment,
    ChangeKind,
    Finding,
    FindingChange,
    ObligationDue,
)
from sluicegate.services.judging import Candidate, Judge
from sluicegate.services.obligations import obligations_of
from sluicegate.services.world import World

ESSENCE = (
    "certainty",
    "level",
    "as_written",
    "as_enforced",
    "legal_status",
    "threshold",
    "assumptions",
)
"""What a finding says that a decision rests on: a change of it is listed, and opens work anew."""
_VOLATILE = frozenset({"as_of", "reasons", "trace"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a pass looks at: instruments (all when empty) and detectors."""

    instruments: Collection[str] = ()
    detectors: Mapping[str, Detector] | None = None

    def covers(self, instrument: str) -> bool:
        """Say whether an instrument is switched on; a prefix switches on all below it."""
        return not self.instruments or any(
            instrument == one or instrument.startswith(one + ".") for one in self.instruments
        )


def assess(
    world: World,
    book: RuleBook,
    *,
    tenant: TenantId,
    previous: Mapping[str, Mapping[str, Any]],
    known_on: date | None = None,
    scope: Scope | None = None,
    progress: Callable[[str], None] = lambda _name: None,
    notes: tuple[GuidanceNote, ...] = (),
) -> Assessment:
    """Assess a measured world; `previous` are the last pass's findings by id.

    `notes` are guidance notes, which findings that rest on what they explain cite.

    Findings come in order of weight: certain before likely, likely before
    possible, then by rule and subject.
    """
    scope = scope or Scope()
    judge = Judge(book, world.as_of, tenant, known_on, notes)
    findings: list[Finding] = []
    obligations: list[ObligationDue] = []
    for candidate in _candidates(world, book, known_on, scope, progress):
        finding = judge.judge(candidate)
        if finding is not None:
            findings.append(finding)
            owed = obligations_of(finding, candidate.obligations, book, known_on)
            obligations.extend(owed)
    findings.sort(key=_weight)
    obligations.sort(key=lambda one: (one.due is None, one.due or date.max, one.id))
    return Assessment(
        as_of=world.as_of,
        findings=tuple(findings),
        obligations=tuple(obligations),
        changes=tuple(changes(previous, findings)),
        subjects={
            "customers": len(world.totals),
            "groups": sum(len(members) > 1 for members in world.members().values()),
            "runs": len(world.runs),
            "clusters": len(world.clusters),
        },
    )


def _candidates(
    world: World,
    book: RuleBook,
    known_on: date | None,
    scope: Scope,
    progress: Callable[[str], None],
) -> Iterator[Candidate]:
    law = Law(book, world.as_of, known_on)
    detectors = DETECTORS if scope.detectors is None else scope.detectors
    for name, detector in detectors.items():
        progress(name)
        for candidate in detector(world, law):
            if scope.covers(candidate.instrument):
                yield candidate


_RANK = {"certain": 0, "likely": 1, "possible": 2, "cleared": 3}


def _weight(finding: Finding) -> tuple[int, bool, str, str]:
    return (
        _RANK[finding.certainty.value],
        not finding.as_enforced,
        finding.rule,
        str(finding.subject),
    )


def changes(
    previous: Mapping[str, Mapping[str, Any]], findings: Sequence[Finding]
) -> Iterator[FindingChange]:
    """Yield what is new, changed or gone since the pass before."""
    present = {finding.id: finding for finding in findings}
    for finding in findings:
        old = previous.get(finding.id)
        document = finding.as_json()
        if old is None:
            yield _change(ChangeKind.NEW, document, "none", _words(document))
        elif any(old.get(part) != document[part] for part in ESSENCE):
            yield _change(ChangeKind.CHANGED, document, _words(old), _words(document))
    for identifier in sorted(set(previous) - set(present)):
        old = previous[identifier]
        yield _change(ChangeKind.CLEARED, old, _words(old), "none")


def _change(
    kind: ChangeKind, document: Mapping[str, Any], before: str, after: str
) -> FindingChange:
    return FindingChange(
        kind, FindingId(document["id"]), document["subject"], document["rule"], before, after
    )


def _words(document: Mapping[str, Any]) -> str:
    if document["level"] == "approaching":
        return "approaching"
    enforced = "enforced" if document["as_enforced"] else "as written only"
    return f"{document['certainty']}, {enforced}"


def stored_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document as the store keeps it: exact figures as decimal text."""
    kept: dict[str, Any] = load_json(dump_json(document))
    return kept


def differs(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> bool:
    """Say whether a finding's document, in its stored form, says something new.

    The day, and the words and figures that only repeat the answer with it, are
    left out.
    """
    return old is None or _content(old) != _content(new)


def _content(document: Mapping[str, Any]) -> str:
    kept = {key: value for key, value in document.items() if key not in _VOLATILE}
    return digest(kept)
