"""`sluicegate lineage`: what led to a model or an output, and how much of it counts."""

from __future__ import annotations

import typer

from sluicegate.cli import lineage_account, lineage_pictures

app = typer.Typer(
    no_args_is_help=True, help="What led to a model or an output, and how much of it counts."
)

app.command("account")(lineage_account.account_)
app.command("picture")(lineage_pictures.picture)
app.command("tree")(lineage_pictures.tree)
