"""Ownership of a node: files of others in and out, and its picture, joined to adapters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language
from sluicegate.services.intake import IntakeResult, intake
from sluicegate.services.ownership.statements import Statement
from sluicegate.services.report import Ownership
from sluicegate.wiring.nodes import actor

if TYPE_CHECKING:
    from sluicegate.wiring.nodes import OpenNode


class Exchange(Enum):
    """The forms in which statements of ownership leave a node."""

    BODS = "bods"
    FTM = "ftm"


@dataclass(frozen=True)
class ImportOptions:
    """How files of statements are read: see `adapters.ownership.inputs.OwnershipSettings`.

    `by` is who takes them in: who works at the node's command line, unless told.
    """

    majority: Fraction
    source: str | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    rejects: Path | None = None
    dry_run: bool = False
    by: str | None = None


def take_in_ownership(
    node: OpenNode, files: Sequence[Path], options: ImportOptions
) -> IntakeResult:
    """Take statements of BODS or FollowTheMoney into a node as rows of ownership.

    Raises NothingReadableError when none could be read.
    """
    from sluicegate.adapters.ownership.inputs import OwnershipInputs, OwnershipSettings

    settings = OwnershipSettings(options.majority, options.source, options.same, options.rejects)
    return intake(
        files,
        store=node.store,
        inputs=OwnershipInputs(settings),
        at=node.clock.now(),
        by=options.by or actor(),
        dry_run=options.dry_run,
    )


def exchange_text(
    statements: Iterable[Statement], form: Exchange, *, lines: bool = False
) -> Iterator[str]:
    """Yield statements as the text of a file: BODS as an array or lines, entities as lines."""
    from sluicegate.adapters.ownership.bods_writing import bods_document
    from sluicegate.adapters.ownership.ftm_writing import ftm_documents

    if form is Exchange.FTM:
        for entity in ftm_documents(statements):
            yield dump_json(entity) + "\n"
        return
    documents = (bods_document(one) for one in statements)
    if lines:
        for document in documents:
            yield dump_json(document) + "\n"
        return
    before = "[\n"
    for document in documents:
        yield before + dump_json(document)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def ownership_svg(held: Ownership | None, name: str, language: Language) -> str:
    """Draw owners above what they own, as a picture that stands alone."""
    from sluicegate.adapters.pictures import Frame, ownership_picture

    shown = held or Ownership((), ())
    title = f"{name}: 所有权" if language is Language.ZH else f"Ownership of {name}"
    told = (
        "上方为所有者，下方为被持有的一方；线上为持股比例。"
        if language is Language.ZH
        else "Owners stand above what they own; each line says the share that is held."
    )
    frame = Frame(title, told, name="ownership")
    return ownership_picture(shown.nodes, shown.edges, frame, language.value)
