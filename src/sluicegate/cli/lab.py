"""`sluicegate lab`: data sets about models, thresholds that are tried and forecast."""

from __future__ import annotations

import typer

from sluicegate.cli import (
    lab_consult,
    lab_data,
    lab_forecast,
    lab_moving,
    lab_register,
    lab_threshold,
)

app = typer.Typer(
    no_args_is_help=True,
    help="The policy lab: whom a threshold catches, burdens and misses, and how it should move.",
)
app.add_typer(lab_data.app, name="data")
app.add_typer(lab_moving.app, name="moving")
app.command("threshold")(lab_threshold.threshold)
app.command("forecast")(lab_forecast.forecast)
app.add_typer(lab_consult.app, name="consult")
app.command("register")(lab_register.register)
app.command("review")(lab_register.review)
