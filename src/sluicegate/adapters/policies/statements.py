"""One statement of a policy file: what it says of itself, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib.resources import files

from cedarpy import Schema, policies_to_pst, pst, validate_policies

from sluicegate.rules.instruments import Title

_PIECE = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;|[^\s;"/]+|/', re.DOTALL)
ROLE = "Role"
_POLICY = re.compile(r"for policy `\w+`, ")


class Hides(Enum):
    """When a refusal by a policy reads the same as for what is not there."""

    ALWAYS = "always"
    NAMED = "named"
    """When the refusal is about one thing, and not about a kind as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement as it is written, with the line on which it begins."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A policy that has been read.

    `actions` None means every action. `roles` are those that it names anywhere;
    `holder` is the role in its head, where it has one. `reason` says what is
    missing when it refuses or, for a permit, when it does not permit.
    """

    piece: Piece
    id: str
    is_permit: bool
    actions: frozenset[str] | None
    roles: frozenset[str]
    holder: str | None
    annotations: frozenset[str]
    reason: Title | None = None
    hides: Hides | None = None

    def is_about(self, action: str) -> bool:
        """Say whether the statement may decide an action."""
        return self.actions is None or action in self.actions


class StatementError(ValueError):
    """A statement that cannot be used, and why."""


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Return the schema of actors, things and actions."""
    path = files("sluicegate") / "data" / "policies" / "schema.cedarschema"
    return Schema.from_str(path.read_text(encoding="utf-8"))


def pieces(file: str, text: str) -> Iterator[Piece]:
    """Cut a policy file into its statements; what stands after the last is one too.

    >>> [one.line for one in pieces("a", "// one; two\\npermit (a);\\n\\nforbid (b);")]
    [2, 4]
    """
    start: int | None = None
    for found in _PIECE.finditer(text):
        if found[0].startswith("//"):
            continue
        if start is None:
            start = found.start()
        if found[0] == ";":
            yield Piece(file, text.count("\n", 0, start) + 1, text[start : found.end()])
            start = None
    if start is not None:
        yield Piece(file, text.count("\n", 0, start) + 1, text[start:])


def parsed(piece: Piece) -> Statement:
    """Read a statement and check it against the schema.

    Raises:
        StatementError: it is no Cedar policy, leaves a place open, has no id, or
            names an action or attribute that is not there.
    """
    try:
        read = policies_to_pst(piece.text)
    except ValueError as error:
        raise StatementError(f"is no Cedar policy: {error}; correct it") from error
    if len(read.static_policies) != 1 or read.templates:
        raise StatementError("leaves ?principal or ?resource open; name them")
    [policy] = read.static_policies.values()
    notes = dict(policy.annotations)
    if not notes.get("id"):
        raise StatementError('has no id; write @id("local.NAME") before it')
    checked = validate_policies(piece.text, schema())
    if not checked.validation_passed:
        told = "; ".join(_POLICY.sub("", one.error) for one in checked.errors)
        raise StatementError(f"does not fit the schema: {told}")
    head = policy.principal
    return Statement(
        piece,
        id=notes["id"] or "",
        is_permit=policy.effect == "permit",
        actions=_actions(policy.action),
        roles=frozenset(one.id for one in pst.entity_uids(policy) if one.type.basename == ROLE),
        holder=_role(head.entity) if isinstance(head, pst.ScopeIn) else None,
        annotations=frozenset(notes),
        reason=_title(notes.get("reason"), notes.get("reason_zh")),
        hides=_hides(notes.get("hides")),
    )


def _role(entity: pst.EntityOrSlot) -> str | None:
    if isinstance(entity, pst.EntityUid) and entity.type.basename == ROLE:
        return entity.id
    return None


def _hides(text: str | None) -> Hides | None:
    if text is None:
        return None
    known = [one.value for one in Hides]
    if text not in known:
        raise StatementError(f"@hides is {text!r}; give one of {', '.join(known)}")
    return Hides(text)


def _actions(constraint: pst.ActionConstraint) -> frozenset[str] | None:
    if isinstance(constraint, pst.ActionEq):
        return frozenset({constraint.entity.id})
    if isinstance(constraint, pst.ActionIn):
        return frozenset(one.id for one in constraint.entities)
    return None


def _title(english: str | None, chinese: str | None) -> Title | None:
    return Title(english, chinese or english) if english else None
