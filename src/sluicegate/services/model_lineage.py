"""The lineage of a model as the node itself knows it: declared and metered runs, joined
with what kept lineages state of the same runs.

Runs of a model come before it; a fine-tuning run comes after the model that it began
with. A run's accounts, clusters and fabrics are its physical paths, so that earlier
runs on them are presumed causes as the scheme asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sluicegate.core.quantities import Exact, flop_text, whole
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import Compute, HumanChange, Lineage, Node, NodeKind
from sluicegate.metering.runs import MeteredRun
from sluicegate.registry.records import Cluster, DeclaredRun
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.measuring import Measure, gang_rules
from sluicegate.services.meter import Dimension, assemble_runs, meter
from sluicegate.services.ports.lineage import Edge, LineageVersion

METERED, DECLARED, BORNE_OUT = "metered", "declared", "declared, within the metered bounds"
_FINETUNE = "finetune"
_ROLES: Mapping[str, str] = {
    _FINETUNE: "finetune",
    "pretrain": "base",
    "pretraining": "base",
    "base": "base",
}
"""Kind of a declared run → the role it has for the model; other kinds tell none."""


@dataclass(frozen=True, slots=True)
class FigureGap:
    """A figure that somebody declared for a run, beside what the meter says; in FLOP.

    `source` is the registry or the lineage that declares it. `is_within` says whether
    it lies within the metered bounds; `difference` is metered (central) less declared.
    """

    run: str
    source: str
    declared: Exact
    low: Exact
    metered: Exact
    high: Exact

    @property
    def is_within(self) -> bool:
        """Whether the meter bears the figure out."""
        return self.low <= self.declared <= self.high

    @property
    def difference(self) -> Exact:
        """Metered less declared."""
        return whole(self.metered - self.declared)

    def as_row(self) -> dict[str, Any]:
        """Return it as a row; FLOP as decimal text."""
        return {
            "run": self.run,
            "source": self.source,
            "declared": flop_text(self.declared),
            "metered": flop_text(self.metered),
            "low": flop_text(self.low),
            "high": flop_text(self.high),
            "difference": flop_text(self.difference),
            "within_bounds": self.is_within,
        }


@dataclass(frozen=True, slots=True)
class DrawnFromNode:
    """A lineage drawn from a node: its graph, the models asked about, where figures differ.

    `joined` are the kept lineages that state the same runs or the model.
    """

    lineage: Lineage
    models: tuple[str, ...]
    gaps: tuple[FigureGap, ...]
    joined: tuple[LineageVersion, ...]


@dataclass
class _Drawing:
    """A graph as it is drawn."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    independence: list[Any] = field(default_factory=list)
    gaps: list[FigureGap] = field(default_factory=list)
    stated: set[str] = field(default_factory=set)
    """Nodes that a kept lineage states."""


def draw_model(desk: Desk, measure: Measure, model_id: str) -> DrawnFromNode:
    """Return the lineage of a model as the node knows it, on the day of the measure.

    Raises:
        RefusedError.
        NotFoundError: no declared run and no kept lineage has the model.
        GraphError: what is joined is no graph.
    """
    desk.must(Action.LINEAGE_READ)
    declared = [
        one
        for one in desk.store.records("runs", as_of=measure.as_of, known_on=measure.known_on)
        if isinstance(one, DeclaredRun)
    ]
    of_model = [one for one in declared if one.model_id == model_id]
    metered = _metered(desk, measure, declared)
    drawing = _Drawing()
    _add_runs(drawing, declared, metered, _Paths.of(desk, measure))
    models = _add_models(drawing, model_id, of_model)
    ours = {model_id, *(str(one.run_id) for one in of_model)}
    joined = tuple(_join(drawing, desk, measure, ours, {run.run_key: run for run in metered}))
    if not of_model and not joined:
        raise NotFoundError("model", model_id)
    lineage = lineage_of(drawing.nodes.values(), drawing.edges, drawing.independence)
    gaps = tuple(gap for gap in drawing.gaps if gap.run in ours or gap.run in drawing.stated)
    return DrawnFromNode(lineage, models, gaps, joined)


def _metered(desk: Desk, measure: Measure, declared: Sequence[DeclaredRun]) -> Sequence[MeteredRun]:
    measure.lake.refresh_daily([one.batch for one in desk.store.usage_batches()])
    law = Law(measure.book, measure.as_of, measure.known_day)
    return assemble_runs(
        measure.lake,
        desk.store,
        measure.settings(),
        gang_rules(law),
        declared,
        as_of=measure.as_of,
        known_on=measure.known_on,
    )


@dataclass(frozen=True, slots=True)
class _Paths:
    """The physical paths of runs: accounts by run id, fabrics by cluster."""

    accounts: Mapping[str, tuple[str, ...]]
    fabrics: Mapping[str, str]

    @classmethod
    def of(cls, desk: Desk, measure: Measure) -> _Paths:
        """Read what the registry and the meter say."""
        rows = meter(
            measure.lake,
            desk.store,
            measure.settings(),
            by=[Dimension.RUN, Dimension.ACCOUNT],
            as_of=measure.as_of,
            known_on=measure.known_on,
        )
        accounts: dict[str, dict[str, None]] = {}
        for row in rows:
            run, account = row.dims["run"], row.dims["account"]
            if run and account:
                accounts.setdefault(run, {})[account] = None
        clusters = desk.store.records("clusters", as_of=measure.as_of, known_on=measure.known_on)
        fabrics = {
            str(one.cluster_id): one.fabric_id
            for one in clusters
            if isinstance(one, Cluster) and one.fabric_id
        }
        return cls({run: tuple(found) for run, found in accounts.items()}, fabrics)

    def accounts_of(self, customer: str, run: str | None) -> tuple[str, ...]:
        """Return the accounts of a run: its customer's own, and those it was billed through."""
        return tuple(dict.fromkeys((customer, *self.accounts.get(run or "", ()))))

    def fabrics_of(self, clusters: Iterable[str]) -> tuple[str, ...]:
        """Return what joins a run's machines: its clusters, and the fabrics they stand on."""
        found: dict[str, None] = {}
        for cluster in clusters:
            found[f"cluster {cluster}"] = None
            if cluster in self.fabrics:
                found[f"fabric {self.fabrics[cluster]}"] = None
        return tuple(found)


def _add_runs(
    drawing: _Drawing,
    declared: Sequence[DeclaredRun],
    metered: Sequence[MeteredRun],
    paths: _Paths,
) -> None:
    """Enter every run of the node, so that what came earlier on the same paths is presumed."""
    found = {str(run.declared.run_id): run for run in metered if run.declared is not None}
    for one in declared:
        name = str(one.run_id)
        run = found.get(name)
        drawing.nodes[name] = replace(
            _run_node(name, str(one.customer_id), one, run, paths),
            compute=_compute(drawing, name, one, run),
        )
    for run in metered:
        if run.declared is None:
            node = _run_node(run.run_key, run.customer_id, None, run, paths)
            drawing.nodes[run.run_key] = replace(node, compute=_metered_compute(run))


def _run_node(
    name: str, customer: str, one: DeclaredRun | None, run: MeteredRun | None, paths: _Paths
) -> Node:
    started: date | None = None if one is None else one.planned_start
    ended: date | None = None if one is None else one.planned_end
    if run is not None:
        started, ended = run.start, run.end - timedelta(days=1)
    return Node(
        name,
        NodeKind.RUN,
        role=None if one is None else _ROLES.get(one.kind or ""),
        developer=customer,
        started=started,
        ended=ended,
        accounts=paths.accounts_of(customer, None if run is None else run.run_id),
        fabrics=paths.fabrics_of(() if run is None else run.cluster_ids),
    )


def _compute(drawing: _Drawing, name: str, one: DeclaredRun, run: MeteredRun | None) -> Compute:
    """Return a run's compute: declared where the meter bears it out, else metered.

    A run that the meter does not know has what was declared; nothing declared is not
    disclosed.
    """
    if run is None:
        source = "" if one.declared_flop is None else DECLARED
        return Compute.of(one.declared_flop, source=source)
    return _judged(drawing, name, "registry", one.declared_flop, run)


def _judged(
    drawing: _Drawing, name: str, source: str, declared: Exact | None, run: MeteredRun
) -> Compute:
    """Return the figure that counts of a declared and a metered one, and note the gap."""
    if declared is None:
        return _metered_compute(run)
    estimate = run.estimate
    gap = FigureGap(name, source, declared, estimate.low, estimate.central, estimate.high)
    drawing.gaps.append(gap)
    if not gap.is_within:
        return _metered_compute(run)
    return Compute(declared, estimate.low, estimate.high, BORNE_OUT)


def _metered_compute(run: MeteredRun) -> Compute:
    return Compute(run.estimate.central, run.estimate.low, run.estimate.high, METERED)


def _add_models(
    drawing: _Drawing, model_id: str, of_model: Sequence[DeclaredRun]
) -> tuple[str, ...]:
    """Enter the model after its runs, and each fine-tuned one after it.

    A model of which only fine-tuning is known has undisclosed compute.
    """
    makers = [one for one in of_model if one.kind != _FINETUNE]
    unknown = None if makers or not of_model else Compute.of(None)
    owners = {str(one.customer_id) for one in makers}
    developer = owners.pop() if len(owners) == 1 else None
    drawing.nodes[model_id] = Node(model_id, NodeKind.MODEL, compute=unknown, developer=developer)
    drawing.edges += [(str(one.run_id), model_id, None) for one in makers]
    models = [model_id]
    for one in of_model:
        if one.kind == _FINETUNE:
            tuned = f"{model_id}+{one.run_id}"
            drawing.nodes[tuned] = Node(tuned, NodeKind.MODEL, developer=str(one.customer_id))
            run = str(one.run_id)
            drawing.edges += [(model_id, run, None), (run, tuned, None)]
            models.append(tuned)
    return tuple(models)


def _join(
    drawing: _Drawing,
    desk: Desk,
    measure: Measure,
    ours: set[str],
    metered: Mapping[str, MeteredRun],
) -> Iterator[LineageVersion]:
    """Join the kept lineages that have one of the runs, or the model, as a node."""
    by_run = {run.run_id: run for run in metered.values() if run.run_id}
    for version in desk.store.lineages.current(known_on=measure.known_on):
        lineage = desk.store.lineages.read(version)
        if ours.isdisjoint(lineage.places):
            continue
        names = _names(drawing, lineage, version, ours)
        for node in lineage.nodes:
            _merge(drawing, replace(node, id=names[node.id]), version, by_run)
        drawing.edges += _edges(lineage, names)
        drawing.independence += [
            replace(
                one,
                cause=names.get(one.cause, one.cause),
                target=names.get(one.target, one.target),
            )
            for one in lineage.independence
        ]
        yield version


def _names(
    drawing: _Drawing, lineage: Lineage, version: LineageVersion, ours: set[str]
) -> Mapping[str, str]:
    """Return id in a lineage → id in the drawing.

    Runs and models of the node keep their ids; another id that is taken gets the name
    of its lineage before it.
    """
    known = ours | {name for name, node in drawing.nodes.items() if node.kind is NodeKind.RUN}
    return {
        node.id: f"{version.name}/{node.id}"
        if node.id in drawing.nodes and node.id not in known
        else node.id
        for node in lineage.nodes
    }


def _edges(lineage: Lineage, names: Mapping[str, str]) -> Iterator[Edge]:
    for place, node in enumerate(lineage.nodes):
        for cause in lineage.causes(place):
            change: HumanChange | None = lineage.cuts.get((cause, place))
            yield names[lineage.nodes[cause].id], names[node.id], change


def _merge(
    drawing: _Drawing, node: Node, version: LineageVersion, metered: Mapping[str, MeteredRun]
) -> None:
    """Enter a stated node, or add what it states to what the node knows of it."""
    drawing.stated.add(node.id)
    known = drawing.nodes.get(node.id)
    if known is None:
        drawing.nodes[node.id] = node
        return
    run = metered.get(node.id)
    stated = None if node.compute is None else node.compute.central
    compute = known.compute
    if run is not None and stated is not None:
        compute = _judged(drawing, node.id, f"{version.source}/{version.name}", stated, run)
    elif node.compute is not None and (compute is None or compute.central is None):
        compute = node.compute
    drawing.nodes[node.id] = replace(
        node,
        compute=compute,
        role=node.role or known.role,
        developer=node.developer or known.developer,
        started=known.started or node.started,
        ended=known.ended or node.ended,
        storage=node.storage,
        accounts=tuple(dict.fromkeys((*known.accounts, *node.accounts))),
        fabrics=tuple(dict.fromkeys((*known.fabrics, *node.fabrics))),
    )
