"""Every page of the console, and the bar at the top."""

from __future__ import annotations

from sluicegate.services.access.actions import Action
from sluicegate.web.pages import (
    account,
    audit,
    calendar,
    case,
    case_acts,
    case_papers,
    customers,
    filings,
    findings,
    groups,
    home,
    jobs,
    machines,
    new_case,
    notices,
    obligations,
    preferences,
    questions,
    queue,
    regimes,
    reports,
    roles,
    rules,
    runs,
    sealed,
    search,
    settings,
    sign_in,
    sources,
    users,
    webhooks,
)
from sluicegate.web.routing import Page
from sluicegate.web.visit import NavItem

PAGES: tuple[Page, ...] = (
    *home.PAGES,
    *sign_in.PAGES,
    *preferences.PAGES,
    *account.PAGES,
    *queue.PAGES,
    *new_case.PAGES,
    *sealed.PAGES,
    *case.PAGES,
    *case_acts.PAGES,
    *case_papers.PAGES,
    *findings.PAGES,
    *obligations.PAGES,
    *customers.PAGES,
    *groups.PAGES,
    *runs.PAGES,
    *search.PAGES,
    *sources.PAGES,
    *reports.PAGES,
    *jobs.PAGES,
    *notices.PAGES,
    *calendar.PAGES,
    *filings.PAGES,
    *rules.PAGES,
    *questions.PAGES,
    *regimes.PAGES,
    *settings.PAGES,
    *users.PAGES,
    *machines.PAGES,
    *webhooks.PAGES,
    *roles.PAGES,
    *audit.PAGES,
)
"""A module of pages adds its own `PAGES` here, one line each."""

NAV: tuple[NavItem, ...] = (
    NavItem("/cases", "Cases", Action.CASE_READ),
    NavItem("/findings", "Findings", Action.FINDING_READ),
    NavItem("/customers", "Customers", Action.CUSTOMER_READ),
    NavItem("/sources", "Sources", Action.SOURCE_READ),
    NavItem("/filings", "Filings", Action.FILING_READ),
    NavItem("/rules", "Rules", Action.RULES_READ),
    NavItem("/questions", "Questions", Action.QUESTION_ASK),
    NavItem("/regimes", "Regimes", Action.QUESTION_ASK),
    NavItem("/settings", "Settings"),
)
"""The places of the bar at the top, in order; each name stands in a template or a page too."""
