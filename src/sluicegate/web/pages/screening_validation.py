"""Validation of screening: packs, the sample below the alert, and changes that wait for a second.

A pack and a replay take long: they are asked for here as jobs, then read, judged
and decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.quantities import percent
from sluicegate.core.reasons import Sentence
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.validation import (
    PackKept,
    Proposal,
    ProposalChangedError,
    ProposalState,
    SampleVerdict,
)
from sluicegate.services.screening.validation.changed_sections import named_shifts, words_of
from sluicegate.services.screening.validation.changes import (
    ChangeRefusedError,
    decide,
    proposal_at,
    proposals,
    threshold_of,
    withdraw,
)
from sluicegate.services.screening.validation.pack import NAMES, SAMPLE
from sluicegate.services.screening.validation.sampling import (
    Reviewed,
    SampleShown,
    VerdictRefusedError,
    judge,
    reviews,
    samples_shown,
)
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ScreeningChangeJob, ValidationJob
from sluicegate.web.case_parts import people_named
from sluicegate.web.listed_words import list_options, listed_words
from sluicegate.web.pages.sources import UPLOAD_LIMIT, blocks
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit
from sluicegate.wiring.validation import (
    installed_algorithm,
    pack_archive,
    packs_on_node,
    past_now,
)
from sluicegate.wiring.works import work_files

BACK = "/screening/validation"
MOST_SHIFTS = 500
"""Alerts gained and lost that one page names; the pack has all."""
MOST_DRAWN, MOST_SEED = 1_000, 2**31
"""Parties of a list or pairs that one pack draws at most, and the greatest seed."""
_LONGEST_REASON, _LONGEST = 4_000, 300

_UNFIT, _CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class PackShown:
    """A pack with what reviewers said of its sample; `is_here` where it lies on the node."""

    pack: PackKept
    reviewed: Reviewed
    missed: str
    bounds: str
    is_here: bool


def show_validation(visit: Visit) -> Response:
    """Show packs and the changes that were proposed, with the forms that ask for more."""
    return _validation_page(visit)


def _validation_page(
    visit: Visit, faults: Mapping[str, Sentence | str] | None = None, form: str = ""
) -> Response:
    """Render the page; `form` is the one that was sent with faults."""
    every = proposals(visit.desk)
    return visit.render(
        "screening/validation.html",
        status=_UNFIT if faults else 200,
        packs=_packs(visit),
        proposals=every,
        may_work=visit.may(Action.VALIDATION_WORK),
        known=list_options(visit),
        fault_in=lambda name, part: (faults or {}).get(part, "") if name == form else "",
        given_in=lambda name, part: visit.text(part) if name == form else _USUAL.get(part, ""),
        **_words(visit, every),
    )


_PACK, _CHANGE, _LIST = "pack", "change", "list"
_BOUNDS = {"seed": (0, MOST_SEED), "names": (1, MOST_DRAWN), "sample": (0, MOST_DRAWN)}
_USUAL = {"seed": "1", "names": str(NAMES), "sample": str(SAMPLE)}


def ask_pack(visit: Visit) -> Response:
    """Ask for the job that makes a pack."""
    found, faults = dict[str, int](), dict[str, Sentence | str]()
    for name, (least, most) in _BOUNDS.items():
        text = visit.text(name)
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if is_number and least <= int(text) <= most:
            found[name] = int(text)
        else:
            faults[name] = visit._(
                "Give a whole number from %(least)s to %(most)s.", least=least, most=most
            )
    if faults:
        return _validation_page(visit, faults, _PACK)
    job = ask_job(visit.desk, ValidationJob(**found))
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The pack waits to be made."))


def ask_change(visit: Visit) -> Response:
    """Ask for the job that replays a score of an alert, or the installed algorithm."""
    faults = _reason_faults(visit)
    threshold = None
    if visit.text("threshold"):
        try:
            threshold = threshold_of(visit.text("threshold"))
        except ChangeRefusedError as error:
            faults["threshold"] = error.sentence
    if faults:
        return _validation_page(visit, faults, _CHANGE)
    return _asked(visit, ScreeningChangeJob(visit.text("reason"), threshold))


def ask_list_change(visit: Visit) -> Response:
    """Keep the file of a form and ask for the job that replays it before it is taken in."""
    faults = _reason_faults(visit)
    files = [
        one for one in visit.form.getlist("file") if isinstance(one, UploadFile) and one.filename
    ]
    if len(files) != 1:
        faults["file"] = visit._("Choose one file.")
    if len(visit.text("list")) > _LONGEST:
        faults["list"] = visit._("This is too long.")
    published = None
    try:
        published = parse_day(visit.text("published")) if visit.text("published") else None
    except ValueError:
        faults["published"] = visit._("This is no day; write e.g. 2026-01-31.")
    if faults:
        return _validation_page(visit, faults, _LIST)
    kept = work_files(visit.served.node).keep(files[0].filename or "", blocks(files[0].file))
    list_id = visit.text("list") or None
    asked = ScreeningChangeJob(
        visit.text("reason"), file=kept, list_id=list_id, published=published
    )
    return _asked(visit, asked)


def _reason_faults(visit: Visit) -> dict[str, Sentence | str]:
    reason = visit.text("reason")
    if not reason:
        return {"reason": visit._("Say why.")}
    return {"reason": visit._("This is too long.")} if len(reason) > _LONGEST_REASON else {}


def _asked(visit: Visit, asked: ScreeningChangeJob) -> Response:
    job = ask_job(visit.desk, asked)
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The change waits to be replayed."))


def _words(visit: Visit, shown: Sequence[Proposal]) -> dict[str, Any]:
    ids = [name for one in shown for name in (one.proposed_by, one.decided_by)]
    return {"words_of": words_of, "named": people_named(visit, ids), **listed_words(visit)}


def _packs(visit: Visit) -> list[PackShown]:
    kept = visit.desk.store.validation
    here = packs_on_node(visit.served.node, visit.desk)
    shown = []
    for one in reviews(kept):
        value, bounds = one.missed.value, one.missed.bounds
        between = "" if bounds is None else f"{percent(bounds[0])} – {percent(bounds[1])}"
        missed = "" if value is None else percent(value)
        shown.append(PackShown(one.pack, one, missed, between, one.pack.pack_id in here))
    return shown


def give_pack(visit: Visit) -> Response:
    """Give a pack as one file."""
    given = pack_archive(visit.served.node, visit.desk, visit.path["pack"])
    headers = {"Content-Disposition": f'attachment; filename="{given.name}"'}
    return Response(given.content, headers=headers, media_type="application/zip")


def show_sample(visit: Visit) -> Response:
    """Show the pairs just below the score of an alert, with the form for a verdict."""
    return _sample_page(visit)


def _sample_page(visit: Visit, fault: Sentence | str = "") -> Response:
    try:
        now = past_now(visit.served.node, visit.desk)
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back=BACK)
    pack = visit.query.get("pack") or visit.text("pack") or None
    shown = samples_shown(visit.desk, now.screened, now.lists, pack)
    return visit.render(
        "screening/sample.html",
        status=_UNFIT if fault else 200,
        rows=sorted(shown, key=_in_order),
        waiting=sum(one.verdict is None for one in shown),
        pack=pack or "",
        fault=fault,
        faulty=visit.text("sample") if fault else "",
        given=visit.text,
        verdicts=[
            (SampleVerdict.DIFFERENT.value, visit._("they are two")),
            (SampleVerdict.SAME.value, visit._("they are one: screening missed it")),
            (SampleVerdict.UNCLEAR.value, visit._("it cannot be told")),
        ],
        named=people_named(visit, [one.verdict.by for one in shown if one.verdict]),
        may_judge=visit.may(Action.VALIDATION_WORK),
        **listed_words(visit),
    )


def _in_order(one: SampleShown) -> tuple[bool, int]:
    return one.verdict is not None, -one.pair.score


_VERDICTS: Mapping[str, SampleVerdict] = {one.value: one for one in SampleVerdict}


def judge_pair(visit: Visit) -> Response:
    """Keep a reviewer's word on a pair."""
    verdict = _VERDICTS.get(visit.text("verdict"))
    if verdict is None:
        return _sample_page(visit, visit._("Choose what you say of the two."))
    try:
        judge(visit.desk, visit.text("sample"), verdict, visit.text("reason"))
    except VerdictRefusedError as error:
        return _sample_page(visit, error.sentence)
    return visit.redirect(
        f"{BACK}/sample?pack={visit.text('pack')}", visit._("It is kept; the next pack counts it.")
    )


def show_change(visit: Visit) -> Response:
    """Show a proposed change with its replay, and the form to activate it."""
    return _change_page(visit)


def _change_page(visit: Visit, fault: Sentence | str = "", status: int = _UNFIT) -> Response:
    one = proposal_at(visit.desk, visit.path["proposal"])
    shifts = named_shifts(visit.desk.store, [one])
    is_waiting = one.state is ProposalState.PROPOSED
    return visit.render(
        "screening/change.html",
        status=status if fault else 200,
        one=one,
        shifts=shifts[:MOST_SHIFTS],
        left_out=max(len(shifts) - MOST_SHIFTS, 0),
        installed=installed_algorithm(visit.served.node, visit.desk),
        is_waiting=is_waiting,
        is_own=one.proposed_by.casefold() in acting_names(visit.desk),
        may_decide=visit.may(Action.VALIDATION_DECIDE) and is_waiting,
        may_withdraw=visit.may(Action.VALIDATION_WORK) and is_waiting,
        fault=fault,
        given=visit.text,
        **_words(visit, [one]),
    )


def act_on_change(visit: Visit) -> Response:
    """Activate, reject or withdraw a proposed change."""
    name, reason = visit.path["proposal"], visit.text("reason")
    there = f"{BACK}/changes/{name}"
    try:
        match visit.text("act"):
            case "activate" | "reject" as what:
                decide(
                    visit.desk,
                    name,
                    is_activated=what == "activate",
                    installed=installed_algorithm(visit.served.node, visit.desk),
                    reason=reason,
                    known_as=acting_names(visit.desk),
                )
                told = (
                    visit._("It is activated; the next run screens with it.")
                    if what == "activate"
                    else visit._("It is rejected.")
                )
            case "withdraw":
                withdraw(visit.desk, name, reason)
                told = visit._("It is withdrawn.")
            case _:
                return visit.redirect(there, visit._("Nothing was changed."), NoticeKind.WARNING)
    except ChangeRefusedError as error:
        return _change_page(visit, error.sentence)
    except ProposalChangedError:
        fault = visit._("Somebody else decided about it meanwhile.")
        return _change_page(visit, fault, _CONFLICT)
    return visit.redirect(there, told)


PAGES: tuple[Page, ...] = (
    page("/screening/validation", show_validation, Action.VALIDATION_READ),
    post("/screening/validation/packs", ask_pack, Action.VALIDATION_WORK),
    post("/screening/validation/changes", ask_change, Action.VALIDATION_WORK),
    post(
        "/screening/validation/lists",
        ask_list_change,
        Action.VALIDATION_WORK,
        body_limit=UPLOAD_LIMIT,
    ),
    page("/screening/validation/packs/{pack}", give_pack, Action.VALIDATION_READ),
    page("/screening/validation/sample", show_sample, Action.VALIDATION_READ),
    post("/screening/validation/sample", judge_pair, Action.VALIDATION_WORK),
    page("/screening/validation/changes/{proposal}", show_change, Action.VALIDATION_READ),
    post("/screening/validation/changes/{proposal}", act_on_change, Action.VALIDATION_READ),
)
