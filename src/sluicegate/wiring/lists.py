"""Lists of a node, joined to its store, its files, the readers and the net."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.core.problems import Problem
from sluicegate.registry.native import Fault
from sluicegate.screening.known_lists import known_list, known_lists
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.lists.fetching import FetchOptions, FetchOutcome, fetch_list, fetchable
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.ports.lists import ListRead, VendorRead
from sluicegate.wiring.addresses import address_policy

if TYPE_CHECKING:
    from sluicegate.wiring.nodes import OpenNode


def list_parts(node: OpenNode, by: str | None = None) -> ListParts:
    """Return a node's lists with who acts: who works at its command line, unless told."""
    from sluicegate.adapters.list_files import DiskLists
    from sluicegate.wiring.nodes import actor

    files = DiskLists(node.node.folder.lists)
    return ListParts(node.store, files, known_list, node.clock, by or actor())


def read_list_files(files: Sequence[Path], list_id: str | None = None) -> Sequence[ListRead]:
    """Read every list in files or folders; files of one list are read together.

    Raises:
        ProblemsError: a file is of no known format, is empty or cut off.
    """
    from sluicegate.adapters.lists.reading import read_lists

    return read_lists(files, list_id)


def read_results(file: Path) -> VendorRead:
    """Read the results of another product.

    Raises:
        ProblemsError: the file is empty, damaged, or holds no results.
    """
    from sluicegate.adapters.lists.vendor import read_vendor_results

    return read_vendor_results(file)


def lists_at(node: OpenNode, desk: Desk, action: Action) -> ListParts:
    """Return the lists of a principal's own tenant, for whoever may do something to them.

    Raises RefusedError.
    """
    desk.must(action)
    return replace(list_parts(node, desk.principal.id), store=desk.store)


def fetch_lists(
    node: OpenNode, lists: Sequence[str], options: FetchOptions, by: str | None = None
) -> Sequence[FetchOutcome]:
    """Fetch lists from their issuers and take them in; each for itself.

    Without names, every list that is in use and whose issuer's address is known.

    Raises:
        UnknownListError: a list whose address is not known.
    """
    from sluicegate.adapters.list_fetching import HttpFetcher
    from sluicegate.adapters.lists.reading import read_list

    parts = list_parts(node, by)
    wanted = list(lists) if options.addresses else fetchable(parts, lists, tuple(known_lists()))
    fetch = HttpFetcher(address_policy(node.node.settings))
    return [
        fetch_list(parts, name, fetch=fetch, read=read_list, options=options) for name in wanted
    ]


def write_rejects(problems: Iterable[Problem], file: Path) -> None:
    """Write what could not be read as rows of a CSV file."""
    from sluicegate.adapters.formats.rejects import RejectsFile

    rejects = RejectsFile(file)
    for one in problems:
        rejects.add(one.file, one.line, {}, [Fault(one.field, one.problem, one.way_out)])
    rejects.close()
