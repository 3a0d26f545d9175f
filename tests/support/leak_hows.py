"""What is said of a route in the tables of the proofs: how it is called and what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sluicegate.services.access.actions import Action


@dataclass(frozen=True, slots=True, order=True)
class RouteId:
    """A route: the face ("API" or "console"), the method and the path as it is declared."""

    face: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.face} {self.method} {self.path}"


@dataclass(frozen=True)
class How:
    """How a route is called, and what it takes to be answered.

    `action` is what must be permitted (None: being signed in is enough), on a
    thing of the kind `on` or on the kind as a whole. `then` is asked of the same
    thing as well. `good` are the statuses of an answer to someone who may.
    `path` maps a part of the path to the kind of thing, or to "=TEXT".
    `is_open` is for everyone, `is_step` for who is half-way through signing in.
    `is_hidden` answers who may not as if it were not there; `is_sealing` needs the
    group of the sealed files; `is_whole` needs
    every jurisdiction; `is_unbounded` hides a thing from callers of
    some jurisdictions. `is_slow` is called less often in the short run.
    """

    action: Action | None = None
    on: str | None = None
    good: tuple[int, ...] = (200,)
    then: tuple[Action, ...] = ()
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    is_step: bool = False
    is_hidden: bool = False
    is_sealing: bool = False
    is_slow: bool = False
    is_whole: bool = False
    is_unbounded: bool = False
