"""Lineages, joined to the readers of their files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sluicegate.registry.native import Fault
from sluicegate.services.ports.lineage import InputFault, LineageFile, LineageFormat


def read_lineage_file(path: Path, form: LineageFormat | None = None) -> LineageFile:
    """Read a file of lineages; without a format it is told by what stands in it.

    Raises:
        LineageInputError: it cannot be read, or states no lineage.
    """
    from sluicegate.adapters.lineage.reading import read_lineages

    return read_lineages(path, form)


def read_lineage_content(content: bytes, form: LineageFormat | None = None) -> LineageFile:
    """Read the bytes of a file of lineages, such as an upload. Raises LineageInputError."""
    from sluicegate.adapters.lineage.reading import read_content

    return read_content(content, form)


def write_lineage_rejects(faults: Iterable[tuple[str, InputFault]], file: Path) -> None:
    """Write what was refused or left out, with the file it stood in, as rows of a CSV file."""
    from sluicegate.adapters.formats.rejects import RejectsFile

    rejects = RejectsFile(file)
    for name, one in faults:
        place = one.place if one.case is None else f"{one.case}: {one.place}"
        original = {"place": place, "nodes": ", ".join(one.nodes)}
        line = int(one.place[5:]) if one.place.startswith("line ") else None
        told = Fault(one.field, one.problem.text(), one.way_out.text())
        rejects.add(name, line, original, [told])
    rejects.close()
