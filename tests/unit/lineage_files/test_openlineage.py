"""Events written by the official OpenLineage client are read as the lineage of their runs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import attr
import pytest
from openlineage.client.event_v2 import (
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
)
from openlineage.client.facet_v2 import (
    DatasetFacet,
    InputDatasetFacet,
    RunFacet,
    dataset_type_dataset,
    dataset_version_dataset,
    lifecycle_state_change_dataset,
    parent_run,
)
from openlineage.client.serde import Serde

from sluicegate.adapters.lineage.openlineage import CHANGE, COMPUTE, NODE
from sluicegate.adapters.lineage.reading import read_content
from sluicegate.lineage.document import Compute, Discard, HumanChange, Node, NodeKind
from sluicegate.services.lineage.asking import built
from sluicegate.services.ports.lineage import (
    LineageFile,
    LineageFormat,
    LineageInputError,
    StatedLineage,
)

PRODUCER = "https://invented.example/scheduler"
SPACE = "s3://invented"


@attr.define
class ComputeFacet(RunFacet):
    flop: str | None = attr.field(default=None)
    flop_low: str | None = attr.field(default=None)
    role: str | None = attr.field(default=None)
    colour: str | None = attr.field(default=None)


@attr.define
class NodeFacet(DatasetFacet):
    kind: str = attr.field(default="output")
    published: bool | None = attr.field(default=None)


@attr.define
class ChangeFacet(InputDatasetFacet):
    human_substantial_change: bool = attr.field(default=True)
    evidence: str = attr.field(default="edit log")


def run_id(number: int) -> str:
    return str(uuid.UUID(int=number))


def event(
    number: int,
    state: RunState,
    hour: int,
    *,
    reads: Sequence[InputDataset] = (),
    writes: Sequence[OutputDataset] = (),
    **facets: RunFacet,
) -> RunEvent:
    return RunEvent(
        eventType=state,
        eventTime=f"2026-03-01T{hour:02}:00:00+00:00",
        run=Run(run_id(number), dict(facets)),
        job=Job("lab", f"job-{number}"),
        producer=PRODUCER,
        inputs=list(reads),
        outputs=list(writes),
    )


def whole(number: int, hour: int, **given: Any) -> RunEvent:
    return event(number, RunState.COMPLETE, hour, **given)


def reading(name: str, **facets: Any) -> InputDataset:
    return InputDataset(SPACE, name, inputFacets=facets)


def writing(name: str, **facets: Any) -> OutputDataset:
    return OutputDataset(SPACE, name, facets=facets)


def lines(*events: Any) -> str:
    return "\n".join(Serde.to_json(one) for one in events)


def file_of(*events: Any) -> LineageFile:
    found = read_content(lines(*events).encode())
    assert found.format is LineageFormat.OPENLINEAGE
    return found


def read(*events: Any) -> StatedLineage:
    (found,) = file_of(*events).lineages
    assert found.faults == ()
    return found


def nodes(stated: StatedLineage) -> dict[str, Node]:
    return {one.id: one for one in stated.nodes}


def ends(stated: StatedLineage) -> set[tuple[str, str]]:
    return {(cause, target) for cause, target, _ in stated.edges}


def test_the_events_of_a_run_are_joined() -> None:
    facet = ComputeFacet(flop="1.31e26", flop_low="1e26", role="base")
    found = read(
        event(1, RunState.START, 1, reads=[reading("corpus")], sluicegate_compute=facet),
        event(1, RunState.RUNNING, 2, reads=[reading("more")]),
        whole(1, 3, writes=[writing("weights")]),
    )
    run = nodes(found)[run_id(1)]
    assert run.compute == Compute(131 * 10**24, 10**26, 131 * 10**24)
    assert (run.kind, run.role, run.label) == (NodeKind.RUN, "base", "lab.job-1")
    assert (run.started, run.ended, run.discarded_by) == (date(2026, 3, 1),) * 2 + (None,)
    assert ends(found) == {
        (f"{SPACE}/corpus", run_id(1)),
        (f"{SPACE}/more", run_id(1)),
        (run_id(1), f"{SPACE}/weights"),
    }


@pytest.mark.parametrize("state", [RunState.FAIL, RunState.ABORT])
def test_a_run_that_fails_is_discarded_by_failure(state: RunState) -> None:
    found = nodes(read(event(1, RunState.START, 1), event(1, state, 2)))
    assert found[run_id(1)].discarded_by is Discard.FAILURE


def test_a_run_that_does_not_tell_its_compute_is_undisclosed() -> None:
    assert nodes(read(whole(1, 1)))[run_id(1)].compute == Compute(None)


def test_a_dataset_says_what_it_is() -> None:
    model = dataset_type_dataset.DatasetTypeDatasetFacet("MODEL")
    answer = NodeFacet(published=True)
    found = nodes(
        read(whole(1, 1, writes=[writing("w", datasetType=model), writing("a", **{NODE: answer})]))
    )
    assert found[f"{SPACE}/w"].kind is NodeKind.MODEL
    assert (found[f"{SPACE}/a"].kind, found[f"{SPACE}/a"].published) == (NodeKind.OUTPUT, True)


def test_a_dataset_written_again_is_another_node_that_rests_on_the_one_before() -> None:
    found = read(
        whole(1, 1, writes=[writing("d")]),
        whole(2, 2, reads=[reading("d")], writes=[writing("d")]),
        whole(3, 3, reads=[reading("d")]),
    )
    first, second = (f"{SPACE}/d@{run_id(number)}" for number in (1, 2))
    assert ends(found) == {
        (run_id(1), first),
        (first, run_id(2)),
        (run_id(2), second),
        (first, second),
        (second, run_id(3)),
    }
    built(found)


def test_what_stood_before_the_first_writer_keeps_its_name() -> None:
    found = read(whole(1, 1, reads=[reading("d")], writes=[writing("d")]))
    after = f"{SPACE}/d@{run_id(1)}"
    assert ends(found) == {
        (f"{SPACE}/d", run_id(1)),
        (run_id(1), after),
        (f"{SPACE}/d", after),
    }


def test_a_dataset_made_anew_rests_on_nothing_before() -> None:
    anew = lifecycle_state_change_dataset.LifecycleStateChangeDatasetFacet(
        lifecycle_state_change_dataset.LifecycleStateChange.OVERWRITE
    )
    found = read(
        whole(1, 1, writes=[writing("d")]),
        whole(2, 2, writes=[writing("d", lifecycleStateChange=anew)]),
    )
    assert ends(found) == {(run_id(n), f"{SPACE}/d@{run_id(n)}") for n in (1, 2)}


def test_versions_of_a_dataset_are_nodes_of_their_own() -> None:
    version = dataset_version_dataset.DatasetVersionDatasetFacet
    old = InputDataset(SPACE, "d", facets={"version": version("1")})
    found = read(
        whole(1, 1, writes=[writing("d", version=version("1"))]),
        whole(2, 2, writes=[writing("d", version=version("2"))]),
        whole(3, 3, reads=[old]),
    )
    assert (f"{SPACE}/d@1", run_id(3)) in ends(found)
    assert (f"{SPACE}/d@2", run_id(3)) not in ends(found)


def test_runs_at_work_at_once_on_the_same_data_make_no_cycle() -> None:
    both = {"reads": [reading("a"), reading("b")], "writes": [writing("a"), writing("b")]}
    found = read(
        event(1, RunState.START, 1),
        event(2, RunState.START, 1),
        whole(1, 5, **both),
        whole(2, 5, **both),
    )
    assert len(built(found).nodes) == 8


def test_a_human_change_of_an_input_cuts_the_edge() -> None:
    (edge,) = read(whole(1, 1, reads=[reading("d", **{CHANGE: ChangeFacet()})])).edges
    assert edge == (f"{SPACE}/d", run_id(1), HumanChange("edit log"))


def test_a_run_is_caused_by_the_one_that_started_it() -> None:
    parent = parent_run.ParentRunFacet(
        parent_run.Run(run_id(1)), parent_run.Job("lab", "flow"), None
    )
    found = read(event(1, RunState.START, 1), whole(2, 2, parent=parent), whole(1, 3))
    assert ends(found) == {(run_id(1), run_id(2))}
    alone = read(whole(2, 2, parent=parent))
    assert ends(alone) == set()


def test_the_order_of_lines_does_not_matter() -> None:
    events = [
        event(1, RunState.START, 1, reads=[reading("a")]),
        whole(1, 2, writes=[writing("b")]),
        whole(2, 4, reads=[reading("b")], writes=[writing("b")]),
    ]
    first, second = read(*events), read(*reversed(events))
    assert (set(first.nodes), ends(first)) == (set(second.nodes), ends(second))


def test_a_list_one_event_and_lines_are_read_alike() -> None:
    one = Serde.to_dict(whole(1, 1, reads=[reading("a")]))
    for text in (json.dumps([one]), json.dumps(one, indent=2), json.dumps(one)):
        (found,) = read_content(text.encode()).lineages
        assert ends(found) == {(f"{SPACE}/a", run_id(1))}


def test_lines_that_cannot_be_read_are_left_out_with_their_place() -> None:
    good = Serde.to_json(whole(1, 1))
    broken = [
        "{bad",
        '{"eventTime": "2026-03-01T00:00:00Z"}',
        '{"eventTime": "soon", "run": {"runId": "x"}}',
        '{"eventTime": "2026-03-01T00:00:00Z", "run": {}}',
        '{"eventTime": "2026-03-01T00:00:00Z", "run": {"runId": "x"}, "inputs": [{"name": "d"}]}',
        "7",
    ]
    found = read_content("\n".join([good, *broken]).encode())
    assert [one.place for one in found.left_out] == [f"line {n}" for n in range(2, 8)]
    assert list(nodes(found.lineages[0])) == [run_id(1)]


def test_events_of_design_time_make_no_runs() -> None:
    job = JobEvent(eventTime="2026-03-01T00:00:00+00:00", job=Job("lab", "x"), producer=PRODUCER)
    assert read(job, whole(1, 1)).nodes == read(whole(1, 1)).nodes


def test_a_bad_facet_is_a_fault_and_an_unknown_field_is_noted() -> None:
    facet = ComputeFacet(flop="much", colour="red")
    (found,) = file_of(whole(1, 1, **{COMPUTE: facet})).lineages
    assert [(one.field, one.nodes) for one in found.faults] == [("flop", (run_id(1),))]
    assert found.unknown == ("colour",)


def test_a_file_without_one_good_event_is_refused() -> None:
    for text in ("[]", "[7]", '{"run": 3}'):
        with pytest.raises(LineageInputError):
            read_content(text.encode(), LineageFormat.OPENLINEAGE)
