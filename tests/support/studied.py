"""Lineages, data sets and consultations of a node that is kept for later versions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from principals import principal
from sluicegate.core.quantities import flop_text
from sluicegate.frontier.consultation import Party
from sluicegate.lineage.accounting import account
from sluicegate.lineage.document import Quantity, Query
from sluicegate.rules.law import Law
from sluicegate.services.consultation import drafting, running
from sluicegate.services.consultation.drafting import NewDraft
from sluicegate.services.consultation.running import NewComment, NewPeriod
from sluicegate.services.consultation.showing import list_consultations, read_consultation
from sluicegate.services.datasets.keeping import import_snapshot
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.importing import ImportOptions, import_file
from sluicegate.wiring import OpenNode
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.datasets import read_table
from sluicegate.wiring.lineage import read_lineage_file
from tiny_world import AS_OF, CLOCK

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "lineage" / "merge.json"
TABLE = b"""name,developers,published,flop,open_weights
Osmia (invented),Osmia Labs (invented),2026-02-01,5e25,true
Lasius (invented),Lasius AI (invented),2026-03-01,,false
"""
NOTE = NewDraft(
    "guidance",
    "Counting shared bases",
    "A base that two parents share counts once.",
    starts="2026-09-01",
    explains=("kthf.definitions",),
)


def desk_of(node: OpenNode) -> Desk:
    """Return a reviewer at work in a node."""
    one = principal("reviewer", identifier="user:maker")
    return Desk(one, node.store, authority_of(node), CLOCK)


def study(node: OpenNode) -> None:
    """Take in a lineage and a table of models, and consult on a note with one comment."""
    desk = desk_of(node)
    import_file(desk, read_lineage_file(EXAMPLE), ImportOptions("makers", "merge"))
    table = read_table(TABLE, "models.csv", "invented", date(2026, 6, 1), "Invented for a test")
    import_snapshot(desk, table, "models.csv")
    begun = drafting.draft(desk, node.book, NOTE)
    running.open_period(desk, begun.consultation_id, NewPeriod(AS_OF, days=30))
    said = NewComment("Bombus (invented)", Party.DEVELOPER, "Say what shared means.")
    running.add_comment(desk, begun.consultation_id, said)


def studied(node: OpenNode) -> dict[str, Any]:
    """Return what a node keeps of it, figures as text."""
    law = Law(node.book, AS_OF)
    lineages = []
    for version in node.store.lineages.current():
        lineage = node.store.lineages.read(version)
        told = account(lineage, Query(("merged",), Quantity.TRAINING_COMPUTE), law)
        row = {"name": version.name, "digest": version.digest, "flop": flop_text(told.amount)}
        lineages.append({**row, "complete": told.complete})
    snapshots = []
    for kept in node.store.datasets.snapshots():
        loaded = node.store.datasets.load(kept.snapshot_id)
        models = () if loaded is None else loaded.models
        snapshots.append({"name": kept.name, "models": [one.name for one in models]})
    consultations = [
        {
            "title": one.draft.title.en,
            "stage": one.stage.value,
            "closes": None if one.closes is None else one.closes.isoformat(),
            "comments": [comment.text for comment in one.comments],
        }
        for row in list_consultations(desk_of(node))
        for one in [read_consultation(desk_of(node), row.consultation_id)]
    ]
    return {"lineages": lineages, "snapshots": snapshots, "consultations": consultations}
