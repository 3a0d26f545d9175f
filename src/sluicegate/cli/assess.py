"""`sluicegate assess`, `explain` and `report`: what was found, why, and to hand over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, known_option, measure_of, node_at, steps
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import scientific
from sluicegate.core.trace import document
from sluicegate.services.assess import Scope
from sluicegate.services.explain import DEFAULT_RECORDS, UnknownFindingError, Wanted
from sluicegate.services.explain import explain as explain_finding
from sluicegate.services.findings import Assessment, Finding
from sluicegate.services.passes import Pass, run_pass
from sluicegate.services.reporting import Heading, report_of
from sluicegate.wiring import OpenNode, actor, write_report_files

FINDING_COLUMNS = ["id", "subject", "rule", "certainty", "level", "as_written", "as_enforced"]
SHOWN = 40
"""Findings in a table on the terminal; the other formats give all."""


def assess(
    node: NodeOption = HERE,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    fail_on_findings: Annotated[
        bool, typer.Option("--fail-on-findings", help="Exit 1 when a threshold is passed.")
    ] = False,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Run one pass against the regimes switched on, on a date.

    Example: sluicegate assess --node my-node --as-of 2026-06-30
    """
    with node_at(node) as opened:
        passed = _pass(opened, as_of, known_on, keep=not dry_run)
    assessment = passed.assessment
    if form is Format.JSON:
        write_json(assessment.as_json())
    elif form is Format.TABLE:
        _print(assessment)
    else:
        write_rows([f.as_json() for f in assessment.findings], FINDING_COLUMNS, form)
    for one in assessment.missing:
        say(one.said.text())
    if fail_on_findings and any(f.as_written for f in assessment.findings):
        leave(Exit.FAILED)


def _pass(node: OpenNode, as_of: str | None, known_on: str | None, *, keep: bool) -> Pass:
    day = day_option(as_of, "--as-of")
    with steps() as progress:
        measure = measure_of(node, day, known_option(known_on), progress)
        return run_pass(
            measure,
            tenant=node.node.settings.tenant,
            at=node.clock.now(),
            by=actor(),
            scope=Scope(node.node.settings.regimes or ()),
            keep=keep,
        )


def _print(assessment: Assessment) -> None:
    rows = [_table_row(finding) for finding in assessment.findings[:SHOWN]]
    columns = ["id", "subject", "rule", "certainty", "amount", "threshold", "passed_on", "enforced"]
    write_rows(rows, columns, Format.TABLE, f"Findings as of {assessment.as_of}")
    owed = [
        {
            "due": one.due.isoformat() if one.due else "open",
            "duty": one.duty.en,
            "to": one.to.en,
            "subject": one.subject.name,
            "binding": one.binding,
        }
        for one in assessment.obligations
        if one.binding
    ]
    if owed:
        columns = ["due", "duty", "to", "subject"]
        write_rows(owed[:SHOWN], columns, Format.TABLE, "Obligations that bind")
    counted = ", ".join(f"{count} {kind}" for kind, count in assessment.subjects.items())
    say(
        f"{len(assessment.findings)} findings, {len(assessment.obligations)} obligations, "
        f"{len(assessment.changes)} changes since the last pass, about {counted}"
    )
    if len(assessment.findings) > SHOWN:
        say(f"the table shows the first {SHOWN}; --format json or csv gives all")


def _table_row(finding: Finding) -> dict[str, Any]:
    estimate, threshold, crossing = finding.estimate, finding.threshold, finding.crossing
    passed_on = crossing.central or crossing.high or crossing.projected
    return {
        "id": finding.id,
        "subject": f"{finding.subject.kind_name} {finding.subject.name}",
        "rule": finding.rule,
        "certainty": finding.certainty.label(Language.EN),
        "amount": "" if estimate is None else scientific(estimate.central),
        "threshold": "" if threshold is None else scientific(threshold.value),
        "passed_on": "" if passed_on is None else passed_on.isoformat(),
        "enforced": finding.as_enforced,
    }


def explain(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Id of a finding.")],
    node: NodeOption = HERE,
    records: Annotated[
        int, typer.Option("--records", min=0, max=200, help="How many usage records to print.")
    ] = DEFAULT_RECORDS,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print the tree of figures behind a finding, down to the usage records.

    Example: sluicegate explain f-2428eb9c0b9bb237 --node my-node
    """
    with node_at(node) as opened:
        measure = measure_of(opened, None, None)
        try:
            tree = explain_finding(
                identifier,
                store=opened.store,
                lake=opened.lake,
                book=opened.book,
                groups=measure.groups(),
                wanted=Wanted(language, records),
            )
        except UnknownFindingError as error:
            leave(Exit.USAGE, str(error))
    if form is Format.JSON:
        write_json(document(tree))
    else:
        sys.stdout.write("\n".join(tree.lines()) + "\n")


def report(
    node: NodeOption = HERE,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    folder: Annotated[
        Path | None,
        typer.Option("--to", help="Folder; the node's own reports if left out."),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Run a pass and write it as a report: HTML in two languages, JSON and CSV.

    Example: sluicegate report --node my-node --as-of 2026-06-30
    """
    with node_at(node) as opened:
        if folder is not None:
            _make_folder(folder)
        passed = _pass(opened, as_of, known_on, keep=True)
        files = write_node_report(opened, passed, known_on, folder)
    for one in passed.assessment.missing:
        say(one.said.text())
    paths = [str(path) for path in files]
    if form is Format.JSON:
        write_json({"report": paths[0], "files": paths})
    else:
        sys.stdout.write("\n".join(paths) + "\n")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        leave(Exit.USAGE, f"--to {folder}: cannot be made: {error.strerror}; give another folder")


def write_node_report(
    node: OpenNode, passed: Pass, known_on: str | None = None, folder: Path | None = None
) -> list[Path]:
    """Write the report of a pass into a folder, by default one of the node's own."""
    day = passed.assessment.as_of
    measure = measure_of(node, day, known_option(known_on))
    settings = node.node.settings
    heading = Heading(
        node.node.folder.path.resolve().name,
        tuple(role.value for role in settings.roles),
        node.clock.now(),
    )
    target = folder or node.node.folder.path / "reports" / day.isoformat()
    return write_report_files(report_of(passed, measure, heading), target)
