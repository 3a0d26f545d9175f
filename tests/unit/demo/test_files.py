"""The files of a synthetic world, read back by a reader that shares no code with the writer."""

import ast
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import sluicegate.demo
from sluicegate.adapters.lineage.reading import read_lineages
from sluicegate.adapters.lists.reading import read_lists
from sluicegate.demo import Truth, write_world
from sluicegate.demo.truth import SubjectKind
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lineage.asking import Asking, account_stated

AS_OF = date(2026, 6, 30)
TERA = 10**12
PEAK = {
    "H100 SXM": 9895 * TERA // 10,
    "NVIDIA H100 80GB HBM3": 9895 * TERA // 10,
    "H200 SXM": 9895 * TERA // 10,
    "NVIDIA H200": 9895 * TERA // 10,
    "NVIDIA A100 80GB": 312 * TERA,
    "A100 SXM": 312 * TERA,
    "B200": 2250 * TERA,
    "NVIDIA B200": 2250 * TERA,
    "L4": 121 * TERA,
    "NVIDIA L4": 121 * TERA,
    "MI300X": 13074 * TERA // 10,
    "AMD Instinct MI300X": 13074 * TERA // 10,
    "TPU v5e": 197 * TERA,
}
MACHINE = {
    "p5.48xlarge": ("H100 SXM", 8),
    "Standard_ND96isr_H100_v5": ("H100 SXM", 8),
    "p5en.48xlarge": ("H200 SXM", 8),
    "a2-highgpu-8g": ("A100 SXM", 8),
    "p6-b200.48xlarge": ("B200", 8),
    "g6.12xlarge": ("L4", 4),
    "Standard_ND96isr_MI300X_v5": ("MI300X", 8),
    "p5.4xlarge": ("H100 SXM", 1),
    "a2-highgpu-1g": ("A100 SXM", 1),
    "g6.xlarge": ("L4", 1),
    "ct5lp-hightpu-1t": ("TPU v5e", 1),
}
GRES = {
    "h100": "H100 SXM",
    "h200": "H200 SXM",
    "a100": "A100 SXM",
    "b200": "B200",
    "l4": "L4",
    "mi300x": "MI300X",
}
COLUMNS = {
    "customers.csv": "source customer_id name customer_kind country address email telephone "
    "registration_number lei birth_date payment_source ip_addresses opened closed "
    "stated_purpose account_of",
    "ownership.csv": "source owner_id owned_id owner_name owner_kind owner_country share "
    "share_low share_high substantial_control role valid_from valid_to",
    "facilities.csv": "source facility_id name country region operator power_mw",
    "clusters.csv": "source cluster_id facility_id accelerator accelerator_count fabric_id "
    "fabric_gbit_per_second valid_from valid_to",
    "runs.csv": "source run_id customer_id kind model_id planned_start planned_end "
    "declared_flop parameters active_parameters tokens hardware site",
    "usage-native.csv": "source record_id customer_id cluster_id resource_id accelerator "
    "instance_type accelerator_count start end utilisation run_id team state",
    "account_map.csv": "source account customer_id valid_from valid_to",
    "account_signals.csv": "source customer_id signal value first_seen last_seen",
}


LISTS = ["own.csv", "us_entity.csv", "us_sdn.csv"]


@dataclass(frozen=True)
class Record:
    """One record of use as the files tell it."""

    file: str
    key: str
    customer_id: str
    account: str
    cluster_id: str
    run_id: str
    accelerator: str
    count: Fraction
    start: datetime
    end: datetime
    reported: Fraction | None


@dataclass(frozen=True)
class World:
    folder: Path
    truth: Truth
    records: list[Record]


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def native_records(folder: Path, truth: Truth) -> Iterator[Record]:
    broken = {item.line for item in truth.broken_lines}
    for line, row in enumerate(rows(folder / "usage-native.csv"), start=2):
        if line in broken:
            continue
        accelerator = row["accelerator"]
        if not accelerator:
            accelerator, per_machine = MACHINE[row["instance_type"]]
            assert per_machine == 1, "a count of machines is to be a count of accelerators"
        yield Record(
            file="usage-native.csv",
            key=row["record_id"],
            customer_id=row["customer_id"],
            account="",
            cluster_id=row["cluster_id"],
            run_id=row["run_id"],
            accelerator=accelerator,
            count=Fraction(row["accelerator_count"]),
            start=datetime.fromisoformat(row["start"]),
            end=datetime.fromisoformat(row["end"]),
            reported=Fraction(row["utilisation"]) if row["utilisation"] else None,
        )


def focus_records(folder: Path, customer_of: dict[str, str]) -> Iterator[Record]:
    for line, row in enumerate(rows(folder / "focus.csv"), start=2):
        if row["ConsumedUnit"] != "Hours" or row["ChargeCategory"] != "Usage":
            continue
        assert row["ResourceType"] == row["x_InstanceType"]
        chip, per_machine = MACHINE[row["x_InstanceType"]]
        start = datetime.fromisoformat(row["ChargePeriodStart"])
        end = datetime.fromisoformat(row["ChargePeriodEnd"])
        hours = Fraction(int((end - start).total_seconds()), 3600)
        yield Record(
            file="focus.csv",
            key=str(line),
            customer_id=customer_of.get(row["SubAccountId"], ""),
            account=row["SubAccountId"],
            cluster_id=json.loads(row["Tags"])["cluster"],
            run_id="",
            accelerator=chip,
            count=Fraction(row["ConsumedQuantity"]) / hours * per_machine,
            start=start,
            end=end,
            reported=None,
        )


def slurm_records(folder: Path, customer_of: dict[str, str]) -> Iterator[Record]:
    for row in rows(folder / "slurm.txt", delimiter="|"):
        if "." in row["JobIDRaw"]:
            continue
        resources = dict(part.split("=") for part in row["AllocTRES"].split(","))
        (typed,) = (name for name in resources if name.startswith("gres/gpu:"))
        assert resources["gres/gpu"] == resources[typed]
        start = datetime.fromisoformat(row["Start"]).replace(tzinfo=UTC)
        end = datetime.fromisoformat(row["End"]).replace(tzinfo=UTC)
        assert (end - start).total_seconds() == int(row["ElapsedRaw"])
        yield Record(
            file="slurm.txt",
            key=row["JobIDRaw"],
            customer_id=customer_of.get(row["Account"], ""),
            account=row["Account"],
            cluster_id=row["Cluster"],
            run_id="",
            accelerator=GRES[typed.removeprefix("gres/gpu:")],
            count=Fraction(resources[typed]),
            start=start,
            end=end,
            reported=None,
        )


@pytest.fixture(scope="module", params=[(1, 2000), (2, 400), (3, 400)], ids=lambda p: f"seed{p[0]}")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    seed, customers = request.param
    folder = tmp_path_factory.mktemp("world")
    truth = write_world(folder, seed=seed, customers=customers)
    mapping = {row["account"]: row["customer_id"] for row in rows(folder / "account_map.csv")}
    records = [
        *native_records(folder, truth),
        *focus_records(folder, mapping),
        *slurm_records(folder, mapping),
    ]
    return World(folder, truth, records)


def test_the_files_carry_the_columns_of_the_interface(world: World) -> None:
    for name, columns in COLUMNS.items():
        header = (world.folder / name).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == columns.split(), name


def test_the_size_stays_small(world: World) -> None:
    usage = [world.folder / name for name in ("usage-native.csv", "focus.csv", "slurm.txt")]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in usage) <= 120_000
    assert sum(path.stat().st_size for path in world.folder.rglob("*")) <= 25_000_000


def test_the_truth_file_says_what_is_returned(world: World) -> None:
    said = json.loads((world.folder / "truth.json").read_text(encoding="utf-8"))
    assert said == world.truth.to_json()
    assert said["synthetic"] is True


def test_every_key_stands_once(world: World) -> None:
    keys = {
        "customers.csv": ("customer_id",),
        "ownership.csv": ("owner_id", "owned_id"),
        "facilities.csv": ("facility_id",),
        "clusters.csv": ("cluster_id",),
        "runs.csv": ("run_id",),
        "account_map.csv": ("account",),
        "account_signals.csv": ("customer_id", "signal", "value"),
        "usage-native.csv": ("record_id",),
    }
    for name, columns in keys.items():
        found = [tuple(row[column] for column in columns) for row in rows(world.folder / name)]
        assert len(found) == len(set(found)), name


def test_every_reference_leads_to_a_row(world: World) -> None:
    def ids(name: str, column: str) -> set[str]:
        return {row[column] for row in rows(world.folder / name)}

    customers = ids("customers.csv", "customer_id")
    assert len(customers) == len(world.truth.customers)
    assert {r.customer_id for r in world.records} - {""} == customers - {
        row.customer_id for row in world.truth.customers if row.flop == 0
    }
    assert {r.cluster_id for r in world.records} <= ids("clusters.csv", "cluster_id")
    assert {r.run_id for r in world.records} - {""} == ids("runs.csv", "run_id")
    assert ids("clusters.csv", "facility_id") <= ids("facilities.csv", "facility_id")
    assert ids("account_map.csv", "customer_id") <= customers
    assert ids("account_signals.csv", "customer_id") <= customers
    assert ids("customers.csv", "account_of") - {""} <= customers


def flop_by_customer(world: World) -> dict[str, int]:
    """Each record's FLOP, with the utilisation it reports or else that of its run or customer."""
    own = {row.customer_id: row.utilisation_bp for row in world.truth.customers}
    unmapped = {row.account: row.utilisation_bp for row in world.truth.unmapped_accounts}
    runs = defaultdict(list)
    for run in world.truth.runs:
        span = (datetime.fromisoformat(run.start), datetime.fromisoformat(run.end))
        runs[run.customer_id, run.cluster_id].append((span, run))
    total: dict[str, Fraction] = defaultdict(Fraction)
    for record in world.records:
        peak = PEAK.get(record.accelerator)
        if peak is None:
            continue
        share = record.reported
        if share is None:
            of_runs = [
                run.utilisation_bp
                for (start, end), run in runs[record.customer_id, record.cluster_id]
                if start <= record.start and record.end <= end
            ]
            known = of_runs or [own.get(record.customer_id) or unmapped[record.account]]
            (basis_points,) = known
            assert basis_points is not None
            assert 2400 <= basis_points <= 4800
            share = Fraction(basis_points, 10_000)
        assert Fraction(15, 100) <= share <= Fraction(60, 100)
        seconds = int((record.end - record.start).total_seconds())
        assert seconds > 0
        total[record.customer_id or record.account] += record.count * seconds * peak * share
    return {key: int(value) for key, value in total.items() if value == int(value)}


def test_use_in_the_files_adds_up_to_the_truth_exactly(world: World) -> None:
    found = flop_by_customer(world)
    for customer in world.truth.customers:
        assert found.get(customer.customer_id, 0) == customer.flop, customer.customer_id
    assert {row.account: row.flop for row in world.truth.unmapped_accounts} == {
        row.account: found[row.account] for row in world.truth.unmapped_accounts
    }


def test_runs_are_contiguous_and_make_what_the_truth_says(world: World) -> None:
    of = defaultdict(list)
    for record in world.records:
        of[record.customer_id, record.cluster_id].append(record)
    for run in world.truth.runs:
        start, end = datetime.fromisoformat(run.start), datetime.fromisoformat(run.end)
        inside = [
            record
            for record in of[run.customer_id, run.cluster_id]
            if start <= record.start and record.end <= end
        ]
        assert min(record.start for record in inside) == start
        assert max(record.end for record in inside) == end
        assert {record.run_id for record in inside} == {run.run_id or ""}
        if run.flop > 10**24:
            reached = start
            for record in sorted(inside, key=lambda record: record.start):
                assert record.start <= reached
                reached = max(reached, record.end)


def test_no_cluster_is_asked_for_more_than_it_has(world: World) -> None:
    changes: dict[str, list[tuple[datetime, Fraction]]] = defaultdict(list)
    for record in world.records:
        changes[record.cluster_id] += [(record.start, record.count), (record.end, -record.count)]
    size = {cluster.cluster_id: cluster.accelerator_count for cluster in world.truth.clusters}
    for cluster_id, events in changes.items():
        in_use = Fraction(0)
        for _, change in sorted(events):
            in_use += change
            assert in_use <= size[cluster_id], cluster_id


def test_clusters_in_the_file_have_the_peak_of_the_truth(world: World) -> None:
    file = {row["cluster_id"]: row for row in rows(world.folder / "clusters.csv")}
    for cluster in world.truth.clusters:
        row = file[cluster.cluster_id]
        peak = int(row["accelerator_count"]) * PEAK[row["accelerator"]]
        assert peak == cluster.peak_flop_per_second


def test_all_use_lies_in_the_year_and_has_ended_by_the_as_of_day(world: World) -> None:
    first = min(record.start for record in world.records)
    last = max(record.end for record in world.records)
    assert last.astimezone(UTC).date() <= AS_OF
    assert first.date() >= AS_OF - timedelta(days=365)
    assert last.date() - first.date() > timedelta(days=355)


def test_native_instants_carry_different_offsets(world: World) -> None:
    native = rows(world.folder / "usage-native.csv")
    ends = {row["end"][19:] for row in native}
    assert {"Z", "-07:00", "+08:00"} <= ends


def fault(row: dict[str, str]) -> str | None:
    try:
        start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    except ValueError:
        return "not an instant"
    if start.tzinfo is None or end.tzinfo is None:
        return "no offset"
    if end <= start:
        return "order"
    if Fraction(row["accelerator_count"]) <= 0:
        return "count"
    return "share" if Fraction(row["utilisation"] or 0) > 1 else None


def test_exactly_the_lines_of_the_truth_are_broken(world: World) -> None:
    native = rows(world.folder / "usage-native.csv")
    broken = {line for line, row in enumerate(native, start=2) if fault(row) is not None}
    assert broken == {item.line for item in world.truth.broken_lines}
    assert 3 <= len(broken) <= 5
    assert {item.file for item in world.truth.broken_lines} == {"usage-native.csv"}


def test_hardware_is_named_by_chip_and_by_rented_machine(world: World) -> None:
    native = rows(world.folder / "usage-native.csv")
    assert all(bool(row["accelerator"]) is not bool(row["instance_type"]) for row in native)
    assert {row["instance_type"] for row in native} >= {"", "p5.4xlarge", "g6.xlarge"}
    billed = {row["x_InstanceType"] for row in rows(world.folder / "focus.csv")}
    assert {"p5.48xlarge", "a2-highgpu-8g", "Standard_ND96isr_H100_v5"} <= billed


def test_unknown_accelerators_and_unmapped_accounts_are_those_of_the_truth(world: World) -> None:
    unknown = {(r.accelerator, r.key) for r in world.records if r.accelerator not in PEAK}
    said = world.truth.unknown_accelerators
    assert unknown == {(item.accelerator, key) for item in said for key in item.record_ids}
    assert len({item.accelerator for item in said}) == 3
    unmapped = {(r.account, r.file) for r in world.records if not r.customer_id}
    assert unmapped == {(item.account, item.file) for item in world.truth.unmapped_accounts}
    assert {file for _, file in unmapped} == {"focus.csv", "slurm.txt"}


def test_a_bill_has_charges_that_are_no_accelerator_use(world: World) -> None:
    focus = rows(world.folder / "focus.csv")
    assert {row["ServiceCategory"] for row in focus} == {
        "Compute",
        "Storage",
        "Networking",
        "Other",
    }
    assert any(row["ChargeCategory"] == "Credit" for row in focus)
    jobs = rows(world.folder / "slurm.txt", delimiter="|")
    assert any(row["JobIDRaw"].endswith(".batch") for row in jobs)


def test_everything_says_that_it_is_synthetic(world: World) -> None:
    assert "synthetic" in (world.folder / "README.txt").read_text(encoding="utf-8")
    for name in COLUMNS:
        assert {row["source"] for row in rows(world.folder / name)} == {"synthetic-demo"}
    customers = rows(world.folder / "customers.csv")
    assert all(row["customer_id"].startswith("syn-") for row in customers)
    assert all(row["email"].endswith(".example") for row in customers)
    assert len({row["name"] for row in customers}) == len(customers)


def test_lists_say_that_they_are_invented_and_were_made_on_two_days(world: World) -> None:
    older, newer = sorted((world.folder / "lists").iterdir())
    assert newer.name == world.truth.as_of.isoformat()
    assert older.name == (world.truth.as_of - timedelta(days=30)).isoformat()
    changed = set()
    for folder in (older, newer):
        assert sorted(one.name for one in folder.iterdir()) == LISTS
    for name in LISTS:
        before, after = rows(older / name), rows(newer / name)
        for row in (*before, *after):
            assert row["programmes"] == "SYNTHETIC-DEMO"
            assert row["remarks"].startswith("Invented for a demo")
            assert row["id"].startswith("syn-l-")
        went = {row["id"] for row in before} - {row["id"] for row in after}
        came = {row["id"] for row in after} - {row["id"] for row in before}
        assert all(row["since"] > older.name for row in after if row["id"] in came)
        changed |= {(name, len(came), len(went))} if came or went else set()
    assert changed == {("us_entity.csv", 1, 1)}


def test_lists_are_read_without_a_problem(world: World) -> None:
    for file in sorted((world.folder / "lists").rglob("*.csv")):
        (read,) = read_lists([file], file.stem)
        assert read.problems == ()
        assert read.reader == "own-csv"
        assert len(read.entries) == len(rows(file))
        assert {entry.list_id for entry in read.entries} == {file.stem}
        assert {entry.programmes for entry in read.entries} == {("SYNTHETIC-DEMO",)}


def test_identifiers_of_legal_entities_have_right_check_digits(world: World) -> None:
    given = [row["lei"] for row in rows(world.folder / "customers.csv") if row["lei"]]
    assert given
    for lei in given:
        assert len(lei) == 20
        assert int("".join(str(int(character, 36)) for character in lei)) % 97 == 1


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_world(tmp_path / "a", seed=11, customers=300)
    second = write_world(tmp_path / "b", seed=11, customers=300)
    other = write_world(tmp_path / "c", seed=12, customers=300)
    assert first == second
    assert first.customers != other.customers
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    others = {"README.txt", "focus.csv", "slurm.txt", "truth.json", "lists", "lineages"}
    assert names == sorted({*COLUMNS, *others})
    names.remove("lists")
    names.remove("lineages")
    lists = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a/lists").rglob("*.csv")]
    assert len(lists) == 6
    lineages = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a/lineages").iterdir()]
    assert len(lineages) == 14
    names += sorted(map(str, [*lists, *lineages]))
    for name in names:
        same = (tmp_path / "a" / name).read_bytes()
        assert same == (tmp_path / "b" / name).read_bytes(), name
        assert same != (tmp_path / "c" / name).read_bytes(), name


@pytest.mark.parametrize("as_of", [date(2025, 3, 15), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_year_ends_at_any_day(as_of: date, tmp_path: Path) -> None:
    truth = write_world(tmp_path, seed=5, customers=300, as_of=as_of)
    ends = [datetime.fromisoformat(run.end).astimezone(UTC).date() for run in truth.runs]
    assert max(ends) <= as_of
    assert max(ends) > as_of - timedelta(days=10)


def test_too_few_customers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="customers: 40 are too few"):
        write_world(tmp_path, seed=1, customers=40)


# The source itself

SOURCES = sorted(Path(sluicegate.demo.__file__).parent.rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_generator_imports_nothing_above_core(path: Path) -> None:
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        own = name.startswith(("sluicegate.demo", "sluicegate.core"))
        assert own or name.split(".")[0] in sys.stdlib_module_names, name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_number_of_a_rule_stands_in_the_generator(path: Path) -> None:
    limits = {10**power for power in range(18, 28)}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant | ast.BinOp):
            try:
                value = Fraction(eval(ast.unparse(node), {"__builtins__": {}}))
            except (NameError, TypeError, ValueError):
                continue
            assert value not in limits, ast.unparse(node)


def test_the_lineages_come_to_what_the_truth_says(world: World) -> None:
    models = {
        one.subject.id: one.flop
        for one in world.truth.patterns
        if one.subject.kind is SubjectKind.MODEL
    }
    assert len(models) == 10
    for model, flop in models.items():
        [stated] = read_lineages(world.folder / f"lineages/{model}.json").lineages
        [told] = account_stated(stated, Law(shipped_book(), AS_OF), Asking())
        assert told.flop == flop
        assert told.complete
