"""`lineage.json`: one graph, or cases of graphs.

A file may hold millions of edges, so it is walked through element by element:
each becomes at once what it states, a node a `Node`, an edge a triple or, of a large
lineage, two numbers, and no object of it stays longer than that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

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
from sluicegate.adapters.lineage.plain_edges import PLAIN_EDGES, Block, Triples
from sluicegate.core.collecting import without_collecting
from sluicegate.core.exact import ExactTextError, load_json, parse_integer
from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.document import Independence, Node, Query
from sluicegate.services.ports.lineage import (
    Edge,
    InputFault,
    LineageInputError,
    StatedLineage,
)

if TYPE_CHECKING:
    from sluicegate.adapters.lineage.ends import EdgeGatherer

GRAPH_FIELDS = frozenset({"id", "name", "nodes", "edges", "independence", "queries"})
_FILE_FIELDS = frozenset({"cases", "name"})
_LISTS = ("nodes", "edges")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_SPACE = re.compile(r"[ \t\n\r]*")
_AFTER = re.compile(r"[ \t\n\r]*([,\]}])[ \t\n\r]*")
_WORTH_NUMBERING = 10_000
"""Nodes from which the ends of edges are found in blocks, as arrays."""

_MOST_FAULTS = 1_000
"""So many faults of one lineage are told; more say nothing new."""


def _refuse_constant(name: str) -> Any:
    raise ExactTextError(f"{name} is not a number")


_DECODER = json.JSONDecoder(
    parse_float=Decimal,
    parse_int=parse_integer,
    parse_constant=_refuse_constant,
    object_pairs_hook=tuple,
)
"""Reads an object as its pairs, so that a key that stands twice is seen."""

Pairs = tuple[tuple[str, Any], ...]


@dataclass
class _Seen:
    """What reading a file gathers besides its lineages: names of unknown fields."""

    unknown: set[str] = field(default_factory=set)


@dataclass
class _Graph:
    """The lists of one graph as they are read, with what was wrong in them."""

    prefix: str = ""
    case: str | None = None
    nodes: list[Node] = field(default_factory=list)
    edges: Sequence[Edge] = field(default_factory=list)
    independence: list[Independence] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    name: str = ""
    faults: list[InputFault] = field(default_factory=list)
    left_out: list[InputFault] = field(default_factory=list)

    def stated(self, seen: _Seen) -> StatedLineage:
        """Return what the graph states."""
        return StatedLineage(
            tuple(self.nodes),
            self.edges,
            tuple(self.independence),
            tuple(self.queries),
            self.name,
            self.case,
            tuple(self.faults),
            tuple(self.left_out),
            tuple(sorted(seen.unknown)),
        )


def read_native(text: str) -> tuple[StatedLineage, ...] | StatedLineage:
    """Read a file of `lineage.json`: one lineage, or those of its cases in order.

    What is wrong with one lineage stands in its `faults`.

    Raises:
        LineageInputError: the text is no JSON, or neither a graph nor cases.
    """
    try:
        if _SURROGATE.search(text):
            load_json(text)
        with without_collecting():
            return _read(text)
    except json.JSONDecodeError as error:
        problem, way_out = (
            say("is not JSON: {why}", why=error.msg),
            say("mend the file at this place"),
        )
        fault = InputFault(f"line {error.lineno}", "json", (), problem, way_out)
        raise LineageInputError([fault]) from error
    except ExactTextError as error:
        why = str(error).removeprefix("not JSON: ")
        problem = say("is not JSON that can be read: {why}", why=why)
        fault = whole_fault("json", problem, say("mend the file"))
        raise LineageInputError([fault]) from error
    except RecursionError as error:
        fault = whole_fault("json", say("is nested too deep"), say("write one graph, or cases"))
        raise LineageInputError([fault]) from error


def whole_fault(name: str, problem: Sentence, way_out: Sentence) -> InputFault:
    """Return what is wrong with a file as a whole."""
    return InputFault("file", name, (), problem, way_out)


def _read(text: str) -> tuple[StatedLineage, ...] | StatedLineage:
    seen = _Seen()
    graph = _Graph()
    keys: set[str] = set()
    cases: Any = None
    for key, value in _members(text):
        if key in keys:
            raise ExactTextError(f"key {key!r} stands twice in one object; keep one")
        keys.add(key)
        if key == "cases":
            cases = value
        else:
            _take(graph, key, value, seen)
    if not keys & {"nodes", "cases"}:
        problem = say("holds neither nodes nor cases")
        way_out = say("give one graph with nodes and edges, or cases")
        raise LineageInputError([whole_fault("nodes", problem, way_out)])
    if "cases" not in keys:
        seen.unknown.update(keys - GRAPH_FIELDS)
        return graph.stated(seen)
    seen.unknown.update(keys - _FILE_FIELDS)
    return tuple(_cases(cases, seen))


def _members(text: str) -> Iterator[tuple[str, Any]]:
    """Yield the members of the object that a text is; nodes and edges element by element.

    Raises json.JSONDecodeError with the place.
    """
    place = _end_of_space(text, 0)
    if text[place : place + 1] != "{":
        _DECODER.decode(text)  # Tells what is wrong with the text, if anything is.
        return
    place = _end_of_space(text, place + 1)
    closed = text[place : place + 1] == "}"
    place += closed
    while not closed:
        key, place = _DECODER.raw_decode(text, place)
        place = _end_of_space(text, place)
        if not isinstance(key, str) or text[place : place + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, place)
        place = _end_of_space(text, place + 1)
        if key in _LISTS and text[place : place + 1] == "[":
            walk = _Walk(text, place, is_edges=key == "edges")
            yield key, walk.elements()
            place = walk.place
        else:
            value, place = _DECODER.raw_decode(text, place)
            yield key, value
        place, closed = _after(text, place, "}")
    if place != len(text):
        raise json.JSONDecodeError("Extra data", text, place)


class _Walk:
    """Walks through a list of a text; `place` is where the list ends once it is through."""

    def __init__(self, text: str, place: int, *, is_edges: bool) -> None:
        self._text = text
        self._is_edges = is_edges
        self.place = place

    def elements(self) -> Iterator[Any]:
        """Yield the elements of the list, each read when it is asked for.

        Edges that say nothing but their ends are yielded in blocks; everything else
        is yielded as the decoder reads it.
        """
        text, decode, after = self._text, _DECODER.raw_decode, _AFTER.match
        place = _end_of_space(text, self.place + 1)
        if text[place : place + 1] == "]":
            self.place = place + 1
            return
        while True:
            if self._is_edges:
                while block := PLAIN_EDGES.match(text, place):
                    yield Block(block[0])
                    place = block.end()
            element, place = decode(text, place)
            yield element
            found = after(text, place)
            if found is None or found[1] == "}":
                raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
            if found[1] == "]":
                self.place = found.start(1) + 1
                return
            place = found.end()


def _after(text: str, place: int, closing: str) -> tuple[int, bool]:
    """Return where the next member begins, and whether the object closes instead."""
    found = _AFTER.match(text, place)
    if found is None or found[1] not in (",", closing):
        raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
    return found.end(), found[1] == closing


def _end_of_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    assert found is not None
    return found.end()


def _cases(given: Any, seen: _Seen) -> Iterator[StatedLineage]:
    if not isinstance(given, list):
        problem, way_out = say("is no list"), say("give a list of graphs, each with an id")
        raise LineageInputError([whole_fault("cases", problem, way_out)])
    for number, one in enumerate(given):
        place = f"cases[{number}]"
        members = _mapping(one) if isinstance(one, tuple) else {}
        name = members.get("id")
        if not isinstance(name, str) or not name:
            problem = say("is no graph with an id")
            way_out = say("give each case an id, nodes and edges")
            fault = InputFault(place, "id", (), problem, way_out)
            yield StatedLineage((), (), case=place, faults=(fault,))
            continue
        graph = _Graph(f"{place}.", name)
        for key, value in members.items():
            _take(graph, key, value, seen)
        seen.unknown.update(members.keys() - GRAPH_FIELDS)
        yield graph.stated(seen)


def _mapping(pairs: Pairs) -> dict[str, Any]:
    """Return an object; one with a key that stands twice is refused."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ExactTextError(f"key {twice!r} stands twice in one object; keep one")
    return found


def _take(graph: _Graph, key: str, value: Any, seen: _Seen) -> None:
    """Take a member of a graph: its lists are read, everything else is only noted."""
    if key == "name" and isinstance(value, str):
        graph.name = value
    elif key in _READERS:
        faults = graph.left_out if key in ("independence", "queries") else graph.faults
        if key == "edges" and isinstance(value, list | Iterator):
            _each_edge(graph, value, seen, faults)
        elif isinstance(value, list | Iterator):
            _each(graph, key, value, seen, faults)
        else:
            fault = FieldError(key, say("is no list"), say("write a list in brackets"))
            faults.append(_told(graph, "file", fault))


def _each(
    graph: _Graph, key: str, values: Iterable[Any], seen: _Seen, faults: list[InputFault]
) -> None:
    """Read the elements of a list; what is wrong is gathered with its place."""
    read = _READERS[key]
    found: list[Any] = getattr(graph, key)
    for number, value in enumerate(values):
        try:
            found.append(read(_object(value, key), seen))
        except FieldError as fault:
            if len(faults) < _MOST_FAULTS:
                faults.append(_told(graph, f"{graph.prefix}{key}[{number}]", fault))


def _each_edge(graph: _Graph, values: Iterable[Any], seen: _Seen, faults: list[InputFault]) -> None:
    """Read edges: of a large lineage into numbers of nodes, of a small one into triples."""
    taken: EdgeGatherer | Triples = Triples()
    if len(graph.nodes) >= _WORTH_NUMBERING:
        from sluicegate.adapters.lineage.ends import EdgeGatherer

        taken = EdgeGatherer([node.id for node in graph.nodes])
    left = 0
    for value in values:
        if isinstance(value, Block):
            taken.add_block(value.text)
            continue
        try:
            taken.add(*_read_edge(_object(value, "edges"), seen))
        except FieldError as fault:
            if len(faults) < _MOST_FAULTS:
                place = f"{graph.prefix}edges[{len(taken) + left}]"
                faults.append(_told(graph, place, fault))
            left += 1
    graph.edges = taken.edges()


def _told(graph: _Graph, place: str, fault: FieldError) -> InputFault:
    return InputFault(place, fault.field, fault.nodes, fault.problem, fault.way_out, graph.case)


def _object(value: Any, key: str) -> dict[str, Any]:
    if isinstance(value, tuple):
        return _mapping(value)
    raise FieldError(
        key, say("{value} is no object", value=shown(value)), say("write an object in braces")
    )


def _read_node(given: Mapping[str, Any], seen: _Seen) -> Node:
    if not given.keys() <= NODE_FIELDS:
        seen.unknown.update(given.keys() - NODE_FIELDS)
    return node_of(given)


def _read_edge(given: Mapping[str, Any], seen: _Seen) -> Edge:
    seen.unknown.update(given.keys() - EDGE_FIELDS)
    cause = identifier(given.get("from"), "from")
    target = identifier(given.get("to"), "to")
    ends = cause, target
    try:
        return *ends, change_of(given)
    except FieldError as fault:
        raise FieldError(fault.field, fault.problem, fault.way_out, ends) from None


def _read_statement(given: Mapping[str, Any], seen: _Seen) -> Independence:
    seen.unknown.update(given.keys() - STATEMENT_FIELDS)
    return statement_of(given)


def _read_query(given: Mapping[str, Any], seen: _Seen) -> Query:
    seen.unknown.update(given.keys() - QUERY_FIELDS)
    return query_of(given)


_READERS: Mapping[str, Callable[[Mapping[str, Any], _Seen], Any]] = {
    "nodes": _read_node,
    "edges": _read_edge,
    "independence": _read_statement,
    "queries": _read_query,
}
