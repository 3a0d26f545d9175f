"""A world of three customers for every test of due diligence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from diligence_world import World, small_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a store with three customers, and desks over it."""
    with small_world(tmp_path) as made:
        yield made
