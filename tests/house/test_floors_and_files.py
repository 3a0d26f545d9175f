"""The house keeps its floors, and its files name no machine and no registry."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LARGEST = 1_000_000
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".sql", ".json", ".cfg", ".html", ".css"}

HOST = re.compile(r"\bhttps?://([\w.-]*[a-z][\w.-]*|127\.0\.0\.1)")
"""The name of a host; bare addresses name nobody."""
KNOWN_HOSTS = {
    "127.0.0.1": "this machine",
    "www.apache.org": "the licence names itself",
    "www.w3.org": "the names of the SVG and XML vocabularies",
    "json-schema.org": "the name of the schema's draft",
    "data.trade.gov": "the US Consolidated Screening List",
    "sanctionslistservice.ofac.treas.gov": "the lists of OFAC",
    "www.bis.doc.gov": "the Denied Persons List",
    "webgate.ec.europa.eu": "the list of the European Union",
    "scsanctions.un.org": "the list of the United Nations",
    "sanctionslist.fcdo.gov.uk": "the UK Sanctions List",
    "ofsistorage.blob.core.windows.net": "the older list of the United Kingdom",
    "goldencopy.gleif.org": "the register of legal entity identifiers",
}
"""Hosts that a file may name; a package registry is none of them."""

MACHINE = re.compile(r"(?<![\w.$}/~-])/(?:home|root|work|Users|mnt|workspace)/\w")


def tracked() -> list[Path]:
    """Return the files under version control, or all of a copy that has none."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        folders = ("src", "tests", "docs", "tools", "benchmarks", "requirements")
        return [p for name in folders for p in (ROOT / name).rglob("*") if p.is_file()]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def texts() -> list[Path]:
    return [p for p in tracked() if p.suffix in TEXT or not p.suffix]


def test_imports_point_down_only() -> None:
    command = [str(BIN / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"4 kept, 0 broken", done.stdout), done.stdout


def test_an_import_that_points_up_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "sluicegate"
    for room, code in {"core": "import sluicegate.rules\n", "rules": ""}.items():
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").write_text(code, encoding="utf-8")
    (package / "__init__.py").touch()
    config = tmp_path / ".importlinter"
    layers = "\n    ".join(("", "rules", "core"))
    config.write_text(
        "[importlinter]\nroot_package = sluicegate\n[importlinter:contract:floors]\n"
        f"name = floors\ntype = layers\ncontainers = sluicegate\nlayers ={layers}\n",
        encoding="utf-8",
    )
    command = [str(BIN / "lint-imports"), "--no-cache", "--config", str(config)]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout
    assert "0 kept, 1 broken" in done.stdout


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in texts()
        for number, line in enumerate(lines_of(path), 1)
        if MACHINE.search(line)
    ]
    assert found == []


def test_no_file_names_a_host_that_is_not_known() -> None:
    found = {
        (host, str(path.relative_to(ROOT)))
        for path in texts()
        for host in HOST.findall(path.read_text(encoding="utf-8"))
        if host not in KNOWN_HOSTS and not host.endswith((".example", ".invalid", ".test"))
    }
    assert found == set()


def test_locks_hold_names_versions_and_hashes_only() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert locks
    for path in locks:
        for number, line in enumerate(lines_of(path), 1):
            place = f"{path.name}:{number}"
            assert "://" not in line, place
            assert not line.startswith(("--index-url", "--extra-index-url", "-i ", "-f ")), place
        names = re.findall(
            r"^([\w.-]+)(?:\[[\w,-]+\])?==\S+", path.read_text("utf-8"), re.MULTILINE
        )
        assert names, path.name
        assert path.read_text("utf-8").count("--hash=sha256:") >= len(names)
    assert not (ROOT / "uv.lock").exists()


def test_no_file_is_large() -> None:
    assert [str(p) for p in tracked() if p.stat().st_size > LARGEST] == []


def test_rules_and_questions_are_data_alone() -> None:
    data = ROOT / "src" / "sluicegate" / "data"
    assert sorted(data.rglob("*.py")) == []
