"""With and without a sealed file, whoever is outside its group reads the same bytes everywhere.

Two copies of a node live through one random history; in one of them members of
a group also keep sealed files. Time and chance stand still, so nothing has to
be left out of the comparison but what these lists name:

* `/metrics`: counts and times of requests (`sluicegate_http_…`, `python_…`,
  `process_…`). They count what was asked, by route and status, of everyone; the
  routes by which sealed files are opened carry the name of the ordinary one.
* `sluicegate doctor`: the free space of the disk.
* The folder of the node, which is another one for each of the two: in settings and commands.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from sqlalchemy import select

from command_line import sluicegate
from event_loops import lasting
from identity_world import HandClock
from leak_calls import IS_LONG, Calls, Cell, cells_of, expected, source_digest
from leak_hows import RouteId
from leak_routes import walked
from leak_world import NOT_THERE, Where
from principals import SELF
from sealed_worlds import (
    MEMBERS,
    OUTSIDERS,
    START,
    STEP,
    Chance,
    Node,
    Step,
    copy_of,
    histories,
    name_things,
    prepare,
    sign_in_everyone,
    still,
)
from sluicegate.adapters.store.models import Base
from sluicegate.services.access.principals import Resource
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import BulkActsJob
from sluicegate.services.work.people import StoreDirectory
from sluicegate.services.work.running import Bench, run_next
from sluicegate.wiring.works import works_of

EXAMPLES, LOOKS, COMMANDS = (60, 400, 100) if IS_LONG else (3, 40, 3)
_COUNTED = re.compile(r"^(# \w+ )?(sluicegate_http_|python_|process_).*\n", re.MULTILINE)
_READS = sorted(one for one in walked() if one.method == "GET")
_ALWAYS = ("/v1/audit", "/v1/cases", "/v1/cases/counts", "/cases", "/", "/metrics")
"""Routes at which every history is looked."""

_ON_SEALED = [
    RouteId("API", "POST", "/v1/cases/{case}/acts"),
    RouteId("API", "POST", "/v1/cases/{case}/attachments"),
    RouteId("API", "POST", "/v1/cases/{case}/filings"),
    RouteId("console", "POST", "/cases/{case}/acts"),
]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("sealed"))


@seed(int(source_digest()[:8], 16))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(history=histories())
def test_whoever_is_outside_reads_the_same_with_and_without_a_sealed_file(
    first: Path, history: list[Step]
) -> None:
    clock = HandClock(START)
    with (
        tempfile.TemporaryDirectory() as place,
        still(clock) as chance,
        lasting() as loop,
        ExitStack() as stack,
    ):
        with_it, without = (
            stack.enter_context(copy_of(first, Path(place) / name / "node", clock))
            for name in ("a", "b")
        )
        live(with_it, without, history, chance)
        for node in (with_it, without):
            sign_in_everyone(node, chance)
            name_things(node, without.ordinary, with_it.sealed)
            for kind, identifier in NOT_THERE.items():
                node.world.put(kind, Where.NONE, identifier, Resource(kind, SELF, identifier))
        faces = [Calls(node.world, loop) for node in (with_it, without)]
        for number, look in enumerate(looks(faces[0], history)):
            told = []
            for calls in faces:
                chance.name("look", number)
                told.append(as_told(look, calls))
            assert told[0] == told[1], f"{look} tells of the sealed file"
        assert outbox(with_it) == outbox(without)
        assert outside_mails(with_it) == outside_mails(without)
        same_calendars(with_it, without, faces, chance)
        same_commands(with_it, without, chance)
        for calls in faces:
            calls.close()


def live(with_it: Node, without: Node, history: list[Step], chance: Chance) -> None:
    """Let both nodes live through a history; only one of them its sealed part."""
    for number, step in enumerate(history):
        with_it.clock.instant = START + number * STEP
        outcomes = []
        for node in (with_it,) if step.is_sealed else (with_it, without):
            chance.name("step", number)
            outcomes.append(node.do(step))
        assert len(set(outcomes)) == 1, f"step {number}, {step}: {outcomes}"
    with_it.clock.instant = START + len(history) * STEP


def looks(calls: Calls, history: list[Step]) -> Iterator[Cell]:
    """Yield calls of outsiders: every route that reads, and what is refused on a sealed file.

    The short run makes some of them: of each route drawn first one whose caller is answered.
    """
    drawn = random.Random(f"{source_digest()} {history}")
    firsts, rest = [], []
    for route in (*_READS, *_ON_SEALED):
        cells = [
            cell for cell in cells_of(calls.world, route) if cell.who in OUTSIDERS and is_look(cell)
        ]
        drawn.shuffle(cells)
        cells.sort(key=lambda cell: not is_answered(calls, cell))
        firsts += cells[:1]
        rest += cells[1:]
    drawn.shuffle(firsts)
    firsts.sort(key=lambda cell: cell.route.path not in _ALWAYS)
    drawn.shuffle(rest)
    yield from (firsts + rest)[:LOOKS]


def is_answered(calls: Calls, cell: Cell) -> bool:
    """Say whether the policies let a caller read what the cell asks for."""
    return 200 in expected(calls.world, calls.authority.policies, cell)


def is_look(cell: Cell) -> bool:
    """Leave out what makes a PDF, and acts on what is not sealed."""
    if cell.route in _ON_SEALED:
        return cell.where is Where.SEALED
    return not cell.how.is_slow


def as_told(look: Cell, calls: Calls) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """Return an answer whole, but for what the list above leaves out."""
    answer = calls.call(look)
    text = answer.text.replace(str(calls.world.node.node.folder.path), "NODE")
    if look.route.path != "/metrics":
        return answer.status, answer.headers, text
    assert "sealed" not in text
    headers = tuple(one for one in answer.headers if one[0] != "content-length")
    return answer.status, headers, _COUNTED.sub("", text)


def outbox(node: Node) -> list[tuple[object, ...]]:
    """Return what webhooks were told, in order."""
    table = Base.metadata.tables["webhook_deliveries"]
    columns = [column for column in table.c if column.name != "sequence"]
    query = select(*columns).order_by(table.c.sequence)
    with node.node.store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def outside_mails(node: Node) -> list[str]:
    """Return the mails that went to whoever is outside."""
    inside = {f"{name}@node.example" for name in MEMBERS}
    return sorted(repr(mail) for mail in node.mails if mail.to not in inside)


def same_calendars(with_it: Node, without: Node, faces: list[Calls], chance: Chance) -> None:
    """Compare what secret addresses of calendars give."""
    assert with_it.feeds == without.feeds
    for token in with_it.feeds:
        told = []
        for calls in faces:
            chance.name("feed", token)
            told.append(calls.send("console", "GET", f"/calendar/{token}.ics", None))
        assert told[0] == told[1]
        assert told[0].status == 200


def same_commands(with_it: Node, without: Node, chance: Chance) -> None:
    """Compare what the operator's commands print."""
    sealed = with_it.sealed[0]
    commands: list[tuple[str, ...]] = [
        ("cases", "list", "--where", "state=all", "--format", "json"),
        ("cases", "list", "--where", "state=all", "--format", "csv"),
        ("cases", "show", with_it.ordinary[0], "--format", "json"),
        ("cases", "show", sealed),
        ("cases", "act", sealed, "comment", "--set", "text=x"),
        ("jobs", "list", "--format", "json"),
        ("webhooks", "list", "--format", "json"),
        ("users", "list", "--format", "json"),
    ]
    random.Random(f"{source_digest()} {sealed}").shuffle(commands)
    for words in commands[:COMMANDS]:
        told = []
        for node in (with_it, without):
            chance.name("command", words)
            folder = node.node.node.folder.path
            ran = sluicegate(*words, "--node", folder)
            told.append((ran.code, *(t.replace(str(folder), "NODE") for t in (ran.out, ran.err))))
        assert told[0] == told[1], words
    looked_over = []
    for node in (with_it, without):
        folder = node.node.node.folder.path
        checks = sluicegate("doctor", folder, "--format", "json").json["checks"]
        looked_over.append([one for one in checks if one["check"] != "disk"])
    assert looked_over[0] == looked_over[1]


def test_opening_a_sealed_file_leaves_no_name_in_the_metrics(calls: Calls) -> None:
    for face, path in (("API", "/v1/cases/sealed"), ("console", "/cases/sealed")):
        [cell] = [
            one
            for one in cells_of(calls.world, RouteId(face, "POST", path))
            if one.who == "insider"
        ]
        assert calls.call(cell).status in cell.how.good
    told = calls.send("API", "GET", "/metrics", "administrator")
    assert "/v1/cases" in told.text
    assert "sealed" not in told.text


def test_a_job_on_a_sealed_case_leaves_no_act_to_others(calls: Calls) -> None:
    """It is asked for, done and ended: what tells of it tells the group alone."""
    world = calls.world
    desk = world.desk("insider")
    job = ask_job(desk, BulkActsJob((world.things["case", Where.SEALED],), {"act": "wake"}))
    bench = Bench(
        "w-1",
        SELF,
        world.node.clock,
        StoreDirectory(desk.store, SELF),
        works_of(world.node),
        lambda _job: nullcontext(),
    )
    for _ in range(5):
        run_next(desk.store, bench)
    about = {"about": job.job_id}
    inside = sorted(one.name for one in desk.store.acts() if job.job_id.encode() in one.canonical)
    assert len(inside) == 2
    told = calls.send("API", "GET", "/v1/audit", "auditor", params=about)
    calls.restore()
    assert told.status == 200
    assert json.loads(told.text)["items"] == []
