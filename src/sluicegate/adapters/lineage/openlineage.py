"""OpenLineage events as a lineage: JSON lines, a list of events, or one event.

The events of a run are joined by its id. A run is caused by what it reads and
causes what it writes. A dataset that is written again is another node from then
on, `name@run`: who reads it later reads that. Runs are put in order of their
last event, so that no run is a cause of what ended before it, and no cycle is made.
Compute stands in the run facet `sluicegate_compute`, what a dataset is in the
dataset facet `sluicegate_node`, a human's change in the input facet
`sluicegate_change`; their fields are those of `lineage.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sluicegate.adapters.lineage.fields import (
    EDGE_FIELDS,
    NODE_FIELDS,
    FieldError,
    change_of,
    node_of,
    shown,
)
from sluicegate.adapters.lineage.native import whole_fault
from sluicegate.core.calendars import parse_instant
from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.core.reasons import say
from sluicegate.lineage.document import HumanChange, Node
from sluicegate.services.ports.lineage import (
    Edge,
    InputFault,
    LineageInputError,
    StatedLineage,
)

COMPUTE = "sluicegate_compute"
NODE = "sluicegate_node"
CHANGE = "sluicegate_change"
_FAILED = ("ABORT", "FAIL")
_ANEW = frozenset({"CREATE", "OVERWRITE", "TRUNCATE"})
"""Changes of a dataset after which nothing of its earlier state is left."""

Facets = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Dataset:
    """A dataset as one event names it."""

    name: str
    version: str
    facets: Facets
    is_anew: bool


@dataclass
class _Run:
    """The events of a run, joined: a later event adds to what earlier ones said."""

    name: str
    label: str = ""
    first: datetime | None = None
    last: datetime | None = None
    state: str = ""
    facets: dict[str, Any] = field(default_factory=dict)
    inputs: dict[tuple[str, str], _Dataset] = field(default_factory=dict)
    outputs: dict[tuple[str, str], _Dataset] = field(default_factory=dict)

    @property
    def order(self) -> tuple[float, float, str]:
        """Where the run stands: by its last event, then its first, then its id."""
        last = 0.0 if self.last is None else self.last.timestamp()
        first = 0.0 if self.first is None else self.first.timestamp()
        return last, first, self.name


@dataclass
class _Stated:
    """What events state, as it is gathered."""

    nodes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    faults: list[InputFault] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


def read_events(text: str) -> tuple[tuple[StatedLineage, ...], tuple[InputFault, ...]]:
    """Return the one lineage of the events, and the events that could not be read.

    Raises:
        LineageInputError: not one event could be read.
    """
    left_out: list[InputFault] = []
    runs: dict[str, _Run] = {}
    facets: dict[str, dict[str, Any]] = {}
    count = 0
    for place, event in _events(text, left_out):
        try:
            _take(event, runs, facets)
            count += 1
        except FieldError as fault:
            left_out.append(
                InputFault(place, fault.field, fault.nodes, fault.problem, fault.way_out)
            )
    if not count:
        problem, way_out = say("holds no event that can be read"), say("give OpenLineage events")
        raise LineageInputError(left_out or [whole_fault("events", problem, way_out)])
    return (_lineage(runs, facets),), tuple(left_out)


def _events(text: str, left_out: list[InputFault]) -> Iterator[tuple[str, Any]]:
    """Yield each event with its place; a line that is no JSON is left out."""
    if text.lstrip()[:1] == "[":
        for number, event in enumerate(_json(text)):
            yield f"[{number}]", event
        return
    is_first = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", load_json(line)
        except ExactTextError as error:
            whole = _whole(text) if is_first else None
            if whole is not None:
                yield "event", whole
                return
            problem = say("is not JSON: {why}", why=str(error).removeprefix("not JSON: "))
            way_out = say("write each event on a line of its own")
            left_out.append(InputFault(f"line {number}", "json", (), problem, way_out))
        is_first = False


def _json(text: str) -> list[Any]:
    try:
        found: list[Any] = load_json(text)
    except ExactTextError as error:
        problem = say("is not JSON: {why}", why=str(error).removeprefix("not JSON: "))
        fault = whole_fault("json", problem, say("mend the file"))
        raise LineageInputError([fault]) from error
    return found


def _whole(text: str) -> Any | None:
    """Return a text that is one event over many lines, or None."""
    try:
        return load_json(text)
    except ExactTextError:
        return None


def _take(event: Any, runs: dict[str, _Run], facets: dict[str, dict[str, Any]]) -> None:
    """Join an event to those of its run, or what it says of a dataset to that."""
    if not isinstance(event, Mapping):
        raise FieldError(
            "event", say("{value} is no object", value=shown(event)), say("write one event")
        )
    at = _instant(event)
    inputs = list(_datasets(event, "inputs", "inputFacets"))
    outputs = list(_datasets(event, "outputs", "outputFacets"))
    told = [*inputs, *outputs]
    if isinstance(event.get("dataset"), Mapping):
        told.append(_dataset(event["dataset"], "datasetFacets"))
    for one in told:
        facets.setdefault(one.name, {}).update(one.facets)
    if "run" not in event:
        if "job" in event or "dataset" in event:
            return  # An event of design time: nothing was computed.
        problem = say("names no run, job or dataset")
        raise FieldError("run", problem, say("write an event as OpenLineage defines it"))
    run = _run(event, runs)
    run.first = at if run.first is None else min(run.first, at)
    if run.last is None or at >= run.last:
        run.last = at
        run.state = str(event.get("eventType") or run.state)
    run.inputs.update({(one.name, one.version): one for one in inputs})
    run.outputs.update({(one.name, one.version): one for one in outputs})


def _run(event: Mapping[str, Any], runs: dict[str, _Run]) -> _Run:
    given = event["run"]
    name = given.get("runId") if isinstance(given, Mapping) else None
    if not isinstance(name, str) or not name:
        raise FieldError("runId", say("is missing"), say("give a text that is not empty"))
    run = runs.setdefault(name, _Run(name))
    facets = given.get("facets")
    if isinstance(facets, Mapping):
        run.facets.update(facets)
    job = event.get("job")
    if isinstance(job, Mapping) and not run.label:
        run.label = ".".join(
            str(job[part]) for part in ("namespace", "name") if isinstance(job.get(part), str)
        )
    return run


def _instant(event: Mapping[str, Any]) -> datetime:
    value = event.get("eventTime")
    try:
        if isinstance(value, str):
            return parse_instant(value)
    except ValueError:
        pass
    raise FieldError(
        "eventTime",
        say("is missing")
        if value is None
        else say("{value} is no instant with an offset", value=shown(value)),
        say("write it as 2026-01-31T09:00:00Z"),
    )


def _datasets(event: Mapping[str, Any], field_name: str, more: str) -> Iterator[_Dataset]:
    value = event.get(field_name) or []
    if not isinstance(value, list):
        raise FieldError(field_name, say("is no list"), say("write a list in brackets"))
    for one in value:
        yield _dataset(one, more)


def _dataset(given: Any, more: str) -> _Dataset:
    space = given.get("namespace") if isinstance(given, Mapping) else None
    name = given.get("name") if isinstance(given, Mapping) else None
    if not (isinstance(space, str) and isinstance(name, str) and name):
        problem = say("lacks a namespace or a name")
        raise FieldError("dataset", problem, say("write an event as OpenLineage defines it"))
    facets: dict[str, Any] = {}
    for part in ("facets", more):
        if isinstance(given.get(part), Mapping):
            facets.update(given[part])
    change = _facet(facets, "lifecycleStateChange").get("lifecycleStateChange")
    version = _facet(facets, "version").get("datasetVersion")
    return _Dataset(
        f"{space}/{name}", version if isinstance(version, str) else "", facets, change in _ANEW
    )


def _facet(facets: Facets, name: str) -> Mapping[str, Any]:
    found = facets.get(name)
    return found if isinstance(found, Mapping) else {}


def _lineage(runs: Mapping[str, _Run], facets: Mapping[str, Facets]) -> StatedLineage:
    stated = _Stated()
    in_order = sorted(runs.values(), key=lambda run: run.order)
    states = _States(in_order, facets)
    for run in in_order:
        stated.nodes[run.name] = _run_node(run, stated)
        for one in run.inputs.values():
            name = states.read(one, stated)
            stated.edges.append((name, run.name, _change(one, run, stated)))
        for one in run.outputs.values():
            name = states.write(one, run, stated)
            stated.edges.append((run.name, name, None))
    for run in in_order:
        stated.edges.extend(_between_runs(run, runs))
    return StatedLineage(
        tuple(_nodes(stated)),
        stated.edges,
        faults=tuple(stated.faults),
        unknown=tuple(sorted(stated.unknown)),
    )


class _States:
    """The states of each dataset, as runs write one after another."""

    def __init__(self, runs: Iterable[_Run], facets: Mapping[str, Facets]) -> None:
        self._facets = facets
        self._last: dict[str, str] = {}
        writes: dict[str, int] = {}
        self._is_changing: set[str] = set()
        for run in runs:
            for name, version in run.inputs:
                if not version and not writes.get(name):
                    writes[name] = 1
            for name, version in run.outputs:
                if not version:
                    writes[name] = writes.get(name, 0) + 1
                    if writes[name] > 1:
                        self._is_changing.add(name)

    def read(self, one: _Dataset, stated: _Stated) -> str:
        """Return the node that a run reads: the version named, else the last state."""
        if one.version:
            return self._noted(f"{one.name}@{one.version}", one, stated)
        held = self._last.get(one.name)
        return self._noted(one.name, one, stated) if held is None else held

    def write(self, one: _Dataset, run: _Run, stated: _Stated) -> str:
        """Return the node that a run writes; what it adds to stays a cause of it."""
        if one.version:
            name = self._noted(f"{one.name}@{one.version}", one, stated)
            self._last[one.name] = name
            return name
        before = self._last.get(one.name)
        changing = one.name in self._is_changing
        name = self._noted(f"{one.name}@{run.name}" if changing else one.name, one, stated)
        if before is not None and not one.is_anew:
            stated.edges.append((before, name, None))
        self._last[one.name] = name
        return name

    def _noted(self, name: str, one: _Dataset, stated: _Stated) -> str:
        """Enter a state of a dataset as a node; return its name."""
        if name not in stated.nodes:
            facets = self._facets.get(one.name, {})
            stated.nodes[name] = _dataset_node(name, one, facets, stated)
        self._last.setdefault(one.name, name)
        return name


def _run_node(run: _Run, stated: _Stated) -> Mapping[str, Any]:
    given = _known(_facet(run.facets, COMPUTE), NODE_FIELDS, stated)
    given = {"kind": "run", "label": run.label, "flop": None, **given, "id": run.name}
    if run.first is not None and run.last is not None:
        given.setdefault("started", run.first.date().isoformat())
        given.setdefault("ended", run.last.date().isoformat())
    if run.state in _FAILED:
        given.setdefault("discarded_by", "failure")
    return given


def _dataset_node(name: str, one: _Dataset, facets: Facets, stated: _Stated) -> Mapping[str, Any]:
    given = _known(_facet({**facets, **one.facets}, NODE), NODE_FIELDS, stated)
    kind = _facet({**facets, **one.facets}, "datasetType").get("datasetType")
    is_model = isinstance(kind, str) and kind.upper() == "MODEL"
    return {"kind": "model" if is_model else "data", "label": one.name, **given, "id": name}


def _change(one: _Dataset, run: _Run, stated: _Stated) -> HumanChange | None:
    try:
        return change_of(_known(_facet(one.facets, CHANGE), EDGE_FIELDS, stated))
    except FieldError as fault:
        stated.faults.append(_told(run.name, fault))
        return None


def _between_runs(run: _Run, runs: Mapping[str, _Run]) -> Iterator[Edge]:
    """Yield edges from runs that a run names: the one that started it, and those before it.

    Only runs that have events of their own are nodes. One that started others and
    itself reads what they wrote would be both cause and effect: it is no cause here.
    """
    parent = runs.get(_run_id(_facet(run.facets, "parent")))
    if parent is not None and parent is not run and not parent.inputs and not _upstream(parent):
        yield parent.name, run.name, None
    for name in _upstream(run):
        cause = runs.get(name)
        if cause is not None and cause.order < run.order:
            yield cause.name, run.name, None


def _upstream(run: _Run) -> list[str]:
    """Return the ids of the runs that a run is said to follow."""
    named = _facet(run.facets, "jobDependencies").get("upstream")
    many = named if isinstance(named, list) else []
    return [_run_id(one) for one in many if isinstance(one, Mapping)]


def _run_id(given: Mapping[str, Any]) -> str:
    return str(_facet(given, "run").get("runId", ""))


def _known(given: Mapping[str, Any], known: frozenset[str], stated: _Stated) -> dict[str, Any]:
    own = {name: value for name, value in given.items() if not name.startswith("_")}
    stated.unknown.update(own.keys() - known)
    return {name: value for name, value in own.items() if name in known}


def _nodes(stated: _Stated) -> Iterator[Node]:
    for name, given in stated.nodes.items():
        try:
            yield node_of(given)
        except FieldError as fault:
            stated.faults.append(_told(name, fault))


def _told(place: str, fault: FieldError) -> InputFault:
    return InputFault(place, fault.field, fault.nodes, fault.problem, fault.way_out)
