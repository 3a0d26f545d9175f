"""What the commands of `sluicegate diligence` share: the desk, its faults, and their options."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.filing_desk import tried
from sluicegate.cli.output import Exit, leave
from sluicegate.cli.working import day_option, node_at
from sluicegate.core.quantities import Flop, parse_flop
from sluicegate.rules.facts import BadFactsError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.writing import DiligenceRefusedError
from sluicegate.services.ports.diligence import DiligenceChangedError
from sluicegate.wiring import LakeError, OpenNode
from sluicegate.wiring.work import operator_desk

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of a customer.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
NoteOption = Annotated[str, typer.Option("--reason", help="Why, or what else there is to say.")]

ComputeOption = Annotated[
    str, typer.Option("--compute", metavar="FLOP", help="The compute asked for, e.g. 3e26.")
]


@contextmanager
def diligence_desk(node: Path, *, dry_run: bool = False) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code.

    In a dry run everything that is done inside is taken back.
    """
    with node_at(node) as opened:
        try:
            desk = operator_desk(opened)
            with tried(desk, dry_run=dry_run):
                yield opened, desk
        except (NotFoundError, BadFactsError) as error:
            leave(Exit.USAGE, str(error))
        except (RefusedError, DiligenceRefusedError, DiligenceChangedError) as error:
            leave(Exit.REFUSED, str(error))
        except LakeError as error:
            leave(Exit.UNAVAILABLE, str(error))


def day_of(text: str | None, name: str, default: date) -> date:
    """Return a day given as an option, or another."""
    return day_option(text, name) or default


def given_text(value: str) -> str:
    """Return a value; - reads it from standard input, where no history of a shell keeps it."""
    return sys.stdin.read().strip() if value == "-" else value


def flop_of(text: str) -> Flop:
    """Return an amount of compute given as an option; a bad one ends the command."""
    try:
        return parse_flop(text)
    except ValueError as error:
        leave(Exit.USAGE, f"--compute: {error}")


def content_of(file: Path | None) -> bytes | None:
    """Return the bytes of a document; a file that cannot be read ends the command."""
    if file is None:
        return None
    try:
        return file.read_bytes()
    except OSError as error:
        leave(Exit.USAGE, f"{file}: {error.strerror}")
