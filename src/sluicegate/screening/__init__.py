"""Screening: names are compared with the parties of lists, and every match says why.

`entries` is what an issuer's list says, `index` the engine that screens names
against listed parties, `joining` makes one listed party of entries in several
lists, `changes` tells two versions of a list apart, and `linkage` finds accounts
that belong together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sluicegate.screening.index import Index, Match, ScreeningError, compare

__all__ = ["Index", "Match", "ScreeningError", "compare"]


def __getattr__(name: str) -> Any:
    """Load the engine when it is first named: what reads entries needs no numpy."""
    if name in __all__:
        from sluicegate.screening import index

        return getattr(index, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
