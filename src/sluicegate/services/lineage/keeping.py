"""Versions of lineages of a node: how one follows another, and what people state by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.document import HumanChange, Independence, Lineage, NodeKind
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.ports import Store
from sluicegate.services.ports.lineage import (
    LineageChangedError,
    LineageVersion,
    Statement,
    StatementKind,
)

KEPT = "lineage_kept"
STATED = "lineage_stated"
WITHDRAWN = "lineage_statement_withdrawn"
BY_HAND = "by_hand"
"""The format of a version that people made by stating something."""

KIND = "lineage"
ANYTHING = "*"


class LineageError(ValueError):
    """Something that cannot be done to a lineage; `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


@dataclass(frozen=True, slots=True)
class Stating:
    """What is to be stated of a cause and a target, and why."""

    kind: StatementKind
    cause: str
    target: str
    reason: str
    evidence: str
    on: date | None = None


def lineage_id_of(source: str, name: str) -> str:
    """Return the id of a lineage, the same for the same source and name.

    >>> lineage_id_of("lab", "heron")
    'ln-639f64097b947abc'
    """
    return "ln-" + digest([source, name])[:16]


def current_of(store: Store, lineage_id: str, known_on: datetime | None = None) -> LineageVersion:
    """Return the last version of a lineage, by its id, its name, or source/name.

    Raises:
        NotFoundError: there is none.
    """
    versions = store.lineages.versions(lineage_id, known_on=known_on)
    if versions:
        return versions[-1]
    named = [
        one
        for one in store.lineages.current(known_on=known_on)
        if lineage_id in (one.name, f"{one.source}/{one.name}")
    ]
    if len(named) == 1:
        return named[0]
    raise NotFoundError(KIND, lineage_id)


def keep_version(
    desk: Desk, version: LineageVersion, lineage: Lineage, act: str, **record: Any
) -> None:
    """Keep a version and write the act of it: ids, digests and counts.

    Raises:
        LineageError: somebody else kept another version meanwhile.
    """
    store = desk.store
    try:
        with store.transaction():
            store.lineages.add(version, lineage)
            told = {**_record(version), **record}
            reason = f"version {version.version}"
            store.act(act, told, at=version.at, by=version.by, reason=reason)
    except LineageChangedError as error:
        sentence = "{lineage}: somebody kept another version meanwhile; try again."
        raise LineageError(say(sentence, lineage=version.lineage_id)) from error


def _record(version: LineageVersion) -> Mapping[str, Any]:
    return {
        "lineage": version.lineage_id,
        "version_id": version.version_id,
        "version": version.version,
        "digest": version.digest,
        "checksum": version.checksum,
        "format": version.format,
        "nodes": version.nodes,
        "edges": version.edges,
        "undisclosed": version.undisclosed,
        "statements": len(version.statements),
        "supersedes": version.supersedes,
    }


def version_of(
    desk: Desk,
    lineage: Lineage,
    *,
    source: str,
    name: str,
    before: LineageVersion | None,
    checksum: str,
    form: str,
    reason: str,
    statements: Sequence[Statement],
) -> LineageVersion:
    """Return what is to be kept of a lineage as its next version."""
    at = desk.now()
    kinds = [node.kind for node in lineage.nodes]
    undisclosed = sum(
        node.compute is not None and node.compute.central is None for node in lineage.nodes
    )
    return LineageVersion(
        version_id=str(uuid7(at)),
        lineage_id=lineage_id_of(source, name),
        source=source,
        name=name,
        version=1 if before is None else before.version + 1,
        digest=desk.store.lineages.digest_of(lineage),
        checksum=checksum,
        format=form,
        nodes=len(lineage.nodes),
        edges=len(lineage.parents),
        models=kinds.count(NodeKind.MODEL),
        outputs=kinds.count(NodeKind.OUTPUT),
        undisclosed=undisclosed,
        supersedes="" if before is None else before.version_id,
        reason=reason,
        at=at,
        by=desk.principal.id,
        statements=tuple(statements),
    )


def state(
    desk: Desk, lineage_id: str, stating: Stating, *, dry_run: bool = False
) -> LineageVersion:
    """State independence or a human's change by hand: the lineage's next version has it.

    Raises:
        RefusedError, NotFoundError.
        LineageError: reason or evidence is missing, or the lineage has nothing that
            the statement is about.
    """
    desk.must(Action.LINEAGE_WRITE)
    before = current_of(desk.store, lineage_id)
    lineage = desk.store.lineages.read(before)
    _check(lineage, stating)
    statement = Statement(
        stating.kind,
        stating.cause,
        stating.target,
        stating.reason.strip(),
        stating.evidence.strip(),
        stating.on,
        desk.principal.id,
        desk.now(),
    )
    changed = with_statements(lineage, [statement])
    version = _next(desk, before, changed, (*before.statements, statement), stating.reason)
    if not dry_run:
        keep_version(desk, version, changed, STATED, kind=stating.kind.value)
    return version


def withdraw(
    desk: Desk,
    lineage_id: str,
    kind: StatementKind,
    cause: str,
    target: str,
    reason: str,
    *,
    dry_run: bool = False,
) -> LineageVersion:
    """Take back what was stated by hand: the lineage's next version is without it.

    Raises:
        RefusedError, NotFoundError.
        LineageError: nobody stated that by hand, or no reason is given.
    """
    desk.must(Action.LINEAGE_WRITE)
    if not reason.strip():
        raise LineageError(say("A statement is taken back for a reason; give one."))
    before = current_of(desk.store, lineage_id)
    gone = [one for one in before.statements if _key(one) == (kind, cause, target)]
    if not gone:
        sentence = "{cause} → {target}: nobody stated that by hand; see the lineage's statements."
        raise LineageError(say(sentence, cause=cause, target=target))
    changed = without_statements(desk.store.lineages.read(before), gone)
    left = tuple(one for one in before.statements if one not in gone)
    version = _next(desk, before, changed, left, reason)
    if not dry_run:
        keep_version(desk, version, changed, WITHDRAWN, kind=kind.value)
    return version


def _key(one: Statement) -> tuple[StatementKind, str, str]:
    return one.kind, one.cause, one.target


def _next(
    desk: Desk,
    before: LineageVersion,
    lineage: Lineage,
    statements: Sequence[Statement],
    reason: str,
) -> LineageVersion:
    return version_of(
        desk,
        lineage,
        source=before.source,
        name=before.name,
        before=before,
        checksum="",
        form=BY_HAND,
        reason=reason.strip(),
        statements=statements,
    )


def _check(lineage: Lineage, stating: Stating) -> None:
    if not stating.reason.strip() or not stating.evidence.strip():
        raise LineageError(say("A statement needs a reason and evidence; give both."))
    ends = [stating.cause]
    if stating.kind is StatementKind.HUMAN_CHANGE or stating.target != ANYTHING:
        ends.append(stating.target)
    missing = [one for one in ends if one not in lineage.places]
    if missing:
        names = ", ".join(missing)
        raise LineageError(
            say("{nodes}: no node of the lineage has this id; check it.", nodes=names)
        )
    if stating.kind is StatementKind.HUMAN_CHANGE:
        _check_edge(lineage, stating)
    elif (stating.cause, stating.target) in {
        (one.cause, one.target) for one in lineage.independence
    }:
        sentence = "{cause} → {target}: their independence is stated already."
        raise LineageError(say(sentence, cause=stating.cause, target=stating.target))


def _check_edge(lineage: Lineage, stating: Stating) -> None:
    pair = lineage.places[stating.cause], lineage.places[stating.target]
    if pair[0] not in lineage.causes(pair[1]):
        sentence = "{cause} → {target}: no cause is stated there that a change could cut."
        raise LineageError(say(sentence, cause=stating.cause, target=stating.target))
    if pair in lineage.cuts:
        sentence = "{cause} → {target}: a human's change cuts this already."
        raise LineageError(say(sentence, cause=stating.cause, target=stating.target))


def fitting(lineage: Lineage, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements that a lineage still has something for."""
    found = []
    for one in statements:
        stating = Stating(one.kind, one.cause, one.target, one.reason, one.evidence)
        try:
            _check(lineage, stating)
        except LineageError:
            continue
        found.append(one)
    return tuple(found)


def with_statements(lineage: Lineage, statements: Sequence[Statement]) -> Lineage:
    """Return a lineage with what was stated by hand."""
    cuts = dict(lineage.cuts)
    apart = list(lineage.independence)
    for one in statements:
        if one.kind is StatementKind.HUMAN_CHANGE:
            pair = lineage.places[one.cause], lineage.places[one.target]
            cuts[pair] = HumanChange(one.evidence, one.by, one.on)
        else:
            apart.append(
                Independence(one.cause, one.target, one.reason, one.evidence, one.by, one.on)
            )
    return replace(lineage, cuts=cuts, independence=tuple(apart), kept={})


def without_statements(lineage: Lineage, statements: Sequence[Statement]) -> Lineage:
    """Return a lineage without what was stated by hand."""
    pairs = {(one.kind, one.cause, one.target) for one in statements}
    nodes = lineage.nodes
    cuts = {
        pair: change
        for pair, change in lineage.cuts.items()
        if (StatementKind.HUMAN_CHANGE, nodes[pair[0]].id, nodes[pair[1]].id) not in pairs
    }
    apart = tuple(
        one
        for one in lineage.independence
        if (StatementKind.INDEPENDENCE, one.cause, one.target) not in pairs
    )
    return replace(lineage, cuts=cuts, independence=apart, kept={})
