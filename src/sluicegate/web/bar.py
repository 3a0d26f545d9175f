"""The bar at the top: its places, and the row of places that share one name of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sluicegate.services.access.actions import Action


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place of the console: its path, its English name and what it needs.

    `inside` are the places that one name in the bar stands for.
    """

    path: str
    name: str
    action: Action | None = None
    inside: tuple[NavItem, ...] = ()

    def holds(self, path: str) -> bool:
        """Say whether a path is this place, or lies below it or a place inside it."""
        return (
            path == self.path
            or path.startswith(f"{self.path}/")
            or any(one.holds(path) for one in self.inside)
        )


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place that is offered: where it leads, its English name, whether the page is in it.

    `row` are the places to change to on its pages; empty where it is one alone.
    """

    path: str
    name: str
    is_here: bool
    row: tuple[ShownPlace, ...] = ()


def bar(
    nav: tuple[NavItem, ...], path: str, may: Callable[[Action], bool]
) -> tuple[ShownPlace, ...]:
    """Return the places of the bar that a reader may open, on the page at a path.

    A place with others inside leads to the first of them that may be opened. Of two
    that hold the page the nearer one is here: the one with the longer path.
    """
    found = (_shown(item, path, may) for item in nav)
    return tuple(one for one in found if one is not None)


def _shown(item: NavItem, path: str, may: Callable[[Action], bool]) -> ShownPlace | None:
    row = [one for one in item.inside or (item,) if one.action is None or may(one.action)]
    if not row:
        return None
    here = max((one.path for one in row if one.holds(path)), key=len, default=None)
    shown = tuple(ShownPlace(one.path, one.name, one.path == here) for one in row)
    return ShownPlace(row[0].path, item.name, item.holds(path), shown if item.inside else ())
