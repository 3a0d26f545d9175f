"""`sluicegate jobs`: long work, how far it is, and the worker that does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

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
    write_rows,
)
from sluicegate.cli.working import node_at
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.work import Job, JobKind, JobState
from sluicegate.services.work import jobs as work
from sluicegate.wiring import LakeError, NodeError, OpenNode, StoreError
from sluicegate.wiring.work import operator_desk, work_at

app = typer.Typer(no_args_is_help=True, help="Long work: what waits, what runs, what came of it.")

COLUMNS = ["id", "kind", "state", "step", "progress", "asked_by", "created_at", "problem"]
JobArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a job.")]


@contextmanager
def desk_at(node: Path) -> Iterator[Desk]:
    """Give the operator's desk at a node; a refusal ends the command with its code."""
    with node_at(node) as opened, desk_of(opened) as desk:
        yield desk


@contextmanager
def desk_of(opened: OpenNode) -> Iterator[Desk]:
    """Give the operator's desk at an open node; a refusal ends the command with its code."""
    try:
        yield operator_desk(opened)
    except (NodeError, NotFoundError) as error:
        leave(Exit.USAGE, str(error))
    except RefusedError as error:
        leave(Exit.REFUSED, str(error))


@app.command("list")
def list_(
    node: NodeOption = HERE,
    state: Annotated[
        list[JobState] | None, typer.Option("--state", help="Only jobs in this state.")
    ] = None,
    kind: Annotated[
        list[JobKind] | None, typer.Option("--kind", help="Only jobs of this kind.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=work.MOST_LISTED, help="How many to list.")
    ] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List long work, newest first.

    Work that another person asked for and that may name sealed cases is not listed.

    Example: sluicegate jobs list --node my-node --state waiting --state running
    """
    with desk_at(node) as desk:
        found = work.list_jobs(desk, states=state or (), kinds=kind or (), limit=limit)
    write_rows([row_of(job) for job in found], COLUMNS, form)


@app.command()
def show(job_id: JobArgument, node: NodeOption = HERE, form: FormatOption = Format.JSON) -> None:
    """Show one job with its result or what went wrong.

    Example: sluicegate jobs show 019d2f6a-1c00-7000-8000-000000000000 --node my-node
    """
    with desk_at(node) as desk:
        job = work.read_job(desk, job_id)
    if form is Format.JSON:
        write_json(document_of(job))
    else:
        write_rows([row_of(job)], COLUMNS, form)


@app.command()
def cancel(job_id: JobArgument, node: NodeOption = HERE, dry_run: DryRunOption = False) -> None:
    """Cancel a job: one that waits at once, one that runs at its next step.

    Nothing of a job that stops on the way is kept by halves.

    Example: sluicegate jobs cancel 019d2f6a-1c00-7000-8000-000000000000 --node my-node
    """
    with desk_at(node) as desk:
        job = work.read_job(desk, job_id)
        if not dry_run:
            job = work.cancel_job(desk, job_id)
    if job.state.is_over:
        say(f"job {job_id}: {job.state.value}")
    else:
        say(f"job {job_id}: {'would stop' if dry_run else 'stops'} at its next step")


@app.command("work")
def work_(
    node: NodeOption = HERE,
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits any more.")] = False,
) -> None:
    """Do the long work of a node, deliver its webhooks and send its notices, until stopped.

    `sluicegate serve` starts a worker by itself; start more of them to do more
    at once. Each job is done by one of them. One that is stopped with Ctrl-C or
    SIGTERM ends at its next step, and its job waits for another.

    Example: sluicegate jobs work --node my-node
    """
    try:
        work_at(node, is_once=once)
    except (NodeError, RuleFilesError) as error:
        leave(Exit.USAGE, str(error))
    except (StoreError, LakeError) as error:
        leave(Exit.UNAVAILABLE, str(error))


def row_of(job: Job) -> dict[str, Any]:
    """Return a job as a row of a table."""
    return {
        "id": job.job_id,
        "kind": job.kind.value,
        "state": job.state.value,
        "step": job.step,
        "progress": "" if job.total is None else f"{job.done} of {job.total}",
        "asked_by": job.asked_by,
        "created_at": job.created_at.isoformat(),
        "problem": None if job.problem is None else job.problem.en,
    }


def document_of(job: Job) -> dict[str, Any]:
    """Return a job as a JSON document."""
    times = {
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
    problem = job.problem
    return {
        "id": job.job_id,
        "kind": job.kind.value,
        "state": job.state.value,
        "parameters": dict(job.parameters),
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "asked_by": job.asked_by,
        **{name: None if at is None else at.isoformat() for name, at in times.items()},
        "attempts": job.attempts,
        "cancel_asked": job.is_cancel_asked,
        "result": None if job.result is None else dict(job.result),
        "problem": None if problem is None else {"en": problem.en, "zh": problem.zh},
    }
