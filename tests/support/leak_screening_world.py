"""What the proofs plant of lists in use, screening and its validation, for a tenant."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from principals import OTHER
from sluicegate.core.clock import FixedClock
from sluicegate.registry.records import Customer
from sluicegate.rules.book import RuleBook
from sluicegate.screening.entries import Schema
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.lists.designating import NewDesignation, designate
from sluicegate.services.lists.importing import ImportOptions, import_list
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.lists.showing import party_id
from sluicegate.services.lists.uniting import join_by_hand
from sluicegate.services.ports.matches import AllowanceState, Match
from sluicegate.services.ports.validation import PackKept, SampledPair
from sluicegate.services.screening.allowing import NewAllowance, allow
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.services.screening.validation.changes import NewChange, propose
from sluicegate.wiring import OpenNode
from sluicegate.wiring.lists import lists_at, read_list_files
from sluicegate.wiring.screening import screening_of
from sluicegate.wiring.validation import validator_of

DAY = date(2026, 6, 30)
Put = Callable[[str, str, Resource], None]
Plant = Callable[[str], str]

NOT_THERE = {
    "list": "no_such_list",
    "match": "m-0123456789abcdef",
    "screening_run": "0197c000-0000-7000-8000-000000000000",
    "allowance": "a-0123456789abcdef",
    "joined": "lp-0123456789abcdef0123",
    "joined_entry": "no_such_list:2",
    "other_listed": "lp-0123456789abcdef0123",
    "pack": "v-0123456789abcdef",
    "sample": "s-0123456789abcdef",
    "change": "sc-0123456789abcdef",
}
"""Kind → an id that nothing has."""


def add_screening(
    node: OpenNode,
    book: RuleBook,
    officer: Desk,
    customers: tuple[str, str],
    plant: Plant,
    put: Put,
) -> None:
    """Leave a list with two versions, matches, an allowance, a run, a pack and a change behind."""
    tenant, maker = officer.principal.tenant, officer.principal.id
    parts = lists_at(node, officer, Action.LIST_LOAD)
    name = "other_watch" if tenant == OTHER else "own_watch"
    joined = _take_in(parts, name, plant)
    put("list", name, Resource("list", tenant, name))
    put("joined", joined, Resource("list", tenant, joined))
    put("joined_entry", f"{name}:2", Resource("list", tenant, joined))
    names = {
        str(one.customer_id): one.name
        for one in officer.store.records("customers")
        if isinstance(one, Customer)
    }
    for customer in customers:
        new = NewDesignation((names[customer],), Schema.ORGANISATION, name, plant("order"), DAY)
        listed = designate(parts, new).party_id
    put("other_listed", listed, Resource("list", tenant, listed))
    run, matches = _screened(node, book, officer)
    put("screening_run", run, Resource("case", tenant, run))
    allowed, free = (matches[one] for one in customers)
    put("match", free.match_id, Resource("case", tenant, free.match_id))
    made = allow(officer, NewAllowance(allowed.match_id, plant("why two")), book)
    waits = replace(made, state=AllowanceState.PROPOSED)
    officer.store.matches.write_allowances([waits], at=officer.now(), by=maker)
    put("allowance", made.allowance_id, Resource("case", tenant, made.allowance_id, maker=maker))
    _add_validation(node, officer, free, plant, put)


def _take_in(parts: ListParts, name: str, plant: Plant) -> str:
    """Take two versions of a list in, and join its two entries to one party; return its id."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "own.csv"
        text = f"id,name,schema\n1,{plant('listed person')},Person\n"
        more = f"2,{plant('listed firm')},Organization\n"
        earlier = replace(parts, clock=FixedClock(parts.clock.now() - timedelta(hours=1)))
        for content, at in ((text, earlier), (text + more, parts)):
            file.write_text(content, encoding="utf-8")
            [read] = read_list_files([file], name)
            import_list(at, read, ImportOptions(DAY))
    both = (party_id(parts, (name, "1")), party_id(parts, (name, "2")))
    return join_by_hand(parts, *both, plant("why one")).into


def _screened(node: OpenNode, book: RuleBook, officer: Desk) -> tuple[str, dict[str, Match]]:
    at = officer.now()
    screening = screening_of(node.node, officer.store, node.clock)
    lists = screening.lists.in_use(on=at.date())
    assert lists is not None
    run = run_screening(
        Screen(
            store=officer.store,
            lists=lists,
            scoring=screening.scoring,
            book=book,
            tenant=officer.principal.tenant,
            as_of=at.date(),
            at=at,
            by=officer.principal.id,
        )
    )
    return run.run_id, {one.party_id: one for one in officer.store.matches.matches()}


def _add_validation(node: OpenNode, officer: Desk, match: Match, plant: Plant, put: Put) -> None:
    """Leave a pack with its files and a sampled pair, and a change that waits."""
    tenant, maker = officer.principal.tenant, officer.principal.id
    mark = ("2" if tenant == OTHER else "1") * 16
    at = officer.now()
    pair = SampledPair(
        *(f"s-{mark}", f"v-{mark}", match.party_id, match.listed_id, 6_000, 7_000, "a/1"),
        party_mark=match.party_essence,
        listed_mark=match.listed_essence,
    )
    pack = PackKept(
        *(f"v-{mark}", 1, at.date(), "a/1", 7_000, {}, 1, "0" * 64, {}), at=at, by=maker
    )
    officer.store.validation.add_pack(pack, [pair])
    folder = node.node.folder.validation / tenant / f"{at.date().isoformat()}-v-{mark}"
    folder.mkdir(parents=True)
    (folder / "summary.csv").write_text(plant("in a pack"), encoding="utf-8")
    put("pack", f"v-{mark}", Resource("validation", tenant, f"v-{mark}"))
    put("sample", f"s-{mark}", Resource("validation", tenant, f"s-{mark}"))
    new = NewChange(plant("why changed"), 9_000)
    change = propose(validator_of(node, officer), new).proposal_id
    put("change", change, Resource("validation", tenant, change, maker=maker))
