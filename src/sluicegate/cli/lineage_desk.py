"""Where commands about kept lineages begin, and how a refusal ends them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sluicegate.cli.jobs import desk_of
from sluicegate.cli.output import Exit, leave
from sluicegate.cli.working import node_at
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.keeping import LineageError
from sluicegate.services.ports.lineage import LineageFilesError
from sluicegate.wiring import OpenNode


@contextmanager
def lineages_at(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give an open node and the operator's desk; what is refused ends the command with advice."""
    with node_at(node) as opened, desk_of(opened) as desk:
        try:
            yield opened, desk
        except LineageError as error:
            leave(Exit.USAGE, str(error))
        except LineageFilesError as error:
            leave(Exit.UNAVAILABLE, str(error))
