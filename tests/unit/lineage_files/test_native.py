"""`lineage.json` is read exactly, and what is wrong in it is told by field, node and place."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.adapters.lineage.reading import detect, read_content
from sluicegate.core.phrases import Language
from sluicegate.lineage.document import (
    Compute,
    Discard,
    HumanChange,
    Node,
    NodeKind,
    Quantity,
)
from sluicegate.services.lineage.asking import built
from sluicegate.services.lineage.rows import lineage_document
from sluicegate.services.ports.lineage import (
    InputFault,
    LineageFormat,
    LineageInputError,
    StatedLineage,
)


def read(document: Any) -> StatedLineage:
    text = document if isinstance(document, str) else json.dumps(document)
    (found,) = read_content(text.encode()).lineages
    return found


def one_node(**given: Any) -> StatedLineage:
    return read({"nodes": [{"id": "a", "kind": "run", **given}]})


def node(**given: Any) -> Node:
    found = one_node(**given)
    assert found.faults == ()
    return found.nodes[0]


def only(faults: tuple[InputFault, ...]) -> InputFault:
    assert len(faults) == 1
    return faults[0]


@pytest.mark.parametrize(
    ("literal", "flop"),
    [
        ('"1.31e26"', 131 * 10**24),
        ('"131000000000000000000000000"', 131 * 10**24),
        ("131000000000000000000000000", 131 * 10**24),
        ("1.31e26", 131 * 10**24),
        ("1.1e25", 11 * 10**24),
        ('"0.5"', Fraction(1, 2)),
        ("0", 0),
        ("-3", -3),
    ],
)
def test_figures_are_exact_however_they_are_written(literal: str, flop: object) -> None:
    found = read(f'{{"nodes":[{{"id":"a","kind":"run","flop":{literal}}}]}}')
    assert found.nodes[0].compute == Compute(flop, flop, flop)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "compute"),
    [
        ({}, None),
        ({"flop": None}, Compute(None, 0, None)),
        ({"flop": None, "flop_low": "5", "flop_high": 9}, Compute(None, 5, 9)),
        ({"flop": 7, "flop_low": 5}, Compute(7, 5, 7)),
        ({"flop": 7, "flop_high": 9, "source": "a study"}, Compute(7, 7, 9, "a study")),
        ({"flop_low": 5}, Compute(None, 5, None)),
    ],
)
def test_a_bound_that_is_not_given_is_the_figure_itself(
    given: dict[str, Any], compute: Compute | None
) -> None:
    assert node(**given).compute == compute


def test_every_field_of_a_node_is_read() -> None:
    found = node(
        label="L",
        discarded_by="failure",
        role="student",
        developer="D",
        generator="g",
        share_of_training=0.1,
        published=False,
        date="2026-01-31",
        started="2026-01-01T23:00:00-08:00",
        ended="2026-01-30",
        storage="s",
        account="a1",
        accounts=["a2", "a1"],
        fabric=["f"],
        imports=["x"],
    )
    assert found == Node(
        "a",
        NodeKind.RUN,
        label="L",
        discarded_by=Discard.FAILURE,
        role="student",
        developer="D",
        generator="g",
        share_of_training=Fraction(1, 10),
        published=False,
        made_on=date(2026, 1, 31),
        started=date(2026, 1, 1),
        ended=date(2026, 1, 30),
        storage=("s",),
        accounts=("a2", "a1"),
        fabrics=("f",),
        imports=("x",),
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("flop", True),
        ("flop", "much"),
        ("flop", [1]),
        ("flop_low", False),
        ("flop_high", {}),
        ("kind", "modle"),
        ("kind", None),
        ("discarded_by", "nobody"),
        ("role", "chef"),
        ("share_of_training", 1.2),
        ("share_of_training", True),
        ("published", "yes"),
        ("date", "31.1.2026"),
        ("ended", "2026-02-30"),
        ("ended", "2026-13"),
        ("label", 3),
        ("storage", [3]),
        ("storage", [""]),
    ],
)
def test_a_bad_field_is_told_with_its_node_and_place(field: str, value: Any) -> None:
    fault = only(one_node(**{field: value}).faults)
    assert (fault.field, fault.nodes, fault.place) == (field, ("a",), "nodes[0]")
    assert fault.problem.text(Language.ZH) != fault.problem.text()
    assert fault.way_out.text(Language.ZH) != fault.way_out.text()


@pytest.mark.parametrize("text", ["2026", "2026-03"])
def test_a_month_or_a_year_alone_is_no_day(text: str) -> None:
    assert node(date=text, started=text) == Node("a", NodeKind.RUN)


@pytest.mark.parametrize("bad", [{"kind": "run"}, {"id": "", "kind": "run"}, {"id": 3}, 7, []])
def test_a_node_without_an_id_is_told_by_its_place(bad: Any) -> None:
    found = read({"nodes": [{"id": "a", "kind": "run"}, bad]})
    assert only(found.faults).place == "nodes[1]"
    assert [one.id for one in found.nodes] == ["a"]


def test_edges_queries_and_statements_are_read() -> None:
    change = {"human_substantial_change": True, "evidence": "e", "by": "b", "on": "2026-01-02"}
    found = read(
        {
            "name": "heron",
            "nodes": [],
            "edges": [
                {"from": "a", "to": "b"},
                {"to": "c", "from": "a"},
                {"from": "b", "to": "c", **change},
                {"from": "c", "to": "d", "human_substantial_change": False},
            ],
            "queries": [
                {"target": "m", "quantity": "training_compute"},
                {"target": ["a", "b"], "quantity": "union_compute", "counting_rule": "sb53"},
                {
                    "target": ["a", "b"],
                    "quantity": "inference_compute_rate",
                    "seconds_between": "2.5",
                    "cluster_flop_per_second": "1.5e20",
                },
            ],
            "independence": [{"cause": "a", "target": "*", "reason": "r", "evidence": "e"}],
        }
    )
    assert (found.name, found.faults, found.left_out) == ("heron", (), ())
    assert list(found.edges) == [
        ("a", "b", None),
        ("a", "c", None),
        ("b", "c", HumanChange("e", "b", date(2026, 1, 2))),
        ("c", "d", None),
    ]
    assert [one.quantity for one in found.queries] == [
        Quantity.TRAINING_COMPUTE,
        Quantity.UNION_COMPUTE,
        Quantity.INFERENCE_COMPUTE_RATE,
    ]
    assert found.queries[1].counting_rule == "sb53"
    assert found.queries[2].seconds_between == Fraction(5, 2)
    assert found.queries[2].cluster_flop_per_second == 15 * 10**19
    assert found.independence[0].target == "*"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"target": "m"}, "quantity"),
        ({"target": "m", "quantity": "weight"}, "quantity"),
        ({"quantity": "training_compute"}, "target"),
        ({"target": ["a", "b"], "quantity": "training_compute"}, "target"),
        ({"target": [], "quantity": "union_compute"}, "target"),
        ({"target": "m", "quantity": "training_compute", "counting_rule": "x"}, "counting_rule"),
        ({"target": ["a", "b"], "quantity": "inference_compute_rate"}, "seconds_between"),
        (
            {"target": "a", "quantity": "output_compute", "cluster_flop_per_second": "-1"},
            "cluster_flop_per_second",
        ),
        (
            {"target": ["a", "b"], "quantity": "inference_compute_rate", "seconds_between": 0},
            "seconds_between",
        ),
        (
            {"target": ["a"], "quantity": "inference_compute_rate", "seconds_between": 1},
            "target",
        ),
    ],
)
def test_a_query_that_does_not_fit_is_told_by_its_field(query: Any, field: str) -> None:
    found = read({"nodes": [], "queries": [query]})
    assert only(found.left_out).field == field
    assert found.queries == ()


@pytest.mark.parametrize("missing", ["cause", "target", "reason", "evidence"])
def test_a_statement_without_reason_or_evidence_is_left_out(missing: str) -> None:
    whole = {"cause": "a", "target": "b", "reason": "r", "evidence": "e"}
    given = {name: value for name, value in whole.items() if name != missing}
    found = read({"nodes": [], "independence": [given]})
    assert (found.independence, found.faults) == ((), ())
    assert only(found.left_out).field == missing


def test_unknown_fields_are_noted_and_spoil_nothing() -> None:
    found = read(
        {
            "nodes": [{"id": "a", "kind": "run", "colour": {"from": 1, "to": 2}}],
            "edges": [{"from": "a", "to": "b", "weight": 2}],
            "author": "x",
        }
    )
    assert found.faults == ()
    assert found.unknown == ("author", "colour", "weight")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "[]",
        "{}",
        '{"nodes": [}',
        '{"nodes": [{"id": "a", "kind": "run"} {"id": "b"}]}',
        '{"nodes": [{"id": "a", "kind": "run"},]}',
        '{"nodes": [],}',
        '{"nodes": []',
        '{"nodes": [] "edges": []}',
        '{"nodes": []} x',
        '{"nodes": [], "nodes": []}',
        '{"nodes": [{"id": "a", "id": "b", "kind": "run"}]}',
        '{"edges": [{"from": "a", "to": "b"},, {"from": "a", "to": "b"}], "nodes": []}',
        '{"nodes": [{"id": "a", "kind": "run", "flop": NaN}]}',
        '{"nodes": [{"id": "\\ud800", "kind": "run"}]}',
        '{"cases": 3}',
        '{"nodes": ' + "[" * 100_000,
    ],
)
def test_what_is_no_lineage_is_refused(text: str) -> None:
    with pytest.raises(LineageInputError):
        read_content(text.encode())


def test_the_line_of_a_slip_is_told() -> None:
    with pytest.raises(LineageInputError) as caught:
        read_content(b'{"nodes": [\n{"id": "a", "kind": "run"}\n{"id": "b"}]}')
    assert caught.value.faults[0].place == "line 2"


def test_a_list_that_is_none_is_a_fault() -> None:
    assert only(read({"nodes": {"id": "a"}}).faults).field == "nodes"
    assert only(read({"nodes": [], "edges": None}).faults).field == "edges"


def test_cases_are_read_each_for_itself() -> None:
    graph = {"nodes": [{"id": "a", "kind": "run"}], "edges": []}
    document = {"cases": [{"id": "one", **graph}, {"nodes": []}, {"id": "three", "nodes": 1}]}
    found = read_content(json.dumps(document).encode())
    assert found.has_cases
    assert [one.case for one in found.lineages] == ["one", "cases[1]", "three"]
    assert [len(one.faults) for one in found.lineages] == [0, 1, 1]
    assert found.lineages[2].faults[0].case == "three"


IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6).filter(str.strip)
SPACES = st.sampled_from(["", " ", "\n", "\t \r\n"])


@settings(max_examples=60)
@given(ends=st.lists(st.tuples(IDS, IDS, st.booleans()), max_size=6), data=st.data())
def test_edges_mean_the_same_however_the_text_is_spaced_and_escaped(
    ends: list[tuple[str, str, bool]], data: st.DataObject
) -> None:
    def space() -> str:
        return data.draw(SPACES)

    def word(text: str) -> str:
        return json.dumps(text, ensure_ascii=data.draw(st.booleans()))

    edges = []
    for cause, target, backwards in ends:
        pair = [f'"from"{space()}:{space()}{word(cause)}', f'"to":{space()}{word(target)}']
        edges.append("{" + f",{space()}".join(pair[::-1] if backwards else pair) + "}")
    listed = f"{space()},{space()}".join(edges)
    text = f'{space()}{{"nodes":[],{space()}"edges":{space()}[{space()}{listed}{space()}]}}'
    found = read(text)
    assert found.faults == ()
    assert list(found.edges) == [(cause, target, None) for cause, target, _ in ends]


def test_what_is_written_out_reads_back_the_same() -> None:
    document = {
        "nodes": [
            {"id": "r", "kind": "run", "flop": "1.31e26", "flop_low": "1e26", "role": "base"},
            {"id": "d", "kind": "data", "flop": None, "flop_high": "5", "published": True},
            {"id": "m", "kind": "model", "label": "M", "storage": ["s"], "date": "2026-01-01"},
        ],
        "edges": [
            {"from": "r", "to": "m"},
            {"from": "d", "to": "r", "human_substantial_change": True, "on": "2026-01-01"},
        ],
        "independence": [{"cause": "d", "target": "m", "reason": "r", "evidence": "e"}],
    }
    first = built(read(document))
    again = built(read(lineage_document(first)))
    assert again.nodes == first.nodes
    assert again.parents.tolist() == first.parents.tolist()
    assert (again.cuts, again.independence) == (first.cuts, first.independence)


def test_a_format_is_told_by_the_first_key_that_one_knows() -> None:
    assert detect('{"name": "x", "nodes": []}') is LineageFormat.NATIVE
    assert detect('{"prefix": {}, "entity": {}}') is LineageFormat.PROV
    assert detect('[{"eventTime": "x"}]') is LineageFormat.OPENLINEAGE


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(LineageInputError, match="UTF-8"):
        read_content(b"\xff\xfe{")
