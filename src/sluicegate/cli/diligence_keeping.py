"""`sluicegate diligence hold|retention|dispose|proof`: until when records are kept, and erasing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from sluicegate.cli.diligence_desk import (
    CustomerArgument,
    NoteOption,
    ReasonOption,
    diligence_desk,
)
from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    NodeOption,
    leave,
    say,
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option
from sluicegate.core.phrases import Language
from sluicegate.kyc.diligence.retention import Records
from sluicegate.services.diligence import disposing, holding, retaining
from sluicegate.services.diligence.showing import (
    disposed_row,
    hold_row,
    kept_row,
    plan_row,
    proof_document,
)

hold_app = typer.Typer(no_args_is_help=True, help="Legal holds: what must not be disposed of.")

_KEPT = ["customer_id", "records", "keep_until", "may_go", "why", "rows"]
RecordsOption = Annotated[
    list[Records] | None,
    typer.Option("--records", help="A kind of record; give it again for more, all if left out."),
]


@hold_app.command("add")
def hold_add(
    matter: Annotated[str, typer.Option("--matter", help="Which matter it serves.")],
    ground: Annotated[str, typer.Option("--ground", help="On what legal ground.")],
    customers: Annotated[
        list[str] | None, typer.Option("--customer", help="Whose records; all if left out.")
    ] = None,
    records: RecordsOption = None,
    reason: NoteOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Add a legal hold; nothing that it covers is disposed of until it is released.

    Example: sluicegate diligence hold add --matter M-17 --ground "order of 3 June" --customer c-1
    """
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        hold = holding.add_hold(
            desk, matter, ground, customers=customers or (), records=records or (), reason=reason
        )
    say(f"{hold.hold_id}: holds {', '.join(sorted(hold.customers)) or 'every customer'}")


@hold_app.command("release")
def hold_release(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD", help="Id of a hold.")],
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Release a legal hold.

    Example: sluicegate diligence hold release h-0123456789ab --reason "matter ended"
    """
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        holding.release_hold(desk, hold_id, reason)
    say(f"{hold_id}: released")


@hold_app.command("list")
def hold_list(node: NodeOption = HERE, form: FormatOption = Format.TABLE) -> None:
    """List the legal holds, released ones too.

    Example: sluicegate diligence hold list --node my-node
    """
    with diligence_desk(node) as (_, desk):
        rows = [hold_row(one) for one in holding.holds(desk)]
    columns = ["hold_id", "matter", "ground", "customers", "records", "added_at", "released_at"]
    write_rows(rows, columns, form)


def retention(
    customer_id: CustomerArgument,
    as_of: AsOfOption = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show until when a customer's records are kept, by which rules, and what else keeps them.

    Example: sluicegate diligence retention c-1 --node my-node
    """
    with diligence_desk(node) as (opened, desk):
        found = retaining.retention(desk, opened.parts, customer_id, day_option(as_of, "--as-of"))
    rows = [kept_row(one, language) for one in found]
    write_rows(rows, [*_KEPT[1:], "rules"], form)


def dispose(
    customer_id: Annotated[
        str | None, typer.Argument(metavar="CUSTOMER", help="Whose records; all if left out.")
    ] = None,
    reason: ReasonOption = "",
    records: RecordsOption = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="With --dry-run: as it will be on a day."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Erase the personal data of records whose time is over, and keep the proof.

    With --dry-run: list what would go, and why the rest stays. A hold, a date
    that has not come or a closing day that nobody knows keeps the records.

    Example: sluicegate diligence dispose --dry-run --node my-node
    """
    day = day_option(as_of, "--as-of")
    if day is not None and not dry_run:
        leave(Exit.USAGE, "--as-of: only a dry run looks at another day")
    wanted = tuple(records or Records)
    with diligence_desk(node) as (opened, desk):
        plans = [
            one
            for one in disposing.plan(desk, opened.parts, customer_id, day)
            if one.retained.kept.records in wanted
        ]
        if dry_run:
            rows = [plan_row(one, language) for one in plans]
            write_rows(rows, [*_KEPT, "files"], form)
            return
        going = _going(plans, customer_id)
        _must_agree(going, yes=yes)
        each = {one: _kinds_due(plans, one, wanted) for one in going}
        done = disposing.dispose_each(desk, opened.parts, each, reason)
    write_rows(
        map(disposed_row, done),
        ["disposal", "customer_id", "rows", "files", "copies", "manifest", "stays"],
        form,
    )


def proof(
    customer_id: CustomerArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check that what was disposed of is gone and that every digest matches; exit 1 if not.

    Example: sluicegate diligence proof c-1 --node my-node
    """
    with diligence_desk(node) as (_, desk):
        found = disposing.proof(desk, customer_id)
    document = proof_document(found, language)
    columns = [
        *("customer_id", "holds", "disposals", "tombstones"),
        *("faults", "stated_again", "stays", "keeps_name"),
    ]
    write_result(document, [document], columns, form)
    if not found.holds:
        leave(Exit.FAILED, f"{customer_id}: nothing was disposed of, or it does not hold")


def _going(plans: Sequence[disposing.Plan], customer_id: str | None) -> list[str]:
    """Return the customers to dispose of: the one that is named, or all that are due."""
    if customer_id is not None:
        return [customer_id]
    return list(dict.fromkeys(one.retained.customer_id for one in plans if one.is_due))


def _kinds_due(
    plans: Sequence[disposing.Plan], customer_id: str, wanted: Sequence[Records]
) -> tuple[Records, ...]:
    """Return the kinds of a customer's records that are due; those asked for where none is."""
    due = tuple(
        one.retained.kept.records
        for one in plans
        if one.retained.customer_id == customer_id and one.is_due
    )
    return due or tuple(wanted)


def _must_agree(going: Sequence[str], *, yes: bool) -> None:
    if going and not yes and sys.stdin.isatty():
        typer.confirm(
            f"Erase the personal data of {len(going)} customers for good?", abort=True, err=True
        )
