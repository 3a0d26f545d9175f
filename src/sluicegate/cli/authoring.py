"""`sluicegate rules`, for those who write rules: check rule files, run worked cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    NodeRulesOption,
    leave,
    say,
    write_json,
    write_result,
)
from sluicegate.cli.working import rules_of
from sluicegate.rules.cases import CaseFileError
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.asking import check_cases
from sluicegate.wiring import NodeError, check_rule_files


def worked_cases(
    files: Annotated[list[Path], typer.Argument(help="Files of worked cases (YAML).")],
    node: NodeRulesOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Run worked cases against the questions.

    Example: sluicegate rules test tests/rules/kyc.yaml
    """
    book = rules_of(node)
    try:
        tested = check_cases({str(path): _case_text(path) for path in files}, book=book)
    except CaseFileError as error:
        leave(Exit.USAGE, str(error))
    document = tested.as_json()
    columns = ["id", "question", "field", "expected", "got"]
    if form is not Format.TABLE or tested.failed:
        write_result(document, document["failed"], columns, form, "Failed")
    say(f"{tested.passed} passed, {len({f.id for f in tested.failed})} failed")
    if tested.failed:
        leave(Exit.FAILED)


def check(
    node: Annotated[Path | None, typer.Option("--node", help="A node with its own rules.")] = None,
    files: Annotated[list[Path] | None, typer.Argument(help="Rule files to check.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check rule files and report every mistake with file and line.

    Example: sluicegate rules check rules/my_rule.yaml
    """
    try:
        book = check_rule_files(node, files or [])
    except RuleFilesError as error:
        columns = ["file", "line", "path", "problem", "way_out"]
        rows = [{name: getattr(fault, name) for name in columns} for fault in error.faults]
        write_result({"faults": rows}, rows, columns, form)
        leave(Exit.FAILED, f"{len(rows)} mistake{'' if len(rows) == 1 else 's'}")
    except NodeError as error:
        leave(Exit.USAGE, str(error))
    except OSError as error:
        leave(Exit.USAGE, f"{error.filename}: cannot be read: {error.strerror}; check the name")
    if form is Format.JSON:
        write_json({"faults": []})
    say(f"{len(book.instruments)} instruments, {len(book.parameters)} parameters: no mistakes")


def _case_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        leave(Exit.USAGE, f"{path}: cannot be read: {error.strerror}; check the name")
    except UnicodeDecodeError:
        leave(Exit.USAGE, f"{path}: is not UTF-8 text; save the file as UTF-8")
