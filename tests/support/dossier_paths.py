"""Pages of findings, customers, groups, runs, sources, reports and long work, tiny world."""

from __future__ import annotations

import csv
import io

from console import Running
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.present import FindingFilter
from sluicegate.services.ports.work import JobKind
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import AssessJob
from sluicegate.wiring.identity import operator_desk
from tiny_world import AS_OF, CUSTOMERS, OWNERSHIP, RUNS

DOSSIER_PATHS = (
    "/findings",
    "/findings?certainty=certain&order=due&due_by=2030-01-01",
    "/findings?text=nobody",
    "/findings/changes",
    "/findings/{found}",
    "/obligations",
    "/obligations?due_from=2030-01-01",
    "/customers",
    "/customers?text=al&country=us&findings=yes",
    "/customers/c-lab",
    "/customers/c-shell-1",
    "/customers/c-small-3",
    "/groups",
    "/groups/p-sandling",
    "/runs",
    "/runs/c-lab/r-lab",
    "/search",
    "/search?text=al",
    "/sources",
    "/reports",
    "/jobs",
    "/jobs/{job}",
    "/account/notices",
)


def filled_dossier(path: str, console: Running) -> dict[str, str]:
    """Return the parts of a path that come from what the node found and was asked to do."""
    store = console.served.store_of(console.served.tenant)
    parts = {}
    if "{found}" in path:
        scope = Scope(console.served.tenant)
        wanted = FindingFilter(subject="run:c-lab/r-lab")
        parts["found"] = store.present.findings(scope, wanted, None, 1)[0].finding_id
    if "{job}" in path:
        asked = store.work.jobs(reader=None, kinds=(JobKind.ASSESS,), limit=1)
        job = asked[0] if asked else ask_job(operator_desk(console.served.node), AssessJob(AS_OF))
        parts["job"] = job.job_id
    return parts


def names() -> tuple[str, ...]:
    """Return every name of a party in the tiny world, and the ids of its runs."""
    customers = csv.DictReader(io.StringIO(CUSTOMERS))
    owners = csv.DictReader(io.StringIO(OWNERSHIP))
    return (
        *(row["name"] for row in customers),
        *(row["owner_name"] for row in owners),
        *(row["run_id"] for row in csv.DictReader(io.StringIO(RUNS))),
    )
