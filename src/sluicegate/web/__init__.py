"""The console: pages for people, drawn on the server."""

from sluicegate.web.application import application

__all__ = ["application"]
