"""The audit: who did what, when and why; a page of acts, one act, and all as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from starlette.responses import Response, StreamingResponse

from sluicegate.core.calendars import parse_day
from sluicegate.core.cells import harmless
from sluicegate.core.exact import load_json
from sluicegate.services.access.actions import Action
from sluicegate.services.auditing import list_acts, read_act
from sluicegate.services.paging import MOST_ROWS, CursorError
from sluicegate.services.ports.audit import ActFilter, ActRow
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit

ROWS = 100
COLUMNS = ("act", "at", "by", "name", "reason", "digest", "record")
_FILTERS = ("name", "by", "since", "until", "text")


def show_audit(visit: Visit) -> Response:
    """Show a page of acts, the newest first; filters stand in the query."""
    wanted, faults = _wanted(visit)
    try:
        found = list_acts(visit.desk, wanted, cursor=visit.query.get("cursor"), limit=ROWS)
    except CursorError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/audit")
    following = found.next_cursor
    return visit.render(
        "audit/list.html",
        acts=found.rows,
        following=None if following is None else visit.url(cursor=following),
        first=visit.url(cursor=None) if "cursor" in visit.query else None,
        csv=visit.url(cursor=None).replace("/audit", "/audit.csv", 1),
        faults=faults,
        given={
            name: visit.query.get(name, "") for name in ("name", "by", "since", "until", "text")
        },
    )


def _wanted(visit: Visit) -> tuple[ActFilter, dict[str, str]]:
    """Return what is asked for; days are whole days, UTC, the last one included."""
    faults: dict[str, str] = {}

    def instant(name: str, days: int) -> datetime | None:
        text = visit.query.get(name, "").strip()
        try:
            if not text:
                return None
            return datetime.combine(parse_day(text) + timedelta(days=days), time(), UTC)
        except (ValueError, OverflowError):
            faults[name] = visit._("This is no day; write e.g. 2026-01-31.")
            return None

    query = visit.query
    wanted = ActFilter(
        name=query.get("name", "").strip(),
        by=query.get("by", "").strip(),
        since=instant("since", 0),
        until=instant("until", 1),
        text=query.get("text", "").strip(),
    )
    return wanted, faults


def export_audit(visit: Visit) -> Response:
    """Give all acts that fit the filters as CSV, the newest first."""
    wanted, faults = _wanted(visit)
    if faults:
        return problem_page(visit, Problem.UNFIT, reasons=list(faults.values()), back="/audit")
    visit.desk.must(Action.AUDIT_READ)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(
        _lines(visit, wanted), media_type="text/csv; charset=utf-8", headers=headers
    )


def _lines(visit: Visit, wanted: ActFilter) -> Iterator[str]:
    yield _line(COLUMNS)
    cursor: str | None = None
    while True:
        found = list_acts(visit.desk, wanted, cursor=cursor, limit=MOST_ROWS)
        for act in found.rows:
            yield _line(_cells(act))
        cursor = found.next_cursor
        if cursor is None:
            return


def _cells(act: ActRow) -> tuple[str, ...]:
    record = act.canonical.decode("utf-8")
    return (act.act_id, act.at.isoformat(), act.by, act.name, act.reason, act.digest, record)


def _line(cells: tuple[str, ...]) -> str:
    """Return a line of CSV that no spreadsheet takes for a formula."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(map(harmless, cells))
    return buffer.getvalue()


def show_act(visit: Visit) -> Response:
    """Show one act with its record, as it was written."""
    act = read_act(visit.desk, visit.path["act"])
    document = load_json(act.canonical.decode("utf-8"))
    return visit.render("audit/show.html", act=act, record=document.get("record", {}))


PAGES: tuple[Page, ...] = (
    page("/audit", show_audit, Action.AUDIT_READ),
    page("/audit.csv", export_audit, Action.AUDIT_READ),
    page("/audit/{act}", show_act, Action.AUDIT_READ),
)
