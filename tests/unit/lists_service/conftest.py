"""A node's lists to work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from list_worlds import ListWorld, list_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ListWorld]:
    """Return an empty node's lists."""
    made = list_world(tmp_path)
    yield made
    made.parts.store.close()  # type: ignore[attr-defined]
