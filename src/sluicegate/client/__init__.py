"""A small typed client of the API: what a program needs to ask, read, work and send."""

from sluicegate.client.client import Client
from sluicegate.client.errors import ProblemError
from sluicegate.client.tokens import MachineKey, TokenSource

__all__ = ["Client", "MachineKey", "ProblemError", "TokenSource"]
