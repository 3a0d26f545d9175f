"""Every pattern of a synthetic world is what it claims, and nothing else in the world is."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from sluicegate.demo import Truth, write_world
from sluicegate.demo.instants import month_spans, months_back
from sluicegate.demo.truth import Pattern, PatternTruth, RunTruth, SubjectKind

AS_OF = date(2026, 6, 30)
TEN_25, TEN_26 = 10**25, 10**26
# The shares of the peak between which a provider without telemetry estimates.
LOW, CENTRAL, HIGH = Fraction(19, 100), Fraction(33, 100), Fraction(52, 100)


@dataclass(frozen=True)
class World:
    truth: Truth
    customers: dict[str, dict[str, str]]
    ownership: list[dict[str, str]]
    runs: dict[str, dict[str, str]]
    signals: list[dict[str, str]]
    lists: dict[str, list[dict[str, str]]]

    def of(self, pattern: Pattern, *, near_miss: bool) -> list[PatternTruth]:
        return [
            item
            for item in self.truth.patterns
            if item.pattern is pattern and item.near_miss is near_miss
        ]

    def flop(self) -> dict[str, int]:
        return {row.customer_id: row.flop for row in self.truth.customers}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module", params=[1, 2, 3], ids=lambda seed: f"seed{seed}")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    truth = write_world(folder, seed=request.param, customers=500)
    return World(
        truth,
        {row["customer_id"]: row for row in rows(folder / "customers.csv")},
        rows(folder / "ownership.csv"),
        {row["run_id"]: row for row in rows(folder / "runs.csv")},
        rows(folder / "account_signals.csv"),
        {file.stem: rows(file) for file in (folder / "lists" / AS_OF.isoformat()).iterdir()},
    )


@pytest.mark.parametrize("pattern", [item for item in Pattern if item is not Pattern.HONEST])
def test_every_pattern_has_several_examples_and_near_misses(world: World, pattern: Pattern) -> None:
    assert len(world.of(pattern, near_miss=False)) >= 2
    assert len(world.of(pattern, near_miss=True)) >= 2


def test_honest_customers_are_the_great_majority_and_small(tmp_path: Path) -> None:
    truth = write_world(tmp_path, seed=9)
    honest = [row for row in truth.customers if row.pattern is Pattern.HONEST]
    assert len(truth.customers) == 2000
    assert len(honest) > 1800
    assert max(row.flop for row in honest) < 10**24
    assert all(row.flop > 10**17 for row in honest)


def run_of(world: World, item: PatternTruth) -> RunTruth:
    subject = item.subject
    (run,) = (
        run
        for run in world.truth.runs
        if (run.run_id, run.customer_id, run.cluster_id, run.start)
        == (subject.id, subject.customer_id, subject.cluster_id, subject.start)
    )
    assert run.flop == item.flop
    return run


@pytest.mark.parametrize(
    ("pattern", "limit"), [(Pattern.RUN_ABOVE_1E25, TEN_25), (Pattern.RUN_ABOVE_1E26, TEN_26)]
)
def test_the_runs_above_a_limit_are_exactly_those_of_the_pattern(
    world: World, pattern: Pattern, limit: int
) -> None:
    above = {id(run) for run in world.truth.runs if run.flop > limit}
    assert above == {id(run_of(world, item)) for item in world.of(pattern, near_miss=False)}
    for item in world.of(pattern, near_miss=True):
        assert limit * 6 // 10 <= run_of(world, item).flop + limit // 50
        assert run_of(world, item).flop < limit * 95 // 100


def test_large_runs_are_declared_in_three_ways(world: World) -> None:
    ways = set()
    for item in world.of(Pattern.RUN_ABOVE_1E25, near_miss=False):
        run = run_of(world, item)
        if run.run_id is None:
            ways.add("none")
            continue
        declared = Fraction(world.runs[run.run_id]["declared_flop"])
        near = abs(declared - run.flop) < Fraction(run.flop, 12)
        assert near or declared < TEN_25
        ways.add("near" if near else "low")
    assert ways == {"none", "near", "low"}


def test_undeclared_runs_of_a_customer_on_a_cluster_lie_a_day_or_more_apart(world: World) -> None:
    spans = defaultdict(list)
    for run in world.truth.runs:
        key = (run.customer_id, run.cluster_id)
        spans[key].append((datetime.fromisoformat(run.start), datetime.fromisoformat(run.end)))
    for found in spans.values():
        found.sort()
        for (_, end), (start, _) in pairwise(found):
            assert start - end >= timedelta(days=1)


# Ownership, read from the file without the generator's own notion of control


def in_force(world: World) -> list[dict[str, str]]:
    return [
        row
        for row in world.ownership
        if row["valid_from"] <= AS_OF.isoformat()
        and (not row["valid_to"] or AS_OF.isoformat() < row["valid_to"])
    ]


def controllers(world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in in_force(world):
        majority = Fraction(row["share"] or 0) > Fraction(1, 2)
        if majority or row["substantial_control"] == "true":
            assert row["owned_id"] not in found, "two parties control one"
            found[row["owned_id"]] = row["owner_id"]
    return found


def top(control: dict[str, str], party: str) -> str:
    while party in control:
        party = control[party]
    return party


def test_the_controller_of_the_truth_follows_from_the_ownership_file(world: World) -> None:
    control = controllers(world)
    for row in world.truth.customers:
        assert row.controller == top(control, row.account_of or row.customer_id)


def test_shares_of_one_party_never_add_up_to_more_than_all_of_it(world: World) -> None:
    total: dict[str, Fraction] = defaultdict(Fraction)
    for row in in_force(world):
        total[row["owned_id"]] += Fraction(row["share"] or 0)
    assert max(total.values()) <= 1


def test_the_groups_above_the_limit_are_exactly_those_of_the_pattern(world: World) -> None:
    control = controllers(world)
    flop = world.flop()
    groups = defaultdict(set)
    for customer_id, row in world.customers.items():
        groups[top(control, row["account_of"] or customer_id)].add(customer_id)
    above = {
        tuple(sorted(members))
        for members in groups.values()
        if sum(flop[member] for member in members) > TEN_26
        and len({world.customers[m]["account_of"] or m for m in members}) > 1
    }
    items = world.of(Pattern.SPLIT_CUSTOMER, near_miss=False)
    assert above == {item.subject.members for item in items}
    for item in [*items, *world.of(Pattern.SPLIT_CUSTOMER, near_miss=True)]:
        assert item.subject.kind is SubjectKind.GROUP
        assert 4 <= len(item.subject.members) <= 8
        sizes = [flop[member] for member in item.subject.members]
        assert all(14 * 10**24 < size < 42 * 10**24 for size in sizes)
        assert item.flop == sum(sizes) > 18 * 10**25
    for item in world.of(Pattern.SPLIT_CUSTOMER, near_miss=True):
        tops = {top(control, member) for member in item.subject.members}
        assert len(tops) == len(item.subject.members)


def test_groups_are_held_in_several_ways_and_look_alikes_look_alike(world: World) -> None:
    ties = {item.detail["tie"] for item in world.of(Pattern.SPLIT_CUSTOMER, near_miss=False)}
    assert len(ties) == 4
    looks = set()
    for item in world.of(Pattern.SPLIT_CUSTOMER, near_miss=True):
        members = item.subject.members
        edges = [row for row in in_force(world) if row["owned_id"] in members]
        held = defaultdict(list)
        for row in edges:
            held[row["owner_id"]].append(Fraction(row["share"]))
        if len({world.customers[member]["address"] for member in members}) == 1:
            looks.add("address")
        if len({world.customers[member]["name"].split()[0] for member in members}) == 1:
            looks.add("name")
        if any(shares == [Fraction(1, 5)] * len(members) for shares in held.values()):
            looks.add("minority")
    assert looks == {"address", "name", "minority"}


def test_accounts_together_pass_what_none_passes_alone(world: World) -> None:
    flop = world.flop()
    ways = set()
    for near_miss in (False, True):
        for item in world.of(Pattern.SPLIT_ACCOUNTS, near_miss=near_miss):
            main, accounts = item.subject.id, item.subject.members
            assert main is not None
            assert item.flop is not None
            assert (item.flop > TEN_26) is not near_miss
            rolled = [key for key, row in world.customers.items() if row["account_of"] == main]
            assert flop[main] + sum(flop[key] for key in rolled) == item.flop
            if rolled:
                assert sorted(rolled) == list(accounts)
                assert max(flop[key] for key in rolled) < TEN_26 // 2
            ways.add((item.detail["accounts_as"], near_miss))
    assert len(ways) == 5


def foreign_owned(world: World) -> set[str]:
    """US customers of which a foreign person holds a quarter, or which one controls."""
    edges = defaultdict(list)
    for row in in_force(world):
        edges[row["owned_id"]].append(row)

    def holdings(party: str) -> dict[tuple[str, str, str], Fraction]:
        found: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
        for row in edges[party]:
            share = Fraction(row["share"] or 0)
            if row["substantial_control"] == "true":
                share = Fraction(1)
            found[row["owner_id"], row["owner_kind"], row["owner_country"]] += share
            for above, held in holdings(row["owner_id"]).items():
                found[above] += share * held
        return found

    return {
        customer_id
        for customer_id, row in world.customers.items()
        if row["country"] == "US"
        for (_, kind, country), share in holdings(customer_id).items()
        if kind == "individual" and country != "US" and share >= Fraction(1, 4)
    }


def test_foreign_owned_customers_are_exactly_those_of_the_pattern(world: World) -> None:
    items = world.of(Pattern.FOREIGN_OWNER, near_miss=False)
    assert foreign_owned(world) == {item.subject.id for item in items}
    assert len({item.detail["way"] for item in items}) == 5
    near = {item.detail["way"] for item in world.of(Pattern.FOREIGN_OWNER, near_miss=True)}
    assert len(near) == 4


def test_fine_tuners_are_exactly_those_above_a_third_of_their_base(world: World) -> None:
    original = {
        run.model_id: run
        for run in world.truth.runs
        if run.kind == "pretraining" and run.model_id is not None
    }
    above = set()
    for run in world.truth.runs:
        if run.kind == "finetune":
            base = original[run.model_id].flop if run.model_id in original else 10**23
            if 3 * run.flop > base:
                above.add(run.run_id)
    items = world.of(Pattern.FINE_TUNER, near_miss=False)
    assert above == {item.subject.id for item in items}
    for item in items:
        if item.detail["model_id"] in original:
            share = Fraction(run_of(world, item).flop, int(item.detail["original_flop"]))
            assert Fraction(44, 100) < share < Fraction(91, 100)
            assert item.detail["original_run_id"] in world.runs
    for item in world.of(Pattern.FINE_TUNER, near_miss=True):
        size = int(item.detail.get("original_flop", "0"))
        limit = size * 23 // 100 if size else 2 * 10**22
        assert run_of(world, item).flop < limit


def test_growth_is_steady_where_the_pattern_says_so(world: World) -> None:
    for item in world.of(Pattern.FAST_GROWTH, near_miss=False):
        months = [int(month) for month in item.detail["monthly_flop"].split()]
        assert len(months) == 12
        assert item.flop == sum(months) == world.flop()[item.subject.id or ""]
        assert Fraction(34, 100) < Fraction(item.flop, TEN_26) < Fraction(76, 100)
        factors = [Fraction(b, a) for a, b in pairwise(months[5:])]
        assert len(factors) == 6
        assert all(Fraction(13, 10) < factor < Fraction(25, 10) for factor in factors)
        factor = Fraction(int(item.detail["percent_of_previous_month"]), 100)
        ahead = sum(months[-1] * factor**month for month in range(1, 7))
        assert item.flop + ahead > TEN_26


def test_look_alikes_of_growth_do_not_cross_within_half_a_year(world: World) -> None:
    shapes = set()
    for item in world.of(Pattern.FAST_GROWTH, near_miss=True):
        months = [int(month) for month in item.detail["monthly_flop"].split()]
        assert item.flop == sum(months)
        assert Fraction(34, 100) < Fraction(item.flop, TEN_26) < Fraction(61, 100)
        assert item.flop + 6 * max(months[-3:]) < TEN_26
        shapes.add(item.detail["shape"])
    assert len(shapes) == 2


def test_no_estimate_from_below_makes_a_near_miss_certain(world: World) -> None:
    """A record's true share of the peak is above the low estimate, so the low one is lower."""
    for run in world.truth.runs:
        if run.utilisation_bp is not None:
            true_share = Fraction(run.utilisation_bp, 10_000)
            assert LOW < true_share < HIGH
    for pattern in (Pattern.RUN_ABOVE_1E26, Pattern.SPLIT_CUSTOMER, Pattern.SPLIT_ACCOUNTS):
        for item in world.of(pattern, near_miss=False):
            assert item.flop is not None
            assert item.flop * CENTRAL / Fraction(48, 100) > TEN_26


def test_clusters_of_the_patterns_stand_on_the_right_side(world: World) -> None:
    peak = {row.cluster_id: row for row in world.truth.clusters}
    for pattern, limit in ((Pattern.CLUSTER_ABOVE_1E18, 18), (Pattern.CLUSTER_ABOVE_1E20, 20)):
        for near_miss in (False, True):
            for item in world.of(pattern, near_miss=near_miss):
                row = peak[item.subject.id or ""]
                slow = int(row.fabric_gbit_per_second or 0) < 100
                assert (row.peak_flop_per_second > 10**limit and not slow) is not near_miss
    speeds = {
        int(row.fabric_gbit_per_second or 0)
        for row in world.truth.clusters
        if row.peak_flop_per_second > 10**20
    }
    assert {50, 200, 400} <= speeds


def test_joined_clusters_pass_together_what_neither_passes_alone(world: World) -> None:
    peak = {row.cluster_id: row for row in world.truth.clusters}
    for near_miss in (False, True):
        for item in world.of(Pattern.JOINED_CLUSTERS, near_miss=near_miss):
            pair = [peak[cluster_id] for cluster_id in item.subject.members]
            assert all(row.peak_flop_per_second < 10**18 for row in pair)
            assert sum(row.peak_flop_per_second for row in pair) > 10**18
            assert len({row.facility_id for row in pair}) == 1
            assert (len({row.fabric_id for row in pair}) == 1) is not near_miss


def test_months_are_counted_back_from_the_day_after(world: World) -> None:
    assert months_back(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_back(date(2026, 1, 15), 1) == date(2025, 12, 15)
    spans = month_spans(AS_OF)
    assert len(spans) == 12
    assert spans[0][0] == 0
    assert spans[-1] == (335, 364)  # June has one day less: no use lies on the as-of day
    assert all(end == start for (_, end), (start, _) in pairwise(spans))


def test_linked_customers_have_owners_of_their_own_and_share_what_the_detail_says(
    world: World,
) -> None:
    owner = {row["owned_id"]: row["owner_id"] for row in world.ownership}
    signals, customers = world.signals, world.customers
    for near_miss in (False, True):
        for item in world.of(Pattern.LINKED_CUSTOMERS, near_miss=near_miss):
            members = item.subject.members
            assert len({owner[member] for member in members}) == len(members) >= 6
            seen = [{r["value"] for r in signals if r["customer_id"] == one} for one in members]
            address = customers[members[0]]["address"]
            at_it = [key for key, row in customers.items() if row["address"] == address]
            shares_address = set(members) <= set(at_it)
            shared = set.intersection(*seen)
            users = {r["customer_id"] for r in signals if r["value"] in shared}
            assert shares_address or shared
            sharers = at_it if shares_address else users
            assert (len(sharers) > 2 * len(members)) is near_miss


# Listed parties, read from the files; who is listed is told by the truth alone


def listed_by(world: World, list_id: str) -> set[str]:
    """Parties whom the truth says to be one of a list as it is."""
    entries = {row["id"] for row in world.lists[list_id]}
    return {
        party
        for item in world.truth.patterns
        if entries & set(item.detail.get("entries", "").split(";"))
        for party in filter(None, item.detail["listed"].split(";"))
    }


def names_of(world: World) -> dict[str, str]:
    names = {row["owner_id"]: row["owner_name"] for row in in_force(world)}
    return names | {key: row["name"] for key, row in world.customers.items()}


def reached(world: World, listed: set[str]) -> set[str]:
    """Parties of which listed ones, and parties that these reach, hold a half together."""
    found: set[str] = set()
    while True:
        held: dict[str, Fraction] = defaultdict(Fraction)
        for row in in_force(world):
            if row["owner_id"] in listed | found:
                held[row["owned_id"]] += Fraction(row["share"] or 0)
        more = {party for party, share in held.items() if share >= Fraction(1, 2)} - found
        if not more:
            return found
        found |= more


@pytest.mark.parametrize(
    ("pattern", "list_id"),
    [(Pattern.OWNED_BY_BLOCKED, "us_sdn"), (Pattern.OWNED_BY_ENTITY_LISTED, "us_entity")],
)
def test_customers_of_listed_owners_are_exactly_those_of_the_pattern(
    world: World, pattern: Pattern, list_id: str
) -> None:
    mine = {item.subject.id for item in world.of(pattern, near_miss=False)}
    alike = {item.subject.id for item in world.of(pattern, near_miss=True)}
    owned = reached(world, listed_by(world, list_id)) & set(world.customers)
    assert owned == mine
    assert not owned & alike


def test_customers_at_or_below_listed_parties_are_exactly_those_of_the_pattern(
    world: World,
) -> None:
    reach = set().union(*(listed_by(world, list_id) for list_id in world.lists))
    assert len(reach) == 18
    while below := {r["owned_id"] for r in in_force(world) if r["owner_id"] in reach} - reach:
        reach |= below
    items = world.of(Pattern.LISTED_PARTY, near_miss=False)
    assert reach & set(world.customers) == {item.subject.id for item in items}
    assert len({item.detail["way"] for item in items}) == len(items) == 15


def test_no_listed_party_is_written_as_its_list_writes_it(world: World) -> None:
    written = {
        row[column].casefold()
        for rows_ in world.lists.values()
        for row in rows_
        for column in ("name", "aliases", "weak_names", "former_names")
    }
    names = names_of(world)
    for list_id in world.lists:
        for party in listed_by(world, list_id) & names.keys():
            assert names[party].casefold() not in written


def test_look_alikes_of_listed_parties_are_nobody_on_a_list(world: World) -> None:
    items = world.of(Pattern.LISTED_PARTY, near_miss=True)
    assert len({item.detail["way"] for item in items}) == len(items) == 6
    sold = [item for item in items if item.detail["listed"]]
    assert [item.detail["way"] for item in sold] == ["listed owner sold before the as-of day"]
    gone = [item for item in items if item.detail["way"] == "no longer on the list"]
    entries = {row["id"] for rows_ in world.lists.values() for row in rows_}
    assert gone[0].detail["entries"] not in entries
