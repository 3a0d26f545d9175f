"""Validation of screening, joined to a node's store, lists, engine and folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate import __version__
from sluicegate.screening.known_lists import known_list
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.lists.importing import ImportOptions
from sluicegate.services.ports.reports import ReportFolder
from sluicegate.services.ports.validation import PackKept, Proposal
from sluicegate.services.screening.validation.changes import NewList, Validator, propose_list
from sluicegate.services.screening.validation.covered_sections import Watch
from sluicegate.services.screening.validation.pack import (
    NAMES,
    SAMPLE,
    Pack,
    PackRequest,
    keep_pack,
    make_pack,
)
from sluicegate.services.screening.validation.replaying import Past, past_of
from sluicegate.wiring.lists import lists_at, read_list_files
from sluicegate.wiring.screening import lists_of, screening_of

if TYPE_CHECKING:
    from sluicegate.wiring.nodes import OpenNode


@dataclass(frozen=True, slots=True)
class PackOptions:
    """How a pack is drawn, and where it is written; without a folder, on the node."""

    seed: int = 1
    names: int = NAMES
    sample: int = SAMPLE
    folder: Path | None = None


@dataclass(frozen=True)
class PackWritten:
    """A pack with the folder in which it lies; None of a trial."""

    pack: Pack
    kept: PackKept
    folder: Path | None


def validator_of(node: OpenNode, desk: Desk) -> Validator:
    """Return what changes of a node's screening are replayed with."""
    screening = screening_of(node.node, desk.store, node.clock)
    return Validator(desk, lists_of(node.node, desk.store, node.clock), screening.scoring)


def installed_algorithm(node: OpenNode, desk: Desk) -> str:
    """Return name, version and digest of the algorithm that is installed."""
    return validator_of(node, desk).scoring.index(()).algorithm


def past_now(node: OpenNode, desk: Desk) -> Past:
    """Return who is screened against what now.

    Raises:
        ListFilesError: files of a list are missing or damaged.
    """
    lists = lists_of(node.node, desk.store, node.clock)
    return past_of(desk.store, lists, node.clock.now().date(), None)


def validate(
    node: OpenNode, desk: Desk, options: PackOptions, *, dry_run: bool = False
) -> PackWritten:
    """Make a validation pack, write it into a folder, and keep that it was made.

    A trial measures everything and writes nothing.

    Raises:
        RefusedError: the principal may not make packs.
        NoListError: the node has no list.
        ListFilesError: files of a list are missing or damaged.
        OSError: the folder cannot be written, or something lies in it.
    """
    from sluicegate.adapters.report.pack_folder import write_pack
    from sluicegate.adapters.report.validation import folder_name, manifest_of, pack_files

    settings = node.node.settings
    request = PackRequest(
        seed=options.seed,
        node=str(settings.tenant),
        product=__version__,
        names=options.names,
        sample=options.sample,
    )
    watch = Watch(known_list, settings.screening_hours)
    pack = make_pack(validator_of(node, desk), watch, request)
    if dry_run:
        return PackWritten(pack, pack.kept, None)
    files = pack_files(pack)
    name = folder_name(pack.kept.at, pack.kept.pack_id)
    folder = options.folder or node.node.folder.validation / str(settings.tenant) / name
    write_pack(files, folder)
    return PackWritten(pack, keep_pack(desk, pack, manifest_of(files)), folder)


def packs_on_disk(node: OpenNode, desk: Desk) -> ReportFolder:
    """Return the packs that lie on the node of a principal's own tenant, for who may read them.

    Raises:
        RefusedError: the principal may not read validation.
    """
    from sluicegate.adapters.report_folder import DiskReports

    desk.must(Action.VALIDATION_READ)
    return DiskReports(node.node.folder.validation / str(desk.principal.tenant))


def pack_archive(packs: ReportFolder, name: str) -> bytes | None:
    """Return every file of a pack in one zip; None when there is none of that name."""
    from sluicegate.adapters.report.validation import pack_zip

    made = next((one for one in packs.made() if one.name == name), None)
    if made is None:
        return None
    files = {one.name: packs.read(name, one.name) for one in made.files}
    return pack_zip({file: content for file, content in files.items() if content is not None})


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file of a list that is to be replayed: which list it is, its day, and why."""

    path: Path
    reason: str
    list_id: str | None = None
    published: date | None = None


def propose_list_file(node: OpenNode, desk: Desk, file: ListFile) -> Proposal:
    """Replay a file of one list and propose to take it in.

    Raises:
        RefusedError: the principal may not propose.
        ProblemsError: the file is of no known format, is empty or cut off.
        ChangeRefusedError, ListRefusedError, ListFilesError: see `propose_list`.
    """
    (read, *_) = read_list_files([file.path], file.list_id)
    parts = lists_at(node, desk, Action.VALIDATION_WORK)
    options = ImportOptions(published=file.published)
    return propose_list(validator_of(node, desk), NewList(file.reason, parts, read, options))
