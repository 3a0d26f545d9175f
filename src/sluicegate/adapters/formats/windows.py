"""What a look into a few places of a large CSV file tells beforehand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

from sluicegate.adapters.formats.reading import Sample

_WINDOWS = 48
_WINDOW_BYTES = 1 << 16
_MOST_NAMES = 500
_MOST_OFFSETS = 6
_OFFSET = re.compile(r"Z$|[+-]\d\d:\d\d$")


@dataclass(frozen=True, slots=True)
class Hints:
    """Names of accelerators and offsets met; others may follow, at the cost of a second scan."""

    names: tuple[str, ...]
    offsets: tuple[str, ...]


def hints(sample: Sample, *, is_gzip: bool) -> Hints:
    """Look at the head of a CSV file and, when it is not compressed, at places in it."""
    texts = [sample.head]
    size = sample.file.stat().st_size
    if not is_gzip and size > _WINDOW_BYTES:
        with sample.file.open("rb") as stream:
            for number in range(1, _WINDOWS):
                stream.seek(size * number // _WINDOWS)
                texts.append(stream.read(_WINDOW_BYTES).decode("utf-8", errors="replace"))
    names: Counter[str] = Counter()
    offsets: Counter[str] = Counter()
    place = {name: sample.columns.index(name) for name in sample.columns}
    for text in texts:
        for fields in _whole_rows(text, len(sample.columns)):
            for column in ("accelerator", "instance_type"):
                if column in place and fields[place[column]]:
                    names[fields[place[column]]] += 1
            for column in ("start", "end"):
                if column in place and (found := _OFFSET.search(fields[place[column]])):
                    offsets[found.group()] += 1
    return Hints(
        tuple(name for name, _ in names.most_common(_MOST_NAMES)),
        tuple(offset for offset, _ in offsets.most_common(_MOST_OFFSETS)),
    )


def _whole_rows(text: str, width: int) -> list[list[str]]:
    """Return the rows of a cut-out text without its first and last line."""
    lines = text.splitlines()[1:-1] or text.splitlines()[1:]
    try:
        return [fields for fields in csv.reader(lines) if len(fields) == width]
    except csv.Error:
        return []
