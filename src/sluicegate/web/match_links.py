"""The matches behind a finding, for links from its page and from its case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.services.screening.decisions import MATCH, RULE


@dataclass(frozen=True, slots=True)
class MatchLink:
    """A match behind a finding: its id, and the listed party by its name."""

    match_id: str
    listed_name: str


def matches_behind(document: Mapping[str, Any]) -> tuple[MatchLink, ...]:
    """Return the matches that a kept finding rests on; none for a finding of another rule."""
    if not document or document["rule"] != RULE:
        return ()
    return tuple(
        MatchLink(one["name"], str(one["value"]))
        for one in document["trace"].get("children", ())
        if one["label"] == MATCH and one.get("name")
    )
