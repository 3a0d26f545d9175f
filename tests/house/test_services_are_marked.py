"""A test that needs a service is skipped on a bare machine, and fails where it must run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = """\
import pytest

@pytest.mark.service({name!r})
def test_needs_it():
    assert {holds}
"""


def run_tiny(folder: Path, name: str, *, required: bool, holds: bool = True) -> str:
    """Run one marked test under the house's conftest, with an empty path; return what it said."""
    house = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    (folder / "conftest.py").write_text(house, encoding="utf-8")
    (folder / "test_tiny.py").write_text(TINY.format(name=name, holds=holds), encoding="utf-8")
    settings = {
        key: value for key, value in os.environ.items() if key != "SLUICEGATE_REQUIRE_SERVICES"
    }
    settings |= {"PATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    if required:
        settings["SLUICEGATE_REQUIRE_SERVICES"] = "1"
    options = ["-rs", "-p", "no:cacheprovider", "-o", "markers=service(name): x", "--rootdir", "."]
    command = [sys.executable, "-m", "pytest", *options, "test_tiny.py"]
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True)
    return done.stdout


def test_an_absent_service_skips_with_the_way_to_get_it(tmp_path: Path) -> None:
    said = run_tiny(tmp_path, "go", required=False)
    assert "1 skipped" in said
    assert "service go is absent; `make services` installs it" in said


def test_an_absent_service_fails_where_services_are_required(tmp_path: Path) -> None:
    said = run_tiny(tmp_path, "go", required=True)
    assert "1 error" in said or "1 failed" in said
    assert "service go is absent" in said


def test_a_service_that_is_there_lets_the_test_run(tmp_path: Path) -> None:
    program = tmp_path / "go"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    assert "1 passed" in run_tiny(tmp_path, "go", required=True)
    assert "1 failed" in run_tiny(tmp_path, "go", required=True, holds=False)


@pytest.mark.parametrize("required", [True, False])
def test_a_misspelt_service_fails_and_is_never_skipped(tmp_path: Path, required: bool) -> None:
    said = run_tiny(tmp_path, "gogo", required=required)
    assert "1 error" in said or "1 failed" in said
    assert "is not known" in said
