"""`sluicegate ownership`: who holds whom, by which method it counts, what others state."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli import ownership_diligence
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
    write_result,
    write_rows,
)
from sluicegate.cli.ownership_diligence import desk_at
from sluicegate.cli.working import day_option, known_option
from sluicegate.core.identifiers import PartyId
from sluicegate.core.phrases import Language
from sluicegate.core.problems import ProblemsError
from sluicegate.core.quantities import flop_text, percent
from sluicegate.services.access.actions import Action
from sluicegate.services.detectors.listed_ownership import lists_of
from sluicegate.services.ownership import showing
from sluicegate.services.ownership.fifty_percent import KNOWN_LISTS, Regime
from sluicegate.services.ownership.rows import (
    HOLDINGS,
    METHODS,
    OWNERS,
    holding_row,
    method_document,
    method_row,
    not_named_row,
    owner_row,
)
from sluicegate.services.ownership.showing import Standpoint
from sluicegate.services.screening.standing import ALERTS, listed_on
from sluicegate.wiring import OpenNode
from sluicegate.wiring.ownership import (
    Exchange,
    ImportOptions,
    exchange_text,
    ownership_svg,
    take_in_ownership,
)

app = typer.Typer(no_args_is_help=True, help="Who owns whom: shares, owners, the 50 percent rules.")
app.add_typer(ownership_diligence.app, name="diligence")

SHOWN_PROBLEMS = 20

PartyArgument = Annotated[
    str, typer.Argument(metavar="PARTY", help="Id of a customer, owner or owned party.")
]


def _point(node: OpenNode, as_of: str | None, known_on: str | None) -> Standpoint:
    day = day_option(as_of, "--as-of") or node.clock.now().date()
    return Standpoint.of(node.store, node.book, day, known_option(known_on))


@app.command()
def show(
    party: PartyArgument,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw the picture into this file.")
    ] = None,
    node: NodeOption = HERE,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print every holding above a party: shares, ranges, control, nominees, days, sources.

    Example: sluicegate ownership show c-17 --node my-node --svg c-17.svg
    """
    with desk_at(node) as (opened, desk):
        shown = showing.show(desk, _point(opened, as_of, known_on), PartyId(party))
    rows = [holding_row(one) for one in shown.holdings]
    document = {
        "party": party,
        "name": shown.name,
        "holdings": rows,
        "unknown_remainder": flop_text(shown.remainder),
    }
    write_result(document, rows, HOLDINGS, form, language=language)
    if shown.remainder:
        say(f"{party}: of {percent(shown.remainder)} nobody says who holds it")
    if svg is not None:
        svg.write_text(ownership_svg(shown.picture, shown.name, language), encoding="utf-8")
        say(f"{svg}: drawn")


@app.command()
def owners(
    party: PartyArgument,
    node: NodeOption = HERE,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print the beneficial owners of a party: by share through every chain, and by control.

    Example: sluicegate ownership owners c-17 --node my-node --as-of 2026-06-30
    """
    with desk_at(node) as (opened, desk):
        found = showing.owners(desk, _point(opened, as_of, known_on), PartyId(party))
    rows = [owner_row(one) for one in found.owners]
    not_named = [not_named_row(owned, told) for owned, told in found.not_named]
    document = {
        "party": party,
        "owners": rows,
        "not_named": not_named,
        "unknown_remainder": flop_text(found.remainder),
    }
    write_result(document, rows, OWNERS, form)
    for one in not_named:
        say(f"{one['party']}: an owner is not named ({one['reason']}) {one['description']}".strip())
    if found.remainder:
        say(f"{party}: of {percent(found.remainder)} nobody says who holds it")


@app.command("fifty-percent")
def fifty_percent(
    party: Annotated[
        str | None,
        typer.Argument(metavar="[PARTY]", help="One party; without it all below a listed one."),
    ] = None,
    regime: Annotated[
        list[Regime] | None, typer.Option("--regime", help="ofac or bis_affiliates; else both.")
    ] = None,
    listed: Annotated[
        list[str] | None,
        typer.Option(
            "--listed",
            metavar="PARTY=LIST",
            help="Also take a party as listed (sdn, sdn_specified, entity_list, meu_list).",
        ),
    ] = None,
    node: NodeOption = HERE,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print what listed parties own, by the cascade in aggregate and by multiplied shares.

    Listed are the parties whose matches are open or confirmed. The rule of the
    regime decides by the cascade; the multiplied share stands beside it.

    Example: sluicegate ownership fifty-percent c-17 --listed o-3=sdn --regime ofac
    """
    given = _listed(listed or [])
    with desk_at(node) as (opened, desk):
        point = _point(opened, as_of, known_on)
        known = known_option(known_on)
        matched = lists_of(listed_on(opened.store.matches.matches(states=ALERTS, known_on=known)))
        every = {
            one: matched.get(one, frozenset()) | given.get(one, frozenset())
            for one in {*matched, *given}
        }
        chosen = None if party is None else PartyId(party)
        found = list(showing.fifty_percent(desk, point, every, regime or list(Regime), chosen))
    if form is Format.JSON:
        write_json([method_document(one, point.law) for one in found])
        return
    rows = [method_row(one, point.law) for one in found]
    write_rows(rows, METHODS, form)
    for one in found:
        for told in one.cascade.corrections:
            say(str(told))


@app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(help="Files of BODS 0.4, FollowTheMoney or the GLEIF's level 2.")
    ],
    source: Annotated[
        str | None, typer.Option("--source", help="Name of the source; else who published it.")
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--same", metavar="RECORD=PARTY", help="Which party of the registry a record is."
        ),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="CSV file for what was refused.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Read statements of ownership into the registry: BODS 0.4, FollowTheMoney or the GLEIF.

    Good statements go in as rows of the kind `ownership`, bad ones are refused
    one by one with their place. Reading a file twice changes nothing.

    Example: sluicegate ownership import acme.json --same rec-acme=c-17 --node my-node
    """
    pairs = dict(_pairs(same or [], "--same", "RECORD=PARTY"))
    with desk_at(node) as (opened, desk):
        desk.must(Action.INTAKE_WRITE)
        point = Standpoint.of(opened.store, opened.book, opened.clock.now().date())
        options = ImportOptions(point.majority, source, pairs, rejects, dry_run)
        try:
            result = take_in_ownership(opened, files, options)
        except ProblemsError as error:
            leave(Exit.USAGE, "\n".join(map(str, error.problems)))
    columns = ["file", "kind", "format", "accepted", "rejected", "unchanged", "skipped"]
    rows = [{name: one.document()[name] for name in columns} for one in result.files]
    write_result(result.document(), rows, columns, form)
    for one in result.files:
        for problem in one.problems[:SHOWN_PROBLEMS]:
            say(str(problem))
        if one.problem_count > SHOWN_PROBLEMS:
            say(f"{one.file}: {one.problem_count - SHOWN_PROBLEMS} more; --rejects FILE keeps all")
    done = "would be accepted (dry run)" if dry_run else "accepted"
    say(f"{result.accepted} {done}, {result.rejected} rejected, {result.unchanged} unchanged")


@app.command()
def export(
    to: Annotated[Exchange, typer.Option("--to", help="bods or ftm.")] = Exchange.BODS,
    party: Annotated[
        str | None, typer.Option("--party", help="Only this party and those above it.")
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="BODS as one statement a line, not as an array.")
    ] = False,
    publisher: Annotated[
        str, typer.Option("--publisher", help="Who publishes the statements.")
    ] = "Sluicegate",
    node: NodeOption = HERE,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
) -> None:
    """Write ownership as statements of BODS 0.4 or entities of FollowTheMoney, to stdout.

    Example: sluicegate ownership export --to bods --party c-17 --node my-node > c-17.json
    """
    chosen = None if party is None else PartyId(party)
    with desk_at(node) as (opened, desk):
        point = _point(opened, as_of, known_on)
        statements = showing.export(desk, point, publisher, chosen)
        for text in exchange_text(statements, to, lines=lines):
            sys.stdout.write(text)


def _listed(given: Sequence[str]) -> dict[PartyId, frozenset[str]]:
    """Read what --listed gives: party → the lists it is taken to be on."""
    found: dict[PartyId, frozenset[str]] = {}
    for name, text in _pairs(given, "--listed", "PARTY=LIST", may_repeat=True):
        if text not in KNOWN_LISTS:
            leave(Exit.USAGE, f"--listed {name}={text}: give one of {', '.join(KNOWN_LISTS)}")
        found[PartyId(name)] = found.get(PartyId(name), frozenset()) | {text}
    return found


def _pairs(
    given: Sequence[str], option: str, shape: str, *, may_repeat: bool = False
) -> list[tuple[str, str]]:
    """Read NAME=VALUE options; the last = divides, as ids may hold one."""
    found = []
    for one in given:
        name, sign, value = one.rpartition("=")
        if not sign or not name or not value:
            leave(Exit.USAGE, f"{option} {one}: give it as {shape}")
        found.append((name, value))
    names = [name for name, _ in found]
    if not may_repeat and len(set(names)) < len(names):
        leave(Exit.USAGE, f"{option}: a name stands twice; give each once")
    return found
