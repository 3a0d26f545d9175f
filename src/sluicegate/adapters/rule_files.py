"""Rule files and worked cases in folders: a node's own, and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sluicegate.rules.loading import read_folder

RULES_FOLDER = "rules"
"""Where a node keeps its own rules."""

CASES_FOLDER = "cases"
"""Where worked cases lie, below the rules that they are about."""

OWN_HARDWARE = "accelerators.yaml"
"""A file among a node's rules that holds hardware and no rules."""


class FileThereError(ValueError):
    """A file that is not overwritten."""


def own_rules(folder: Path) -> list[tuple[str, str]]:
    """Return (name, text) of each rule file below a folder; cases and hardware are none."""
    return read_folder(
        folder, besides=lambda name: name == OWN_HARDWARE or name.startswith(f"{CASES_FOLDER}/")
    )


def own_cases(node: Path) -> list[Path]:
    """Return the files of worked cases that a node keeps beside its rules."""
    return sorted((node / RULES_FOLDER / CASES_FOLDER).rglob("*.yaml"))


def rule_paths(rule_file: Path) -> tuple[Path, Path]:
    """Return where a rule file and its cases lie."""
    return rule_file, rule_file.parent / CASES_FOLDER / rule_file.name


def write_new(texts: Mapping[Path, str], *, dry_run: bool = False) -> None:
    """Write files that are not there yet, all or none.

    Raises FileThereError when one is.
    """
    for path in texts:
        if path.exists():
            raise FileThereError(f"{path}: is there already; choose another name, or remove it")
    if dry_run:
        return
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
