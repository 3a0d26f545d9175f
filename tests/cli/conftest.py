"""Nodes for commands to work on."""

from __future__ import annotations

from pathlib import Path

import pytest

import tiny_world
from command_line import sluicegate

AS_OF = ("--as-of", "2026-06-30")


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """Return a node with usage, of its own, over which no pass went yet."""
    return tiny_world.tiny_node(tmp_path / "node")


@pytest.fixture(scope="session")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a node after one pass; not to be changed."""
    folder = tiny_world.tiny_node(tmp_path_factory.mktemp("passed") / "node")
    assert sluicegate("assess", "--node", folder, *AS_OF).code == 0
    return folder


@pytest.fixture
def raw(tmp_path: Path) -> list[Path]:
    """Return the source files of the tiny world."""
    return tiny_world.write_files(tmp_path / "raw")
