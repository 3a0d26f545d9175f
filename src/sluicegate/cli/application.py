"""The command line application: every command in one place."""

from __future__ import annotations

import typer

from sluicegate import __version__
from sluicegate.cli import (
    access,
    asking,
    assess,
    authoring,
    cases,
    clients,
    demo,
    intake,
    jobs,
    law_over_time,
    metering,
    node,
    openapi,
    questions,
    regimes,
    rules,
    serve,
    users,
    webhooks,
)

app = typer.Typer(
    name="sluicegate",
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


app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("openapi")(openapi.openapi)
app.command("init")(node.init)
app.command("doctor")(node.doctor)
app.command("backup")(node.backup)
app.command("restore")(node.restore)
app.add_typer(node.config, name="config")
app.command("intake")(intake.intake)
app.add_typer(metering.app, name="meter")
app.command("assess")(assess.assess)
app.command("explain")(assess.explain)
app.command("report")(assess.report)
app.add_typer(cases.app, name="cases")
app.command("ask")(asking.ask)
rules.app.command("questions")(questions.questions)
rules.app.command("schema")(questions.schema)
rules.app.command("new")(authoring.new)
rules.app.command("check")(authoring.check)
rules.app.command("test")(authoring.worked_cases)
rules.app.command("coverage")(authoring.coverage)
rules.app.command("diff")(law_over_time.diff)
rules.app.command("timeline")(law_over_time.timeline)
app.add_typer(rules.app, name="rules")
app.add_typer(regimes.app, name="regimes")
app.add_typer(jobs.app, name="jobs")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(access.app, name="access")
app.add_typer(users.app, name="users")
app.add_typer(clients.app, name="clients")


def main() -> None:
    """Run the command line."""
    app()
