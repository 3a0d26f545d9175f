"""W3C PROV-JSON as a lineage, read with the package `prov`.

Activities become runs, entities data, models or outputs by their `prov:type`,
agents humans or other nodes; relations become edges. What PROV has no word for
stands in attributes of the namespace `urn:sluicegate:lineage:`, named as in
`lineage.json`. A thing that relations name and nobody describes is a node as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from prov import Error as ProvError
from prov.identifier import QualifiedName
from prov.model import (
    Literal,
    ProvActivity,
    ProvAgent,
    ProvBundle,
    ProvDocument,
    ProvElement,
    ProvEntity,
    ProvRecord,
    ProvRelation,
)

from sluicegate.adapters.lineage.fields import (
    EDGE_FIELDS,
    NODE_FIELDS,
    FieldError,
    change_of,
    node_of,
    statement_of,
)
from sluicegate.adapters.lineage.native import whole_fault
from sluicegate.core.reasons import say
from sluicegate.lineage.document import Independence, Node, NodeKind
from sluicegate.services.ports.lineage import (
    Edge,
    InputFault,
    LineageInputError,
    StatedLineage,
)

NAMESPACE = "urn:sluicegate:lineage:"
PREFIX = "sluicegate"
_KINDS = frozenset(one.value for one in NodeKind)
_LISTS = frozenset({"storage", "account", "accounts", "fabric", "fabrics", "imports"})

CAUSES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Usage": (("entity", "activity"),),
    "Generation": (("activity", "entity"),),
    "Communication": (("informant", "informed"),),
    "Derivation": (("usedEntity", "generatedEntity"), ("activity", "generatedEntity")),
    "Start": (("trigger", "activity"), ("starter", "activity")),
    "End": (("trigger", "activity"), ("ender", "activity")),
    "Attribution": (("agent", "entity"),),
    "Association": (("agent", "activity"), ("plan", "activity")),
    "Delegation": (("responsible", "delegate"),),
    "Influence": (("influencer", "influencee"),),
    "Specialization": (("generalEntity", "specificEntity"),),
    "Mention": (("generalEntity", "specificEntity"),),
    "Membership": (("entity", "collection"),),
}
"""Relation → the attributes that name a cause and what it led to."""

_ORGANISATION = "Organization"
_PERSON = "Person"
_KIND_OF_END = {
    "activity": NodeKind.OTHER,
    "informant": NodeKind.OTHER,
    "informed": NodeKind.OTHER,
    "starter": NodeKind.OTHER,
    "ender": NodeKind.OTHER,
    "agent": NodeKind.OTHER,
    "responsible": NodeKind.OTHER,
    "delegate": NodeKind.OTHER,
    "influencer": NodeKind.OTHER,
    "influencee": NodeKind.OTHER,
}
"""What a thing is that only relations name, by the attribute that names it; else data."""

_COMPUTES = frozenset({"activity", "informant", "informed", "starter", "ender"})


@dataclass
class _Found:
    """What a document states, as it is gathered."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    independence: list[Independence] = field(default_factory=list)
    organisations: set[str] = field(default_factory=set)
    faults: list[InputFault] = field(default_factory=list)
    left_out: list[InputFault] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


def read_prov(text: str) -> tuple[StatedLineage, ...]:
    """Read a PROV-JSON document; its bundles and itself are one lineage.

    Raises:
        LineageInputError: it is no JSON, or no PROV.
    """
    document = _document(text)
    found = _Found()
    records = list(_records(document))
    developers = _developers(records, found)
    for record in records:
        if isinstance(record, ProvElement):
            _add_element(record, developers, found)
    for record in records:
        if isinstance(record, ProvRelation):
            _add_relation(record, found)
    return (
        StatedLineage(
            tuple(found.nodes.values()),
            found.edges,
            tuple(found.independence),
            faults=tuple(found.faults),
            left_out=tuple(found.left_out),
            unknown=tuple(sorted(found.unknown)),
        ),
    )


def _document(text: str) -> ProvDocument:
    try:
        return ProvDocument.deserialize(content=text, format="json").flattened().unified()
    except json.JSONDecodeError as error:
        problem = say("is not JSON: {why}", why=error.msg)
        way_out = say("mend the file at this place")
        fault = InputFault(f"line {error.lineno}", "json", (), problem, way_out)
        raise LineageInputError([fault]) from error
    except (ProvError, ValueError, RecursionError) as error:
        problem = say("is no PROV-JSON: {why}", why=str(error))
        way_out = say("write it as a PROV library does")
        raise LineageInputError([whole_fault("prov", problem, way_out)]) from error


def _records(document: ProvBundle) -> Iterable[ProvRecord]:
    return document.get_records()


def _developers(records: Iterable[ProvRecord], found: _Found) -> Mapping[str, str]:
    """Return thing → the organisation that it is attributed to; these are no nodes."""
    organisations = {
        _name(record.identifier): _label(record)
        for record in records
        if isinstance(record, ProvAgent) and _ORGANISATION in _prov_types(record)
    }
    found.organisations.update(organisations)
    developers: dict[str, str] = {}
    for record in records:
        if isinstance(record, ProvRelation) and _word(record) in ("Attribution", "Association"):
            ends = _ends(record)
            agent = ends.get("agent")
            thing = ends.get("entity") or ends.get("activity")
            if agent in organisations and thing is not None:
                developers[thing] = organisations[agent]
    return developers


def _add_element(record: ProvElement, developers: Mapping[str, str], found: _Found) -> None:
    name = _name(record.identifier)
    if name in found.organisations:
        return
    given = _attributes(record, found, NODE_FIELDS)
    given |= {"id": name, "kind": given.get("kind") or _kind(record, given)}
    given.setdefault("label", _label(record))
    if name in developers:
        given.setdefault("developer", developers[name])
    if isinstance(record, ProvActivity):
        for side, moment in (("started", record.get_startTime()), ("ended", record.get_endTime())):
            if isinstance(moment, datetime):
                given.setdefault(side, moment.isoformat())
        if given["kind"] in ("run", "other"):
            given.setdefault("flop", None)
    try:
        found.nodes[name] = node_of(given)
    except FieldError as fault:
        found.faults.append(_fault(name, fault))


def _kind(record: ProvElement, given: Mapping[str, Any]) -> str:
    """Return what an element is, where its types and attributes say no kind of node."""
    for one in record.get_asserted_types():
        if _is_own(one) and one.localpart in _KINDS:
            return str(one.localpart)
    if isinstance(record, ProvActivity):
        return "run" if given.get("flop") is not None else "other"
    if isinstance(record, ProvEntity):
        return "data"
    return "human" if _PERSON in _prov_types(record) else "other"


def _prov_types(record: ProvRecord) -> set[str]:
    return {one.localpart for one in record.get_asserted_types() if one.namespace.prefix == "prov"}


def _add_relation(record: ProvRelation, found: _Found) -> None:
    word = _word(record)
    ends = _ends(record)
    given = _attributes(record, found, EDGE_FIELDS | {"reason", "independent"})
    if given.pop("independent", False) is True:
        _add_statement(record, ends, given, found)
        return
    for cause_name, target_name in CAUSES.get(word, ()):
        cause, target = ends.get(cause_name), ends.get(target_name)
        if cause is None or target is None or cause in found.organisations:
            continue
        for name, end in ((cause, cause_name), (target, target_name)):
            if name not in found.nodes and not _is_faulty(name, found):
                found.nodes[name] = _named_only(name, end)
        try:
            found.edges.append((cause, target, change_of(given)))
        except FieldError as fault:
            found.faults.append(_fault(str(record.identifier or word), fault))


def _add_statement(
    record: ProvRelation, ends: Mapping[str, str], given: Mapping[str, Any], found: _Found
) -> None:
    """Read an influence that is stated not to be one: a statement of independence."""
    sides = {"cause": ends.get("influencer"), "target": ends.get("influencee")}
    try:
        found.independence.append(statement_of({**given, **sides}))
    except FieldError as fault:
        found.left_out.append(_fault(str(record.identifier or _word(record)), fault))


def _named_only(name: str, end: str) -> Node:
    """Return a thing that only relations name; what an activity computed is not disclosed."""
    kind = _KIND_OF_END.get(end, NodeKind.DATA)
    given: dict[str, Any] = {"id": name, "kind": kind.value}
    if end in _COMPUTES:
        given["flop"] = None
    return node_of(given)


def _is_faulty(name: str, found: _Found) -> bool:
    return any(name in fault.nodes for fault in found.faults)


def _word(record: ProvRelation) -> str:
    return str(record.get_type().localpart)


def _ends(record: ProvRelation) -> dict[str, str]:
    """Return the things that a relation names, by the local names of its attributes."""
    return {
        name.localpart: _name(value)
        for name, value in record.formal_attributes
        if isinstance(value, QualifiedName)
    }


def _name(value: Any) -> str:
    return str(value)


def _label(record: ProvRecord) -> str:
    label = str(record.label)
    return "" if label == _name(record.identifier) else label


def _is_own(name: Any) -> bool:
    return isinstance(name, QualifiedName) and (
        name.namespace.uri == NAMESPACE or name.namespace.prefix == PREFIX
    )


def _attributes(record: ProvRecord, found: _Found, known: frozenset[str]) -> dict[str, Any]:
    """Return a record's own attributes as `lineage.json` has them."""
    given: dict[str, Any] = {}
    for name, value in record.extra_attributes:
        if not _is_own(name):
            continue
        if name.localpart not in known:
            found.unknown.add(str(name))
            continue
        plain = _plain(value)
        if name.localpart in _LISTS:
            given.setdefault(name.localpart, []).append(plain)
        else:
            given[name.localpart] = plain
    return given


def _plain(value: Any) -> Any:
    """Return an attribute's value as JSON has it; a double by its shortest decimal text."""
    if isinstance(value, Literal):
        return value.value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool | int | str | Decimal):
        return value
    return str(value)


def _fault(place: str, fault: FieldError) -> InputFault:
    return InputFault(place, fault.field, fault.nodes, fault.problem, fault.way_out)
