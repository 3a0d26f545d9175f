"""`sluicegate lab`: data sets about models, thresholds that are tried and forecast."""

from __future__ import annotations

import typer

from sluicegate.cli import lab_data, lab_threshold

app = typer.Typer(
    no_args_is_help=True,
    help="The policy lab: whom a threshold catches, burdens and misses, and how it should move.",
)
app.add_typer(lab_data.app, name="data")
app.command("threshold")(lab_threshold.threshold)
