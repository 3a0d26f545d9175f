"""A call of the client, as the tables of its tests say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """A call by name: the method, what it is given, and as whom.

    "{case}" stands for the id of a case of the node, and so on. `refused` is the
    kind of the problem where the node has nothing that could be answered.
    """

    name: str
    args: tuple[Any, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    role: str = "analyst"
    refused: str = ""
