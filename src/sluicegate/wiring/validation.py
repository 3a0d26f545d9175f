"""Validation of screening, joined to a node's store, lists, engine and folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate import __version__
from sluicegate.core.reasons import say
from sluicegate.screening.known_lists import known_list
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.lists.importing import ImportOptions
from sluicegate.services.ports.reports import ReportFolder, ReportMade
from sluicegate.services.ports.validation import PackKept, Proposal
from sluicegate.services.screening.validation.changes import (
    ChangeRefusedError,
    NewList,
    Step,
    Validator,
    propose_list,
)
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


@dataclass(frozen=True, slots=True)
class PackArchive:
    """The files of a pack as one zip, and what the zip is called."""

    name: str
    content: bytes


def validator_of(node: OpenNode, desk: Desk, step: Step = lambda _step: None) -> Validator:
    """Return what a node's screening is validated with; `step` is told what begins."""
    screening = screening_of(node.node, desk.store, node.clock)
    return Validator(desk, lists_of(node.node, desk.store, node.clock), screening.scoring, step)


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
    node: OpenNode,
    desk: Desk,
    options: PackOptions,
    step: Step = lambda _step: None,
    *,
    dry_run: bool = False,
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

    tenant, folder = str(desk.principal.tenant), node.node.folder
    request = PackRequest(
        seed=options.seed,
        node=f"{folder.path.resolve().name} ({tenant})",
        product=__version__,
        names=options.names,
        sample=options.sample,
    )
    watch = Watch(known_list, node.node.settings.screening_hours)
    pack = make_pack(validator_of(node, desk, step), watch, request)
    if dry_run:
        return PackWritten(pack, pack.kept, None)
    step("report")
    files = pack_files(pack)
    name = folder_name(pack.kept.at, pack.kept.pack_id)
    place = options.folder or folder.validation / tenant / name
    write_pack(files, place)
    return PackWritten(pack, keep_pack(desk, pack, manifest_of(files)), place)


def packs_on_node(node: OpenNode, desk: Desk) -> frozenset[str]:
    """Return the ids of the packs that lie on the node, of a principal's own tenant.

    Raises:
        RefusedError: the principal may not read validation.
    """
    desk.must(Action.VALIDATION_READ)
    return frozenset(_folders(_shelf(node, desk)))


def pack_archive(node: OpenNode, desk: Desk, pack_id: str) -> PackArchive:
    """Return every file of a pack in one zip. It names customers: giving it is an act.

    Raises:
        NotFoundError: no such pack lies on the node.
        RefusedError: the principal may not read validation.
    """
    from sluicegate.adapters.report.validation import pack_zip

    desk.must(Action.VALIDATION_READ)
    shelf = _shelf(node, desk)
    made = _folders(shelf).get(pack_id)
    if made is None:
        raise NotFoundError("pack", pack_id)
    desk.read(Action.VALIDATION_READ, Resource("validation", desk.principal.tenant, pack_id))
    files = {one.name: shelf.read(made.name, one.name) for one in made.files}
    there = {file: content for file, content in files.items() if content is not None}
    return PackArchive(f"{made.name}.zip", pack_zip(there))


def _shelf(node: OpenNode, desk: Desk) -> ReportFolder:
    from sluicegate.adapters.report_folder import DiskReports

    return DiskReports(node.node.folder.validation / str(desk.principal.tenant))


def _folders(shelf: ReportFolder) -> dict[str, ReportMade]:
    """Return id of a pack → its folder, whose name begins with a day."""
    return {one.name[len("2026-01-01-") :]: one for one in shelf.made()}


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file of a list that is to be replayed: which list it is, its day, and why."""

    path: Path
    reason: str
    list_id: str | None = None
    published: date | None = None


def propose_list_file(
    node: OpenNode, desk: Desk, file: ListFile, step: Step = lambda _step: None
) -> Proposal:
    """Replay a file of one list and propose to take it in.

    Raises:
        RefusedError: the principal may not propose.
        ProblemsError: the file is of no known format, is empty or cut off.
        ChangeRefusedError: it holds several lists; see also `propose_list`.
        ListRefusedError, ListFilesError: see `propose_list`.
    """
    found = read_list_files([file.path], file.list_id)
    if len(found) > 1:
        named = [one.list_id for one in found]
        why = say("The file holds several lists ({lists}); give a file of one list.", lists=named)
        raise ChangeRefusedError(why)
    (read,) = found
    parts = lists_at(node, desk, Action.VALIDATION_WORK)
    options = ImportOptions(published=file.published)
    return propose_list(validator_of(node, desk, step), NewList(file.reason, parts, read, options))
