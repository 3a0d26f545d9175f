"""The endpoints, a module for each part of the house."""

from sluicegate.api.routes import questions, rules, system

ROUTERS = (system.router, questions.router, rules.router)
"""Every router, in the order of the OpenAPI document."""

__all__ = ["ROUTERS"]
