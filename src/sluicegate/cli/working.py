"""What commands share: an open node, rules, days, progress.

What opens a node is imported where it is used: who asks a question does not wait for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.cli.output import Exit, leave
from sluicegate.core.calendars import parse_day
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.node import NodeError
from sluicegate.wiring.rule_books import book_for

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from sluicegate.services.measuring import Measure
    from sluicegate.services.ports import Progress as FileProgress
    from sluicegate.wiring import OpenNode

LAST_YEAR = 9900
"""The last year asked about: periods and windows that begin in it still end within dates."""


@contextmanager
def node_at(path: Path) -> Iterator[OpenNode]:
    """Open a node for a command; what is wrong with it ends the command with advice."""
    from sluicegate.services.detectors.binding import UnaskableRuleError
    from sluicegate.wiring import LakeError, StoreError, opened

    try:
        with opened(path) as node:
            yield node
    except (NodeError, RuleFilesError, UnaskableRuleError) as error:
        leave(Exit.USAGE, str(error))
    except (StoreError, LakeError) as error:
        leave(Exit.UNAVAILABLE, str(error))


def rules_of(node: Path | None) -> RuleBook:
    """Return the shipped rules, with a node's own; what is wrong with them ends the command."""
    try:
        return book_for(node)
    except (NodeError, RuleFilesError) as error:
        leave(Exit.USAGE, str(error))


def day_option(text: str | None, name: str) -> date | None:
    """Read a day given as an option."""
    if text is None:
        return None
    try:
        day = parse_day(text)
    except ValueError as error:
        leave(Exit.USAGE, f"{name}: {error}")
    if day.year > LAST_YEAR:
        leave(Exit.USAGE, f"{name}: {text} is too far ahead; give a day up to {LAST_YEAR}-12-31")
    return day


def known_option(text: str | None) -> datetime | None:
    """Read --known-on: everything recorded by the end of that day, UTC."""
    day = day_option(text, "--known-on")
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), UTC)


def measure_of(
    node: OpenNode,
    as_of: date | None,
    known_on: datetime | None,
    progress: Callable[[str], None] = lambda _step: None,
) -> Measure:
    """Return what measuring a node needs; the day is today when none is given."""
    from sluicegate.services.measuring import Measure
    from sluicegate.wiring.screening import screening_of

    return Measure(
        store=node.store,
        lake=node.lake,
        catalogue=node.catalogue,
        book=node.book,
        country=node.node.settings.country,
        as_of=as_of or node.clock.now().date(),
        known_on=known_on,
        progress=progress,
        screening=screening_of(node.node, node.store, node.clock),
    )


@contextmanager
def steps(quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show the step that is under way, on stderr and only at a terminal."""
    with _bar(quiet) as bar:
        task = bar.add_task("", total=None)
        yield lambda name: bar.update(task, description=name.replace("_", " "))


@contextmanager
def bytes_done(quiet: bool = False) -> Iterator[FileProgress]:
    """Show how much of a file is read, on stderr and only at a terminal."""
    with _bar(quiet) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(file: str, done: int, total: int) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(Path(file).name, total=total)
            bar.update(tasks[file], completed=done, total=total)

        yield tell


def _bar(quiet: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        disable=quiet or not sys.stderr.isatty(),
    )
