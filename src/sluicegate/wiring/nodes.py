"""A node on the command line: its store, lake, rules and files, joined to services.

Adapters that bring a database, an engine or templates are imported where they
are used: a command that asks a question does not wait a second for them.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.adapters.clock import SystemClock
from sluicegate.adapters.copies import DiskCopies
from sluicegate.adapters.report_folder import DiskReports
from sluicegate.adapters.rule_files import OWN_HARDWARE, RULES_FOLDER, own_rules
from sluicegate.core.clock import Clock
from sluicegate.core.exact import ExactTextError, load_yaml
from sluicegate.core.phrases import Language
from sluicegate.registry.catalogue import Catalogue
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Instrument
from sluicegate.rules.loading import RuleFilesError, read_book, shipped_book
from sluicegate.rules.specifications import Spec
from sluicegate.services.intake import IntakeResult, intake
from sluicegate.services.node import Check, NodeError, check_forms, check_policies
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports import Progress
from sluicegate.services.setting_values import Role
from sluicegate.wiring.rule_books import book_for as book_for

if TYPE_CHECKING:
    from sluicegate.adapters.lake.usage_lake import DuckDbLake
    from sluicegate.adapters.node import Node
    from sluicegate.adapters.store import SqlStore
    from sluicegate.services.bulk.files import FactRows, Layout
    from sluicegate.services.report import Report


@dataclass(frozen=True)
class OpenNode:
    """A node with its adapters, ready for services."""

    node: Node
    store: SqlStore
    lake: DuckDbLake
    catalogue: Catalogue
    book: RuleBook
    clock: Clock

    @property
    def lake_folder(self) -> Path:
        """Where the usage lake stands."""
        return self.node.folder.lake

    @property
    def parts(self) -> NodeParts:
        """The node as one argument of use cases that need its lake and rules."""
        return NodeParts(
            self.store,
            self.lake,
            self.catalogue,
            self.book,
            self.clock,
            self.node.settings,
            DiskReports(self.node.folder.path / "reports"),
            self.copies,
        )

    @property
    def copies(self) -> DiskCopies:
        """What the node's files outside the store may say of a customer."""
        folder = self.node.folder
        return DiskCopies(
            tenant=self.node.settings.tenant,
            reports=folder.path / "reports",
            results=folder.path / "work" / "results",
            packs=folder.validation,
            cache=folder.cache,
        )


@contextmanager
def opened(path: Path, *, clock: Clock | None = None) -> Iterator[OpenNode]:
    """Open a node; its store and lake are closed at the end.

    Raises NodeError, StoreError or RuleFilesError.
    """
    from sluicegate.adapters.lake.usage_lake import MEMORY_LIMIT, DuckDbLake

    clock = clock or SystemClock()
    node = _open_node(path)
    settings = node.settings
    store = node.open_store(clock)
    try:
        with DuckDbLake(
            node.folder.lake,
            threads=settings.engine_threads,
            memory_limit=settings.engine_memory or MEMORY_LIMIT,
        ) as lake:
            yield OpenNode(node, store, lake, catalogue_for(path), book_for(path), clock)
    finally:
        store.close()


def _open_node(path: Path) -> Node:
    from sluicegate.adapters.node import open_node

    return open_node(path)


def today() -> date:
    """Return the present day of the machine."""
    return SystemClock().now().date()


def actor() -> str:
    """Return who acts on the command line: the login of the machine."""
    return f"local:{getpass.getuser()}"


def make_node(path: Path, roles: Sequence[Role] = (), *, clock: Clock | None = None) -> None:
    """Make a node directory, or complete one that is there."""
    from sluicegate.adapters.node import init_node

    init_node(path, roles, clock=clock or SystemClock())


def node_settings(path: Path) -> list[dict[str, str]]:
    """Return a node's settings for people: name, value, source; secrets masked."""
    shown = _open_node(path).settings.describe()
    return [{"name": one.name, "value": one.value, "source": one.source} for one in shown]


def check_node(path: Path) -> list[Check]:
    """Look a node over; nothing in it is changed."""
    from sluicegate.adapters.node import doctor
    from sluicegate.adapters.policies import POLICIES_FOLDER, policy_faults
    from sluicegate.wiring.list_checks import check_lists_of
    from sluicegate.wiring.screening import check_screening_of

    node, clock = _open_node(path), SystemClock()
    checks = doctor(node, clock=clock, check_rules=_rule_faults)
    policies = check_policies([str(one) for one in policy_faults(path / POLICIES_FOLDER)])
    lists = check_lists_of(node, clock)
    screening = check_screening_of(node, clock)
    return [*checks, policies, check_forms(_form_faults(path)), lists, screening]


def rebuild_node(path: Path) -> None:
    """Make what a node keeps for quick reading anew from its versions and events."""
    from sluicegate.adapters.node import rebuild

    rebuild(_open_node(path), clock=SystemClock())


def backup_node(path: Path, target: Path) -> None:
    """Write a node directory as one archive."""
    from sluicegate.adapters.node import backup

    backup(_open_node(path), target)


def restore_node(archive: Path, target: Path) -> None:
    """Make a node directory from an archive."""
    from sluicegate.adapters.node import restore

    restore(archive, target)


@dataclass(frozen=True)
class IntakeOptions:
    """How files are read: see `adapters.formats.inputs.InputSettings`."""

    kind: str | None = None
    mapping: Path | None = None
    source: str = "default"
    offset: str | None = None
    rejects: Path | None = None
    dry_run: bool = False
    progress: Progress | None = None


def take_in(node: OpenNode, files: Sequence[Path], options: IntakeOptions) -> IntakeResult:
    """Take files into a node. Raises NothingReadableError when none could be read."""
    from sluicegate.adapters.formats.inputs import FileInputs, InputSettings

    now = node.clock.now()
    settings = InputSettings(
        lake_folder=node.lake_folder,
        catalogue=node.catalogue,
        on=now.date(),
        kind=options.kind,
        mapping=options.mapping,
        source=options.source,
        offset=options.offset,
        rejects=options.rejects,
        progress=options.progress,
    )
    inputs = FileInputs(settings)
    return intake(
        files, store=node.store, inputs=inputs, at=now, by=actor(), dry_run=options.dry_run
    )


def write_report_files(report: Report, folder: Path) -> list[Path]:
    """Write a report as pages, JSON and CSV; return the files, the main page first."""
    from sluicegate.adapters.report.files import write_report

    files = write_report(report, folder)
    return [*files.pages, files.json, files.findings, files.obligations]


@contextmanager
def fact_rows(
    file: Path, spec: Spec, *, layout: Layout, ids: Sequence[str] = (), outcomes: bool = False
) -> Iterator[FactRows]:
    """Open a CSV or Parquet file of facts of a question, a subject a row.

    Raises BadFactsError when it cannot be read, or with each column out of place.
    """
    from sluicegate.adapters.fact_files.file import FactFile

    with FactFile(file, spec, layout=layout, ids=ids, outcomes=outcomes) as rows:
        yield rows


def timeline_svg(one: Instrument, language: Language, known_on: date | None = None) -> str:
    """Draw an instrument over time as a picture that stands alone."""
    from sluicegate.adapters.pictures import timeline_frame, timeline_picture

    return timeline_picture(one, timeline_frame(one, language), language, known_on)


def csv_to_parquet(text: str) -> bytes:
    """Return CSV rows as a Parquet file, every column as text."""
    from sluicegate.adapters import tabular

    return tabular.csv_to_parquet(text)


def catalogue_for(node: Path) -> Catalogue:
    """Return the shipped catalogue, with the node's own hardware added.

    Raises NodeError when the node's file is no YAML.
    """
    file = node / RULES_FOLDER / OWN_HARDWARE
    if not file.is_file():
        return Catalogue.load()
    try:
        return Catalogue.load().extended(load_yaml(file.read_text(encoding="utf-8")))
    except ExactTextError as error:
        raise NodeError(f"{file}:{error.line}: {error}") from error


def _rule_faults(folder: Path) -> Sequence[str]:
    try:
        read_book(own_rules(folder), base=shipped_book(), local=True)
    except RuleFilesError as error:
        return [str(fault) for fault in error.faults]
    return []


def _form_faults(node: Path) -> Sequence[str]:
    """Return what is wrong in a node's own forms, as they read under its rules.

    Where the node's rules do not load, its forms are read under the shipped ones.
    """
    from sluicegate.adapters.filings.own_forms import own_forms
    from sluicegate.services.casework.forms import with_own_forms

    is_sound = not _rule_faults(node / RULES_FOLDER)
    book = book_for(node) if is_sound else shipped_book()
    try:
        with_own_forms(own_forms(node), book)
    except RuleFilesError as error:
        return [str(fault) for fault in error.faults]
    return []
