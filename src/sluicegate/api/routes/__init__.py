"""The endpoints, a module for each part of the house."""

from sluicegate.api.routes import (
    cases,
    dossiers,
    filings,
    findings,
    meter,
    questions,
    rules,
    system,
    webhooks,
    work,
)

ROUTERS = (
    system.router,
    questions.router,
    rules.router,
    findings.router,
    dossiers.router,
    cases.reading,
    cases.changing,
    filings.reading,
    filings.changing,
    meter.router,
    work.reading,
    work.changing,
    webhooks.reading,
    webhooks.changing,
)
"""Every router, in the order of the OpenAPI document."""

__all__ = ["ROUTERS"]
