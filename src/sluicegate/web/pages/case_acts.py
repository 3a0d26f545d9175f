"""What is done to a case: one address for every act, and what happens when two people write."""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.cases.case import Case
from sluicegate.cases.commands import Command
from sluicegate.cases.decisions import waits_from_now
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.core.phrases import term
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.colleagues import colleagues
from sluicegate.services.casework.files import attach, erase_attachment
from sluicegate.services.casework.reading import read_case
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.web.case_commands import CommandFaultsError, read_command
from sluicegate.web.case_forms import act_form, case_forms
from sluicegate.web.case_parts import people_named
from sluicegate.web.case_story import Story, actors_of
from sluicegate.web.pages.case import Typed, case_page, case_words
from sluicegate.web.pages.queue import PAGE, context_of
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, post
from sluicegate.web.visit import Visit

FILE_LIMIT = 33 << 20
"""Bytes of a form with a file; the node's own limit for files is checked after it."""

_FORMED = frozenset({"check", "take_back"})
_UNFIT = 422


def do(visit: Visit) -> Response:
    """Do something to a case, and lead back to it; say on its page why it was not done."""
    case_id, name = visit.path["case"], visit.text("act")
    within = visit.text(PAGE)
    try:
        command = read_command(visit, name)
        after = act(
            visit.desk,
            case_id,
            command,
            expected_version=_version(visit),
            book=visit.served.book,
        )
    except CommandFaultsError as error:
        return _again(visit, Typed(name, error.faults))
    except NotAllowedNowError as error:
        return _again(visit, Typed(name, {}, error.reason))
    except CaseChangedError as error:
        return _conflict(visit, error)
    except NotFoundError:
        if name != "link":
            raise
        return _again(visit, Typed(name, {"case_id": visit._("There is no such case.")}))
    return _back(visit, case_id, within, _said(visit, command, after))


def _said(visit: Visit, command: Command, after: Case) -> str:
    """Say what was done, or that it waits for a second person."""
    name = _named(visit, visit.text("act"))
    if waits_from_now(after, command):
        return visit._("Proposed, for a second person to check: %(act)s.", act=name)
    return visit._("Done: %(act)s.", act=name)


def _named(visit: Visit, name: str) -> str:
    if name == "check":
        is_approved = visit.text("verdict") == "approve"
        return term("event_approved" if is_approved else "event_rejected", visit.language)
    return term(f"act_{name}", visit.language)


def _back(visit: Visit, case_id: str, within: str, said: str) -> Response:
    return visit.redirect(f"/cases/{case_id}{context_of(within)}", said)


def _version(visit: Visit) -> int | None:
    text = visit.text("version")
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else None
    )


def _again(visit: Visit, typed: Typed) -> Response:
    return case_page(visit, visit.path["case"], within=visit.text(PAGE), typed=typed, status=_UNFIT)


def _conflict(visit: Visit, error: CaseChangedError) -> Response:
    """Show what another did meanwhile, with the form as it was typed, to send it again."""
    file = read_case(visit.desk, visit.path["case"], book=visit.served.book)
    case, name = file.case, visit.text("act")
    forms = case_forms(visit, case, file.abilities, colleagues(visit.desk))
    named = people_named(visit, actors_of(case, file.timeline))
    kept = [
        (field, text)
        for field, text in visit.form.multi_items()
        if isinstance(text, str) and field not in ("csrf", "version")
    ]
    form = forms.get(name)
    return visit.render(
        "cases/conflict.html",
        status=Problem.CONFLICT.status,
        case=case,
        code="check" if name in _FORMED else name,
        name=name,
        form=None if form is None else replace(act_form(form, visit, {}), ability=form.ability),
        kept=kept,
        lines=Story(visit, file, named).after(error.expected),
        within=visit.text(PAGE),
        context=context_of(visit.text(PAGE)),
        **case_words(visit, named),
    )


def add_file(visit: Visit) -> Response:
    """Attach a file to a case."""
    case_id = visit.path["case"]
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return _again(visit, Typed("attach", {"file": visit._("Choose a file.")}))
    try:
        attach(
            visit.desk,
            case_id,
            sent.filename,
            sent.content_type or "",
            sent.file.read(),
            book=visit.served.book,
        )
    except NotAllowedNowError as error:
        return _again(visit, Typed("attach", {}, error.reason))
    return _back(visit, case_id, visit.text(PAGE), visit._("The file is attached."))


def erase(visit: Visit) -> Response:
    """Erase the content of a file; its name and digest stay."""
    case_id, reason = visit.path["case"], visit.text("reason")
    try:
        erase_attachment(visit.desk, case_id, visit.path["file"], reason, book=visit.served.book)
    except NotAllowedNowError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[error.reason], back=f"/cases/{case_id}")
    return _back(visit, case_id, visit.text(PAGE), visit._("The content of the file is erased."))


PAGES: tuple[Page, ...] = (
    post("/cases/{case}/acts", do, Action.CASE_READ),
    post("/cases/{case}/files", add_file, Action.CASE_WORK, body_limit=FILE_LIMIT),
    post("/cases/{case}/files/{file}/erase", erase, Action.CASE_OVERRIDE),
)
