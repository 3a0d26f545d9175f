"""Consultations of a node, joined to the page that outsiders read and to its folder of rules."""

from __future__ import annotations

import os
import tempfile
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.adapters.rule_files import RULES_FOLDER, own_rules
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language
from sluicegate.rules.loading import read_book, shipped_book
from sluicegate.services.consultation.exporting import Published, publish
from sluicegate.services.consultation.rule_files import (
    MADE_FROM,
    RuleFileMade,
    rule_file,
    write_rule,
)
from sluicegate.services.desk import Desk

if TYPE_CHECKING:
    from sluicegate.wiring.nodes import OpenNode


class PageFormat(Enum):
    """How what is published is written."""

    HTML = "html"
    JSON = "json"


class RuleThereError(RuntimeError):
    """A rule file of the name is there already, and what to do."""


def published_text(
    desk: Desk, consultation: str, page: PageFormat, language: Language = Language.EN
) -> str:
    """Return what an outsider may see of a consultation, as a page that stands alone or JSON.

    Raises RefusedError, NotFoundError, ConsultationError.
    """
    made = publish(desk, consultation)
    return text_of(made, page, language)


def text_of(made: Published, page: PageFormat, language: Language = Language.EN) -> str:
    """Return what is published in a format; the JSON stands beside its digest."""
    if page is PageFormat.JSON:
        return dump_json({"digest": made.digest, "consultation": made.document}, indent=2) + "\n"
    from sluicegate.adapters.consultation import consultation_page

    return consultation_page(made, language)


def write_rule_file(
    opened: OpenNode,
    desk: Desk,
    consultation: str,
    *,
    is_written: bool,
    is_replacing: bool = False,
) -> RuleFileMade:
    """Return the rule file of an issued threshold, and write it into the node's rules if wanted.

    A file that is there is left unless it came of a consultation and may be replaced;
    nothing is written that the node could not read with its other rules.

    Raises:
        RefusedError: this may not be done.
        NotFoundError: there is no such consultation.
        ConsultationError: nothing was issued, or it is about guidance.
        RuleThereError: a file of the name is there.
        RuleFilesError: the node could not read its rules with this file.
    """
    made = rule_file(desk, consultation)
    if not is_written:
        return made
    folder = opened.node.folder.path / RULES_FOLDER
    path = folder / made.name
    if path.exists():
        is_ours = path.read_text(encoding="utf-8", errors="replace").startswith(MADE_FROM)
        if not (is_replacing and is_ours):
            way_out = "give --replace" if is_ours else "rename or remove it"
            raise RuleThereError(f"{path}: is there already; {way_out}")
    others = [one for one in own_rules(folder) if one[0] != made.name]
    read_book([*others, (made.name, made.text)], base=shipped_book(), local=True)
    write_rule(desk, made, consultation, lambda: _write_whole(path, made.text))
    return made


def _write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
