"""A provider with eleven customers, as source files, and nodes made from them.

Everything is invented. Each customer stands for one thing that a pass looks
for, or for nothing of note: a lab past every run threshold, three companies of
one owner, a foreign owner, a base model and its fine-tuner, fast growth, and
four small customers, one of them billed through an account.
"""

from __future__ import annotations

import shutil
import tempfile
from atexit import register
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from sluicegate.cli.demo import DemoRun, run_demo
from sluicegate.cli.working import measure_of
from sluicegate.core.clock import FixedClock
from sluicegate.services.assess import Scope
from sluicegate.services.measuring import Measure
from sluicegate.services.node import SETTINGS_FILE
from sluicegate.services.passes import Pass, run_pass
from sluicegate.services.setting_values import Role
from sluicegate.wiring import IntakeOptions, OpenNode, make_node, opened, take_in

AS_OF = date(2026, 6, 30)
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
CLOCK = FixedClock(AT)
H100 = "NVIDIA H100 SXM"

CUSTOMERS = """\
source,customer_id,name,customer_kind,country,email
crm,c-lab,Alder Reach Labs,entity,US,office@alder-reach.example
crm,c-shell-1,Tern Hollow One,entity,US,
crm,c-shell-2,Tern Hollow Two,entity,US,
crm,c-shell-3,Tern Hollow Three,entity,US,
crm,c-sub,Quillmere Analytics,entity,US,
crm,c-base,Saltgrass Models,entity,DE,
crm,c-tuner,Lowfen Assistants,entity,FR,
crm,c-grow,Brackwater Search,entity,US,
crm,c-small-1,Pell Weather,entity,NO,
crm,c-small-2,Idris Vantongeren,individual,NL,idris@vantongeren.example
crm,c-small-3,Ostrel Optics,entity,JP,
"""

OWNERSHIP = """\
source,owner_id,owned_id,owner_name,owner_kind,owner_country,share,valid_from,valid_to
register,p-sandling,c-shell-1,Mirea Sandling,individual,US,1,,
register,p-sandling,c-shell-2,Mirea Sandling,individual,US,0.6,,
register,p-sandling,c-shell-3,Mirea Sandling,individual,US,0.5,,
register,p-aubrac,c-sub,Thierne Aubrac,individual,FR,0.3,2024-01-01,
register,p-aubrac,c-grow,Thierne Aubrac,individual,FR,0.4,2023-01-01,2025-01-01
"""

FACILITIES = """\
source,facility_id,name,country,region,power_mw
ops,hall-1,Mossbank Hall,US,us-north,180
"""

CLUSTERS = """\
source,cluster_id,facility_id,accelerator,accelerator_count,fabric_id,fabric_gbit_per_second
ops,mossbank-a,hall-1,NVIDIA H100 SXM,90000,fab-1,400
ops,mossbank-b,hall-1,NVIDIA H100 SXM,400,fab-2,400
"""

RUNS = """\
source,run_id,customer_id,kind,model_id,planned_start,planned_end,declared_flop
crm,r-lab,c-lab,pretrain,m-lab,2026-01-10,2026-04-20,1.03e26
crm,r-base,c-base,pretrain,m-base,2026-02-01,2026-03-17,3e24
crm,r-tune,c-tuner,finetune,m-base,2026-04-01,2026-05-06,
"""

ACCOUNT_MAP = """\
source,account,customer_id,valid_from,valid_to
meter,acct-7,c-small-3,2026-01-01,
"""

_USAGE_COLUMNS = (
    "source,record_id,customer_id,account,cluster_id,accelerator,accelerator_count,"
    "start,end,utilisation,run_id"
)
_SHELLS = "\n".join(
    f"meter,shell-{n},c-shell-{n},,mossbank-a,{H100},16000,"
    "2026-03-01T00:00:00Z,2026-04-30T00:00:00Z,0.5,"
    for n in (1, 2, 3)
)
USAGE = f"""\
{_USAGE_COLUMNS}
meter,lab-1,c-lab,,mossbank-a,{H100},30000,2026-01-10T00:00:00-08:00,2026-03-01T00:00:00-08:00,0.4,r-lab
meter,lab-2,c-lab,,mossbank-a,{H100},30000,2026-03-01T00:00:00-08:00,2026-04-20T00:00:00-08:00,0.4,r-lab
{_SHELLS}
meter,sub-1,c-sub,,mossbank-b,{H100},8,2026-05-04T08:00:00Z,2026-05-08T20:00:00Z,,
meter,base-1,c-base,,mossbank-a,{H100},2000,2026-02-01T00:00:00+01:00,2026-03-17T00:00:00+01:00,0.4,r-base
meter,tune-1,c-tuner,,mossbank-a,{H100},1000,2026-04-01T00:00:00+02:00,2026-05-06T00:00:00+02:00,0.4,r-tune
meter,grow-1,c-grow,,mossbank-a,{H100},12000,2026-04-01T00:00:00Z,2026-07-01T00:00:00Z,0.4,
meter,small-1,c-small-1,,mossbank-b,{H100},4,2026-06-01T22:30:00+02:00,2026-06-02T03:15:30+02:00,0.31,
meter,small-2,c-small-2,,,NVIDIA A100 80GB SXM,0.5,2026-06-03T09:00:00Z,2026-06-03T17:00:00Z,,
meter,small-3,,acct-7,,NVIDIA L40S,2,2026-06-04T00:00:00Z,2026-06-06T00:00:00Z,,
meter,small-4,c-small-1,,,Invented X9,3,2026-06-05T00:00:00Z,2026-06-05T06:00:00Z,,
"""

FILES: Mapping[str, str] = {
    "customers.csv": CUSTOMERS,
    "ownership.csv": OWNERSHIP,
    "facilities.csv": FACILITIES,
    "clusters.csv": CLUSTERS,
    "runs.csv": RUNS,
    "account_map.csv": ACCOUNT_MAP,
    "usage.csv": USAGE,
}
PEOPLE = ("Mirea Sandling", "Thierne Aubrac", "Idris Vantongeren", "idris@vantongeren.example")
"""What of these files describes human beings."""


def write_files(folder: Path, names: Sequence[str] = tuple(FILES)) -> list[Path]:
    """Write the source files into a folder and return them in order of intake."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(FILES[name], encoding="utf-8")
    return [folder / name for name in names]


def make_tiny(folder: Path, settings: str = "") -> Path:
    """Make a node from the files, without a pass, and return it; settings are TOML text."""
    make_node(folder, [Role.PROVIDER], clock=CLOCK)
    if settings:
        (folder / SETTINGS_FILE).write_text(settings, encoding="utf-8")
    with tempfile.TemporaryDirectory() as raw, opened(folder, clock=CLOCK) as node:
        result = take_in(node, write_files(Path(raw)), IntakeOptions())
        assert result.rejected == 0
    return folder


def measure(node: OpenNode, as_of: date = AS_OF, known_on: datetime | None = None) -> Measure:
    """Return what measuring a node needs."""
    return measure_of(node, as_of, known_on)


def pass_over(
    node: OpenNode,
    as_of: date = AS_OF,
    *,
    known_on: datetime | None = None,
    keep: bool = True,
    at: datetime = AT,
) -> Pass:
    """Run a pass over a node under the regimes of its settings."""
    settings = node.node.settings
    return run_pass(
        measure(node, as_of, known_on),
        tenant=settings.tenant,
        at=at,
        by="local:test",
        scope=Scope(settings.regimes or ()),
        keep=keep,
    )


@lru_cache(maxsize=1)
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sluicegate-test-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache(maxsize=1)
def _tiny() -> Path:
    return make_tiny(_folder() / "tiny")


def tiny_node(target: Path) -> Path:
    """Return a node of the tiny world in a folder of its own; it is made once and copied."""
    shutil.copytree(_tiny(), target)
    return target


SMALL_DEMO_SEED = 20_260_630
SMALL_DEMO_CUSTOMERS = 300


@lru_cache(maxsize=1)
def small_demo() -> tuple[Path, DemoRun]:
    """Return the smallest demo, its node and what came of it; made once, not to be changed."""
    folder = _folder() / "demo"
    return folder, run_demo(folder, seed=SMALL_DEMO_SEED, customers=SMALL_DEMO_CUSTOMERS)
