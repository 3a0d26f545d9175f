"""The endpoints, a module for each part of the house."""

from sluicegate.api.routes import (
    authoring,
    cases,
    dossiers,
    filings,
    findings,
    meter,
    people,
    questions,
    rules,
    system,
    taking_out,
    webhooks,
    work,
)

ROUTERS = (
    system.router,
    questions.router,
    authoring.router,
    rules.router,
    findings.router,
    dossiers.router,
    taking_out.reading,
    taking_out.changing,
    cases.reading,
    cases.changing,
    filings.reading,
    filings.changing,
    meter.router,
    work.reading,
    work.changing,
    webhooks.reading,
    webhooks.changing,
    people.reading,
    people.changing,
)
"""Every router, in the order of the OpenAPI document."""

__all__ = ["ROUTERS"]
