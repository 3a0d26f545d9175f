"""`sluicegate access`: which role may do what, and why not."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    leave,
    write_json,
    write_rows,
)
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.core.phrases import Language, term
from sluicegate.core.reasons import say as sentence
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import Policies
from sluicegate.services.access.jurisdictions import is_jurisdiction, jurisdictions
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource
from sluicegate.services.access.roles import grants
from sluicegate.services.node import NodeError
from sluicegate.wiring.access import authority_of

app = typer.Typer(no_args_is_help=True, help="Who may do what, by the policies, and why not.")

OwnPoliciesOption = Annotated[
    Path | None, typer.Option("--node", help="Also use this node's own policies.")
]
_ASKER = "user:asker"
_COLUMNS = ["action", "meaning", "roles"]
_ANSWER = ["roles", "action", "allowed", "reasons", "policies", "permitted_roles"]


@app.command()
def roles(
    node: OwnPoliciesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what can be done and the roles that permit it, by asking the policies.

    Example: sluicegate access roles
    """
    authority = _authority(node)
    granted = grants(authority, authority.roles)
    rows = [
        {
            "action": action.value,
            "meaning": term(action.value, language),
            "roles": [role for role in authority.roles if role in granted[action]],
        }
        for action in Action
    ]
    if form is Format.TABLE:
        _write_table(rows, language)
    else:
        write_rows(rows, _COLUMNS, form)


@app.command()
def why(
    role: Annotated[list[str], typer.Option("--role", help="A role; may be repeated.")],
    action: Annotated[str, typer.Option("--action", help="What is to be done, e.g. case:check.")],
    jurisdiction: Annotated[
        str | None,
        typer.Option("--jurisdiction", help="Where what it is done to belongs, e.g. EU."),
    ] = None,
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--within", help="A jurisdiction of the account; all if left out; may be repeated."
        ),
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="The proposal that is checked is one's own.")
    ] = False,
    machine: Annotated[
        bool, typer.Option("--machine", help="A machine asks, and not a person.")
    ] = False,
    node: OwnPoliciesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say whether a role may do something and, when it may not, what is missing.

    Example: sluicegate access why --role analyst --action case:check
    """
    authority = _authority(node)
    for one in role:
        _known("--role", one, authority.roles, "`sluicegate access roles` shows all")
    _known("--action", action, [one.value for one in Action], "`sluicegate access roles` shows all")
    for option, code in (
        ("--jurisdiction", jurisdiction),
        *(("--within", code) for code in within or ()),
    ):
        if code is not None and not is_jurisdiction(code):
            _known(option, code, jurisdictions(), f"give one such as {', '.join(jurisdictions())}")
    asker = Principal(
        _ASKER,
        PrincipalKind.MACHINE if machine else PrincipalKind.PERSON,
        DEFAULT_TENANT,
        "",
        frozenset(role),
        frozenset(within) if within else None,
    )
    wanted = Action(action)
    thing = Resource(
        wanted.noun, DEFAULT_TENANT, jurisdiction=jurisdiction, maker=_ASKER if own else None
    )
    _write_answer(authority, asker, wanted, thing, language, form)


def _write_answer(
    authority: Policies,
    asker: Principal,
    action: Action,
    thing: Resource,
    language: Language,
    form: Format,
) -> None:
    verdict = authority.decide(asker, action, thing)
    reasons = [one.text(language) for one in verdict.reasons]
    document: dict[str, Any] = {
        "roles": sorted(asker.roles),
        "action": action.value,
        "allowed": verdict.is_allowed,
        "reasons": reasons,
        "policies": list(verdict.policies),
        "permitted_roles": list(authority.permitted_roles(action, thing)),
    }
    if form is Format.JSON:
        write_json(document)
    elif form is Format.TABLE:
        if verdict.is_allowed:
            told = sentence("This may be done: {action:term}.", action=action.value)
        else:
            told = sentence("This may not be done: {action:term}.", action=action.value)
        sys.stdout.write("\n".join([told.text(language), *reasons]) + "\n")
    else:
        write_rows([document], _ANSWER, form)


def _write_table(rows: list[dict[str, Any]], language: Language) -> None:
    said = sentence("action"), sentence("what can be done"), sentence("roles that permit it")
    heads = [one.text(language) for one in said]
    shown = [
        dict(
            zip(
                heads,
                (row["action"], row["meaning"], [term(one, language) for one in row["roles"]]),
                strict=True,
            )
        )
        for row in rows
    ]
    write_rows(shown, heads, Format.TABLE, language=language)


def _authority(node: Path | None) -> Policies:
    try:
        return authority_of(node)
    except NodeError as error:
        leave(Exit.USAGE, str(error))


def _known(option: str, given: str, known: Collection[str], way_out: str) -> None:
    if given in known:
        return
    near = difflib.get_close_matches(given[:100], known, n=1)
    hint = f"did you mean {near[0]}?" if near else way_out
    leave(Exit.USAGE, f"{option}: {given} is not known; {hint}")
