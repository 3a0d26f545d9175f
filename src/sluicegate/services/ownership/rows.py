"""Rows and documents of what is known of ownership, for people and machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sluicegate.core.identifiers import PartyId
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text, percent
from sluicegate.registry.holdings import Holding
from sluicegate.registry.nominees import is_nominee
from sluicegate.registry.ownership import BeneficialOwner
from sluicegate.registry.paths import OwnershipPath, ShareRange
from sluicegate.rules.law import Law
from sluicegate.services.ownership.diligence import reason_text
from sluicegate.services.ownership.methods import BothMethods, CascadeStep, Method
from sluicegate.services.ownership.roles import has_open_share
from sluicegate.services.ownership.statements import Unspecified
from sluicegate.services.ports.ownership_diligence import OwnershipDiligence

HOLDINGS = [
    *("owner", "owner_name", "owner_kind", "country", "owned", "share"),
    *("control", "nominee", "role", "valid_from", "valid_to", "source"),
]
OWNERS = ["party", "name", "country", "share", "held", "control", "certainty", "paths"]
METHODS = [
    *("party", "regime", "enforcement", "cascade", "reached", "as_written", "as_enforced"),
    *("at_most", "at_most_reached", "multiplied", "lists", "owners", "path"),
]


def holding_row(holding: Holding) -> dict[str, Any]:
    """Return a holding as a row; the share is in percent, open where nobody states it."""
    edge = holding.edge
    ends = ShareRange(holding.low, holding.high)
    share = range_text(ends) if not holding.is_unknown else "open"
    if holding.is_unknown and not has_open_share(holding):
        share = ""
    return {
        "owner": holding.owner,
        "owner_name": None if edge is None else edge.owner_name,
        "owner_kind": None if edge is None else edge.owner_kind.value,
        "country": None if edge is None else edge.owner_country,
        "owned": holding.owned,
        "share": share,
        "share_low": None if holding.is_unknown else flop_text(holding.low),
        "share_high": None if holding.is_unknown else flop_text(holding.high),
        "control": holding.has_control,
        "nominee": is_nominee(holding),
        "role": "account" if edge is None else edge.role,
        "valid_from": None if edge is None or not edge.valid_from else edge.valid_from.isoformat(),
        "valid_to": None if edge is None or not edge.valid_to else edge.valid_to.isoformat(),
        "source": None if edge is None else edge.source,
    }


def owner_row(owner: BeneficialOwner) -> dict[str, Any]:
    """Return a beneficial owner as a row, with the chains that lead to it."""
    return {
        "party": owner.party.party_id,
        "name": owner.party.name,
        "country": owner.party.country,
        "share": range_text(owner.owned),
        "held": range_text(owner.held),
        "control": owner.has_control,
        "certainty": owner.certainty.value,
        "paths": [path_text(path) for path in owner.paths],
        "has_all_paths": owner.has_all_paths,
    }


def not_named_row(owned: PartyId, told: Unspecified) -> dict[str, Any]:
    """Return an owner whom its source says it cannot name, as a row."""
    return {"party": owned, "reason": told.reason, "description": told.description}


def _standing(found: BothMethods, law: Law) -> dict[str, Any]:
    """Return how the rule stands on the day, and whether it covers the party by text and practice.

    The test of ownership is the same on every day; the text covers nobody
    before it is in force, and in practice nobody while it is suspended.
    """
    instrument, reached = found.regime.instrument, found.cascade.is_reached
    return {
        "enforcement": law.enforcement(instrument),
        "as_written": reached and law.in_force(instrument),
        "as_enforced": reached and law.enforced(instrument),
    }


def method_row(found: BothMethods, law: Law) -> dict[str, Any]:
    """Return both figures of a party as a row; the path is that of the cascade."""
    return {
        "party": found.party,
        "regime": found.regime.value,
        **_standing(found, law),
        "cascade": percent(found.cascade.share),
        "reached": found.cascade.is_reached,
        "at_most": percent(found.cascade_at_most.share),
        "at_most_reached": found.cascade_at_most.is_reached,
        "multiplied": range_text(found.multiplied.share),
        "lists": sorted(found.cascade.lists),
        "owners": list(found.cascade.owners),
        "path": [_step_text(step) for step in found.cascade.steps],
    }


def method_document(
    found: BothMethods, law: Law, language: Language = Language.EN
) -> dict[str, Any]:
    """Return both methods of a party with every step and chain; shares are decimal text."""
    return {
        "party": found.party,
        "regime": found.regime.value,
        **_standing(found, law),
        "limit": flop_text(found.limit),
        Method.CASCADE.value: {
            "share": flop_text(found.cascade.share),
            "reached": found.cascade.is_reached,
            "has_unknown": found.cascade.has_unknown,
            "share_at_most": flop_text(found.cascade_at_most.share),
            "reached_at_most": found.cascade_at_most.is_reached,
            "lists": sorted(found.cascade.lists),
            "owners": list(found.cascade.owners),
            "steps": [_step(step) for step in found.cascade.steps],
            "corrections": [one.text(language) for one in found.cascade.corrections],
        },
        Method.MULTIPLIED.value: {
            "share_low": flop_text(found.multiplied.share.low),
            "share_high": flop_text(found.multiplied.share.high),
            "owners": [
                {
                    "owner": chain.owner,
                    "share_low": flop_text(chain.share.low),
                    "share_high": flop_text(chain.share.high),
                    "paths": [
                        {
                            "parties": list(path.parties),
                            "share_low": flop_text(path.share.low),
                            "share_high": flop_text(path.share.high),
                        }
                        for path in chain.paths
                    ],
                    "has_all_paths": chain.has_all_paths,
                }
                for chain in found.multiplied.owners
            ],
        },
    }


def record_document(one: OwnershipDiligence, language: Language = Language.EN) -> dict[str, Any]:
    """Return a version of a record of diligence; the reason of a pass is told in a language."""
    return {
        "diligence_id": one.diligence_id,
        "party_id": one.party_id,
        "state": one.state.value,
        "version": one.version,
        "gaps": [
            {
                "ground": gap.ground,
                "regime": gap.regime,
                "share": gap.share,
                "owners": list(gap.owners),
            }
            for gap in one.gaps
        ],
        "searched": one.searched,
        "found": one.found,
        "left_open": one.left_open,
        "reason": reason_text(one, language),
        "at": one.at.isoformat(timespec="seconds"),
        "by": one.by,
    }


def range_text(share: ShareRange) -> str:
    """Return a share in percent, or its two ends."""
    low, high = percent(share.low), percent(share.high)
    return low if share.low == share.high else f"{low} to {high}"


def path_text(path: OwnershipPath) -> str:
    """Return a chain from the owner down, with what it comes to."""
    return f"{' > '.join(path.parties)} ({range_text(path.share)})"


def _step(step: CascadeStep) -> dict[str, Any]:
    return {
        "party": step.party,
        "aggregate": flop_text(step.aggregate),
        "reached": step.is_reached,
        "counted": [
            {"owner": one.owner, "share": flop_text(one.share), "listed": one.is_listed}
            for one in step.holdings
        ],
        "left_out": [{"owner": one.owner, "share": flop_text(one.share)} for one in step.left_out],
    }


def _step_text(step: CascadeStep) -> str:
    counted: Sequence[str] = [f"{percent(one.share)} {one.owner}" for one in step.holdings]
    told = " + ".join(counted) or "nothing"
    return f"{step.party} = {told} = {percent(step.aggregate)}"
