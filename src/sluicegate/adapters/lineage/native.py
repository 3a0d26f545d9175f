"""`lineage.json`: one graph, or cases of graphs.

A file may hold millions of edges, so each object becomes what it states while
the JSON is read: an edge a triple, a node a `Node`. Its dictionary lives no
longer than that.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sluicegate.adapters.lineage.fields import (
    EDGE_FIELDS,
    NODE_FIELDS,
    QUERY_FIELDS,
    STATEMENT_FIELDS,
    FieldError,
    change_of,
    identifier,
    node_of,
    query_of,
    shown,
    statement_of,
)
from sluicegate.core.exact import ExactTextError, load_json, parse_integer
from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.document import Node
from sluicegate.services.ports.lineage import (
    Edge,
    InputFault,
    LineageInputError,
    StatedLineage,
)

GRAPH_FIELDS = frozenset({"id", "name", "nodes", "edges", "independence", "queries"})
_FILE_FIELDS = frozenset({"cases", "name"})
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_MOST_FAULTS = 1_000
"""So many faults of one lineage are told; more say nothing new."""


@dataclass(frozen=True, slots=True)
class _Bad:
    """An object that could not be read."""

    fault: FieldError


@dataclass
class _Seen:
    """What reading a file gathers: one copy of each id, and names of unknown fields."""

    ids: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


def read_native(text: str) -> tuple[StatedLineage, ...] | StatedLineage:
    """Read a file of `lineage.json`: one lineage, or those of its cases in order.

    What is wrong with one lineage stands in its `faults`.

    Raises:
        LineageInputError: the text is no JSON, or neither a graph nor cases.
    """
    seen = _Seen()
    with _without_collecting():
        document = _load(text, seen)
        if not isinstance(document, dict) or not {"nodes", "cases"} & document.keys():
            raise LineageInputError(
                [
                    whole_fault(
                        "nodes",
                        say("holds neither nodes nor cases"),
                        say("give one graph with nodes and edges, or cases"),
                    )
                ]
            )
        if "cases" not in document:
            return _lineage(document, seen, None, "")
        unknown = set(document) - _FILE_FIELDS
        seen.unknown.update(map(str, unknown))
        return tuple(_cases(document["cases"], seen))


def whole_fault(name: str, problem: Sentence, way_out: Sentence) -> InputFault:
    """Return what is wrong with a file as a whole."""
    return InputFault("file", name, (), problem, way_out)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hold back the search for cycles of objects: none are made, and it takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(text: str, seen: _Seen) -> Any:
    try:
        if _SURROGATE.search(text):
            load_json(text)
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=parse_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_hook(seen),
        )
    except json.JSONDecodeError as error:
        line = error.lineno
        problem = say("is not JSON: {why}", why=error.msg)
        place = f"line {line}"
        way_out = say("mend the file at this place")
        raise LineageInputError([InputFault(place, "json", (), problem, way_out)]) from error
    except ExactTextError as error:
        problem = say(
            "is not JSON that can be read: {why}", why=str(error).removeprefix("not JSON: ")
        )
        fault = whole_fault("json", problem, say("mend the file"))
        raise LineageInputError([fault]) from error
    except RecursionError as error:
        fault = whole_fault("json", say("is nested too deep"), say("write one graph, or cases"))
        raise LineageInputError([fault]) from error


def _refuse_constant(name: str) -> Any:
    raise ExactTextError(f"{name} is not a number")


def _hook(seen: _Seen) -> Callable[[list[tuple[str, Any]]], Any]:
    """Return what makes of each object of the file what it states."""
    one_copy = seen.ids.setdefault

    def made(pairs: list[tuple[str, Any]]) -> Any:
        if len(pairs) == 2 and pairs[0][0] == "from" and pairs[1][0] == "to":
            cause, target = pairs[0][1], pairs[1][1]
            if type(cause) is str and type(target) is str and cause and target:
                return one_copy(cause, cause), one_copy(target, target), None
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ExactTextError(f"key {twice!r} stands twice in one object; keep one")
        if "from" in found and "to" in found:
            return _made(_edge, found, EDGE_FIELDS, seen)
        if "id" in found and "kind" in found:
            return _made(_node, found, NODE_FIELDS, seen)
        return found

    return made


def _made(
    read: Callable[[Mapping[str, Any], _Seen], Any],
    given: Mapping[str, Any],
    known: frozenset[str],
    seen: _Seen,
) -> Any:
    if not given.keys() <= known:
        seen.unknown.update(given.keys() - known)
    try:
        return read(given, seen)
    except FieldError as fault:
        return _Bad(fault)


def _node(given: Mapping[str, Any], _seen: _Seen) -> Node:
    return node_of(given)


def _edge(given: Mapping[str, Any], seen: _Seen) -> Edge:
    cause = identifier(given.get("from"), "from")
    target = identifier(given.get("to"), "to")
    ends = seen.ids.setdefault(cause, cause), seen.ids.setdefault(target, target)
    try:
        return *ends, change_of(given)
    except FieldError as fault:
        raise FieldError(fault.field, fault.problem, fault.way_out, ends) from None


def _cases(given: Any, seen: _Seen) -> Iterator[StatedLineage]:
    if not isinstance(given, list):
        problem = say("is no list")
        raise LineageInputError(
            [whole_fault("cases", problem, say("give a list of graphs, each with an id"))]
        )
    for number, one in enumerate(given):
        place = f"cases[{number}]"
        name = one.get("id") if isinstance(one, dict) else None
        if not isinstance(name, str) or not name:
            problem = say("is no graph with an id")
            way_out = say("give each case an id, nodes and edges")
            fault = InputFault(place, "id", (), problem, way_out)
            yield StatedLineage((), (), case=place, faults=(fault,))
            continue
        yield _lineage(one, seen, name, f"{place}.")


def _lineage(given: Mapping[str, Any], seen: _Seen, case: str | None, prefix: str) -> StatedLineage:
    faults: list[InputFault] = []
    left_out: list[InputFault] = []
    reading = _Reading(seen, case, prefix)
    nodes = reading.each(given, "nodes", _read_node, faults)
    edges = reading.each(given, "edges", _read_edge, faults)
    statements = reading.each(given, "independence", _read_statement, left_out)
    queries = reading.each(given, "queries", _read_query, left_out)
    seen.unknown.update(given.keys() - GRAPH_FIELDS)
    name = given.get("name")
    return StatedLineage(
        tuple(nodes),
        edges,
        tuple(statements),
        tuple(queries),
        name if isinstance(name, str) else "",
        case,
        tuple(faults),
        tuple(left_out),
        tuple(sorted(seen.unknown)),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the lists of one lineage; what is wrong is gathered with its place."""

    seen: _Seen
    case: str | None
    prefix: str

    def each(
        self,
        given: Mapping[str, Any],
        name: str,
        read: Callable[[Any, _Seen], Any],
        faults: list[InputFault],
    ) -> Sequence[Any]:
        """Return what a list states; a list that is not given is empty."""
        value = given.get(name, [])
        if not isinstance(value, list):
            fault = FieldError(name, say("is no list"), say("write a list in brackets"))
            faults.append(self._told(fault, "file"))
            return []
        if name == "edges" and all(type(one) is tuple for one in value):
            return value
        found = []
        for number, one in enumerate(value):
            try:
                found.append(read(one, self.seen))
            except FieldError as fault:
                if len(faults) < _MOST_FAULTS:
                    faults.append(self._told(fault, f"{self.prefix}{name}[{number}]"))
        return found

    def _told(self, fault: FieldError, place: str) -> InputFault:
        return InputFault(place, fault.field, fault.nodes, fault.problem, fault.way_out, self.case)


def _read_node(value: Any, _seen: _Seen) -> Node:
    if isinstance(value, Node):
        return value
    return node_of(_object(value, "nodes"))


def _read_edge(value: Any, seen: _Seen) -> Edge:
    if isinstance(value, tuple):
        return value[0], value[1], value[2]
    return _edge(_object(value, "edges"), seen)


def _read_statement(value: Any, seen: _Seen) -> Any:
    given = _object(value, "independence")
    seen.unknown.update(given.keys() - STATEMENT_FIELDS)
    return statement_of(given)


def _read_query(value: Any, seen: _Seen) -> Any:
    given = _object(value, "queries")
    seen.unknown.update(given.keys() - QUERY_FIELDS)
    return query_of(given)


def _object(value: Any, field_name: str) -> Mapping[str, Any]:
    if isinstance(value, _Bad):
        raise value.fault
    if isinstance(value, dict):
        return value
    raise FieldError(
        field_name,
        say("{value} is no object", value=shown(str(value))),
        say("write an object in braces"),
    )
