"""`sluicegate meter`: how much was computed, by any dimension and window."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    NodeOption,
    leave,
    say,
    write_rows,
)
from sluicegate.cli.working import day_option, known_option, measure_of, node_at
from sluicegate.core.quantities import flop_text, scientific
from sluicegate.metering.estimates import COLUMNS, RowEstimate, estimate_row
from sluicegate.metering.windows import Window
from sluicegate.registry.catalogue import Catalogue
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.measuring import Measure, priors
from sluicegate.services.meter import Dimension, MeterRow, meter, rates_of
from sluicegate.wiring import today

app = typer.Typer(invoke_without_command=True, no_args_is_help=False)
BOUNDS = ("low", "central", "high", "ceiling")


@app.callback()
def totals(
    context: typer.Context,
    by: Annotated[
        str, typer.Option("--by", help="Dimensions, e.g. customer or customer,accelerator.")
    ] = "customer",
    window: Annotated[Window, typer.Option("--window", help="Stretch of legal days.")] = (
        Window.LIFETIME
    ),
    node: NodeOption = HERE,
    engine: Annotated[
        str, typer.Option("--engine", help="Where the sums are made: duckdb (in process).")
    ] = "duckdb",
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Usage up to this day; all if left out."),
    ] = None,
    known_on: KnownOnOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Add up compute by dimensions and window, with low, central, high and ceiling.

    Dimensions: customer, group, run, cluster, region, accelerator, team,
    account.

    Example: sluicegate meter --by customer --window month --node my-node
    """
    if context.invoked_subcommand is not None:
        return
    if engine != "duckdb":
        leave(Exit.UNAVAILABLE, f"--engine {engine}: only duckdb is built in")
    dimensions = _dimensions(by)
    day = day_option(as_of, "--as-of")
    with node_at(node) as opened:
        measure = measure_of(opened, day, known_option(known_on))
        rows = [_row(row, form) for row in _meter(measure, dimensions, window, day)]
    names = [dimension.value for dimension in dimensions]
    write_rows(rows, [*names, "start", "end", *BOUNDS], form)


def _dimensions(text: str) -> list[Dimension]:
    known = {dimension.value: dimension for dimension in Dimension}
    found = []
    for name in text.split(","):
        if name.strip() not in known:
            leave(Exit.USAGE, f"--by {name.strip()}: give one of {', '.join(known)}")
        found.append(known[name.strip()])
    return list(dict.fromkeys(found))


def _meter(
    measure: Measure, dimensions: list[Dimension], window: Window, day: date | None
) -> list[MeterRow]:
    groups = measure.groups() if Dimension.GROUP in dimensions else None
    return list(
        meter(
            measure.lake,
            measure.store,
            measure.settings(groups),
            by=dimensions,
            window=window,
            as_of=day,
            known_on=measure.known_on,
        )
    )


def _row(row: MeterRow, form: Format) -> dict[str, Any]:
    figure = scientific if form is Format.TABLE else flop_text
    return {
        **row.dims,
        "start": row.start.isoformat(),
        "end": row.end.isoformat(),
        **{bound: figure(getattr(row.estimate, bound)) for bound in BOUNDS},
        "method": row.estimate.method.value,
        "convention": row.estimate.convention.value,
        "record_days": row.records,
    }


@app.command("estimate")
def estimate(
    file: Annotated[Path, typer.Argument(help="CSV file with one run or workload a line.")],
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Estimate the compute of runs from hardware and hours, or from parameters and tokens.

    Columns: id, accelerator, accelerator_hours, and where known
    accelerator_count, started, kind, parameters, active_parameters, tokens.

    Example: sluicegate meter estimate runs.csv --format json
    """
    day = day_option(as_of, "--as-of")
    catalogue = Catalogue.load()
    law = Law(shipped_book(), day or today())
    rates, assumed = rates_of(catalogue), priors(law)
    rows, faults = [], 0
    for number, given in _read(file):
        try:
            rows.append(_estimated(estimate_row(given, catalogue, rates, assumed), form))
        except ValueError as error:
            faults += 1
            say(f"{file}:{number}: {error}")
    if faults and not rows:
        leave(Exit.USAGE, f"{file}: no row could be estimated")
    write_rows(rows, ["id", *BOUNDS, "method", "convention", "note"], form)


def _read(file: Path) -> list[tuple[int, dict[str, str | None]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            names = reader.fieldnames or []
            if "id" not in names:
                leave(Exit.USAGE, f"{file}: column id is missing; columns: {', '.join(COLUMNS)}")
            return [(reader.line_num, dict(row)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        leave(Exit.USAGE, f"{file}: cannot be read: {error}")


def _estimated(row: RowEstimate, form: Format) -> dict[str, Any]:
    figure = scientific if form is Format.TABLE else flop_text
    return {
        "id": row.id,
        "low": figure(row.low),
        "central": figure(row.central),
        "high": figure(row.high),
        "ceiling": None if row.ceiling is None else figure(row.ceiling),
        "method": row.method.value,
        "convention": row.convention.value,
        "note": row.note,
    }
