"""The settings of the node: values, where each comes from, secrets masked."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit


def show_settings(visit: Visit) -> Response:
    """Show every setting, and lead to what is kept beside them."""
    offered = [
        (path, name, text)
        for path, name, text, action in (
            (
                "/users",
                visit._("People"),
                visit._("Accounts, roles, jurisdictions, sessions"),
                Action.USER_READ,
            ),
            (
                "/machines",
                visit._("Machines"),
                visit._("Programs that use the API, with their keys"),
                Action.CLIENT_MANAGE,
            ),
            (
                "/webhooks",
                visit._("Webhooks"),
                visit._("Addresses that are told what happens, and what was delivered"),
                Action.WEBHOOK_READ,
            ),
            ("/audit", visit._("Audit"), visit._("Who did what, when and why"), Action.AUDIT_READ),
            ("/roles", visit._("Roles"), visit._("What each role permits"), None),
        )
        if action is None or visit.may(action)
    ]
    is_shown = visit.may(Action.SETTINGS_READ)
    return visit.render(
        "settings.html",
        offered=offered,
        settings=visit.served.settings.describe() if is_shown else None,
    )


PAGES: tuple[Page, ...] = (page("/settings", show_settings),)
