"""The page of roles says what the policies say, and its examples work."""

from __future__ import annotations

from pathlib import Path

import pytest

import write_roles_page
from command_line import sluicegate
from pages import agrees, blocks, follow
from writing import stale

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "roles.md").read_text("utf-8")
BLOCKS = blocks(PAGE)


def test_the_page_is_what_the_policies_say() -> None:
    assert stale(write_roles_page.pages()) == [], write_roles_page.COMMAND


def test_a_command_of_the_page_prints_what_it_says() -> None:
    followed = list(follow([one for one in BLOCKS if one.kind == "console"]))
    assert followed
    for one in followed:
        assert agrees(one.ran.out, one.expected), one.ran.out


def test_the_policies_of_the_page_load_and_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sluicegate("init", tmp_path / "node").code == 0
    monkeypatch.chdir(tmp_path / "node")
    [own] = [one for one in BLOCKS if one.kind == "cedar"]
    own.put()
    why = ("access", "why", "--node", ".", "--format", "json")
    work = sluicegate(*why, "--role", "local.trainee", "--action", "case:work").json
    assert work["policies"] == ["local.trainee"]
    export = sluicegate(*why, "--role", "analyst", "--action", "case:export", "--machine").json
    assert export["reasons"] == ["Exports are made by people."]
