"""`sluicegate screening`: run, matches, allowances, status, with a real list and the engine."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import tiny_world
from command_line import Ran, sluicegate

OWN = ["entry_id", "name", "schema", "country", "birth_date"]


def own_list(folder: Path, *rows: Sequence[str], name: str = "own.csv") -> Path:
    """Write a list of one's own."""
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(OWN)
        writer.writerows(rows)
    return file


SANDLING = ("1", "Mirea Sandling", "Person", "", "")
WEATHER = ("2", "Pell Weather", "Organization", "", "")


@pytest.fixture
def node(tmp_path: Path) -> Path:
    return tiny_world.tiny_node(tmp_path / "node")


def screening(node: Path, *words: str) -> Ran:
    return sluicegate("screening", *words, "--node", str(node))


def listed(node: Path) -> list[dict[str, Any]]:
    done = screening(node, "matches", "list", "--format", "json")
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


def take_list(node: Path, *rows: Sequence[str]) -> None:
    file = own_list(node.parent, *rows)
    assert sluicegate("lists", "import", str(file), "--node", str(node)).code == 0


def test_without_a_list_nobody_can_be_screened(node: Path) -> None:
    done = screening(node, "run")
    assert done.code == 4
    assert "Not screened: the node has no list." in " ".join(done.err.split())
    assert "lists import" in done.err
    status = json.loads(screening(node, "status", "--format", "json").out)
    assert (status["late"], status["due"], status["last_run"]) == (False, None, None)


def test_a_run_finds_who_is_listed_and_the_next_compares_nothing(node: Path) -> None:
    take_list(node, SANDLING, WEATHER)
    assert json.loads(screening(node, "status", "--format", "json").out)["due"] == "list_changed"
    dry = screening(node, "run", "--dry-run", "--format", "json")
    assert len(json.loads(dry.out)["gained"]) == 2
    assert listed(node) == []
    first = json.loads(screening(node, "run", "--format", "json").out)
    assert (first["kind"], len(first["gained"])) == ("full", 2)
    assert {one["party"] for one in listed(node)} == {"p-sandling", "c-small-1"}
    again = json.loads(screening(node, "run", "--format", "json").out)
    assert (again["kind"], again["scored"], again["gained"]) == ("delta", 0, [])
    full = json.loads(screening(node, "run", "--full", "--format", "json").out)
    assert (full["kind"], full["gained"], full["lost"]) == ("full", [], [])
    status = json.loads(screening(node, "status", "--format", "json").out)
    assert (status["due"], status["open"], status["late"]) == (None, 2, False)


def test_a_match_says_why_and_explain_gives_its_tree(node: Path) -> None:
    take_list(node, SANDLING)
    screening(node, "run")
    (one,) = listed(node)
    shown = json.loads(screening(node, "matches", "show", one["match"], "--format", "json").out)
    assert shown["alias"] == "Mirea Sandling"
    assert shown["parts"]
    assert any("Mirea Sandling" in reason for reason in shown["reasons"])
    assert [each["after"] for each in shown["outcomes"]] == ["open"]
    words = ("matches", "show", one["match"], "--language", "zh", "--format", "json")
    chinese = json.loads(screening(node, *words).out)
    assert [each["after"] for each in chinese["outcomes"]] == ["待判断"]
    tree = sluicegate("explain", one["match"], "--node", str(node)).out
    assert "screened name" in tree
    assert shown["algorithm"] in tree
    assert screening(node, "matches", "show", "m-none").code == 2


def test_an_allowance_clears_a_match_until_it_is_revoked(node: Path) -> None:
    take_list(node, SANDLING)
    screening(node, "run")
    (one,) = listed(node)
    dry = screening(node, "allow", "add", one["match"], "--reason", "older", "--dry-run")
    assert (dry.code, json.loads(allowed(node))) == (0, [])
    assert screening(node, "allow", "add", one["match"], "--reason", " ").code == 2
    far = screening(node, "allow", "add", one["match"], "--reason", "x", "--expires", "2990-01-01")
    assert far.code == 2
    added = screening(node, "allow", "add", one["match"], "--reason", "another birth date")
    assert added.code == 0
    (allowance,) = json.loads(allowed(node))
    assert (allowance["state"], allowance["reason"]) == ("standing", "another birth date")
    twice = screening(node, "allow", "add", one["match"], "--reason", "again")
    assert twice.code == 2
    cleared = json.loads(screening(node, "run", "--format", "json").out)
    assert cleared["lost"] == [one["match"]]
    assert listed(node) == []
    revoked = screening(
        node, "allow", "revoke", allowance["allowance"], "--reason", "papers were false"
    )
    assert revoked.code == 0
    assert json.loads(screening(node, "run", "--format", "json").out)["gained"] == [one["match"]]


def allowed(node: Path) -> str:
    return screening(node, "allow", "list", "--format", "json").out


def test_a_pass_screens_first_and_its_finding_is_explained(node: Path) -> None:
    take_list(node, WEATHER)
    done = sluicegate("assess", "--node", str(node), "--as-of", "2026-06-30", "--format", "json")
    found = [
        one for one in json.loads(done.out)["findings"] if one["rule"] == "assess.kyc.listed_party"
    ]
    assert [one["subject"] for one in found] == ["customer:c-small-1"]
    tree = sluicegate("explain", found[0]["id"], "--node", str(node)).out
    assert "Pell Weather" in tree
    (one,) = listed(node)
    assert one["match"] in tree


def test_a_pass_says_not_screened_and_never_that_nobody_matches(node: Path) -> None:
    def missing(*words: str) -> list[tuple[str, str, list[str]]]:
        ran = sluicegate("assess", "--node", str(node), "--format", "json", *words)
        assert ran.code == 0, ran.err
        found = json.loads(ran.out)["missing"]
        assert all(one["said"]["en"] in " ".join(ran.err.split()) for one in found)
        assert all(one["said"]["zh"].startswith("未") for one in found)
        return [(one["fact"], one["why"], one["about"]) for one in found]

    assert missing() == [("screening", "no_list", [])]
    file = own_list(node.parent, SANDLING)
    lists = ("lists", "import", str(file), "--published", "2020-01-01", "--node", str(node))
    assert sluicegate(*lists).code == 0
    assert missing("--dry-run") == [("screening", "stale", ["own"])]
    refused = screening(node, "run")
    assert (refused.code, "own is older than it may be" in refused.err) == (4, True)
    assert missing("--known-on", "2020-01-01") == [("screening", "never_run", [])]
    assert listed(node) == []
    assert missing() == [("screening", "stale", ["own"])]
    assert len(listed(node)) == 1  # what the old version names is an alert all the same
    (entries,) = (node / "lists" / "entries").iterdir()
    entries.write_bytes(b"")
    assert missing() == [("screening", "unreadable", [])]
    assert len(listed(node)) == 1


def test_the_doctor_says_when_nobody_was_screened(node: Path) -> None:
    assert _check(node)["state"] == "ok"
    take_list(node, WEATHER)
    assert _check(node)["state"] == "warning"
    screening(node, "run")
    assert _check(node)["state"] == "ok"


def _check(node: Path) -> dict[str, str]:
    done = sluicegate("doctor", str(node), "--format", "json")
    checks: list[dict[str, str]] = json.loads(done.out)["checks"]
    return next(one for one in checks if one["check"] == "screening")


def test_a_worker_screens_by_itself_when_a_list_came_and_asks_for_a_pass(node: Path) -> None:
    take_list(node, WEATHER)
    for _ in range(3):
        assert sluicegate("jobs", "work", "--once", "--node", str(node)).code == 0
    jobs = json.loads(sluicegate("jobs", "list", "--node", str(node), "--format", "json").out)
    assert [(one["kind"], one["state"], one["asked_by"]) for one in reversed(jobs)] == [
        ("screening", "done", "system:worker"),
        ("assess", "done", "system:worker"),
    ]
    assert [one["party"] for one in listed(node)] == ["c-small-1"]
    cases = json.loads(sluicegate("cases", "list", "--node", str(node), "--format", "json").out)
    assert [one["lead_rule"] for one in cases if one["subject"] == "customer:c-small-1"] == [
        "assess.kyc.listed_party"
    ]


def test_results_of_another_product_are_set_beside_our_matches(node: Path) -> None:
    take_list(node, SANDLING, WEATHER)
    screening(node, "run")
    file = node.parent / "results.csv"
    file.write_text(
        "customer_id,match_name,score,status\n"
        'p-sandling,"SANDLING, Mirea",93%,open\n'
        "c-none,Somebody,88,open\n"
        ",Without a customer,88,open\n",
        encoding="utf-8",
    )
    words = ("beside", str(file), "--vendor", "Other", "--dated", "2026-06-01")
    done = screening(node, *words, "--format", "json")
    assert done.code == 0
    assert "results.csv:4: lacks one of query_id" in done.err
    found = json.loads(done.out)
    assert (found["vendor"], found["dated"]) == ("Other", "2026-06-01")
    assert found["counts"] == {"both": 1, "ours": 1, "theirs": 1}
    assert [(one["side"], one["party"]) for one in found["rows"]] == [
        ("both", "p-sandling"),
        ("ours", "c-small-1"),
        ("theirs", "c-none"),
    ]
    file.write_text("name\nx\n", encoding="utf-8")
    assert screening(node, *words).code == 2
