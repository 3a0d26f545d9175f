"""A node as a whole from the command line, and the demo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tiny_world
from command_line import sluicegate
from own_form import BROKEN, BROKEN_LINE, write_form
from sluicegate import __version__
from sluicegate.cli import demo as demo_command
from sluicegate.cli.demo import DemoRun
from sluicegate.demo.truth import Truth
from sluicegate.services.demo import Checked
from sluicegate.wiring import opened
from sluicegate.wiring.identity import identity_of

JSON = ("--format", "json")
AS_OF = ("--as-of", "2026-06-30")


def test_a_node_is_made_looked_over_backed_up_and_restored(node: Path, tmp_path: Path) -> None:
    checks = sluicegate("doctor", node, *JSON).json["checks"]
    assert [one["check"] for one in checks] == [
        "clock",
        "store",
        "integrity",
        "read models",
        "lake",
        "rules",
        "disk",
        "policies",
        "forms",
        "lists",
        "screening",
    ]
    archive, again = tmp_path / "node.tar.gz", tmp_path / "again"
    ran = sluicegate("backup", node, archive)
    assert (ran.code, ran.out) == (0, "")
    assert "backup of" in ran.err
    assert sluicegate("restore", archive, again).code == 0
    meter = ("meter", "--by", "customer", *AS_OF, *JSON, "--node")
    assert sluicegate(*meter, again).out == sluicegate(*meter, node).out
    assert sluicegate("backup", node, archive).code == 2
    assert sluicegate("restore", archive, again).code == 2


def test_a_doctor_that_finds_harm_fails(node: Path) -> None:
    for part in (node / "lake").rglob("*.parquet"):
        part.unlink()
    ran = sluicegate("doctor", node, *JSON)
    assert ran.code == 1
    [lake] = [one for one in ran.json["checks"] if one["check"] == "lake"]
    assert (lake["state"], bool(lake["way_out"])) == ("failed", True)


def test_a_doctor_reads_the_forms_of_the_node_under_its_rules(node: Path) -> None:
    def look() -> tuple[int, str, str]:
        ran = sluicegate("doctor", node, *JSON)
        [forms] = [one for one in ran.json["checks"] if one["check"] == "forms"]
        return ran.code, forms["state"], forms["finding"]

    write_form(node)
    assert look() == (0, "ok", "the node's own forms load")
    write_form(node, BROKEN)
    code, state, finding = look()
    assert (code, state) == (1, "failed")
    assert f"note.yaml:{BROKEN_LINE}: " in finding
    write_form(node)
    (node / "rules" / "broken.yaml").write_text("instrument: [\n", encoding="utf-8")
    code, state, _ = look()
    assert (code, state) == (1, "ok"), "a fault of the rules is none of the forms"


def test_a_node_is_made_with_its_roles_and_shows_its_settings(tmp_path: Path) -> None:
    folder = tmp_path / "n"
    ran = sluicegate("init", folder, "--role", "regulator", "--role", "office")
    assert (ran.code, ran.out) == (0, "")
    assert "node ready" in ran.err
    shown = {row["name"]: row for row in sluicegate("config", "show", folder, *JSON).json}
    assert shown["roles"]["value"] == "regulator, office"
    assert shown["roles"]["source"] == "sluicegate.toml"
    named = sluicegate("config", "show", folder, *JSON, SLUICEGATE_COUNTRY="DE").json
    [country] = [row for row in named if row["name"] == "country"]
    assert (country["value"], country["source"]) == ("DE", "environment SLUICEGATE_COUNTRY")
    assert sluicegate("init", folder, "--role", "king").code == 2
    assert sluicegate("init", folder, "--role", "auditor").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("meter", "--node"),
        ("assess", "--node"),
        ("report", "--node"),
        ("explain", "f-0", "--node"),
        ("doctor",),
        ("config", "show"),
    ],
)
def test_a_folder_that_is_no_node_is_a_usage_error(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = sluicegate(*words, tmp_path / "absent")
    assert (ran.code, ran.out) == (2, "")
    assert "sluicegate init" in ran.err


def test_a_store_that_cannot_be_opened_is_unavailable(node: Path) -> None:
    (node / "state.db").write_bytes(b"no database, " * 1000)
    ran = sluicegate("assess", "--node", node, *AS_OF)
    assert (ran.code, ran.out) == (4, "")
    assert "state.db" in ran.err


def test_usage_that_is_gone_is_unavailable(node: Path) -> None:
    for part in (node / "lake").rglob("*.parquet"):
        part.write_bytes(b"PAR1")
    ran = sluicegate("meter", "--node", node, *AS_OF)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err


def test_the_version_and_the_help_are_printed() -> None:
    assert sluicegate("--version").out == f"sluicegate {__version__}\n"
    assert "assess" in sluicegate("--help").out
    assert sluicegate("assess", "--help").code == 0
    assert sluicegate("no-such-command").code == 2


def test_the_command_runs_as_a_program_and_splits_data_from_talk(node: Path) -> None:
    """One run through the real interpreter: no wrapper, no terminal, a pipe on either side."""
    ran = subprocess.run(
        [sys.executable, "-m", "sluicegate", "assess", "--node", str(node), *AS_OF, *JSON],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert ran.returncode == 0
    assert ran.stdout.startswith("{\n")
    assert ran.stdout.endswith("}\n")
    assert ran.stderr == "Not screened: the node has no list. Import or fetch one.\n"


def test_the_demo_prints_what_it_found_and_where_the_report_is(tmp_path: Path) -> None:
    command = ("demo", "--seed", "11", "--customers", "300", "--node", tmp_path / "d")
    ran = sluicegate(*command, *JSON)
    assert ran.code == 0
    document = ran.json
    assert set(document) == {
        "found",
        "missed",
        "false_certain",
        "false_other",
        "report",
        "seconds",
        "accounts",
    }
    with opened(tmp_path / "d") as node:
        identity = identity_of(node)
        for one in document["accounts"]:
            signed_in = identity.sign_in(one["login"], one["password"]).signed_in
            assert signed_in.is_complete, "a demo asks for no second factor"
            assert signed_in.principal.roles == set(one["roles"])
    assert document["found"] > 20
    assert (document["missed"], document["false_certain"]) == ([], [])
    assert Path(document["report"]).is_file()
    assert document["seconds"] > 0
    assert sluicegate("doctor", tmp_path / "d").code == 0


@pytest.mark.parametrize(
    ("missed", "false_certain", "code"),
    [((), (), 0), (("run:x by a.rule",), (), 1), ((), ("run:x by a.rule (certain)",), 1)],
)
def test_a_demo_that_misses_or_is_falsely_certain_fails(
    monkeypatch: pytest.MonkeyPatch,
    node: Path,
    missed: tuple[str, ...],
    false_certain: tuple[str, ...],
    code: int,
) -> None:
    with opened(node) as found:
        passed = tiny_world.pass_over(found, keep=False)
    truth = Truth(1, tiny_world.AS_OF, (), (), (), (), (), (), ())
    checked = Checked(("run:y by a.rule",), missed, false_certain, ("run:z by b.rule (likely)",))

    def run_demo(*_: object, **__: object) -> DemoRun:
        return DemoRun(truth, (), (), passed, checked, None, 1.25)

    monkeypatch.setattr(demo_command, "run_demo", run_demo)
    ran = sluicegate("demo", *JSON)
    assert ran.code == code
    assert ran.json["missed"] == list(missed)
    said = sluicegate("demo")
    assert said.code == code
    for one in (*missed, *false_certain):
        assert one in said.out


def test_a_demo_does_not_write_over_a_folder_that_is_no_demo(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = sluicegate("demo", "--node", tmp_path, "--customers", "300")
    assert (ran.code, ran.out) == (2, "")
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_demo_does_not_write_into_a_node_with_data_of_its_own(node: Path) -> None:
    meter = ("meter", "--node", node, *JSON)
    before = sluicegate(*meter).out
    ran = sluicegate("demo", "--node", node, "--customers", "300")
    assert (ran.code, ran.out) == (2, "")
    assert "no demo" in ran.err
    assert sluicegate(*meter).out == before


def test_a_place_that_cannot_be_written_is_a_usage_error(node: Path, tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_text("taken")
    for words in (
        ("backup", node, tmp_path / "absent" / "x.tar.gz"),
        ("init", file / "node"),
        ("report", "--node", node, "--to", file),
    ):
        ran = sluicegate(*words)
        assert (ran.code, ran.out) == (2, ""), words
        assert str(words[-1]) in ran.err


def test_a_demo_with_too_few_customers_is_refused() -> None:
    assert sluicegate("demo", "--customers", "10").code == 2


def test_the_doctor_takes_the_node_as_other_commands_do(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    assert sluicegate("init", folder).code == 0
    rows = sluicegate("doctor", folder, "--format", "json").json["checks"]
    named = sluicegate("doctor", "--node", folder, "--format", "json").json["checks"]
    assert [one["check"] for one in named] == [one["check"] for one in rows]
    assert sluicegate("doctor", "--node", tmp_path / "none").code == 2
