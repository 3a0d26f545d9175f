"""Readings as a query gives them."""

from __future__ import annotations

from sluicegate.rules.facts import BadFact, BadFactsError


def readings_of(given: list[str]) -> dict[str, str]:
    """Read NAME=VALUE texts; raise BadFactsError for one that is none."""
    pairs = [item.partition("=") for item in given]
    bad = [
        BadFact(f"readings.{name}", "has no value; write NAME=VALUE")
        for name, sign, _ in pairs
        if not sign
    ]
    if bad:
        raise BadFactsError(bad)
    return {name: value for name, _, value in pairs}
