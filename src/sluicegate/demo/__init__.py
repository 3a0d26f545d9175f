"""Synthetic worlds: raw source files of an invented provider, and the truth about them."""

from sluicegate.demo.truth import Truth
from sluicegate.demo.world import write_world

__all__ = ["Truth", "write_world"]
