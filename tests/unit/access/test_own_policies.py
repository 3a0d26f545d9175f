"""A node adds roles and limits of its own, replaces nothing, and permits nothing while they err."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import sluicegate
from principals import SELF, machine, principal
from sluicegate.adapters.policies import (
    CedarAuthority,
    PoliciesError,
    policy_faults,
    read_policies,
    shipped_statements,
)
from sluicegate.core.phrases import Language
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.access.roles import SHIPPED_ROLES
from sluicegate.services.node import NodeError
from sluicegate.wiring import check_node, opened
from sluicegate.wiring.access import authority_of

CASE = Resource("case", SELF, "c-1", "US")
TRAINEE = """\
// A comment; with a semicolon.
@id("local.trainee")
permit (principal in Role::"local.trainee", action == Action::"case:read", resource);
"""
NO_EXPORT = """\
@id("local.no_export")
forbid (principal, action == Action::"case:export", resource)
when { principal.kind == "machine" };
"""
NOT_LOCAL = "does not begin with local."
FAULTS = {
    "permit (principal": "is no Cedar policy",
    'permit (principal in Role::"local.a", action, resource);': "has no id",
    TRAINEE.partition("\n")[2].replace("local.trainee", "trainee", 1): NOT_LOCAL,
    '@id("limits.own_proposal") forbid (principal, action, resource);': NOT_LOCAL,
    '@id("local.a") permit (principal, action, resource);': "permits without a role of its own",
    '@id("local.a") permit (principal, action, resource) '
    'when { principal in Role::"local.a" };': "permits without a role of its own",
    '@id("local.a") permit (principal in Role::"analyst", action, resource);': (
        "permits without a role of its own"
    ),
    '@id("local.a") permit (principal == Actor::"user:1", action, resource);': (
        "permits without a role of its own"
    ),
    '@id("local.a") permit (principal in ?principal, action, resource);': "leaves ?principal",
    '@id("local.a") forbid (principal in Role::"analist", action, resource);': (
        "names the role 'analist', which no policy knows"
    ),
    '@id("local.a") forbid (principal, action == Action::"case:eat", resource);': (
        "does not fit the schema"
    ),
    '@id("local.a") forbid (principal, action, resource) when { resource.colour == "red" };': (
        "does not fit the schema"
    ),
    '@id("local.a") @hides("always") forbid (principal, action, resource);': "@hides is not for",
    '@id("local.a") @hides("maybe") forbid (principal, action, resource);': "@hides is 'maybe'",
}
"""A statement → what is said to be wrong with it."""


def folder(tmp_path: Path, **files: str) -> Path:
    place = tmp_path / "policies"
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / f"{name}.cedar").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def node(tmp_path: Path) -> Path:
    place = tmp_path / "node"
    assert sluicegate("init", place).code == 0
    return place


def test_a_role_of_the_node_may_do_what_the_node_permits_and_no_more(tmp_path: Path) -> None:
    authority = CedarAuthority(read_policies(folder(tmp_path, own=TRAINEE)))
    trainee = principal("local.trainee")
    may = [one for one in Action if authority.decide(trainee, one, CASE).is_allowed]
    assert may == [Action.CASE_READ]
    assert authority.roles == (*SHIPPED_ROLES, "local.trainee")
    away = principal("local.trainee", jurisdictions=["EU"])
    assert not authority.decide(away, Action.CASE_READ, CASE).is_allowed
    refused = authority.decide(principal("viewer"), Action.CASE_READ, CASE)
    [said] = [one.text() for one in refused.reasons]
    assert said.endswith("analyst, reviewer, officer, auditor, local.trainee.")


def test_a_limit_of_the_node_refuses_and_is_named_or_says_its_reason(tmp_path: Path) -> None:
    silent = CedarAuthority(read_policies(folder(tmp_path, own=NO_EXPORT)))
    refused = silent.decide(machine("analyst"), Action.CASE_EXPORT, CASE)
    assert refused.policies == ("local.no_export",)
    [said] = refused.reasons
    assert said.text() == "A policy of this node refuses this: local.no_export."
    assert silent.decide(principal("analyst"), Action.CASE_EXPORT, CASE).is_allowed
    told = '@reason("People export.")\n@reason_zh("导出须由人员进行。")\n' + NO_EXPORT
    [said] = (
        CedarAuthority(read_policies(folder(tmp_path, own=told)))
        .decide(machine("analyst"), Action.CASE_EXPORT, CASE)
        .reasons
    )
    assert (said.text(), said.text(Language.ZH)) == ("People export.", "导出须由人员进行。")


def test_a_limit_of_the_node_may_be_about_a_role_of_the_node(tmp_path: Path) -> None:
    rests = '@id("local.rest") forbid (principal in Role::"local.trainee", action, resource);'
    authority = CedarAuthority(read_policies(folder(tmp_path, a=TRAINEE, b=rests)))
    assert not authority.decide(principal("local.trainee"), Action.CASE_READ, CASE).is_allowed
    assert authority.roles == (*SHIPPED_ROLES, "local.trainee")


@pytest.mark.parametrize(("text", "problem"), FAULTS.items(), ids=range(len(FAULTS)))
def test_a_fault_is_told_with_its_file_and_line(tmp_path: Path, text: str, problem: str) -> None:
    place = folder(tmp_path, fine=NO_EXPORT, wrong=f"// First;\n\n{text}")
    [fault] = policy_faults(place)
    assert str(fault).startswith(f"{place / 'wrong.cedar'}:3: ")
    assert problem in fault.problem
    with pytest.raises(PoliciesError) as raised:
        read_policies(place)
    assert raised.value.faults == (fault,)


def test_every_fault_is_told_at_once_in_order(tmp_path: Path) -> None:
    place = folder(tmp_path, a=NO_EXPORT, b=NO_EXPORT + "\n" + NO_EXPORT)
    (place / "c.txt").write_text("permit", encoding="utf-8")
    (place / "d.cedar").write_bytes(b"\xff\xfe")
    (place / "notes.md").write_text("# Why", encoding="utf-8")
    (place / ".hidden").write_text("x", encoding="utf-8")
    told = [(Path(one.file).name, one.line) for one in policy_faults(place)]
    assert told == [("b.cedar", 1), ("b.cedar", 5), ("c.txt", 1), ("d.cedar", 1)]


def test_a_folder_that_is_empty_or_not_there_adds_nothing(tmp_path: Path) -> None:
    assert read_policies(tmp_path / "policies") == shipped_statements()
    assert read_policies(folder(tmp_path)) == shipped_statements()
    assert read_policies(None) == shipped_statements()


def test_a_node_with_a_fault_permits_nothing_and_the_doctor_names_it(node: Path) -> None:
    found = {one.name: one.state.value for one in check_node(node)}
    assert found["policies"] == "ok"
    place = folder(node, own="permit (principal, action, resource);")
    with pytest.raises(NodeError, match=r"own\.cedar:1: has no id"):
        authority_of(node)
    with opened(node) as opening, pytest.raises(NodeError, match=r"docs/roles\.md"):
        authority_of(opening)
    ran = sluicegate("doctor", node, "--format", "json")
    [check] = [one for one in ran.json["checks"] if one["check"] == "policies"]
    assert ran.code == 1
    assert check["state"] == "failed"
    assert f"{place / 'own.cedar'}:1: has no id" in check["finding"]


def test_the_authority_of_a_node_knows_its_own_roles(node: Path) -> None:
    folder(node, own=TRAINEE)
    assert authority_of(node).roles[-1] == "local.trainee"
    with opened(node) as opening:
        assert authority_of(opening).roles[-1] == "local.trainee"
    assert authority_of().roles == SHIPPED_ROLES
    with pytest.raises(NodeError, match="is no node"):
        authority_of(node / "policies")
