"""Write the small node by which later versions prove that they still open this one's.

Run it once for a version that is to be landed: `python tools/write_test_node.py`.
It makes tests/nodes/VERSION, a node of the tiny world after one pass, and beside
it VERSION.json with what was metered and found. A node that is there is never
written over: it stands for what an earlier version wrote.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import tiny_world  # noqa: E402
from sluicegate import __version__  # noqa: E402
from sluicegate.core.exact import dump_json  # noqa: E402
from sluicegate.core.quantities import flop_text  # noqa: E402
from sluicegate.services.meter import Dimension, meter  # noqa: E402
from sluicegate.services.passes import Pass  # noqa: E402
from sluicegate.wiring import OpenNode, opened  # noqa: E402

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
        as_of=tiny_world.AS_OF,
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


def write(target: Path) -> None:
    """Make a node and, beside it, what is expected of it; refuse a folder that is there."""
    if target.exists():
        raise SystemExit(f"{target} is there; it stands for what that version wrote, so keep it")
    tiny_world.make_tiny(target, settings=SETTINGS)
    with opened(target, clock=tiny_world.CLOCK) as node:
        passed = tiny_world.pass_over(node)
        expected = {
            "version": __version__,
            "as_of": tiny_world.AS_OF.isoformat(),
            "metered": metered(node),
            "findings": found(passed),
        }
    text = dump_json(expected, indent=1) + "\n"
    target.with_name(f"{target.name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(NODES / __version__)
