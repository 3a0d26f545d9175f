"""Listed parties: their entries over all lists, and a person's word on which entries are one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.screening.joining import party_id_of
from sluicegate.screening.parties import ListedParty
from sluicegate.services.access.actions import Action
from sluicegate.services.dossiers.match import ListedSide, listed_side
from sluicegate.services.lists import showing
from sluicegate.services.lists.parts import ListRefusedError, StaleListError, UnknownListError
from sluicegate.services.lists.uniting import join_by_hand, split_by_hand
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.screening.names import screen_typed
from sluicegate.web.listed_words import gone_days, listed_words
from sluicegate.web.pages.screening_lists import BACK, parts_of
from sluicegate.web.pages.screening_matches import lists_in_use
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_UNFIT = 422
_LONGEST = 1_000
_NEAREST = 6
"""Listed parties of a like name that the form of joining offers."""


@dataclass(frozen=True, slots=True)
class Near:
    """A listed party whose name is near, with the score of the two names."""

    party: ListedParty
    score: int


def show_party(visit: Visit) -> Response:
    """Show a listed party: its entries on all lists, and why they are one."""
    found = _found(visit, visit.path["party"])
    if isinstance(found, Response):
        return found
    lists, parts = lists_in_use(visit), parts_of(visit)
    surviving = {} if lists is None else lists.survivors
    unions = [
        one
        for one in parts.store.lists.unions()
        if found.party_id in (one.party_id, one.into, surviving.get(one.party_id))
    ]
    return visit.render(
        "screening/party.html",
        party_id=found.party_id,
        entries=found.shown,
        is_gone=not found.entries,
        versions={} if lists is None else lists.versions,
        gone_on=gone_days(found.gone),
        name=found.shown[0].primary_name,
        unions=unions,
        may_decide=visit.may(Action.LIST_DECIDE),
        **listed_words(visit),
    )


def _found(visit: Visit, text: str) -> ListedSide | Response:
    """Return the party that an address names, by itself or by LIST:ENTRY; else a page of why."""
    named = party_id_of(showing.key_of(text)) if ":" in text else text
    try:
        found = listed_side(parts_of(visit), lists_in_use(visit), named)
    except ListRefusedError:
        return problem_page(visit, Problem.NOT_FOUND, back=BACK)
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back=BACK)
    return found if found.shown else problem_page(visit, Problem.NOT_FOUND, back=BACK)


def show_join(visit: Visit) -> Response:
    """Show a party beside another that may be the same."""
    return _join_page(visit)


def _join_page(visit: Visit, refusal: Sentence | str = "") -> Response:
    found = _found(visit, visit.path["party"])
    if isinstance(found, Response):
        return found
    asked = visit.text("other") or visit.query.get("other", "").strip()
    other = _found(visit, asked) if asked else None
    is_other = isinstance(other, ListedSide) and other.party_id != found.party_id
    if asked and not is_other and not refusal:
        refusal = visit._("No list has another party of this id.")
    lists = lists_in_use(visit)
    return visit.render(
        "screening/join.html",
        status=_UNFIT if refusal else 200,
        party_id=found.party_id,
        name=found.shown[0].primary_name,
        entries=found.shown,
        other=other if is_other else None,
        asked=asked,
        versions={} if lists is None else lists.versions,
        near=() if is_other else _near(visit, found),
        refusal=refusal,
        given=visit.text,
        **listed_words(visit),
    )


def _near(visit: Visit, found: ListedSide) -> list[Near]:
    """Return the listed parties whose names are nearest to the party's own."""
    try:
        at_hand = visit.served.names.at(visit.served.node, visit.desk, allow_stale=True)
    except StaleListError:
        return []
    first = found.shown[0]
    query = {"name": first.primary_name, "schema": first.schema.value}
    [pairs] = screen_typed(visit.desk, at_hand, [query], _NEAREST).found
    others = [one for one in pairs if one.listed_id != found.party_id]
    return [Near(at_hand.lists.parties[one.listed_id], one.score) for one in others]


def join(visit: Visit) -> Response:
    """Make one party of two, for the reason of the form."""
    refusal = _reason_fault(visit)
    if refusal or not visit.text("other"):
        return _join_page(visit, refusal)
    try:
        union = join_by_hand(
            parts_of(visit, Action.LIST_DECIDE),
            visit.path["party"],
            visit.text("other"),
            visit.text("reason"),
        )
    except UnknownListError:
        return problem_page(visit, Problem.NOT_FOUND, back=BACK)
    except ListRefusedError as error:
        return _join_page(visit, error.sentence)
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back=BACK)
    told = visit._("The two are one party now; the next run of screening takes it up.")
    return visit.redirect(f"/screening/parties/{quote(union.into, safe='')}", told)


def show_split(visit: Visit) -> Response:
    """Show the entries of a party, to take some out."""
    return _split_page(visit)


def _split_page(visit: Visit, refusal: Sentence | str = "") -> Response:
    found = _found(visit, visit.path["party"])
    if isinstance(found, Response):
        return found
    return visit.render(
        "screening/split.html",
        status=_UNFIT if refusal else 200,
        party_id=found.party_id,
        name=found.shown[0].primary_name,
        entries=found.shown,
        ticked=visit.texts("entries"),
        refusal=refusal,
        given=visit.text,
        **listed_words(visit),
    )


def split(visit: Visit) -> Response:
    """Take the ticked entries out of a party, for the reason of the form."""
    refusal = _reason_fault(visit)
    if refusal:
        return _split_page(visit, refusal)
    try:
        keys = [showing.key_of(one) for one in visit.texts("entries")]
        parts = parts_of(visit, Action.LIST_DECIDE)
        parted = split_by_hand(parts, visit.path["party"], keys, visit.text("reason"))
    except UnknownListError:
        return problem_page(visit, Problem.NOT_FOUND, back=BACK)
    except ListRefusedError as error:
        return _split_page(visit, error.sentence)
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back=BACK)
    told = visit._("The entries are a party of their own now; no rule joins them again.")
    return visit.redirect(f"/screening/parties/{quote(parted, safe='')}", told)


def _reason_fault(visit: Visit) -> str:
    if not visit.text("reason"):
        return visit._("Say why; it is kept.")
    return visit._("This is too long.") if len(visit.text("reason")) > _LONGEST else ""


PAGES: tuple[Page, ...] = (
    page("/screening/parties/{party}", show_party, Action.LIST_READ),
    page("/screening/parties/{party}/join", show_join, Action.LIST_DECIDE),
    post("/screening/parties/{party}/join", join, Action.LIST_DECIDE),
    page("/screening/parties/{party}/split", show_split, Action.LIST_DECIDE),
    post("/screening/parties/{party}/split", split, Action.LIST_DECIDE),
)
