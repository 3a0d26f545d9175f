"""What the proofs plant of lists, ownership, links, due diligence and comparisons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from principals import OTHER
from sluicegate.kyc.diligence.file import Decision, Document, Ground, Method, Outcome
from sluicegate.kyc.diligence.production import Part
from sluicegate.rules.book import RuleBook
from sluicegate.screening.entries import Schema
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.diligence import collecting, holding, producing
from sluicegate.services.diligence import deciding as customer_deciding
from sluicegate.services.diligence.collecting import Evidence
from sluicegate.services.exchange.messages import Basis
from sluicegate.services.linkage import deciding
from sluicegate.services.lists.designating import NewDesignation, designate
from sluicegate.services.ports.ownership_diligence import DiligenceState, Gap, OwnershipDiligence
from sluicegate.wiring import OpenNode
from sluicegate.wiring.exchange import exchange_at
from sluicegate.wiring.lists import lists_at

DAY = date(2026, 6, 30)
Put = Callable[[str, str, Resource], None]
Plant = Callable[[str], str]

NOT_THERE = {
    "designation": "0197c000-0000-7000-8000-000000000000",
    "listed": "lp-0123456789abcdef0123",
    "record": "d-0123456789abcdef",
    "verification": "0197c000-0000-7000-8000-000000000000",
    "small_customer": "c-not-there",
    "customer_proposal": "0197c000-0000-7000-8000-000000000000",
    "linked_group": "linked-c-not-there",
    "hold": "h-0123456789ab",
    "production": "p-0123456789abcdef",
    "comparison": "0197c000-0000-7000-8000-000000000000",
}
"""Kind → an id that nothing has."""


def add_kyc(
    node: OpenNode,
    book: RuleBook,
    officer: Desk,
    customers: tuple[str, str],
    plant: Plant,
    put: Put,
) -> None:
    """Leave a thing of each kind behind, made by an officer about two customers."""
    tenant, maker = officer.principal.tenant, officer.principal.id
    lab, small = customers
    parts = lists_at(node, officer, Action.LIST_DECIDE)
    new = NewDesignation(
        *((plant("designated"),), Schema.PERSON, "us_sdn", plant("notice"), DAY),
        reason=plant("why designated"),
    )
    made = designate(parts, new)
    name = made.designation.designation_id
    put("designation", name, Resource("list", tenant, name))
    put("listed", made.party_id, Resource("list", tenant, made.party_id))
    record = "d-" + ("2" if tenant == OTHER else "1") * 16
    texts = (plant("searched"), plant("found"), plant("left open"), plant("why open"))
    gap = Gap("unknown_remainder", "ofac", "0.4", ())
    at = officer.now()
    officer.store.ownership_diligence.add(
        OwnershipDiligence(record, 1, lab, DiligenceState.OPEN, (gap,), *texts, at, maker)
    )
    put("record", record, Resource("diligence", tenant, record))
    group = deciding.accept(officer, book, lab, small, plant("why linked")).group
    assert group is not None
    put("linked_group", group, Resource("link", tenant, group))
    hold = holding.add_hold(officer, plant("matter"), plant("ground"), customers=[lab]).hold_id
    put("hold", hold, Resource("hold", tenant, hold))
    wanted = producing.Request(
        *(plant("requester"), plant("letter"), (lab,), (Part.IDENTITY,), DAY), due=date(2026, 12, 1)
    )
    production = producing.request(officer, wanted, book=book).production_id
    put("production", production, Resource("production", tenant, production, maker=maker))
    document = Evidence(
        *(lab, Method.DOCUMENTARY, Document.PASSPORT, Outcome.VERIFIED, DAY),
        content=plant("scan").encode(),
    )
    verified = collecting.verify(officer, lab, document, book=book).event_id
    put("verification", verified, Resource("diligence", tenant, lab))
    done = customer_deciding.decide(
        *(officer, small, Decision.CLOSE, Ground.CUSTOMER_ASKED, plant("why closed")), book=book
    )
    assert done.waits is not None
    proposal = done.waits.proposal_id
    put("customer_proposal", proposal, Resource("diligence", tenant, small, maker=maker))
    put("small_customer", small, Resource("customer", tenant, small))
    basis = Basis(plant("basis"), plant("reference"))
    exchange = exchange_at(node, officer)
    session = exchange.propose("Provider C", DAY, basis, elements=4_096).session
    put("comparison", session, Resource("exchange", tenant, session, maker=maker))
