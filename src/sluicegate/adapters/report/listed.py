"""What the report says of listed parties: who matches one, and who is owned by some to half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.core.trace import Figure
from sluicegate.screening.known_lists import known_list
from sluicegate.services.detectors.listed_ownership import RULES
from sluicegate.services.findings import Finding
from sluicegate.services.report import Report
from sluicegate.services.screening.decisions import MATCH, RULE

OWNER_RULES = frozenset(RULES.values())


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A customer and a listed party at or above it.

    `way` goes from the party that was screened down to the customer; `lists` are
    titles in the reader's language; `score` is from 0 to 1, as text.
    """

    finding: Finding
    party: str
    name: str
    lists: str
    way: str
    score: str


@dataclass(frozen=True, slots=True)
class OwnedRow:
    """A customer of which listed parties hold a half or more together, or may."""

    finding: Finding
    share: str


def is_about_lists(finding: Finding) -> bool:
    """Say whether a finding is about a listed party at or above a customer."""
    return finding.rule == RULE or finding.rule in OWNER_RULES


def match_rows(report: Report, say: Catalogue) -> tuple[MatchRow, ...]:
    """Return a row for each match behind a finding, in the order of the findings."""
    return tuple(
        MatchRow(
            finding,
            party=match.value or "",
            name=_value(match, "listed name"),
            lists=say.joined([_title(one, say) for one in _named(match, "on lists")]),
            way=_value(match, "path"),
            score=_value(match, "score"),
        )
        for finding in report.findings
        if finding.rule == RULE
        for match in _children(finding.trace, MATCH)
    )


def owned_rows(report: Report) -> tuple[OwnedRow, ...]:
    """Return a row for each finding of a rule that reaches through owners."""
    return tuple(
        OwnedRow(one, _value(one.trace, "share in aggregate"))
        for one in report.findings
        if one.rule in OWNER_RULES
    )


def _children(figure: Figure, label: str) -> Iterator[Figure]:
    return (child for child in figure.children if child.label == label)


def _value(figure: Figure, label: str) -> str:
    return next((child.value or "" for child in _children(figure, label)), "")


def _named(figure: Figure, label: str) -> list[str]:
    return [child.name for child in _children(figure, label) if child.name]


def _title(list_id: str, say: Catalogue) -> str:
    return say.title(known_list(list_id).title)
