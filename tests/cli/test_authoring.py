"""The commands of those who write rules: new, check, test, coverage, and rules as questions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from command_line import Ran, sluicegate
from own_rule import COMPANY, CUSTOMER, OWN_RULE
from sluicegate.core.exact import dump_json, load_json, load_yaml
from sluicegate.rules.instruments import Kind
from sluicegate.rules.loading import read_book, shipped_book
from sluicegate.wiring import today

ID = "local.harbour_act"
RULE = f"{ID}.large_customer"


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """Return a new node without rules of its own."""
    folder = tmp_path / "node"
    assert sluicegate("init", folder).code == 0
    return folder


@pytest.fixture
def harbour(node: Path) -> Path:
    """Return a node with the rule file of the tests."""
    (node / "rules" / "harbour.yaml").write_text(OWN_RULE, encoding="utf-8")
    return node


def new(*words: object, title: str = "Harbour Act", title_zh: str = "港口法") -> Ran:
    return sluicegate("rules", "new", *words, "--title", title, "--title-zh", title_zh)


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_new_rule_is_checked_and_tested_at_once(node: Path) -> None:
    refused = new(ID, "--jurisdiction", "zz zz", "--node", node)
    assert (refused.code, "is no place" in refused.err) == (2, True)
    made = new(ID, "--jurisdiction", "SG", "--kind", "law", "--node", node)
    assert made.code == 0, made.err
    assert (node / "rules" / "harbour_act.yaml").is_file()
    assert (node / "rules" / "cases" / "harbour_act.yaml").is_file()
    checked = sluicegate("rules", "check", "--node", node, "--strict")
    assert (checked.code, checked.out) == (0, ""), checked.err
    tested = sluicegate("rules", "test", "--node", node)
    assert (tested.code, tested.err) == (0, "4 passed, 0 failed\n")
    covered = sluicegate("rules", "coverage", "--node", node, "--format", "json").json
    assert (covered["percent"], [one["about"] for one in covered["about"]]) == ("100 %", [ID])
    assert sluicegate("doctor", node).code == 0


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_a_new_rule_of_every_kind_is_sound_and_its_cases_pass(kind: str, node: Path) -> None:
    assert new(ID, "--kind", kind, "--from", "2025-02-28", "--node", node).code == 0
    checked = sluicegate("rules", "check", "--node", node)
    assert (checked.code, "no mistakes" in checked.err) == (0, True), checked.err
    assert sluicegate("rules", "test", "--node", node).code == 0
    [text] = load_yaml((node / "rules" / "harbour_act.yaml").read_text("utf-8"))["instrument"][
        "status"
    ]
    assert text["from"] == "2025-02-28"


@pytest.mark.parametrize(
    "title", ['Act "7": on: {x} # y', "a\\b", "'", "yes", "$id", "- a", "&a *b"]
)
def test_any_title_is_kept_as_it_is(title: str, node: Path) -> None:
    assert (
        new(ID, "--citation", title, "--node", node, title=title, title_zh=f"令{title}").code == 0
    )
    text = (node / "rules" / "harbour_act.yaml").read_text("utf-8")
    book = read_book([("x.yaml", text)], base=shipped_book(), local=True)
    one = book.instrument(ID)
    assert (one.title.en, one.title.zh, one.citation) == (title, f"令{title}", title)
    assert sluicegate("rules", "test", "--node", node).code == 0


@pytest.mark.parametrize(
    ("identifier", "title", "problem"),
    [
        ("harbour", "Harbour Act", "write local."),
        ("local.", "Harbour Act", "write local."),
        ("local.Harbour", "Harbour Act", "write local."),
        ("local.a/../b", "Harbour Act", "write local."),
        ("local.harbour\n", "Harbour Act", "write local."),
        (ID, "Harbour\nAct", "cannot be printed"),
        (ID, "  ", "title is empty"),
    ],
)
def test_what_is_no_name_is_refused(identifier: str, title: str, problem: str, node: Path) -> None:
    before = files_of(node)
    made = new(identifier, "--node", node, title=title)
    assert (made.code, problem in made.err) == (2, True), made.err
    assert files_of(node) == before


def test_nothing_is_overwritten(node: Path) -> None:
    assert new(ID, "--node", node).code == 0
    again = new(ID, "--node", node)
    assert (again.code, "is taken by harbour_act.yaml" in again.err) == (2, True)
    for folder in ("rules", "rules/cases"):
        path = node / folder / "pier.yaml"
        path.write_text("# mine\n", encoding="utf-8")
    kept = sluicegate(
        "rules", "new", "local.pier", "--title", "a", "--title-zh", "b", "--output", path
    )
    assert (kept.code, "is there already" in kept.err) == (2, True)
    assert path.read_text(encoding="utf-8") == "# mine\n"


def test_a_dry_run_says_what_it_would_write(node: Path) -> None:
    before = files_of(node)
    made = new(ID, "--node", node, "--dry-run")
    assert (made.code, "would write" in made.err) == (0, True)
    assert files_of(node) == before


def test_without_a_node_the_rule_is_printed_or_written_to_a_file(tmp_path: Path) -> None:
    printed = new(ID)
    assert printed.code == 0
    assert load_yaml(printed.out)["instrument"]["id"] == ID
    target = tmp_path / "drafts" / "act.yaml"
    refused = new(ID, "--output", target)
    assert (refused.code, "there is no folder" in refused.err) == (2, True)
    target.parent.mkdir()
    assert new(ID, "--output", target).code == 0
    assert files_of(tmp_path) == {"drafts/act.yaml", "drafts/cases/act.yaml"}
    assert target.read_text(encoding="utf-8") == printed.out
    assert sluicegate("rules", "check", target).code == 0
    assert new(ID, "--output", target, "--node", tmp_path).code == 2


def test_a_folder_that_is_no_node_takes_no_rule(tmp_path: Path) -> None:
    made = new(ID, "--node", tmp_path)
    assert (made.code, files_of(tmp_path)) == (2, set())


def test_check_prints_mistakes_and_notices_and_fails_on_mistakes(harbour: Path) -> None:
    path = harbour / "rules" / "harbour.yaml"
    path.write_text(OWN_RULE.replace("  counted_from: request\n", ""), encoding="utf-8")
    noticed = sluicegate("rules", "check", "--node", harbour, "--format", "json")
    assert (noticed.code, noticed.json["mistakes"], noticed.json["notices"]) == (0, 0, 1)
    assert noticed.json["faults"][0]["severity"] == "notice"
    assert "no mistakes, 1 notice" in noticed.err
    assert sluicegate("rules", "check", "--node", harbour, "--strict").code == 1
    path.write_text(OWN_RULE.replace('value: "1e24"', 'value: "0"'), encoding="utf-8")
    failed = sluicegate("rules", "check", path, "--format", "json")
    assert (failed.code, failed.json["mistakes"]) == (1, 3)
    assert {(one["file"], one["line"]) for one in failed.json["faults"]} == {
        (str(path), OWN_RULE[: OWN_RULE.index('"1e24"')].count("\n") + 1)
    }
    shown = sluicegate("rules", "check", path)
    assert (shown.code, "everything" in shown.out) == (1, True)


def test_check_of_the_shipped_rules_finds_nothing() -> None:
    checked = sluicegate("rules", "check", "--strict", "--format", "json")
    assert (checked.code, checked.json["faults"]) == (0, [])


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"x" * 3_000_000])
def test_check_says_which_file_is_no_text(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(raw)
    checked = sluicegate("rules", "check", path, "--format", "json")
    assert (checked.code, checked.json["faults"][0]["file"]) == (1, str(path))
    assert sluicegate("rules", "check", tmp_path / "none.yaml").code == 2


def test_cases_beside_the_rules_are_no_rules(harbour: Path) -> None:
    folder = harbour / "rules" / "cases"
    folder.mkdir()
    case = f"""
- id: A
  question: {CUSTOMER}
  as_of: '2025-12-01'
  facts: {{compute_used: '2e24'}}
  expected: {{level: passed, limit: '1e24'}}
"""
    (folder / "a.yaml").write_text(case, encoding="utf-8")
    assert sluicegate("rules", "test", "--node", harbour).err == "1 passed, 0 failed\n"
    assert sluicegate("rules", "check", "--node", harbour).code == 0
    (folder / "a.yaml").write_text(case.replace("1e24", "2e24"), encoding="utf-8")
    failed = sluicegate("rules", "test", "--node", harbour, "--format", "json")
    assert (failed.code, [one["field"] for one in failed.json["failed"]]) == (1, ["limit"])


def test_a_list_of_duties_matches_in_any_order_by_the_parts_that_are_told(harbour: Path) -> None:
    path = harbour / "cases.yaml"
    duties = ["call", "report", "keep", "answer", "ask.leave", "sum_up"]
    told = ", ".join(f"{{duty: {name}}}" for name in duties)
    path.write_text(
        f"- {{id: A, question: {CUSTOMER}, as_of: '2025-12-01', facts: {{compute_used: '2e24'}},"
        f" expected: {{due: [{told}]}}}}\n",
        encoding="utf-8",
    )
    assert sluicegate("rules", "test", path, "--node", harbour).code == 0


@pytest.mark.parametrize("command", ["test", "coverage"])
def test_without_cases_there_is_nothing_to_run(command: str, node: Path) -> None:
    for words in ((), ("--node", node)):
        ran = sluicegate("rules", command, *words)
        assert (ran.code, "name a file" in ran.err) == (2, True)
    assert sluicegate("rules", command, node / "none.yaml").code == 2


def test_a_rule_is_asked_listed_and_described_by_its_id(harbour: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("compute_used: '2e24'\ncustomer_kind: entity\ncountry: US\n")
    asked = sluicegate(
        *("ask", COMPANY, "--facts", facts, "--as-of", "2025-12-01"),
        *("--node", harbour, "--format", "json"),
    )
    assert asked.code == 0, asked.err
    assert asked.json["answer"]["as_enforced"] is True
    without = sluicegate("ask", COMPANY, "--facts", facts, "--as-of", "2025-12-01")
    assert (without.code, "is not a question" in without.err) == (2, True)
    listed = sluicegate("rules", "questions", "--node", harbour, "--format", "json").json
    assert {one["question"] for one in listed} > {COMPANY, CUSTOMER, "eu_systemic_risk"}
    schema = sluicegate("rules", "schema", COMPANY, "--node", harbour, "--part", "answer").json
    assert schema["properties"]["applies"]["anyOf"][1] == {"type": "null"}
    assert sluicegate("rules", "schema", COMPANY).code == 2


@pytest.mark.parametrize(
    ("facts", "rule", "passed", "needs"),
    [
        ({}, COMPANY, None, ["customer_kind", "country"]),
        ({"country": "FR"}, COMPANY, False, []),
        ({"country": "US", "customer_kind": "entity"}, COMPANY, True, []),
        ({}, CUSTOMER, True, []),
    ],
)
def test_side_by_side_a_rule_says_which_facts_it_needs(
    facts: dict[str, str], rule: str, passed: bool | None, needs: list[str], harbour: Path
) -> None:
    compared = sluicegate(
        *("regimes", "compare", "--facts", "-", "--as-of", "2026-03-01"),
        *("--node", harbour, "--format", "json"),
        stdin=dump_json({"compute_used": "2e24", **facts}),
    )
    assert compared.code == 0, compared.err
    [row] = [one for one in compared.json["regimes"] if one["rule"] == rule]
    assert (row["passed"], row["binding"], row["needs"]) == (passed, passed, needs)


def test_a_shipped_rule_is_asked_by_its_id_too(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"training_compute": "1.1e25", "passed_on": "2025-09-01"}')
    asked = sluicegate(
        *("ask", "eu.ai_act.systemic_risk", "--facts", facts, "--as-of", "2025-09-01"),
        *("--format", "json"),
    ).json
    due = {one["duty"]: one["due"] for one in asked["answer"]["due"]}
    assert due["notify_commission"] == "2025-09-15"


def test_coverage_writes_every_format(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(
        "- {id: A, question: eu_systemic_risk, as_of: '2025-09-01',"
        " facts: {training_compute: '1e24'}, expected: {}}\n"
    )
    shown = sluicegate("rules", "coverage", path)
    assert (shown.code, "1 case," in shown.err) == (0, True)
    rows = sluicegate("rules", "coverage", path, "--format", "csv").csv
    [act] = [row for row in rows if row["about"] == "eu.ai_act"]
    assert "level systemic_risk passed" in act["untouched"]
    document = load_json(sluicegate("rules", "coverage", path, "--format", "json").out)
    assert document["of"] > document["touched"] > 0


def test_a_new_rule_stands_from_today(node: Path) -> None:
    assert new(ID, "--node", node).code == 0
    text = (node / "rules" / "harbour_act.yaml").read_text("utf-8")
    status = load_yaml(text)["instrument"]["status"][0]
    assert abs(date.fromisoformat(status["from"]) - today()).days <= 1
