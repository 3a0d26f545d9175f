"""What the commands of `sluicegate filings` share: the operator's desk, trials, and faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filings.checking import FieldFault
from sluicegate.cases.filings.entries import EntryError
from sluicegate.cli.output import (
    Exit,
    Format,
    leave,
    say,
    write_rows,
)
from sluicegate.cli.working import node_at
from sluicegate.core.phrases import Language
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.filing import FilingStateError
from sluicegate.services.casework.proposing import IncompleteFilingError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.services.ports.filings import FilingChangedError
from sluicegate.wiring import OpenNode
from sluicegate.wiring.paper import PdfUnavailableError
from sluicegate.wiring.work import operator_desk

FilingArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a filing.")]
_FAULTS = ["field", "label", "problem", "why", "example"]


@contextmanager
def filings_desk(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code."""
    with node_at(node) as opened:
        try:
            yield opened, operator_desk(opened)
        except (NotFoundError, EntryError, RuleFilesError) as error:
            leave(Exit.USAGE, str(error))
        except IncompleteFilingError as error:
            leave(Exit.FAILED, str(error))
        except (RefusedError, NotAllowedNowError, FilingStateError) as error:
            leave(Exit.REFUSED, str(error))
        except (FilingChangedError, CaseChangedError) as error:
            leave(Exit.REFUSED, str(error))
        except PdfUnavailableError as error:
            leave(Exit.UNAVAILABLE, str(error))


class _DryRunEnd(Exception):  # noqa: N818 - no error: it takes a trial back
    """Ends a dry run, so that what was done inside is not kept."""


@contextmanager
def tried(desk: Desk, *, dry_run: bool) -> Iterator[None]:
    """Do what stands inside; in a dry run everything of it is taken back."""
    if not dry_run:
        yield
        return
    try:
        with desk.store.transaction():
            yield
            raise _DryRunEnd
    except _DryRunEnd:
        say("nothing was kept")


def write_faults(faults: tuple[FieldFault, ...], form: Format, language: Language) -> None:
    """Write what is missing or malformed, a field a row."""
    rows = [
        {
            "field": one.path,
            "label": one.label.text(language),
            "problem": one.problem.text(language),
            "why": one.why.text(language),
            "example": one.example.text(language),
        }
        for one in faults
    ]
    write_rows(rows, _FAULTS, form, language=Language.EN)
