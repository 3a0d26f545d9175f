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
    """Return the reports, the last made in front. Raises RefusedError.

    The folder holds reports of the node's own tenant; to another one it is empty.
    """
    _must_see_all(desk)
    return tuple(parts.reports.made()) if _is_own(desk, parts) else ()


def report_file(desk: Desk, parts: NodeParts, report: str, file: str) -> bytes:
    """Return a file of a report as it was written. Raises NotFoundError, RefusedError."""
    _must_see_all(desk)
    found = parts.reports.read(report, file) if _is_own(desk, parts) else None
    if found is None:
        raise NotFoundError(REPORT, f"{report}/{file}")
    return found


def _is_own(desk: Desk, parts: NodeParts) -> bool:
    """Say whether the reports on the disk are those of the principal's tenant."""
    return desk.principal.tenant == parts.settings.tenant


def _must_see_all(desk: Desk) -> None:
    """Go on only for a principal of every jurisdiction."""
    desk.must(Action.REPORT_READ)
    if desk.scope.jurisdictions is not None:
        reason = say(
            "A report holds the findings of every jurisdiction; you may see those of some only."
        )
        raise RefusedError(Action.REPORT_READ.value, (reason,))
