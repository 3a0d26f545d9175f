"""Write the small node by which later versions prove that they still open this one's.

Run it once for a version that is to be landed: `python tools/write_test_node.py`.
It makes tests/nodes/VERSION, a node of the tiny world after one pass and two
people's work on its cases, with a lineage, a table of models and a consultation,
and beside it VERSION.json with what was metered, found, decided and kept. The store
is packed (state.db.gz). A node that is there is never written over: it stands for
what an earlier version wrote.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import tiny_world  # noqa: E402
from principals import principal  # noqa: E402
from sluicegate import __version__  # noqa: E402
from sluicegate.cases.case import Case, DecisionKind, Priority  # noqa: E402
from sluicegate.cases.commands import (  # noqa: E402
    Assign,
    Check,
    Comment,
    Prioritise,
    Propose,
    RequestInformation,
)
from sluicegate.core.exact import dump_json  # noqa: E402
from sluicegate.core.quantities import flop_text  # noqa: E402
from sluicegate.services.casework.acting import act  # noqa: E402
from sluicegate.services.desk import Desk  # noqa: E402
from sluicegate.services.meter import Dimension, meter  # noqa: E402
from sluicegate.services.passes import Pass  # noqa: E402
from sluicegate.wiring import OpenNode, opened  # noqa: E402
from sluicegate.wiring.access import authority_of  # noqa: E402
from studied import studied, study  # noqa: E402
from tiny_world import AS_OF, CLOCK, pass_over  # noqa: E402

PACKED = "state.db.gz"
NODES = ROOT / "tests" / "nodes"
UNKNOWN = "unknown:"
BOUNDS = ("low", "central", "high", "ceiling")
SETTINGS = """\
tenant = "self"
roles = ["provider"]
country = "US"
regimes = ["us_ca.sb53", "assess.kyc", "paper.egan_heim_2023", "us.iaas_proposal"]
"""


def metered(node: OpenNode) -> list[dict[str, Any]]:
    """Return totals by customer and accelerator, with every digit.

    Unknown accelerators are left out: their bound moves as the catalogue grows.
    """
    measure = tiny_world.measure(node)
    rows = meter(
        node.lake,
        node.store,
        measure.settings(),
        by=[Dimension.CUSTOMER, Dimension.ACCELERATOR],
        as_of=AS_OF,
    )
    return [
        {
            **row.dims,
            "start": row.start.isoformat(),
            "end": row.end.isoformat(),
            **{bound: flop_text(getattr(row.estimate, bound)) for bound in BOUNDS},
        }
        for row in rows
        if not (row.dims["accelerator"] or "").startswith(UNKNOWN)
    ]


def found(passed: Pass) -> list[dict[str, str]]:
    """Return what a pass found, by id."""
    return [
        {
            "id": one.id,
            "subject": str(one.subject),
            "rule": one.rule,
            "certainty": one.certainty.value,
        }
        for one in passed.assessment.findings
    ]


def work(node: OpenNode) -> None:
    """Confirm the first case with a second person, propose on the next, ask about the third."""
    first, second, third = [one.case_id for one in cases(node)][:3]
    maker, checker = (
        Desk(principal("reviewer", identifier=f"user:{who}"), node.store, authority_of(node), CLOCK)
        for who in ("maker", "checker")
    )
    for case_id in (first, second, third):
        act(maker, case_id, Assign("user:maker"))
    proposed = act(maker, first, Propose(DecisionKind.CONFIRM, "seen in the records"))
    act(checker, first, Check(proposed.proposals[0].proposal_id, True))
    act(maker, second, Prioritise(Priority.URGENT, "asked for by the head"))
    act(maker, second, Propose(DecisionKind.CONFIRM, "the run was declared later"))
    act(maker, third, Comment("the account was opened through a reseller"))
    act(maker, third, RequestInformation("user:checker", "the contract"))


def cases(node: OpenNode) -> Sequence[Case]:
    """Return every case, by subject and jurisdiction."""
    found = [case for case, _ in node.store.cases.every()]
    return sorted(found, key=lambda one: (str(one.subject), one.jurisdiction))


def decided(node: OpenNode) -> list[dict[str, Any]]:
    """Return how every case stands."""
    return [
        {
            "case": one.case_id,
            "subject": str(one.subject),
            "jurisdiction": one.jurisdiction,
            "state": one.state.value,
            "priority": one.priority.code,
            "assignee": one.assignee,
            "version": one.version,
            "judgements": [alert.judgement.value for alert in one.alerts],
            "proposed": [waits.decision.value for waits in one.proposals],
            "asked": [request.what for request in one.requests],
            "clocks": [clock.clock_id for clock in one.clocks],
        }
        for one in cases(node)
    ]


def pack(store: Path) -> None:
    """Put the store of a node into one compressed file, the same bytes each time."""
    store.with_name(PACKED).write_bytes(gzip.compress(store.read_bytes(), mtime=0))
    store.unlink()


def unpack(node: Path) -> None:
    """Put back the store of a node whose store is packed."""
    packed = node / PACKED
    if packed.exists():
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()


def write(target: Path) -> None:
    """Make a node and, beside it, what is expected of it; refuse a folder that is there."""
    if target.exists():
        raise SystemExit(f"{target} is there; it stands for what that version wrote, so keep it")
    tiny_world.make_tiny(target, settings=SETTINGS)
    with opened(target, clock=CLOCK) as node:
        passed = pass_over(node)
        work(node)
        study(node)
        expected = {
            "version": __version__,
            "as_of": AS_OF.isoformat(),
            "metered": metered(node),
            "findings": found(passed),
            "cases": decided(node),
            "studied": studied(node),
        }
    pack(target / "state.db")
    text = dump_json(expected, indent=1) + "\n"
    target.with_name(f"{target.name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(NODES / __version__)
