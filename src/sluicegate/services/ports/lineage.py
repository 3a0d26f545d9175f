"""What lineages need from the outside: files that state them, and versions in a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from sluicegate.core.reasons import Sentence
from sluicegate.lineage.document import HumanChange, Independence, Lineage, Node, Query

Edge = tuple[str, str, HumanChange | None]
"""A cause, what it is a cause of, and the human's change that cuts the edge, if one does."""


class LineageFormat(Enum):
    """What a file of lineages is written in."""

    NATIVE = "lineage_json"
    PROV = "prov_json"
    OPENLINEAGE = "openlineage"


@dataclass(frozen=True, slots=True)
class InputFault:
    """One thing wrong in a file: where, which field, which nodes, why, and the way out.

    `place` is a path such as `nodes[3]` or a line such as `line 7`.
    """

    place: str
    field: str
    nodes: tuple[str, ...]
    problem: Sentence
    way_out: Sentence
    case: str | None = None

    def __str__(self) -> str:
        place = self.place if self.case is None else f"{self.case}: {self.place}"
        named = f" ({', '.join(self.nodes[:3])})" if self.nodes else ""
        return f"{place}{named}: {self.field}: {self.problem}; {self.way_out}"


class LineageInputError(ValueError):
    """A file that states no lineage; `faults` holds all that is wrong with it, in order."""

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class StatedLineage:
    """A lineage as a file states it, not yet checked as a graph.

    `name` is the file's own word for it, empty where it has none; `case` is the id
    of a case of a file of cases. `faults` spoil it: it is no lineage until they
    are mended. `left_out` are parts that could not be read and spoil nothing else.
    `unknown` are names of fields that no reader knows.
    """

    nodes: tuple[Node, ...]
    edges: Sequence[Edge]
    independence: tuple[Independence, ...] = ()
    queries: tuple[Query, ...] = ()
    name: str = ""
    case: str | None = None
    faults: tuple[InputFault, ...] = ()
    left_out: tuple[InputFault, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineageFile:
    """What a file states: its format, the SHA-256 of its bytes, its lineages in order.

    `left_out` are parts of no lineage that could not be read, such as a line.
    """

    format: LineageFormat
    checksum: str
    lineages: tuple[StatedLineage, ...]
    has_cases: bool = False
    left_out: tuple[InputFault, ...] = ()


class StatementKind(Enum):
    """What people state of a lineage by hand."""

    INDEPENDENCE = "independence"
    HUMAN_CHANGE = "human_change"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person stated of a cause and a target, with reason and evidence.

    `on` is the day it is about; `by` and `at` say who entered it and when.
    """

    kind: StatementKind
    cause: str
    target: str
    reason: str
    evidence: str
    on: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LineageVersion:
    """A version of a lineage as a node keeps it.

    A lineage is known by its source and name. `digest` is of what it states.
    `checksum` is of the file that it came from, empty where people entered it.
    `supersedes` is the version before, empty for the first. `models` and `outputs`
    count nodes of those kinds, `undisclosed` those whose compute is not told.
    `statements` are what people entered by hand and holds in this version.
    """

    version_id: str
    lineage_id: str
    source: str
    name: str
    version: int
    digest: str
    checksum: str
    format: str
    nodes: int
    edges: int
    models: int
    outputs: int
    undisclosed: int
    supersedes: str
    reason: str
    at: datetime
    by: str
    statements: tuple[Statement, ...] = ()


class LineageChangedError(RuntimeError):
    """Somebody else kept that version of the lineage meanwhile."""


class LineageFilesError(RuntimeError):
    """What a kept version states is missing or damaged."""


class LineageStore(Protocol):
    """Versions of lineages of one tenant; they only grow.

    `known_on` leaves out what was recorded after an instant.
    """

    def digest_of(self, lineage: Lineage) -> str:
        """Return the SHA-256 under which a lineage is kept; the same for the same lineage."""
        ...

    def add(self, version: LineageVersion, lineage: Lineage) -> None:
        """Keep a version with what it states.

        Raises:
            LineageChangedError: somebody else kept that version meanwhile.
        """
        ...

    def versions(
        self, lineage_id: str | None = None, *, known_on: datetime | None = None
    ) -> Sequence[LineageVersion]:
        """Return the versions of one lineage or of all, the oldest first."""
        ...

    def current(self, *, known_on: datetime | None = None) -> Sequence[LineageVersion]:
        """Return the last version of every lineage, in order of source and name."""
        ...

    def read(self, version: LineageVersion) -> Lineage:
        """Return what a version states, whole.

        Raises:
            LineageFilesError: it is missing or damaged.
        """
        ...
