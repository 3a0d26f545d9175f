"""The API: everything that can be done, for machines; parse, one service call, render."""

from sluicegate.api.application import Api, application

__all__ = ["Api", "application"]
