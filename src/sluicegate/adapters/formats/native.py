"""The eight native kinds as CSV, Parquet or JSON lines."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from sluicegate.adapters.formats.reading import (
    Item,
    Likelihood,
    ReadOptions,
    Rejected,
    Row,
    Sample,
    Shape,
)
from sluicegate.adapters.formats.tables import table_rows
from sluicegate.registry.native import native_kinds

_TABLES = (Shape.DELIMITED, Shape.JSON_LINES, Shape.PARQUET)
_NAMES = {Shape.DELIMITED: "CSV", Shape.JSON_LINES: "JSON lines", Shape.PARQUET: "Parquet"}


@dataclass(frozen=True, slots=True)
class NativeFormat:
    """One native kind."""

    kind: str

    @property
    def name(self) -> str:
        """The short name, as results give it."""
        return "native"

    def looks_like(self, sample: Sample) -> Likelihood:
        """Count the kind's columns among the file's."""
        native = native_kinds()[self.kind]
        present = set(sample.columns)
        matched = sum(name in present for name in native.names)
        title = f"native {self.kind}"
        if sample.shape not in _TABLES:
            return Likelihood(self.kind, title, 0, len(sample.columns), native.required)
        missing = [name for name in native.required if name not in present]
        if self.kind == "usage":
            if "account" in present and "customer_id" in missing:
                missing.remove("customer_id")
            if not present & {"accelerator", "instance_type"}:
                missing.append("accelerator")
        title += f" as {_NAMES[sample.shape]}"
        return Likelihood(self.kind, title, matched, len(sample.columns), tuple(missing))

    def read(self, sample: Sample, options: ReadOptions) -> Iterator[Item]:
        """Yield the rows; an absent `source` is filled in."""
        for item in table_rows(sample):
            if isinstance(item, Rejected) or item.values.get("source"):
                yield item
            else:
                yield Row(item.line, {**item.values, "source": options.source}, item.original)

    def ignored(self, sample: Sample) -> str:
        """Return a sentence about columns that are not read, or an empty text."""
        names = native_kinds()[self.kind].names
        parts = []
        for column in sample.columns:
            if column and column not in names:
                near = difflib.get_close_matches(column.lower(), names, 1, 0.8)
                parts.append(f"{column} (did you mean {near[0]}?)" if near else column)
        return f"; columns not read: {', '.join(parts)}" if parts else ""
