"""Validation of screening: packs, the sample below the alert, and changes that wait for a second.

A pack and a replay take long and are made at the command line; here they are
read, judged and decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from sluicegate.core.quantities import percent
from sluicegate.core.reasons import Sentence
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
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
    withdraw,
)
from sluicegate.services.screening.validation.sampling import (
    Reviewed,
    SampleShown,
    VerdictRefusedError,
    judge,
    reviews,
    samples_shown,
)
from sluicegate.web.case_parts import people_named
from sluicegate.web.listed_words import listed_words
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit
from sluicegate.wiring.validation import (
    installed_algorithm,
    pack_archive,
    packs_on_disk,
    past_now,
)

BACK = "/screening/validation"
MOST_SHIFTS = 500
"""Alerts gained and lost that one page names; the pack has all."""

_UNFIT, _CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class PackShown:
    """A pack with what reviewers said of its sample; `file` is "" where its folder is gone."""

    pack: PackKept
    reviewed: Reviewed
    missed: str
    bounds: str
    file: str


def show_validation(visit: Visit) -> Response:
    """Show packs and the changes that were proposed."""
    every = proposals(visit.desk)
    return visit.render(
        "screening/validation.html",
        packs=_packs(visit),
        proposals=every,
        waiting=sum(one.state is ProposalState.PROPOSED for one in every),
        **_words(visit, every),
    )


def _words(visit: Visit, shown: Sequence[Proposal]) -> dict[str, Any]:
    ids = [name for one in shown for name in (one.proposed_by, one.decided_by)]
    return {"words_of": words_of, "named": people_named(visit, ids), **listed_words(visit)}


def _packs(visit: Visit) -> list[PackShown]:
    kept = visit.desk.store.validation
    files = {
        one.name.partition("-v-")[2]: one.name
        for one in packs_on_disk(visit.served.node, visit.desk).made()
    }
    shown = []
    for one in reviews(kept):
        value, bounds = one.missed.value, one.missed.bounds
        between = "" if bounds is None else f"{percent(bounds[0])} – {percent(bounds[1])}"
        file = files.get(one.pack.pack_id.removeprefix("v-"), "")
        missed = "" if value is None else percent(value)
        shown.append(PackShown(one.pack, one, missed, between, file))
    return shown


def give_pack(visit: Visit) -> Response:
    """Give a pack as one file."""
    name = visit.path["pack"]
    content = pack_archive(packs_on_disk(visit.served.node, visit.desk), name)
    if content is None:
        raise NotFoundError("pack", name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(content, headers=headers, media_type="application/zip")


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
    page("/screening/validation/packs/{pack}", give_pack, Action.VALIDATION_READ),
    page("/screening/validation/sample", show_sample, Action.VALIDATION_READ),
    post("/screening/validation/sample", judge_pair, Action.VALIDATION_WORK),
    page("/screening/validation/changes/{proposal}", show_change, Action.VALIDATION_READ),
    post("/screening/validation/changes/{proposal}", act_on_change, Action.VALIDATION_READ),
)
