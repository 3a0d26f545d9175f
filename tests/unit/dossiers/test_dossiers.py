"""A dossier says of a customer, group or run what its sources, the meter and the pass say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import tiny_world
from principals import AllowAll, AllowNone, principal
from sluicegate.adapters.store import SqlStore
from sluicegate.core.estimates import Estimate
from sluicegate.core.identifiers import TenantId
from sluicegate.registry.affiliates import Ground
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import (
    Authority,
    NotFoundError,
    RefusedError,
    Verdict,
)
from sluicegate.services.access.principals import Principal, Resource
from sluicegate.services.desk import READ, Desk
from sluicegate.services.dossiers import search as found
from sluicegate.services.dossiers.customer import customer
from sluicegate.services.dossiers.group import group
from sluicegate.services.dossiers.reports import report_file, reports
from sluicegate.services.dossiers.run import run
from sluicegate.services.dossiers.sources import files, sources
from sluicegate.services.paging import CursorError
from sluicegate.services.ports.present_world import Standing, WorldFilter, WorldOrder
from sluicegate.wiring import IntakeOptions, OpenNode, opened, take_in
from tiny_world import AS_OF, AT, CLOCK, measure, pass_over

ANALYST = principal("analyst")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNode]:
    folder = tiny_world.tiny_node(tmp_path_factory.mktemp("dossiers") / "node")
    with opened(folder, clock=CLOCK) as one:
        pass_over(one)
        yield one


def desk_of(node: OpenNode, who: Principal = ANALYST, authority: Authority | None = None) -> Desk:
    return Desk(who, node.store, authority or AllowAll(), CLOCK)


OWN_CUSTOMER = {
    "source": "crm",
    "name": "Hollin Dray",
    "customer_kind": "entity",
    "country": "NO",
}


class Only:
    """Permits some actions."""

    def __init__(self, *actions: Action) -> None:
        self.actions = actions

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        return Verdict(action in self.actions)


def test_every_customers_compute_is_that_of_the_pass(node: OpenNode) -> None:
    world = measure(node).world()
    shown = found.customers(desk_of(node), limit=100).rows
    assert {one.customer_id for one in shown} == {*world.customers, *world.totals}
    for one in shown:
        dossier = customer(desk_of(node), node.parts, one.customer_id)
        expected = world.totals.get(one.customer_id, Estimate.zero())
        assert dossier.series.total.central == expected.central
        assert dossier.series.total.high == expected.high
        assert one.estimate is None or one.estimate.central == expected.central
        points = dossier.series.points
        assert [point.day for point in points] == sorted({point.day for point in points})
        assert not points or points[-1].central == expected.central
        assert sum(part.central for part in dossier.accelerators.values()) == expected.central


def test_a_customer_is_told_with_identity_group_ownership_and_what_was_found(
    node: OpenNode,
) -> None:
    dossier = customer(desk_of(node), node.parts, "c-shell-2")
    assert (dossier.name, dossier.standing) == ("Tern Hollow Two", Standing.NAMED)
    assert dossier.as_of == AS_OF
    assert dossier.holds is not None
    assert dossier.holds.country == "US"
    [version] = dossier.identity
    assert version.version is not None
    assert (version.source, version.version.recorded_by) == ("crm", version.version.recorded_by)
    assert dossier.group is not None
    assert (dossier.group.group_id, dossier.group.name) == ("p-sandling", "Mirea Sandling")
    [step] = dossier.group.steps
    assert (step.controlled_name, step.controller_name) == ("Tern Hollow Two", "Mirea Sandling")
    assert (step.ground, step.share) == (Ground.SHARES, Fraction(3, 5))
    assert dossier.ownership is not None
    assert {one.name for one in dossier.ownership.nodes} == {"Tern Hollow Two", "Mirea Sandling"}
    lab = customer(desk_of(node), node.parts, "c-lab")
    assert lab.group is None
    assert lab.found.findings
    assert {row.customer_id for row in lab.found.findings} == {"c-lab"}
    assert lab.found.obligations
    assert [one.run_id for one in lab.runs] == ["r-lab"]
    assert {one.cluster_id for one in lab.clusters} <= {"mossbank-a", "mossbank-b"}
    assert any(one.facility is not None for one in lab.clusters)
    assert lab.series.thresholds


def test_an_account_belongs_to_its_customer_from_the_day_it_was_mapped(node: OpenNode) -> None:
    dossier = customer(desk_of(node), node.parts, "c-small-3")
    [account] = dossier.accounts
    assert (account.account, account.first_day) == ("acct-7", date(2026, 1, 1))
    assert account.end_day is None
    assert account.estimate is not None
    assert account.estimate.central > 0


def test_a_dossier_of_an_earlier_day_counts_no_later_use(node: OpenNode) -> None:
    day = date(2026, 2, 15)
    before = customer(desk_of(node), node.parts, "c-lab", day)
    world = measure(node, day).world()
    assert before.series.total.central == world.totals["c-lab"].central
    assert max(point.day for point in before.series.points) <= day
    assert customer(desk_of(node), node.parts, "c-grow", date(2024, 6, 1)).ownership is not None
    assert customer(desk_of(node), node.parts, "c-grow").ownership is None


def test_a_group_adds_up_its_members(node: OpenNode) -> None:
    world = measure(node).world()
    dossier = group(desk_of(node), node.parts, "p-sandling")
    members = world.members()["p-sandling"]
    assert {one.customer_id for one in dossier.members} == set(members)
    assert dossier.member_count == len(members)
    expected = Estimate.total(world.totals[one] for one in members if one in world.totals)
    assert dossier.series.total.central == expected.central
    assert all(one.why is not None for one in dossier.members)
    assert {row.subject for row in dossier.found.findings} <= {"group:p-sandling"}


def test_a_run_is_told_as_declared_and_as_metered(node: OpenNode) -> None:
    dossier = run(desk_of(node), node.parts, "c-lab/r-lab")
    assert dossier.customer_name == "Alder Reach Labs"
    assert dossier.declared is not None
    assert dossier.declared.model_id == "m-lab"
    assert dossier.run.gap is not None
    assert dossier.run.gap.declared_flop == 103 * 10**24
    [metered] = [one for one in measure(node).world().runs if one.run_key == "c-lab/r-lab"]
    assert dossier.run.estimate is not None
    assert dossier.series.total.central == metered.estimate.central
    assert [point.day for point in dossier.series.points] == [one.day for one in metered.days]
    assert {row.subject for row in dossier.found.findings} == {"run:c-lab/r-lab"}
    assert dossier.found.obligations
    hidden = desk_of(node, authority=Only(Action.RUN_READ))
    without = run(hidden, node.parts, "c-lab/r-lab")
    assert (without.customer_name, without.found.findings) == ("", ())


def test_reading_a_customer_is_an_act_that_names_nobody(node: OpenNode) -> None:
    before = len(list(node.store.acts()))
    customer(desk_of(node), node.parts, "c-small-2")
    group(desk_of(node), node.parts, "p-sandling")
    run(desk_of(node), node.parts, "c-lab/r-lab")
    acts = list(node.store.acts())[before:]
    told = [(act.name, json.loads(act.canonical)["record"]) for act in acts]
    assert told == [
        (READ, {"kind": "customer", "id": "c-small-2"}),
        (READ, {"kind": "group", "id": "p-sandling"}),
    ]
    assert all(b"Vantongeren" not in act.canonical for act in acts)


@pytest.mark.parametrize("identifier", ["c-none", "", "\0", "\ud800", "c-lab' OR 1=1 --"])
def test_what_is_not_there_is_not_found_and_leaves_no_act(node: OpenNode, identifier: str) -> None:
    before = len(list(node.store.acts()))
    for read in (customer, group, run):
        with pytest.raises(NotFoundError):
            read(desk_of(node), node.parts, identifier)
    assert len(list(node.store.acts())) == before


def test_who_may_not_read_is_refused_whether_it_is_there_or_not(node: OpenNode) -> None:
    nobody = desk_of(node, authority=AllowNone())
    for identifier in ("c-lab", "c-none"):
        for read in (customer, group, run):
            with pytest.raises(RefusedError):
                read(nobody, node.parts, identifier)
    for refused in (found.customers, found.groups, found.runs):
        with pytest.raises(RefusedError):
            refused(nobody)
    with pytest.raises(RefusedError):
        found.search(nobody, "c")
    with pytest.raises(RefusedError):
        sources(nobody, node.parts)


def test_another_tenant_finds_nothing_of_this_one(node: OpenNode) -> None:
    other = SqlStore(node.store.engine, TenantId("other"), CLOCK)
    desk = Desk(principal("analyst", "other"), other, AllowAll(), CLOCK)
    roll_ups = sorted(node.lake_folder.glob("daily/*.parquet"))
    for read, identifier in ((customer, "c-lab"), (group, "p-sandling"), (run, "c-lab/r-lab")):
        with pytest.raises(NotFoundError):
            read(desk, node.parts, identifier)
    other.put("customers", [{**OWN_CUSTOMER, "customer_id": "c-lab"}], at=AT, by="ana")
    own = customer(desk, node.parts, "c-lab")
    assert own.name == OWN_CUSTOMER["name"]
    assert (own.series.points, own.found.findings, own.runs, own.accounts) == ((), (), (), ())
    summary = sources(desk, node.parts)
    assert (summary.files, summary.batches, summary.records) == (0, 0, 0)
    assert found.search(desk, "c-lab") == found.Hits()
    assert sorted(node.lake_folder.glob("daily/*.parquet")) == roll_ups


def test_search_finds_by_the_beginning_of_names_and_ids(node: OpenNode) -> None:
    hits = found.search(desk_of(node), "ＴＥＲＮ hollow")
    assert [one.row.name for one in hits.customers] == [
        "Tern Hollow One",
        "Tern Hollow Three",
        "Tern Hollow Two",
    ]
    assert [one.name for one in found.search(desk_of(node), "mirea").groups] == ["Mirea Sandling"]
    assert {one.run_key for one in found.search(desk_of(node), "r-lab").runs} == {"c-lab/r-lab"}
    both = found.search(desk_of(node), "c-lab")
    assert [one.customer_id for one in both.customers] == ["c-lab"]
    assert "c-lab/r-lab" in {one.run_key for one in both.runs}
    assert found.search(desk_of(node), "  ") == found.Hits()
    assert found.search(desk_of(node), "\ud800\0") == found.Hits()
    runs_only = found.search(desk_of(node, authority=Only(Action.RUN_READ)), "c-lab")
    assert runs_only.customers == ()
    assert runs_only.runs


def test_customers_come_page_by_page_with_the_most_compute_first(node: OpenNode) -> None:
    desk = desk_of(node)
    everyone = found.customers(desk, limit=100).rows
    amounts = [-1 if one.estimate is None else one.estimate.central for one in everyone]
    assert amounts == sorted(amounts, reverse=True)
    first = found.customers(desk, limit=4)
    assert first.next_cursor is not None
    rest = found.customers(desk, cursor=first.next_cursor, limit=100)
    assert (*first.rows, *rest.rows) == everyone
    by_name = found.customers(desk, WorldFilter(order=WorldOrder.NAME), limit=100).rows
    names = [one.row.name.casefold() for one in by_name]
    assert names == sorted(names)
    with pytest.raises(CursorError, match="another filter"):
        found.groups(desk, cursor=first.next_cursor)


def test_sources_say_what_they_cover(node: OpenNode) -> None:
    summary = sources(desk_of(node), node.parts)
    page = files(desk_of(node), node.parts, limit=100)
    assert summary.files == len(page.rows)
    days = [point.day for point in customer(desk_of(node), node.parts, "c-lab").series.points]
    assert summary.first_day is not None
    assert summary.last_day is not None
    assert summary.first_day <= min(days)
    assert summary.last_day >= max(days)
    usage = [one for one in page.rows if one.kind == "usage"]
    assert usage
    assert all(one.coverage is not None and one.coverage.first_day for one in usage)
    assert [one.coverage for one in page.rows if one.kind == "customers"] == [None]
    assert summary.unread_batches == 0
    assert (summary.unnamed_count, summary.unmapped_count) == (0, 0)


LATER_USAGE = """\
source,record_id,customer_id,account,accelerator,accelerator_count,start,end
meter,x-1,c-nobody,,NVIDIA H100 SXM,8,2026-06-01T00:00:00Z,2026-06-02T00:00:00Z
meter,x-2,,acct-9,Zorbeck ZX-9,8,2026-06-03T00:00:00Z,2026-06-04T00:00:00Z
meter,x-3,c-lab,,NVIDIA H100 SXM,8,2026-12-01T00:00:00Z,2026-12-02T00:00:00Z
"""


def test_use_of_customers_and_accounts_that_nobody_names_is_told(tmp_path: Path) -> None:
    folder = tiny_world.tiny_node(tmp_path / "node")
    file = tmp_path / "later.csv"
    file.write_text(LATER_USAGE)
    with opened(folder, clock=CLOCK) as node:
        pass_over(node)
        result = take_in(node, [file], IntakeOptions(kind="usage"))
        assert result.rejected == 0
        waiting = sources(desk_of(node), node.parts)
        assert (waiting.unread_batches, waiting.unnamed_count) == (1, 0)
        assert waiting.last_day == date(2026, 12, 1)
        pass_over(node)
        summary = sources(desk_of(node), node.parts)
        assert summary.unread_batches == 0
        assert [one.customer_id for one in summary.unnamed] == ["c-nobody"]
        [unmapped] = summary.unmapped
        assert unmapped.customer_id == "unmapped:meter:acct-9"
        assert summary.future == 1
        assert [(one.name, one.records) for one in summary.unknown] == [
            ("Invented X9", 1),
            ("Zorbeck ZX-9", 1),
        ]
        nobody = customer(desk_of(node), node.parts, "c-nobody")
        assert (nobody.standing, nobody.holds) == (Standing.UNNAMED, None)
        assert nobody.series.total.central > 0
        account = customer(desk_of(node), node.parts, "unmapped:meter:acct-9")
        assert unmapped.estimate is not None
        assert account.series.total.central == unmapped.estimate.central > 0


def test_reports_are_listed_and_read_and_nothing_else_is(tmp_path: Path) -> None:
    folder = tiny_world.tiny_node(tmp_path / "node")
    place = folder / "reports" / "2026-06-30"
    place.mkdir(parents=True)
    (place / "report.en.html").write_text("<p>told</p>")
    (place / ".part").write_text("half")
    (place / "outside").symlink_to(folder / "sluicegate.toml")
    (folder / "reports" / "linked").symlink_to(folder / "keys")
    with opened(folder, clock=CLOCK) as node:
        desk = desk_of(node)
        [made] = reports(desk, node.parts)
        assert (made.name, [one.name for one in made.files]) == ("2026-06-30", ["report.en.html"])
        assert report_file(desk, node.parts, "2026-06-30", "report.en.html") == b"<p>told</p>"
        for report, file in (
            ("2026-06-30", "../../sluicegate.toml"),
            ("..", "sluicegate.toml"),
            ("2026-06-30", "outside"),
            ("2026-06-30", ".part"),
            ("linked", "x"),
            ("2026-06-30/../..", "sluicegate.toml"),
            ("", ""),
        ):
            with pytest.raises(NotFoundError):
                report_file(desk, node.parts, report, file)
        some = desk_of(node, principal("analyst", jurisdictions=["EU"]))
        with pytest.raises(RefusedError, match="every jurisdiction"):
            reports(some, node.parts)
