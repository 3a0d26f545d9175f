"""Reading policies: the shipped ones, and those that a node adds in its own folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sluicegate.adapters.policies.statements import (
    Piece,
    Statement,
    StatementError,
    parsed,
    pieces,
)
from sluicegate.services.access.roles import LOCAL, SHIPPED_ROLES

POLICIES_FOLDER = "policies"
"""Where a node keeps its own policies."""

_SUFFIX = ".cedar"
_OWN_ANNOTATIONS = frozenset({"id", "reason", "reason_zh"})


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """What is wrong in a policy file, and where."""

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


class PoliciesError(ValueError):
    """Policies that cannot be used; nothing is permitted until they are put right."""

    def __init__(self, faults: Sequence[PolicyFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@lru_cache(maxsize=1)
def shipped_statements() -> tuple[Statement, ...]:
    """Return the statements that come with the product, in order of their files."""
    folder = files("sluicegate") / "data" / "policies"
    found = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(_SUFFIX):
            found += [parsed(one) for one in pieces(path.name, path.read_text(encoding="utf-8"))]
    return tuple(found)


def read_policies(folder: Path | None) -> tuple[Statement, ...]:
    """Return the shipped statements and those of a node's folder, which need not be there.

    Raises PoliciesError with every fault.
    """
    own, faults = _gathered(folder)
    if faults:
        raise PoliciesError(faults)
    return (*shipped_statements(), *own)


def policy_faults(folder: Path) -> Sequence[PolicyFault]:
    """Return what is wrong in a node's folder of policies."""
    return _gathered(folder)[1]


def _gathered(folder: Path | None) -> tuple[list[Statement], list[PolicyFault]]:
    own: list[Statement] = []
    faults: list[PolicyFault] = []
    for path in [] if folder is None else _files(folder):
        if path.suffix != _SUFFIX:
            faults.append(PolicyFault(str(path), 1, f"is no {_SUFFIX} file; rename or remove it"))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(PolicyFault(str(path), 1, f"cannot be read: {error}"))
            continue
        for piece in pieces(str(path), text):
            try:
                own.append(parsed(piece))
            except StatementError as error:
                faults.append(_fault(piece, str(error)))
    faults += [_fault(one.piece, problem) for one, problem in _out_of_place(own)]
    return own, sorted(faults, key=lambda fault: (fault.file, fault.line))


def _files(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder, without hidden files and notes; a page is no policy."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and not path.is_dir() and path.suffix != ".md":
            yield path


def _fault(piece: Piece, problem: str) -> PolicyFault:
    return PolicyFault(piece.file, piece.line, problem)


def _out_of_place(own: Iterable[Statement]) -> Iterator[tuple[Statement, str]]:
    """Yield what a node's own statement may not do: it adds, and replaces nothing."""
    statements = tuple(own)
    seen: dict[str, Piece] = {}
    known = {*SHIPPED_ROLES, *(one.holder for one in statements if one.is_permit)}
    for one in statements:
        if not one.id.startswith(LOCAL):
            yield one, f"@id {one.id!r} does not begin with {LOCAL}; rename it"
        if one.id in seen:
            first = seen[one.id]
            yield one, f"@id {one.id!r} is taken by {first.file}:{first.line}; rename it"
        seen.setdefault(one.id, one.piece)
        for name in sorted(one.annotations - _OWN_ANNOTATIONS):
            yield one, f"@{name} is not for a node's own policies; remove it"
        if one.is_permit and not (one.holder or "").startswith(LOCAL):
            yield (
                one,
                f"permits without a role of its own; write: principal in "
                f'Role::"{LOCAL}NAME" in its head',
            )
            continue
        for role in sorted(one.roles - known):
            yield one, f"names the role {role!r}, which no policy knows; correct it"
