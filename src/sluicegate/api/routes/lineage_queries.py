"""What a request says of how a lineage is counted, and at which version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query

from sluicegate.api.models.common import Day, Line
from sluicegate.api.problems import bad_field
from sluicegate.api.routes.meter import known_at
from sluicegate.core.quantities import Exact, parse_decimal
from sluicegate.lineage.accounting import Options
from sluicegate.lineage.document import Quantity
from sluicegate.lineage.tallying import HumanChangeReading
from sluicegate.lineage.visitors import SCHEME, VISITORS
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.asking import Asking
from sluicegate.services.lineage.showing import KeptLineage, kept_lineage

LineageId = Annotated[
    str, Path(max_length=300, description="Id of a lineage, or its name where only one has it.")
]
TargetOf = Annotated[Line, Query(description="Id of a node of the lineage.")]
TargetsOf = Annotated[
    list[Line] | None,
    Query(
        max_length=100,
        description="Ids of nodes; without them every model and output. For"
        " inference_compute_rate two, the earlier output and the later.",
    ),
]


@dataclass(frozen=True, slots=True)
class Counted:
    """How is counted: the rule, the quantity, presumption, and the reading of human changes."""

    rule: str
    quantity: Quantity | None
    seconds_between: Exact | None
    options: Options

    def asking(self, targets: Sequence[str]) -> Asking:
        """Return what to ask of targets."""
        return Asking(tuple(targets), self.quantity, self.rule, self.seconds_between, self.options)


async def counted_of(
    rule: Annotated[Line, Query(description=f"One of {', '.join(VISITORS)}.")] = SCHEME,
    quantity: Annotated[
        Quantity | None, Query(description="What to ask; else as the kind of the node says.")
    ] = None,
    seconds_between: Annotated[
        Line | None, Query(description="Seconds between two outputs, for the rate.")
    ] = None,
    presume: Annotated[
        bool, Query(description="Presume dependence; off is not the scheme's own way.")
    ] = True,
    human_change: Annotated[
        HumanChangeReading, Query(description="Under which rules a human's change cuts.")
    ] = HumanChangeReading.CUTS_EVERYWHERE,
) -> Counted:
    """Return how the query says to count."""
    if rule not in VISITORS:
        raise bad_field("rule", f"is none of {', '.join(VISITORS)}")
    return Counted(
        rule, quantity, _seconds(seconds_between), Options(presume, human_change=human_change)
    )


CountedOf = Annotated[Counted, Depends(counted_of)]


def _seconds(text: str | None) -> Exact | None:
    if text is None:
        return None
    try:
        seconds = parse_decimal(text)
    except ValueError as error:
        raise bad_field("seconds_between", "is no number; give seconds above 0") from error
    if seconds <= 0:
        raise bad_field("seconds_between", "is not above 0; give seconds above 0")
    return seconds


@dataclass(frozen=True, slots=True)
class AtVersion:
    """Which version of a lineage, as known on which day."""

    version: int | None
    known_on: date | None

    def kept(self, desk: Desk, lineage: str) -> KeptLineage:
        """Return the lineage at that version."""
        known = known_at(self.known_on)
        return kept_lineage(desk, lineage, version=self.version, known_on=known)


async def version_of(
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="A version; else the last.")
    ] = None,
    known_on: Annotated[
        Day | None, Query(description="Only what was recorded by this day.")
    ] = None,
) -> AtVersion:
    """Return which version the query asks for."""
    return AtVersion(version, known_on)


VersionOf = Annotated[AtVersion, Depends(version_of)]
