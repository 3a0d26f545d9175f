"""One consultation: its draft, comments with replies, roadmap, and the steps that are next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.quantities import scientific
from sluicegate.core.reasons import Sentence
from sluicegate.frontier.consultation import Outcome, Party, Stage
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.consultation import issuing, running
from sluicegate.services.consultation.rule_files import rule_file
from sluicegate.services.consultation.running import MOST_FILE, NewComment, NewPeriod
from sluicegate.services.consultation.showing import (
    in_language,
    read_consultation,
    read_difference,
)
from sluicegate.services.consultation.writing import ConsultationError, today
from sluicegate.services.ports.consultation import ConsultationChangedError
from sluicegate.web.case_parts import people_named
from sluicegate.web.entered import FaultsError, code, day, needed
from sluicegate.web.pages.consultations import PLACE, UNFIT
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.consultation import PageFormat, published_text

_BODY = 2 * MOST_FILE
_WORKING = (Stage.DRAFTED, Stage.OPEN, Stage.CLOSED)


def show(visit: Visit) -> Response:
    """Show a consultation with the forms of what may be done next."""
    return _page(visit)


def _page(
    visit: Visit, fault: Sentence | str = "", faults: Mapping[str, str] | None = None
) -> Response:
    """Render it; a fault stands at the form that was sent, whose fields keep what they held."""
    one = read_consultation(visit.desk, visit.path["consultation"])
    sent = visit.text("act") if fault or faults else ""
    mine = acting_names(visit.desk)
    may_work = visit.may(Action.CONSULTATION_WORK)
    ids: list[str | None] = [each.by for each in one.drafts]
    return visit.render(
        "consultations/show.html",
        status=UNFIT if fault or faults else 200,
        one=one,
        title=in_language(one.draft.title, visit.language),
        figure="" if one.draft.terms is None else scientific(one.draft.terms.value),
        named=_named(visit, [*ids, one.issued.by if one.issued else None]),
        stages=Stage,
        parties=list(Party),
        outcomes=list(Outcome),
        today=today(visit.desk),
        sent=sent,
        sent_about=visit.text("comment") if sent else "",
        fault=fault,
        fault_in=lambda act, name: (faults or {}).get(name, "") if act == sent else "",
        given_in=lambda act, name: visit.text(name) if act == sent else "",
        may_work=may_work,
        is_working=one.stage in _WORKING,
        may_issue=visit.may(Action.CONSULTATION_ISSUE),
        is_own=any(each.by.casefold() in mine for each in one.drafts),
        may_withdraw=may_work
        if one.stage is Stage.DRAFTED
        else visit.may(Action.CONSULTATION_ISSUE),
    )


def _named(visit: Visit, ids: list[str | None]) -> Callable[[str | None], str]:
    """Return what names a person; whoever may read no cases sees ids."""
    if visit.may(Action.CASE_READ):
        return people_named(visit, ids)
    return lambda actor: actor or ""


def act_on(visit: Visit) -> Response:
    """Take the step that the form names."""
    name = visit.path["consultation"]
    act = _ACTS.get(visit.text("act"))
    if act is None:
        return problem_page(visit, Problem.BAD_REQUEST)
    there = f"{PLACE}/{name}"
    try:
        said = act(visit, name)
    except FaultsError as error:
        return _page(visit, faults=error.faults)
    except ConsultationError as error:
        return _page(visit, error.sentence)
    except ConsultationChangedError:
        return problem_page(visit, Problem.CONFLICT, back=there)
    return visit.redirect(there, said)


def _open(visit: Visit, name: str) -> str:
    length = visit.text("days")
    if length and not (length.isascii() and length.isdigit() and len(length) <= len("3660")):
        raise FaultsError({"days": visit._("Give a whole number.")})
    period = NewPeriod(
        day(visit, "opens") or today(visit.desk),
        day(visit, "closes"),
        int(length) if length else None,
    )
    running.open_period(visit.desk, name, period)
    return visit._("It is open for comments.")


def _extend(visit: Visit, name: str) -> str:
    needed(visit, "closes")
    last = day(visit, "closes")
    assert last is not None
    running.extend_period(visit.desk, name, last, visit.text("reason"))
    return visit._("The period is longer now.")


def _comment(visit: Visit, name: str) -> str:
    new = NewComment(
        organisation=needed(visit, "organisation"),
        party=code(visit, "party", Party),
        text=needed(visit, "text"),
        passage=_number(visit, "passage"),
        received_on=day(visit, "received_on"),
        is_confidential=visit.text("is_confidential") == "yes",
        contact=visit.text("contact"),
        customer=visit.text("customer"),
    )
    made = running.add_comment(visit.desk, name, new)
    if made.is_late:
        return visit._("The comment is kept and marked as late.")
    return visit._("The comment is kept.")


def _number(visit: Visit, name: str) -> int:
    text = visit.text(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= len("100000")):
        raise FaultsError({name: visit._("Give a whole number.")})
    return int(text)


def _reply(visit: Visit, name: str) -> str:
    outcome = code(visit, "outcome", Outcome)
    running.reply(visit.desk, name, visit.text("comment"), outcome, needed(visit, "reasons"))
    return visit._("The reply is kept.")


def _plan(visit: Visit, name: str) -> str:
    running.plan_milestone(
        visit.desk,
        name,
        needed(visit, "name"),
        planned=day(visit, "planned"),
        reached=day(visit, "reached"),
    )
    return visit._("The roadmap is kept.")


def _attach(visit: Visit, name: str) -> str:
    given = visit.form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        raise FaultsError({"file": visit._("Choose one file.")})
    running.attach(visit.desk, name, given.filename, given.file.read(MOST_FILE + 1))
    return visit._("The document is kept.")


def _close(visit: Visit, name: str) -> str:
    running.close(visit.desk, name)
    return visit._("It is closed.")


def _issue(visit: Visit, name: str) -> str:
    issuing.issue(visit.desk, name)
    return visit._("It is issued.")


def _withdraw(visit: Visit, name: str) -> str:
    issuing.withdraw(visit.desk, name, needed(visit, "reason"))
    return visit._("It is withdrawn.")


_ACTS: Mapping[str, Callable[[Visit, str], str]] = {
    "open": _open,
    "extend": _extend,
    "comment": _comment,
    "reply": _reply,
    "plan": _plan,
    "attach": _attach,
    "close": _close,
    "issue": _issue,
    "withdraw": _withdraw,
}
"""What a form may ask for."""


def show_changes(visit: Visit) -> Response:
    """Show what differs between two versions, the last two unless others are asked for."""
    name = visit.path["consultation"]
    one = read_consultation(visit.desk, name)
    try:
        found = read_difference(visit.desk, name, _asked(visit, "from"), _asked(visit, "to"))
    except ConsultationError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[error.sentence], back=f"{PLACE}/{name}")
    return visit.render(
        "consultations/changes.html",
        one=one,
        title=in_language(one.draft.title, visit.language),
        found=found,
        later=one.version(found.later),
        versions=[(str(each.version), str(each.version)) for each in one.drafts],
    )


def _asked(visit: Visit, name: str) -> int | None:
    text = visit.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("10000") else None


def give_page(visit: Visit) -> Response:
    """Give what an outsider may see as a page that stands alone."""
    return _published(visit, PageFormat.HTML, "text/html; charset=utf-8")


def give_json(visit: Visit) -> Response:
    """Give what an outsider may see as JSON with its digest."""
    return _published(visit, PageFormat.JSON, "application/json")


def _published(visit: Visit, form: PageFormat, media_type: str) -> Response:
    name = visit.path["consultation"]
    try:
        text = published_text(visit.desk, name, form, visit.language)
    except ConsultationError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[error.sentence], back=f"{PLACE}/{name}")
    return _download(text.encode(), f"{name}.{form.value}", media_type)


def give_rule(visit: Visit) -> Response:
    """Give the rule file of an issued threshold, to be put among the node's rules."""
    name = visit.path["consultation"]
    try:
        made = rule_file(visit.desk, name)
    except ConsultationError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[error.sentence], back=f"{PLACE}/{name}")
    return _download(made.text.encode(), made.name, "application/yaml")


def give_file(visit: Visit) -> Response:
    """Give an attached document as a download."""
    found = running.attachment(visit.desk, visit.path["consultation"], visit.path["digest"])
    return _download(found.content, f"{found.digest[:12]}.bin", "application/octet-stream")


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media_type)


_ONE = f"{PLACE}/{{consultation}}"
PAGES: tuple[Page, ...] = (
    page(f"{_ONE}/changes", show_changes, Action.CONSULTATION_READ),
    page(f"{_ONE}/published.html", give_page, Action.CONSULTATION_READ),
    page(f"{_ONE}/published.json", give_json, Action.CONSULTATION_READ),
    page(f"{_ONE}/rule.yaml", give_rule, Action.CONSULTATION_READ),
    page(f"{_ONE}/files/{{digest}}", give_file, Action.CONSULTATION_READ),
    page(_ONE, show, Action.CONSULTATION_READ),
    post(_ONE, act_on, Action.CONSULTATION_READ, body_limit=_BODY),
)
