"""`sluicegate demo`: a synthetic provider, the whole main job, and a check against the truth."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.assess import write_node_report
from sluicegate.cli.jobs import desk_of
from sluicegate.cli.output import Exit, Format, FormatOption, leave, say, write_json
from sluicegate.cli.working import day_option, measure_of, node_at, steps
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import scientific
from sluicegate.demo import write_world
from sluicegate.demo.lineage_files import FOLDER as LINEAGES_FOLDER
from sluicegate.demo.list_files import FOLDER as LISTS_FOLDER
from sluicegate.demo.truth import Truth
from sluicegate.demo.world import AS_OF, FEWEST_CUSTOMERS
from sluicegate.services.demo import Checked, check
from sluicegate.services.findings import Certainty
from sluicegate.services.identity import DemoAccount
from sluicegate.services.intake import IntakeResult
from sluicegate.services.lineage.importing import ImportOptions as LineageOptions
from sluicegate.services.lineage.importing import import_file
from sluicegate.services.lists.importing import Imported, ImportOptions, import_list
from sluicegate.services.passes import Pass, run_pass
from sluicegate.wiring import (
    IntakeOptions,
    NodeError,
    OpenNode,
    actor,
    make_node,
    take_in,
    today,
)
from sluicegate.wiring.identity import allow_passwords_alone, demo_accounts
from sluicegate.wiring.lineage import read_lineage_file
from sluicegate.wiring.lists import list_parts, read_list_files

SOURCE = "synthetic-demo"
RAW_FOLDER = "raw"
MARKER = "SYNTHETIC"
NATIVE = (
    *("customers", "ownership", "facilities", "clusters", "runs", "account_map"),
    *("account_signals", "usage-native"),
)
WITHOUT_OFFSET = ("slurm.txt",)


@dataclass(frozen=True, slots=True)
class DemoRun:
    """A finished demo: what is true, was read, found and checked, and where the report is.

    `lists` are the versions of lists in the order in which they were taken in.
    """

    truth: Truth
    intake: tuple[IntakeResult, ...]
    lists: tuple[Imported, ...]
    passed: Pass
    checked: Checked
    report: Path | None
    seconds: float
    accounts: tuple[DemoAccount, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the result as the command prints it."""
        report = None if self.report is None else str(self.report)
        seconds = Fraction(round(self.seconds * 10), 10)
        accounts = [
            {"login": one.login, "password": one.password, "roles": list(one.roles)}
            for one in self.accounts
        ]
        return {
            **self.checked.as_json(),
            "report": report,
            "seconds": seconds,
            "accounts": accounts,
        }


def demo(
    seed: Annotated[
        int | None, typer.Option("--seed", help="Seed of the synthetic world; 1 when left out.")
    ] = None,
    customers: Annotated[
        int, typer.Option("--customers", min=FEWEST_CUSTOMERS, help="Customers of the provider.")
    ] = 2000,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="YYYY-MM-DD",
            help="Last day of its year; the end of last month when neither this nor a seed is"
            f" given, {AS_OF} with a seed alone.",
        ),
    ] = None,
    node: Annotated[
        Path | None, typer.Option("--node", help="Keep the node here; an older demo is replaced.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Build a synthetic provider, run the main job, compare what it found with the truth.

    The same seed, customers and last day give the same world. Exit 1 when something is
    missed or falsely certain.

    Example: sluicegate demo --seed 7 --node demo-node
    """
    last = _last_day(until, is_seeded=seed is not None)
    drawn = 1 if seed is None else seed
    with _place(node) as folder:
        try:
            done = run_demo(folder, seed=drawn, customers=customers, until=last, keep_report=True)
            if node is not None:
                done = replace(done, accounts=_accounts(folder))
        except NodeError as error:
            leave(Exit.USAGE, str(error))
        document = done.as_json()
        if node is None:
            document["report"] = None
    if form is Format.JSON:
        write_json(document)
    else:
        _print(done, folder if node is not None else None)
    if not done.checked.holds:
        leave(Exit.FAILED)


def _last_day(until: str | None, *, is_seeded: bool) -> date:
    """Return the last day of the demo's year; without an order the last full month ends it."""
    day = day_option(until, "--until")
    if day is not None:
        return day
    return AS_OF if is_seeded else last_full_month(today())


def last_full_month(day: date) -> date:
    """Return the last day of the last month that is over on a day.

    >>> last_full_month(date(2026, 3, 31))
    datetime.date(2026, 2, 28)
    """
    return day.replace(day=1) - timedelta(days=1)


@contextmanager
def _place(node: Path | None) -> Iterator[Path]:
    """Return the demo's folder: the one given, cleared of an older demo, or a passing one."""
    if node is None:
        with tempfile.TemporaryDirectory(prefix="sluicegate-demo-") as name:
            yield Path(name) / "node"
        return
    if (node / MARKER).is_file():
        shutil.rmtree(node)
    elif node.exists() and (not node.is_dir() or any(node.iterdir())):
        leave(Exit.USAGE, f"{node}: holds something that is no demo; give a new or an empty folder")
    yield node


def run_demo(
    folder: Path,
    *,
    seed: int,
    customers: int,
    until: date = AS_OF,
    keep_report: bool = False,
) -> DemoRun:
    """Run the whole main job on a synthetic world in a new node; its year ends on a day."""
    started = time.monotonic()
    make_node(folder)
    (folder / MARKER).write_text("This node holds invented data only.\n", encoding="utf-8")
    raw = folder / RAW_FOLDER
    truth = write_world(raw, seed=seed, customers=customers, as_of=until)
    with node_at(folder) as node:
        read = _take_in(node, raw)
        lists = _take_in_lists(node, raw / LISTS_FOLDER)
        _take_in_lineages(node, raw / LINEAGES_FOLDER)
        with steps() as progress:
            measure = measure_of(node, truth.as_of, None, progress)
            passed = run_pass(
                measure,
                tenant=node.node.settings.tenant,
                at=node.clock.now(),
                by=actor(),
            )
        checked = check(truth, passed.world, passed.assessment.findings, measure.book)
        report = write_node_report(node, passed)[0] if keep_report else None
    return DemoRun(truth, read, lists, passed, checked, report, time.monotonic() - started)


def _accounts(folder: Path) -> tuple[DemoAccount, ...]:
    """Make the accounts with which people try the console of a node that is kept."""
    allow_passwords_alone(folder)
    with node_at(folder) as node:
        return demo_accounts(node)


def _take_in(node: OpenNode, raw: Path) -> tuple[IntakeResult, ...]:
    """Read the raw files; Slurm writes local times, here in UTC."""
    with_offset = [raw / f"{name}.csv" for name in (*NATIVE, "focus")]
    local = [raw / name for name in WITHOUT_OFFSET]
    return (
        take_in(node, with_offset, IntakeOptions(source=SOURCE)),
        take_in(node, local, IntakeOptions(source=SOURCE, offset="+00:00")),
    )


def _take_in_lists(node: OpenNode, folder: Path) -> tuple[Imported, ...]:
    """Take in each version of each invented list, the oldest first.

    The newest ones bear the day on which the demo is made: a demo is no list
    that is too old.
    """
    parts, today_is = list_parts(node), node.clock.now().date()
    days = sorted(folder.iterdir())
    taken = []
    for place in days:
        made = date.fromisoformat(place.name)
        published = max(made, today_is) if place == days[-1] else made
        for file in sorted(place.iterdir()):
            options = ImportOptions(published, source=f"{SOURCE} {place.name}/{file.name}")
            taken += [
                import_list(parts, one, options) for one in read_list_files([file], file.stem)
            ]
    return tuple(taken)


def _take_in_lineages(node: OpenNode, folder: Path) -> None:
    """Take in what the makers of models state of them."""
    with desk_of(node) as desk:
        for file in sorted(folder.iterdir()):
            import_file(desk, read_lineage_file(file), LineageOptions(SOURCE, file.stem))


def _screened(done: DemoRun) -> str:
    """Say who was screened against what."""
    run = done.passed.screening
    if run is None:
        return "nobody: there is no list"
    return (
        f"{run.screened} customers, owners and directors against {run.listed} parties of"
        f" {len(run.versions)} lists: {run.alerts} matches"
    )


def _print(done: DemoRun, kept: Path | None) -> None:
    assessment, world = done.passed.assessment, done.passed.world
    total = sum(estimate.central for estimate in world.totals.values())
    read = sum(result.accepted for result in done.intake)
    refused = sum(result.rejected for result in done.intake)
    found = ", ".join(
        f"{sum(one.certainty is word for one in assessment.findings)} {word.label(Language.EN)}"
        for word in reversed(Certainty)
    )
    lines = [
        f"A synthetic provider with {len(world.customers)} customers, one year up to"
        f" {assessment.as_of}. Everything in it is invented.",
        "",
        f"  read       {read} rows, {refused} refused with file, line and reason",
        f"  metered    {scientific(total)} FLOP (central) by {len(world.totals)} customers"
        f" in {len(world.runs)} runs",
        f"  screened   {_screened(done)}",
        f"  found      {found}",
        f"  owed       {len(assessment.obligations)} obligations,"
        f" {sum(one.binding for one in assessment.obligations)} of them binding",
        "",
        f"Compared with the truth: {len(done.checked.found)} patterns found,"
        f" {len(done.checked.missed)} missed, {len(done.checked.false_certain)} falsely certain,"
        f" {len(done.checked.false_other)} named possible or likely that are not so.",
    ]
    lines += [f"  missed: {one}" for one in done.checked.missed]
    lines += [f"  falsely certain: {one}" for one in done.checked.false_certain]
    if kept is not None and done.report is not None:
        first = next(iter(assessment.findings), None)
        lines += ["", f"Report: {done.report}"]
        if first is not None:
            lines.append(f"Why:    sluicegate explain {first.id} --node {kept}")
    if done.accounts:
        lines += ["", f"Serve:  sluicegate serve --node {kept}"]
        lines += ["Sign in with one of these accounts of invented people:"]
        lines += [
            f"  {one.login:<10} {one.password:<22} {', '.join(one.roles)}" for one in done.accounts
        ]
    sys.stdout.write("\n".join(lines) + "\n")
    say(f"{done.seconds:.1f} s")
