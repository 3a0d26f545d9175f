"""Kept lineages as people and programs read them: listed, at a version, with their totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sluicegate.lineage.accounting import Account, Options
from sluicegate.lineage.document import Lineage, NodeKind, Query
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.asking import Asking, account_all, queries_of, usual_quantity
from sluicegate.services.lineage.bounding import within_bounds
from sluicegate.services.lineage.keeping import KIND, current_of
from sluicegate.services.ports.lineage import LineageVersion

MOST_TOTALS = 200
"""So many models and outputs of a lineage are totalled when none is named."""


@dataclass(frozen=True, slots=True)
class KeptLineage:
    """A version of a lineage with what it states."""

    version: LineageVersion
    lineage: Lineage


def list_lineages(desk: Desk, *, known_on: datetime | None = None) -> Sequence[LineageVersion]:
    """Return the last version of every lineage, in order of source and name."""
    desk.must(Action.LINEAGE_READ)
    return desk.store.lineages.current(known_on=known_on)


def lineage_versions(
    desk: Desk, lineage_id: str, *, known_on: datetime | None = None
) -> Sequence[LineageVersion]:
    """Return the versions of a lineage, the oldest first.

    Raises:
        NotFoundError: there is none.
    """
    desk.must(Action.LINEAGE_READ)
    last = current_of(desk.store, lineage_id, known_on)
    return desk.store.lineages.versions(last.lineage_id, known_on=known_on)


def kept_lineage(
    desk: Desk,
    lineage_id: str,
    *,
    version: int | None = None,
    known_on: datetime | None = None,
) -> KeptLineage:
    """Return a lineage at a version, or the last one known on an instant.

    `lineage_id` is its id, its name where only one has it, or source/name.

    Raises:
        RefusedError.
        NotFoundError: there is no such lineage or version.
    """
    desk.must(Action.LINEAGE_READ)
    found = current_of(desk.store, lineage_id, known_on)
    if version is not None and version != found.version:
        versions = desk.store.lineages.versions(found.lineage_id, known_on=known_on)
        wanted = [one for one in versions if one.version == version]
        if not wanted:
            raise NotFoundError(KIND, f"{lineage_id} version {version}")
        found = wanted[0]
    return KeptLineage(found, desk.store.lineages.read(found))


def lineages_with(
    desk: Desk, node: str, *, known_on: datetime | None = None
) -> Sequence[KeptLineage]:
    """Return the kept lineages, each at its last version, that have a node of an id."""
    desk.must(Action.LINEAGE_READ)
    read = desk.store.lineages.read
    kept = (KeptLineage(one, read(one)) for one in list_lineages(desk, known_on=known_on))
    return [one for one in kept if node in one.lineage.places]


def account_kept(kept: KeptLineage, law: Law, asking: Asking) -> Sequence[Account]:
    """Answer what is asked of a kept lineage; when nothing is, of its models and outputs.

    Raises:
        GraphError: a target that no node has (dangling).
        ValueError: a query that does not fit, naming its field.
    """
    return account_all(kept.lineage, queries_of(kept.lineage, (), asking), law, asking.options)


def totals(
    kept: KeptLineage,
    law: Law,
    *,
    rule: str = "kthf",
    options: Options | None = None,
    most: int = MOST_TOTALS,
) -> Iterator[Account]:
    """Yield the totals of the models and outputs of a lineage, then rates, up to so many.

    In the order of the nodes, and of the stated intervals between outputs. It ends
    before more stands behind them than is counted while somebody waits.
    """
    options = options or Options()
    queries = [
        Query((node.id,), usual_quantity(kept.lineage, node.id), rule)
        for node in kept.lineage.nodes
        if node.kind in (NodeKind.MODEL, NodeKind.OUTPUT)
    ]
    queries += [replace(one.query(), counting_rule=rule) for one in kept.lineage.intervals]
    some = within_bounds(kept.lineage, queries[:most], options)
    yield from account_all(kept.lineage, some, law, options)
