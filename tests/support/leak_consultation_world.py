"""What the proofs plant of consultations, for a tenant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from consultation_things import NOTE
from leak_kyc_world import Plant, Put
from sluicegate.frontier.consultation import Party
from sluicegate.services.access.principals import Resource
from sluicegate.services.consultation import running
from sluicegate.services.consultation.drafting import draft
from sluicegate.services.consultation.running import NewComment, NewPeriod
from sluicegate.services.consultation.writing import today
from sluicegate.services.desk import Desk
from sluicegate.wiring import OpenNode

NOT_THERE = {
    **dict.fromkeys(("consultation", "consultation_due"), "cn-0123456789ab"),
    "consultation_file": "0" * 64,
}
"""Kind → an id that nothing has."""


def add_consultations(node: OpenNode, officer: Desk, plant: Plant, put: Put) -> None:
    """Leave a consultation behind that is open, with comments, a step and a document."""
    tenant, maker = officer.principal.tenant, officer.principal.id
    new = replace(NOTE, title=plant("note"), title_zh="", text=plant("passage"))
    name = draft(officer, node.book, new).consultation_id
    running.open_period(officer, name, NewPeriod(today(officer) - timedelta(days=9), days=60))
    for is_confidential in (False, True):
        said = NewComment(
            plant("organisation"),
            Party.DEVELOPER,
            plant("comment"),
            contact=plant("contact"),
            is_confidential=is_confidential,
        )
        running.add_comment(officer, name, said)
    running.plan_milestone(officer, name, plant("step"), planned=today(officer))
    after = running.attach(officer, name, "a.txt", plant("document").encode())
    put("consultation", name, Resource("consultation", tenant, name))
    put("consultation_due", name, Resource("consultation", tenant, name, maker=maker))
    digest = after.attachments[0].digest
    put("consultation_file", digest, Resource("consultation", tenant, name))
