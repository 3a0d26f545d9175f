"""What the shipped policies permit, what they refuse, and in which words."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from cedarpy import validate_policies

from principals import GROUP, OTHER, SELF, everyone, machine, operator, principal
from sluicegate.adapters.policies import CedarAuthority, Statement, shipped_statements
from sluicegate.adapters.policies.statements import parsed, pieces, schema
from sluicegate.core.phrases import Language
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NOT_THERE, Verdict
from sluicegate.services.access.principals import Principal, Resource
from sluicegate.services.access.roles import SHIPPED_ROLES, grants

AUTHORITY = CedarAuthority(shipped_statements())
CJK = re.compile(r"[\u4e00-\u9fff]")
ROLE_LETTERS = "Analyst Reviewer Officer Engineer aUditor aDministrator Viewer"
TABLE = """
question:ask       A R O E U D V
rules:read         A R O E U D V
finding:read       A R O . U . V
customer:read      A R O . U . .
run:read           A R O . U . V
usage:read         A R O E U . .
source:read        A R O E U . .
report:read        A R O . U . V
intake:write       . . . E . . .
assess:run         A R O E . . .
job:read           A R O E U D V
job:cancel         A R O E U D V
list:read          A R O E U . .
list:load          . . O E . . .
list:decide        A R O . . . .
link:read          A R O . U . .
link:decide        A R O . . . .
case:read          A R O . U . .
case:open          A R O . . . .
case:assign        A R O . . . .
case:work          A R O . . . .
case:propose       A R O . . . .
case:check         . R O . . . .
case:override      . . O . . . .
case:export        A R O . U . .
sealed:open        . . . . . . .
filing:read        A R O . U . .
filing:draft       A R O . . . .
diligence:read     A R O . U . .
diligence:work     A R O . . . .
diligence:decide   A R O . . . .
diligence:check    . R O . . . .
hold:manage        . . O . . . .
disposal:run       . . O . . . .
production:request A R O . . . .
production:release . R O . . . .
exchange:read      A R O . U . .
exchange:propose   . . O . . . .
exchange:approve   . . O . . . .
validation:read    A R O . U . .
validation:work    A R O . . . .
validation:decide  . . O . . . .
lineage:read       A R O E U . V
lineage:write      A R O E . . .
lab:read           A R O E U . V
lab:load           A R O E . . .
consultation:read  A R O . U . V
consultation:work  A R O . . . .
consultation:issue . . O . . . .
webhook:read       . . . . U D .
webhook:manage     . . . . . D .
user:read          . . . . U D .
user:manage        . . . . . D .
client:manage      . . . . . D .
settings:read      . . . . U D .
audit:read         . . . . U . .
metrics:read       . . . E U D .
"""
"""Action → the roles that permit it, each by the capital letter of its name above."""


def said(verdict: Verdict, language: Language = Language.EN) -> list[str]:
    return [one.text(language) for one in verdict.reasons]


def case(**more: str) -> Resource:
    return Resource(
        "case", SELF, "c-1", more.get("jurisdiction"), more.get("sealed"), more.get("by")
    )


def test_the_roles_permit_what_the_table_says() -> None:
    letters = [next(filter(str.isupper, name)) for name in ROLE_LETTERS.split()]
    assert tuple(name.lower() for name in ROLE_LETTERS.split()) == SHIPPED_ROLES
    granted = grants(AUTHORITY, SHIPPED_ROLES)
    lines = [
        f"{action.value:<19}"
        + " ".join(
            letter if role in granted[action] else "."
            for role, letter in zip(SHIPPED_ROLES, letters, strict=True)
        )
        for action in Action
    ]
    assert lines == TABLE.strip().splitlines()


def test_the_policies_know_the_shipped_roles_and_no_other() -> None:
    assert AUTHORITY.roles == SHIPPED_ROLES


def test_every_policy_fits_the_schema() -> None:
    folder = files("sluicegate") / "data" / "policies"
    texts = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".cedar")]
    checked = validate_policies("\n".join(texts), schema())
    assert [one.error for one in checked.errors] == []
    assert checked.validation_passed
    wrong = 'permit (principal, action == Action::"case:reed", resource);'
    assert not validate_policies(wrong, schema()).validation_passed


def test_the_schema_has_every_action_and_no_other() -> None:
    text = (files("sluicegate") / "data" / "policies" / "schema.cedarschema").read_text("utf-8")
    named = re.findall(r'"(\w+:\w+)"', text.partition("\naction")[2])
    assert named == [one.value for one in Action]


@pytest.mark.parametrize("one", shipped_statements(), ids=lambda one: one.id)
def test_a_policy_is_named_once_and_a_limit_says_what_is_missing_in_both_languages(
    one: Statement,
) -> None:
    assert [other.id for other in shipped_statements()].count(one.id) == 1
    assert one.id.partition(".")[0] == one.piece.file.removesuffix(".cedar")
    assert one.is_permit or one.reason is not None
    if one.reason is not None:
        assert CJK.search(one.reason.zh)
        assert one.reason.en.endswith(".")
        assert one.reason.zh.endswith("。")


def test_nobody_checks_what_they_proposed() -> None:
    reviewer = principal("reviewer")
    own = AUTHORITY.decide(reviewer, Action.CASE_CHECK, case(by=reviewer.id))
    assert (own.is_allowed, own.policies) == (False, ("limits.own_proposal",))
    assert said(own) == ["Checking a decision needs another person than the one who proposed it."]
    assert said(own, Language.ZH) == ["复核决定须由提议人以外的人进行。"]
    assert AUTHORITY.decide(reviewer, Action.CASE_CHECK, case(by="user:analyst")).is_allowed
    assert AUTHORITY.decide(reviewer, Action.CASE_WORK, case(by=reviewer.id)).is_allowed


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        (Action.JOB_READ, {"officer", "engineer", "auditor", "administrator"}),
        (Action.JOB_CANCEL, {"officer", "engineer", "administrator"}),
    ],
)
def test_everyone_sees_the_long_work_they_asked_for_and_some_that_of_others(
    action: Action, roles: set[str]
) -> None:
    for role in SHIPPED_ROLES:
        one = principal(role)
        own = AUTHORITY.decide(one, action, Resource("job", SELF, "j-1", maker=one.id))
        other = AUTHORITY.decide(one, action, Resource("job", SELF, "j-1", maker="user:ola"))
        assert (own.is_allowed, other.is_allowed) == (True, role in roles), role
        away = Resource("job", OTHER, "j-1", maker=one.id)
        assert AUTHORITY.decide(one, action, away) is NOT_THERE
    viewer = AUTHORITY.decide(
        principal("viewer"), Action.JOB_CANCEL, Resource("job", SELF, "j-1", maker="user:ola")
    )
    assert said(viewer) == ["This needs one of the roles officer, engineer, administrator."]


@pytest.mark.parametrize("one", [machine("reviewer"), machine("officer"), operator()])
def test_only_a_person_with_an_account_checks(one: Principal) -> None:
    refused = AUTHORITY.decide(one, Action.CASE_CHECK, case(by="user:analyst"))
    assert refused.policies == ("limits.people_check",)
    assert said(refused) == [
        "Checking a decision needs a person who has signed in with an account."
    ]


def test_the_operator_does_everything_else_and_opens_nothing_sealed() -> None:
    left = {act for act in Action if not AUTHORITY.decide(operator(), act, case()).is_allowed}
    assert left == {
        Action.CASE_CHECK,
        Action.CONSULTATION_ISSUE,
        Action.DILIGENCE_CHECK,
        Action.EXCHANGE_APPROVE,
        Action.VALIDATION_DECIDE,
        Action.PRODUCTION_RELEASE,
        Action.SEALED_OPEN,
    }
    sealed = case(sealed=GROUP)
    one = operator(sealed=[GROUP])
    assert all(AUTHORITY.decide(one, act, sealed) is NOT_THERE for act in Action)


def test_a_refusal_names_the_roles_that_would_permit_it() -> None:
    viewer = principal("viewer")
    check = AUTHORITY.decide(viewer, Action.CASE_CHECK, case())
    assert said(check) == ["This needs one of the roles reviewer, officer."]
    assert said(check, Language.ZH) == ["此操作须具有以下角色之一：复核员、主管。"]
    override = AUTHORITY.decide(principal("analyst"), Action.CASE_OVERRIDE, case())
    assert said(override) == ["This needs the role officer."]
    own = AUTHORITY.decide(viewer, Action.CASE_CHECK, case(by=viewer.id))
    assert said(own)[1:] == said(check)


def test_every_refusal_has_a_reason() -> None:
    for one in everyone():
        for action in Action:
            verdict = AUTHORITY.decide(one, action, Resource(action.noun, SELF))
            assert verdict.is_allowed == (not verdict.reasons), (one.id, action)
            assert not verdict.is_allowed or verdict.policies


def test_a_group_opens_sealed_files_and_its_members_do_there_what_their_roles_permit() -> None:
    sealed = case(sealed=GROUP)
    member, guest = principal("analyst", sealed=[GROUP]), principal("viewer", sealed=[GROUP])
    for one in (member, guest):
        assert AUTHORITY.decide(one, Action.SEALED_OPEN, Resource("sealed", SELF)).is_allowed
    assert AUTHORITY.decide(member, Action.CASE_WORK, sealed).is_allowed
    assert AUTHORITY.decide(member, Action.FILING_DRAFT, sealed).is_allowed
    assert not AUTHORITY.decide(member, Action.CASE_CHECK, sealed).is_allowed
    assert not AUTHORITY.decide(guest, Action.CASE_READ, sealed).is_allowed
    outside = AUTHORITY.decide(principal("officer"), Action.SEALED_OPEN, Resource("sealed", SELF))
    assert said(outside) == ["This needs membership of a group that keeps sealed files."]


@pytest.mark.parametrize("one", everyone(), ids=lambda one: one.id)
@pytest.mark.parametrize("action", list(Action), ids=lambda one: one.value)
def test_what_is_sealed_is_refused_in_the_words_for_what_is_not_there(
    one: Principal, action: Action
) -> None:
    for sealed in (
        case(sealed=GROUP),
        case(sealed=GROUP, jurisdiction="US", by="user:analyst"),
        Resource("case", SELF, sealed_for=GROUP),
        Resource("filing", OTHER, "f-1"),
        Resource("filing", OTHER, "f-1", None, GROUP),
    ):
        assert AUTHORITY.decide(one, action, sealed) is NOT_THERE


def test_what_lies_outside_the_jurisdictions_is_hidden_when_it_is_one_thing() -> None:
    analyst = principal("analyst", jurisdictions=["US"])
    one = AUTHORITY.decide(analyst, Action.CASE_READ, case(jurisdiction="EU"))
    assert one is NOT_THERE
    kind = AUTHORITY.decide(analyst, Action.CASE_READ, Resource("case", SELF, jurisdiction="EU"))
    assert kind.policies == ("limits.jurisdiction",)
    assert said(kind) == ["This lies outside the jurisdictions of the account."]
    assert AUTHORITY.decide(analyst, Action.CASE_READ, case(jurisdiction="US")).is_allowed
    assert AUTHORITY.decide(analyst, Action.CASE_READ, case()).is_allowed
    assert not AUTHORITY.decide(
        principal("analyst", jurisdictions=[]), Action.CASE_READ, case(jurisdiction="US")
    ).is_allowed


def test_a_policy_that_cannot_be_evaluated_refuses() -> None:
    text = '@id("local.odd") forbid (principal, action, resource) when { CLAUSE };'
    clause = "principal.tenant == resource.tenant && 9223372036854775807 + 1 == 0"
    [odd] = (parsed(one) for one in pieces("odd.cedar", text.replace("CLAUSE", clause)))
    verdict = CedarAuthority([*shipped_statements(), odd]).decide(
        principal("analyst"), Action.CASE_READ, case()
    )
    assert not verdict.is_allowed
    assert said(verdict) == ["The policies of this node could not be applied."]


@pytest.mark.parametrize("name", ['"', "\\", "\n", "\u0000", "::", "水", "a" * 5000, "\ud800"])
def test_an_odd_name_permits_nothing_more(name: str) -> None:
    odd = principal("analyst", identifier=f"user:{name}")
    assert not AUTHORITY.decide(odd, Action.CASE_CHECK, case(by=odd.id)).is_allowed
    stranger = principal(name)
    assert not AUTHORITY.decide(stranger, Action.RULES_READ, case()).is_allowed
    assert not AUTHORITY.decide(odd, Action.USER_MANAGE, Resource(name, SELF, name)).is_allowed
