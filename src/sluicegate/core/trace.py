"""A trace: the tree of figures behind an answer, as versioned JSON.

Each node says what it is, its value and unit, how it came about and where it
stands in a text or a file; its children are the figures it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TRACE_VERSION = 1
HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One node of a trace. `value` is text or null, so that it stays exact.

    `label` is of a fixed vocabulary, which has a form in each language; `name`
    says which one is meant, such as the id of a customer or of a parameter.
    """

    label: str
    value: str | None = None
    unit: str | None = None
    method: str | None = None
    reference: str | None = None
    children: tuple[Figure, ...] = ()
    name: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the node and all below it, without empty parts."""
        parts: dict[str, Any] = {
            "label": self.label,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "method": self.method,
            "reference": self.reference,
            "children": [child.as_json() for child in self.children],
        }
        return {key: part for key, part in parts.items() if part}

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the tree as indented text."""
        label = f"{self.label} · {self.name}" if self.name else self.label
        shown = "" if self.value is None else f" = {self.value}"
        unit = f" {self.unit}" if self.unit and self.value is not None else ""
        method = _bracketed(self.method) if self.method else ""
        reference = f" [{self.reference}]" if self.reference else ""
        yield f"{'  ' * depth}{label}{shown}{unit}{method}{reference}"
        for child in self.children:
            yield from child.lines(depth + 1)

    @classmethod
    def from_json(cls, parts: dict[str, Any]) -> Figure:
        """Read a node as `as_json` wrote it."""
        children = tuple(cls.from_json(child) for child in parts.get("children", ()))
        return cls(
            parts["label"],
            parts.get("value"),
            parts.get("unit"),
            parts.get("method"),
            parts.get("reference"),
            children,
            parts.get("name"),
        )


def _bracketed(words: str) -> str:
    """Return words in the brackets of their writing.

    >>> _bracketed("found"), _bracketed("原文")
    (' (found)', '（原文）')
    """
    return f"（{words}）" if HAN.search(words) else f" ({words})"


def document(root: Figure) -> dict[str, Any]:
    """Return the trace as a document with its version."""
    return {"trace_version": TRACE_VERSION, "root": root.as_json()}
