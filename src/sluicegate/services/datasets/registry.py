"""The node's own registry as a data set: its runs with what was metered or declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.core.canonical import digest
from sluicegate.core.quantities import Exact
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.registry.columns import figure_text
from sluicegate.registry.records import DeclaredRun
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.ports.present_world import WorldFilter, WorldOrder, WorldPart, WorldRow
from sluicegate.services.present.keys import name_key
from sluicegate.services.present.measured import estimate_of

REGISTRY = "registry"
"""The name by which the node's own registry is a data set."""

_PAGE = 1_000


def registry_snapshot(desk: Desk) -> Snapshot:
    """Return the node's runs as models, known on the day of its last pass.

    The runs of one customer that name one model are one model, their compute added
    up; a run that names none stands for itself. A run has the metered estimate, and
    where nothing was metered its declared compute; it counts as published on the day
    on which it ended. A customer is shown by name to who may read customers, by id
    to others.

    Raises RefusedError.
    """
    desk.must(Action.LAB_READ)
    desk.must(Action.RUN_READ)
    mark = desk.store.present.world_mark()
    declared = {str(one.run_id): one for one in _declarations(desk)}
    found: dict[tuple[str, str], list[_Run]] = {}
    for row in _rows(desk, WorldPart.RUNS):
        one = _run(row, declared)
        found.setdefault((one.customer, one.model), []).append(one)
    names = _customers(desk)
    models = tuple(
        _model(model, names.get(customer, (customer, None)), runs)
        for (customer, model), runs in sorted(found.items())
    )
    day = desk.now().date() if mark is None else mark.as_of
    return Snapshot(REGISTRY, day, models, _digest(models), "")


@dataclass(frozen=True, slots=True)
class _Run:
    """A run, with the model that it is a part of."""

    customer: str
    model: str
    ended: date | None
    low: Exact | None
    central: Exact | None
    high: Exact | None


def _run(row: WorldRow, declared: Mapping[str, DeclaredRun]) -> _Run:
    said = row.document
    stated = declared.get(said["declared"] or "")
    if stated is not None and str(stated.customer_id) != row.owner:
        stated = None
    estimate = estimate_of(said["estimate"])
    low = central = high = None
    if estimate is not None:
        low, central, high = estimate.low, estimate.central, estimate.high
    elif stated is not None:
        central = stated.declared_flop
    end = said["end"]
    ended = date.fromisoformat(end) if end else None
    if ended is None and stated is not None:
        ended = stated.planned_end or stated.planned_start
    model = stated.model_id if stated is not None and stated.model_id else row.name
    return _Run(row.owner or "", model, ended, low, central, high)


def _model(model: str, customer: tuple[str, str | None], runs: Sequence[_Run]) -> RecordedModel:
    """Return runs of one model as a model; compute that one of them lacks leaves a lower bound."""
    name, country = customer
    centrals = [one.central for one in runs if one.central is not None]
    is_whole = len(centrals) == len(runs)
    bounded = [one for one in runs if one.low is not None]
    lows = [one.central if one.low is None else one.low for one in runs]
    highs = [one.central if one.high is None else one.high for one in runs]
    low: Exact = sum(value for value in lows if value is not None)
    high: Exact = sum(value for value in highs if value is not None)
    days = [one.ended for one in runs if one.ended is not None]
    return RecordedModel(
        name=model,
        developers=(name,) if name else (),
        published=max(days, default=None),
        compute=sum(centrals) if is_whole else None,
        low=low if bounded or (centrals and not is_whole) else None,
        high=high if bounded and is_whole else None,
        is_open=None,
        countries=(country,) if country else (),
    )


def _rows(desk: Desk, part: WorldPart) -> Iterator[WorldRow]:
    """Yield all rows of a part, page by page."""
    wanted, after = WorldFilter(order=WorldOrder.NAME), None
    while True:
        rows = desk.store.present.world_rows(part, wanted, after, _PAGE, desk.scope)
        yield from rows
        if len(rows) < _PAGE:
            return
        after = (name_key(rows[-1].name), rows[-1].id)


def _customers(desk: Desk) -> Mapping[str, tuple[str, str | None]]:
    """Return customer → name and country, where they may be read."""
    if not desk.may(Action.CUSTOMER_READ).is_allowed:
        return {}
    return {row.id: (row.name, row.country) for row in _rows(desk, WorldPart.CUSTOMERS)}


def _declarations(desk: Desk) -> Iterator[DeclaredRun]:
    for one in desk.store.records("runs"):
        if isinstance(one, DeclaredRun):
            yield one


def _digest(models: Sequence[RecordedModel]) -> str:
    """Return the digest of what was read; names of customers have no part in it."""
    return digest(
        [
            [
                one.name,
                None if one.published is None else one.published.isoformat(),
                *(None if v is None else figure_text(v) for v in (one.compute, one.low, one.high)),
            ]
            for one in models
        ]
    )
