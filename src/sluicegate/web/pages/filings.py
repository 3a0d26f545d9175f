"""Filings: drafted in a case, completed in a form, proposed, checked, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filings.entries import EntryError, from_entries
from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.core.reasons import Sentence
from sluicegate.rules.showing import titled
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.filing import (
    FilingStateError,
    document,
    draft,
    list_filings,
    read_filing,
    set_values,
    versions_of,
    withdraw,
)
from sluicegate.services.casework.proposing import IncompleteFilingError, propose_filing
from sluicegate.services.casework.reading import read_case
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.services.ports.filings import FilingChangedError
from sluicegate.web.case_parts import people_named
from sluicegate.web.filing_form import FilingForm, typed_entries
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit
from sluicegate.wiring.filings import html_of, json_of, pdf_of
from sluicegate.wiring.paper import PdfUnavailableError

MORE = "more"
_UNFIT = 422
_MOST_DIGITS = 9


def list_all(visit: Visit) -> Response:
    """List filings, the newest first."""
    states = {one.value: one for one in FilingState}
    forms = visit.served.forms
    state, form = visit.query.get("state", ""), visit.query.get("form", "")
    found = list_filings(visit.desk, state=states.get(state), form=form or None)
    return visit.render(
        "filings/list.html",
        rows=found,
        titles={name: titled(one.title, visit.language) for name, one in forms.items()},
        forms=[(name, titled(one.title, visit.language)) for name, one in sorted(forms.items())],
        states=[
            ("draft", visit._("draft")),
            ("proposed", visit._("proposed")),
            ("filed", visit._("filed")),
            ("withdrawn", visit._("withdrawn")),
        ],
        state=state,
        form=form,
    )


def begin(visit: Visit) -> Response:
    """Draft a filing in a case, or a correction of one that was filed."""
    case_id = visit.path["case"]
    try:
        filing = draft(
            visit.desk,
            case_id,
            visit.text("form"),
            corrects=visit.text("corrects") or None,
            forms=visit.served.forms,
            book=visit.served.book,
        )
    except FilingStateError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[error.reason], back=f"/cases/{case_id}")
    return visit.redirect(
        f"/filings/{filing.filing_id}",
        visit._("The draft is made. What could be filled in says where it comes from."),
    )


def show_filing(visit: Visit) -> Response:
    """Show a filing: its form while it is a draft, else its document."""
    filing = read_filing(visit.desk, visit.path["filing"])
    if filing.state is FilingState.DRAFT and visit.may(Action.FILING_DRAFT):
        return _form_page(visit, filing)
    return _document_page(visit, filing)


def _form_page(
    visit: Visit,
    filing: Filing,
    *,
    typed: Mapping[str, Any] | None = None,
    refusal: Sentence | str | None = None,
    status: int = 200,
    changed: Sequence[str] = (),
) -> Response:
    """Return the form of a draft, with what was typed where that could not be kept."""
    case = read_case(visit.desk, filing.case_id, book=visit.served.book).case
    values = filing.values if typed is None else {**filing.values, **typed}
    shown = replace(filing, values=values)
    faults = shown.missing()
    form = FilingForm(visit, filing, case.attachments, values, visit.query.get(MORE, ""))
    sections = form.sections(faults)
    places = {one.name: one.id for _title, fields in sections for one in _every(fields)}
    return visit.render(
        "filings/form.html",
        status=status,
        filing=filing,
        case=case,
        title=titled(filing.form.title, visit.language),
        recipient=titled(filing.recipient, visit.language) if filing.recipient.en else "",
        sections=sections,
        faults=[(_place(one.path, places), one) for one in faults],
        refusal=refusal,
        changed=changed,
        reason=visit.text("reason"),
    )


def _every(fields: Sequence[Any]) -> Sequence[Any]:
    return [each for one in fields for each in (one, *(p for entry in one.entries for p in entry))]


def _place(path: str, places: Mapping[str, str]) -> str:
    """Return the id of the control that a fault is about."""
    names = path.split(".")
    while names:
        found = places.get("v." + ".".join(names))
        if found is not None:
            return found
        names.pop()
    return "main"


def send_form(visit: Visit) -> Response:
    """Save what was typed, and go on: propose, look at it, add an entry, or stay."""
    filing_id = visit.path["filing"]
    filing = read_filing(visit.desk, filing_id)
    act = visit.text("act")
    if act == "withdraw":
        return _withdraw(visit, filing)
    if filing.state is not FilingState.DRAFT:
        return visit.redirect(
            f"/filings/{filing_id}",
            visit._("It is no draft any more; nothing was changed."),
            NoticeKind.WARNING,
        )
    try:
        typed = from_entries(filing.form, typed_entries(visit))
    except EntryError as error:
        return problem_page(
            visit, Problem.UNFIT, reasons=[error.problem], back=f"/filings/{filing_id}"
        )
    return _save(visit, filing, typed, act)


def _save(visit: Visit, filing: Filing, typed: Mapping[str, Any], act: str) -> Response:
    filing_id = filing.filing_id
    try:
        saved = set_values(visit.desk, filing_id, typed, _version(visit))
    except FilingChangedError:
        return _conflict(visit, typed)
    except EntryError as error:
        return _form_page(visit, filing, typed=typed, refusal=error.problem, status=_UNFIT)
    more = visit.text(MORE)
    if more:
        anchor = f"v-{more}-{_entries(saved.values.get(more))}"
        return visit.redirect(f"/filings/{filing_id}?more={quote(more, safe='')}#{anchor}")
    if act == "propose":
        return _propose(visit, saved)
    if act == "preview":
        return visit.redirect(f"/filings/{filing_id}/preview")
    return visit.redirect(f"/filings/{filing_id}", visit._("The draft is saved."))


def _entries(raw: Any) -> int:
    return len(raw) if isinstance(raw, list) else 0


def _conflict(visit: Visit, typed: Mapping[str, Any]) -> Response:
    """Show the form as it was typed over what another saved meanwhile, and name what differs."""
    current = read_filing(visit.desk, visit.path["filing"])
    if current.state is not FilingState.DRAFT:
        return _document_page(visit, current)
    labels = {one.id: titled(one.label, visit.language) for one in current.form.fields}
    differing = [
        labels[name]
        for name, raw in typed.items()
        if name in labels and (raw or "") != (current.values.get(name) or "")
    ]
    return _form_page(
        visit,
        current,
        typed=typed,
        status=Problem.CONFLICT.status,
        changed=[*differing, *([] if differing else [visit._("nothing of what you typed")])],
    )


def _propose(visit: Visit, filing: Filing) -> Response:
    reason = visit.text("reason")
    if not reason:
        said = visit._("Say why it should be filed, in the field beside the button.")
        return _form_page(visit, filing, refusal=said, status=_UNFIT)
    try:
        propose_filing(visit.desk, filing.filing_id, reason, book=visit.served.book)
    except IncompleteFilingError:
        said = visit._("It is not complete, so it cannot be proposed yet.")
        return _form_page(visit, filing, refusal=said, status=_UNFIT)
    except NotAllowedNowError as error:
        return _form_page(visit, filing, refusal=error.reason, status=_UNFIT)
    except CaseChangedError:
        said = visit._("The case changed meanwhile; send it again.")
        return _form_page(visit, filing, refusal=said, status=Problem.CONFLICT.status)
    return visit.redirect(
        f"/filings/{filing.filing_id}",
        visit._("It is proposed. Another person checks it in its case."),
    )


def _withdraw(visit: Visit, filing: Filing) -> Response:
    try:
        withdraw(visit.desk, filing.filing_id, visit.text("reason"))
    except FilingStateError as error:
        back = f"/filings/{filing.filing_id}"
        return problem_page(visit, Problem.UNFIT, reasons=[error.reason], back=back)
    except FilingChangedError:
        return problem_page(visit, Problem.CONFLICT, back=f"/filings/{filing.filing_id}")
    return visit.redirect(f"/filings/{filing.filing_id}", visit._("The filing is withdrawn."))


def _version(visit: Visit) -> int | None:
    text = visit.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else None


def preview(visit: Visit) -> Response:
    """Show the document of a filing as it stands."""
    return _document_page(visit, read_filing(visit.desk, visit.path["filing"]))


def _document_page(visit: Visit, filing: Filing) -> Response:
    versions = versions_of(visit.desk, filing.filing_id)
    people = {one.by for one in versions} | {filing.checked_by, filing.proposed_by}
    return visit.render(
        "filings/show.html",
        filing=filing,
        case=read_case(visit.desk, filing.case_id, book=visit.served.book).case,
        document=document(filing, visit.language),
        faults=filing.missing() if filing.state is FilingState.DRAFT else (),
        versions=versions,
        named=people_named(visit, people),
    )


def give_json(visit: Visit) -> Response:
    """Give a filing for machines."""
    filing = read_filing(visit.desk, visit.path["filing"])
    body = json_of(document(filing, visit.language))
    return Response(body, media_type="application/json", headers=_as_file(filing, "json"))


def give_html(visit: Visit) -> Response:
    """Give a filing as one HTML file that needs nothing else, with its digest at the end."""
    filing = read_filing(visit.desk, visit.path["filing"])
    body = html_of(document(filing, visit.language))
    return Response(body, media_type="text/html; charset=utf-8", headers=_as_file(filing, "html"))


def give_pdf(visit: Visit) -> Response:
    """Give a filing as PDF, where the node can make one."""
    filing = read_filing(visit.desk, visit.path["filing"])
    try:
        body = pdf_of(document(filing, visit.language))
    except PdfUnavailableError:
        said = visit._("No PDF can be made on this node: its extra for PDF is not installed.")
        back = f"/filings/{filing.filing_id}/preview"
        return problem_page(visit, Problem.UNAVAILABLE, reasons=[said], back=back)
    return Response(body, media_type="application/pdf", headers=_as_file(filing, "pdf"))


def _as_file(filing: Filing, ending: str) -> dict[str, str]:
    name = quote(f"{filing.filing_id}.{ending}", safe="")
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}


PAGES: tuple[Page, ...] = (
    page("/filings", list_all, Action.FILING_READ),
    post("/cases/{case}/filings", begin, Action.FILING_DRAFT),
    page("/filings/{filing}", show_filing, Action.FILING_READ),
    post("/filings/{filing}", send_form, Action.FILING_READ),
    page("/filings/{filing}/preview", preview, Action.FILING_READ),
    page("/filings/{filing}/filing.json", give_json, Action.FILING_READ),
    page("/filings/{filing}/filing.html", give_html, Action.FILING_READ),
    page("/filings/{filing}/filing.pdf", give_pdf, Action.FILING_READ),
)
