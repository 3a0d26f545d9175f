"""`sluicegate screening beside`: what another product found, beside our matches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.list_desk import told
from sluicegate.cli.output import HERE, Format, FormatOption, NodeOption, say, write_result
from sluicegate.cli.working import day_option, node_at
from sluicegate.services.screening.beside import Vendor, beside_rows, compare_results
from sluicegate.wiring.lists import read_results
from sluicegate.wiring.screening import screening_of
from sluicegate.wiring.work import operator_desk

_COLUMNS = (
    *("side", "party", "party_name", "listed_name", "score", "state"),
    *("their_name", "their_score", "their_outcome", "why"),
)
_SHOWN = 5


def beside(
    file: Annotated[Path, typer.Argument(help="Results of the other product: CSV or JSON lines.")],
    vendor: Annotated[str, typer.Option("--vendor", help="What the other product is called.")],
    version: Annotated[str, typer.Option("--version", help="Its version.")] = "",
    dated: Annotated[
        str | None, typer.Option("--dated", metavar="DATE", help="The day of its results.")
    ] = None,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare another product's results with our matches: agreed on, only ours, only theirs.

    Of what only they found it is said why it is no match here. Nothing is kept.

    Example: sluicegate screening beside results.csv --vendor "Other Product" --node my-node
    """
    made_by = Vendor(vendor, version, day_option(dated, "--dated"))
    with node_at(node) as opened, told():
        read = read_results(file)
        screening = screening_of(opened.node, opened.store, opened.clock)
        found = compare_results(operator_desk(opened), screening, made_by, read.results)
    for problem in read.problems[:_SHOWN]:
        say(str(problem))
    if len(read.problems) > _SHOWN:
        say(f"and {len(read.problems) - _SHOWN} more rows that could not be read")
    rows = beside_rows(found.rows)
    counts = {side.value: count for side, count in found.counts.items()}
    day = None if made_by.dated is None else made_by.dated.isoformat()
    head = {"vendor": vendor, "version": version or None, "dated": day, "counts": counts}
    write_result({**head, "rows": rows}, rows, _COLUMNS, form)
    say(", ".join(f"{count} {side}" for side, count in counts.items()))
