"""A name that somebody types, against the lists in use: the nearest listed parties and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from sluicegate.rules.countries import country_names
from sluicegate.rules.showing import titled
from sluicegate.screening.entries import Schema
from sluicegate.screening.parties import ListedParty
from sluicegate.services.access.actions import Action
from sluicegate.services.lists.parts import StaleListError
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.matches import Pair
from sluicegate.services.screening.names import AtHand, screen_typed
from sluicegate.web.listed_words import (
    PartShown,
    listed_words,
    parts_shown,
    reasons_shown,
    schema_options,
)
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

SHOWN = 10
"""Listed parties shown for a name."""

LONGEST = 1_000
"""Characters of a name; the engine cuts longer ones."""

_BIRTH = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_UNFIT = 422


@dataclass(frozen=True, slots=True)
class Nearest:
    """A listed party beside the name that was typed."""

    party: ListedParty
    pair: Pair
    is_alert: bool
    parts: tuple[PartShown, ...]
    reasons: tuple[Any, ...]


def show_form(visit: Visit) -> Response:
    """Show the form for a name."""
    return _names_page(visit, {})


def screen_it(visit: Visit) -> Response:
    """Screen the name of the form; it stands in no address and nothing of it is kept."""
    faults = _faults(visit)
    if faults:
        return _names_page(visit, faults)
    return _names_page(visit, {}, is_asked=True)


def _faults(visit: Visit) -> Mapping[str, str]:
    name, born = visit.text("name"), visit.text("birth_date")
    faults = {}
    if not name:
        faults["name"] = visit._("Give a name.")
    elif len(name) > LONGEST:
        faults["name"] = visit._("This is too long.")
    if born and not _BIRTH.fullmatch(born):
        faults["birth_date"] = visit._("Write e.g. 1961, 1961-05 or 1961-05-16.")
    if visit.text("schema") not in ("", *(one.value for one in Schema)):
        faults["schema"] = visit._("There is no such kind.")
    if visit.text("country") not in ("", *country_names()):
        faults["country"] = visit._("There is no such country.")
    return faults


def _names_page(visit: Visit, faults: Mapping[str, str], *, is_asked: bool = False) -> Response:
    try:
        at_hand = visit.served.names.at(visit.served.node, visit.desk, allow_stale=True)
    except StaleListError:
        at_hand = None
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/screening/lists")
    found = _found(visit, at_hand) if at_hand is not None and is_asked else []
    return visit.render(
        "screening/names.html",
        status=_UNFIT if faults else 200,
        has_lists=at_hand is not None,
        versions={} if at_hand is None else at_hand.lists.versions,
        stale=() if at_hand is None else at_hand.lists.stale,
        threshold=0 if at_hand is None else at_hand.scored.threshold,
        algorithm="" if at_hand is None else at_hand.scored.algorithm,
        found=found,
        alerts=sum(one.is_alert for one in found),
        is_asked=is_asked,
        faults=faults,
        given=visit.text,
        schemas=schema_options(visit),
        countries=[(code, titled(name, visit.language)) for code, name in country_names().items()],
        may_load=visit.may(Action.LIST_LOAD),
        **listed_words(visit),
    )


def _found(visit: Visit, at_hand: AtHand) -> list[Nearest]:
    query = {name: visit.text(name) for name in ("name", "schema", "birth_date", "country")}
    [pairs] = screen_typed(visit.desk, at_hand, [query], SHOWN).found
    return [
        Nearest(
            at_hand.lists.parties[one.listed_id],
            one,
            one.score >= at_hand.scored.threshold,
            parts_shown(visit, one),
            reasons_shown(one),
        )
        for one in pairs
        if one.score > 0
    ]


PAGES: tuple[Page, ...] = (
    page("/screening/names", show_form, Action.LIST_READ),
    post("/screening/names", screen_it, Action.LIST_READ),
)
