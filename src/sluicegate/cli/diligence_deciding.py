"""`sluicegate diligence refuse|restrict|close|provide|deny`: decisions about a customer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.diligence_desk import (
    ComputeOption,
    CustomerArgument,
    ReasonOption,
    diligence_desk,
    flop_of,
)
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Format,
    FormatOption,
    NodeOption,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option
from sluicegate.kyc.diligence.file import Decision, Ground
from sluicegate.services.diligence import deciding
from sluicegate.services.diligence.showing import file_document

app = typer.Typer()
"""Its commands are those of `sluicegate diligence`, which takes them in."""

GroundOption = Annotated[Ground, typer.Option("--ground", help="On what ground.")]
OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day from which it holds; today if left out."),
]
FactorOption = Annotated[
    list[str] | None,
    typer.Option("--factor", help="A factor of the high-risk profile that was found."),
]


def _deciding(decision: Decision, text: str, example: str) -> Callable[..., None]:
    """Return the command of a decision."""

    def command(
        customer_id: CustomerArgument,
        reason: ReasonOption,
        ground: GroundOption,
        on: OnOption = None,
        node: NodeOption = HERE,
        dry_run: DryRunOption = False,
        form: FormatOption = Format.TABLE,
    ) -> None:
        with diligence_desk(node, dry_run=dry_run) as (opened, desk):
            done = deciding.decide(
                *(desk, customer_id, decision, ground, reason),
                book=opened.book,
                on=day_option(on, "--on"),
            )
        if done.waits is not None:
            say(f"{done.waits.proposal_id}: {decision.value} waits for a second person")
        else:
            say(f"{customer_id}: {done.file.standing.value}")
        if form is Format.JSON:
            write_json(file_document(done.file))

    command.__doc__ = f"{text}\n\nExample: sluicegate diligence {example}\n"
    return command


_WAITS = "A decision that the settings name waits for a second person."
for _decision, _text, _example in (
    (
        Decision.REFUSE,
        f"Refuse to open an account. {_WAITS}",
        'refuse c-1 --ground identity_not_verified --reason "forged extract"',
    ),
    (
        Decision.RECONSIDER,
        f"Undo a refusal. {_WAITS}",
        'reconsider c-1 --ground resolved --reason "new extract"',
    ),
    (
        Decision.RESTRICT,
        f"Restrict an account. {_WAITS}",
        'restrict c-1 --ground items_missing --reason "no owners named"',
    ),
    (
        Decision.LIFT,
        f"Lift a restriction. {_WAITS}",
        'lift c-1 --ground resolved --reason "owners named"',
    ),
    (
        Decision.CLOSE,
        f"Close an account. {_WAITS}",
        'close c-1 --ground customer_asked --reason "letter of 3 June"',
    ),
    (
        Decision.REOPEN,
        f"Open a closed account again. {_WAITS}",
        'reopen c-1 --ground resolved --reason "closed by mistake"',
    ),
):
    app.command(_decision.value)(_deciding(_decision, _text, _example))


@app.command("take-back")
def take_back(
    customer_id: CustomerArgument,
    proposal_id: Annotated[str, typer.Argument(metavar="PROPOSAL", help="Id of a proposal.")],
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Take back a decision that you proposed and that waits for a second person.

    Example: sluicegate diligence take-back c-1 01a2020d-b306-7000 --node my-node
    """
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        deciding.take_back(desk, customer_id, proposal_id)
    say(f"{proposal_id}: taken back")


@app.command()
def provide(
    customer_id: CustomerArgument,
    compute: ComputeOption,
    reason: ReasonOption,
    factor: FactorOption = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Record that compute was provided; say whether it must be recorded and reported.

    Example: sluicegate diligence provide c-1 --compute 3e26 --reason "order 17" --node my-node
    """
    _served(node, customer_id, _request(compute, factor, was_provided=True), reason, dry_run, form)


@app.command()
def deny(
    customer_id: CustomerArgument,
    compute: ComputeOption,
    reason: ReasonOption,
    factor: FactorOption = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Record that compute was denied; say whether it must be recorded and reported.

    Example: sluicegate diligence deny c-1 --compute 3e26 --factor entity_list --reason "order 17"
    """
    _served(node, customer_id, _request(compute, factor, was_provided=False), reason, dry_run, form)


def _served(
    node: Path,
    customer_id: str,
    request: deciding.Request,
    reason: str,
    dry_run: bool,
    form: Format,
) -> None:
    with diligence_desk(node, dry_run=dry_run) as (opened, desk):
        asked = deciding.record_served(desk, customer_id, request, reason, book=opened.book)
    answer: dict[str, Any] = asked.answer_json()
    if form is Format.JSON:
        write_json({"customer_id": customer_id, **answer, "outcome": asked.outcome.text()})
        return
    write_rows([answer], list(answer), form)
    say(asked.outcome.text())


def _request(compute: str, factors: list[str] | None, *, was_provided: bool) -> deciding.Request:
    return deciding.Request(flop_of(compute), was_provided, tuple(factors or ()))
