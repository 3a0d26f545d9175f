"""Files of BODS, FollowTheMoney and the GLEIF for the intake: rows of the kind `ownership`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from itertools import chain
from pathlib import Path

from sluicegate.adapters.formats.registry_rows import read_rows
from sluicegate.adapters.formats.rejects import RejectsFile
from sluicegate.adapters.native_rows import Item, Rejected, Row, Skipped
from sluicegate.adapters.ownership.bods_reading import Refused, is_bods, read_bods
from sluicegate.adapters.ownership.elements import Element, elements, text_of
from sluicegate.adapters.ownership.ftm_reading import is_ftm, read_ftm
from sluicegate.adapters.ownership.gleif_reading import is_gleif, read_gleif
from sluicegate.core.canonical import digest
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.catalogue import Catalogue
from sluicegate.registry.columns import figure_text
from sluicegate.registry.native import Fault
from sluicegate.services.ownership.native_rows import NativeRows, native_rows
from sluicegate.services.ownership.statements import Statement
from sluicegate.services.ports import InputFile, LakeError, RowsRead, Staged

KIND = "ownership"
BODS, FTM, GLEIF = "BODS 0.4", "FollowTheMoney", "GLEIF level 2"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class OwnershipSettings:
    """How files of statements are read.

    `source` names the source in the registry; without one the publisher does.
    `same` is record → the id under which the registry knows the party. A holder
    of at least `majority` of the votes directs a party.
    """

    majority: Fraction
    source: str | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    rejects: Path | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A file as statements, with what was refused and the schemata that say nothing here."""

    format: str
    statements: tuple[Statement, ...]
    refused: tuple[Refused, ...]
    skipped: Mapping[str, int]


def read_statements(file: Path) -> Read:
    """Read a file of BODS, FollowTheMoney or the GLEIF; raise ProblemsError when it is none."""
    if is_gleif(file):
        return _sorted_out(GLEIF, read_gleif(file))
    found = elements(file, text_of(file))
    first = next(found, None)
    if first is None:
        raise ProblemsError(
            [Problem(str(file), 1, "", "holds no statement", "give a file with statements")]
        )
    form = _form(file, first)
    parts = (read_bods if form == BODS else read_ftm)(chain([first], found))
    return _sorted_out(form, parts)


def _sorted_out(form: str, parts: Iterator[Statement | Refused | str]) -> Read:
    statements: list[Statement] = []
    refused: list[Refused] = []
    skipped: Counter[str] = Counter()
    for part in parts:
        if isinstance(part, Statement):
            statements.append(part)
        elif isinstance(part, Refused):
            refused.append(part)
        else:
            skipped[part if form == GLEIF else f"schema {part}"] += 1
    return Read(form, tuple(statements), tuple(refused), dict(skipped))


def _form(file: Path, first: Element) -> str:
    if is_bods(first.value):
        return BODS
    if is_ftm(first.value):
        return FTM
    raise ProblemsError(
        [
            Problem(
                str(file),
                first.line,
                "",
                first.fault or "is neither a statement of BODS nor an entity of FollowTheMoney",
                "give a file of BODS 0.4 or of FollowTheMoney, as JSON or JSON lines",
            )
        ]
    )


class OwnershipInputs:
    """Reads such files as `services.ports.InputReader` asks."""

    bound = ""

    def __init__(self, settings: OwnershipSettings) -> None:
        self._settings = settings
        self._read: dict[Path, Read] = {}
        self._rejects = None if settings.rejects is None else RejectsFile(settings.rejects)

    def inspect(self, file: Path) -> InputFile:
        """Say what a file is; raise ProblemsError when it cannot be read at all."""
        read = read_statements(file)
        if not read.statements and read.refused:
            raise ProblemsError(
                Problem(str(file), one.line, fault.field, fault.problem, fault.way_out)
                for one in read.refused[:_SHOWN]
                for fault in one.faults
            )
        self._read[file] = read
        settings = self._settings
        identity = digest(
            [
                sha256(file.read_bytes()).hexdigest(),
                self._source(read),
                figure_text(settings.majority),
                dict(settings.same),
            ]
        )
        message = f"{file.name}: this looks like {read.format} ({len(read.statements)} statements)"
        return InputFile(file, KIND, read.format, message, identity, file.stat().st_size)

    def rows(self, file: InputFile) -> RowsRead:
        """Read a file into rows of ownership, each checked as every row of the intake is."""
        read = self._read[file.path]
        settings = self._settings
        found = native_rows(
            read.statements,
            source=self._source(read),
            majority=settings.majority,
            same=settings.same,
        )
        rejects = self._rejects

        def on_reject(line: int, original: Mapping[str, str], faults: list[Fault]) -> None:
            if rejects is not None:
                rejects.add(str(file.path), line, original, faults)

        items = _items(read, found)
        return read_rows(KIND, str(file.path), items, Catalogue.load(), on_reject)

    def stage(self, file: InputFile, *, batches: Sequence[str]) -> Staged:
        """Refuse: a file of statements holds no usage."""
        raise LakeError(f"{file.path}: holds no usage, nor do {len(batches)} batches")

    def publish(self, staged: Staged, batch: str) -> None:
        """Refuse: a file of statements holds no usage."""
        raise LakeError(f"{batch}: {staged.folder} holds no usage")

    def withdraw(self, batch: str) -> None:
        """Do nothing: there is no usage to take away."""

    def discard(self, staged: Staged) -> None:
        """Do nothing: there is no usage to take away."""

    def close(self) -> None:
        """Write the rejects."""
        if self._rejects is not None:
            self._rejects.close()

    def _source(self, read: Read) -> str:
        if self._settings.source:
            return self._settings.source
        publishers = (one.publisher.strip() for one in read.statements)
        return next((name for name in publishers if name), read.format)


def _items(read: Read, found: NativeRows) -> Iterator[Item]:
    """Yield what a file holds in order of its lines: rows, refusals, what is left out."""
    items: list[Item] = [Row(one.line, one.values, dict(one.values)) for one in found.rows]
    items += [Rejected(one.line, one.original, one.faults) for one in read.refused]
    items += [Rejected(one.line, one.original, one.faults) for one in found.refused]
    yield from sorted(items, key=lambda one: one.line)
    for reason, count in (*read.skipped.items(), *found.skipped.items()):
        yield from (Skipped(0, reason) for _ in range(count))
