"""`sluicegate access` says which role may do what, and why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import sluicegate
from sluicegate.services.access.actions import Action

JSON = ("--format", "json")
WHY = ("access", "why")
TRAINEE = """\
@id("local.trainee")
permit (principal in Role::"local.trainee", action == Action::"case:read", resource);
"""


@pytest.fixture
def node(tmp_path: Path) -> Path:
    place = tmp_path / "node"
    assert sluicegate("init", place).code == 0
    (place / "policies").mkdir()
    (place / "policies" / "own.cedar").write_text(TRAINEE, encoding="utf-8")
    return place


def test_the_roles_of_every_action_are_listed(node: Path) -> None:
    rows = sluicegate("access", "roles", *JSON).json
    assert [row["action"] for row in rows] == [one.value for one in Action]
    roles = {row["action"]: row["roles"] for row in rows}
    assert roles["case:check"] == ["reviewer", "officer"]
    own = sluicegate("access", "roles", "--node", node, "--format", "csv").csv
    assert [row["action"] for row in own if "local.trainee" in row["roles"]] == ["case:read"]


def test_the_table_of_roles_is_chinese_throughout() -> None:
    table = sluicegate("access", "roles", "--language", "zh").out
    assert "复核他人的决定" in table
    words = ("reviewer", "action", "roles", "can be done")
    assert [one for one in words if one in table] == []


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        (["--role", "reviewer"], []),
        (["--role", "analyst"], ["This needs one of the roles reviewer, officer."]),
        (["--role", "analyst", "--role", "officer"], []),
        (
            ["--role", "officer", "--own"],
            ["Checking a decision needs another person than the one who proposed it."],
        ),
        (
            ["--role", "officer", "--machine"],
            ["Checking a decision needs a person who has signed in with an account."],
        ),
        (
            ["--role", "officer", "--jurisdiction", "EU", "--within", "US", "--within", "GB"],
            ["This lies outside the jurisdictions of the account."],
        ),
        (["--role", "officer", "--jurisdiction", "GB", "--within", "US", "--within", "GB"], []),
    ],
)
def test_why_something_may_not_be_done(options: list[str], reasons: list[str]) -> None:
    words = (*WHY, "--action", "case:check", *options)
    ran = sluicegate(*words, *JSON)
    assert ran.code == 0
    assert ran.json["allowed"] is (not reasons)
    assert ran.json["reasons"] == reasons
    assert ran.json["permitted_roles"] == ["reviewer", "officer"]
    told = "This may not be done" if reasons else "This may be done"
    lines = [f"{told}: check another person's decision.", *reasons]
    assert sluicegate(*words).out.splitlines() == lines
    [row] = sluicegate(*words, "--format", "csv").csv
    assert row["allowed"] == ("no" if reasons else "yes")


def test_the_answer_is_given_in_chinese() -> None:
    ran = sluicegate(*WHY, "--role", "viewer", "--action", "case:override", "--language", "zh")
    assert ran.out.splitlines() == ["不得进行：更改截止日期。", "此操作须具有角色主管。"]


def test_a_node_adds_its_own_roles(node: Path) -> None:
    words = (*WHY, "--role", "local.trainee", "--action", "case:read")
    assert sluicegate(*words, "--node", node, *JSON).json["policies"] == ["local.trainee"]
    assert sluicegate(*words).code == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--role", "analist", "--action", "case:read"], "did you mean analyst?"),
        (["--role", "analyst", "--action", "case:reed"], "did you mean case:read?"),
        (["--role", "analyst", "--action", "x"], "`sluicegate access roles` shows all"),
        (["--role", "analyst", "--action", "case:read", "--jurisdiction", "ZZ"], "give one such"),
        (["--role", "analyst", "--action", "case:read", "--within", "us-ca"], "--within: us-ca"),
        (["--role", "analyst", "--action", "case:read", "--node", "nowhere"], "is no node"),
    ],
)
def test_a_name_that_is_not_known_is_told_with_a_way_out(options: list[str], says: str) -> None:
    ran = sluicegate(*WHY, *options)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_a_fault_of_the_node_ends_the_command(node: Path) -> None:
    (node / "policies" / "own.cedar").write_text("permit", encoding="utf-8")
    ran = sluicegate("access", "roles", "--node", node)
    assert (ran.code, ran.out) == (2, "")
    assert "own.cedar:1: is no Cedar policy" in ran.err
