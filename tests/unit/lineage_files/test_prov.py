"""PROV documents written by the package `prov` are read as the lineages that they describe."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from prov.model import XSD, Literal, ProvDocument

from sluicegate.adapters.lineage.prov import CAUSES, NAMESPACE
from sluicegate.adapters.lineage.reading import read_content
from sluicegate.lineage.document import Compute, HumanChange, Node, NodeKind
from sluicegate.services.lineage.asking import built
from sluicegate.services.ports.lineage import LineageFormat, LineageInputError, StatedLineage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def document() -> ProvDocument:
    made = ProvDocument()
    made.add_namespace("ex", "https://invented.example/")
    made.add_namespace("sluicegate", NAMESPACE)
    return made


def read(made: ProvDocument) -> StatedLineage:
    found = read_content(str(made.serialize(format="json")).encode())
    assert found.format is LineageFormat.PROV
    (stated,) = found.lineages
    return stated


def nodes(stated: StatedLineage) -> dict[str, Node]:
    assert stated.faults == ()
    return {one.id: one for one in stated.nodes}


def own(made: ProvDocument, word: str) -> Any:
    return made.valid_qualified_name(f"sluicegate:{word}")


def test_activities_entities_and_agents_become_nodes() -> None:
    made = document()
    made.activity("ex:train", NOON, None, {"prov:type": own(made, "run"), "sluicegate:flop": "9"})
    made.activity("ex:clean")
    made.entity("ex:weights", {"prov:type": own(made, "model"), "prov:label": "Heron"})
    made.entity("ex:corpus", {"sluicegate:published": True})
    made.agent("ex:editor", {"prov:type": made.valid_qualified_name("prov:Person")})
    made.agent("ex:tool")
    found = nodes(read(made))
    assert {name: one.kind for name, one in found.items()} == {
        "ex:train": NodeKind.RUN,
        "ex:clean": NodeKind.OTHER,
        "ex:weights": NodeKind.MODEL,
        "ex:corpus": NodeKind.DATA,
        "ex:editor": NodeKind.HUMAN,
        "ex:tool": NodeKind.OTHER,
    }
    assert (found["ex:weights"].label, found["ex:corpus"].label) == ("Heron", "")
    assert found["ex:train"].started == date(2026, 3, 1)
    assert found["ex:corpus"].published is True
    assert found["ex:corpus"].compute is None
    assert found["ex:clean"].compute == Compute(None)


@pytest.mark.parametrize(
    ("value", "flop"),
    [
        ("1.31e26", 131 * 10**24),
        (10**25, 10**25),
        (1.1e25, 11 * 10**24),
        (Literal("15e23", XSD["decimal"]), 15 * 10**23),
    ],
)
def test_figures_are_what_was_written(value: Any, flop: int) -> None:
    made = document()
    made.activity("ex:a", None, None, {"sluicegate:flop": value})
    compute = nodes(read(made))["ex:a"].compute
    assert compute is not None
    assert compute.central == flop


def test_relations_become_edges_from_cause_to_effect() -> None:
    made = document()
    for name in ("ex:a", "ex:b"):
        made.activity(name)
    for name in ("ex:x", "ex:y", "ex:z"):
        made.entity(name)
    made.agent("ex:g")
    made.agent("ex:h")
    made.used("ex:a", "ex:x")
    made.wasGeneratedBy("ex:y", "ex:a")
    made.wasInformedBy("ex:b", "ex:a")
    made.wasDerivedFrom("ex:z", "ex:y", activity="ex:b")
    made.wasStartedBy("ex:b", trigger="ex:x", starter="ex:a")
    made.wasEndedBy("ex:b", trigger="ex:y")
    made.wasAttributedTo("ex:x", "ex:g")
    made.wasAssociatedWith("ex:a", "ex:g", plan="ex:x")
    made.actedOnBehalfOf("ex:g", "ex:h")
    made.wasInfluencedBy("ex:z", "ex:x")
    made.specializationOf("ex:z", "ex:y")
    made.hadMember("ex:z", "ex:x")
    made.wasInvalidatedBy("ex:x", "ex:b")
    made.alternateOf("ex:x", "ex:y")
    found = {(cause, target) for cause, target, _ in read(made).edges}
    assert found == {
        ("ex:x", "ex:a"),
        ("ex:a", "ex:y"),
        ("ex:a", "ex:b"),
        ("ex:y", "ex:z"),
        ("ex:b", "ex:z"),
        ("ex:x", "ex:b"),
        ("ex:y", "ex:b"),
        ("ex:g", "ex:x"),
        ("ex:g", "ex:a"),
        ("ex:h", "ex:g"),
        ("ex:x", "ex:z"),
    }
    assert len(built(read(made)).nodes) == 7


def test_every_relation_that_is_read_is_one_that_the_package_knows() -> None:
    from prov.model import PROV_REC_CLS

    known = {str(name.localpart) for name in list(PROV_REC_CLS)}
    assert set(CAUSES) <= known


def test_a_human_change_on_a_relation_cuts_it() -> None:
    made = document()
    told: Any = {
        "sluicegate:human_substantial_change": True,
        "sluicegate:evidence": "edit log",
        "sluicegate:on": "2026-02-01",
    }
    made.used("ex:a", "ex:x", other_attributes=told)
    (edge,) = read(made).edges
    assert edge == ("ex:x", "ex:a", HumanChange("edit log", "", date(2026, 2, 1)))


def test_an_influence_stated_not_to_be_one_is_a_statement_of_independence() -> None:
    made = document()
    made.entity("ex:x")
    told: Any = {
        "sluicegate:independent": True,
        "sluicegate:reason": "other machines",
        "sluicegate:evidence": "floor plan",
    }
    made.wasInfluencedBy("ex:y", "ex:x", other_attributes=told)
    made.wasInfluencedBy("ex:z", "ex:x", other_attributes={"sluicegate:independent": True})
    found = read(made)
    assert [(one.cause, one.target) for one in found.independence] == [("ex:x", "ex:y")]
    assert (list(found.edges), len(found.left_out)) == ([], 1)


def test_what_only_relations_name_is_a_node_and_an_activity_is_undisclosed() -> None:
    made = document()
    made.wasGeneratedBy("ex:y", "ex:a")
    found = nodes(read(made))
    assert (found["ex:a"].kind, found["ex:a"].compute) == (NodeKind.OTHER, Compute(None))
    assert (found["ex:y"].kind, found["ex:y"].compute) == (NodeKind.DATA, None)


def test_an_organisation_is_the_developer_and_no_node() -> None:
    made = document()
    kind = made.valid_qualified_name("prov:Organization")
    made.agent("ex:lab", {"prov:type": kind, "prov:label": "Alder Reach Labs"})
    made.entity("ex:m", {"prov:type": own(made, "model")})
    made.wasAttributedTo("ex:m", "ex:lab")
    found = nodes(read(made))
    assert list(found) == ["ex:m"]
    assert found["ex:m"].developer == "Alder Reach Labs"


def test_bundles_belong_to_the_same_lineage_and_records_of_one_thing_are_joined() -> None:
    made = document()
    made.activity("ex:a", None, None, {"sluicegate:flop": "5"})
    bundle = made.bundle("ex:bundle")
    bundle.activity("ex:a", None, None, {"sluicegate:role": "base"})
    bundle.wasGeneratedBy("ex:y", "ex:a")
    found = nodes(read(made))
    assert found["ex:a"].role == "base"
    assert found["ex:a"].compute == Compute(5, 5, 5)


def test_bad_attributes_are_faults_and_unknown_ones_are_noted() -> None:
    made = document()
    made.activity("ex:a", None, None, {"sluicegate:flop": "much", "sluicegate:colour": "red"})
    found = read(made)
    assert [(one.field, one.nodes) for one in found.faults] == [("flop", ("ex:a",))]
    assert found.unknown == ("sluicegate:colour",)


@pytest.mark.parametrize(
    "text", ['{"entity": [', '{"entity": 3}', '{"entity": {"ex:a": {}}, "nonsense": {}}']
)
def test_what_is_no_prov_is_refused(text: str) -> None:
    with pytest.raises(LineageInputError):
        read_content(text.encode(), LineageFormat.PROV)


def test_a_written_document_gives_the_same_after_another_round() -> None:
    made = document()
    made.activity("ex:a", NOON, NOON, {"sluicegate:flop": "7", "sluicegate:storage": "disk"})
    made.used("ex:a", "ex:x")
    made.wasGeneratedBy("ex:y", "ex:a")
    text = str(made.serialize(format="json"))
    again = ProvDocument.deserialize(content=text, format="json").serialize(format="json")
    assert json.loads(text) == json.loads(str(again))
    first, second = (read_content(str(one).encode()).lineages[0] for one in (text, again))
    assert (first.nodes, list(first.edges)) == (second.nodes, list(second.edges))
