"""Things of screening, links, due diligence and comparisons on a node, made when one is named."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import consultation_things as consultations
from kept_lineages import keep_lineage
from principals import OTHER, principal
from sluicegate.core.clock import FixedClock
from sluicegate.core.exact import dump_json
from sluicegate.core.identifiers import TenantId, uuid7
from sluicegate.kyc.diligence.file import Decision, Document, Ground, Method, Outcome
from sluicegate.kyc.diligence.items import Item
from sluicegate.kyc.diligence.production import Part
from sluicegate.kyc.joint_compute import Terms
from sluicegate.screening.entries import Schema
from sluicegate.services.consultation.running import attach
from sluicegate.services.desk import Desk
from sluicegate.services.diligence import collecting, deciding, holding, producing, rating
from sluicegate.services.exchange.inputs import Inputs
from sluicegate.services.exchange.messages import Basis, Offer
from sluicegate.services.exchange.sessions import Exchange
from sluicegate.services.lineage.keeping import Stating
from sluicegate.services.lineage.keeping import state as state_of
from sluicegate.services.linkage import deciding as linking
from sluicegate.services.lists.designating import NewDesignation, designate
from sluicegate.services.lists.importing import ImportOptions, import_list
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.lists.showing import party_id
from sluicegate.services.lists.uniting import join_by_hand
from sluicegate.services.ports.lineage import StatementKind
from sluicegate.services.ports.matches import AllowanceState
from sluicegate.services.ports.ownership_diligence import DiligenceState, Gap, OwnershipDiligence
from sluicegate.services.ports.validation import PackKept, SampledPair
from sluicegate.services.screening.allowing import NewAllowance, allow
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.services.screening.validation.changes import NewChange, propose
from sluicegate.wiring import IntakeOptions, OpenNode, take_in
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.exchange import exchange_at, inputs_of, intersection
from sluicegate.wiring.identity import store_of
from sluicegate.wiring.lists import list_parts, read_list_files
from sluicegate.wiring.screening import screening_of
from sluicegate.wiring.validation import PackOptions, validate, validator_of

LIST = "own_watch"
PUBLISHED = date(2026, 6, 28)
ENTRIES = """\
id,name,country
1,Pell Weather,NO
2,Ostrel Optics,JP
3,Saltgrass Models,DE
4,Harrowgate Tidewater Reinsurance,GB
5,Lowfen Assistants,FR
6,Quennell Dray Mining,ZA
7,Brightwater Osk Foundry,CL
8,Vantage Thorn Cartography,PE
"""
BASIS = Basis("Both providers owe the report", "Example Act, section 4")
REASON = "for the tests"
_CUSTOMER = "firm_"
"""Begins the name of a customer of the tiny world, such as firm_lab for c-lab."""
ELEMENTS = 4_096


_MADE: dict[Path, KycThings] = {}


def things_of(node: OpenNode) -> KycThings:
    """Return the things of a node, the same for all tests that share it."""
    return _MADE.setdefault(node.node.folder.path, KycThings(node))


class KycThings:
    """What the endpoints about lists, screening and due diligence name, each made once."""

    def __init__(self, node: OpenNode) -> None:
        self.node = node
        self._known: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name.startswith(_CUSTOMER) or hasattr(type(self), f"_{name}")

    def __getitem__(self, name: str) -> str:
        if name.startswith(_CUSTOMER):
            return "c-" + name.removeprefix(_CUSTOMER).replace("_", "-")
        if name not in self._known:
            self._known[name] = getattr(self, f"_{name}")()
        return self._known[name]

    def desk(self, role: str = "officer", who: str = "user:maker") -> Desk:
        """Return the desk of somebody who is none of the callers."""
        one = principal(role, identifier=who)
        return Desk(one, self.node.store, authority_of(self.node), self.node.clock)

    # -- lineages

    def _lineage(self) -> str:
        return keep_lineage(self.desk())

    def _stated_lineage(self) -> str:
        return keep_lineage(self.desk(), name="student_2")

    def _withdrawn_lineage(self) -> str:
        desk = self.desk()
        lineage = keep_lineage(desk, name="student_3")
        kind = StatementKind.INDEPENDENCE
        stating = Stating(kind, "draft_run_1", "*", REASON, "a log")
        return state_of(desk, lineage, stating).lineage_id

    # -- consultations

    def _drafted_consultation(self) -> str:
        return consultations.drafted(self.desk(), self.node)

    def _withdrawn_draft(self) -> str:
        return consultations.drafted(self.desk(), self.node)

    def _open_consultation(self) -> str:
        return consultations.opened(self.desk(), self.node)

    def _answered_consultation(self) -> str:
        return consultations.answered(self.desk(), self.node)

    def _closed_consultation(self) -> str:
        return consultations.closed(self.desk(), self.node).consultation_id

    def _issued_threshold(self) -> str:
        return consultations.issued(self.desk(), self.desk(who="user:second"), self.node)

    def _consultation_file(self) -> str:
        name = self["open_consultation"]
        return attach(self.desk(), name, "a.json", b"{}").attachments[-1].digest

    # -- lists and screening

    @cached_property
    def _lists(self) -> str:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "own.csv"
            file.write_text(ENTRIES, encoding="utf-8")
            [read] = read_list_files([file], LIST)
            an_hour_ago = FixedClock(self.node.clock.now() - timedelta(hours=1))
            earlier = replace(self._parts, clock=an_hour_ago)
            import_list(earlier, read, ImportOptions(PUBLISHED))
            file.write_text(ENTRIES + "9,Calder Firth Dredging,IE\n", encoding="utf-8")
            [read] = read_list_files([file], LIST)
            import_list(self._parts, read, ImportOptions(PUBLISHED))
        return LIST

    @cached_property
    def _parts(self) -> ListParts:
        return list_parts(self.node, "user:maker")

    def _entry(self, number: int) -> str:
        return party_id(self._parts, (self._lists, str(number)))

    def _list(self) -> str:
        return self._lists

    def _listed(self) -> str:
        return self._entry(7)

    def _other_listed(self) -> str:
        return self._entry(8)

    def _listed_name(self) -> str:
        return "Pell Weather" if self._lists else ""

    def _listed_owner(self) -> str:
        return "p-sandling=sdn"

    def _joined(self) -> str:
        union = join_by_hand(self._parts, self._entry(4), self._entry(6), REASON)
        return union.into

    def _designation(self) -> str:
        new = NewDesignation(
            ("Ostrava Kelm",), Schema.PERSON, self._lists, "General notice 11", PUBLISHED
        )
        return designate(self._parts, new).designation.designation_id

    @cached_property
    def _matches(self) -> dict[str, str]:
        """Screen the node; customer → its match."""
        node, at = self.node, self.node.clock.now()
        assert self._lists
        screening = screening_of(node.node, node.store, node.clock)
        lists = screening.lists.in_use(on=at.date())
        assert lists is not None
        run_screening(
            Screen(
                store=node.store,
                lists=lists,
                scoring=screening.scoring,
                book=node.book,
                tenant=node.store.tenant,
                as_of=at.date(),
                at=at,
                by="user:maker",
            )
        )
        return {one.party_id: one.match_id for one in node.store.matches.matches()}

    def _match(self) -> str:
        return self._matches["c-small-1"]

    def _other_match(self) -> str:
        return self._matches["c-small-3"]

    def _screening_run(self) -> str:
        assert self._matches
        return self.node.store.matches.runs(limit=1)[0].run_id

    def _allowance(self) -> str:
        new = NewAllowance(self._matches["c-base"], REASON)
        return allow(self.desk(), new, self.node.book).allowance_id

    def _proposed_allowance(self) -> str:
        """Return an allowance that waits for a second person."""
        desk = self.desk()
        made = allow(desk, NewAllowance(self._matches["c-tuner"], REASON), self.node.book)
        waits = replace(made, state=AllowanceState.PROPOSED)
        desk.store.matches.write_allowances([waits], at=desk.now(), by=made.made_by)
        return made.allowance_id

    def _sample(self) -> str:
        """Return a pair as a pack keeps it that was drawn for review."""
        pair = SampledPair(
            sample_id="s-0123456789abcdef",
            pack_id="k-0123456789abcdef",
            party_id="c-lab",
            listed_id=self._entry(7),
            score=4_000,
            threshold=6_000,
            algorithm="a/1",
            party_mark="0" * 64,
            listed_mark="0" * 64,
        )
        at = self.node.clock.now()
        pack = PackKept(
            *("k-0123456789abcdef", 1, at.date(), "a/1", 6_000, {}, 1, "0" * 64, {}),
            at=at,
            by="user:maker",
        )
        self.node.store.validation.add_pack(pack, [pair])
        return pair.sample_id

    def _pack(self) -> str:
        """Return a pack whose files lie on the node."""
        assert self._lists
        return validate(self.node, self.desk(), PackOptions(names=1, sample=1)).kept.pack_id

    def _change(self) -> str:
        assert self._matches
        desk = self.desk()
        new = NewChange(REASON, 9_000)
        return propose(validator_of(self.node, desk), new).proposal_id

    _other_change = _change

    # -- ownership and links

    def _record(self, name: str) -> str:
        gap = Gap("unknown_remainder", "ofac", "0.4", ("p-aubrac",))
        at = self.node.clock.now()
        texts = ("", "", "", REASON)
        made = OwnershipDiligence(name, 1, "c-sub", DiligenceState.OPEN, (gap,), *texts, at, "x")
        self.node.store.ownership_diligence.add(made)
        return name

    def _ownership_record(self) -> str:
        return self._record("d-0123456789abcdef")

    def _other_ownership_record(self) -> str:
        return self._record("d-fedcba9876543210")

    def _linked_group(self) -> str:
        done = linking.accept(self.desk(), self.node.book, "c-lab", "c-sub", REASON)
        assert done.group is not None
        return done.group

    def _tied(self) -> str:
        linking.accept(self.desk(), self.node.book, "c-base", "c-tuner", REASON)
        return "c-tuner"

    def _parted(self) -> str:
        linking.accept(self.desk(), self.node.book, "c-grow", "c-small-3", REASON)
        linking.cut(self.desk(), self.node.book, "c-grow", "c-small-3", REASON)
        return "c-small-3"

    # -- due diligence

    def _held_item(self) -> str:
        collecting.collect(self.desk(), "c-small-2", Item.EMAIL, "idris@elsewhere.example")
        return Item.EMAIL.value

    def _verification(self) -> str:
        given = collecting.Evidence(
            "c-small-2",
            Method.DOCUMENTARY,
            Document.PASSPORT,
            Outcome.VERIFIED,
            date(2026, 6, 1),
            content=b"a scan",
        )
        desk = self.desk()
        return collecting.verify(desk, "c-small-2", given, book=self.node.book).event_id

    def _rated(self) -> str:
        rating.rate(self.desk(), "c-shell-2", book=self.node.book)
        return "c-shell-2"

    def _proposal(self, customer: str, who: str) -> str:
        done = deciding.decide(
            *(self.desk("analyst", who), customer, Decision.CLOSE, Ground.CUSTOMER_ASKED, REASON),
            book=self.node.book,
        )
        assert done.waits is not None, "closing needs a second person"
        return done.waits.proposal_id

    def _customer_proposal(self) -> str:
        return self._proposal("c-grow", "user:maker")

    def _own_customer_proposal(self) -> str:
        return self._proposal("c-tuner", "user:analyst")

    def _closed_customer(self) -> str:
        head = "source,customer_id,name,customer_kind,country,email,opened,closed\n"
        row = "crm,c-gone,Wyn Tarrash,individual,NL,wyn@tarrash.example,2010-01-01,2012-01-31\n"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "customers.csv"
            file.write_text(head + row, encoding="utf-8")
            assert take_in(self.node, [file], IntakeOptions()).accepted == 1
        return "c-gone"

    def _hold(self) -> str:
        return holding.add_hold(self.desk(), "M-1", "An order", customers=["c-base"]).hold_id

    def _asked(self) -> str:
        wanted = producing.Request(
            *("An authority", "A letter", ("c-small-3",), (Part.IDENTITY,), date(2026, 6, 30)),
            due=date(2026, 12, 1),
        )
        return producing.request(self.desk(), wanted, book=self.node.book).production_id

    _production = _other_production = _asked_production = _asked

    def _released_production(self) -> str:
        asked = self._asked()
        producing.release(self.desk("reviewer", "user:second"), asked, is_approved=True)
        return asked

    # -- comparisons

    def _own(self, who: str = "user:maker") -> Exchange:
        return exchange_at(self.node, self.desk("officer", who))

    def _ask(self, partner: str) -> str:
        made = self._own().propose(partner, date(2026, 6, 30), BASIS, elements=ELEMENTS)
        return made.session

    def _comparison(self) -> str:
        return self._ask("Provider C")

    def _proposed_comparison(self) -> str:
        return self._ask("Provider D")

    def _offer_of_b(self) -> str:
        own = self._own()
        terms = Terms(
            str(uuid7(datetime(2026, 7, 1, 8, tzinfo=UTC))),
            *("Provider B", "Provider A", own.threshold, date(2026, 6, 30), 64, 64),
        )
        asked = intersection().ask([f"padding {number}" for number in range(64)])
        return dump_json(Offer(terms, BASIS, asked.request).document())

    def _answer_of_c(self) -> str:
        """Return the answer of a partner to an offer of this node's."""
        session = self._ask("Provider E")
        inputs = inputs_of(self.node.parts, date(2026, 6, 30))
        offer = self._own("user:second").offer(session, inputs, intersection())
        store = store_of(self.node, TenantId(OTHER))

        def theirs(who: str) -> Exchange:
            one = principal("officer", OTHER, identifier=who)
            desk = Desk(one, store, authority_of(self.node), FixedClock(self.node.clock.now()))
            return replace(exchange_at(self.node, desk), name="Provider E", partners=["Provider A"])

        theirs("user:x").receive(offer, BASIS)
        answer = theirs("user:y").answer(session, offer, Inputs({}, {}), intersection())
        return dump_json(answer.document())
