"""The forms that a node adds, in its folder `forms`."""

from __future__ import annotations

from pathlib import Path

from sluicegate.rules.loading import read_folder

FORMS_FOLDER = "forms"
"""Where a node keeps its own forms; it need not be there."""


def own_forms(node: Path) -> list[tuple[str, str]]:
    """Return (name, text) of each form of a node."""
    folder = node / FORMS_FOLDER
    return read_folder(folder) if folder.is_dir() else []
