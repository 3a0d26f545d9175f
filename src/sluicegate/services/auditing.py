"""The audit: who did what, when and why, as far as one may see it."""

from __future__ import annotations

from dataclasses import replace

from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.paging import Cursor, Page, filter_digest, page_of, require_limit
from sluicegate.services.ports.audit import ActFilter, ActRow


def list_acts(desk: Desk, wanted: ActFilter, *, cursor: str | None, limit: int) -> Page[ActRow]:
    """Return a page of acts, the newest first; the reading is an act itself.

    An act names no jurisdiction. Who sees some jurisdictions only therefore
    sees their own acts only.

    Raises:
        RefusedError: the principal may not read the audit.
        CursorError: the cursor or the limit cannot be used.
    """
    limit = require_limit(limit)
    desk.read(Action.AUDIT_READ, desk.of(Action.AUDIT_READ.noun))
    own = _bounded(desk, wanted)
    mark = filter_digest(
        {
            "name": own.name,
            "by": own.by,
            "since": None if own.since is None else own.since.isoformat(),
            "until": None if own.until is None else own.until.isoformat(),
            "text": own.text,
        }
    )
    before = None
    if cursor is not None:
        before = str(Cursor.decode(cursor, mark, (str,)).keys[0])
    if own.by != wanted.by and wanted.by:
        return Page(())
    found = desk.store.audit.page(desk.scope, own, before=before, limit=limit + 1)
    return page_of(found, limit, lambda act: (act.act_id,), mark)


def read_act(desk: Desk, act_id: str) -> ActRow:
    """Return one act.

    Raises:
        NotFoundError: there is none, or it lies outside what the principal sees.
    """
    desk.read(Action.AUDIT_READ, desk.of(Action.AUDIT_READ.noun))
    found = desk.store.audit.act_of(desk.scope, act_id)
    if found is None or (desk.scope.jurisdictions is not None and found.by != desk.principal.id):
        raise NotFoundError("act", act_id)
    return found


def _bounded(desk: Desk, wanted: ActFilter) -> ActFilter:
    if desk.scope.jurisdictions is None:
        return wanted
    return replace(wanted, by=desk.principal.id)
