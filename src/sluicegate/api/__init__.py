"""The API: everything that can be done, for machines; parse, one service call, render."""

from sluicegate.api.application import Api, application, openapi_document, takes
from sluicegate.api.parts import Parts, Rates

__all__ = ["Api", "Parts", "Rates", "application", "openapi_document", "takes"]
