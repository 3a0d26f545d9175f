"""A tenant's identity, empty, with its keys in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from identity_world import World, world


@pytest.fixture
def node(tmp_path: Path) -> Iterator[World]:
    """Return identity over an empty store; the second factor is optional."""
    made = world(tmp_path / "keys")
    with made.store:
        yield made
