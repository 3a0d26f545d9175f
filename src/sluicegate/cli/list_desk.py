"""Where commands about lists begin: an open node's lists, and how refusals end a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sluicegate.cli.output import Exit, leave
from sluicegate.cli.working import node_at
from sluicegate.core.problems import ProblemsError
from sluicegate.services.lists.parts import ListParts, ListRefusedError
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.wiring.lists import list_parts


@contextmanager
def lists_at(node: Path) -> Iterator[ListParts]:
    """Give a node's lists; what is refused or broken ends the command with advice."""
    with node_at(node) as opened, told():
        yield list_parts(opened)


@contextmanager
def told() -> Iterator[None]:
    """End the command with advice when something is refused or broken."""
    try:
        yield
    except ProblemsError as error:
        leave(Exit.USAGE, str(error))
    except ListRefusedError as error:
        leave(Exit.USAGE, str(error))
    except ListFilesError as error:
        leave(Exit.UNAVAILABLE, str(error))
