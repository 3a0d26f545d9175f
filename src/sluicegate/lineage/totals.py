"""What many targets of a lineage come to by the scheme, in one sweep over the graph.

The same totals as `account` gives one by one, without roles, reasons and trace. Cut
edges, and those from what a human discarded, are taken out; joints of presumption
are nodes without compute. numpy is imported where it is used, as in `building`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from sluicegate.core.quantities import Exact, whole
from sluicegate.lineage.document import Discard, Lineage
from sluicegate.lineage.parting import stated_parts
from sluicegate.lineage.tallying import AS_THE_SCHEME, Ground, Options
from sluicegate.lineage.visitors import SCHEME, Bound, visit_scheme
from sluicegate.lineage.walking import places_of
from sluicegate.rules.law import Law

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SchemeTotal:
    """The total of one target in FLOP with its bounds; `high` None is unbounded."""

    flop: Exact
    low: Exact
    high: Exact | None
    complete: bool


def scheme_totals(
    lineage: Lineage, targets: Iterable[str], law: Law, options: Options = AS_THE_SCHEME
) -> Sequence[SchemeTotal]:
    """Return the total of each target under the scheme's own rule, in order.

    In the time of the whole graph, once, and little for each target. Raises GraphError
    (dangling) naming targets that no node has.
    """
    from sluicegate.lineage.graph import Graph

    places = places_of(lineage, targets)
    ground = Ground(lineage, law, SCHEME, options)
    figures, scale = _figures(ground)
    offsets, parents = _arrays(ground)
    joints = [0] * (len(offsets) - 1 - len(lineage.nodes))
    graph = Graph.from_arrays(
        offsets,
        parents,
        [*figures[Bound.CENTRAL], *joints],
        low=[*figures[Bound.LOW], *joints],
        high=[*figures[Bound.HIGH], *joints],
    )

    def exact(figure: int) -> Exact:
        return figure if scale == 1 else whole(Fraction(figure, scale))

    return [
        SchemeTotal(
            exact(one.flop),
            exact(one.low),
            None if one.high is None else exact(one.high),
            one.complete,
        )
        for one in graph.account_many(places)
    ]


def _figures(ground: Ground) -> tuple[dict[Bound, list[int | None]], int]:
    """Return figures as whole numbers of the part of a FLOP by which all are whole."""
    lineage = ground.lineage
    computes = {place: ground.compute(place) for place in range(len(lineage.nodes))}
    parts = stated_parts(lineage, (place for place, one in computes.items() if one is not None))
    runs = {place: part.run(0) for place, part in parts.items()}
    counted = visit_scheme(runs, ground.law).counted
    scale = 1
    found: dict[Bound, list[int | None]] = {bound: [0] * len(computes) for bound in Bound}
    kept: list[tuple[int, Bound, Exact | None]] = []
    for place in counted:
        compute = computes[place]
        if compute is None:
            continue
        for bound, figure in (
            (Bound.CENTRAL, compute.central),
            (Bound.LOW, compute.low),
            (Bound.HIGH, compute.high),
        ):
            kept.append((place, bound, figure))
            if isinstance(figure, Fraction):
                scale = lcm(scale, figure.denominator)
    for place, bound, figure in kept:
        found[bound][place] = None if figure is None else int(figure * scale)
    return found, scale


def _arrays(ground: Ground) -> tuple[Places, Places]:
    """Return the causes that the scheme follows, joints after the nodes, as arrays."""
    import numpy as np

    lineage = ground.lineage
    size = len(lineage.nodes)
    targets = np.repeat(np.arange(size), np.diff(lineage.offsets))
    causes = lineage.parents
    keep = ~_dropped(ground)[causes]
    if lineage.cuts:
        cut = np.array([last * size + first for first, last in lineage.cuts], dtype=np.int64)
        keep &= ~np.isin(targets * size + causes, cut)
    presumed = ground.way().added.causes
    added = [
        (cause, place)
        for place, found in presumed.items()
        for cause in found
        if cause >= size or not _is_dropped(ground, cause)
    ]
    first = np.array([cause for cause, _ in added], dtype=np.int64)
    last = np.array([place for _, place in added], dtype=np.int64)
    causes = np.concatenate([causes[keep], first])
    targets = np.concatenate([targets[keep], last])
    total = max(size, 1 + max(presumed, default=0))
    order = np.argsort(targets, kind="stable")
    offsets = np.zeros(total + 1, dtype=np.int64)
    np.cumsum(np.bincount(targets, minlength=total), out=offsets[1:])
    return offsets, causes[order]


def _dropped(ground: Ground) -> NDArray[np.bool_]:
    import numpy as np

    return np.fromiter(
        (_is_dropped(ground, place) for place in range(len(ground.lineage.nodes))), dtype=np.bool_
    )


def _is_dropped(ground: Ground, place: int) -> bool:
    """Say whether nothing follows from a node, as a human discarded it or it is taken out."""
    node = ground.lineage.nodes[place]
    return node.discarded_by is Discard.HUMAN or node.id in ground.options.without
