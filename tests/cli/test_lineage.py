"""`sluicegate lineage`: account, import, list, show, state, compare, unknowns and what-if."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, sluicegate

JSON = ("--format", "json")
GRAPH: dict[str, Any] = {
    "nodes": [
        {"id": "teacher", "kind": "run", "flop": "4e25"},
        {"id": "scrape", "kind": "other", "flop": None},
        {"id": "corpus", "kind": "data"},
        {"id": "train", "kind": "run", "flop": "1e25", "flop_low": "8e24", "flop_high": "2e25"},
        {"id": "heron", "kind": "model"},
        {"id": "answer", "kind": "output", "flop": "6e20"},
        {"id": "next", "kind": "output", "flop": "3e20"},
    ],
    "edges": [
        {"from": "teacher", "to": "corpus"},
        {"from": "scrape", "to": "corpus", "human_substantial_change": True},
        {"from": "corpus", "to": "train"},
        {"from": "train", "to": "heron"},
        {"from": "heron", "to": "answer"},
        {"from": "answer", "to": "next"},
    ],
}
TRAINING = {"target": "heron", "quantity": "training_compute"}


def write(folder: Path, document: Any, name: str = "lineage.json") -> Path:
    file = folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return file


def account(folder: Path, document: Any, *options: object) -> Ran:
    return sluicegate("lineage", "account", write(folder, document), *options, *JSON)


def row(folder: Path, query: dict[str, Any], *options: object) -> dict[str, Any]:
    ran = account(folder, {**GRAPH, "queries": [query]}, *options)
    assert ran.code == 0
    (found,) = ran.json
    return dict(found)


def test_a_row_for_each_query_in_order(tmp_path: Path) -> None:
    rate = {
        "target": ["answer", "next"],
        "quantity": "inference_compute_rate",
        "seconds_between": 3,
    }
    union = {"target": ["heron", "train"], "quantity": "union_compute", "counting_rule": "sb53"}
    ran = account(tmp_path, {**GRAPH, "queries": [TRAINING, rate, union]})
    assert ran.code == 0
    training, inference, both = ran.json
    assert "case" not in training
    assert {name: training[name] for name in ("target", "quantity", "counting_rule")} == {
        **TRAINING,
        "counting_rule": "kthf",
    }
    assert (training["flop"], training["low"], training["high"]) == (
        str(5 * 10**25),
        str(48 * 10**24),
        str(6 * 10**25),
    )
    assert training["complete"] is True
    assert training["excluded_nodes"] == ["scrape"]
    assert inference["flop_per_second"] == str(10**20)
    assert "flop" not in inference
    assert both["target"] == ["heron", "train"]
    assert both["counting_rule"] == "sb53"


def test_without_queries_models_and_outputs_are_asked_of(tmp_path: Path) -> None:
    found = [(one["target"], one["quantity"]) for one in account(tmp_path, GRAPH).json]
    assert found == [
        ("heron", "training_compute"),
        ("answer", "output_compute"),
        ("next", "output_compute"),
    ]


def test_very_many_models_are_totalled_in_one_sweep(tmp_path: Path) -> None:
    many = [{"id": f"m{number}", "kind": "model"} for number in range(1_001)]
    edges = [*GRAPH["edges"], *({"from": "heron", "to": one["id"]} for one in many)]
    ran = account(tmp_path, {"nodes": [*GRAPH["nodes"], *many], "edges": edges})
    assert "totals only" in ran.err
    few = {one["target"]: one for one in account(tmp_path, GRAPH).json}
    found = {one["target"]: one for one in ran.json}
    assert len(found) == 1_004
    for name, one in few.items():
        assert {**one, **found[name]} == one
    assert found["m1000"]["flop"] == few["heron"]["flop"]


def test_rows_of_cases_name_their_case(tmp_path: Path) -> None:
    cases = [{"id": name, **GRAPH, "queries": [TRAINING]} for name in ("b", "a")]
    assert [one["case"] for one in account(tmp_path, {"cases": cases}).json] == ["b", "a"]


def test_what_is_asked_on_the_command_line_takes_the_place_of_the_file(tmp_path: Path) -> None:
    document = {**GRAPH, "queries": [TRAINING]}
    ran = account(tmp_path, document, "--target", "answer", "--rule", "eu_ai_act", "--trace")
    (found,) = ran.json
    assert (found["target"], found["quantity"]) == ("answer", "output_compute")
    assert found["counting_rule"] == "eu_ai_act"
    assert {one["node"] for one in found["counted"]} <= {one["id"] for one in GRAPH["nodes"]}
    union = account(
        tmp_path,
        document,
        *("--target", "teacher", "--target", "train", "--quantity", "union_compute"),
    )
    assert union.json[0]["flop"] == str(5 * 10**25)


def test_presumption_can_be_left_out_and_is_said_to_be(tmp_path: Path) -> None:
    assert row(tmp_path, TRAINING)["presumption"] == "on"
    found = row(tmp_path, TRAINING, "--no-presume")
    assert found["presumption"] == "off"
    assert any("not presumed" in one for one in found["warnings"])


def test_a_reading_changes_what_a_human_change_cuts(tmp_path: Path) -> None:
    cut = {"from": "train", "to": "heron", "human_substantial_change": True}
    edges = [*(one for one in GRAPH["edges"] if one["to"] != "heron"), cut]
    document = {**GRAPH, "edges": edges, "queries": [{**TRAINING, "counting_rule": "sb53"}]}
    assert account(tmp_path, document).json[0]["flop"] == "0"
    read = account(tmp_path, document, "--reading", "human_change=kthf_only").json
    assert read[0]["flop"] == str(10**25)


@pytest.mark.parametrize(
    ("change", "error", "nodes"),
    [
        ({"edges": [{"from": "train", "to": "train"}]}, "cycle", ["train"]),
        ({"edges": [{"from": "x", "to": "train"}]}, "dangling", ["x"]),
        ({"nodes": [*GRAPH["nodes"], GRAPH["nodes"][0]]}, "duplicate", ["teacher"]),
        ({"nodes": [{"id": "a", "kind": "run", "flop": "-1"}], "edges": []}, "negative", ["a"]),
        ({"queries": [{**TRAINING, "target": "gone"}]}, "dangling", ["gone"]),
        ({"nodes": [{"id": "a", "kind": "run", "flop": True}], "edges": []}, "flop", ["a"]),
        ({"queries": [{**TRAINING, "quantity": "weight"}]}, "quantity", []),
    ],
)
@pytest.mark.parametrize("in_case", [False, True])
def test_what_is_no_graph_is_told_as_json_and_ends_with_two(
    tmp_path: Path, change: dict[str, Any], error: str, nodes: list[str], in_case: bool
) -> None:
    graph = {**GRAPH, **change}
    document = {"cases": [{"id": "bad", **graph}]} if in_case else graph
    for form in ("json", "table"):
        ran = sluicegate("lineage", "account", write(tmp_path, document), "--format", form)
        assert ran.code == 2
        assert (ran.json["error"], ran.json["nodes"]) == (error, nodes)
        assert ran.json.get("case") == ("bad" if in_case else None)


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"nodes": [{"id": "a", "id": "b"}]}'])
def test_what_cannot_be_read_ends_with_two(tmp_path: Path, text: str) -> None:
    ran = account(tmp_path, text)
    assert ran.code == 2
    assert set(ran.json) == {"error", "nodes", "message"}
    assert sluicegate("lineage", "account", tmp_path / "gone.json", *JSON).code == 2


def test_wrong_options_end_with_two(tmp_path: Path) -> None:
    for options in (("--rule", "x"), ("--reading", "x=y"), ("--seconds-between", "0")):
        assert account(tmp_path, GRAPH, *options).code == 2
    assert sluicegate("lineage", "account").code == 2
    assert account(tmp_path, GRAPH, "--model", "heron").code == 2


def test_every_rule_stands_side_by_side(tmp_path: Path) -> None:
    at = ("--file", write(tmp_path, GRAPH))
    found = sluicegate("lineage", "compare", "heron", *at, *JSON).json
    rules = [one["counting_rule"] for one in found["rules"]]
    assert sorted(rules) == ["eu_ai_act", "kthf", "raise", "sb53", "us_4e091"]
    for one in found["rules"]:
        counted = sum(int(part["flop"]) for part in one["counts"])
        assert str(counted) == one["flop"]
    table = sluicegate("lineage", "compare", "heron", *at)
    assert table.code == 0
    assert "eu_ai_act" in table.out
    assert sluicegate("lineage", "compare", "gone", *at).json["error"] == "dangling"


def test_unknowns_and_what_they_change(tmp_path: Path) -> None:
    edges = [{k: v for k, v in one.items() if k in ("from", "to")} for one in GRAPH["edges"]]
    at = ("--file", write(tmp_path, {**GRAPH, "edges": edges}))
    found = sluicegate("lineage", "unknowns", "heron", *at, *JSON).json
    assert [(one["node"], one["effect"]) for one in found["unknowns"]] == [
        ("scrape", None),
        ("train", str(12 * 10**24)),
    ]
    assert found["complete"] is False
    assume = ("--assume", "scrape=3e24@a study")
    given = sluicegate("lineage", "unknowns", "heron", *at, *assume, *JSON).json
    assert {one["node"]: one["source"] for one in given["unknowns"]}["scrape"] == "a study"
    assert sluicegate("lineage", "unknowns", "heron", *at, "--assume", "scrape").code == 2
    without = ("--without", "teacher", "--cut", "corpus,train", "--cut-off", "teacher")
    changes = sluicegate("lineage", "what-if", "heron", *at, *without, *JSON).json["changes"]
    assert [one["less"] for one in changes] == [str(4 * 10**25)] * 3
    assert sluicegate("lineage", "what-if", "heron", *at).code == 2
    assert sluicegate("lineage", "what-if", "heron", *at, "--cut", "heron,train").code == 2


def test_lineages_are_imported_listed_shown_stated_and_accounted(
    node: Path, tmp_path: Path
) -> None:
    at = ("--node", node)
    file = write(tmp_path, {**GRAPH, "colour": 1, "queries": [{"target": "heron"}]})
    take = ("lineage", "import", file, "--source", "lab", "--name", "heron", *at)
    assert sluicegate(*take, "--dry-run", *JSON).json["lineages"][0]["state"] == "new"
    rejects = tmp_path / "rejects.csv"
    ran = sluicegate(*take, "--rejects", rejects, *JSON)
    assert (ran.code, ran.json["lineages"][0]["state"]) == (0, "new")
    assert "colour" in ran.err
    assert "quantity" in rejects.read_text("utf-8")
    assert sluicegate(*take, *JSON).json["lineages"][0]["state"] == "unchanged"
    (listed,) = sluicegate("lineage", "list", *at, *JSON).json
    assert (listed["lineage"], listed["nodes"], listed["undisclosed"]) == ("heron", 7, 1)
    asked = ("lineage", "account", "--lineage", "heron", "--target", "heron", *at, *JSON)
    assert sluicegate(*asked).json[0]["flop"] == str(5 * 10**25)
    pair = ("--cause", "teacher", "--target", "corpus", "--reason", "rewritten")
    state = ("lineage", "state", "heron", "human_change", *pair, "--evidence", "log", *at, *JSON)
    assert sluicegate(*state).json["version"] == 2
    assert sluicegate(*state).code == 2
    assert sluicegate(*asked).json[0]["flop"] == str(10**25)
    assert sluicegate("lineage", "withdraw", "heron", "human_change", *pair, *at).code == 0
    shown = sluicegate("lineage", "show", "heron", *at, *JSON).json
    assert [one["version"] for one in shown["versions"]] == [1, 2, 3]
    second = sluicegate("lineage", "show", "heron", "--version", "2", *at, *JSON).json
    assert second["statements"][0]["evidence"] == "log"
    whole = write(
        tmp_path, sluicegate("lineage", "show", "heron", "--whole", *at).out, "whole.json"
    )
    again = sluicegate("lineage", "import", whole, "--source", "lab", *at, *JSON).json
    assert again["lineages"][0]["state"] == "unchanged"
    assert sluicegate("lineage", "compare", "heron", *at, *JSON).json["target"] == "heron"
    assert "not disclosed" in sluicegate("lineage", "show", "heron", *at).out
    assert sluicegate("lineage", "show", "avocet", *at).code == 2
    assert sluicegate("lineage", "show", *at).code == 2


def test_an_import_of_nothing_good_ends_with_two(node: Path, tmp_path: Path) -> None:
    bad = write(tmp_path, {**GRAPH, "edges": [{"from": "x", "to": "heron"}]})
    rejects = tmp_path / "rejects.csv"
    ran = sluicegate("lineage", "import", bad, "--node", node, "--rejects", rejects, *JSON)
    assert (ran.code, ran.json["lineages"][0]["faults"][0]["error"]) == (2, "dangling")
    assert "give the node, or mend the id" in rejects.read_text("utf-8")
    torn = write(tmp_path, "{", "torn.json")
    good = write(tmp_path, GRAPH, "good.json")
    ran = sluicegate("lineage", "import", torn, good, "--node", node, *JSON)
    assert [one["state"] for one in ran.json["lineages"]] == ["refused", "new"]
    assert ran.code == 0


def test_a_model_is_drawn_from_what_the_node_knows(node: Path, tmp_path: Path) -> None:
    at = ("--node", node, "--as-of", "2026-06-30")
    ask = ("lineage", "account", "--model", "m-base", *at, *JSON)
    base, tuned = sluicegate(*ask, "--no-presume").json
    assert (base["target"], tuned["target"]) == ("m-base", "m-base+r-tune")
    assert int(base["flop"]) < int(tuned["flop"])
    (gap,) = base["declared_and_metered"]
    assert (gap["run"], gap["source"], gap["declared"]) == ("r-base", "registry", str(3 * 10**24))
    assert int(gap["difference"]) == int(gap["metered"]) - int(gap["declared"])
    inside = int(gap["low"]) <= int(gap["declared"]) <= int(gap["high"])
    assert gap["within_bounds"] is inside
    before = {"id": "clean", "kind": "run", "flop": "1e23"}
    joined = {
        "nodes": [before, {"id": "r-base", "kind": "run", "flop": "9e25"}],
        "edges": [{"from": "clean", "to": "r-base"}],
    }
    file = write(tmp_path, joined)
    assert sluicegate("lineage", "import", file, "--name", "told", "--node", node).code == 0
    again = sluicegate(*ask, "--no-presume")
    assert int(again.json[0]["flop"]) == int(base["flop"]) + 10**23
    assert [one["source"] for one in again.json[0]["declared_and_metered"]] == [
        "registry",
        "default/told",
    ]
    assert "joined: default/told" in again.err
    shown = sluicegate("lineage", "show", "--model", "m-base", *at, *JSON).json
    assert {"m-base", "r-base", "clean"} <= {one["id"] for one in shown["nodes"]}
    assert {"from": "r-base", "to": "m-base"} in shown["edges"]
    assert len(shown["declared_and_metered"]) == 2
    assert sluicegate("lineage", "account", "--model", "m-none", *at).code == 2


def test_earlier_runs_on_the_same_account_are_presumed_causes(node: Path, tmp_path: Path) -> None:
    columns = "source,run_id,customer_id,kind,model_id,planned_start,planned_end,declared_flop"
    runs = f"{columns}\ncrm,r-next,c-lab,pretrain,m-next,2026-06-01,2026-06-20,2e24\n"
    file = write(tmp_path, runs, "runs.csv")
    assert sluicegate("intake", file, "--node", node, *JSON).json["accepted"] == 1
    at = ("--node", node, "--as-of", "2026-06-30")
    ask = ("lineage", "account", "--model", "m-next", *at, *JSON)
    ((own,), (whole,)) = (sluicegate(*ask, *more).json for more in (("--no-presume",), ()))
    assert own["flop"] == str(2 * 10**24)
    assert whole["explicit"]["flop"] == own["flop"]
    assert int(whole["presumed"]["flop"]) == int(whole["flop"]) - int(own["flop"]) > 10**25
