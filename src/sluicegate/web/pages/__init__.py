"""Every page of the console, and the bar at the top."""

from __future__ import annotations

from sluicegate.services.access.actions import Action
from sluicegate.web.pages import preferences, rules
from sluicegate.web.routing import Page
from sluicegate.web.visit import NavItem

PAGES: tuple[Page, ...] = (
    *preferences.PAGES,
    *rules.PAGES,
)
"""A module of pages adds its own `PAGES` here, one line each."""

NAV: tuple[NavItem, ...] = (NavItem("/rules", "Rules", Action.RULES_READ),)
"""The places of the bar at the top, in order; their names stand in the catalogue."""
