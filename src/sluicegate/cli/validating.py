"""`sluicegate screening validate|sample|changes`: the validation of a node's screening."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option, node_at, steps
from sluicegate.core.problems import ProblemsError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.lists.parts import ListRefusedError
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.validation import Proposal, SampleVerdict
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.validation.changed_sections import (
    moment_rows,
    proposal_row,
    shift_rows,
)
from sluicegate.services.screening.validation.changes import (
    ChangeRefusedError,
    NewChange,
    proposal_at,
    proposals,
    propose,
    threshold_of,
    withdraw,
)
from sluicegate.services.screening.validation.pack import NAMES, SAMPLE, NoListError
from sluicegate.services.screening.validation.sampling import (
    VerdictRefusedError,
    judge,
    samples_shown,
)
from sluicegate.services.screening.validation.sections import for_files
from sluicegate.wiring.validation import (
    ListFile,
    PackOptions,
    past_now,
    propose_list_file,
    validate,
    validator_of,
)
from sluicegate.wiring.work import operator_desk

if TYPE_CHECKING:
    from sluicegate.wiring import OpenNode

sample = typer.Typer(no_args_is_help=True, help="Pairs just below the score of an alert.")
changes = typer.Typer(no_args_is_help=True, help="Changes of screening, replayed and proposed.")

_KINDS = ["kind", "found", "of", "share", "low", "high"]
_SAMPLE = ["sample", "party_name", "listed_name", "lists", "score", "verdict", "reviewer"]
_CHANGES = ["proposal", "kind", "state", "threshold_before", "threshold", "gained", "lost"]
_SHIFTS = ["change", "party_name", "listed_name", "lists", "before", "after", "stood"]

ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the record.")]
ProposalArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a proposal.")]


class _UndoneError(Exception):
    """Ends a dry run, so that nothing of it is kept."""


@contextmanager
def _desk(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code."""
    with node_at(node) as opened:
        try:
            yield opened, operator_desk(opened)
        except (
            NotFoundError,
            ChangeRefusedError,
            VerdictRefusedError,
            ListRefusedError,
            ProblemsError,
            OSError,
        ) as error:
            leave(Exit.USAGE, str(error))
        except RefusedError as error:
            leave(Exit.REFUSED, str(error))
        except (ListFilesError, NoListError) as error:
            leave(Exit.UNAVAILABLE, str(error))


def validate_(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="A folder to write; on the node without."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What test names follow from.")] = 1,
    names: Annotated[
        int, typer.Option("--names", min=1, help="Parties of each list that give test names.")
    ] = NAMES,
    drawn: Annotated[
        int, typer.Option("--sample", min=0, help="Pairs below the score of an alert to review.")
    ] = SAMPLE,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Measure what screening finds, misses and covers, and write a pack for a validator.

    The pack is a folder with a page in English and Chinese, JSON, a CSV for each
    part and digests. It names customers: keep it as you keep customer files.
    Without a list it ends with exit code 4.

    Example: sluicegate screening validate --out pack --node my-node
    """
    with _desk(node) as (opened, desk), steps() as progress:
        options = PackOptions(seed, names, drawn, out)
        written = validate(opened, desk, options, progress, dry_run=dry_run)
    kept = written.kept
    document = {
        "pack": kept.pack_id,
        "folder": None if written.folder is None else str(written.folder),
        "manifest": kept.manifest,
        "algorithm": kept.algorithm,
        "threshold": score_text(kept.threshold),
        "lists": dict(kept.versions),
        "figures": dict(kept.figures),
    }
    kinds = next(one for one in written.pack.sections if one.name == "detection_by_kind")
    rows = [{**row, "found": row["hits"]} for row in kinds.cells()]
    write_result(document, rows, _KINDS, form)
    if dry_run:
        say("dry run: nothing was kept")
    else:
        say(f"{kept.pack_id}: written to {written.folder}")


@sample.command("list")
def list_samples(
    pack: Annotated[str, typer.Option("--pack", help="Of this pack; the newest without.")] = "",
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the pairs just below the score of an alert that were drawn for review.

    Example: sluicegate screening sample list --node my-node
    """
    with _desk(node) as (opened, desk):
        now = past_now(opened, desk)
        rows = [one.row() for one in samples_shown(desk, now.screened, now.lists, pack or None)]
    write_rows(rows, _SAMPLE, form)


@sample.command("judge")
def judge_(
    sample_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a sampled pair.")],
    verdict: Annotated[SampleVerdict, typer.Option("--verdict", help="Whether the two are one.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; needed for `same`.")] = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Say of a sampled pair whether the two are one; the next pack counts it.

    Example: sluicegate screening sample judge s-0123456789abcdef --verdict different
    """
    with _desk(node) as (opened, desk):
        try:
            with opened.store.transaction():
                given = judge(desk, sample_id, verdict, reason)
                if dry_run:
                    raise _UndoneError
        except _UndoneError:
            say("dry run: nothing was kept")
            return
    say(f"{given.sample_id}: {given.verdict.value}")


@changes.command("propose")
def propose_(
    reason: ReasonOption,
    threshold: Annotated[
        str | None,
        typer.Option("--threshold", metavar="SCORE", help="Another score of an alert, e.g. 0.72."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="A file of a list, before it is taken in."),
    ] = None,
    list_id: Annotated[
        str | None, typer.Option("--list-id", help="Which list the file is, where it is unclear.")
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="The issuer's day.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Replay a change of screening over history and propose it; another person activates it.

    Without --threshold or --list the change is the algorithm that is installed.
    It is activated in the console, by an officer who did not propose it.

    Example: sluicegate screening changes propose --threshold 0.72 --reason "fewer look-alikes"
    """
    if threshold is not None and file is not None:
        leave(Exit.USAGE, "give --threshold or --list, not both: each change is replayed alone")
    day = day_option(published, "--published")
    with _desk(node) as (opened, desk), steps() as progress:
        score = None if threshold is None else threshold_of(threshold)
        made = None
        try:
            with opened.store.transaction():
                if file is None:
                    validator = validator_of(opened, desk, progress)
                    made = propose(validator, NewChange(reason, score))
                else:
                    about = ListFile(file, reason, list_id, day)
                    made = propose_list_file(opened, desk, about, progress)
                if dry_run:
                    raise _UndoneError
        except _UndoneError:
            say("dry run: nothing was kept")
        assert made is not None
        _write_proposal(opened, made, form)


@changes.command("list")
def list_changes(node: NodeOption = HERE, form: FormatOption = Format.TABLE) -> None:
    """List the changes of screening that were proposed, the last one first.

    Example: sluicegate screening changes list --node my-node
    """
    with _desk(node) as (_, desk):
        rows = [_plain(proposal_row(one)) for one in proposals(desk)]
    write_rows(rows, _CHANGES, form)


@changes.command("show")
def show_change(
    proposal_id: ProposalArgument, node: NodeOption = HERE, form: FormatOption = Format.TABLE
) -> None:
    """Show a proposed change: its replays, and each alert gained or lost with both names.

    Example: sluicegate screening changes show sc-0123456789abcdef --node my-node
    """
    with _desk(node) as (opened, desk):
        _write_proposal(opened, proposal_at(desk, proposal_id), form)


@changes.command("withdraw")
def withdraw_(
    proposal_id: ProposalArgument,
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Take a proposed change back before anybody decided about it.

    Example: sluicegate screening changes withdraw sc-0123456789abcdef --reason "wrong score"
    """
    with _desk(node) as (opened, desk):
        try:
            with opened.store.transaction():
                after = withdraw(desk, proposal_id, reason)
                if dry_run:
                    raise _UndoneError
        except _UndoneError:
            say("dry run: nothing was kept")
            return
    say(f"{after.proposal_id}: {after.state.value}")


def _write_proposal(opened: OpenNode, one: Proposal, form: Format) -> None:
    shifts = [_plain(row) for row in shift_rows(opened.store, one)]
    moments = [_plain(row) for row in moment_rows(one)]
    row = _plain(proposal_row(one))
    if form is Format.JSON:
        write_json({**row, "moments": moments, "shifts": shifts})
        return
    write_rows([row], _CHANGES, form)
    if form is Format.TABLE:
        write_rows(moments, ["run", "at", "before", "after", "gained", "lost"], form)
        write_rows(shifts, _SHIFTS, form)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as programs read it: counts stay counts, lists lists."""
    return {
        name: value if isinstance(value, int | list) else for_files(value)
        for name, value in row.items()
    }
