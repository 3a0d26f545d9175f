"""Lineages: what models and outputs were made from, and what that counts as compute."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit


def list_lineages(visit: Visit) -> Response:
    """List the lineages that the node keeps."""
    visit.desk.must(Action.LINEAGE_READ)
    return visit.render("lineages/list.html")


PAGES: tuple[Page, ...] = (page("/lineages", list_lineages, Action.LINEAGE_READ),)
