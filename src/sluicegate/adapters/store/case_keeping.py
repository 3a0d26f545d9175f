"""What people keep with cases: files, and the filters that they saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from sluicegate.adapters.store.case_scope import within
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.case import Case
from sluicegate.core.exact import dump_json, load_json
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import (
    View,
)


class CaseKeeping:
    """Keeps attachments and saved views."""

    _unit: Unit

    def put_attachment(
        self, case: Case, attachment_id: str, content: bytes, sha256: str, *, at: datetime, by: str
    ) -> None:
        """Keep the content of a file."""
        row = {
            **self._unit.stamp(self._unit.instant(at)),
            "recorded_by": by,
            "attachment_id": attachment_id,
            "case_id": case.case_id,
            "sha256": sha256,
            "content": content,
            "sealed_for": case.sealed_for,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("attachments")), [row])

    def attachment(self, case_id: str, attachment_id: str, scope: Scope) -> bytes | None:
        """Return the content of a file; None when it was erased or there is none."""
        files, cases = table("attachments"), table("cases")
        seen = self._unit.rows(cases, cases.c.case_id).where(*within(self._unit, cases, scope))
        query = self._unit.rows(files, files.c.content).where(
            files.c.case_id == case_id,
            files.c.attachment_id == attachment_id,
            files.c.case_id.in_(seen.where(cases.c.case_id == case_id)),
        )
        with self._unit.reading() as connection:
            found: bytes | None = connection.execute(query).scalar_one_or_none()
        return found

    def erase_attachment(self, case_id: str, attachment_id: str, scope: Scope) -> bool:
        """Erase the content of a file; say whether there was any."""
        files = table("attachments")
        if self.attachment(case_id, attachment_id, scope) is None:
            return False
        with self._unit.writing() as connection:
            done = connection.execute(
                update(files)
                .where(
                    files.c.tenant_id == self._unit.tenant,
                    files.c.case_id == case_id,
                    files.c.attachment_id == attachment_id,
                    files.c.content.is_not(None),
                )
                .values(content=None)
            )
        return done.rowcount == 1

    def views(self, owner: str) -> Sequence[View]:
        """Return the views that a principal saved, in order of their names."""
        views = table("saved_views")
        query = (
            self._unit.rows(views, views.c.name, views.c.query)
            .where(views.c.owner == owner)
            .order_by(views.c.name)
        )
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(View(name, _query(text)) for name, text in rows)

    def save_view(self, owner: str, view: View, *, at: datetime) -> None:
        """Keep a view; one of the same name is replaced."""
        row = {
            **self._unit.stamp(self._unit.instant(at)),
            "owner": owner,
            "name": view.name,
            "query": _query_text(view.query),
        }
        with self._unit.writing() as connection:
            self._forget(connection, owner, view.name)
            connection.execute(insert(table("saved_views")), [row])

    def drop_view(self, owner: str, name: str) -> bool:
        """Forget a view; say whether there was one."""
        with self._unit.writing() as connection:
            return self._forget(connection, owner, name)

    def _forget(self, connection: Connection, owner: str, name: str) -> bool:
        views = table("saved_views")
        done = connection.execute(
            delete(views).where(
                views.c.tenant_id == self._unit.tenant,
                views.c.owner == owner,
                views.c.name == name,
            )
        )
        return done.rowcount == 1


def _query(text: str) -> Mapping[str, str]:
    found: Mapping[str, str] = load_json(text)
    return found


def _query_text(query: Mapping[str, str]) -> str:
    return dump_json(query)
