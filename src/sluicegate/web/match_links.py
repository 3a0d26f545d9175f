"""The matches behind a finding, for links from its page and from its case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.services.screening.decisions import MATCH


@dataclass(frozen=True, slots=True)
class MatchLink:
    """A match behind a finding: its id, and the listed party's name or the owner's id."""

    match_id: str
    listed_name: str


def matches_behind(document: Mapping[str, Any]) -> tuple[MatchLink, ...]:
    """Return the matches that a kept finding rests on, each once; none for most rules.

    A finding on a listed party names them with the listed name, one on ownership
    below the listed owner.
    """
    if not document:
        return ()
    found: dict[str, MatchLink] = {}
    for match_id, name in _named(document["trace"], ""):
        found.setdefault(match_id, MatchLink(match_id, name))
    return tuple(found.values())


def _named(figure: Mapping[str, Any], owner: str) -> Iterator[tuple[str, str]]:
    """Yield each match below a figure of the trace with what it is called."""
    for child in figure.get("children", ()):
        if child["label"] == MATCH and child.get("name"):
            yield child["name"], str(child.get("value") or owner)
        else:
            yield from _named(child, child.get("name") or owner)
