"""A lineage as bytes: columns of nodes as JSON, causes as arrays, packed.

A column that few nodes fill is kept as places and values. What is packed is
the same for the same lineage, so that its SHA-256 tells whether it changed.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from sluicegate.core.collecting import without_collecting
from sluicegate.core.quantities import Exact
from sluicegate.lineage.document import (
    Compute,
    Discard,
    HumanChange,
    Independence,
    Interval,
    Lineage,
    Node,
    NodeKind,
)
from sluicegate.services.ports.lineage import LineageFilesError

FORM = 1
"""The form of the bytes; a later one is told apart by its number."""

PART_BYTES = 8 * 2**20
_LEVEL = 1
_PLAIN = ("role", "developer", "generator", "published")
_DAYS = ("made_on", "started", "ended")
_LISTS = ("storage", "accounts", "fabrics", "imports")


@dataclass(frozen=True, slots=True)
class Packed:
    """The SHA-256 of what is packed, and its bytes in parts."""

    digest: str
    parts: tuple[bytes, ...]


def pack(lineage: Lineage) -> Packed:
    """Return a lineage as bytes."""
    with without_collecting():
        columns = _columns(lineage)
    head = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
    del columns
    counts = np.diff(lineage.offsets).astype("<i4").tobytes()
    parents = lineage.parents.astype("<i4").tobytes()
    sizes = b"".join(len(one).to_bytes(8, "little") for one in (head, counts, parents))
    whole = hashlib.sha256(sizes)
    packer = zlib.compressobj(_LEVEL)
    packed = bytearray(packer.compress(sizes))
    for one in (head, counts, parents):
        whole.update(one)
        packed += packer.compress(one)
    packed += packer.flush()
    parts = tuple(
        bytes(packed[start : start + PART_BYTES]) for start in range(0, len(packed), PART_BYTES)
    )
    return Packed(whole.hexdigest(), parts)


def unpack(parts: Sequence[bytes], digest: str) -> Lineage:
    """Return the lineage that was packed.

    Raises:
        LineageFilesError: the bytes are not those that were packed.
    """
    try:
        whole = zlib.decompress(b"".join(parts))
    except zlib.error as error:
        raise LineageFilesError(f"lineage {digest[:16]}: its bytes are damaged") from error
    if hashlib.sha256(whole).hexdigest() != digest:
        raise LineageFilesError(f"lineage {digest[:16]}: its bytes are not those kept")
    sizes = [int.from_bytes(whole[at : at + 8], "little") for at in (0, 8, 16)]
    head, counts, parents = (
        whole[24 + sum(sizes[:number]) : 24 + sum(sizes[: number + 1])] for number in range(3)
    )
    with without_collecting():
        columns = json.loads(head)
        nodes = _nodes(columns)
    offsets = np.zeros(len(nodes) + 1, dtype=np.int64)
    np.cumsum(np.frombuffer(counts, dtype="<i4"), out=offsets[1:])
    return Lineage(
        nodes,
        offsets,
        np.frombuffer(parents, dtype="<i4").astype(np.int64),
        {node.id: place for place, node in enumerate(nodes)},
        {(cause, target): _change(told) for cause, target, told in columns["cuts"]},
        tuple(map(_statement, columns["independence"])),
        tuple(map(_interval, columns.get("intervals", ()))),
    )


def _columns(lineage: Lineage) -> dict[str, Any]:
    nodes = lineage.nodes
    computes = [node.compute for node in nodes]
    return {
        "form": FORM,
        "id": [node.id for node in nodes],
        "kind": [node.kind.value for node in nodes],
        "flop": [_figures(one) for one in computes],
        "source": _sparse([one.source if one else "" for one in computes]),
        "label": _sparse([node.label for node in nodes]),
        "discarded_by": _sparse([node.discarded_by and node.discarded_by.value for node in nodes]),
        "share": _sparse([_share(node.share_of_training) for node in nodes]),
        **{name: _sparse([getattr(node, name) for node in nodes], None) for name in _PLAIN},
        **{name: _sparse([_day(getattr(node, name)) for node in nodes]) for name in _DAYS},
        **{name: _sparse([getattr(node, name) for node in nodes]) for name in _LISTS},
        "cuts": [[*pair, _told(one)] for pair, one in sorted(lineage.cuts.items())],
        "independence": [
            [one.cause, one.target, one.reason, one.evidence, one.by, _day(one.on)]
            for one in lineage.independence
        ],
        **_intervals(lineage),
    }


def _intervals(lineage: Lineage) -> dict[str, Any]:
    """Return the intervals as a column, or none where nothing is stated of any."""
    if not lineage.intervals:
        return {}
    return {
        "intervals": [
            [one.earlier, one.later, str(one.seconds), _share(one.cluster_flop_per_second)]
            for one in lineage.intervals
        ]
    }


def _figures(one: Compute | None) -> Any:
    """Return a compute as little as tells it: nothing, one figure, or low, central and high.

    Bounds that are the figure itself are not written.
    """
    if one is None:
        return None
    central = None if one.central is None else str(one.central)
    if one.central is not None and one.low == one.central == one.high:
        return central
    return [str(one.low), central, None if one.high is None else str(one.high)]


def _sparse(values: Sequence[Any], empty: Any = "") -> Any:
    """Return the places and values of a column that are filled."""
    if empty is None:
        filled = [(place, value) for place, value in enumerate(values) if value is not None]
    else:
        filled = [(place, value) for place, value in enumerate(values) if value]
    return [[place for place, _ in filled], [value for _, value in filled]]


def _nodes(columns: Mapping[str, Any]) -> tuple[Node, ...]:
    filled = _filled(columns)
    kinds = {kind.value: kind for kind in NodeKind}
    sources = dict(zip(*columns["source"], strict=True))
    rows = zip(columns["id"], columns["kind"], columns["flop"], strict=True)
    return tuple(
        Node(
            name,
            kinds[kind],
            compute=None if figures is None else _compute(figures, sources.get(place, "")),
            **filled.get(place, {}),
        )
        for place, (name, kind, figures) in enumerate(rows)
    )


def _filled(columns: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Return place of a node → its fields beyond id, kind and compute, those that are filled."""
    readers: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "label": ("label", str),
        "discarded_by": ("discarded_by", Discard),
        "share": ("share_of_training", Fraction),
        **{name: (name, _same) for name in _PLAIN},
        **{name: (name, date.fromisoformat) for name in _DAYS},
        **{name: (name, tuple) for name in _LISTS},
    }
    filled: dict[int, dict[str, Any]] = {}
    for column, (name, read) in readers.items():
        for place, value in zip(*columns[column], strict=True):
            filled.setdefault(place, {})[name] = read(value)
    return filled


def _same(value: Any) -> Any:
    return value


def _compute(figures: Any, source: str) -> Compute:
    if isinstance(figures, str):
        figure = _exact(figures)
        return Compute(figure, figure, figure, source)
    low, central, high = (None if one is None else _exact(one) for one in figures)
    assert low is not None
    return Compute(central, low, high, source)


def _exact(text: str) -> Exact:
    return Fraction(text) if "/" in text else int(text)


def _share(value: Exact | None) -> str:
    return "" if value is None else str(value)


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _told(change: HumanChange) -> list[str]:
    return [change.evidence, change.by, _day(change.on)]


def _change(told: Sequence[str]) -> HumanChange:
    evidence, by, on = told
    return HumanChange(evidence, by, date.fromisoformat(on) if on else None)


def _statement(told: Sequence[str]) -> Independence:
    cause, target, reason, evidence, by, on = told
    day = date.fromisoformat(on) if on else None
    return Independence(cause, target, reason, evidence, by, day)


def _interval(told: Sequence[str]) -> Interval:
    earlier, later, seconds, speed = told
    return Interval(earlier, later, _exact(seconds), _exact(speed) if speed else None)
