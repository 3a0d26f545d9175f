"""`sluicegate ownership`: the worked case, files in and out, records of diligence, a picture."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bods_schema import faults
from command_line import sluicegate
from ownership_graphs import WORKED, WORKED_LISTED

JSON = ("--format", "json")
LISTED = tuple(word for name in WORKED_LISTED for word in ("--listed", f"{name}=sdn"))


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    """Return a node that holds the worked case."""
    node = tmp_path / "node"
    assert sluicegate("init", node).code == 0
    lines = ["source,owner_id,owned_id,owner_name,owner_kind,share"]
    for owner, owned, share in WORKED:
        kind = "individual" if owner.startswith("person") else "entity"
        lines.append(f"register,{owner},{owned},Name of {owner},{kind},{share}")
    file = tmp_path / "ownership.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = sluicegate("intake", file, "--node", node, *JSON)
    assert ran.json["accepted"] == len(WORKED)
    return node


def test_both_methods_of_the_worked_case_are_printed_with_their_path(worked: Path) -> None:
    ran = sluicegate(
        "ownership", "fifty-percent", *LISTED, "--regime", "ofac", "--node", worked, *JSON
    )
    assert ran.code == 0
    found = {one["party"]: one for one in ran.json}
    cascade = {name: one["cascade_in_aggregate"] for name, one in found.items()}
    assert {name: one["share"] for name, one in cascade.items()} == {
        "A": "0.5",
        "B": "0.94",
        "C": "0.48",
        "D": "0.5",
        "E": "0.81",
    }
    assert {name for name, one in cascade.items() if one["reached"]} == {"A", "B", "D", "E"}
    multiplied = {name: one["multiplied_share"]["share_low"] for name, one in found.items()}
    assert multiplied == {"A": "0.544", "B": "0.68", "C": "0.3888", "D": "0.5", "E": "0.81"}
    table = sluicegate(
        "ownership", "fifty-percent", "A", *LISTED, "--node", worked, "--regime", "ofac"
    )
    assert "54.4 %" in table.out


def test_without_listed_parties_nothing_is_owned_by_them(worked: Path) -> None:
    assert sluicegate("ownership", "fifty-percent", "--node", worked, *JSON).json == []
    bis = sluicegate(
        "ownership", "fifty-percent", *LISTED, "--regime", "bis_affiliates", "--node", worked, *JSON
    )
    assert bis.json == [], "SDNs count under the affiliates rule only by their programme"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "nobody"), "customer nobody: there is none"),
        (("owners", "nobody"), "customer nobody: there is none"),
        (("fifty-percent", "--listed", "SDN-A"), "give it as PARTY=LIST"),
        (("fifty-percent", "--listed", "SDN-A=watch"), "give one of sdn, sdn_specified"),
        (("import", "/nowhere.json"), "cannot be opened"),
        (("export", "--party", "nobody"), "there is none"),
        (("diligence", "show", "d-none"), "there is none"),
    ],
)
def test_what_cannot_be_answered_says_why(worked: Path, words: tuple[str, ...], told: str) -> None:
    ran = sluicegate("ownership", *words, "--node", worked)
    assert ran.code == 2
    assert told in ran.err


def test_owners_and_holdings_of_a_party(worked: Path, tmp_path: Path) -> None:
    shown = sluicegate("ownership", "owners", "D", "--node", worked, *JSON).json
    assert [(one["party"], one["share"]) for one in shown["owners"]] == [("person-1", "50 %")]
    picture = tmp_path / "a.svg"
    ran = sluicegate("ownership", "show", "A", "--node", worked, "--svg", picture, *JSON)
    assert len(ran.json["holdings"]) == len(WORKED)
    root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))
    words = {text.strip() for text in root.itertext()}
    assert {"47 %", "50 %", "3 %", "Name of B"} <= words


def test_what_was_exported_goes_into_another_node_and_comes_out_the_same(
    worked: Path, tmp_path: Path
) -> None:
    at = ("--as-of", "2026-06-30")
    said = sluicegate("ownership", "export", "--party", "A", "--node", worked, *at)
    assert faults(json.loads(said.out)) == []
    file = tmp_path / "a.json"
    file.write_text(said.out, encoding="utf-8")
    other = tmp_path / "other"
    sluicegate("init", other)
    words = ("ownership", "import", file, "--source", "register", "--node", other)
    dry = sluicegate(*words, "--dry-run", *JSON)
    taken = sluicegate(*words, *JSON)
    again = sluicegate(*words, *JSON)
    count = len(WORKED)
    assert [one.json["accepted"] for one in (dry, taken, again)] == [count, count, 0]
    back = sluicegate("ownership", "export", "--party", "A", "--node", other, *at)
    assert back.out == said.out


def test_entities_of_followthemoney_go_out_and_in(worked: Path, tmp_path: Path) -> None:
    said = sluicegate("ownership", "export", "--to", "ftm", "--node", worked)
    file = tmp_path / "a.ftm.jsonl"
    file.write_text(said.out, encoding="utf-8")
    other = tmp_path / "other"
    sluicegate("init", other)
    taken = sluicegate("ownership", "import", file, "--node", other, *JSON).json
    assert (taken["accepted"], taken["files"][0]["format"]) == (len(WORKED), "FollowTheMoney")
    ran = sluicegate("ownership", "fifty-percent", "A", *LISTED, "--node", other, *JSON)
    assert ran.json[0]["multiplied_share"]["share_low"] == "0.544"


SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "lists"


@pytest.mark.parametrize("form", ["xml", "csv"])
def test_level_2_of_the_gleif_says_who_controls_whom_and_who_is_not_named(
    tmp_path: Path, form: str
) -> None:
    node, child, parent = tmp_path / "node", "EXAMPLE0000000000002", "EXAMPLE0000000000001"
    sluicegate("init", node)
    files = (SAMPLES / f"rr.{form}", SAMPLES / f"repex.{form}")
    taken = sluicegate("ownership", "import", *files, "--same", f"{child}=c-2", "--node", node)
    assert taken.code == 0
    assert "2 accepted (dry" not in taken.err
    assert "2 accepted" in taken.err
    assert "lacks its LEI, its category or its reason" in taken.err
    at = ("--node", node, "--as-of", "2020-01-01")
    shown = sluicegate("ownership", "show", "c-2", *at, *JSON).json
    (held,) = shown["holdings"]
    assert (held["owner"], held["share"]) == (parent, "52.5 %")
    later = ("--node", node, "--as-of", "2026-06-30")
    assert "c-2" in sluicegate("ownership", "show", "c-2", *later).err, "it ended in 2025"
    lei = "EXAMPLE0000000000003"
    (nobody,) = sluicegate("ownership", "show", lei, *later, *JSON).json["holdings"]
    assert "NATURAL_PERSONS" in str(nobody)


def relationship(kind: str, status: str = "ACTIVE", ends: str = "", **more: str) -> str:
    values = {"start": "EXAMPLE0000000000002", "standing": "PUBLISHED", **more}
    cells = (values["start"], "EXAMPLE0000000000001", kind, status, ends, values["standing"])
    return ",".join(cells)


def test_a_relationship_that_says_nothing_of_control_makes_no_owner(tmp_path: Path) -> None:
    head = (
        *("Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"),
        *("Relationship.RelationshipType", "Relationship.RelationshipStatus"),
        *("Relationship.Period.1.endDate", "Registration.RegistrationStatus"),
    )
    rows = (
        relationship("IS_FEEDER_TO"),
        relationship("IS_DIRECTLY_CONSOLIDATED_BY", standing="ANNULLED"),
        relationship("IS_DIRECTLY_CONSOLIDATED_BY", status="INACTIVE"),
        relationship("IS_INTERNATIONAL_BRANCH_OF", start="EXAMPLE0000000000004"),
    )
    file = tmp_path / "rr.csv"
    file.write_text("\n".join((",".join(head), *rows)) + "\n", encoding="utf-8")
    sluicegate("init", tmp_path / "node")
    taken = sluicegate("ownership", "import", file, "--node", tmp_path / "node", *JSON).json
    assert (taken["accepted"], taken["rejected"]) == (1, 0)
    assert taken["files"][0]["skipped"] == {
        "relationship IS_FEEDER_TO": 1,
        "annulled or told twice": 1,
        "no longer active, without a last day": 1,
    }


def test_a_bad_statement_is_told_with_its_line_and_kept_among_the_rejects(
    worked: Path, tmp_path: Path
) -> None:
    said = json.loads(sluicegate("ownership", "export", "--party", "D", "--node", worked).out)
    said[-1]["recordDetails"]["interests"][0]["share"]["exact"] = 150
    file = tmp_path / "d.jsonl"
    file.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    rejects = tmp_path / "bad.csv"
    ran = sluicegate("ownership", "import", file, "--node", worked, "--rejects", rejects)
    assert ran.code == 0
    assert f"{file}:{len(said)}: recordDetails.interests[0].share.exact: 150 is not" in ran.err
    assert "150 is not from 0 to 100" in rejects.read_text(encoding="utf-8")


def test_records_of_diligence_are_listed_written_and_closed(worked: Path, tmp_path: Path) -> None:
    file = tmp_path / "ownership.csv"
    file.write_text(
        "source,owner_id,owned_id,owner_name,owner_kind,share,role\n"
        "register,n-1,C-2,Nils Abara,individual,0.3,nominee\n",
        encoding="utf-8",
    )
    at = ("--node", worked)
    sluicegate("intake", file, *at)
    assert sluicegate("assess", *at, "--as-of", "2026-06-30").code == 0
    found = sluicegate("ownership", "diligence", "list", "--state", "open", *at, *JSON).json
    assert [(one["party_id"], one["state"]) for one in found] == [("C-2", "open")]
    assert {gap["ground"] for gap in found[0]["gaps"]} == {
        "nominee_unexplained",
        "unknown_remainder",
    }
    key = found[0]["diligence_id"]
    words = ("ownership", "diligence")
    dry = sluicegate(*words, "close", key, "--reason", "x", "--dry-run", *at)
    assert "nothing was kept" in dry.err
    sluicegate(*words, "note", key, "--searched", "register", "--left-open", "70 %", *at)
    sluicegate(*words, "close", key, "--reason", "the register is clear", *at)
    versions = sluicegate(*words, "show", key, *at, *JSON).json["versions"]
    assert [one["state"] for one in versions] == ["open", "open", "closed"]
    assert (versions[2]["searched"], versions[2]["reason"]) == ("register", "the register is clear")
    refused = sluicegate(*words, "note", key, "--found", "more", *at)
    assert (refused.code, "is closed" in refused.err) == (2, True)
