"""Totals of affiliate groups from totals of customers."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.core.estimates import Estimate


def group_totals(totals: Mapping[str, Estimate], groups: Mapping[str, str]) -> dict[str, Estimate]:
    """Return the total of each affiliate group, in order of group id.

    `groups` is customer → group id; a customer it does not name, such as unmapped
    usage, is a group of its own. Each customer counts in one group, so that the
    sum over groups is the sum over customers.
    """
    found: dict[str, Estimate] = {}
    for customer in sorted(totals):
        group = groups.get(customer, customer)
        old = found.get(group)
        found[group] = totals[customer] if old is None else old.plus(totals[customer])
    return dict(sorted(found.items()))
