"""Matches, allowances and runs as JSON documents, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from typing import Any

from sluicegate.services.ports.matches import (
    Allowance,
    AllowanceState,
    Cause,
    Match,
    MatchState,
    Pair,
    Reason,
    RunKind,
    ScorePart,
    ScreeningRun,
    Trigger,
)


def document_of(value: Match | Allowance | ScreeningRun) -> dict[str, Any]:
    """Return a value as JSON values: days and instants as ISO text, members by value."""
    document: dict[str, Any] = _plain(asdict(value))
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def read_match(document: Mapping[str, Any]) -> Match:
    """Return the match that a document stands for."""
    pair = document["pair"]
    return Match(
        **{
            **document,
            "pair": Pair(
                **{
                    **pair,
                    "parts": tuple(ScorePart(**one) for one in pair["parts"]),
                    "reasons": tuple(Reason(**one) for one in pair["reasons"]),
                }
            ),
            "lists": tuple(document["lists"]),
            "factors": tuple(document["factors"]),
            "ownership": tuple(document["ownership"]),
            "licence_policies": tuple(document["licence_policies"]),
            "state": MatchState(document["state"]),
            "cause": Cause(document["cause"]),
            "first_seen": datetime.fromisoformat(document["first_seen"]),
        }
    )


def read_allowance(document: Mapping[str, Any]) -> Allowance:
    """Return the allowance that a document stands for."""
    return Allowance(
        **{
            **document,
            "state": AllowanceState(document["state"]),
            "expires": date.fromisoformat(document["expires"]),
            "made_at": datetime.fromisoformat(document["made_at"]),
        }
    )


def read_run(document: Mapping[str, Any]) -> ScreeningRun:
    """Return the run that a document stands for."""
    return ScreeningRun(
        **{
            **document,
            "kind": RunKind(document["kind"]),
            "trigger": Trigger(document["trigger"]),
            "at": datetime.fromisoformat(document["at"]),
            "as_of": date.fromisoformat(document["as_of"]),
            "stale": tuple(document["stale"]),
            "gained": tuple(document["gained"]),
            "lost": tuple(document["lost"]),
        }
    )
