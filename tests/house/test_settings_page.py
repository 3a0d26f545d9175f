"""The page on running a node names every setting, its variable and what holds without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sluicegate.core.identifiers import TenantId
from sluicegate.services.node import NodeError, NodeFolder
from sluicegate.services.settings import Settings, read_settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "run-a-node.md"
ROW = re.compile(r"^\| `([a-z_.]+)` \| `SLUICEGATE_([A-Z_]+)` \| ([^|]*) \|", re.MULTILINE)
IN_WORDS = {"", "not set", "all", "none", "state.db in the node", "every core"}
IN_WORDS |= {"chosen by the engine"}


def rows() -> dict[str, str]:
    """Return setting → what the page says holds when it is left out."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {variable.lower(): given.strip() for _, variable, given in found}


def shown() -> dict[str, str]:
    plain = Settings(store_url="sqlite://", tenant=TenantId("self"))
    return {one.name: one.value for one in plain.describe()}


def test_every_setting_is_on_the_page_and_no_other() -> None:
    assert set(rows()) == set(shown())


def test_what_holds_without_a_setting_is_what_the_page_says() -> None:
    wrong = {
        name: (said, shown()[name])
        for name, said in rows().items()
        if said not in IN_WORDS and said.lower() != shown()[name].lower()
    }
    assert wrong == {}


def test_each_place_in_the_file_is_the_one_that_is_read(tmp_path: Path) -> None:
    with pytest.raises(NodeError) as told:
        read_settings({"no": {"such": 1}}, NodeFolder(tmp_path), {})
    known = set(str(told.value).partition("the settings are ")[2].split(", "))
    assert known == {place for place, _, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))}
