"""What a person says of lists: designations by hand, parties joined and parted."""

from __future__ import annotations

from typing import Annotated

import typer

from sluicegate.cli.list_desk import lists_at, told
from sluicegate.cli.output import (
    HERE,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_result,
)
from sluicegate.cli.working import day_option, node_at
from sluicegate.screening.entries import Identifier, Schema
from sluicegate.services.lists import showing
from sluicegate.services.lists.designating import NewDesignation, designate, withdraw
from sluicegate.services.lists.rows import DESIGNATION_COLUMNS, designation_row
from sluicegate.services.lists.uniting import join_by_hand, split_by_hand
from sluicegate.wiring import actor
from sluicegate.wiring.lists import list_parts
from sluicegate.wiring.screening_now import screen_now

ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]


def designate_(
    name: Annotated[list[str], typer.Option("--name", help="A name; the first one is shown.")],
    list_id: Annotated[
        str, typer.Option("--list", help="The list that will carry it, e.g. us_sdn.")
    ],
    document: Annotated[str, typer.Option("--document", help="The document that published it.")],
    dated: Annotated[str, typer.Option("--dated", metavar="DATE", help="The document's day.")],
    schema: Annotated[Schema, typer.Option("--schema", help="What it is.")] = Schema.LEGAL_ENTITY,
    url: Annotated[str, typer.Option("--url", help="Where the document is.")] = "",
    weak_name: Annotated[
        list[str] | None, typer.Option("--weak-name", help="A name that tells little.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="A country, two letters.")
    ] = None,
    birth_date: Annotated[
        list[str] | None, typer.Option("--birth-date", help="YYYY, YYYY-MM or YYYY-MM-DD.")
    ] = None,
    identifier: Annotated[
        list[str] | None,
        typer.Option(
            "--identifier", metavar="KIND:VALUE[:COUNTRY]", help="A number, e.g. imo:9187629."
        ),
    ] = None,
    place: Annotated[list[str] | None, typer.Option("--address", help="An address.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is entered; it is kept.")] = "",
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Enter a designation before its list carries it; it is screened at once.

    When a version of the list carries it, the two become one party and the
    designation is closed.

    Example: sluicegate lists designate --name Brask --list us_sdn --document G12 --dated 2026-11-20
    """
    day = day_option(dated, "--dated")
    assert day is not None
    new = NewDesignation(
        names=tuple(name),
        schema=schema,
        expected_list=list_id,
        document=document,
        dated=day,
        url=url,
        weak_names=tuple(weak_name or ()),
        countries=tuple(one.upper() for one in country or ()),
        birth_dates=tuple(birth_date or ()),
        identifiers=tuple(map(_identifier, identifier or ())),
        addresses=tuple(place or ()),
        reason=reason,
    )
    with node_at(node) as opened, told():
        parts = list_parts(opened)
        made = designate(parts, new)
        row = designation_row(parts, made.designation)
        screened = screen_now(opened, actor())
    row["joins"] = [str(one.reason) for one in made.joins]
    row["alerts_gained"] = [] if screened is None else list(screened.gained)
    write_result(row, [row], DESIGNATION_COLUMNS, form)
    if screened is None:
        say("the node has no list yet; it is screened with the first that is taken in")
    else:
        say(f"screened: {screened.screened} parties; new alerts: {len(screened.gained)}")
        for match in screened.gained:
            say(f"sluicegate screening matches show {match}")


def withdraw_(
    designation: Annotated[str, typer.Argument(help="Id of a designation.")],
    reason: ReasonOption,
    node: NodeOption = HERE,
) -> None:
    """Take a designation back; it is kept, and screened no more.

    Example: sluicegate lists withdraw 019d2f6a-1c00-7000-8000-000000000000 --reason "misread"
    """
    with lists_at(node) as parts:
        withdraw(parts, designation, reason)
    say(f"{designation}: withdrawn")


def join(
    first: Annotated[str, typer.Argument(metavar="PARTY", help="A listed party (lp-...).")],
    second: Annotated[str, typer.Argument(metavar="PARTY", help="Another listed party.")],
    reason: ReasonOption,
    node: NodeOption = HERE,
) -> None:
    """Make one listed party of two; the older id answers for both.

    Example: sluicegate lists join lp-1f0c lp-77ab --reason "the same passport" --node my-node
    """
    with lists_at(node) as parts:
        union = join_by_hand(parts, first, second, reason)
    say(f"{union.party_id}: is a part of {union.into} now")


def split(
    party: Annotated[str, typer.Argument(help="A listed party (lp-...).")],
    entry: Annotated[
        list[str], typer.Option("--entry", metavar="LIST:ENTRY", help="An entry to take out.")
    ],
    reason: ReasonOption,
    node: NodeOption = HERE,
) -> None:
    """Take entries out of a listed party; no rule joins them with it again.

    Example: sluicegate lists split lp-1f0c --entry eu_fsf:EU.77 --reason "another person"
    """
    with lists_at(node) as parts:
        parted = split_by_hand(parts, party, [showing.key_of(one) for one in entry], reason)
    say(f"{parted}: is a party of its own now")


def _identifier(text: str) -> Identifier:
    kind, _, rest = text.partition(":")
    value, _, country = rest.partition(":")
    if not kind or not value:
        leave(Exit.USAGE, f"--identifier {text}: give KIND:VALUE or KIND:VALUE:COUNTRY")
    return Identifier(kind, value, country.upper())
