"""Without any one policy some cell of role × action × situation comes out otherwise."""

from __future__ import annotations

import pytest

from access_table import NOBODY, SITUATIONS, cells
from sluicegate.adapters.policies import CedarAuthority, Statement, shipped_statements
from sluicegate.services.access.actions import Action

STATEMENTS = shipped_statements()
WHOLE = {cell: one.is_allowed for cell, one in cells(CedarAuthority(STATEMENTS)).items()}


@pytest.mark.parametrize("statement", STATEMENTS, ids=[one.id for one in STATEMENTS])
def test_a_table_without_the_policy_is_another_table(statement: Statement) -> None:
    rest = CedarAuthority(one for one in STATEMENTS if one.id != statement.id)
    found = {cell: one.is_allowed for cell, one in cells(rest).items()}
    changed = {cell for cell in WHOLE if found[cell] is not WHOLE[cell]}
    assert changed, f"nothing notices that {statement.id} is gone"
    assert {found[cell] for cell in changed} == {not statement.is_permit}


def test_every_situation_tells_some_cell_apart() -> None:
    first = next(iter(SITUATIONS))
    same = {
        name
        for name in SITUATIONS
        if name != first
        and all(WHOLE[name, role, act] == WHOLE[first, role, act] for _, role, act in WHOLE)
    }
    assert same == {"the kind as a whole", "within one's jurisdictions"}


def test_without_policies_nothing_is_permitted() -> None:
    found = cells(CedarAuthority(one for one in STATEMENTS if not one.is_permit))
    assert {one.is_allowed for one in found.values()} == {False}


def test_whoever_has_no_known_role_may_do_nothing_but_what_a_group_gives() -> None:
    may = {
        (name, action)
        for (name, role, action), is_allowed in WHOLE.items()
        if role == NOBODY and is_allowed and not name.startswith("the operator's")
    }
    assert may == {
        ("sealed, in the group", Action.SEALED_OPEN),
    }
