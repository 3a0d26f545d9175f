"""The reports made on the node, and their files."""

from __future__ import annotations

from sluicegate.core.reasons import say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.reports import ReportMade

REPORT = "report"


def reports(desk: Desk, parts: NodeParts) -> tuple[ReportMade, ...]:
    """Return the reports, the last made in front. Raises RefusedError."""
    _must_see_all(desk)
    return tuple(parts.reports.made())


def report_file(desk: Desk, parts: NodeParts, report: str, file: str) -> bytes:
    """Return a file of a report as it was written. Raises NotFoundError, RefusedError."""
    _must_see_all(desk)
    found = parts.reports.read(report, file)
    if found is None:
        raise NotFoundError(REPORT, f"{report}/{file}")
    return found


def _must_see_all(desk: Desk) -> None:
    """Go on only for a principal of every jurisdiction and of the node's tenant."""
    desk.must(Action.REPORT_READ)
    if desk.scope.jurisdictions is not None:
        reason = say(
            "A report holds the findings of every jurisdiction; you may see those of some only."
        )
        raise RefusedError(Action.REPORT_READ.value, (reason,))
