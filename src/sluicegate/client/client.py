"""Calls to a node by name, each with its types; anything else goes through `get` and `post`."""

from __future__ import annotations

from sluicegate.client.casework import Casework
from sluicegate.client.consultation import Consultations
from sluicegate.client.diligence import Diligence
from sluicegate.client.dossiers import Dossiers
from sluicegate.client.filings import Filings
from sluicegate.client.findings import Findings
from sluicegate.client.forecast import LabForecasts
from sluicegate.client.lab import Lab
from sluicegate.client.lineages import Lineages
from sluicegate.client.ownership import Ownership
from sluicegate.client.questions import Questions
from sluicegate.client.screening import Screening
from sluicegate.client.work import Work


class Client(
    Questions,
    Findings,
    Dossiers,
    Casework,
    Filings,
    Screening,
    Ownership,
    Lineages,
    Diligence,
    Lab,
    LabForecasts,
    Consultations,
    Work,
):
    """A node as a program sees it.

    Answers are documents whose figures are exact (`decimal.Decimal`, `int`, or
    decimal text for compute); their shapes stand in `sluicegate.client.shapes`.
    A change is sent with a new idempotency key, so that it can be sent again
    after a lost connection: `retries` times here.

    Raises ProblemError for what the node refuses, httpx.TransportError when it
    cannot be reached.
    """
