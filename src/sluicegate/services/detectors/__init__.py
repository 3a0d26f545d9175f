"""Detectors: which question to ask about which subject. They decide nothing themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.detectors import (
    approaching,
    high_risk,
    joint_use,
    lineage_compute,
    listed_ownership,
    listed_parties,
    modification,
    output_rates,
    ownership,
    split_runs,
    structuring,
)
from sluicegate.services.detectors.listed_ownership import listed_owners
from sluicegate.services.detectors.modification import modified_models
from sluicegate.services.detectors.ownership import foreign_owners
from sluicegate.services.detectors.structuring import structured_use
from sluicegate.services.detectors.thresholds import (
    cluster_thresholds,
    customer_thresholds,
    group_thresholds,
    run_thresholds,
)
from sluicegate.services.judging import Candidate
from sluicegate.services.world import World

Detector = Callable[[World, Law], Iterator[Candidate]]

DETECTORS: Mapping[str, Detector] = {
    "run_thresholds": run_thresholds,
    "customer_thresholds": customer_thresholds,
    "group_thresholds": group_thresholds,
    "cluster_thresholds": cluster_thresholds,
    "lineage_compute": lineage_compute.lineage_compute,
    "output_rates": output_rates.output_rates,
    "structured_use": structured_use,
    "split_runs": split_runs.split_runs,
    "fast_use": split_runs.fast_use,
    "joint_use": joint_use.joint_use,
    "foreign_owners": foreign_owners,
    "listed_parties": listed_parties.listed_parties,
    "listed_owners": listed_owners,
    "modified_models": modified_models,
    "high_risk": high_risk.high_risk,
    "approaching": approaching.approaching,
}
"""Every detector by name; the demo's test switches each one off in turn."""

_WITH_ONE_RULE = (
    *(approaching, high_risk, joint_use, listed_parties, modification, ownership, structuring),
)

TITLES: Mapping[str, Title] = {
    **{one.RULE: one.TITLE for one in _WITH_ONE_RULE},
    **listed_ownership.TITLES,
    **split_runs.TITLES,
}
"""Rule → its title, of the rules that no rule file describes as a threshold."""
