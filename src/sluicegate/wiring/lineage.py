"""Lineages, joined to the readers of their files."""

from __future__ import annotations

from pathlib import Path

from sluicegate.services.ports.lineage import LineageFile, LineageFormat


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
