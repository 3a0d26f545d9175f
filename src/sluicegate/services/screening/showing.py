"""Matches, allowances and runs as documents for people and machines."""

from __future__ import annotations

from typing import Any

from sluicegate.core.phrases import Language, term
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.ports.matches import Allowance, Match, ScreeningRun
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.condition import Condition
from sluicegate.services.screening.engine import said, score_text


def match_row(match: Match) -> dict[str, Any]:
    """Return a match as a row: ids, names, lists, score and how it stands."""
    return {
        "match": match.match_id,
        "party": match.party_id,
        "party_name": match.party_name,
        "listed": match.listed_id,
        "listed_name": match.listed_name,
        "lists": list(match.lists),
        "score": score_text(match.pair.score),
        "weak_alias": match.pair.is_weak,
        "state": match.state.value,
    }


def match_document(store: Store, match_id: str, language: Language) -> dict[str, Any]:
    """Return a match with its reasons in a language and all that became of it.

    Raises:
        NotFoundError: there is no such match.
    """
    match = store.matches.match(match_id)
    if match is None:
        raise NotFoundError("match", match_id)
    return {
        **match_row(match),
        "name": match.pair.name,
        "alias": match.pair.alias,
        "parts": [
            {"part": term(one.name, language), "points": score_text(one.points)}
            for one in match.pair.parts
        ],
        "reasons": [said(one).text(language) for one in match.pair.reasons],
        "algorithm": match.pair.algorithm,
        "threshold": score_text(match.threshold),
        "versions": dict(match.versions),
        "licence_policies": list(match.licence_policies),
        "first_seen": match.first_seen.isoformat(),
        "outcomes": [
            {
                "at": one.at.isoformat(timespec="seconds"),
                "by": one.by,
                "before": None if one.before is None else term(one.before.code, language),
                "after": term(one.after.code, language),
                "cause": term(one.cause.code, language),
                "cause_id": one.cause_id,
                "run": one.run_id,
            }
            for one in store.matches.outcomes(match_id)
        ],
    }


def allowance_document(one: Allowance) -> dict[str, Any]:
    """Return an allowance."""
    return {
        "allowance": one.allowance_id,
        "party": one.party_id,
        "listed": one.listed_id,
        "state": one.state.value,
        "expires": one.expires.isoformat(),
        "reason": one.reason,
        "made_by": one.made_by,
        "made_at": one.made_at.isoformat(timespec="seconds"),
        "checked_by": one.checked_by,
        "source": one.source,
    }


def condition_document(found: Condition) -> dict[str, Any]:
    """Return how screening of a node stands."""
    return {
        "lists": dict(found.versions),
        "stale": list(found.stale),
        "late": found.is_late,
        "due": None if found.due is None else found.due.value,
        "open": found.open,
        "confirmed": found.confirmed,
        "last_run": None if found.last is None else run_document(found.last),
    }


def run_document(run: ScreeningRun) -> dict[str, Any]:
    """Return the record of a run."""
    return {
        "run": run.run_id,
        "kind": run.kind.value,
        "trigger": run.trigger.value,
        "at": run.at.isoformat(timespec="seconds"),
        "by": run.by,
        "as_of": run.as_of.isoformat(),
        "algorithm": run.algorithm,
        "threshold": score_text(run.threshold),
        "lists": dict(run.versions),
        "stale": list(run.stale),
        "screened": run.screened,
        "listed": run.listed,
        "changed_parties": run.changed_parties,
        "changed_listed": run.changed_listed,
        "removed_listed": run.removed_listed,
        "scored": run.scored,
        "alerts": run.alerts,
        "gained": list(run.gained),
        "lost": list(run.lost),
        "cpu_milliseconds": run.cpu_milliseconds,
    }
