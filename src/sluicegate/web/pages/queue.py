"""The queue of cases: filters in the address, counts, saved views, the next case, bulk acts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response, StreamingResponse

from sluicegate.cases.case import Priority, State
from sluicegate.cases.commands import Assign
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filters import ALL, KEYS, ME, NOBODY, Filter, FilterError, Order
from sluicegate.core.phrases import Language, term
from sluicegate.services.access.actions import Action
from sluicegate.services.access.jurisdictions import jurisdictions
from sluicegate.services.casework.acting import TooManyError, act, bulk
from sluicegate.services.casework.colleagues import Colleague, colleagues
from sluicegate.services.casework.exporting import export_csv, export_rows
from sluicegate.services.casework.faceting import Choices, Counted, Heap, choices, heaps
from sluicegate.services.casework.queue import (
    drop_view,
    next_case,
    queue,
    save_view,
    views,
)
from sluicegate.services.findings import SubjectKind
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.web.case_commands import CommandFaultsError, read_command
from sluicegate.web.case_forms import BULK, act_form, bulk_form, one_for_many
from sluicegate.web.case_parts import due_shown, people_named, place_named, rule_title
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit

CURSOR, TRAIL, PAGE = "cursor", "trail", "in"
_BEGIN = "0"
_BETWEEN = "~"
_MOST_TRAIL = 40
"""Pages back that an address remembers; further back the list begins anew."""

_KINDS = tuple(one.value for one in SubjectKind)
_TRIES = 5
"""Cases that are tried for whoever takes the next one while others take theirs."""

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The choices of each filter with their counts, and what is chosen."""

    states: Sequence[Option]
    priorities: Sequence[Option]
    jurisdictions: Sequence[Option]
    assignees: Sequence[Option]
    rules: Sequence[Option]
    subject_kinds: Sequence[Option]
    orders: Sequence[Option]
    chosen: Mapping[str, str]
    others: Mapping[str, str]
    """Parts of the filter that have no field of their own, by name."""


def show_queue(visit: Visit) -> Response:
    """Show a page of the queue."""
    try:
        wanted = wanted_of(visit.query.multi_items())
        found = queue(visit.desk, wanted, visit.query.get(CURSOR) or None, DEFAULT_LIMIT)
    except (FilterError, CursorError) as error:
        return _unread(visit, error)
    query = urlencode(wanted.as_query())
    team = colleagues(visit.desk)
    counted = choices(visit.desk, wanted)
    ids = [one for row in found.rows for one in (row.assignee, row.escalated_to)]
    return visit.render(
        "cases/queue.html",
        rows=found.rows,
        total=counted.total,
        form=_filter_form(visit, wanted, counted, team),
        heaps=[_heap_shown(visit, one, wanted) for one in heaps(visit.desk)],
        views=[
            (one.name, f"/cases?{urlencode(one.query)}", one.query == wanted.as_query())
            for one in views(visit.desk)
        ],
        query=query,
        context=context_of(query),
        previous=_previous(visit),
        following=_following(visit, found.next_cursor),
        due=due_shown(visit),
        rule=rule_title(visit),
        named=people_named(visit, ids),
        place=place_named(visit),
        bulk=bulk_form(visit, team),
        may_export=visit.may(Action.CASE_EXPORT),
        may_open=visit.may(Action.CASE_OPEN),
        may_work=visit.may(Action.CASE_WORK),
        may_take=visit.may(Action.CASE_ASSIGN),
        may_seal=bool(visit.principal.sealed_groups) and visit.may(Action.SEALED_OPEN),
    )


def wanted_of(pairs: Sequence[tuple[str, str]]) -> Filter:
    """Return the filter of a query; parts that are the page's own are passed over.

    Raises:
        FilterError: an unknown part, or a value that cannot stand there.
    """
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name not in (CURSOR, TRAIL):
            given.setdefault(name, []).append(text)
    mapping: Mapping[str, Sequence[str]] = given
    return Filter.from_query(mapping)


def query_of(text: str) -> Filter:
    """Return the filter that a query string in a form or an address holds. Raises FilterError."""
    return wanted_of(parse_qsl(text[:4_000]))


def _unread(visit: Visit, error: ValueError, back: str = "/cases") -> Response:
    """Say that an address or a form cannot be read; in English with what the service says."""
    reasons = [visit._("A part of the address or of the form cannot be read.")]
    if visit.language is Language.EN:
        reasons.append(str(error))
    return problem_page(visit, Problem.UNFIT, reasons=reasons, back=back)


def view_path(query: str) -> str:
    """Return the address of a view from its query string; the whole queue for what is none."""
    try:
        said = urlencode(query_of(query).as_query())
    except FilterError:
        return "/cases"
    return f"/cases?{said}" if said else "/cases"


def context_of(query: str) -> str:
    """Return what an address of a case says of the view from which it was reached."""
    _path, _question, said = view_path(query).partition("?")
    return f"?{urlencode({PAGE: said})}" if said else ""


def _previous(visit: Visit) -> str | None:
    trail = [one for one in visit.query.get(TRAIL, "").split(_BETWEEN) if one]
    if not trail:
        return None if CURSOR not in visit.query else visit.url(cursor=None, trail=None)
    back, rest = trail[-1], trail[:-1]
    return visit.url(
        cursor=None if back == _BEGIN else back, trail=_BETWEEN.join(rest) if rest else None
    )


def _following(visit: Visit, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    trail = [one for one in visit.query.get(TRAIL, "").split(_BETWEEN) if one]
    trail.append(visit.query.get(CURSOR) or _BEGIN)
    return visit.url(cursor=cursor, trail=_BETWEEN.join(trail[-_MOST_TRAIL:]))


def _heap_shown(visit: Visit, heap: Heap, wanted: Filter) -> dict[str, Any]:
    there = replace(heap.wanted, order=wanted.order)
    query = there.as_query()
    return {
        "name": visit._(HEAPS[heap.name]),
        "count": heap.count,
        "path": f"/cases?{urlencode(query)}" if query else "/cases",
        "is_here": there == wanted,
    }


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it."""
    return text


HEAPS = {
    "wants_work": _("Wants work"),
    "mine": _("Mine"),
    "nobodys": _("Nobody's"),
    "late": _("Late"),
    "handed_up": _("Handed up"),
    "to_check": _("Waits for my check"),
}
"""The ready filters by name, as the page calls them."""


def _filter_form(
    visit: Visit, wanted: Filter, counted: Choices, team: Sequence[Colleague]
) -> FilterForm:
    chosen = wanted.as_query()
    language = visit.language
    place, rule = place_named(visit), rule_title(visit)

    def options(pairs: Sequence[Option], counts: Counted, part: str) -> list[Option]:
        shown = [
            (value, label if counts is None else f"{label} ({counts.get(value, 0)})")
            for value, label in pairs
        ]
        value = chosen.get(part, "")
        if value and value not in {one for one, _ in pairs}:
            labels = [dict(pairs).get(one, one) for one in value.split(",")]
            shown.append((value, visit._(", ").join(labels)))
        return shown

    states = [(one.value, term(one.value, language)) for one in State]
    every = counted.states and {**counted.states, ALL: sum(counted.states.values())}
    people = [(ME, visit._("me")), (NOBODY, visit._("nobody")), *((p.id, p.name) for p in team)]
    own = counted.assignees and {
        **counted.assignees,
        ME: counted.assignees.get(visit.principal.id, 0),
    }
    places = sorted({*(counted.jurisdictions or jurisdictions())} - {""})
    fields = {
        *("state", "priority", "jurisdiction", "assignee", "rule", "subject_kind"),
        *("due_before", "escalated", "text", "order"),
    }
    return FilterForm(
        states=options([*states, (ALL, visit._("every state"))], every, "state"),
        priorities=options(
            [(one.code, term(one.code, language)) for one in Priority],
            counted.priorities,
            "priority",
        ),
        jurisdictions=options(
            [(one, place(one)) for one in places], counted.jurisdictions, "jurisdiction"
        ),
        assignees=options(people, own, "assignee"),
        rules=options(
            sorted(((one, rule(one)) for one in counted.rules or ()), key=lambda pair: pair[1]),
            counted.rules,
            "rule",
        ),
        subject_kinds=options(
            [
                (one, term(one, language))
                for one in sorted({*(counted.subject_kinds or _KINDS)} - {""})
            ],
            counted.subject_kinds,
            "subject_kind",
        ),
        orders=[(Order.DUE.value, visit._("the nearest due day first"))],
        chosen={name: chosen.get(name, "") for name in KEYS},
        others={name: value for name, value in chosen.items() if name not in fields},
    )


def take_next(visit: Visit) -> Response:
    """Give the first case of a view that nobody has to who asks, and open it."""
    query = visit.text("query")
    try:
        wanted = replace(query_of(query), assignee=NOBODY)
    except FilterError as error:
        return _unread(visit, error)
    for _try in range(_TRIES):
        case_id = next_case(visit.desk, wanted)
        if case_id is None:
            break
        try:
            act(visit.desk, case_id, Assign(visit.principal.id), book=visit.served.book)
        except (NotAllowedNowError, CaseChangedError):
            continue
        return visit.redirect(
            f"/cases/{case_id}{context_of(query)}", visit._("The case is yours now.")
        )
    said = visit._("No case without an assignee is left in this view.")
    return visit.redirect(view_path(query), said, NoticeKind.WARNING)


def show_next(visit: Visit) -> Response:
    """Lead to the case that follows one in a view."""
    query = visit.query.get(PAGE, "")
    try:
        following = next_case(visit.desk, query_of(query), visit.query.get("after") or None)
    except FilterError as error:
        return _unread(visit, error)
    if following is None:
        return visit.redirect(view_path(query), visit._("That was the last case of the view."))
    return visit.redirect(f"/cases/{following}{context_of(query)}")


def change_views(visit: Visit) -> Response:
    """Save the filter of the page as a view, or forget one."""
    query = visit.text("query")
    back = view_path(query)
    if visit.text("act") == "drop":
        drop_view(visit.desk, visit.text("name"))
        return visit.redirect(back, visit._("The view is forgotten."))
    try:
        saved = save_view(visit.desk, visit.text("name"), query_of(query).as_query())
    except FilterError as error:
        return _unread(visit, error, back)
    return visit.redirect(back, visit._("The view is saved as %(name)s.", name=saved.name))


def act_on_many(visit: Visit) -> Response:
    """Do the same to the cases that are ticked; say of each that refused why."""
    query, ids = visit.text("query"), visit.texts("case")
    back = view_path(query)
    if not ids:
        return visit.redirect(back, visit._("Tick one case or more first."), NoticeKind.WARNING)
    name = visit.text("act")
    if name not in BULK:
        return problem_page(visit, Problem.UNFIT, back=back)
    try:
        command = read_command(visit, name)
        result = bulk(visit.desk, ids, command, book=visit.served.book)
    except CommandFaultsError as error:
        form = one_for_many(visit, name, colleagues(visit.desk))
        return visit.render(
            "cases/bulk_again.html",
            status=422,
            form=act_form(form, visit, error.faults),
            ids=ids,
            query=query,
            back=back,
        )
    except TooManyError as error:
        return _unread(visit, error, back)
    return visit.render("cases/bulk_done.html", result=result, code=f"act_{name}", back=back)


def export_as_csv(visit: Visit) -> Response:
    """Give the view as it stands as CSV."""
    return _export(visit, "csv", "text/csv; charset=utf-8", export_csv)


def export_as_json(visit: Visit) -> Response:
    """Give the view as it stands as JSON: a list of rows."""
    return _export(visit, "json", "application/json", _json_lines)


def _export(visit: Visit, ending: str, media_type: str, rows: Any) -> Response:
    try:
        lines: Iterator[str] = rows(visit.desk, wanted_of(visit.query.multi_items()))
    except FilterError as error:
        return _unread(visit, error)
    headers = {"Content-Disposition": f'attachment; filename="cases.{ending}"'}
    return StreamingResponse(lines, media_type=media_type, headers=headers)


def _json_lines(desk: Any, wanted: Filter) -> Iterator[str]:
    rows = export_rows(desk, wanted)

    def lines() -> Iterator[str]:
        yield "["
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
        yield "\n]\n"

    return lines()


PAGES: tuple[Page, ...] = (
    page("/cases", show_queue, Action.CASE_READ),
    page("/cases.csv", export_as_csv, Action.CASE_EXPORT),
    page("/cases.json", export_as_json, Action.CASE_EXPORT),
    page("/cases/next", show_next, Action.CASE_READ),
    post("/cases/take", take_next, Action.CASE_ASSIGN),
    post("/cases/views", change_views, Action.CASE_READ),
    post("/cases/bulk", act_on_many, Action.CASE_READ),
)
