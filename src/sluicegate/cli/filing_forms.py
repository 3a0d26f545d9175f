"""`sluicegate filings`: its forms, their fields and schemas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cases.filings.form import Field, Form
from sluicegate.cases.filings.schema import filing_schema
from sluicegate.cli.filing_desk import filings_desk
from sluicegate.cli.output import (
    HERE,
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    NodeRulesOption,
    leave,
    write_json,
    write_rows,
)
from sluicegate.core.phrases import Language, term
from sluicegate.rules.loading import RuleFilesError
from sluicegate.rules.showing import titled
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.casework.forms import form_named, offers
from sluicegate.services.casework.reading import read_case
from sluicegate.wiring import NodeError
from sluicegate.wiring.filings import forms_for, forms_of

_FORMS = ["form", "title", "instruments", "fields", "sealed"]
"""Columns of a table; JSON has the duties and deadlines too."""

_FIELDS = ["field", "label", "kind", "required", "clause", "prefill"]


def forms(
    form_id: Annotated[
        str | None, typer.Argument(metavar="FORM", help="Show the fields of this form.")
    ] = None,
    case_id: Annotated[
        str | None, typer.Option("--case", help="Only the forms that suit this case of the node.")
    ] = None,
    node: NodeRulesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the forms, or the fields of one with the clause that asks for each.

    Example: sluicegate filings forms training_report
    """
    if case_id is not None:
        _offered(node or HERE, case_id, language, form)
        return
    found = _forms(node)
    if form_id is None:
        rows = [_form_row(one, language) for one in found.values()]
        write_rows(rows, _FORMS, form, language=language)
        return
    try:
        one = form_named(form_id, found)
    except NotFoundError as error:
        leave(Exit.USAGE, str(error))
    rows = [_field_row(path, field, language) for path, field in one.every_field()]
    write_rows(rows, _FIELDS, form, titled(one.title, language), language)


def schema(
    form_id: Annotated[str, typer.Argument(metavar="FORM", help="Id of a form.")],
    node: NodeRulesOption = None,
) -> None:
    """Print the JSON Schema of what a form sends out.

    Example: sluicegate filings schema training_report
    """
    try:
        write_json(filing_schema(form_named(form_id, _forms(node))))
    except NotFoundError as error:
        leave(Exit.USAGE, str(error))


def _forms(node: Path | None) -> Mapping[str, Form]:
    try:
        return forms_for(node)
    except (RuleFilesError, NodeError) as error:
        leave(Exit.USAGE, str(error))


def _offered(node: Path, case_id: str, language: Language, form: Format) -> None:
    with filings_desk(node) as (opened, desk):
        case = read_case(desk, case_id, book=opened.book).case
        rows = [
            {
                "form": one.form.id,
                "title": titled(one.form.title, language),
                "duty": one.duty,
                "due": "" if one.due is None else one.due.isoformat(),
            }
            for one in offers(case, forms_of(opened))
        ]
    write_rows(rows, ["form", "title", "duty", "due"], form, language=language)


def _form_row(one: Form, language: Language) -> dict[str, Any]:
    return {
        "form": one.id,
        "title": titled(one.title, language),
        "instruments": list(one.instruments),
        "duties": list(one.duties),
        "deadlines": list(one.deadlines),
        "fields": len(one.fields),
        "sealed": one.is_sealed,
    }


def _field_row(path: str, field: Field, language: Language) -> dict[str, Any]:
    required = "yes" if field.is_required else "when" if field.required_when else "no"
    clauses = [f"{one.reference} ({term(one.mark.value, language)})" for one in field.clauses]
    return {
        "field": path,
        "label": titled(field.label, language),
        "kind": field.kind.value,
        "required": required,
        "clause": "; ".join(clauses),
        "prefill": field.prefill or "",
    }
