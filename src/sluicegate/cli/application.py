"""The command line application: every command in one place.

A command's module is imported when the command is called, or when help lists
them all: who asks one question does not wait for the whole house.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info, get_group_from_info
from typer.models import CommandInfo, TyperInfo

from sluicegate import __version__

COMMANDS: Mapping[str, str] = {
    "demo": "demo:demo",
    "serve": "serve:serve",
    "openapi": "openapi:openapi",
    "init": "node:init",
    "doctor": "node:doctor",
    "backup": "node:backup",
    "restore": "node:restore",
    "config": "node:config",
    "intake": "intake:intake",
    "lists": "lists:app",
    "screen": "screening:screen",
    "screening": "monitoring:app",
    "meter": "metering:app",
    "assess": "assess:assess",
    "explain": "assess:explain",
    "report": "assess:report",
    "lineage": "lineage:app",
    "lab": "lab:app",
    "links": "links:app",
    "exchange": "exchange:app",
    "cases": "cases:app",
    "filings": "filings:app",
    "diligence": "diligence:app",
    "ownership": "ownership:app",
    "ask": "asking:ask",
    "rules": "rules_group:app",
    "regimes": "regimes:app",
    "jobs": "jobs:app",
    "webhooks": "webhooks:app",
    "access": "access:app",
    "users": "users:app",
    "clients": "clients:app",
}
"""Command → `module:name` in this package: a function, or a Typer application of more commands."""


class _Commands(MutableMapping[str, Any]):
    """The commands by name; each is made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._names = dict.fromkeys(COMMANDS)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _make(name, COMMANDS[name])
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._names[name] = None
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._names[name]
        self._made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _make(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"sluicegate.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return get_group_from_info(
            TyperInfo(found, name=name),
            pretty_exceptions_short=False,
            suggest_commands=True,
            rich_markup_mode=None,
        )
    return get_command_from_info(
        CommandInfo(name=name, callback=found),
        pretty_exceptions_short=False,
        rich_markup_mode=None,
    )


class _Group(TyperGroup):
    """The group of all commands, none of which is imported before it is needed."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands()


app = typer.Typer(
    name="sluicegate",
    cls=_Group,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Who is computing, how much, under which rules, and what must happen next.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"sluicegate {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Oversight of the compute behind frontier AI."""


def main() -> None:
    """Run the command line."""
    app()
