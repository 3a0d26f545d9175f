"""A case: why it is here, what can be done now, its clocks, what happened, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from sluicegate.cases.case import Case, ClockState
from sluicegate.cases.events import EventKind, Named
from sluicegate.cases.filings.filing import Filing
from sluicegate.cases.filings.form import Form
from sluicegate.core.phrases import term
from sluicegate.core.quantities import Exact, scientific, whole
from sluicegate.core.reasons import Sentence
from sluicegate.rules.instruments import Comparator, Kind
from sluicegate.rules.showing import titled
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.casework.colleagues import colleagues
from sluicegate.services.casework.files import attachment
from sluicegate.services.casework.filing import filings_in
from sluicegate.services.casework.forms import Offer, offers, owed_in_sealed
from sluicegate.services.casework.grounds import Ground, grounds
from sluicegate.services.casework.reading import CaseFile, ClockShown, read_case
from sluicegate.services.explain import Wanted, explain
from sluicegate.services.kept_words import subject_name
from sluicegate.services.present.measured import estimate_of, read_figure
from sluicegate.web.case_forms import ActForm, act_form, case_forms, duty_named
from sluicegate.web.case_parts import due_shown, people_named, place_named, rule_title
from sluicegate.web.case_story import Story, actors_of
from sluicegate.web.dossier_parts import address
from sluicegate.web.dossier_views import members_of
from sluicegate.web.match_links import matches_behind
from sluicegate.web.pages.queue import PAGE, context_of, view_path
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit
from sluicegate.wiring.case_pictures import Compared, compared_picture

FLOP = "FLOP"

WORK = ("comment", "assign", "prioritise", "escalate", "snooze", "wake", "link")
TIMED = ("meet", "enter_event", "extend", "override_due", "withdraw", "lapse")
DECISIONS = ("confirm", "clear", "block", "release", "close", "reopen")


@dataclass(frozen=True, slots=True)
class ComparedShown:
    """One line of the table below the picture: a threshold, and the compute in times of it."""

    compared: Compared
    times: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and could not be done: which command, the faults of fields, or why not."""

    name: str
    faults: Mapping[str, str]
    refusal: Sentence | None = None


def show_case(visit: Visit) -> Response:
    """Show a case; the reading is an act."""
    return case_page(visit, visit.path["case"], within=visit.query.get(PAGE, ""))


def case_page(
    visit: Visit, case_id: str, *, within: str, typed: Typed | None = None, status: int = 200
) -> Response:
    """Return the page of a case, with a form as it was typed where that could not be done."""
    book = visit.served.book
    file = read_case(visit.desk, case_id, book=book)
    case = file.case
    named = people_named(visit, actors_of(case, file.timeline))
    forms = case_forms(visit, case, file.abilities, colleagues(visit.desk))
    if typed is not None and typed.name in forms:
        forms[typed.name] = act_form(forms[typed.name], visit, typed.faults, typed.refusal)
    why = grounds(file, book)
    compared = compared_with(why, visit)
    story = Story(visit, file, named)
    lines = story.lines()
    return visit.render(
        "cases/show.html",
        address=address,
        status=status,
        case=case,
        file=file,
        grounds=why,
        compared=compared,
        picture=picture_of(visit, case, compared),
        forms=forms,
        work=_some(forms, WORK),
        timed=_some(forms, TIMED),
        decisions=_some(forms, DECISIONS),
        checks=_checks(visit, file, typed),
        typed=typed,
        lines=lines,
        news=[one for one in lines if one.is_new],
        clocks=clocks_in_order(file),
        duty=duty_named(visit),
        within=within,
        context=context_of(within),
        back=view_path(within),
        may_seal=bool(visit.principal.sealed_groups) and visit.may(Action.SEALED_OPEN),
        may_export=visit.may(Action.CASE_EXPORT),
        filings=case_filings(visit, case),
        may_erase=visit.may(Action.CASE_OVERRIDE),
        erased=erased_in(file),
        **case_words(visit, named),
    )


def case_words(visit: Visit, named: Callable[[str | None], str]) -> dict[str, Any]:
    """Return what names things on every page about a case."""
    return {
        "due": due_shown(visit),
        "rule": rule_title(visit),
        "named": named,
        "place": place_named(visit),
        "amount": amount_text,
        "matches_behind": matches_behind,
    }


@dataclass(frozen=True, slots=True)
class CaseFilings:
    """The filings of a case and the forms that suit it; empty for who may read none.

    `elsewhere` are the forms of what it owes that stand in a sealed file only.
    """

    made: tuple[Filing, ...] = ()
    offered: tuple[Offer, ...] = ()
    elsewhere: tuple[Form, ...] = ()
    may_draft: bool = False


def case_filings(visit: Visit, case: Case) -> CaseFilings:
    """Return the filings of a case, and the forms that it offers."""
    if not visit.may(Action.FILING_READ):
        return CaseFilings()
    return CaseFilings(
        filings_in(visit.desk, case),
        offers(case, visit.served.forms) if case.is_open else (),
        owed_in_sealed(case, visit.served.forms) if case.is_open else (),
        visit.may(Action.FILING_DRAFT) and case.is_open,
    )


def erased_in(file: CaseFile) -> frozenset[str]:
    """Return the files of a case whose content was erased."""
    return frozenset(
        one.said.id
        for one in file.timeline
        if one.kind is EventKind.ERASED and isinstance(one.said, Named)
    )


def _some(forms: Mapping[str, ActForm], names: Sequence[str]) -> list[ActForm]:
    """Return forms in order, those that may be used first."""
    found = [forms[name] for name in names if name in forms]
    return sorted(found, key=lambda one: not one.is_allowed)


def clocks_in_order(file: CaseFile) -> list[ClockShown]:
    """Return the clocks of a case: those that run first, the nearest due day in front."""
    return sorted(file.clocks, key=_clock_order)


def _clock_order(shown: ClockShown) -> tuple[bool, str, str]:
    clock = shown.clock
    is_done = not (clock.is_live or clock.state is ClockState.WAITING)
    return is_done, "9999" if clock.due is None else clock.due.isoformat(), clock.clock_id


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A decision that waits: whether the reader may check it or take it back, and why not."""

    proposal: Any
    may_check: bool
    may_take_back: bool
    why_not: tuple[Sentence, ...]
    alerts: tuple[str, ...]
    reason: str
    fault: str


def _checks(visit: Visit, file: CaseFile, typed: Typed | None) -> list[CheckShown]:
    """Return the decisions that wait for a second person, with what the reader may do."""
    check, back = file.ability("check"), file.ability("take_back")
    rules = {one.alert_id: one.rule for one in file.case.alerts}
    is_sent = typed is not None and typed.name in ("check", "take_back")
    found = []
    for one in file.case.proposals:
        is_own = one.by == visit.principal.id
        is_this = is_sent and visit.text("proposal_id") == one.proposal_id
        fault = ""
        if is_this and typed is not None:
            fault = str(typed.refusal or " ".join(typed.faults.values()))
        found.append(
            CheckShown(
                one,
                may_check=check.is_allowed and not is_own,
                may_take_back=back.is_allowed and is_own,
                why_not=check.reasons if not is_own else (),
                alerts=tuple(rules.get(name, name) for name in one.alerts),
                reason=visit.text("reason") if is_this else "",
                fault=fault,
            )
        )
    return found


def compared_with(found: Sequence[Ground], visit: Visit) -> list[ComparedShown]:
    """Return the compute of findings beside their thresholds, as far as both are in FLOP."""
    book = visit.served.book
    shown = []
    for one in found:
        document = one.document
        limit = document.get("threshold")
        estimate = estimate_of(document.get("estimate"))
        rule = book.thresholds.get(one.alert.rule)
        home = book.instruments.get(one.alert.instrument)
        if not limit or limit["unit"] != FLOP or estimate is None:
            continue
        if rule is None or home is None:
            continue
        threshold = read_figure(limit["value"])
        compared = Compared(
            rule.id,
            rule.title,
            home.title,
            Comparator(limit["comparator"]),
            threshold,
            limit["reference"],
            estimate,
            one.alert.is_enforced,
            home.kind is Kind.LAW,
        )
        bounds = (estimate.low, estimate.central, estimate.high)
        low, central, high = (_times(bound, threshold) for bound in bounds)
        shown.append(ComparedShown(compared, (low, central, high)))
    return shown


_PRECISE = 100


def _times(amount: Exact, threshold: Exact) -> str:
    """Return how often a threshold goes into an amount, rounded down so that it says no more."""
    if not threshold:
        return "–"
    hundredths = int(amount * _PRECISE // threshold)
    return f"{hundredths // _PRECISE}.{hundredths % _PRECISE:02d}"


def picture_of(
    visit: Visit, case: Case, compared: Sequence[ComparedShown], *, stands_alone: bool = False
) -> dict[str, Any] | None:
    """Return the picture of compute beside thresholds with its sentences; None without any."""
    if not compared:
        return None
    sentences = [_sentence(visit, one) for one in compared]
    name = subject_name(case.title, visit.language)
    title = visit._("Compute beside the thresholds: %(name)s", name=name)
    svg = compared_picture(
        term(case.subject_kind or case.kind.value, visit.language),
        [one.compared for one in compared],
        (title, " ".join(sentences)),
        visit.language,
        stands_alone=stands_alone,
    )
    return {"svg": svg, "sentences": sentences}


def _sentence(visit: Visit, one: ComparedShown) -> str:
    compared = one.compared
    if amount_text(compared.estimate.low) == amount_text(compared.estimate.high):
        return visit._(
            "%(rule)s: about %(amount)s FLOP, %(times)s times the threshold of %(threshold)s FLOP.",
            rule=titled(compared.title, visit.language),
            amount=amount_text(compared.estimate.central),
            times=one.times[1],
            threshold=amount_text(compared.threshold),
        )
    return visit._(
        "%(rule)s: %(amount)s FLOP, between %(low)s and %(high)s, "
        "are %(times)s times the threshold of %(threshold)s FLOP.",
        rule=titled(compared.title, visit.language),
        amount=amount_text(compared.estimate.central),
        low=amount_text(compared.estimate.low),
        high=amount_text(compared.estimate.high),
        times=one.times[1],
        threshold=amount_text(compared.threshold),
    )


def amount_text(value: Exact) -> str:
    """Write an amount of compute with a few digits."""
    return scientific(whole(value))


def show_finding(visit: Visit) -> Response:
    """Show the tree of figures behind a finding of a case, down to the largest usage records."""
    file = read_case(visit.desk, visit.path["case"], book=visit.served.book)
    name = visit.path["finding"]
    alert = next((one for one in file.case.alerts if one.alert_id == name), None)
    if alert is None or name not in file.findings:
        raise NotFoundError("finding", name)
    tree = explain(
        name,
        store=visit.desk.store,
        lake=visit.served.node.lake,
        book=visit.served.book,
        groups=members_of(visit, file.findings[name]),
        wanted=Wanted(visit.language),
    )
    return visit.render(
        "cases/finding.html",
        case=file.case,
        alert=alert,
        tree=tree,
        context=context_of(visit.query.get(PAGE, "")),
        **case_words(visit, str),
    )


def download(visit: Visit) -> Response:
    """Give a file of a case, always as a download; the reading is an act."""
    found = attachment(visit.desk, visit.path["case"], visit.path["file"])
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file.name)}",
        "ETag": f'"{found.file.sha256[:32]}"',
    }
    return Response(found.content, headers=headers, media_type="application/octet-stream")


PAGES: tuple[Page, ...] = (
    page("/cases/{case}", show_case, Action.CASE_READ),
    page("/cases/{case}/findings/{finding}", show_finding, Action.CASE_READ),
    page("/cases/{case}/files/{file}", download, Action.CASE_READ),
)
