"""`sluicegate lineage`: what led to a model or an output, and how much of it counts."""

from __future__ import annotations

import typer

from sluicegate.cli import lineage_account, lineage_compare, lineage_keeping, lineage_pictures

app = typer.Typer(
    no_args_is_help=True, help="What led to a model or an output, and how much of it counts."
)

app.command("account")(lineage_account.account_)
app.command("picture")(lineage_pictures.picture)
app.command("tree")(lineage_pictures.tree)
app.command("import")(lineage_keeping.import_)
app.command("list")(lineage_keeping.list_)
app.command("show")(lineage_keeping.show)
app.command("state")(lineage_keeping.state_)
app.command("withdraw")(lineage_keeping.withdraw_)
app.command("compare")(lineage_compare.compare_)
app.command("unknowns")(lineage_compare.unknowns_)
app.command("what-if")(lineage_compare.what_if)
