"""`sluicegate rules`, for those who write rules: begin, check, test and cover rule files."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    NodeRulesOption,
    leave,
    say,
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option, rules_of
from sluicegate.core.phrases import Language
from sluicegate.rules.cases import CaseFileError, read_case_text, read_cases
from sluicegate.rules.instruments import Kind, RuleFault, Severity, Title
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.asking import check_cases
from sluicegate.services.authoring import Draft, Drafted, DraftError, draft_rule
from sluicegate.services.checking import check_rules
from sluicegate.services.coverage import Coverage
from sluicegate.services.coverage import coverage as cover
from sluicegate.wiring import (
    FileThereError,
    NodeError,
    gather_rule_files,
    new_rule_file,
    own_cases,
    today,
)

CaseFiles = Annotated[
    list[Path] | None,
    typer.Argument(help="Files of worked cases (YAML); the node's own if left out."),
]


def new(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Id of the instrument, e.g. local.harbour_act.")
    ],
    title: Annotated[str, typer.Option("--title", help="Name of the text in English.")],
    title_zh: Annotated[str, typer.Option("--title-zh", help="Name of the text in Chinese.")],
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", help="Where the text holds, e.g. KR or EU.")
    ] = "",
    kind: Annotated[Kind, typer.Option("--kind", help="What sort of text it is.")] = Kind.LAW,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Day from which the text stands; today."),
    ] = None,
    citation: Annotated[str, typer.Option("--citation", help="How the text is cited.")] = "",
    node: Annotated[
        Path | None, typer.Option("--node", help="Write into this node's rules.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write this file; without it, print the rule.")
    ] = None,
    dry_run: DryRunOption = False,
) -> None:
    """Begin a rule file with an example of each block, and cases that pass.

    Nothing is overwritten. The file is checked and its cases pass as it stands;
    put the words and figures of the text in the place of the examples.

    Example: sluicegate rules new local.harbour_act --title "Harbour Act" --title-zh 港口法
    """
    if node is not None and output is not None:
        leave(Exit.USAGE, "--node and --output: give one of them")
    if output is not None and not output.parent.is_dir():
        leave(Exit.USAGE, f"--output {output}: there is no folder {output.parent}; make it first")
    draft = Draft(
        id=identifier,
        title=Title(title, title_zh),
        day=day_option(start, "--from") or today(),
        kind=kind,
        jurisdiction=jurisdiction,
        citation=citation,
    )
    try:
        drafted = draft_rule(draft, rules_of(node))
        if node is None and output is None:
            sys.stdout.write(drafted.rule)
            say("nothing was written; name a node or --output, and its cases are written too")
            return
        _write(drafted, node, output, dry_run=dry_run)
    except (DraftError, NodeError, FileThereError) as error:
        leave(Exit.USAGE, str(error))
    except OSError as error:
        leave(Exit.USAGE, f"{error.filename}: cannot be written: {error.strerror}; check the name")


def _write(drafted: Drafted, node: Path | None, output: Path | None, *, dry_run: bool) -> None:
    texts = (drafted.rule, drafted.cases)
    rule, cases = new_rule_file(texts, drafted.name, node=node, file=output, dry_run=dry_run)
    did = "would write" if dry_run else "wrote"
    target = f"--node {node}" if node is not None else str(rule)
    say(f"{did} {rule} and {cases}")
    say(f"next: sluicegate rules check {target}")


def check(
    node: Annotated[Path | None, typer.Option("--node", help="A node with its own rules.")] = None,
    files: Annotated[list[Path] | None, typer.Argument(help="Rule files to check.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let a notice fail as a mistake does.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check rule files and report every mistake with file and line.

    Without a file or node the shipped rules are checked. A notice is worth a
    look, such as a parameter that nothing uses; only mistakes fail the check.

    Example: sluicegate rules check rules/my_rule.yaml
    """
    try:
        checked = check_rules(gather_rule_files(node, files or []))
        faults: Sequence[RuleFault] = checked.faults
        size = _counted(len(checked.files), "file")
        size += ", " + _counted(checked.parameters, "parameter")
    except RuleFilesError as error:
        faults, size = error.faults, "not read"
    except NodeError as error:
        leave(Exit.USAGE, str(error))
    except OSError as error:
        leave(Exit.USAGE, f"{error.filename}: cannot be read: {error.strerror}; check the name")
    mistakes = sum(fault.severity is Severity.MISTAKE for fault in faults)
    notices = len(faults) - mistakes
    columns = ["file", "line", "severity", "path", "problem", "way_out"]
    rows = [
        {**{name: getattr(fault, name) for name in columns}, "severity": fault.severity.value}
        for fault in faults
    ]
    document = {"faults": rows, "mistakes": mistakes, "notices": notices}
    if rows and form is Format.TABLE:
        write_rows([_place(row) for row in rows], ["place", *columns[2:3], *columns[4:]], form)
    elif form is not Format.TABLE:
        write_result(document, rows, columns, form)
    say(f"{size}: {_counted(mistakes, 'mistake')}" + _also(notices))
    if mistakes or (strict and notices):
        leave(Exit.FAILED)


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fault with its file, line and path in one cell of a table."""
    file = row["file"] if row["line"] is None else f"{row['file']}:{row['line']}"
    return {**row, "place": f"{file}\n{row['path']}"}


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _also(notices: int) -> str:
    return f", {_counted(notices, 'notice')}" if notices else ""


def worked_cases(
    files: CaseFiles = None,
    node: NodeRulesOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Run worked cases against the questions and threshold rules.

    Example: sluicegate rules test tests/rules/kyc.yaml
    """
    book = rules_of(node)
    try:
        tested = check_cases(_texts(files, node), book=book)
    except CaseFileError as error:
        leave(Exit.USAGE, str(error))
    document = tested.as_json()
    columns = ["id", "question", "field", "expected", "got"]
    if form is not Format.TABLE or tested.failed:
        write_result(document, document["failed"], columns, form, "Failed")
    say(f"{tested.passed} passed, {len({f.id for f in tested.failed})} failed")
    if tested.failed:
        leave(Exit.FAILED)


def coverage(
    files: CaseFiles = None,
    node: NodeRulesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say which values, statuses, levels, outcomes and readings no worked case touches.

    With a node, its own instruments count; without, the shipped ones and their
    questions.

    Example: sluicegate rules coverage tests/rules/kyc.yaml
    """
    book = rules_of(node)
    try:
        cases = [
            case for name, text in _texts(files, node).items() for case in read_cases(name, text)
        ]
    except CaseFileError as error:
        leave(Exit.USAGE, str(error))
    _print_coverage(cover(cases, book, own=node is not None), form, language)


def _print_coverage(covered: Coverage, form: Format, language: Language) -> None:
    rows = [
        {
            **part.as_json(language),
            "untouched": "; ".join(item.text(language) for item in part.untouched),
        }
        for part in covered.parts
    ]
    columns = ["about", "touched", "of", "percent", "untouched"]
    document = covered.as_json(language)
    write_result(document, rows, columns, form, language=language)
    refused = len(covered.refused)
    say(
        f"{_counted(covered.cases, 'case')}, {covered.touched} of {covered.of} touched"
        f" ({document['percent']})"
        + (f"; {_counted(refused, 'case')} gave no answer" if refused else "")
    )


def _texts(files: list[Path] | None, node: Path | None) -> dict[str, str]:
    """Return the text of each file of cases; of a node's own when none is named."""
    paths = files or ([] if node is None else own_cases(node))
    if not paths:
        where = "name a file" if node is None else f"{node} has none below rules/cases; name a file"
        raise CaseFileError(f"no worked cases: {where}")
    return {str(path): read_case_text(path) for path in paths}
